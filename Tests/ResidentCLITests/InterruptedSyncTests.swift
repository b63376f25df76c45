// Ctrl-C in the middle of a long first sync: what arrived is kept, and the next sync goes on from there.
import CommandLineKit
import Glibc
import LinkSimulation
import Testing

@testable import SyncKit
@testable import SyncServer

@Suite struct InterruptedSyncTests {
    @Test func aSyncThatIsStoppedKeepsWhatArrivedAndTheNextOneGoesOn() throws {
        let ward = try LoopbackWard()
        let first = try FieldDayTests.home(ward, .officer, ["06685"], "Bình")
        let random = SystemRandomSource()
        let count = 40
        for number in 1...count {
            let text = Base32.encode(random.bytes(9_000))
            #expect(first.ward("report", "new", "-t", "Phản ánh \(number)", "-d", text, "--area", "3").code == 0)
        }
        #expect(first.ward("sync").code == 0)

        let second = try FieldDayTests.home(ward, .officer, ["06685"], "Chi")
        // Two frames, then half of the third, then nothing any more.
        ward.stall.withLock { $0 = LoopbackWard.Stall(frames: 2) }
        let terminal = try PseudoTerminal()
        let running = try RunningProgram(
            TestHome.program, ["sync", "--home", second.path, "--lang", "en"],
            environment: ["PATH=/usr/bin:/bin", "HOME=" + second.root, "TERM=xterm"], error: terminal.slave)
        while !(ward.stall.withLock { $0?.isReached ?? true }), running.isRunning { usleep(2000) }
        // The line is drawn at least once a second, also while nothing arrives.
        usleep(1_500_000)
        running.signal(SIGINT)
        #expect(running.wait() == ExitCode.interrupted.rawValue)
        ward.stall.withLock { $0 = nil }

        let said = terminal.text()
        // The line was drawn over, and wiped before the words.
        let parts = said.split(separator: "\r\u{1B}[K", omittingEmptySubsequences: false)
        #expect(parts.count >= 3 && parts.dropLast().contains { $0.contains("Syncing: ") }, "\(said)")
        let words = try #require(parts.last)
        #expect(words.contains("The sync was stopped") && words.contains("what arrived is kept"), "\(said)")
        #expect(words.contains("goes on from here") && !words.contains("Syncing"), "\(said)")

        let kept = try #require(shown(second))
        #expect(kept > 0 && kept < count)
        #expect(second.ward("doctor").code == 0)
        #expect(second.ward("sync").code == 0)
        #expect(shown(second) == count)
    }

    /// How many reports a list shows.
    private func shown(_ home: TestHome) -> Int? {
        let list = home.ward("report", "list", "--all", "--json")
        return list.code == 0 ? list.out.split(separator: "\"short_id\"").count - 1 : nil
    }
}

/// Both ends of a terminal of 80 columns.
final class PseudoTerminal {
    let slave: Int32
    private let master: Int32

    init() throws {
        master = open("/dev/ptmx", O_RDWR | O_NOCTTY)
        var (lock, number): (Int32, UInt32) = (0, 0)
        // TIOCSPTLCK and TIOCGPTN, macros that do not reach Swift.
        try #require(master >= 0 && ioctl(master, 0x4004_5431, &lock) == 0 && ioctl(master, 0x8004_5430, &number) == 0)
        slave = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY)
        var size = winsize(ws_row: 24, ws_col: 80, ws_xpixel: 0, ws_ypixel: 0)
        try #require(slave >= 0 && ioctl(slave, UInt(TIOCSWINSZ), &size) == 0)
        var mode = termios()
        tcgetattr(slave, &mode)
        cfmakeraw(&mode)
        tcsetattr(slave, TCSANOW, &mode)
    }

    deinit {
        close(slave)
        close(master)
    }

    /// What a person types.
    func type(_ text: String) {
        let bytes = Array(text.utf8)
        _ = write(master, bytes, bytes.count)
    }

    /// What was written to it so far.
    func text() -> String {
        _ = fcntl(master, F_SETFL, O_NONBLOCK)
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while case let count = read(master, &buffer, buffer.count), count > 0 { bytes += buffer[..<count] }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// A program that runs beside the test and can be signalled.
final class RunningProgram {
    let pid: pid_t
    private var ended: Int32?

    /// - Parameter input: standard input; nothing, unless it is given.
    init(
        _ program: String, _ arguments: [String], environment: [String], error: Int32, input: Int32? = nil
    ) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if let input {
            posix_spawn_file_actions_adddup2(&actions, input, 0)
        } else {
            posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        }
        posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, error, 2)
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
        let words: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) } + [nil]
        let names: [UnsafeMutablePointer<CChar>?] =
            (environment + SanitizerOptions.environment).map { strdup($0) } + [nil]
        defer { for text in words + names { free(text) } }
        var started = pid_t()
        try #require(posix_spawn(&started, program, &actions, &attributes, words, names) == 0)
        pid = started
    }

    func signal(_ number: Int32) { kill(pid, number) }

    var isRunning: Bool {
        var status: Int32 = 0
        if ended == nil, waitpid(pid, &status, WNOHANG) == pid { ended = status }
        return ended == nil
    }

    /// The exit code; 1000 and the signal's number where a signal ended it.
    func wait() -> Int32 {
        var status: Int32 = ended ?? 0
        if ended == nil { while waitpid(pid, &status, 0) < 0, errno == EINTR {} }
        return status & 0x7F == 0 ? (status >> 8) & 0xFF : 1000 + (status & 0x7F)
    }
}
