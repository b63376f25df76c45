// What an audited store remembers of its own reactions: whose codes are whose, views, follows, and reissues.

extension WardAudit {
    /// The documents that these tables name.
    func gatherWanted() throws(StoreError) {
        for sql in ["SELECT report FROM codes", "SELECT report FROM views", "SELECT follow FROM follows"] {
            let statement = try database.prepare(sql)
            defer { statement.reset() }
            while try statement.step() {
                if let id = statement.digest(0) { wanted.insert(id) }
            }
        }
    }

    /// The code hashes that a change set sets, each behind its field.
    static func codes(in change: ChangeSet) -> Set<Bytes> {
        guard let kind = UInt8(exactly: change.header.kind).flatMap(DocumentKind.init(rawValue:)) else { return [] }
        let fields: [UInt8] =
            kind == .report
            ? [CodeKey.Kind.lookup.field, CodeKey.Kind.rating.field] : kind == .follow ? [FollowField.codeHash] : []
        var found: Set<Bytes> = []
        var next = 0
        for operation in change.operations ?? [] where operation.takesValue {
            let value = change.values?.value(next) ?? []
            next += 1
            guard fields.contains(operation.slot.field), case .bytes(let hash)? = try? CBORValue(decoding: value) else {
                continue
            }
            found.insert([operation.slot.field] + hash)
        }
        return found
    }

    /// Codes that stand in a report and were reacted to: each has to have a row.
    func noteCodes(_ state: DocumentState) {
        for kind in [CodeKey.Kind.lookup, .rating] {
            for entry in state.entries(kind.field) where entry.position.index <= reacted {
                if let hash = WardCore.hash(entry) { standing.insert([UInt8(kind.rawValue)] + hash.bytes) }
            }
        }
    }

    func checkReactions() throws(StoreError) {
        try checkCodes()
        try checkViews()
        try checkFollows()
        try checkReissues()
        try checkInvitations()
    }

    private func checkCodes() throws(StoreError) {
        let statement = try database.prepare("SELECT kind,hash,report FROM codes ORDER BY report")
        defer { statement.reset() }
        while try statement.step() {
            count(.codes)
            guard let kind = CodeKey.Kind(rawValue: statement.integer(0)), let report = statement.digest(2),
                let document = found[report], document.kind == .report,
                document.isErased || document.codes.contains([kind.field] + statement.bytes(1))
            else {
                note(.codes, .differs, statement.digest(2).map(Self.place) ?? "row")
                continue
            }
            standing.remove([UInt8(kind.rawValue)] + statement.bytes(1))
        }
        for _ in standing { note(.codes, .missing, "table codes") }
    }

    private func checkViews() throws(StoreError) {
        let statement = try database.prepare("SELECT report,kind,view FROM views ORDER BY report,kind")
        defer { statement.reset() }
        var viewed: Set<Digest> = []
        while try statement.step() {
            count(.views)
            guard let report = statement.digest(0), let view = statement.digest(2), found[report]?.kind == .report,
                let made = found[view], Int64(made.kind.rawValue) == statement.integer(1),
                wardDevices.contains(made.creation.device), viewed.insert(view).inserted
            else {
                note(.views, .differs, statement.digest(0).map(Self.place) ?? "row")
                continue
            }
        }
        for (id, document) in found.sorted(by: { $0.value.number < $1.value.number })
        where document.kind == .progress || document.kind == .publication {
            if !viewed.contains(id) { note(.views, .missing, Self.place(id)) }
        }
    }

    private func checkFollows() throws(StoreError) {
        let statement = try database.prepare("SELECT follow,hash,device,standing FROM follows ORDER BY follow")
        defer { statement.reset() }
        var noted: Set<Digest> = []
        while try statement.step() {
            count(.follows)
            guard let follow = statement.digest(0), noted.insert(follow).inserted, let document = found[follow],
                document.kind == .follow, numbers[document.creation.device] == statement.integer(2),
                document.isErased || statement.digest(1) == .zero
                    || document.codes.contains([FollowField.codeHash] + statement.bytes(1)),
                let standing = FollowStanding(rawValue: statement.integer(3)),
                document.state.map({ $0.text(FollowField.status) == standing.code }) ?? true
            else {
                note(.follows, .differs, statement.digest(0).map(Self.place) ?? "row")
                continue
            }
        }
        for (id, document) in found.sorted(by: { $0.value.number < $1.value.number })
        where document.kind == .follow && document.created <= reacted && !noted.contains(id) {
            note(.follows, .missing, Self.place(id))
        }
    }

    /// Each names a change set that the ward refused, or a branch of a fork, and the one that was sent in its place: by
    /// the same device, or by one that goes on as it.
    private func checkReissues() throws(StoreError) {
        let statement = try database.prepare("SELECT key,value FROM meta WHERE key LIKE 'reissued.%' ORDER BY key")
        defer { statement.reset() }
        while try statement.step() {
            count(.reissues)
            let original = Digest(hex: String(statement.text(0).dropFirst("reissued.".count)))
            let place = original.map { "change set " + ShortID.text($0, length: 12) } ?? "row"
            let row = try database.prepare(
                """
                SELECT r.body,v.key FROM changes r JOIN
                (SELECT device FROM changes WHERE id=?1 AND (verdict=3 OR ?3) UNION ALL
                SELECT device FROM forks WHERE id=?1) o
                JOIN devices v ON v.number=o.device WHERE r.id=?2
                """
            ).bind(1, original?.bytes ?? []).bind(2, statement.bytes(1))
                // After a restore both may have come back.
                .bind(3, original.map(readmitted.contains) ?? false ? 1 : 0)
            defer { row.reset() }
            guard try row.step(), let change = try? ChangeSet(decoding: row.bytes(0)),
                change.header.reissues == original, let author = row.digest(1).map(DeviceID.init),
                author == change.header.device || readmitted.contains(change.id)
                    || persons.predecessors(of: change.header.device).contains(author)
            else {
                if try !namesWhatWasLost(statement.bytes(1), original) { note(.reissues, .differs, place) }
                continue
            }
        }
    }

    /// Whether a change set names what a restore took from the ward: it came back itself, or is a successor's and a person
    /// let it count.
    private func namesWhatWasLost(_ id: Bytes, _ original: Digest?) throws(StoreError) -> Bool {
        guard epochs.present > 0, let original else { return false }
        let row = try database.prepare(
            """
            SELECT body,EXISTS(SELECT 1 FROM changes WHERE id=?1) OR EXISTS(SELECT 1 FROM forks WHERE id=?1)
            FROM changes WHERE id=?2
            """
        ).bind(1, original).bind(2, id)
        defer { row.reset() }
        guard try row.step(), row.integer(1) == 0, let change = try? ChangeSet(decoding: row.bytes(0)) else {
            return false
        }
        return change.header.reissues == original
            && (readmitted.contains(change.id) || !persons.predecessors(of: change.header.device).isEmpty)
    }

    /// A device that redeemed an invitation has a grant.
    private func checkInvitations() throws(StoreError) {
        let statement = try database.prepare("SELECT device FROM invitations WHERE device IS NOT NULL")
        defer { statement.reset() }
        while try statement.step() {
            count(.grants)
            guard let device = statement.digest(0), granted[DeviceID(device)] != nil else {
                note(.grants, .missing, "invitation")
                continue
            }
        }
    }
}
