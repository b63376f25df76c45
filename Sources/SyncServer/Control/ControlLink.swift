// How a command reaches the ward: through the process that serves it, or by opening the store itself.
import Glibc
import SyncKit

/// A way to perform control operations. Whichever it is, the operations are the same.
enum ControlLink {
    /// This process holds the home's lock and the store.
    case local(LocalWard)
    case remote(ControlSocket)

    /// Opens the store where nobody serves it, else connects to who does.
    ///
    /// Tries for ten seconds: another command may hold the home for a moment, or a server is just starting.
    static func open(_ home: WardHome) throws(HomeError) -> ControlLink {
        _ = try home.readDescriptor()
        for _ in 0..<200 {
            if let lock = try HomeLock(home) { return .local(try LocalWard(home, lock)) }
            if let socket = ControlSocket.connect(home) {
                // A transaction of the server may be long; a server that is gone ends the connection by itself.
                socket.setDeadlines(seconds: 300)
                return .remote(socket)
            }
            usleep(50_000)
        }
        throw .busy
    }

    func perform(_ request: ControlRequest) throws(ControlFailure) -> CBORValue {
        switch self {
        case .local(let ward): return try ward.perform(request)
        case .remote(let socket):
            guard socket.send(request.encoded), let reply = socket.receive(max: ControlSocket.maxReply) else {
                throw ControlFailure(.unavailable)
            }
            return try ControlFailure.read(reply).get()
        }
    }

    /// Writes behind what this process changed, and lets go of the home.
    func close() {
        switch self {
        case .local(let ward): ward.close()
        case .remote(let socket): socket.close()
        }
    }
}

/// A ward whose store this process opened under the home's lock.
final class LocalWard {
    private var table: ControlTable?
    private let lock: HomeLock

    init(_ home: WardHome, _ lock: HomeLock) throws(HomeError) {
        self.lock = lock
        let (descriptor, _) = try home.readDescriptor()
        let core = try home.open(time: SystemTimeSource(), random: SystemRandomSource())
        table = ControlTable(
            service: WardService(core), descriptor: descriptor, time: SystemTimeSource(), home: home)
    }

    func perform(_ request: ControlRequest) throws(ControlFailure) -> CBORValue {
        guard let table else { throw ControlFailure(.unavailable) }
        return try table.perform(request)
    }

    /// Closes the store, then lets go of the home: another connection must not checkpoint at the same time.
    func close() {
        _ = try? table?.perform(.flush)
        table = nil
        lock.release()
    }
}
