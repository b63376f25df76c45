// Bundles over HTTP: couriers hand in parts that they cannot read, and go on inside of a part that broke off.
import SyncKit

/// A `POST /v1/bundle` while its body arrives, the file of one part; or a `POST /v1/bundle/ID/PART/OFFSET`, the rest of
/// one whose beginning came before. What came is kept every 32 KiB, and when the way breaks.
final class BundleExchange: HTTPExchange {
    private let desk: BundleDesk
    private let address: UInt64?
    /// Where it goes on.
    private let resumed: (place: PartPlace, offset: Int)?
    private var arrival: PartArrival?
    private var cut = HTTPCut { _ in false }
    private var place: ArrivalPlace?
    /// Whether the beginning is worth keeping, should nothing more come.
    private var isKeeping = true
    private var hasKept = false
    private let began = monotonicMilliseconds()

    init(_ desk: BundleDesk, address: UInt64?, resuming resumed: (place: PartPlace, offset: Int)? = nil) {
        self.desk = desk
        self.address = address
        self.resumed = resumed
    }

    deinit {
        if place != nil, isKeeping {
            keep(atLeast: 1)
            Log.event("bundle_cut", [.bytes: .int(arrival?.file.count ?? 0)])
        }
    }

    func begin(_ cut: HTTPCut) { self.cut = cut }

    func receive(_ chunk: UnsafeRawBufferPointer) -> HTTPResponse? {
        let came = monotonicMilliseconds()
        if let response = open() { return response }
        do throws(BundleError) { try arrival?.append(chunk) } catch { return refuse(error) }
        if let head = arrival?.head {
            if !desk.service.accepts(head) { return refuse(BundleError(.otherWard, head)) }
            if let response = enter() { return response }
        }
        if isKeeping { keep(atLeast: PartArrival.step) }
        place?.received(chunk.count, workedMilliseconds: monotonicMilliseconds() - came)
        return nil
    }

    func finish() -> HTTPResponse {
        if let response = open() { return response }
        isKeeping = false
        let intake: BundleIntake
        do throws(BundleError) {
            let part = try BundlePart(decoding: arrival?.file ?? [])
            arrival = nil
            intake = try desk.service.take(part, gate: HTTPGate(desk: desk, address: address))
        } catch { return refuse(error) }
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

    /// Before more than a head is held in memory: room on the disk, and a place.
    private func enter() -> HTTPResponse? {
        if place != nil { return nil }
        do throws(SyncRefusal) { try desk.traffic.checkDisk(.resident) } catch { return refuse(error) }
        place = desk.places.take(for: address, cut)
        return place == nil ? refuse(SyncRefusal(.unavailable)) : nil
    }

    /// Before the first byte: the beginning, where there has to be one. What comes anew has no place before its head is
    /// there: until then it is a few bytes, whoever sends them.
    private func open() -> HTTPResponse? {
        if arrival != nil { return nil }
        var beginning = Bytes()
        if let resumed {
            if let response = enter() { return response }
            do throws(StoreError) {
                guard let held = try desk.service.beginning(of: resumed.place, upTo: resumed.offset) else {
                    return anew()
                }
                beginning = held
            } catch {
                desk.service.note(error)
                return refuse(SyncRefusal(.storeFault))
            }
        }
        do throws(BundleError) { arrival = try PartArrival(after: beginning) } catch { return refuse(error) }
        return nil
    }

    /// Keeps what came. What is not kept now will not be: the next bytes would have to follow on it.
    private func keep(atLeast least: Int) {
        guard let arrival, let piece = arrival.unkept(atLeast: least) else { return }
        let (service, address) = (desk.service, address)
        let isKept = try? desk.traffic.queue.run(.resident) { () throws(SyncRefusal) in
            do throws(StoreError) {
                return try service.keep(piece.bytes, at: piece.start, of: arrival, origin: address)
            } catch {
                service.note(error)
                return false
            }
        }
        isKeeping = isKept ?? false
        hasKept = hasKept || isKeeping
        self.arrival?.noteKept()
    }

    /// Nothing is there to go on from.
    private func anew() -> HTTPResponse {
        isKeeping = false
        Log.event("bundle_anew", [.bytes: .int(resumed?.offset ?? 0)])
        return .sync(.bytes(PartReceipt(state: .anew).encoded))
    }

    /// What came is no part for this ward, and nothing of it stays; where only its beginning may be to blame, it is
    /// asked for again.
    private func refuse(_ error: BundleError) -> HTTPResponse {
        // What others began under the same name is theirs.
        if let head = arrival?.head ?? error.head, hasKept || resumed != nil {
            do throws(StoreError) {
                try desk.service.dropBeginning(of: PartPlace(bundle: head.id, part: head.part))
            } catch { desk.service.note(error) }
        }
        if resumed != nil { return anew() }
        return refuse(SyncRefusal(error.code == .otherWard ? .otherWard : .malformed))
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
        isKeeping = false
        let response = HTTPResponse.refusal(refusal)
        Log.event("bundle_refused", [.status: .int(response.status), .reason: .text("\(refusal.code)")])
        return response
    }
}

/// A bundle waits in the queue of whose it is, and counts among that device's syncs; a new device counts for the address
/// that brought it.
final class HTTPGate: BundleGate {
    private let desk: BundleDesk
    private let address: UInt64?
    private var isCounted = false

    init(desk: BundleDesk, address: UInt64?) {
        self.desk = desk
        self.address = address
    }

    /// A thread of the server that waits serves nobody else.
    var mayWait: Bool { false }

    func admit() throws(SyncRefusal) { try desk.traffic.admitDevice(address) }

    func perform(for session: WardSession?, _ work: () throws(SyncRefusal) -> Void) throws(SyncRefusal) {
        let role = session.flatMap { desk.service.role(of: $0.request.device) } ?? .resident
        let priority = WorkQueue.Priority(role)
        if let session, !isCounted {
            isCounted = true
            try desk.traffic.admit(session.request.device, role)
        }
        try desk.traffic.checkDisk(priority)
        try desk.traffic.queue.run(priority) { () throws(SyncRefusal) in try work() }
    }
}
