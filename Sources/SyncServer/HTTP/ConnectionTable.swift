// Every open connection: what it is doing, until when it may, and how it is ended.
import Glibc
import SyncKit

/// What a connection is doing.
enum ConnectionPhase {
    /// Idle, or sending its head. Nothing of ours is lost when it is cut.
    case waiting
    /// Sending its body.
    case receiving
    /// Inside the router. Never cut.
    case working
    /// Being answered.
    case responding
    /// Its socket is shut; the daemon will close it.
    case cut

    /// The lower, the less is lost by a cut.
    fileprivate var rank: Int {
        switch self {
        case .waiting: 0
        case .receiving: 1
        case .responding: 2
        case .working, .cut: 3
        }
    }
}

/// Whether a connection's next request is let in.
enum Admission {
    case admitted
    case tooManyConnections
    case tooManyFromAddress
    case stopping
}

/// Counts connections, keeps their absolute deadlines and drains them when the server stops.
///
/// libmicrohttpd's own timeout is only for inactivity, so a sender of one byte a second would live for ever. A socket
/// is shut under the lock and an entry leaves before its descriptor is closed, so no other connection is ever hit.
///
/// Places are shared out by address: when all are taken, whoever comes from an address that has fewer takes the place of
/// the address that has most. So neither one machine nor a few can keep a ward to themselves with slow connections.
final class ConnectionTable: Sendable {
    private struct Entry {
        let descriptor: Int32
        let peer: PeerAddress
        let admission: Admission
        var phase = ConnectionPhase.waiting
        /// When the phase began.
        var since: Int64 = 0
        var deadline: Int64?
    }

    private struct State {
        var entries: [Int: Entry] = [:]
        var perAddress: [UInt64: Int] = [:]
        var nextID = 0
        var stopping = false
        /// After it, only work in the router and its answer go on.
        var drained = false
        var ended = false
        /// When the watchdog looks next, and the earliest deadline since it last looked.
        var nextLook = Int64.max
        var soonest = Int64.max

        /// Most changes concern nobody else, and a thread that wakes for each of them would cost more than they do.
        var concernsWaiters: Bool { stopping || ended || soonest < nextLook }

        mutating func setDeadline(_ deadline: Int64?, of id: Int) {
            entries[id]?.deadline = deadline
            if let deadline { soonest = min(soonest, deadline) }
        }
    }

    private let monitor = Monitor(State())
    private let limits: HTTPLimits
    /// Whether a refusal may be written past libmicrohttpd.
    private let plaintext: Bool
    /// An answer to work that outlived the drain gets this long.
    private static let lastAnswerMilliseconds: Int64 = 2000
    /// An idle connection gets this long when the server stops, so that a request on its way is answered with 503.
    private static let stoppingIdleMilliseconds: Int64 = 1000

    init(limits: HTTPLimits, plaintext: Bool) {
        self.limits = limits
        self.plaintext = plaintext
    }

    func opened(descriptor: Int32, peer: PeerAddress) -> Int {
        update { state in
            let id = state.nextID
            state.nextID += 1
            let fromAddress = (state.perAddress[peer.countedAs] ?? 0) + 1
            state.perAddress[peer.countedAs] = fromAddress
            let admission: Admission =
                if fromAddress > limits.maxConnectionsPerAddress {
                    .tooManyFromAddress
                } else if state.entries.count < limits.maxConnections || makeRoom(for: peer, &state) {
                    .admitted
                } else {
                    .tooManyConnections
                }
            if admission != .admitted { boundRefused(&state) }
            state.entries[id] = Entry(descriptor: descriptor, peer: peer, admission: admission)
            enterWaiting(id, &state)
            return id
        }
    }

    /// The daemon closes the descriptor right after this.
    func closed(_ id: Int) {
        update { state in
            guard let entry = state.entries.removeValue(forKey: id) else { return }
            Self.discardUnread(entry.descriptor)
            let key = entry.peer.countedAs
            let left = (state.perAddress[key] ?? 1) - 1
            state.perAddress[key] = left > 0 ? left : nil
        }
    }

