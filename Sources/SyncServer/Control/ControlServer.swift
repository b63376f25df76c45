// The serving process's side of the control socket.
import Glibc
import SyncKit

/// Takes control requests from this machine and performs them on the ward that is served.
final class ControlServer: Sendable {
    private struct State {
        /// The connections by their descriptors; true while one is at work.
        var connections: [Int32: Bool] = [:]
        var isStopping = false
    }

    /// More connections at once are turned away.
    private static let maxConnections = 8
    private static let silenceSeconds = 30

    private let table: ControlTable
    private let listening: Int32
    private let home: WardHome
    private let state = Monitor(State())

    private init(_ table: ControlTable, _ home: WardHome, listening: Int32) {
        self.table = table
        self.home = home
        self.listening = listening
    }

    /// Listens and serves until `stop`; nil where the socket cannot be made.
    static func start(_ table: ControlTable, home: WardHome) -> ControlServer? {
        guard let listening = ControlSocket.listen(home) else { return nil }
        let server = ControlServer(table, home, listening: listening)
        guard startThread({ server.acceptAll() }) else {
            close(listening)
            return nil
        }
        return server
    }

    private func acceptAll() {
        while true {
            let descriptor = accept(listening, nil, nil)
            if descriptor >= 0 { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
            if state.withLock({ $0.isStopping }) {
                if descriptor >= 0 { close(descriptor) }
                return
            }
            guard descriptor >= 0 else {
                // Out of descriptors or memory: what is open may end meanwhile.
                if errno != EINTR { usleep(50_000) }
                continue
            }
            admit(ControlSocket(descriptor: descriptor))
        }
    }

    private func admit(_ socket: ControlSocket) {
        socket.setDeadlines(seconds: Self.silenceSeconds)
        let isAdmitted = state.change { state in
            guard socket.isOwnUser, !state.isStopping, state.connections.count < Self.maxConnections else {
                return false
            }
            state.connections[socket.descriptor] = false
            return true
        }
        if isAdmitted, startThread({ self.serve(socket) }) { return }
        end(socket)
    }

    private func serve(_ socket: ControlSocket) {
        while let message = socket.receive(max: ControlSocket.maxRequest) {
            let mayWork = state.change { state in
                if state.isStopping { return false }
                state.connections[socket.descriptor] = true
                return true
            }
            guard mayWork else {
                _ = socket.send(ControlFailure(.unavailable).encoded)
                break
            }
            let isSent = socket.send(answer(message))
            state.change { $0.connections[socket.descriptor] = false }
            guard isSent else { break }
        }
        end(socket)
    }

    private func end(_ socket: ControlSocket) {
        state.change { $0.connections[socket.descriptor] = nil }
        socket.close()
    }

    private func answer(_ message: Bytes) -> Bytes {
        guard let request = ControlRequest(decoding: message) else { return ControlFailure(.badRequest).encoded }
        do {
            let reply = CBORValue.array([.bool(true), try table.perform(request)]).encoded
            Log.event("control", [.method: .text(String(describing: request.name)), .reason: .text("ok")])
            return reply
        } catch {
            Log.event(
                "control", [.method: .text(String(describing: request.name)), .reason: .text(error.code.rawValue)])
            return error.encoded
        }
    }

    /// Takes no more requests, waits for what is at work, and removes the socket.
    func stop() {
        state.change { state in
            state.isStopping = true
            for descriptor in state.connections.keys { shutdown(descriptor, Int32(SHUT_RD)) }
        }
        shutdown(listening, Int32(SHUT_RDWR))
        state.loop { $0.connections.isEmpty ? .done(()) : .wait }
        unlink(home.controlSocket)
        close(listening)
    }
}
