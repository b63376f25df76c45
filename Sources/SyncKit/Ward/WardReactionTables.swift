// The tables behind reactions: whose code is whose, who follows what, and which view belongs to which report.

/// A code's hash as reports hold it.
struct CodeKey: Hashable, Sendable {
    /// What a code is good for. The raw value stands in the table.
    enum Kind: Int64, Sendable {
        case lookup = 1
        case rating = 2

        var field: UInt8 { self == .lookup ? ReportField.codeHash : ReportField.ratingCodeHash }
    }

    let kind: Kind
    let hash: Digest
}

/// Where a follow stands. The raw value stands in the table.
enum FollowStanding: Int64, Sendable {
    case unknown = 0
    case following = 1
    case limited = 2

    /// The code in the follow's status.
    var code: String {
        switch self {
        case .unknown: "unknown"
        case .following: "following"
        case .limited: "limited"
        }
    }
}

extension WardCore {
    /// The codes that a report took on above a position of the log.
    func codes(in state: DocumentState, since start: UInt64) -> [CodeKey] {
        var found: [CodeKey] = []
        for kind in [CodeKey.Kind.lookup, .rating] {
            for entry in state.entries(kind.field) where entry.position.index > start {
                if let hash = Self.hash(entry) { found.append(CodeKey(kind: kind, hash: hash)) }
            }
        }
        return found
    }

    static func hash(_ entry: Entry) -> Digest? {
        guard case .bytes(let bytes)? = try? CBORValue(decoding: entry.value) else { return nil }
        return Digest(bytes)
    }

    /// Remembers whose codes are whose: the first report that was accepted with a code has it.
    func noteCodes(of work: [WardDocument], since start: UInt64) throws(StoreError) {
        var found: [(position: Position, key: CodeKey, report: Digest)] = []
        for document in work where document.kind == .report {
            guard let state = try state(of: document) else { continue }
            for kind in [CodeKey.Kind.lookup, .rating] {
                for entry in state.entries(kind.field) where entry.position.index > start {
                    guard let hash = Self.hash(entry) else { continue }
                    found.append((entry.position, CodeKey(kind: kind, hash: hash), document.id))
                }
            }
        }
        for item in found.sorted(by: { $0.position < $1.position }) where try report(with: item.key) == nil {
            reactions.codes[item.key] = item.report
        }
    }

    /// The report that has a code.
    func report(with key: CodeKey) throws(StoreError) -> WardDocument? {
        if let known = reactions.codes[key] { return documents[known] }
        let statement = try database.prepare("SELECT report FROM codes WHERE kind=?1 AND hash=?2")
            .bind(1, key.kind.rawValue).bind(2, key.hash)
        defer { statement.reset() }
        return try statement.step() ? statement.digest(0).flatMap { documents[$0] } : nil
    }

    /// Writes what was noted, within a transaction. The caller forgets it once the transaction is committed.
    func writeReactions(upTo position: UInt64) throws(StoreError) {
        for (key, report) in reactions.codes {
            try database.prepare("INSERT OR IGNORE INTO codes(kind,hash,report) VALUES(?1,?2,?3)")
                .bind(1, key.kind.rawValue).bind(2, key.hash).bind(3, report).run()
        }
        try tables.setNumber("reacted", position)
    }

    // MARK: Views

    func loadViews() throws(StoreError) {
        let statement = try database.prepare("SELECT report,kind,view FROM views")
        defer { statement.reset() }
        while try statement.step() {
            guard let report = statement.digest(0), let view = statement.digest(2),
                let kind = DocumentKind(rawValue: UInt8(truncatingIfNeeded: statement.integer(1)))
            else { continue }
            reactions.views[report, default: [:]][kind] = view
        }
    }

    /// Remembers which view belongs to which report, in the transaction that made the view.
    func noteView(_ view: Digest, _ kind: DocumentKind, of report: Digest) throws(StoreError) {
        guard reactions.views[report]?[kind] != view else { return }
        reactions.views[report, default: [:]][kind] = view
        try database.prepare("INSERT OR REPLACE INTO views(report,kind,view) VALUES(?1,?2,?3)")
            .bind(1, report).bind(2, Int64(kind.rawValue)).bind(3, view).run()
    }

    // MARK: Follows

    /// What was noted of a follow: its code's hash and where it stands.
    func noted(follow: Digest) throws(StoreError) -> (hash: Digest, standing: FollowStanding)? {
        let statement = try database.prepare("SELECT hash,standing FROM follows WHERE follow=?1").bind(1, follow)
        defer { statement.reset() }
        guard try statement.step(), let hash = statement.digest(0),
            let standing = FollowStanding(rawValue: statement.integer(1))
        else { return nil }
        return (hash, standing)
    }

    func note(follow: WardDocument, hash: Digest, _ standing: FollowStanding) throws(StoreError) {
        try database.prepare(
            """
            INSERT INTO follows(follow,hash,device,time,standing) VALUES(?1,?2,?3,?4,?5)
            ON CONFLICT(follow) DO UPDATE SET standing=?5
            """
        ).bind(1, follow.id).bind(2, hash).bind(3, try tables.deviceNumber(follow.creation.device))
            .bind(4, wardTime).bind(5, standing.rawValue).run()
    }

    /// How many codes that nobody filed a device asked for since a time.
    func unknownFollows(of device: DeviceID, since seconds: Int64) throws(StoreError) -> Int64 {
        let statement = try database.prepare(
            "SELECT count(*) FROM follows WHERE device=?1 AND time>?2 AND standing=?3"
        ).bind(1, try tables.deviceNumber(device)).bind(2, seconds).bind(3, FollowStanding.unknown.rawValue)
        defer { statement.reset() }
        return try statement.step() ? statement.integer(0) : 0
    }

    /// The follows that wait for the report with a code.
    func waitingFollows(for hash: Digest) throws(StoreError) -> [WardDocument] {
        let statement = try database.prepare("SELECT follow FROM follows WHERE hash=?1 AND standing=?2")
            .bind(1, hash).bind(2, FollowStanding.unknown.rawValue)
        defer { statement.reset() }
        var found: [WardDocument] = []
        while try statement.step() {
            if let document = statement.digest(0).flatMap({ documents[$0] }) { found.append(document) }
        }
        return found
    }
}
