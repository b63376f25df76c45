// Proofs about the tree: they agree with a second implementation, and what is not one is refused.

import Testing

@testable import SyncKit

@Suite struct MerkleProofTests {
    private static func leaves(_ count: Int, _ chance: inout SeededChance) -> [Digest] {
        (0..<count).map { _ in Blake2b.hash(chance.bytes(16)) }
    }

    /// Roots of complete subtrees, from an array.
    private static func complete(_ leaves: [Digest]) -> (UInt64, Int) -> Digest {
        { start, level in SimpleTree.root(leaves[Int(start)..<(Int(start) + 1 << level)]) }
    }

    @Test func proofsAreThoseOfASecondImplementationForThousandsOfSizes() throws {
        var chance = SeededChance("merkle proofs")
        let all = Self.leaves(1200, &chance)
        for round in 0..<3000 {
            // Small trees are met often enough to try all of them.
            let size = round < 600 ? 1 + round % 40 : 1 + chance.below(round % 30 == 0 ? all.count : 200)
            let leaves = Array(all.prefix(size))
            let complete = Self.complete(leaves)
            let root = SimpleTree.root(leaves[...])
            let place = chance.below(size)
            let path = MerkleProof.inclusion(of: UInt64(place), in: UInt64(size), complete: complete)
            #expect(path == SimpleTree.path(place, leaves[...]))
            #expect(
                MerkleProof.root(of: leaves[place], leaf: UInt64(place), in: UInt64(size), path: path) == root)
            #expect(SimpleTree.climb(leaves[place], place, size, path[...]) == root)
            let old = 1 + chance.below(size)
            let oldRoot = SimpleTree.root(leaves.prefix(old))
            let proof = MerkleProof.consistency(from: UInt64(old), to: UInt64(size), complete: complete)
            #expect(proof == (old == size ? [] : SimpleTree.proof(old, leaves[...])))
            let found = MerkleProof.roots(from: UInt64(old), root: oldRoot, to: UInt64(size), path: proof)
            #expect(found?.old == oldRoot && found?.new == root)
        }
    }

    @Test func whatIsNotAProofOfThisPlaceLeadsNowhere() throws {
        var chance = SeededChance("hostile proofs")
        let all = Self.leaves(150, &chance)
        var refused = 0
        for _ in 0..<3000 {
            let size = 2 + chance.below(all.count - 1)
            let leaves = Array(all.prefix(size))
            let root = SimpleTree.root(leaves[...])
            let place = chance.below(size)
            var path = SimpleTree.path(place, leaves[...])
            var (leaf, claimed, claimedSize) = (leaves[place], UInt64(place), UInt64(size))
            switch chance.below(7) {
            case 0: path[chance.below(path.count)] = Blake2b.hash(chance.bytes(8))
            case 1: path.removeLast()
            case 2: path.append(Blake2b.hash(chance.bytes(8)))
            case 3: leaf = Blake2b.hash(chance.bytes(8))
            case 4: claimed = (claimed + 1 + UInt64(chance.below(size - 1))) % claimedSize
            case 5: path = Array(repeating: root, count: 65 + chance.below(100))
            default: (claimed, claimedSize) = (chance.next(), chance.next() >> UInt64(chance.below(60)))
            }
            if claimed == UInt64(place), claimedSize == UInt64(size), leaf == leaves[place],
                path == SimpleTree.path(place, leaves[...])
            {
                continue
            }
            refused += 1
            #expect(MerkleProof.root(of: leaf, leaf: claimed, in: claimedSize, path: path) != root)
        }
        #expect(refused > 2900)
    }

    @Test func aLogThatDoesNotGoOnFromAnEarlierOneHasNoProof() throws {
        var chance = SeededChance("inconsistent logs")
        let all = Self.leaves(150, &chance)
        var shown = 0
        for _ in 0..<3000 {
            let size = 2 + chance.below(all.count - 1)
            let old = 1 + chance.below(size - 1)
            let leaves = Array(all.prefix(size))
            var earlier = Array(leaves.prefix(old))
            earlier[chance.below(old)] = Blake2b.hash(chance.bytes(8))
            let (oldRoot, root) = (SimpleTree.root(earlier[...]), SimpleTree.root(leaves[...]))
            let honest = SimpleTree.proof(old, leaves[...])
            let found = MerkleProof.roots(from: UInt64(old), root: oldRoot, to: UInt64(size), path: honest)
            #expect(found?.old != oldRoot || found?.new != root)
            // The proof of the other log shows by itself that the earlier root is not part of it.
            if found?.new == root, found?.old == SimpleTree.root(leaves.prefix(old)) { shown += 1 }
            // A path from a complete subtree leaves that root out, and may begin with it: then it shows the same.
            let other = [SimpleTree.root(leaves.prefix(old))] + honest
            let named = MerkleProof.roots(from: UInt64(old), root: oldRoot, to: UInt64(size), path: other)
            if old.nonzeroBitCount == 1 {
                #expect(named?.new == root && named?.old == other[0])
                #expect(found?.new != root)
            } else {
                #expect(named?.new != root)
            }
            let twice = MerkleProof.roots(
                from: UInt64(old), root: oldRoot, to: UInt64(size), path: [other[0]] + other)
            #expect(twice?.new != root)
            var mixed = honest
            if !mixed.isEmpty { mixed[chance.below(mixed.count)] = oldRoot }
            let neither = MerkleProof.roots(from: UInt64(old), root: oldRoot, to: UInt64(size), path: mixed)
            #expect(neither?.old != oldRoot || neither?.new != root)
            for path in [[], Array(honest.dropLast()), honest + [root], Array(repeating: root, count: 80)] {
                let wrong = MerkleProof.roots(
                    from: UInt64(old), root: SimpleTree.root(leaves.prefix(old)), to: UInt64(size), path: path)
                #expect(wrong?.new != root || wrong?.old != SimpleTree.root(leaves.prefix(old)))
            }
        }
        #expect(shown > 2000)
    }

    @Test func sizesBeyondAnyTreeAndEmptyOnesAreRefused() {
        let hash = Blake2b.hash([1])
        #expect(MerkleProof.root(of: hash, leaf: 0, in: 0, path: []) == nil)
        #expect(MerkleProof.root(of: hash, leaf: 5, in: 5, path: []) == nil)
        #expect(MerkleProof.root(of: hash, leaf: .max, in: .max, path: [hash]) == nil)
        #expect(MerkleProof.root(of: hash, leaf: .max - 1, in: .max, path: Array(repeating: hash, count: 64)) != hash)
        #expect(MerkleProof.roots(from: 0, root: hash, to: 4, path: [hash]) == nil)
        #expect(MerkleProof.roots(from: 5, root: hash, to: 4, path: [hash]) == nil)
        #expect(MerkleProof.roots(from: 4, root: hash, to: 4, path: [hash]) == nil)
        #expect(MerkleProof.roots(from: .max, root: hash, to: .max, path: [])?.new == hash)
        #expect(MerkleProof.path(Bytes(repeating: 0, count: 33)) == nil)
        #expect(MerkleProof.path(Bytes(repeating: 0, count: 65 * 32)) == nil)
        #expect(MerkleProof.path([]) == [])
    }

    @Test func theStoredLogGivesTheSameProofs() throws {
        var chance = SeededChance("stored proofs")
        let database = try Database(path: "", mode: .memory)
        try WardTables.prepare(database)
        var tree = MerkleTree()
        var leaves: [Digest] = []
        for position in 1...3100 {
            let bytes = chance.bytes(1 + chance.below(90))
            leaves.append(MerkleTree.leaf(bytes))
            tree.append(leaf: MerkleTree.leaf(bytes))
            try database.prepare("INSERT INTO entries(position,bytes) VALUES(?1,?2)").bind(1, Int64(position))
                .bind(2, bytes).run()
            guard position % 256 == 0 else { continue }
            try database.prepare("INSERT INTO trees(size,tree) VALUES(?1,?2)").bind(1, Int64(position))
                .bind(2, tree.encoded).run()
        }
        var log = LogTree(database)
        for _ in 0..<300 {
            let size = 1 + chance.below(leaves.count)
            let place = chance.below(size)
            let old = 1 + chance.below(size)
            #expect(
                try log.inclusion(of: UInt64(place + 1), in: UInt64(size))
                    == SimpleTree.path(place, leaves.prefix(size)))
            #expect(
                try log.consistency(from: UInt64(old), to: UInt64(size))
                    == (old == size ? [] : SimpleTree.proof(old, leaves.prefix(size))))
        }
        try database.run("UPDATE trees SET tree=zeroblob(8) WHERE size=2048")
        var fresh = LogTree(database)
        #expect(throws: StoreError.self) { try fresh.inclusion(of: 3000, in: 3100) }
        try database.run("DELETE FROM entries WHERE position=3099")
        #expect(throws: StoreError.self) { try log.inclusion(of: 3100, in: 3100) }
    }
}
