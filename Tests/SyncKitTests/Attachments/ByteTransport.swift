// A link over which every byte of an answer arrives alone.

@testable import SyncKit

/// Hands answers of a ward in the same process out byte by byte, and watches a store meanwhile.
struct ByteTransport: SyncTransport {
    private let service: WardService
    /// How many rows of the store were written so far.
    private let rows: () -> Int64?
    /// Bytes that were handed out.
    private(set) var bytes = 0
    /// Bytes with which something was written, and those of them that do not end a block.
    private(set) var writes = 0
    private(set) var wrong = 0

    init(_ service: WardService, rows: @escaping () -> Int64?) {
        self.service = service
        self.rows = rows
    }

    mutating func exchange(_ body: Bytes, onChunk: (UnsafeRawBufferPointer) -> Bool) throws(TransportError) {
        var answer = Bytes()
        var direct = DirectTransport(service: service)
        try direct.exchange(body) { block in
            answer += block
            return true
        }
        var reader = BlockReader()
        var known = rows()
        for byte in answer {
            bytes += 1
            reader.append([byte])
            let goesOn = withUnsafeBytes(of: byte) { onChunk($0) }
            let isEnd = (try? reader.next()) != nil && reader.isAtBoundary
            let now = rows()
            if now != known {
                known = now
                writes += 1
                if !isEnd { wrong += 1 }
            }
            if !goesOn { return }
        }
    }
}
