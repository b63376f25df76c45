// Bundles over HTTP: couriers hand in parts that they cannot read, and fetch what goes back.
import SyncKit

/// What all exchanges about bundles share.
final class BundleDesk: Sendable {
    let service: WardService
    let writeBehind: WriteBehind
    let traffic: TrafficControl
    private let arriving = Monitor(0)

    init(service: WardService, writeBehind: WriteBehind, traffic: TrafficControl) {
        self.service = service
        self.writeBehind = writeBehind
        self.traffic = traffic
    }

    /// Takes one of the places for parts that are held in memory while they arrive.
    fileprivate func enter() -> Bool {
        arriving.change { count in
            guard count < traffic.limits.bundleParts else { return false }
            count += 1
            return true
        }
    }

    fileprivate func leave() { arriving.change { $0 -= 1 } }

    /// `GET /v1/bundle/ID/PART`: a part of the return that answers a bundle. Whoever carried the bundle knows its id.
    func returnPart(_ path: String) -> HTTPResponse {
        let words = path.split(separator: "/", omittingEmptySubsequences: false)
        guard words.count == 5, let id = Digest(hex: String(words[3])), words[4].utf8.count <= 4,
            let number = Int(words[4]), number >= 1
        else { return .text(404, "not found") }
        do {
            let bytes = try service.withCore { core throws(StoreError) in
                try core.shelf.answer(to: id).flatMap { row throws(StoreError) in try core.shelf.part(row.id, number) }
            }
            guard let bytes else { return .text(404, "no return") }
            return .sync(.bytes(bytes))
        } catch {
            service.note(error)
            return .refusal(SyncRefusal(.storeFault))
        }
    }
}

/// A `POST /v1/bundle` while its body arrives: the file of one part.
final class BundleExchange: HTTPExchange {
    private let desk: BundleDesk
    private let address: UInt64?
    private var body = Bytes()
    private var isInside = false
    private let began = monotonicMilliseconds()

    init(_ desk: BundleDesk, address: UInt64?) {
        self.desk = desk
        self.address = address
    }

    deinit { if isInside { desk.leave() } }

    func receive(_ chunk: UnsafeRawBufferPointer) -> HTTPResponse? {
        if !isInside {
            guard desk.enter() else { return refuse(SyncRefusal(.unavailable)) }
            isInside = true
            do { try desk.traffic.checkDisk(.resident) } catch { return refuse(error) }
        }
        guard body.count + chunk.count <= BundleLimits.file else { return refuse(SyncRefusal(.tooLarge)) }
        body += chunk
        return nil
    }

    func finish() -> HTTPResponse {
        let intake: BundleIntake
        do throws(BundleError) {
            let part = try BundlePart(decoding: body)
            body = []
            intake = try desk.service.take(part, gate: HTTPGate(desk: desk, address: address))
        } catch { return refuse(SyncRefusal(error.code == .otherWard ? .otherWard : .malformed)) }
        switch intake {
        case .waiting(let missing): return tell(intake, PartReceipt(state: .waiting, missing: missing))
        case .taken(let result): return tell(intake, PartReceipt(state: .taken, returnParts: result.parts))
        case .known(_, let parts): return tell(intake, PartReceipt(state: .taken, returnParts: parts))
        case .refused: return tell(intake, PartReceipt(state: .refused))
        case .later(let refusal): return refuse(refusal)
        case .noRoom: return refuse(SyncRefusal(.unavailable))
        case .full: return refuse(SyncRefusal(.tooMany, number: 3600))
        }
    }

    private func tell(_ intake: BundleIntake, _ receipt: PartReceipt) -> HTTPResponse {
        var result = BundleResult()
        if case .taken(let taken) = intake { result = taken }
        desk.writeBehind.note(changes: result.accepted)
        Log.event(
            "bundle",
            [
                .reason: .text(intake.word), .accepted: .int(result.accepted), .held: .int(result.held),
                .refused: .int(result.refused), .milliseconds: .int(Int(monotonicMilliseconds() - began)),
            ])
        return .sync(.bytes(receipt.encoded))
    }

    private func refuse(_ refusal: SyncRefusal) -> HTTPResponse {
        let response = HTTPResponse.refusal(refusal)
        Log.event("bundle_refused", [.status: .int(response.status), .reason: .text("\(refusal.code)")])
        return response
    }
}

/// A bundle waits in the queue of whose it is, and a new device counts for the address that brought it.
private struct HTTPGate: BundleGate {
    let desk: BundleDesk
    let address: UInt64?

    func admit() throws(SyncRefusal) { try desk.traffic.admitDevice(address) }

    func perform(for session: WardSession?, _ work: () throws(SyncRefusal) -> Void) throws(SyncRefusal) {
        let role = session.flatMap { desk.service.role(of: $0.request.device) } ?? .resident
        let priority = WorkQueue.Priority(role)
        try desk.traffic.checkDisk(priority)
        try desk.traffic.queue.run(priority) { () throws(SyncRefusal) in try work() }
    }
}
