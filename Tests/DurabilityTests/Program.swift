// The real programs as processes of this test, to be killed at any moment.
import Glibc
import LinkSimulation
import Testing

/// How a run ended and what it printed.
struct Outcome {
    /// The exit code; 128 and the signal's number where a signal ended it.
    let code: Int32
    let out: [UInt8]
    let err: String

    var text: String { String(decoding: out, as: UTF8.self) }
    var wasKilled: Bool { code == 128 + SIGKILL }
    /// Whether a whole line says that the change was saved, whatever became of the process afterwards.
    var saysSaved: Bool { count(of: "\"saved\":true") > 0 && out.last == 0x0A }

    /// The first value of a member, without quotation marks.
    func value(_ key: String) -> String? { Outcome.value(key, in: text) }

    func number(_ key: String) -> Int? { value(key).flatMap { Int($0) } }

    static func value(_ key: String, in text: String) -> String? {
        guard let start = text.firstRange(of: "\"\(key)\":") else { return nil }
        let rest = text[start.upperBound...]
        if rest.first == "\"" { return String(rest.dropFirst().prefix { $0 != "\"" }) }
        return String(rest.prefix { $0 != "," && $0 != "}" && $0 != "]" })
    }

    func count(of text: String) -> Int { Outcome.count(text, in: out[...]) }

    /// How often a text occurs, byte by byte.
    static func count(_ text: String, in bytes: ArraySlice<UInt8>) -> Int {
        var found = 0
        var rest = bytes
        while let end = Self.end(of: text, in: rest) {
            found += 1
            rest = rest[end...]
        }
        return found
    }

    /// What follows the first occurrence of a text.
    static func after(_ text: String, in bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        bytes[(end(of: text, in: bytes) ?? bytes.endIndex)...]
    }

    /// The index behind the first occurrence of a text.
    private static func end(of text: String, in bytes: ArraySlice<UInt8>) -> Int? {
        let needle = Array(text.utf8)
        let place: Int? = bytes.withUnsafeBytes { all in
            guard let base = all.baseAddress, let first = needle.first else { return nil }
            var from = 0
            while all.count - from >= needle.count,
                let hit = memchr(base + from, Int32(first), all.count - from - needle.count + 1)
            {
                if memcmp(hit, needle, needle.count) == 0 { return base.distance(to: UnsafeRawPointer(hit)) }
                from = base.distance(to: UnsafeRawPointer(hit)) + 1
            }
            return nil
        }
        return place.map { bytes.startIndex + $0 + needle.count }
    }
}

/// Why a run cannot go on.
struct DurabilityFailure: Error, CustomStringConvertible {
    let description: String
}

/// One process that this test started; its output goes to files, so that nothing can block.
final class Program {
    /// The folder of the test bundle, where the programs were built.
    static let folder: String = {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
        let runner = String(decoding: buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        for path in [runner] + CommandLine.arguments.filter({ $0.hasSuffix(".xctest") }) {
            let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
            if access(folder + "/ward-server", X_OK) == 0 { return folder }
        }
        return ".build/debug"
    }()

    /// Where `strace` is, if this machine has it and lets it trace.
    static let tracer: String? = {
        let path = "/usr/bin/strace"
        guard access(path, X_OK) == 0,
            let probe = try? Program(path, ["-D", "-f", "-o", "/dev/null", "/bin/true"], output: "/tmp"),
            probe.wait().code == 0
        else { return nil }
        return path
    }()

    let pid: pid_t
    private let files: String
    private var ended: Int32?

    /// - Parameter output: a directory for the files that catch the output.
    init(_ path: String, _ arguments: [String], output: String) throws {
        files = "\(output)/run-\(getpid())-\(UInt64.random(in: 0 ... .max))"
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, files + ".out", O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, files + ".err", O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        func copies(_ texts: [String]) -> [UnsafeMutablePointer<CChar>?] { texts.map { strdup($0) } + [nil] }
        let words = copies([path] + arguments)
        let environment = copies(["PATH=/usr/bin:/bin", "LANG=C"] + SanitizerOptions.environment)
        defer { for text in words + environment { free(text) } }
        var started = pid_t()
        let code = posix_spawn(&started, path, &actions, &attributes, words, environment)
        pid = started
        if code != 0 {
            ended = -1
            throw DurabilityFailure(description: "\(path) did not start: \(code)")
        }
    }

    deinit {
        kill()
        _ = wait()
        unlink(files + ".out")
        unlink(files + ".err")
    }

    var isRunning: Bool {
        if ended != nil { return false }
        var status: Int32 = 0
        guard waitpid(pid, &status, WNOHANG) == pid else { return true }
        ended = Self.code(status)
        return false
    }

    /// Whether anything was printed by now.
    var hasPrinted: Bool {
        var info = stat()
        return stat(files + ".out", &info) == 0 && info.st_size > 0
    }

    /// SIGKILL, to this process only; does nothing to one that was waited for.
    func kill() { signal(SIGKILL) }

    func signal(_ number: Int32) {
        if ended == nil { _ = Glibc.kill(pid, number) }
    }

    /// Waits for the end.
    func wait() -> Outcome {
        if ended == nil {
            var status: Int32 = 0
            while waitpid(pid, &status, 0) < 0, errno == EINTR {}
            ended = Self.code(status)
        }
        return Outcome(
            code: ended ?? -1, out: Self.read(files + ".out"),
            err: String(decoding: Self.read(files + ".err"), as: UTF8.self))
    }

    private static func code(_ status: Int32) -> Int32 {
        status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
    }

    static func read(_ path: String) -> [UInt8] {
        let file = open(path, O_RDONLY)
        if file < 0 { return [] }
        defer { close(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.read(file, &buffer, buffer.count)
            if count <= 0 { return bytes }
            bytes += buffer[..<count]
        }
    }
}

/// Random choices that a seed repeats.
struct Chance {
    let seed: UInt64
    private var state: UInt64

    init() {
        seed = getenv("WARDSYNC_SEED").flatMap { UInt64(String(cString: $0)) } ?? UInt64.random(in: .min ... .max)
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }

    mutating func below(_ bound: Int) -> Int { Int(next() >> 33) % max(1, bound) }
    mutating func happens(percent: Int) -> Bool { below(100) < percent }
}
