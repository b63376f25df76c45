// A served ward behind a proxy that cuts, with devices whose stores are files.
import Glibc
import LinkSimulation
import Testing

@testable import ResidentCLI
@testable import SyncKit
@testable import SyncServer

/// `ward-server` as a process with its store on the disk.
final class CutWard {
    let proxy: CuttingProxy
    private let folder = TestHome()
    private var server: RunningProgram
    private let port: UInt16
    private var devices = 0
    private var home: String { folder.root + "/ward" }
    private let isSecured: Bool
    private static let program = TestHome.program + "-server"

    /// - Parameter isSecured: over TLS, with the ward's own certificate.
    init(isSecured: Bool = false) throws {
        self.isSecured = isSecured
        let (root, home) = (folder.root, folder.root + "/ward")
        func run(_ words: String...) -> WardRun { spawn(Self.program, words, environment: [], root: root) }
        #expect(
            run("init", "--home", home, "--area", "06685", "--name", "Hồng Gai", "--address", "http://127.0.0.1:1").code
                == 0)
        (server, port) = try Self.start(home, port: 0, isSecured)
        proxy = try CuttingProxy(to: port)
    }

    private static func start(_ home: String, port: UInt16, _ isSecured: Bool) throws -> (RunningProgram, UInt16) {
        unlink(home + "/port")
        let quiet = open("/dev/null", O_WRONLY)
        defer { close(quiet) }
        let server = try RunningProgram(
            Self.program,
            ["serve", "--home", home, "--listen", "127.0.0.1:\(port)", "--port-file", home + "/port"]
                + (isSecured ? ["--self-signed"] : []),
            environment: ["PATH=/usr/bin:/bin"], error: quiet)
        while true {
            try #require(server.isRunning)
            if let port = UInt16(readFile(home + "/port").filter(\.isNumber)) { return (server, port) }
            usleep(5000)
        }
    }

    /// Kills the server where it stands; the proxy's thread may do so.
    var kill: @Sendable () -> Void {
        let pid = server.pid
        return { _ = Glibc.kill(pid, SIGKILL) }
    }

    /// Starts it again after it was killed, in the same place.
    func startAgain() throws {
        try #require(server.wait() == 1000 + SIGKILL)
        server = try Self.start(home, port: port, isSecured).0
    }

    /// How many bytes of a bundle's files the ward has, asked past the proxy.
    func held(_ bundle: Digest, _ files: [Int: Int]) throws -> Int {
        var direct = WardTransport(addresses: ["http://127.0.0.1:\(port)"], tls: nil)
        guard let standing = try direct.standing(of: bundle) else { return 0 }
        return files.reduce(0) { sum, file in
            sum + (standing.mayLack(file.key) ? standing.held(file.key) : file.value)
        }
    }

    deinit {
        server.signal(SIGTERM)
        _ = server.wait()
    }

    var transport: WardTransport {
        guard isSecured else { return WardTransport(addresses: [proxy.url], tls: nil) }
        let pins = WardDescriptor(trusting: descriptor)?.tls
        return WardTransport(addresses: ["https" + proxy.url.dropFirst(4)], tls: pins)
    }

    /// A command of the server's beside it.
    func command(_ words: String...) -> WardRun {
        spawn(Self.program, words + ["--home", home], environment: [], root: folder.root)
    }

    var descriptor: String { readFile(home + "/descriptor.txt") }

    /// A device that joined and synced once.
    func device(_ role: Role) throws -> Replica {
        devices += 1
        proxy.expect(nil)
        let database = try Database(path: "\(folder.root)/device-\(devices).db", mode: .create)
        try Replica.create(
            in: database, descriptor: descriptor, time: SystemTimeSource(),
            random: SystemRandomSource(), scheme: Ed25519Scheme())
        let replica = try Replica(
            opening: database, time: SystemTimeSource(), random: SystemRandomSource(), scheme: Ed25519Scheme())
        let invited = spawn(
            Self.program,
            ["invite", "--home", home, "--role", role.name, "--area", "06685.03", "--name", "Lan", "--json"],
            environment: [], root: folder.root)
        let code = try #require(invited.json("code"))
        let request = try #require(replica.joinRequest(code: code))
        var transport = transport
        _ = try replica.keepGrant(try transport.join(request))
        #expect(try sync(replica, 2))
        return replica
    }

    /// A sync that may break; whether it went through.
    func sync(_ replica: Replica, _ level: Int) throws -> Bool {
        var client = SyncClient(replica)
        client.plan = FileCuts.plan(level)
        var transport = transport
        do throws(SyncFailure) {
            try client.run(&transport)
            return true
        } catch {
            // Nothing but the network may fail.
            guard case .transport(let failure) = error, failure.code == .cut || failure.code == .unreachable else {
                throw error
            }
            return false
        }
    }

    /// A sync whose connection breaks, where the bytes go so far, and one more that goes through.
    /// - Returns: what went over both connections.
    func syncTwice(_ replica: Replica, _ cut: SocketCut, isReset: Bool, level: Int) throws -> CuttingProxy.Figures {
        proxy.expect(cut, isReset: isReset)
        let isDone = try sync(replica, level)
        let goesOn = try sync(replica, level)
        let figures = proxy.figures
        // A break between two exchanges breaks nothing.
        try #require((figures.isCut || isDone) && goesOn)
        return figures
    }

    /// Ends the server and reads its store: it holds these files, each once and whole, and a report for each.
    func holds(_ names: [ContentName]) throws {
        server.signal(SIGTERM)
        #expect(server.wait() == 0)
        let core = try WardHomeFiles(home).core()
        #expect(try core.database.integer("SELECT count(*) FROM contents") == Int64(names.count))
        let ledger = try core.completeness()
        #expect(ledger.files == names.count && ledger.completeFiles == names.count && ledger.permille == 1000)
        for name in names {
            let held = try #require(try core.contents.held(name.root))
            let isSound = try held.isWhole && core.contents.isSound(held)
            #expect(isSound)
        }
        // A report for each file, with the ward's word that it holds the file, and nothing else.
        #expect(try core.database.integer("SELECT count(*) FROM documents WHERE kind=1") == Int64(names.count))
        #expect(try core.database.integer("SELECT count(*) FROM changes") == Int64(2 * names.count))
    }
}

/// Chance from a seed that is printed; WARDSYNC_SEED plays it again.
struct SeededDice {
    private let source: SeededRandomSource

    init(_ name: String) {
        let seed = getenv("WARDSYNC_SEED").flatMap { UInt64(String(cString: $0)) } ?? UInt64.random(in: 1 ... .max)
        print("\(name): WARDSYNC_SEED=\(seed)")
        source = SeededRandomSource(seed: seed)
    }

    func below(_ bound: Int) -> Int { Int(source.next() >> 33) % max(1, bound) }
    func bytes(_ count: Int) -> Bytes { source.bytes(count) }
}
