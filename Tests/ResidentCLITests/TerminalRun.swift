// The real programs at a pseudo-terminal.
import Glibc
import LinkSimulation

/// `ward`, or a program beside it, at a pseudo-terminal.
final class TerminalRun {
    private let master: Int32
    private var child: pid_t = 0
    /// Everything that was written to the terminal.
    private(set) var bytes: [UInt8] = []
    private var hasTimedOut = false

    var shown: String { String(decoding: bytes, as: UTF8.self) }

    /// - Parameter columns: how wide the terminal says that it is; nil: it does not say.
    init?(
        _ arguments: [String], environment: [String], columns: UInt16? = nil, program: String = TestHome.program
    ) {
        master = open("/dev/ptmx", O_RDWR | O_NOCTTY)
        // TIOCSPTLCK and TIOCGPTN, macros that do not reach Swift.
        var (locked, number) = (Int32(0), Int32(0))
        guard master >= 0, ioctl(master, 0x4004_5431, &locked) == 0, ioctl(master, 0x8004_5430, &number) == 0
        else { return nil }
        if let columns {
            var size = winsize(ws_row: 50, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
            guard ioctl(master, UInt(TIOCSWINSZ), &size) == 0 else { return nil }
        }
        let slave = "/dev/pts/\(number)"
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        for number in [Int32(0), 1, 2] {
            posix_spawn_file_actions_addopen(&actions, number, slave, O_RDWR | O_NOCTTY, 0)
        }
        posix_spawn_file_actions_addclose(&actions, master)
        var argv: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) } + [nil]
        var env: [UnsafeMutablePointer<CChar>?] =
            (environment + SanitizerOptions.environment).map { strdup($0) } + [nil]
        let failed = posix_spawn(&child, program, &actions, nil, &argv, &env)
        for pointer in argv + env { free(pointer) }
        posix_spawn_file_actions_destroy(&actions)
        if failed != 0 { return nil }
    }

    deinit { close(master) }

    /// Waits until the terminal shows a text that it did not show before, then types a line.
    /// - Parameter isSecret: waits until what is typed is not shown any more: before, it would be thrown away.
    func answer(_ question: String, _ line: String, isSecret: Bool = true) -> Bool {
        let start = bytes.count
        while !String(decoding: bytes[start...], as: UTF8.self).contains(question) {
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
        bytes += buffer[..<count]
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