    /// A head has arrived: from here on the router works.
    func begin(_ id: Int) -> Admission {
        update { state in
            guard let entry = state.entries[id], entry.phase != .cut, !state.stopping else { return .stopping }
            if entry.admission == .admitted { Self.enter(.working, seconds: nil, id, &state) }
            return entry.admission
        }
    }

    /// The body may come. False when the server is past its drain: then nobody waits for bodies any more.
    func receiving(_ id: Int) -> Bool {
        update { state in
            if state.drained { return false }
            Self.enter(.receiving, seconds: limits.bodySeconds, id, &state)
            return true
        }
    }

    /// False when the connection was cut meanwhile.
    func isReceiving(_ id: Int) -> Bool { monitor.withLock { $0.entries[id]?.phase == .receiving } }

    /// The body is complete. False when the connection was cut meanwhile: then the router must not be called.
    func working(_ id: Int) -> Bool {
        update { state in
            guard state.entries[id]?.phase == .receiving else { return false }
            Self.enter(.working, seconds: nil, id, &state)
            return true
        }
    }

    /// True when the answer has to say that the connection closes after it.
    func responding(_ id: Int) -> Bool {
        update { state in
            Self.enter(.responding, seconds: limits.responseSeconds, id, &state)
            if state.drained {
                state.setDeadline(monotonicMilliseconds() + Self.lastAnswerMilliseconds, of: id)
            }
            return state.stopping
        }
    }

    /// The answer is out. The connection may send another request.
    func completed(_ id: Int) {
        update { state in
            enterWaiting(id, &state)
        }
    }

    /// Answers in the middle of a body, where libmicrohttpd cannot, and shuts the socket.
    /// - Returns: false where the body is not being received any more; then nothing is done.
    @discardableResult
    func refuseBody(_ id: Int, with response: HTTPResponse) -> Bool {
        update { state in
            guard let entry = state.entries[id], entry.phase == .receiving else { return false }
            writeRefusal(response, to: entry.descriptor)
            Self.cut(id, &state)
            return true
        }
    }

    /// Every new request is refused from here on; idle connections get a moment to be told so.
    func stopAdmitting() {
        update { state in
            state.stopping = true
            let end = monotonicMilliseconds() + Self.stoppingIdleMilliseconds
            for (id, entry) in state.entries where entry.phase == .waiting {
                state.setDeadline(min(entry.deadline ?? end, end), of: id)
            }
        }
    }

    /// Waits until every connection is gone; at the deadline it refuses those still sending and cuts slow answers.
    /// Work in the router is waited for however long it takes.
    func drain(until deadline: Int64) {
        let emptied = monitor.loop { state -> MonitorStep<Bool> in
            if state.entries.isEmpty { return .done(true) }
            return monotonicMilliseconds() >= deadline ? .done(false) : .waitUntil(deadline)
        }
        if emptied { return }
        update { state in
            state.drained = true
            for (id, entry) in state.entries where entry.phase != .working {
                if entry.phase == .receiving { writeRefusal(stoppingResponse, to: entry.descriptor) }
                Self.cut(id, &state)
            }
        }
        monitor.loop { state -> MonitorStep<Void> in
            state.entries.values.allSatisfy { $0.phase == .cut } ? .done(()) : .wait
        }
    }

    /// The answer to whoever comes while the server stops.
    var stoppingResponse: HTTPResponse {
        .text(503, "the server is stopping", headers: [("Retry-After", String(limits.retryAfterSeconds))])
    }

    /// Cuts what outlives its deadline, until `endWatch`. Runs on a thread of its own.
    func watch() {
        monitor.loop { state -> MonitorStep<Void> in
            if state.ended { return .done(()) }
            let now = monotonicMilliseconds()
            for (id, entry) in state.entries {
                guard let deadline = entry.deadline, deadline <= now else { continue }
                if entry.phase == .receiving {
                    writeRefusal(.text(408, "the body came too slowly"), to: entry.descriptor)
                }
                if !state.stopping { Self.report(entry) }
                Self.cut(id, &state)
            }
            state.nextLook = state.entries.values.compactMap(\.deadline).min() ?? .max
            state.soonest = state.nextLook
            return state.nextLook == .max ? .wait : .waitUntil(state.nextLook)
        }
    }

