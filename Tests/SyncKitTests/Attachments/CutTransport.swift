// A link that breaks at a chosen byte, going up or coming down.

@testable import SyncKit

/// Hands bodies to a ward in the same process, and breaks once.
struct CutTransport: SyncTransport {
    let service: WardService
    /// Where the next body breaks, in bytes from its beginning; `nil`: it does not.
    var cutUp: Int?
    var cutDown: Int?
    private(set) var exchanges = 0

    init(_ service: WardService, cutUp: Int? = nil, cutDown: Int? = nil) {
        self.service = service
        self.cutUp = cutUp
        self.cutDown = cutDown
    }

    mutating func exchange(_ body: Bytes, onChunk: (UnsafeRawBufferPointer) -> Bool) throws(TransportError) {
        exchanges += 1
        let sent = cutUp.map { Bytes(body.prefix($0)) } ?? body
        let isCut = cutUp != nil
        cutUp = nil
        var reader = BlockReader()
        var taken = WardBody(service, isCarried: false)
        var out: [Block] = []
        do {
            // In pieces, as a network hands them over.
            for start in stride(from: 0, to: sent.count, by: 1500) {
                reader.append(Bytes(sent[start..<min(start + 1500, sent.count)]))
                while let block = try reader.next() { try taken.take(block) }
            }
            if isCut { throw TransportError(.cut) }
            while let block = try taken.session?.nextBlock() { out.append(block) }
        } catch let refusal as SyncRefusal {
            out.append(Block(.refusal, refusal.encoded))
        } catch { throw TransportError(.cut) }
        var bytes = Bytes(out.flatMap(\.encoded))[...]
        let isCutDown = cutDown != nil
        if let cutDown { bytes = bytes.prefix(cutDown) }
        cutDown = nil
        while !bytes.isEmpty {
            let piece = Bytes(bytes.prefix(1400))
            bytes = bytes.dropFirst(1400)
            if !piece.withUnsafeBytes({ onChunk($0) }) { return }
        }
        if isCutDown { throw TransportError(.cut) }
    }
}
