// A ward in the same process, without a network: for tests and benchmarks.

/// Hands bodies to the ward in the same process.
package struct DirectTransport: SyncTransport {
    private let service: WardService

    package init(service: WardService) { self.service = service }

    package mutating func exchange(_ body: Bytes, onChunk: (UnsafeRawBufferPointer) -> Bool) throws(TransportError) {
        var reader = BlockReader()
        reader.append(body)
        var out: [Block] = []
        do {
            var session: WardSession?
            while let block = try reader.next() {
                switch block.kind {
                case .request: session = try service.begin(block.payload)
                case .frame: try session?.receive(block.payload)
                case .evidence: try session?.receiveEvidence(block.payload)
                case .succession: try session?.receiveSuccession(block.payload)
                default: throw TransportError(.notAWard)
                }
            }
            while let frame = try session?.nextFrame() { out.append(Block(.answer, frame)) }
        } catch let refusal as SyncRefusal {
            out.append(Block(.refusal, refusal.encoded))
        } catch { throw TransportError(.notAWard) }
        for block in out {
            let go = block.encoded.withUnsafeBytes { onChunk($0) }
            if !go { return }
        }
    }
}
