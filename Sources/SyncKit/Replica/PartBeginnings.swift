// What arrived of parts of bundles whose way broke: kept, within bounds, until the rest comes.

/// The tables `part_beginnings` and `part_pieces`: at the ward of what couriers hand over, on a device of the returns
/// that it fetches. Nothing in them is verified but the head of a part; the whole part is, when it is there.
package struct PartBeginnings {
    package struct Limits: Sendable, Equatable {
        /// Of everybody together.
        package var parts: Int
        package var bytes: Int
        /// Of one address.
        package var partsOfOrigin: Int
        package var bytesOfOrigin: Int
        /// After so many days without a further byte a beginning goes.
        package var days: Int64

        package init(parts: Int, bytes: Int, partsOfOrigin: Int, bytesOfOrigin: Int, days: Int64) {
            (self.parts, self.bytes, self.days) = (parts, bytes, days)
            (self.partsOfOrigin, self.bytesOfOrigin) = (partsOfOrigin, bytesOfOrigin)
        }

        /// What a ward keeps (`docs/limits.md`).
        package static let ward = Limits(
            parts: 512, bytes: 32 * 1024 * 1024, partsOfOrigin: 32, bytesOfOrigin: 8 * 1024 * 1024, days: 7)
        /// What a device keeps: it fetches one part after the other.
        package static let device = Limits(
            parts: 8, bytes: 4 * 1024 * 1024, partsOfOrigin: 8, bytesOfOrigin: 4 * 1024 * 1024, days: 30)
    }

    /// The beginning of one part.
    package struct Beginning: Sendable, Equatable {
        let number: Int64
        package let part: Int
        /// How many parts its bundle has, as its head says.
        package let count: Int
        /// The bytes of the whole file, as its head says.
        package let length: Int
        /// How many of them are here.
        package let held: Int
    }

    private let database: Database

    package init(_ database: Database) { self.database = database }

    /// Keeps bytes that came behind what is here; within a transaction. To make room the oldest of the same origin go,
    /// then the oldest of whoever has most.
    /// - Parameters:
    ///   - start: where in the file they stand; only what follows on what is here is kept.
    ///   - count: the parts of the bundle.
    ///   - length: the bytes of the whole file; not more is kept.
    ///   - origin: what counts as the sender's address; `nil` for one that stands before any number of people.
    /// - Returns: whether they are kept.
    package func keep(
        _ bytes: Bytes, of place: PartPlace, at start: Int, count: Int, length: Int, origin: UInt64?, now: Int64,
        limits: Limits
    ) throws(StoreError) -> Bool {
        try prune(before: now - limits.days * 86_400)
        guard !bytes.isEmpty, length <= BundleLimits.file, (0...length).contains(start),
            bytes.count <= length - start
        else { return false }
        let known = try beginning(of: place)
        guard start == known?.held ?? 0, known.map({ $0.length == length }) ?? true else { return false }
        guard try makeRoom(for: bytes.count, isNew: known == nil, sparing: known?.number ?? 0, origin, limits) else {
            return false
        }
        let origin = origin.map { Int64(bitPattern: $0) }
        try database.prepare(
            """
            INSERT INTO part_beginnings(bundle,part,count,length,held,origin,changed) VALUES(?1,?2,?3,?4,?5,?6,?7)
            ON CONFLICT(bundle,part) DO UPDATE SET held=held+excluded.held,origin=excluded.origin,
                changed=excluded.changed
            """
        ).bind(1, place.bundle).bind(2, Int64(place.part)).bind(3, Int64(count)).bind(4, Int64(length))
            .bind(5, Int64(bytes.count)).bind(6, origin).bind(7, now).run()
        guard let row = try beginning(of: place) else { return false }
        try write(bytes, at: start, of: row)
        return true
    }

    /// Pieces that are shorter grow: however often its way broke, a beginning is read in few steps.
    private static let shortPiece = 16 * 1024

    private func write(_ bytes: Bytes, at start: Int, of row: Beginning) throws(StoreError) {
        let statement = try database.prepared(
            "SELECT start,bytes FROM part_pieces WHERE beginning=?1 ORDER BY start DESC LIMIT 1"
        ).bind(1, row.number)
        var (first, piece) = (Int64(start), bytes)
        if try statement.step() {
            let last = statement.bytes(1)
            if last.count < Self.shortPiece, statement.integer(0) + Int64(last.count) == Int64(start) {
                (first, piece) = (statement.integer(0), last + bytes)
            }
        }
        statement.reset()
        try database.prepared("INSERT OR REPLACE INTO part_pieces(beginning,start,bytes) VALUES(?1,?2,?3)")
            .bind(1, row.number).bind(2, first).run(3, piece)
    }

    private func prune(before time: Int64) throws(StoreError) {
        let old = "SELECT number FROM part_beginnings WHERE changed<?1"
        try database.prepare("DELETE FROM part_pieces WHERE beginning IN (\(old))").bind(1, time).run()
        try database.prepare("DELETE FROM part_beginnings WHERE changed<?1").bind(1, time).run()
    }

    private func makeRoom(
        for bytes: Int, isNew: Bool, sparing own: Int64, _ origin: UInt64?, _ limits: Limits
    ) throws(StoreError) -> Bool {
        let more = isNew ? 1 : 0
        if let origin {
            let origin = Int64(bitPattern: origin)
            while case let held = try size("WHERE origin=?1", origin),
                held.parts + more > limits.partsOfOrigin || held.bytes + bytes > limits.bytesOfOrigin
            {
                guard let oldest = try first("origin=?1 AND number<>?2", origin, own) else { return false }
                try drop(number: oldest)
            }
        }
        while case let held = try size("WHERE ?1=?1", 0),
            held.parts + more > limits.parts || held.bytes + bytes > limits.bytes
        {
            // Whoever has most of what there is too much of gives way.
            let most = held.bytes + bytes > limits.bytes ? "sum(held)" : "count(*)"
            let largest = """
                SELECT origin FROM part_beginnings WHERE number<>?2 GROUP BY origin
                ORDER BY \(most) DESC,min(changed) LIMIT 1
                """
            guard let oldest = try first("?1=?1 AND number<>?2 AND origin IS (\(largest))", 0, own) else {
                return false
            }
            try drop(number: oldest)
        }
        return true
    }

    private func size(_ condition: String, _ value: Int64) throws(StoreError) -> (parts: Int, bytes: Int) {
        let statement = try database.prepare("SELECT count(*),coalesce(sum(held),0) FROM part_beginnings \(condition)")
            .bind(1, value)
        defer { statement.reset() }
        guard try statement.step() else { return (0, 0) }
        return (Int(clamping: statement.integer(0)), Int(clamping: statement.integer(1)))
    }

    private func first(_ condition: String, _ value: Int64, _ own: Int64) throws(StoreError) -> Int64? {
        let statement = try database.prepare(
            "SELECT number FROM part_beginnings WHERE \(condition) ORDER BY changed,number LIMIT 1"
        ).bind(1, value).bind(2, own)
        defer { statement.reset() }
        return try statement.step() ? statement.integer(0) : nil
    }

    // MARK: Forgetting

    /// Forgets the beginning of a part: it came whole, or is of no use; within a transaction.
    package func drop(_ place: PartPlace) throws(StoreError) {
        if let row = try beginning(of: place) { try drop(number: row.number) }
    }

    /// Forgets all of a bundle; within a transaction.
    package func drop(allOf bundle: Digest) throws(StoreError) {
        for row in try beginnings(of: bundle, most: BundleLimits.parts) { try drop(number: row.number) }
    }

    private func drop(number: Int64) throws(StoreError) {
        try database.prepare("DELETE FROM part_pieces WHERE beginning=?1").bind(1, number).run()
        try database.prepare("DELETE FROM part_beginnings WHERE number=?1").bind(1, number).run()
    }

    // MARK: Looking

    package func beginning(of place: PartPlace) throws(StoreError) -> Beginning? {
        try read("bundle=?1 AND part=?2") { $0.bind(1, place.bundle).bind(2, Int64(place.part)) }.first
    }

    /// Those of a bundle, by their numbers.
    package func beginnings(of bundle: Digest, most: Int) throws(StoreError) -> [Beginning] {
        try read("bundle=?1 ORDER BY part LIMIT ?2") { $0.bind(1, bundle).bind(2, Int64(most)) }
    }

    /// The bytes of a beginning; fewer than it says, or none, where the store lost some.
    package func bytes(of beginning: Beginning) throws(StoreError) -> Bytes {
        let statement = try database.prepare("SELECT start,bytes FROM part_pieces WHERE beginning=?1 ORDER BY start")
            .bind(1, beginning.number)
        defer { statement.reset() }
        var bytes = Bytes()
        bytes.reserveCapacity(min(beginning.held, BundleLimits.file))
        while try statement.step() {
            guard statement.integer(0) == Int64(bytes.count), bytes.count <= BundleLimits.file else { break }
            bytes += statement.bytes(1)
        }
        return bytes
    }

    private func read(_ condition: String, _ bind: (Statement) -> Statement) throws(StoreError) -> [Beginning] {
        let statement = bind(
            try database.prepare("SELECT number,part,count,length,held FROM part_beginnings WHERE \(condition)"))
        defer { statement.reset() }
        var found: [Beginning] = []
        while try statement.step() {
            found.append(
                Beginning(
                    number: statement.integer(0), part: Int(clamping: statement.integer(1)),
                    count: Int(clamping: statement.integer(2)), length: Int(clamping: statement.integer(3)),
                    held: Int(clamping: statement.integer(4))))
        }
        return found
    }
}
