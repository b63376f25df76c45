// The real program, run as a person runs it: in a home of its own, with its output caught.
import Glibc
import LinkSimulation

/// What a run of the program gave.
struct WardRun {
    let code: Int32
    let out: String
    let err: String

    /// The first value of a text member in JSON output.
    func json(_ key: String) -> String? {
        guard let start = out.firstRange(of: "\"\(key)\":\"") else { return nil }
        let rest = out[start.upperBound...]
        return rest.firstIndex(of: "\"").map { String(rest[..<$0]) }
    }
}

/// A home in a directory that is removed at the end.
final class TestHome {
    let root: String
    let path: String

    init() {
        let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        root = base + "/ward-\(getpid())-\(UInt64.random(in: 0 ... .max))"
        mkdir(root, 0o700)
        path = root + "/home"
    }

    deinit { _ = spawn("/bin/rm", ["-rf", root], environment: [], root: nil) }

    /// Runs `ward` in this home.
    func ward(_ arguments: String..., lang: String = "en", input: String = "", environment: [String] = []) -> WardRun {
        ward(arguments, lang: lang, input: input, environment: environment)
    }

    func ward(_ arguments: [String], lang: String = "en", input: String = "", environment: [String] = []) -> WardRun {
        let all = arguments + ["--home", path, "--lang", lang]
        return spawn(
            Self.program, all, environment: environment + ["PATH=/usr/bin:/bin", "HOME=" + root], root: root,
            input: input)
    }

    /// The program beside this test's own executable.
    static let program: String = {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
        let path = String(decoding: buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let folder = path.split(separator: "/").dropLast().joined(separator: "/")
        let beside = "/" + folder + "/ward"
        // The runner may be the toolchain's own program; then the bundle is named among its arguments.
        if access(beside, X_OK) == 0 { return beside }
        for argument in CommandLine.arguments where argument.hasSuffix(".xctest") {
            let folder = argument.split(separator: "/").dropLast().joined(separator: "/")
            return (argument.hasPrefix("/") ? "/" : "") + folder + "/ward"
        }
        return ".build/debug/ward"
    }()
}

/// Runs a program to its end; output goes through files, so that nothing can block.
func spawn(
    _ program: String, _ arguments: [String], environment: [String], root: String?, input: String = ""
) -> WardRun {
    let name = (root ?? "/tmp") + "/run-\(UInt64.random(in: 0 ... .max))"
    writeFile(name + ".in", Array(input.utf8))
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawn_file_actions_addopen(&actions, 0, name + ".in", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, name + ".out", O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    posix_spawn_file_actions_addopen(&actions, 2, name + ".err", O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    var argv: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) } + [nil]
    var env: [UnsafeMutablePointer<CChar>?] =
        (environment + SanitizerOptions.environment).map { strdup($0) } + [nil]
    var child: pid_t = 0
    let failed = posix_spawn(&child, program, &actions, nil, &argv, &env)
    for pointer in argv + env { free(pointer) }
    posix_spawn_file_actions_destroy(&actions)
    var status: Int32 = -1
    if failed == 0 { while waitpid(child, &status, 0) < 0, errno == EINTR {} }
    let code = failed == 0 && status & 0x7F == 0 ? (status >> 8) & 0xFF : -1
    defer { for suffix in [".in", ".out", ".err"] { unlink(name + suffix) } }
    return WardRun(code: code, out: readFile(name + ".out"), err: readFile(name + ".err"))
}

func writeFile(_ path: String, _ bytes: [UInt8]) {
    let file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    if file < 0 { return }
    _ = bytes.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
    close(file)
}

func readFile(_ path: String) -> String {
    let file = open(path, O_RDONLY)
    if file < 0 { return "" }
    defer { close(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
        let count = read(file, &buffer, buffer.count)
        if count <= 0 { return String(decoding: bytes, as: UTF8.self) }
        bytes += buffer[..<count]
    }
}
