// The program itself, as a process that can be signalled and killed.
import Glibc
import LinkSimulation
import Testing

@testable import SyncServer

/// One run of `ward-server`, or of `ward`: the ones that were built beside the tests.
final class ServerProcess {
    let pid: pid_t
    private let output: String
    private var ended: Int32?

    /// - Parameters:
    ///   - directory: for the output.
    ///   - name: the program's.
    init(_ arguments: [String], in directory: TemporaryDirectory, program name: String = "ward-server") throws {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        let runner = String(decoding: buffer[..<max(0, count)].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let folder = runner[..<(try #require(runner.lastIndex(of: "/")))]
        let program = "\(folder)/\(name)"
        output = "\(directory.path)/out.\(UInt32.random(in: 0 ... .max))"
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, output + ".err", O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        // A runner in the background of a script may ignore it, which a program goes on doing.
        var interrupt = sigset_t()
        sigemptyset(&interrupt)
        sigaddset(&interrupt, SIGINT)
        posix_spawnattr_setsigdefault(&attributes, &interrupt)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        func copies(_ texts: [String]) -> [UnsafeMutablePointer<CChar>?] { texts.map { strdup($0) } + [nil] }
        let words = copies([program] + arguments)
        let environment = copies(["PATH=/usr/bin:/bin", "LANG=C"] + SanitizerOptions.environment)
        defer { for text in words + environment { free(text) } }
        var started = pid_t()
        let code = posix_spawn(&started, program, &actions, &attributes, words, environment)
        pid = started
        guard code == 0 else {
            ended = -1
            throw FileError(.system(code), program)
        }
    }

    deinit {
        if ended == nil {
            kill(pid, SIGKILL)
            _ = wait()
        }
        unlink(output)
        unlink(output + ".err")
    }

    func signal(_ number: Int32) { kill(pid, number) }

    /// The exit code; 128 and the signal's number where a signal ended it.
    @discardableResult
    func wait() -> Int32 {
        if let ended { return ended }
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        let code = status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
        ended = code
        return code
    }

    var isRunning: Bool {
        if ended != nil { return false }
        var status: Int32 = 0
        guard waitpid(pid, &status, WNOHANG) == pid else { return true }
        ended = status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
        return false
    }

    /// What it wrote to standard error, its log among it.
    var errors: String {
        String(decoding: (try? HomeFiles.read(output + ".err", max: 1 << 20)) ?? [], as: UTF8.self)
    }

    var text: String {
        String(decoding: (try? HomeFiles.read(output, max: 1 << 20)) ?? [], as: UTF8.self)
    }
}

extension TestHome {
    /// Runs a command to its end.
    func command(_ words: String...) throws -> (code: Int32, text: String) {
        let process = try ServerProcess(words + ["--home", home.path], in: directory)
        let code = process.wait()
        return (code, process.text)
    }

    /// Starts `serve` and waits until it is ready.
    /// - Parameter port: where it listens; 0 for a free one.
    func serveProcess(
        _ options: [String] = [], port: UInt16 = 0
    ) throws -> (process: ServerProcess, http: TestRequest) {
        let file = directory.path + "/port"
        unlink(file)
        let process = try ServerProcess(
            ["serve", "--home", home.path, "--listen", "127.0.0.1:\(port)", "--port-file", file] + options,
            in: directory)
        while process.isRunning {
            if let text = try? HomeFiles.read(file, max: 16),
                let port = UInt16(String(decoding: text, as: UTF8.self).filter { $0.isNumber })
            {
                return (process, TestRequest(port: port))
            }
            usleep(2000)
        }
        throw ControlFailure(.unavailable, "the server ended with \(process.wait())")
    }
}
