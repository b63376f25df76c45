// Parts of bundles as files and as texts: cut, changed, mixed up, and what hostile hands can write into a head.

import Testing

@testable import SyncKit

@Suite struct BundlePartTests {
    private let random = SeededRandomSource(seed: 77)
    private let ward = Digest(Bytes(repeating: 7, count: 32)) ?? .zero
    private let key: SealingKey

    init() { key = SealingKey.generate(random: random) }

    private func parts(_ count: Int, fileSize: Int) throws -> [BundlePart] {
        try #require(
            BundleSealing.parts(
                of: [random.bytes(count)], direction: .toWard, ward: ward, to: key.publicKey, fileSize: fileSize,
                random: random))
    }

    private func code(_ bytes: Bytes) -> BundleError.Code? {
        do {
            _ = try BundlePart(decoding: bytes)
            return nil
        } catch { return error.code }
    }

    @Test func whatIsSealedAndCutComesBackPieceByPieceFromPartsOfAnySize() throws {
        for (length, size) in [(0, 4096), (1, 4096), (70_000, 4096), (200_000, 65_536), (200_000, 1 << 22)] {
            let plain = random.bytes(length)
            let parts = try #require(
                BundleSealing.parts(
                    of: [[1, 2, 3], plain], direction: .toDevice, ward: ward, to: key.publicKey, fileSize: size,
                    random: random))
            #expect(parts.allSatisfy { $0.encoded.count <= size && $0.head.id == parts[0].head.id })
            var opener = BundleOpener([SealingKey.generate(random: random), key])
            var pieces: [Bytes] = []
            for part in parts {
                let read = try BundlePart(decoding: part.encoded)
                #expect(read == part)
                pieces += try opener.append(read.payload)
            }
            #expect(opener.isAtEnd && pieces.first == [1, 2, 3])
            #expect(pieces.dropFirst().reduce([], +) == plain)
        }
    }

    @Test func aPartOf256KiBThatIsCutAtAnyByteIsRefusedAndSaysWhichPartItWas() throws {
        let parts = try parts(600_000, fileSize: 256 * 1024)
        let file = parts[1].encoded
        #expect(parts.count == 3 && file.count <= 256 * 1024 && file.count > 255 * 1024)
        var named = 0
        for length in 0..<file.count {
            do {
                _ = try BundlePart(decoding: Bytes(file[..<length]))
                Issue.record("\(length) bytes were taken")
            } catch {
                if length < BundlePart.headLength {
                    #expect(error.code == .headDamaged, "\(length)")
                } else {
                    #expect(error.code == .damaged && error.head?.part == 2 && error.head?.count == 3, "\(length)")
                    named += 1
                }
            }
        }
        #expect(named == file.count - BundlePart.headLength)
        #expect(code(file + [0]) == .damaged)
        #expect(code(file) == nil)
    }

    @Test func aByteThatWasChangedAnywhereIsNoticed() throws {
        let file = try parts(9000, fileSize: 4096)[1].encoded
        for place in file.indices {
            var changed = file
            changed[place] ^= 1 << UInt8(place % 8)
            let found = code(changed)
            switch place {
            case 0..<8: #expect(found == .notABundle)
            case 8: #expect(found == .newerVersion)
            case ..<BundlePart.headLength: #expect(found == .headDamaged, "\(place)")
            default: #expect(found == .damaged, "\(place)")
            }
        }
    }

    /// A head with a right check, whatever it says.
    private func hostile(_ part: BundlePart, _ change: (inout Bytes) -> Void) -> Bytes {
        var head = Bytes(part.encoded[..<111])
        change(&head)
        let check = Blake2b.hash(Bytes("wardsync/v1/bundle-head".utf8) + [0] + head).bytes.prefix(8)
        return head + check + part.encoded[119...]
    }

    @Test func hostileHeadsGiveErrorsAndAllocateNothing() throws {
        let part = try parts(9000, fileSize: 4096)[0]
        for place in 8..<111 {
            for value in [UInt8(0), 1, 127, 128, 255] {
                let file = hostile(part) { $0[place] = value }
                let found = code(file)
                // A piece of another tree is never taken for this one's.
                if file != part.encoded { #expect(found != nil, "\(place) \(value)") }
            }
        }
        #expect(code(hostile(part) { for place in 50..<66 { $0[place] = 255 } }) == .headDamaged)
        #expect(code(hostile(part) { for place in 107..<111 { $0[place] = 255 } }) == .headDamaged)
        var chance = SeededChance("hostile bundle heads")
        for _ in 0..<20_000 {
            let junk = Bytes("WSBUNDLE".utf8) + chance.bytes(chance.below(400))
            #expect(code(junk) != nil)
            _ = ReturnHead(decoding: chance.bytes(chance.below(80)))
            var opener = BundleOpener([key])
            _ = try? opener.append(chance.bytes(chance.below(500)))
        }
    }

    @Test func aPieceOfAnotherBundleUnderThisOnesNameIsNoticed() throws {
        let (one, other) = (try parts(9000, fileSize: 4096), try parts(9000, fileSize: 4096))
        var mixed = one[0]
        mixed.payload = other[0].payload
        #expect(code(mixed.encoded) == .damaged)
        mixed = other[0]
        mixed.head.id = one[0].head.id
        #expect(code(mixed.encoded) == .damaged)
    }

    @Test func aSmallPartGoesThroughTextsInAnyOrderAndCase() throws {
        let part = try parts(700, fileSize: .max)[0]
        let texts = try #require(BundleText.series(of: part.encoded))
        #expect(texts.count == 3 && texts.allSatisfy { $0.utf8.count <= 619 && $0.hasPrefix("WARDBUNDLE1-") })
        let allowed = Set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:".utf8)
        #expect(texts.allSatisfy { $0.utf8.allSatisfy(allowed.contains) })
        let database = try Database(path: "", mode: .memory)
        try StoreSchema.prepare(database) {}
        let shelf = BundleShelf(database)
        var id = Digest.zero
        for text in [texts[2].lowercased(), texts[0], texts[2], " " + texts[1] + "\n"] {
            let read = try #require(BundleText(text))
            #expect(try shelf.assembled(id) == nil)
            id = try database.transaction { () throws(StoreError) in
                try shelf.put(read, now: 1, limits: .device).1
            }
        }
        #expect(try shelf.assembled(id)?.get() == part)
    }

    @Test func aTextOfWhichACharacterWasMisreadIsNotTaken() throws {
        let text = Array(try #require(BundleText.series(of: random.bytes(300)))[0].utf8)
        for place in text.indices.dropFirst(12) {
            var changed = text
            changed[place] = text[place] == UInt8(ascii: "7") ? UInt8(ascii: "8") : UInt8(ascii: "7")
            let misread = String(decoding: changed, as: UTF8.self)
            #expect(BundleText(misread) == nil, "\(place)")
        }
        #expect(BundleText("") == nil && BundleText("WARDBUNDLE1-") == nil && BundleText("WARDBUNDLE1-UU") == nil)
        #expect(BundleText.series(of: random.bytes(360 * 64)) != nil)
        #expect(BundleText.series(of: random.bytes(360 * 64 + 1)) == nil)
    }

    @Test func aShelfKeepsWithinItsBoundsAndForgetsWhatIsOld() throws {
        let database = try Database(path: "", mode: .memory)
        try StoreSchema.prepare(database) {}
        let shelf = BundleShelf(database)
        let limits = BundleShelf.Limits(bundles: 2, bytes: 20_000, days: 10)
        let bundles = try (0..<4).map { _ in try parts(7000, fileSize: 4096) }
        func put(_ part: BundlePart, _ now: Int64) throws -> BundleShelf.Placement {
            try database.transaction { () throws(StoreError) in try shelf.put(part, now: now, limits: limits) }
        }
        #expect(try put(bundles[0][1], 1) == .new)
        #expect(try put(bundles[0][1], 2) == .repeated)
        #expect(try put(bundles[1][0], 1) == .new)
        #expect(try put(bundles[2][0], 1) == .full)
        #expect(try put(bundles[0][0], 1) == .new)
        // A whole one stays, whatever is handed in beside it; of the others the oldest makes way that was left for an hour.
        func putAtWard(_ part: BundlePart, _ now: Int64) throws -> BundleShelf.Placement {
            try database.transaction { () throws(StoreError) in
                try shelf.makeRoomAtWard(for: part.encoded.count, of: part.head.id, now: now, limits: limits)
                return try shelf.put(part, now: now, limits: limits)
            }
        }
        #expect(try putAtWard(bundles[3][0], 3600) == .full)
        #expect(try shelf.row(bundles[1][0].head.id) != nil)
        #expect(try putAtWard(bundles[3][0], 3700) == .new)
        #expect(try shelf.row(bundles[0][0].head.id)?.missing == [] && shelf.row(bundles[1][0].head.id) == nil)
        #expect(try putAtWard(bundles[1][0], 8000) == .new)
        #expect(try shelf.row(bundles[3][0].head.id) == nil)
        try database.transaction { () throws(StoreError) in try shelf.remove(bundles[1][0].head.id) }
        #expect(try put(bundles[1][0], 1) == .new)
        #expect(try shelf.row(bundles[0][0].head.id)?.missing == [])
        #expect(try shelf.row(bundles[1][0].head.id)?.missing == [2])
        try database.transaction { () throws(StoreError) in
            try shelf.settle(bundles[0][0].head.id, .done, now: 3)
        }
        #expect(try put(bundles[0][0], 4) == .done)
        #expect(try put(bundles[2][0], 4) == .new)
        try database.transaction { () throws(StoreError) in
            try shelf.prune(.toWard, now: 10 * 86_400 + 4, limits: limits)
        }
        #expect(try shelf.rows(.toWard).map(\.id) == [bundles[2][0].head.id])
    }
}
