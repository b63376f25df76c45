// Where parts of bundles wait: on a device that carries them for others, and at the ward until a bundle is whole.

/// The shelf of a store. Everything is bounded; putting the same part there twice changes nothing.
package struct BundleShelf {
    /// What a row stands for. The raw value stands in the table.
    package enum Kind: Int64, Sendable {
        /// On its way to the ward, or there.
        case toWard = 1
        /// On its way to a device.
        case toDevice = 2
        /// Scanned texts that make up the file of one part.
        case texts = 3
    }

    /// How far it is. The raw value stands in the table.
    package enum State: Int64, Sendable {
        /// Kept; parts may be missing.
        case kept = 0
        /// Handed over: the ward has it, or the device applied it. Its parts are gone.
        case done = 1
        /// It was whole and could not be used. Its parts are gone.
        case refused = 2
        /// The ward has all parts that were here and waits for others.
        case handed = 3
    }

    package struct Limits: Sendable, Equatable {
        package var bundles: Int
        package var bytes: Int
        /// After so many days without news a row goes.
        package var days: Int64

        package init(bundles: Int, bytes: Int, days: Int64) {
            self.bundles = bundles
            self.bytes = bytes
            self.days = days
        }

        /// What a device carries at most.
        package static let device = Limits(bundles: 500, bytes: 128 * 1024 * 1024, days: 60)
        /// What a ward keeps of bundles that are not whole yet.
        package static let ward = Limits(bundles: 1000, bytes: 256 * 1024 * 1024, days: 30)
        /// And beside them what comes whole, in one part.
        package static let whole = Limits(bundles: 2000, bytes: 512 * 1024 * 1024, days: 30)
        /// What a ward keeps of returns.
        package static let returns = Limits(bundles: 5000, bytes: 256 * 1024 * 1024, days: 90)
    }

    package struct Row: Sendable {
        package var id: Digest
        package var kind: Kind
        package var state: State
        package var count: Int
        package var total: Int
        package var answers: Digest
        package var mark: UInt64
        /// Seconds since 1970: when something of it last arrived or happened.
        package var changed: Int64
        /// Of what goes to the ward: `noReturnDue`; else when it was last asked for, seconds
        /// since 1970, 0 for never. Of a bundle that the ward refused, the number of the refusal's code.
        package var code: Int64
        /// Whether handing it over began: how much of it the ward has, the ward knows.
        package var isBegun = false
        /// The parts that are here, ascending.
        package var parts: [Int]

        package var missing: [Int] {
            let here = Set(parts)
            return state == .done || state == .refused ? [] : (1...max(1, count)).filter { !here.contains($0) }
        }
    }

    package enum Placement: Hashable, Sendable {
        case new
        case repeated
        /// It was handed over before.
        case done
        /// No room: count or bytes.
        case full
        /// It contradicts a part that is here.
        case unfit
    }

    /// The return of a bundle needs no more asking for: it was fetched, or the ward made none.
    package static let noReturnDue: Int64 = 1

    private let database: Database

    package init(_ database: Database) { self.database = database }

    // MARK: Putting

    /// Puts a part on the shelf; within a transaction.
    package func put(_ part: BundlePart, now: Int64, limits: Limits) throws(StoreError) -> Placement {
        let head = part.head
        return try put(
            Row(
                id: head.id, kind: head.direction == .toWard ? .toWard : .toDevice, state: .kept, count: head.count,
                total: head.total, answers: head.answers, mark: head.mark, changed: now, code: 0, parts: []),
            part: head.part, part.encoded, limits)
    }

    /// Puts a scanned text on the shelf; within a transaction.
    package func put(_ text: BundleText, now: Int64, limits: Limits) throws(StoreError) -> (Placement, Digest) {
        let id = text.row
        let row = Row(
            id: id, kind: .texts, state: .kept, count: text.count, total: 0, answers: .zero, mark: 0, changed: now,
            code: 0, parts: [])
        return (try put(row, part: text.number, text.slice, limits), id)
    }

    private func put(_ row: Row, part: Int, _ bytes: Bytes, _ limits: Limits) throws(StoreError) -> Placement {
        if let known = try self.row(row.id) {
            if known.state == .done { return .done }
            guard known.kind == row.kind, known.count == row.count, known.total == row.total,
                known.answers == row.answers, known.mark == row.mark
            else { return .unfit }
            if known.parts.contains(part) {
                try touch(row)
                return .repeated
            }
        } else {
            guard try count(row.kind) < limits.bundles else { return .full }
        }
        guard try size(row.kind) + bytes.count <= limits.bytes else { return .full }
        try database.prepare(
            """
            INSERT INTO bundles(id,kind,state,count,total,answers,mark,changed) VALUES(?1,?2,0,?3,?4,?5,?6,?7)
            ON CONFLICT(id) DO UPDATE SET state=0,code=0,changed=excluded.changed
            """
        ).bind(1, row.id).bind(2, row.kind.rawValue).bind(3, Int64(row.count)).bind(4, Int64(row.total))
            .bind(5, row.answers).bind(6, Int64(bitPattern: row.mark)).bind(7, row.changed).run()
        try database.prepare("INSERT INTO bundle_parts(bundle,part,bytes) VALUES(?1,?2,?3)").bind(1, row.id)
            .bind(2, Int64(part)).bind(3, bytes).run()
        return .new
    }

    private func touch(_ row: Row) throws(StoreError) {
        try database.prepare("UPDATE bundles SET changed=?2 WHERE id=?1").bind(1, row.id).bind(2, row.changed).run()
    }

    /// Notes what became of a bundle; within a transaction. Its parts go unless it is still kept.
    package func settle(_ id: Digest, _ state: State, code: Int64 = 0, now: Int64) throws(StoreError) {
        try database.prepare("UPDATE bundles SET state=?2,code=?3,changed=?4 WHERE id=?1").bind(1, id)
            .bind(2, state.rawValue).bind(3, code).bind(4, now).run()
        if state != .kept { try database.prepare("DELETE FROM bundle_parts WHERE bundle=?1").bind(1, id).run() }
    }

    /// Notes that what a series of texts made up was taken: its texts are known when they are read again.
    package func finish(series: Digest, now: Int64) throws(StoreError) {
        try database.transaction { () throws(StoreError) in try settle(series, .done, now: now) }
    }

    /// Notes that handing a bundle over begins; within a transaction.
    package func noteBegun(_ id: Digest) throws(StoreError) {
        try database.prepare("UPDATE bundles SET begun=1 WHERE id=?1").bind(1, id).run()
    }

    /// Notes that the return of a bundle was asked for and was not there; within a transaction. Not news of the bundle:
    /// the row gets no older or younger by it.
    package func noteAsked(_ id: Digest, now: Int64) throws(StoreError) {
        try database.prepare("UPDATE bundles SET code=?2 WHERE id=?1").bind(1, id).bind(
            2, max(Self.noReturnDue + 1, now)
        ).run()
    }

    package func remove(_ id: Digest) throws(StoreError) {
        try database.prepare("DELETE FROM bundle_parts WHERE bundle=?1").bind(1, id).run()
        try database.prepare("DELETE FROM bundles WHERE id=?1").bind(1, id).run()
    }

    /// Makes room for a return: the oldest ones that are carried go. Whoever they are for asks again, by bundle or sync.
    /// Within a transaction.
    package func makeRoom(for bytes: Int, of id: Digest, limits: Limits) throws(StoreError) {
        while true {
            let (count, size) = (try count(.toDevice), try size(.toDevice))
            guard count >= limits.bundles || size + bytes > limits.bytes else { return }
            let oldest = try ids(
                "SELECT id FROM bundles WHERE kind=?1 AND state=?2 ORDER BY changed,id LIMIT 17", .toDevice,
                State.kept.rawValue
            ).filter { $0 != id }
            if oldest.isEmpty { return }
            for id in oldest.prefix(16) { try remove(id) }
        }
    }

    /// Makes room for a part that a ward was handed: of the bundles of which parts are missing those go that nobody added
    /// to for an hour, the oldest first, and only where that is enough. Their authors have no receipt, and export anew.
    /// Within a transaction.
    package func makeRoomAtWard(for bytes: Int, of id: Digest, now: Int64, limits: Limits) throws(StoreError) {
        let idle = try ids(
            """
            SELECT id FROM bundles b WHERE kind=?1 AND state=0 AND changed<?2
            AND count>(SELECT count(*) FROM bundle_parts p WHERE p.bundle=b.id) ORDER BY changed,id
            """, .toWard, now - Self.idleSeconds)
        var (count, size) = (try count(.toWard), try size(.toWard))
        var gone: [Digest] = []
        for other in idle where other != id && (count >= limits.bundles || size + bytes > limits.bytes) {
            gone.append(other)
            count -= 1
            let statement = try database.prepare("SELECT sum(length(bytes)) FROM bundle_parts WHERE bundle=?1")
                .bind(1, other)
            if try statement.step() { size -= Int(statement.integer(0)) }
            statement.reset()
        }
        guard count < limits.bundles, size + bytes <= limits.bytes else { return }
        for other in gone { try remove(other) }
    }

    private static let idleSeconds: Int64 = 3600

    /// Forgets what is too old, and of returns the oldest beyond the bounds; within a transaction.
    package func prune(_ kind: Kind, now: Int64, limits: Limits) throws(StoreError) {
        let oldest = now - limits.days * 86_400
        var gone = try ids("SELECT id FROM bundles WHERE kind=?1 AND changed<?2", kind, oldest)
        for id in gone { try remove(id) }
        guard kind == .toDevice else { return }
        while true {
            let (size, count) = (try size(kind), try count(kind))
            guard size > limits.bytes || count > limits.bundles else { return }
            gone = try ids("SELECT id FROM bundles WHERE kind=?1 AND ?2>0 ORDER BY changed,id LIMIT 16", kind, 1)
            if gone.isEmpty { return }
            for id in gone { try remove(id) }
        }
    }

    // MARK: Looking

    /// Whether the return of a bundle that was handed over is to be asked for now. Whoever carries the other parts may
    /// take days, and a ward may never make one: each wait is as long as all before, at least 10 minutes and at most a
    /// day, so that a sync with nothing new asks nothing.
    package func wantsReturn(of bundle: Digest, now: Int64) throws(StoreError) -> Bool {
        guard let row = try row(bundle), row.state == .done || row.state == .handed, row.code != Self.noReturnDue
        else { return false }
        let waited = row.code.subtractingReportingOverflow(row.changed).partialValue
        let (since, overflow) = now.subtractingReportingOverflow(row.code)
        // A clock that went back is no reason to wait.
        return overflow || since < 0 || since >= min(max(600, waited), 86_400)
    }

    package func row(_ id: Digest) throws(StoreError) -> Row? {
        try rows("SELECT \(Self.columns) FROM bundles WHERE id=?1") { $0.bind(1, id) }.first
    }

    /// The return that answers a bundle.
    package func answer(to bundle: Digest) throws(StoreError) -> Row? {
        try rows("SELECT \(Self.columns) FROM bundles WHERE answers=?1 AND kind=2 ORDER BY changed DESC LIMIT 1") {
            $0.bind(1, bundle)
        }.first
    }

    /// The newest rows of a kind, at most 2,000.
    package func rows(_ kind: Kind) throws(StoreError) -> [Row] {
        try rows("SELECT \(Self.columns) FROM bundles WHERE kind=?1 ORDER BY changed DESC,id LIMIT 2000") {
            $0.bind(1, kind.rawValue)
        }
    }

    /// The bytes of a part as they were put there.
    package func part(_ id: Digest, _ number: Int) throws(StoreError) -> Bytes? {
        let statement = try database.prepare("SELECT bytes FROM bundle_parts WHERE bundle=?1 AND part=?2").bind(1, id)
            .bind(2, Int64(number))
        defer { statement.reset() }
        return try statement.step() ? statement.bytes(0) : nil
    }

    /// The bytes of the longest part that is here; 0 where none is.
    package func longestPart(_ id: Digest) throws(StoreError) -> Int {
        let statement = try database.prepare("SELECT coalesce(max(length(bytes)),0) FROM bundle_parts WHERE bundle=?1")
            .bind(1, id)
        defer { statement.reset() }
        return try statement.step() ? Int(clamping: statement.integer(0)) : 0
    }

    /// How many bytes each part has that is here, the first ones first.
    package func lengths(_ id: Digest, most: Int) throws(StoreError) -> [(part: Int, bytes: Int)] {
        let statement = try database.prepare(
            "SELECT part,length(bytes) FROM bundle_parts WHERE bundle=?1 ORDER BY part LIMIT ?2"
        ).bind(1, id).bind(2, Int64(most))
        var found: [(part: Int, bytes: Int)] = []
        while try statement.step() {
            found.append((Int(clamping: statement.integer(0)), Int(clamping: statement.integer(1))))
        }
        return found
    }

    private static let columns = "id,kind,state,count,total,answers,mark,changed,code,begun"

    private func rows(_ sql: String, _ bind: (Statement) -> Statement) throws(StoreError) -> [Row] {
        let statement = bind(try database.prepare(sql))
        var found: [Row] = []
        while try statement.step() {
            guard let id = Digest(statement.bytes(0)), let kind = Kind(rawValue: statement.integer(1)),
                let state = State(rawValue: statement.integer(2)), let answers = Digest(statement.bytes(5))
            else { continue }
            found.append(
                Row(
                    id: id, kind: kind, state: state, count: Int(clamping: statement.integer(3)),
                    total: Int(clamping: statement.integer(4)), answers: answers,
                    mark: UInt64(bitPattern: statement.integer(6)), changed: statement.integer(7),
                    code: statement.integer(8), isBegun: statement.integer(9) != 0, parts: []))
        }
        for index in found.indices { found[index].parts = try parts(found[index].id) }
        return found
    }

    private func parts(_ id: Digest) throws(StoreError) -> [Int] {
        let statement = try database.prepare("SELECT part FROM bundle_parts WHERE bundle=?1 ORDER BY part").bind(1, id)
        var parts: [Int] = []
        while try statement.step() { parts.append(Int(clamping: statement.integer(0))) }
        return parts
    }

    private func ids(_ sql: String, _ kind: Kind, _ value: Int64) throws(StoreError) -> [Digest] {
        let statement = try database.prepare(sql).bind(1, kind.rawValue).bind(2, value)
        var found: [Digest] = []
        while try statement.step() { if let id = Digest(statement.bytes(0)) { found.append(id) } }
        return found
    }

    /// How many bundles of a kind are kept, whole or not.
    private func count(_ kind: Kind) throws(StoreError) -> Int {
        let statement = try database.prepare("SELECT count(*) FROM bundles WHERE kind=?1 AND state=0")
            .bind(1, kind.rawValue)
        defer { statement.reset() }
        return try statement.step() ? Int(clamping: statement.integer(0)) : 0
    }

    private func size(_ kind: Kind) throws(StoreError) -> Int {
        let statement = try database.prepare(
            """
            SELECT coalesce(sum(length(p.bytes)),0) FROM bundle_parts p JOIN bundles b ON b.id=p.bundle WHERE b.kind=?1
            """
        ).bind(1, kind.rawValue)
        defer { statement.reset() }
        return try statement.step() ? Int(clamping: statement.integer(0)) : 0
    }
}

extension BundleShelf {
    /// The part that a whole series of texts makes up; `nil` while texts are missing. A series that is whole and makes
    /// up nothing is dropped.
    package func assembled(_ id: Digest) throws(StoreError) -> Result<BundlePart, BundleError>? {
        guard let row = try row(id), row.kind == .texts, row.missing.isEmpty else { return nil }
        var file = Bytes()
        for number in row.parts { file += try part(id, number) ?? [] }
        guard Bytes(bigEndian: Blake2b.hash(file).prefix8) == Bytes(id.bytes.prefix(8)) else {
            return .failure(BundleError(.damaged))
        }
        do throws(BundleError) { return .success(try BundlePart(decoding: file)) } catch { return .failure(error) }
    }
}
