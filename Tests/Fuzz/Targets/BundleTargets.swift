// Fuzzing of what couriers and scanners hand in.
@testable import SyncKit

/// A part as it is; with a head whose check is right, so that what stands behind it is reached; then everything else
/// that comes with bundles.
func fuzzBundle(_ bytes: Bytes) {
    read(bytes)
    if bytes.count >= BundlePart.headLength {
        let head = Bytes(bytes[..<111])
        let check = Blake2b.hash(Bytes("wardsync/v1/bundle-head".utf8) + [0] + head).bytes.prefix(8)
        read(head + check + bytes[119...])
    }
    if let head = ReturnHead(decoding: bytes) {
        promise(head.encoded == bytes, "a return's head has one form")
    }
    if let receipt = PartReceipt(decoding: bytes) {
        promise(receipt.encoded == bytes, "a word on a part has one form")
    }
    let text = String(decoding: bytes, as: UTF8.self)
    for given in [text, "WARDBUNDLE1-" + Base32.encode(bytes)] {
        guard let slice = BundleText(given) else { continue }
        promise(slice.number >= 1 && slice.number <= slice.count, "a text has its place")
        promise(slice.count <= BundleText.most && !slice.slice.isEmpty, "a series is bounded")
    }
}

private func read(_ bytes: Bytes) {
    arrive(bytes)
    guard let part = try? BundlePart(decoding: bytes) else { return }
    promise(part.encoded == bytes, "a part has one form")
    promise((1...part.head.count).contains(part.head.part), "a part has its place")
    promise(part.payload.count <= BundleLimits.payload && part.head.total <= BundleLimits.total, "a part is bounded")
}

/// The same bytes as they come over a network: bounded by what the head says, and nothing is lost between pieces.
private func arrive(_ bytes: Bytes) {
    guard var arrival = try? PartArrival() else { return }
    var kept = Bytes()
    for start in stride(from: 0, to: bytes.count, by: 100) {
        let piece = bytes[start..<min(start + 100, bytes.count)]
        guard (try? piece.withUnsafeBytes { try arrival.append($0) }) != nil else { return }
        if let more = arrival.unkept(atLeast: 150) {
            promise(more.start == kept.count, "what is kept has no gap")
            kept += more.bytes
            arrival.noteKept()
        }
        promise(arrival.head == nil || arrival.file.count <= arrival.fileLength, "an arrival is bounded by its head")
        promise(arrival.fileLength <= BundleLimits.file, "a head is bounded")
    }
    promise(arrival.file == bytes, "an arrival is what came")
    promise(kept.elementsEqual(bytes.prefix(kept.count)), "what is kept is what came")
}
