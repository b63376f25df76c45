// The ward's server: started, killed and started again on the same home and port.
import Glibc

/// One ward home and the server process on it.
final class KilledServer {
    let root: String
    let port: Int
    private(set) var process: Program?
    /// The time from start to ready, in microseconds, as last seen.
    private var startMicroseconds = 50_000

    var home: String { root + "/ward" }
    var descriptor: String { home + "/descriptor.txt" }

    init(root: String) throws {
        self.root = root
        port = try Self.freePort()
        let made = try command(
            "init", "--area", "06685", "--name", "Phường Hồng Gai", "--address", "http://127.0.0.1:\(port)")
        guard made.code == 0 else { throw DurabilityFailure(description: made.err) }
        try start()
    }

    /// A port outside the range that the system gives to connections, so that none takes it while the server is down.
    private static func freePort() throws -> Int {
        for _ in 0..<200 {
            let port = Int.random(in: 12_000..<32_000)
            let file = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            defer { close(file) }
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = in_port_t(UInt16(port).bigEndian)
            address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
            let bound = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(file, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            if bound == 0 { return port }
        }
        throw DurabilityFailure(description: "no free port")
    }

    /// Runs a command of `ward-server` to its end.
    func command(_ words: String...) throws -> Outcome {
        try Program(Program.folder + "/ward-server", words + ["--home", home, "--json"], output: root).wait()
    }

    /// Starts the server and waits until it is ready.
    /// - Parameters:
    ///   - dying: kills it once on the way up, at this fraction (in percent) of the usual time.
    ///   - tracing: the system call and its number at which the tracer kills it.
    func start(dying percent: Int? = nil, tracing: (call: String, number: Int)? = nil) throws {
        var last = Outcome(code: 0, out: [], err: "")
        if let percent {
            let early = try launch(tracing: nil)
            usleep(UInt32(startMicroseconds * percent / 100))
            early.kill()
            _ = early.wait()
        }
        for attempt in 0..<20 {
            let begun = Timing.now
            let started = try launch(tracing: attempt == 0 ? tracing : nil)
            while started.isRunning {
                if Program.read(root + "/port").count > 1 {
                    startMicroseconds = Timing.now - begun
                    process = started
                    return
                }
                usleep(1000)
            }
            last = started.wait()
            if !last.wasKilled { usleep(50_000) }
        }
        throw DurabilityFailure(description: "the server does not start: \(last.code) \(last.err)")
    }

    private func launch(tracing: (call: String, number: Int)?) throws -> Program {
        unlink(root + "/port")
        let serve = ["serve", "--home", home, "--listen", "127.0.0.1:\(port)", "--port-file", root + "/port"]
        return try Program.killedAt(tracing, Program.folder + "/ward-server", serve, output: root)
    }

    /// Kills the server where it stands.
    func kill() {
        process?.kill()
        _ = process?.wait()
        process = nil
    }

    /// Asks the server to stop.
    /// - Returns: its exit code.
    func stop() -> Int32 {
        process?.signal(SIGTERM)
        return process?.wait().code ?? -1
    }
}

/// The monotonic clock.
enum Timing {
    /// Microseconds since some moment of the past.
    static var now: Int {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec * 1_000_000 + time.tv_nsec / 1000
    }
}

extension Program {
    /// Starts a program, under a tracer that kills it at a system call if one is given. The tracer stands aside
    /// (`-D`), so the process that was started is the program itself.
    static func killedAt(
        _ place: (call: String, number: Int)?, _ path: String, _ arguments: [String], output: String
    ) throws -> Program {
        guard let place, let tracer else { return try Program(path, arguments, output: output) }
        let how = [
            "-D", "-f", "-qq", "-o", "/dev/null", "-e", "trace=\(place.call)", "-e",
            "inject=\(place.call):signal=KILL:when=\(place.number)",
        ]
        return try Program(tracer, how + [path] + arguments, output: output)
    }
}
