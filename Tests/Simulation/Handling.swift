// A body at a ward's service, taken as an HTTP handler takes it.

import SyncKit

/// What became of a body.
struct Handled {
    var answer: [Bytes] = []
    var refusal: SyncRefusal.Code?
    /// The connection ended before the answer was whole.
    var isLost = false
}

extension WardService {
    /// Takes a body block by block, then gives the answer frame by frame.
    /// - Parameters:
    ///   - hasEnded: whether the process ended, so that nobody hears a refusal.
    ///   - between: what happens between two blocks; false where the process ends there.
    func handle(_ body: Bytes, hasEnded: () -> Bool = { false }, between: () throws -> Bool) throws -> Handled {
        var handled = Handled()
        var reader = BlockReader()
        reader.append(body)
        do {
            var session: WardSession?
            while let block = try reader.next() {
                if block.kind == .request {
                    session = try begin(block.payload)
                } else {
                    try session?.receive(block)
                }
                guard try between(), !hasEnded() else {
                    handled.isLost = true
                    return handled
                }
            }
            guard reader.isAtBoundary, let session else {
                handled.isLost = true
                return handled
            }
            while let block = try session.nextBlock() {
                handled.answer.append(block.encoded)
                guard try between(), !hasEnded() else {
                    handled.isLost = true
                    return handled
                }
            }
        } catch let refusal as SyncRefusal {
            handled.refusal = refusal.code
            if hasEnded() {
                handled.isLost = true
            } else {
                handled.answer.append(Block(.refusal, refusal.encoded).encoded)
            }
        }
        return handled
    }
}
