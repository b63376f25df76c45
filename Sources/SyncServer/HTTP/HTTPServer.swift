// The HTTP server on libmicrohttpd: start, and a stop that cuts nobody's work.
import CMicroHTTPD
import Glibc
import SyncKit

/// Serves one router on one address.
///
/// One thread for each connection, because handlers are synchronous and block in commits: a slow disk or a slow phone
/// then holds up nobody else, and the connection limit bounds the threads. All methods may be called from any thread.
package final class HTTPServer: Sendable {
    private enum Stage {
        case new
        case running(Running)
        case stopping
        case stopped
    }

    private struct Running {
        let daemon: OpaquePointer
        let service: Unmanaged<HTTPService>
        let port: UInt16
        let credentials: [UnsafeMutablePointer<CChar>]
    }

    private let address: String
    private let wantedPort: UInt16
    private let limits: HTTPLimits
    private let tls: HTTPTLS?
    private let router: any HTTPRouter
    private let table: ConnectionTable
    private let stage = Monitor(Stage.new)

    /// - Parameters:
    ///   - address: numeric IPv4 or IPv6.
    ///   - port: 0 takes any free one, see `port`.
    ///   - tls: without it the server is plaintext, and only on loopback unless `limits.allowPlaintext`.
    package init(address: String, port: UInt16, limits: HTTPLimits, tls: HTTPTLS? = nil, router: any HTTPRouter) {
        self.address = address
        wantedPort = port
        self.limits = limits
        self.tls = tls
        self.router = router
        table = ConnectionTable(limits: limits, plaintext: tls == nil)
    }

    deinit { stop(drainSeconds: 0) }

    /// The port that is listened on; before the start, the one asked for.
    package var port: UInt16 {
        stage.withLock { if case .running(let running) = $0 { running.port } else { wantedPort } }
    }

    /// Opens the socket and serves until `stop`.
    package func start() throws(HTTPServerError) {
        let outcome: Result<UInt16, HTTPServerError> = stage.change { stage in
            guard case .new = stage else { return .failure(.alreadyStarted) }
            do throws(HTTPServerError) {
                let running = try launch()
                stage = .running(running)
                return .success(running.port)
            } catch {
                return .failure(error)
            }
        }
        let port = try outcome.get()
        Log.event("http_start", [.address: .text(address), .port: .int(Int(port)), .tls: .bool(tls != nil)])
    }

    private func launch() throws(HTTPServerError) -> Running {
        let listen = try ListenAddress(address, port: wantedPort)
        guard tls != nil || listen.isLoopback || limits.allowPlaintext else {
            throw .plaintextRefused(address: address)
        }
        // A peer that goes away must end a write, not the process.
        signal(SIGPIPE, SIG_IGN)
        let (descriptor, port) = try listen.listen()
        let credentials = [tls?.certificatePEM, tls?.privateKeyPEM].compactMap { $0.flatMap { strdup($0) } }
        let service = Unmanaged.passRetained(HTTPService(limits: limits, router: router, table: table))
        var config = DaemonCallbacks.config(context: service.toOpaque())
        config.listen_socket = descriptor
        // Beyond the limit there is room for connections whose first request is told to come back later,
        // and for some that were cut and are not closed yet.
        config.connection_limit = UInt32(clamping: limits.maxConnections + limits.maxRefused * 3 / 2)
        config.connection_memory = limits.maxHeaderBytes + 64 * 1024
        config.inactivity_seconds = UInt32(
            clamping: max(limits.headerSeconds, limits.bodySeconds, limits.responseSeconds) + 1)
        if credentials.count == 2 {
            config.certificate_pem = UnsafePointer(credentials[0])
            config.private_key_pem = UnsafePointer(credentials[1])
        }
        let daemon = tls == nil || credentials.count == 2 ? wardsync_mhd_start(&config) : nil
        let table = table
        guard let daemon, startThread({ table.watch() }) else {
            if let daemon { MHD_stop_daemon(daemon) } else { close(descriptor) }
            service.release()
            Self.forget(credentials)
            throw .daemonRefused
        }
        return Running(daemon: daemon, service: service, port: port, credentials: credentials)
    }

    /// Stops listening, lets requests finish, and returns when no handler runs any more.
    ///
    /// New requests on open connections are answered 503. After `drainSeconds`, a body still on its way is refused with
    /// 503 and a slow answer is cut; a router at work is always waited for, and its answer gets two more seconds.
    package func stop(drainSeconds: Int) {
        let running: Running? = stage.loop { stage in
            switch stage {
            case .new:
                stage = .stopped
                return .done(nil)
            case .running(let running):
                stage = .stopping
                return .done(running)
            case .stopping: return .wait
            case .stopped: return .done(nil)
            }
        }
        guard let running else { return }
        let drain = Int64(max(0, min(drainSeconds, 3600))) * 1000
        let listening = MHD_quiesce_daemon(running.daemon)
        // Refuses whoever still knocks. Closed only below: a thread of the daemon may be polling it.
        if listening >= 0 { shutdown(listening, Int32(SHUT_RDWR)) }
        table.stopAdmitting()
        table.drain(until: monotonicMilliseconds() + drain)
        MHD_stop_daemon(running.daemon)
        table.endWatch()
        if listening >= 0 { close(listening) }
        running.service.release()
        Self.forget(running.credentials)
        stage.change { $0 = .stopped }
        Log.event("http_stop", [.address: .text(address), .port: .int(Int(running.port))])
    }

    /// The private key is among them.
    private static func forget(_ credentials: [UnsafeMutablePointer<CChar>]) {
        for text in credentials {
            explicit_bzero(text, strlen(text))
            free(text)
        }
    }
}

/// The C functions that libmicrohttpd calls; each finds its connection and passes on.
private enum DaemonCallbacks {
    static func config(context: UnsafeMutableRawPointer) -> wardsync_mhd_config {
        var config = wardsync_mhd_config()
        config.context = context
        config.notify = { context, connection, slot, code in
            guard let context, let connection, let slot else { return }
            if code == .CONNECTION_NOTIFY_STARTED {
                let service = Unmanaged<HTTPService>.fromOpaque(context).takeUnretainedValue()
                guard let peer = wardsync_mhd_peer(connection).flatMap({ PeerAddress($0) }) else { return }
                let opened = HTTPConnection(
                    service: service, descriptor: wardsync_mhd_socket(connection), peer: peer)
                slot.pointee = Unmanaged.passRetained(opened).toOpaque()
            } else if let stored = slot.pointee {
                slot.pointee = nil
                Unmanaged<HTTPConnection>.fromOpaque(stored).takeRetainedValue().closed()
            }
        }
        config.target = { _, target, connection in
            DaemonCallbacks.connection(connection)?.took(target: target)
            return nil
        }
        config.completed = { _, connection, _, _ in DaemonCallbacks.connection(connection)?.completed() }
        config.handle = { _, connection, _, method, version, data, count, _ in
            guard let connection, let method, let version, let count,
                let known = DaemonCallbacks.connection(connection)
            else { return .NO }
            let body = UnsafeRawBufferPointer(start: data, count: data == nil ? 0 : count.pointee)
            let result = known.handle(connection, method: method, version: version, body: body)
            count.pointee = 0
            return result
        }
        return config
    }

    private static func connection(_ connection: OpaquePointer?) -> HTTPConnection? {
        guard let connection, let stored = wardsync_mhd_connection_context(connection) else { return nil }
        return Unmanaged<HTTPConnection>.fromOpaque(stored).takeUnretainedValue()
    }
}
