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
            var taken = WardBody(service, isCarried: false)
            while let block = try reader.next() { try taken.take(block) }
            while let block = try taken.session?.nextBlock() { out.append(block) }
        } catch let refusal as SyncRefusal {
            out.append(Block(.refusal, refusal.encoded))
        } catch { throw TransportError(.notAWard) }
        for block in out {
            let go = block.encoded.withUnsafeBytes { onChunk($0) }
            if !go { return }
        }
    }
}
