// Content in leaves: every part of it verifies by itself, and nothing else does.

import Testing

@testable import SyncKit

@Suite struct ContentTreeTests {
    static let lengths = [1, 4095, 4096, 4097, 8192, 12_288, 12_289, 32_768, 32_769, 65_537, 100_000, 262_144]

    @Test(arguments: lengths) func everyPartOfEverySizeVerifies(length: Int) throws {
        var chance = SeededChance("ContentTree")
        let bytes = chance.bytes(length)
        let name = ContentTree.name(bytes)
        let leaves = ContentTree.leaves(of: bytes)
        for level in 0...ContentTree.maxLevel {
            var index = 0
            while ContentTree.leaves(level: level, index: index, length: length) != nil {
                let part = try #require(OutgoingContent.part((level, index), of: name.root, bytes, leaves))
                let read = try #require(ContentPart(decoding: part.encoded))
                #expect(read == part)
                func verifies(_ bytes: Bytes, _ index: Int, _ name: ContentName, _ path: [Digest]) -> Bool {
                    ContentTree.verifies(bytes, level: level, index: index, of: name, path: path)
                }
                #expect(verifies(part.bytes, index, name, part.path))
                var other = part.bytes
                other[chance.below(other.count)] ^= 1 << UInt8(chance.below(8))
                #expect(!verifies(other, index, name, part.path))
                #expect(!verifies(Bytes(part.bytes.dropLast()), index, name, part.path))
                #expect(!verifies(part.bytes, index + 1, name, part.path))
                let longer = ContentName(root: name.root, length: name.length + 1)
                #expect(!verifies(part.bytes, index, longer, part.path))
                if !part.path.isEmpty { #expect(!verifies(part.bytes, index, name, Array(part.path.dropLast()))) }
                index += 1
            }
            #expect(index == (leaves.count + (1 << level) - 1) >> level)
        }
    }

    @Test func partsFillGapsAndNothingElse() {
        var chance = SeededChance("gaps")
        for _ in 0..<2000 {
            let count = 1 + chance.below(70)
            var held = LeafSet(count: count)
            for _ in 0..<chance.below(6) {
                let first = chance.below(count)
                held.insert(first..<min(count, first + 1 + chance.below(12)))
            }
            var filled = held
            for part in ContentTables.parts(filling: held.missing(), level: chance.below(4), count: count) {
                let leaves = part.index << part.level..<min((part.index + 1) << part.level, count)
                #expect(leaves.allSatisfy { !filled.contains($0) })
                filled.insert(leaves)
            }
            #expect(filled.isWhole)
            #expect(LeafSet(bytes: held.bytes, count: count) == held)
        }
    }

    @Test func hostilePayloadsAreRefused() throws {
        var chance = SeededChance("hostile parts")
        let bytes = chance.bytes(40_000)
        let leaves = ContentTree.leaves(of: bytes)
        let part = try #require(OutgoingContent.part((2, 1), of: ContentTree.name(bytes).root, bytes, leaves)).encoded
        for count in 0..<part.count where count < 200 || count % 97 == 0 {
            #expect(ContentPart(decoding: Bytes(part.prefix(count))) == nil)
        }
        for _ in 0..<20_000 {
            var changed = part
            changed[chance.below(120)] = UInt8(chance.below(256))
            guard let read = ContentPart(decoding: changed) else { continue }
            _ = ContentTree.verifies(
                read.bytes, level: read.level, index: read.index, of: ContentTree.name(bytes), path: read.path)
        }
        for number in [UInt64.max, 1 << 62, 1 << 32] {
            var writer = CBORWriter()
            writer.arrayHeader(count: 5)
            writer.byteString(Digest.zero)
            writer.unsigned(0)
            writer.unsigned(number)
            writer.byteString(Bytes())
            writer.byteString([1])
            #expect(ContentPart(decoding: writer.bytes) == nil)
        }
        #expect(!ContentTree.verifies([1], level: 0, index: .max >> 3, of: ContentTree.name([1]), path: []))
    }
}
