// Signed objects and the files that hold them.
@testable import SyncKit

func fuzzObject(_ bytes: Bytes) {
    let any = AnySignature()
    for ward in [KnownKeys.ward, KnownKeys.firstWard] {
        _ = Grant(verifying: bytes, ward: ward, keys: KnownKeys.signing, scheme: any)
        if let head = Checkpoint(verifying: bytes, ward: ward, keys: KnownKeys.signing, scheme: any) {
            promise(!head.contradicts(head), "nothing contradicts itself")
        }
        _ = EpochStatement(verifying: bytes, ward: ward, rootKey: KnownKeys.root, scheme: any)
        _ = KeyStatement(verifying: bytes, ward: ward, rootKey: KnownKeys.root, scheme: any)
        if let said = SuccessionStatement(verifying: bytes, ward: ward, scheme: any) {
            promise(said.old != said.new, "nobody goes on as itself")
            promise(SuccessionStatement(trusting: bytes) == said, "a statement is read again alike")
        }
    }
    if let record = try? LogRecord(decoding: bytes) { promise(record.encoded() == bytes, "a log record has one form") }
    _ = WardDescriptor(verifying: bytes, scheme: any)
    if let lock = try? PassphraseLock(decoding: bytes) { promise(lock.encoded == bytes, "a lock has one form") }
    if let head = try? SealedStoreHead(bytes) {
        let used = head.block.prefix(10 + (Int(bytes[8]) << 8 | Int(bytes[9])))
        promise(bytes.starts(with: used), "the head of a sealed store has one form")
    }
    _ = MerkleProof.path(bytes)
    // What stands behind a signature, without one.
    _ = try? Grant(decoding: bytes)
    _ = try? WardDescriptor(decoding: bytes)
}

func fuzzProof(_ bytes: Bytes) {
    let any = AnySignature()
    if let receipt = try? WardReceipt(decoding: bytes) {
        promise(receipt.encoded == bytes, "a receipt has one form")
        _ = try? receipt.proven(scheme: any)
    }
    if let contradiction = try? LogContradiction(decoding: bytes) {
        promise(contradiction.encoded == bytes, "a contradiction has one form")
        _ = contradiction.proven(scheme: any)
    }
    if let fork = try? ForkProof(decoding: bytes) {
        promise(fork.encoded == bytes, "a proof of a fork has one form")
        _ = fork.proven(scheme: any)
    }
    let text = String(decoding: bytes, as: UTF8.self)
    if let file = ProofFile(text) { promise(ProofFile(file.text) == file, "a proof's file is read again alike") }
    _ = WardDescriptor(verifying: text, scheme: any)
    // Paths of any length between any sizes.
    guard bytes.count >= 16, let path = MerkleProof.path(Bytes(bytes[16...])) else { return }
    func number(_ offset: Int) -> UInt64 { (0..<8).reduce(0) { $0 << 8 | UInt64(bytes[offset + $1]) } }
    _ = MerkleProof.root(of: .zero, leaf: number(0), in: number(8), path: path)
    _ = MerkleProof.roots(from: number(0), root: .zero, to: number(8), path: path)
}
