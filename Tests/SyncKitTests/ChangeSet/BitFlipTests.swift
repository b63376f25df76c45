// Every bit of a signed change set counts: flipped, it is refused or does not verify.

import Testing

@testable import SyncKit

@Suite struct BitFlipTests {
    let scheme = Ed25519Scheme()

    @Test func everyBitOfASmallChangeSetIsProtected() throws {
        var author = Author(1)
        let change = try author.report()
        let bytes = change.encoded()
        var decoded = 0
        for bit in 0..<(8 * bytes.count) { decoded += check(bytes, bit) ? 1 : 0 }
        #expect(decoded > 500)
    }

    @Test func sampledBitsOfLargerChangeSetsAreProtected() throws {
        var chance = SeededChance("bit flips")
        var (author, other) = (Author(1), Author(2))
        let first = try author.report(String(repeating: "Đèn đường ", count: 30))
        var draft = ChangeSetDraft(kind: .report, document: first.id)
        for operation in everyOperation.prefix(26) {
            if operation.takesValue { draft.perform(operation, .text("á")) } else { draft.perform(operation) }
        }
        draft.isSalted = true
        draft.seenDots = [try other.report().dot]
        draft.reissues = first.id
        for change in [first, try author.sign(draft, seen: 9), try author.edit(first.id, salted: false)] {
            let bytes = change.encoded()
            for _ in 0..<800 { _ = check(bytes, chance.below(8 * bytes.count)) }
        }
    }

    /// - Returns: whether the damaged bytes decode all the same.
    private func check(_ bytes: Bytes, _ bit: Int) -> Bool {
        var wrong = bytes
        wrong[bit / 8] ^= 1 << UInt8(bit % 8)
        guard let change = try? ChangeSet(decoding: wrong) else { return false }
        if change.verify(ward: Author.ward, scheme: scheme) { Issue.record("bit \(bit) can be flipped") }
        return true
    }
}
