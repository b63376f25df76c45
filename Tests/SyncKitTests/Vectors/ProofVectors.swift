// Vectors of proofs: paths in trees, receipt files, and what a ward signed that cannot all be true.

@testable import SyncKit

extension CodecVectors {
    /// The hashes of the leaves 0, 1, 2 …: of the number as one byte.
    private static func numbered(_ count: Int) -> [Digest] {
        (0..<count).map { MerkleTree.leaf([UInt8(truncatingIfNeeded: $0)]) }
    }

    private static func complete(_ leaves: [Digest]) -> (UInt64, Int) -> Digest {
        { start, level in SimpleTree.root(leaves[Int(start)..<(Int(start) + 1 << level)]) }
    }

    private static func path(_ path: [Digest]) -> JSONText { .list(path.map { .hex($0) }) }

    private var trees: JSONText {
        let leaves = Self.numbered(23)
        let inclusion: [(UInt64, UInt64)] = [(0, 1), (0, 2), (3, 5), (6, 7), (7, 8), (12, 13), (16, 23), (22, 23)]
        let consistency: [(UInt64, UInt64)] = [(1, 2), (3, 7), (4, 7), (6, 8), (8, 23), (13, 23), (22, 23), (23, 23)]
        return .object([
            ("leaves", Self.path(leaves)),
            (
                "inclusion",
                .list(
                    inclusion.map { leaf, size in
                        .object([
                            ("leaf", .number(leaf)), ("size", .number(size)),
                            ("root", .hex(SimpleTree.root(leaves.prefix(Int(size))))),
                            (
                                "path",
                                Self.path(
                                    MerkleProof.inclusion(of: leaf, in: size, complete: Self.complete(leaves)))
                            ),
                        ])
                    })
            ),
            (
                "consistency",
                .list(
                    consistency.map { old, size in
                        .object([
                            ("from", .number(old)), ("to", .number(size)),
                            ("oldRoot", .hex(SimpleTree.root(leaves.prefix(Int(old))))),
                            ("root", .hex(SimpleTree.root(leaves.prefix(Int(size))))),
                            (
                                "path",
                                Self.path(
                                    MerkleProof.consistency(from: old, to: size, complete: Self.complete(leaves)))
                            ),
                        ])
                    })
            ),
            ("beside", besideTrees(leaves)),
        ])
    }

    /// What is told to who holds the tree of the first `known` leaves: the roots of the subtrees that came since, and of
    /// an audit path what does not follow.
    private func besideTrees(_ leaves: [Digest]) -> JSONText {
        let cases: [(known: UInt64, size: UInt64, leaf: UInt64)] = [
            (0, 1, 0), (0, 23, 5), (7, 8, 7), (12, 13, 12), (13, 23, 14), (13, 23, 3), (16, 23, 22), (22, 23, 22),
            (23, 23, 20),
        ]
        return .list(
            cases.map { item in
                let cover = TreeCover(known: item.known, size: item.size)
                let complete = Self.complete(leaves)
                let roots = cover.subtrees.map { complete($0.start, $0.level) }
                let peaks = Int(item.known.nonzeroBitCount)
                return .object([
                    ("known", .number(item.known)), ("size", .number(item.size)), ("leaf", .number(item.leaf)),
                    ("peaks", Self.path(Array(roots.prefix(peaks)))),
                    ("subtrees", Self.path(Array(roots.dropFirst(peaks)))),
                    (
                        "path",
                        Self.path(
                            MerkleProof.inclusion(of: item.leaf, in: item.size, beside: cover, complete: complete))
                    ),
                    ("root", .hex(SimpleTree.root(leaves.prefix(Int(item.size))))),
                ])
            })
    }

    private var entries: [Bytes] { records().map { $0.record.encoded() } }

    private func checkpoint(_ leaves: ArraySlice<Digest>, serial: UInt64) -> Checkpoint {
        Checkpoint(
            ward: ward, position: Position(epoch: 0, index: UInt64(leaves.count)), root: SimpleTree.root(leaves),
            serial: serial, time: 1_790_000_600)
    }

    private func signed(_ checkpoint: Checkpoint) -> Bytes { checkpoint.signed(by: signing, scheme: scheme) }

    private func object() throws -> Bytes {
        guard let bytes = WardDescriptor.decodeText(descriptor.signedText(by: root, scheme: scheme)) else {
            throw StoreError(.misuse, "descriptor")
        }
        return bytes
    }

    private func receipt(_ name: String, _ change: ChangeSet, at position: Int, content: Bool) throws -> JSONText {
        let leaves = entries.map(MerkleTree.leaf)
        let receipt = WardReceipt(
            descriptor: try object(), header: change.headerBytes, signature: change.signature,
            position: Position(epoch: 0, index: UInt64(position)), entry: entries[position - 1],
            path: SimpleTree.path(position - 1, leaves[...]), checkpoint: signed(checkpoint(leaves[...], serial: 42)),
            content: content ? .init(skeleton: change.skeleton, values: change.values?.bytes) : nil)
        return .object([
            ("name", .text(name)), ("text", .text(ProofFile.receipt(receipt).text)), ("id", .hex(change.id)),
            ("document", .hex(change.document)), ("device", .hex(change.header.device)),
            ("sequence", .number(change.header.sequence)), ("position", .number(UInt64(position))),
            ("size", .number(UInt64(leaves.count))), ("entry", .hex(entries[position - 1])),
            ("skeleton", .hex(content ? change.skeleton : nil)),
            ("values", .hex(content ? change.values?.bytes : nil)),
        ])
    }

