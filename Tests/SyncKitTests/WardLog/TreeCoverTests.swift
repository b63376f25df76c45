// Proofs beside a tree that the reader holds: what is left out follows, and what is told otherwise leads nowhere.

import Testing

@testable import SyncKit

@Suite struct TreeCoverTests {
    private static func complete(_ leaves: [Digest]) -> (UInt64, Int) -> Digest {
        { start, level in SimpleTree.root(leaves[Int(start)..<(Int(start) + 1 << level)]) }
    }

    private static func tree(_ leaves: ArraySlice<Digest>) -> MerkleTree {
        var tree = MerkleTree()
        for leaf in leaves { tree.append(leaf: leaf) }
        return tree
    }

    @Test func whatIsToldBesideATreeGivesTheWholeProofs() throws {
        var chance = SeededChance("tree covers")
        let all = (0..<1200).map { _ in Blake2b.hash(chance.bytes(16)) }
        var told = 0
        for round in 0..<3000 {
            let size = round < 600 ? 1 + round % 40 : 1 + chance.below(round % 30 == 0 ? all.count : 200)
            let known = chance.below(size + 1)
            let leaf = chance.below(size)
            let leaves = Array(all.prefix(size))
            let groups = TreeCover(known: UInt64(known), size: UInt64(size))
            #expect(groups.subtrees.count <= TreeCover.maxLength)
            let since = groups.subtrees.filter { $0.start >= known }.map { Self.complete(leaves)($0.start, $0.level) }
            let path = MerkleProof.inclusion(
                of: UInt64(leaf), in: UInt64(size), beside: groups, complete: Self.complete(leaves))
            // What came in one piece with the newest leaves is told by nothing.
            if leaf >= known, size - known == 1 { #expect(path.isEmpty && since.count == 1) }
            told += path.count
            let held = Self.tree(leaves.prefix(known))
            let cover = try #require(TreeCover(known: UInt64(known), size: UInt64(size), roots: held.peaks + since))
            #expect(cover.tree == Self.tree(leaves[...]))
            #expect(cover.path(of: UInt64(leaf), told: path) == SimpleTree.path(leaf, leaves[...]))
            let proof = known == 0 || known == size ? [] : SimpleTree.proof(known, leaves[...])
            #expect(cover.consistency(from: UInt64(known)) == proof)
            #expect(cover.path(of: UInt64(leaf), told: path + [.zero]) == nil)
            if !path.isEmpty { #expect(cover.path(of: UInt64(leaf), told: Array(path.dropLast())) == nil) }
            #expect(TreeCover(known: UInt64(known), size: UInt64(size), roots: held.peaks + since + [.zero]) == nil)
        }
        #expect(told > 1000)
    }

    @Test func aLogThatGoesOnFromAnotherTreeHasAnotherRoot() throws {
        var chance = SeededChance("other trees")
        let all = (0..<150).map { _ in Blake2b.hash(chance.bytes(16)) }
        for _ in 0..<2000 {
            let size = 2 + chance.below(all.count - 1)
            let known = 1 + chance.below(size)
            let leaves = Array(all.prefix(size))
            var held = Array(leaves.prefix(known))
            var since = TreeCover(known: UInt64(known), size: UInt64(size)).subtrees.filter { $0.start >= known }
                .map { Self.complete(leaves)($0.start, $0.level) }
            let place = chance.below(known + since.count)
            if place < known { held[place] = .zero } else { since[place - known] = .zero }
            let cover = try #require(
                TreeCover(known: UInt64(known), size: UInt64(size), roots: Self.tree(held[...]).peaks + since))
            #expect(cover.tree?.root != SimpleTree.root(leaves[...]))
        }
    }

    @Test func sizesOfAnyKindAreBounded() {
        let large = TreeCover(known: 0xFFFF_FFFF_FFFF, size: .max)
        #expect(large.subtrees.count <= TreeCover.maxLength)
        #expect(TreeCover(known: .max, size: .max).subtrees.last?.end == .max)
        #expect(TreeCover(known: 5, size: 0).subtrees.isEmpty && TreeCover(known: 0, size: 0, roots: [])?.tree != nil)
        #expect(TreeCover(known: 5, size: 3).subtrees.last?.end == 3)
        #expect(large.tree == nil && large.path(of: .max, told: []) == nil && large.consistency(from: 7) == nil)
    }
}