    func endWatch() { update { $0.ended = true } }

    /// Whether there is a place for a newcomer, which may be one that was taken away from the most crowded address.
    private func makeRoom(for peer: PeerAddress, _ state: inout State) -> Bool {
        let open = state.entries.filter { $0.value.phase != .cut && $0.value.admission == .admitted }
        if open.count < limits.maxConnections { return true }
        var counts: [UInt64: Int] = [:]
        for entry in open.values { counts[entry.peer.countedAs, default: 0] += 1 }
        guard let crowded = counts.max(by: { $0.value < $1.value }),
            crowded.value > (counts[peer.countedAs] ?? 0) + 1
        else { return false }
        // Who has not said anything whole loses least, then who has been at it longest; work is never cut.
        let victim = open.filter { $0.value.peer.countedAs == crowded.key && $0.value.phase != .working }
            .min { ($0.value.phase.rank, $0.value.since, $0.key) < ($1.value.phase.rank, $1.value.since, $1.key) }
        guard let victim else { return false }
        Self.report(victim.value, "crowded_out")
        Self.cut(victim.key, &state)
        return true
    }

    /// Those who wait to be told that there is no place are few as well: the oldest goes.
    private func boundRefused(_ state: inout State) {
        let refused = state.entries.filter { $0.value.phase != .cut && $0.value.admission != .admitted }
        guard refused.count >= limits.maxRefused else { return }
        if let oldest = refused.filter({ $0.value.phase == .waiting }).min(by: { $0.key < $1.key }) {
            Self.cut(oldest.key, &state)
        }
    }

    private func update<Result>(_ body: (inout State) -> Result) -> Result {
        monitor.change(waking: \.concernsWaiters, body)
    }

    private func enterWaiting(_ id: Int, _ state: inout State) {
        Self.enter(.waiting, seconds: limits.headerSeconds, id, &state)
        guard state.stopping, let deadline = state.entries[id]?.deadline else { return }
        state.setDeadline(min(deadline, monotonicMilliseconds() + Self.stoppingIdleMilliseconds), of: id)
    }

    private static func enter(_ phase: ConnectionPhase, seconds: Int?, _ id: Int, _ state: inout State) {
        guard let entry = state.entries[id], entry.phase != .cut else { return }
        state.entries[id]?.phase = phase
        state.entries[id]?.since = monotonicMilliseconds()
        state.setDeadline(seconds.map { monotonicMilliseconds() + Int64($0) * 1000 }, of: id)
    }

    private static func cut(_ id: Int, _ state: inout State) {
        guard let entry = state.entries[id], entry.phase != .cut else { return }
        shutdown(entry.descriptor, Int32(SHUT_RDWR))
        state.entries[id]?.phase = .cut
        state.entries[id]?.deadline = nil
    }

    /// A socket that is closed with unread bytes resets the connection, and the peer may lose the answer behind it.
    private static func discardUnread(_ descriptor: Int32) {
        withUnsafeTemporaryAllocation(byteCount: 16 * 1024, alignment: 1) { buffer in
            for _ in 0..<8 where recv(descriptor, buffer.baseAddress, buffer.count, Int32(MSG_DONTWAIT)) <= 0 { return }
        }
    }

    private func writeRefusal(_ response: HTTPResponse, to descriptor: Int32) {
        guard plaintext, let bytes = response.closingBytes() else { return }
        _ = bytes.withUnsafeBytes {
            send(descriptor, $0.baseAddress, $0.count, Int32(MSG_DONTWAIT | MSG_NOSIGNAL))
        }
    }

    private static func report(_ entry: Entry, _ given: String? = nil) {
        let deadline =
            switch entry.phase {
            case .receiving: "body_deadline"
            case .responding: "response_deadline"
            default: "header_deadline"
            }
        let reason = given ?? deadline
        Log.event("http_cut", [.reason: .text(reason), .address: .text(entry.peer.text)])
    }
}
