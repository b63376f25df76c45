// A passphrase typed at a terminal: asked for, not shown, and asked for again where it is wrong.
import Glibc
import Testing

@testable import SyncKit

/// `ward` at a pseudo-terminal.
private final class TerminalRun {
    private let master: Int32
    private var child: pid_t = 0
    private(set) var shown = ""
    private var hasTimedOut = false

    init?(_ arguments: [String], environment: [String]) {
        master = open("/dev/ptmx", O_RDWR | O_NOCTTY)
        // TIOCSPTLCK and TIOCGPTN, macros that do not reach Swift.
        var (locked, number) = (Int32(0), Int32(0))
        guard master >= 0, ioctl(master, 0x4004_5431, &locked) == 0, ioctl(master, 0x8004_5430, &number) == 0
        else { return nil }
        let slave = "/dev/pts/\(number)"
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        for number in [Int32(0), 1, 2] {
            posix_spawn_file_actions_addopen(&actions, number, slave, O_RDWR | O_NOCTTY, 0)
        }
        posix_spawn_file_actions_addclose(&actions, master)
        var argv: [UnsafeMutablePointer<CChar>?] = ([TestHome.program] + arguments).map { strdup($0) } + [nil]
        var env: [UnsafeMutablePointer<CChar>?] = environment.map { strdup($0) } + [nil]
        let failed = posix_spawn(&child, TestHome.program, &actions, nil, &argv, &env)
        for pointer in argv + env { free(pointer) }
        posix_spawn_file_actions_destroy(&actions)
        if failed != 0 { return nil }
    }

    deinit { close(master) }

    /// Waits until the terminal shows a text that it did not show before, then types a line.
    /// - Parameter isSecret: waits until what is typed is not shown any more: before, it would be thrown away.
    func answer(_ question: String, _ line: String, isSecret: Bool = true) -> Bool {
        let start = shown.utf8.count
        while !String(decoding: Array(shown.utf8)[start...], as: UTF8.self).contains(question) {
            guard read() else { return false }
        }
        var settings = termios()
        for _ in 0..<10_000 where isSecret {
            guard tcgetattr(master, &settings) == 0 else { return false }
            if settings.c_lflag & tcflag_t(ECHO) == 0 { break }
            usleep(1000)
        }
        let bytes = Array((line + "\n").utf8)
        return write(master, bytes, bytes.count) == bytes.count
    }

    private func read() -> Bool {
        var one = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
        guard poll(&one, 1, 20_000) > 0 else {
            // Waiting for an answer that no test gives.
            hasTimedOut = true
            return false
        }
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = Glibc.read(master, &buffer, buffer.count)
        if count <= 0 { return false }
        shown += String(decoding: buffer[..<count], as: UTF8.self)
        return true
    }

    func end() -> Int32 {
        while read() {}
        if hasTimedOut { kill(child, SIGKILL) }
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0, errno == EINTR {}
        return status & 0x7F == 0 ? (status >> 8) & 0xFF : -1
    }
}

@Suite(.serialized) struct PassphrasePromptTests {
    @Test func aPersonTypesThePassphraseUnseenAndStaysUnlocked() throws {
        let home = try ProtectedHome()
        func start(_ words: String...) throws -> TerminalRun {
            try #require(
                TerminalRun(
                    words + ["--home", home.home.path, "--lang", "en"],
                    environment: ["PATH=/usr/bin", "TERM=dumb", "XDG_RUNTIME_DIR=" + home.session]))
        }
        let differs = try start("passphrase", "set")
        #expect(differs.answer("New passphrase", "mười hai con giáp") && differs.answer("once more", "mười hai"))
        #expect(differs.end() == 5 && differs.shown.contains("not the same"))
        let set = try start("passphrase", "set")
        #expect(set.answer("New passphrase", "mười hai con giáp") && set.answer("once more", "mười hai con giáp"))
        #expect(set.end() == 0, "\(set.shown)")
        let wrong = try start("status")
        for _ in 0..<3 { #expect(wrong.answer("Passphrase:", "một hai ba bốn")) }
        #expect(wrong.end() == 5 && home.keyFile == nil)
        let status = try start("status")
        #expect(status.answer("Passphrase:", "mười hai ba bốn") && status.answer("Passphrase:", "mười hai con giáp"))
        #expect(status.end() == 0 && status.shown.contains("Hồng Gai"), "\(status.shown)")
        for run in [differs, set, wrong, status] {
            #expect(!run.shown.contains("con giáp") && !run.shown.contains("bốn"))
        }
        // The next command does not ask.
        #expect(home.run("status").code == 0)
        let wipe = try start("wipe")
        #expect(wipe.answer("for good?", "k", isSecret: false))
        #expect(wipe.end() == 0 && access(home.home.path + "/replica.db", F_OK) == 0)
    }
}