    private func contradiction(
        _ name: String, _ kind: LogContradiction.Kind, _ first: Checkpoint, _ second: Checkpoint?,
        path: [Digest] = [], answer: SyncAnswer? = nil
    ) throws -> JSONText {
        let request = Blake2b.hash(Bytes("request".utf8))
        let made = LogContradiction(
            descriptor: try object(), first: signed(first), second: second.map(signed) ?? [], path: path,
            answer: answer.map {
                LogContradiction.Answer(
                    request: request,
                    frame: $0.signed(
                        for: request, by: signing, ward: ward, scheme: scheme, dictionary: FrameDictionary.current))
            })
        guard made.proven(scheme: scheme)?.kind == kind else { throw StoreError(.misuse, name) }
        return .object([
            ("name", .text(name)), ("text", .text(ProofFile.contradiction(made).text)), ("kind", .text(kind.rawValue)),
            ("first", .number(first.position.index)), ("second", second.map { .number($0.position.index) } ?? .null),
        ])
    }

    /// Another change set that Lan's device signs after one of its chain, as a copy of its store would.
    private func onBranch(after change: ChangeSet) throws -> ChangeSet {
        var draft = ChangeSetDraft(kind: .report, document: changes[0].change.document)
        draft.perform(.append(Slot(field: ReportField.comments)), .text("Từ bản sao"))
        return try draft.signed(
            by: lan, ward: ward, after: ChainLink(sequence: change.header.sequence, id: change.id),
            time: HybridTime(seconds: 1_790_000_200, counter: 0), seen: changes[0].change.header.seen,
            salt: Bytes(repeating: 9, count: ChangeSetLimits.saltLength), scheme: scheme)
    }

    private func fork(_ name: String, _ first: ChangeSet, _ second: ChangeSet) throws -> JSONText {
        let made = ForkProof(descriptor: try object(), first, second)
        guard made.proven(scheme: scheme) != nil else { throw StoreError(.misuse, name) }
        return .object([
            ("name", .text(name)), ("text", .text(ProofFile.fork(made).text)), ("device", .hex(first.header.device)),
            ("sequences", .list([.number(first.header.sequence), .number(second.header.sequence)])),
            ("ids", .list([.hex(first.id), .hex(second.id)])),
        ])
    }

    private func forks() throws -> JSONText {
        let second = try onBranch(after: changes[0].change)
        return .list([
            try fork("two change sets with one number", changes[1].change, second),
            try fork("the next number after another one", changes[1].change, try onBranch(after: second)),
        ])
    }

    /// The whole file.
    func proofs() throws -> JSONText {
        let leaves = entries.map(MerkleTree.leaf)
        var others = leaves
        others[1] = MerkleTree.leaf([0])
        let whole = checkpoint(leaves[...], serial: 42)
        var behind = SyncAnswer()
        behind.flags = [.last, .behind]
        behind.serverTime = 1_790_000_700
        let shorter = checkpoint(leaves.prefix(5), serial: 30)
        behind.upTo = shorter.mark
        behind.checkpoint = signed(shorter)
        var other = SyncAnswer()
        other.flags = .last
        other.serverTime = 1_790_000_700
        other.upTo = checkpoint(others[...], serial: 42).mark
        func path(from old: UInt64) -> [Digest] {
            MerkleProof.consistency(from: old, to: UInt64(leaves.count), complete: Self.complete(leaves))
        }
        return .object([
            ("ward", .hex(ward)), ("trees", trees),
            (
                "receipts",
                .list([
                    try receipt("accepted creation of a report", changes[0].change, at: 2, content: false),
                    try receipt("held edit with its content", changes[1].change, at: 3, content: true),
                    try receipt("claim, without values, with its content", changes[3].change, at: 4, content: true),
                ])
            ),
            (
                "contradictions",
                .list([
                    try contradiction(
                        "the same size with another root", .forked, whole, checkpoint(others[...], serial: 43)),
                    try contradiction(
                        "a smaller size with a later serial", .rolledBack, whole,
                        checkpoint(leaves.prefix(5), serial: 43)),
                    try contradiction(
                        "a larger size that begins differently", .forked,
                        checkpoint(others.prefix(5), serial: 30), whole, path: path(from: 5)),
                    try contradiction(
                        "a larger size that begins differently, from a power of two", .forked,
                        checkpoint(others.prefix(4), serial: 30), whole,
                        path: [checkpoint(leaves.prefix(4), serial: 30).root] + path(from: 4)),
                    try contradiction(
                        "an answer with less of the log", .rolledBack, whole, shorter, answer: behind),
                    try contradiction(
                        "an answer with another root at the same size", .forked, whole, nil, answer: other),
                ])
            ),
            ("forks", try forks()),
        ])
    }
}
