// One sync over HTTP: blocks are used as soon as each is complete, the answer goes out frame by frame.
import SyncKit

/// A `POST /v1/sync` while its body arrives.
final class SyncExchange: HTTPExchange {
    private let service: WardService
    private let writeBehind: WriteBehind
    private var reader = BlockReader()
    private var session: WardSession?
    private var bytes = 0
    private var frames = 0
    private var parts = 0
    private var isFinished = false
    private let began = monotonicMilliseconds()
    private let traffic: TrafficControl
    private let address: UInt64?
    private var priority = WorkQueue.Priority.resident

    /// A request that says more than this before it is signed for is none of ours.
    private static let maxFrames = 4096
    private static let maxParts = 4096

    /// - Parameter address: what counts as the sender's address.
    init(service: WardService, writeBehind: WriteBehind, traffic: TrafficControl, address: UInt64?) {
        self.traffic = traffic
        self.address = address
        self.service = service
        self.writeBehind = writeBehind
    }

    deinit {
        // What was received by then is durable, and the device asks for it first when it comes back.
        if !isFinished, session != nil { log("sync_cut", status: 0) }
    }

    func receive(_ chunk: UnsafeRawBufferPointer) -> HTTPResponse? {
        bytes += chunk.count
        reader.append(chunk)
        do throws(SyncRefusal) {
            while let block = try nextBlock() { try take(block) }
            return nil
        } catch { return refuse(error) }
    }

    func finish() -> HTTPResponse {
        do throws(SyncRefusal) {
            guard reader.isAtBoundary, let session else { throw SyncRefusal(.malformed) }
            // Until the first frame is made a refusal can still be a status.
            let (first, second) = try traffic.queue.run(priority) { () throws(SyncRefusal) in
                (try session.nextFrame(), try session.nextFrame())
            }
            guard let first else { throw SyncRefusal(.malformed) }
            isFinished = true
            log("sync", status: 200)
            var ready = [first, second].compactMap { $0 }.map { Block(.answer, $0).encoded }
            let overQuota = overQuota(session.received)
            if second == nil, !session.hasWish { return .sync(.bytes((ready.first ?? []) + (overQuota ?? []))) }
            var isOver = false
            // The place at work is given back before a block goes out: how slowly it is read holds up nobody.
            let (queue, priority) = (traffic.queue, priority)
            return .sync(
                .stream {
                    if !ready.isEmpty { return ready.removeFirst() }
                    if isOver { return nil }
                    do throws(SyncRefusal) {
                        let next = try queue.goOn(priority) { () throws(SyncRefusal) in try session.nextBlock() }
                        if let next { return next.encoded }
                        isOver = true
                        return overQuota
                    } catch {
                        isOver = true
                        return Block(.refusal, error.encoded).encoded
                    }
                })
        } catch { return refuse(error) }
    }

    /// What follows the answer where not everything was taken: the device keeps the rest.
    private func overQuota(_ received: WardCore.Received) -> Bytes? {
        if received.retrySeconds == 0 { return nil }
        Log.event("sync_over_quota", [.device: .text(deviceMark)])
        return Block(.refusal, SyncRefusal(.overQuota, number: received.retrySeconds).encoded).encoded
    }

    private func nextBlock() throws(SyncRefusal) -> Block? {
        do { return try reader.next() } catch {
            throw SyncRefusal(error.code == .tooLarge ? .tooLarge : .malformed)
        }
    }

    private func take(_ block: Block) throws(SyncRefusal) {
        switch (block.kind, session) {
        case (.request, nil):
            let begun = try service.begin(block.payload) { () throws(SyncRefusal) in
                try traffic.admitDevice(address)
            }
            let role = service.role(of: begun.request.device) ?? .resident
            try traffic.admit(begun.request.device, role)
            priority = WorkQueue.Priority(role)
            session = begun
        case (.frame, let session?):
            frames += 1
            guard frames <= Self.maxFrames, block.payload.count <= ChangeSetLimits.maxFrame else {
                throw SyncRefusal(.tooLarge)
            }
            let before = session.received.accepted
            if frames == 1 { try traffic.checkDisk(priority) }
            try traffic.queue.run(priority) { () throws(SyncRefusal) in try session.receive(block.payload) }
            writeBehind.note(changes: session.received.accepted - before)
        case (.evidence, let session?):
            frames += 1
            guard frames <= Self.maxFrames else { throw SyncRefusal(.tooLarge) }
            if frames == 1 { try traffic.checkDisk(priority) }
            try traffic.queue.run(priority) { () throws(SyncRefusal) in try session.receiveEvidence(block.payload) }
            writeBehind.note(changes: 1)
        case (.succession, let session?):
            try traffic.queue.run(priority) { () throws(SyncRefusal) in
                try session.receiveSuccession(block.payload)
            }
            writeBehind.note(changes: 1)
        case (.part, let session?):
            parts += 1
            guard parts <= Self.maxParts, block.payload.count <= ContentPart.maxPayload else {
                throw SyncRefusal(.tooLarge)
            }
            if parts == 1 { try traffic.checkDisk(priority) }
            try traffic.queue.run(priority) { () throws(SyncRefusal) in try session.receivePart(block.payload) }
        case (.wish, let session?):
            try traffic.queue.run(priority) { () throws(SyncRefusal) in try session.receiveWish(block.payload) }
        default: throw SyncRefusal(.malformed)
        }
    }

    private func refuse(_ refusal: SyncRefusal) -> HTTPResponse {
        isFinished = true
        let response = HTTPResponse.refusal(refusal)
        log("sync_refused", status: response.status, reason: "\(refusal.code)")
        return response
    }

    /// The beginning of the key tells devices apart and names nobody.
    private var deviceMark: String { session.map { String($0.request.device.description.prefix(8)) } ?? "" }

    private func log(_ event: StaticString, status: Int, reason: String = "") {
        let received = session?.received ?? WardCore.Received()
        Log.event(
            event,
            [
                .device: .text(deviceMark), .status: .int(status), .reason: .text(reason), .bytes: .int(bytes),
                .frames: .int(frames), .accepted: .int(received.accepted), .held: .int(received.held),
                .refused: .int(received.refused), .milliseconds: .int(Int(monotonicMilliseconds() - began)),
            ])
    }
}

/// A `POST /v1/join` while its body arrives.
final class JoinExchange: HTTPExchange {
    private let service: WardService
    private let queue: WorkQueue
    private var body = Bytes()
    /// No join request is longer.
    private static let maxBody = 1024

    init(service: WardService, queue: WorkQueue) {
        self.service = service
        self.queue = queue
    }

    func receive(_ chunk: UnsafeRawBufferPointer) -> HTTPResponse? {
        guard body.count + chunk.count <= Self.maxBody else { return refuse(SyncRefusal(.tooLarge)) }
        body += chunk
        return nil
    }

    func finish() -> HTTPResponse {
        do throws(SyncRefusal) {
            // Whose invitation it is, if anybody's, is not known before.
            let grant = try queue.run(.resident) { () throws(SyncRefusal) in try service.join(body) }
            Log.event("join", [.status: .int(200)])
            return .sync(.bytes(grant))
        } catch { return refuse(error) }
    }

    private func refuse(_ refusal: SyncRefusal) -> HTTPResponse {
        let response = HTTPResponse.refusal(refusal)
        Log.event("join_refused", [.status: .int(response.status), .reason: .text("\(refusal.code)")])
        return response
    }
}
