// A body of a device as a row of blocks, driven in one place for whatever carried it.

/// Takes the blocks of one body in their order: of one sync, or of a bundle, which may hold several requests of one
/// device. What each kind of block does stands here alone.
package struct WardBody {
    private let service: WardService
    /// Whether it came by hand: its serial says nothing then, and it may be of any age.
    private let isCarried: Bool
    /// The newest request.
    package private(set) var session: WardSession?

    package init(_ service: WardService, isCarried: Bool) {
        self.service = service
        self.isCarried = isCarried
    }

    /// Takes one block. What it held is durable and decided when this returned.
    /// - Parameter admitting: asked before a device that the ward does not know is admitted.
    package mutating func take(
        _ block: Block, admitting: () throws(SyncRefusal) -> Void = {}
    ) throws(SyncRefusal) {
        switch (block.kind, session) {
        case (.request, nil):
            session =
                isCarried
                ? try service.beginCarried(block.payload, admitting: admitting)
                : try service.begin(block.payload, admitting: admitting)
        case (.request, let earlier?):
            guard isCarried else { throw SyncRefusal(.malformed) }
            let next = try service.beginCarried(block.payload, admitting: admitting)
            guard next.request.device == earlier.request.device else { throw SyncRefusal(.malformed) }
            next.goOn(from: earlier)
            session = next
        case (_, let session?): try session.receive(block)
        case (_, nil): throw SyncRefusal(.malformed)
        }
    }
}

extension WardService {
    /// Begins with a request that came by hand: of any age, and repeated as often as it likes. It never moves what the
    /// ward remembers of the device's serial or of when it was seen.
    func beginCarried(_ request: Bytes, admitting: () throws(SyncRefusal) -> Void) throws(SyncRefusal) -> WardSession {
        try checkStore()
        let parsed = try SyncRequest(verifying: request, ward: ward, scheme: scheme)
        let isKnown = withCore { $0.grants[parsed.device] != nil }
        if !isKnown { try admitting() }
        try withCore { (core: WardCore) throws(SyncRefusal) in
            try core.checkPosition(parsed)
            try core.letIn(parsed)
        }
        return WardSession(service: self, request: parsed, hash: Blake2b.hash(request))
    }
}
