// What the pool says of a batch, whoever checks which part of it.

import Synchronization
import Testing

@testable import SyncKit

@Suite struct VerificationPoolTests {
    /// The number of numbers before the first one that does not pass, counted one by one.
    private func counted(_ items: [Int], _ passes: (Int) -> Bool) -> Int { items.prefix(while: passes).count }

    @Test(arguments: [0, 1, 15, 16, 17, 200, 1_000])
    func aBatchPassesUpToTheFirstThatFails(count: Int) {
        let pool = VerificationPool()
        let items = Array(0..<count)
        #expect(pool.prefix(of: items) { _ in true } == count)
        #expect(pool.prefix(of: items) { _ in false } == 0)
        for failing in [0, 7, 8, 100, count - 1] {
            #expect(pool.prefix(of: items) { $0 != failing } == counted(items) { $0 != failing })
            #expect(pool.prefix(of: items) { $0 < failing } == counted(items) { $0 < failing })
        }
    }

    @Test func everyItemBeforeTheFirstFailureIsCheckedOnce() {
        let pool = VerificationPool()
        let checked = Mutex<[Int]>([])
        let end = pool.prefix(of: Array(0..<500)) { item in
            checked.withLock { $0.append(item) }
            return item < 333
        }
        #expect(end == 333)
        let before = checked.withLock { $0 }.filter { $0 < 333 }.sorted()
        #expect(before == Array(0..<333))
    }

    @Test func manyCallersGetTheirOwnResults() async {
        let pool = VerificationPool()
        await withTaskGroup(of: Bool.self) { group in
            for caller in 0..<40 {
                group.addTask {
                    let items = Array(0..<(16 + caller * 5))
                    return pool.prefix(of: items) { $0 != caller * 3 } == min(items.count, caller * 3)
                }
            }
            for await isRight in group { #expect(isRight) }
        }
    }

    @Test func aForgedSignatureInALongBatchEndsWhatCounts() throws {
        let pool = VerificationPool()
        let ward = Blake2b.hash(Bytes("ward".utf8))
        let scheme = Ed25519Scheme()
        let key = try SigningKey(seed: Bytes(repeating: 7, count: 32))
        let changes = try (2...41).map { number in
            var draft = ChangeSetDraft(kind: .report, document: nil)
            draft.perform(.set(Slot(field: ReportField.title)), .text("\(number)"))
            let change = try draft.signed(
                by: key, ward: ward, after: ChainLink(sequence: UInt64(number - 1), id: ward),
                time: HybridTime(seconds: 1, counter: 0), seen: SeenMark(position: .start, root: 0), salt: [],
                scheme: scheme)
            var signature = change.signature
            if number == 31 { signature[0] ^= 1 }
            return try ChangeSet(
                header: change.headerBytes, signature: signature, skeleton: change.skeleton,
                values: change.values?.bytes)
        }
        #expect(pool.prefix(of: changes, ward: ward, scheme: scheme) == 29)
    }
}
