// Parts of bundles that break off: what is kept of them, for how long, and of whom.

import Testing

@testable import SyncKit

@Suite struct PartBeginningTests {
    private let random = SeededRandomSource(seed: 78)
    private let database: Database
    private let beginnings: PartBeginnings
    private let limits = PartBeginnings.Limits(
        parts: 4, bytes: 1000, partsOfOrigin: 2, bytesOfOrigin: 500, days: 7)

    init() throws {
        database = try Database(path: "", mode: .memory)
        try StoreSchema.prepare(database) {}
        beginnings = PartBeginnings(database)
    }

    private func place(_ bundle: UInt8, _ part: Int = 1) throws -> PartPlace {
        PartPlace(bundle: try #require(Digest(Bytes(repeating: bundle, count: 32))), part: part)
    }

    private func keep(
        _ count: Int, of place: PartPlace, at start: Int = 0, length: Int = 400, origin: UInt64? = 1, now: Int64 = 1
    ) throws -> Bool {
        try database.transaction { () throws(StoreError) in
            try beginnings.keep(
                Bytes(repeating: 7, count: count), of: place, at: start, count: 3, length: length, origin: origin,
                now: now, limits: limits)
        }
    }

    private func held(_ place: PartPlace) throws -> Int { try beginnings.beginning(of: place)?.held ?? 0 }

    private func file(_ bytes: Int, size: Int) throws -> Bytes {
        let key = SealingKey.generate(random: random)
        let parts = BundleSealing.parts(
            of: [random.bytes(bytes)], direction: .toWard, ward: .zero, to: key.publicKey, fileSize: size,
            random: random)
        return try #require(parts?.first).encoded
    }

    @Test func onlyWhatFollowsOnWhatIsThereIsKeptAndNeverMoreThanTheHeadSays() throws {
        let one = try place(1)
        #expect(try !keep(10, of: one, at: 5))
        #expect(try keep(100, of: one))
        #expect(try !keep(100, of: one))
        #expect(try !keep(100, of: one, at: 99) && !keep(100, of: one, at: 101))
        #expect(try keep(100, of: one, at: 100))
        // Another file under the same name, more than the file has, nothing, and numbers that overflow.
        #expect(try !keep(10, of: one, at: 200, length: 401) && !keep(201, of: one, at: 200))
        #expect(try !keep(0, of: one, at: 200) && !keep(10, of: one, at: .max) && !keep(10, of: one, at: -1))
        #expect(try !keep(10, of: place(2), length: BundleLimits.file + 1))
        #expect(try keep(200, of: one, at: 200))
        let row = try #require(try beginnings.beginning(of: one))
        #expect(row.held == 400 && row.length == 400 && row.count == 3)
        #expect(try beginnings.bytes(of: row) == Bytes(repeating: 7, count: 400))
        try database.transaction { () throws(StoreError) in try beginnings.drop(one) }
        #expect(try held(one) == 0)
        #expect(try database.integer("SELECT count(*) FROM part_pieces") == 0)
    }

    @Test func whoeverBeginsMuchPushesOutTheirOwnFirstAndThenWhoeverHasMost() throws {
        // One address: its third part takes the place of its first.
        for bundle in UInt8(1)...3 { #expect(try keep(100, of: place(bundle), now: Int64(bundle))) }
        #expect(try held(place(1)) == 0 && held(place(2)) == 100 && held(place(3)) == 100)
        // Too many bytes of one address: the oldest goes; a part alone beyond the bound is not kept.
        #expect(try keep(350, of: place(3), at: 100, length: 450, now: 4) == false)
        #expect(try keep(300, of: place(3), at: 100, now: 4) && keep(300, of: place(4), now: 5))
        #expect(try held(place(3)) == 0 && held(place(4)) == 300)
        #expect(try !keep(501, of: place(9), length: 600, origin: 9))
        // Everybody together: the one with most bytes gives way, not the one who came first.
        #expect(try keep(200, of: place(5), origin: 2, now: 6) && keep(390, of: place(6), origin: 3, now: 7))
        #expect(try keep(200, of: place(7), origin: 4, now: 8))
        #expect(try held(place(6)) == 0 && held(place(5)) == 200 && held(place(4)) == 300)
        // A proxy's address has no bound of its own.
        for bundle in UInt8(10)...12 { #expect(try keep(10, of: place(bundle), origin: nil, now: 9)) }
        #expect(try database.integer("SELECT count(*) FROM part_beginnings") == 4)
        #expect(try held(place(12)) == 10)
    }

    @Test func whatNothingFollowsOnGoesAfterDays() throws {
        #expect(try keep(10, of: place(1), now: 1) && keep(10, of: place(2), origin: 2, now: 7 * 86_400))
        #expect(try keep(10, of: place(3), origin: 3, now: 7 * 86_400 + 2))
        #expect(try held(place(1)) == 0 && held(place(2)) == 10)
        #expect(try database.integer("SELECT count(*) FROM part_pieces") == 2)
    }

    @Test func aPartThatArrivesIsBoundedByItsHeadAsSoonAsThatIsThere() throws {
        let file = try file(100_000, size: 1 << 20)
        func arrives(_ bytes: Bytes, inPiecesOf size: Int) throws -> PartArrival {
            var arrival = try PartArrival()
            for start in stride(from: 0, to: bytes.count, by: size) {
                try bytes[start..<min(start + size, bytes.count)].withUnsafeBytes { chunk in
                    try arrival.append(chunk)
                }
            }
            return arrival
        }
        for size in [1, 118, 119, 120, 4096, file.count] {
            let arrival = try arrives(file, inPiecesOf: size)
            #expect(arrival.file == file && arrival.fileLength == file.count && arrival.head?.part == 1)
            #expect(throws: BundleError.self) { _ = try arrives(file + [0], inPiecesOf: size) }
        }
        #expect(try arrives(Bytes(file[..<118]), inPiecesOf: 7).unkept(atLeast: 0) == nil)
        // Something else is refused by its first byte, a head that was changed by its last.
        #expect(throws: BundleError.self) { _ = try arrives([0], inPiecesOf: 1) }
        for place in 0..<119 {
            var changed = file
            changed[place] ^= 1
            #expect(throws: BundleError.self) { _ = try arrives(Bytes(changed[..<119]), inPiecesOf: 119) }
        }
        // What is to be kept comes once each 32 KiB and goes on where the last stopped.
        var arrival = try PartArrival()
        var kept = Bytes()
        for start in stride(from: 0, to: file.count, by: 1000) {
            try file[start..<min(start + 1000, file.count)].withUnsafeBytes { chunk in try arrival.append(chunk) }
            guard let piece = arrival.unkept() else { continue }
            #expect(piece.start == kept.count && piece.bytes.count < PartArrival.step + 1000)
            kept += piece.bytes
            arrival.noteKept()
        }
        #expect(file.count - kept.count < PartArrival.step && kept.elementsEqual(file[..<kept.count]))
        let tail = try #require(arrival.unkept(atLeast: 1))
        #expect(kept + tail.bytes == file)
        #expect(try PartArrival(after: kept).unkept(atLeast: 1) == nil)
    }

    @Test func aWordOnABundleSaysWhatMayBeLackingAndHowMuchIsThere() throws {
        let many = PartReceipt(state: .waiting, missing: Array(2...200), begun: [])
        #expect(!many.mayLack(1) && many.mayLack(65) && many.mayLack(66) && many.mayLack(200))
        let few = PartReceipt(
            state: .waiting, missing: [3, 5], begun: [PartReceipt.Begun(part: 5, held: 70_000)])
        #expect(few.mayLack(3) && !few.mayLack(4) && !few.mayLack(6))
        #expect(few.held(5) == 70_000 && few.held(3) == 0)
        #expect(!PartReceipt(state: .taken).mayLack(1) && !PartReceipt(state: .anew).mayLack(1))
        for receipt in [many, few, PartReceipt(state: .anew), PartReceipt(state: .taken, returnParts: 3)] {
            #expect(PartReceipt(decoding: receipt.encoded) == receipt)
        }
        #expect(PartReceipt(state: .taken).encoded.count == 4)
        var chance = SeededChance("words on bundles")
        for _ in 0..<20_000 { _ = PartReceipt(decoding: [0x84] + chance.bytes(chance.below(40))) }
        // An offset that no file has.
        #expect(PartReceipt(decoding: [0x84, 1, 0x80, 0, 0x81, 0x82, 1, 0x1A, 255, 255, 255, 255]) == nil)
    }
}
