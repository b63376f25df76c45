// Ctrl-C while a file goes up: what went over is kept, and the next sync goes on inside it.
import CommandLineKit
import Glibc
import Testing

@testable import SyncKit
@testable import SyncServer

@Suite struct InterruptedFilesTests {
    private let quiet = open("/dev/null", O_WRONLY | O_CLOEXEC)

    private func start(_ home: TestHome, _ words: [String], showing terminal: PseudoTerminal? = nil) throws
        -> RunningProgram
    {
        try RunningProgram(
            TestHome.program, words + ["--home", home.path, "--lang", "en"],
            environment: ["PATH=/usr/bin:/bin", "HOME=" + home.root, "TERM=xterm"], error: terminal?.slave ?? quiet)
    }

    @Test func aSyncThatIsStoppedWhileAFileGoesUpGoesOnInsideIt() throws {
        let ward = try CutWard()
        let proxy = ward.proxy
        let home = TestHome()
        #expect(home.ward("init", input: ward.descriptor + "\n").code == 0)
        let filed = home.ward("report", "new", "-t", "Kèm đơn", "--area", "3", "--json")
        let id = try #require(filed.json("id"))
        let size = 1 << 20
        writeFile(home.root + "/don.pdf", Array("%PDF-1.7\n".utf8) + SystemRandomSource().bytes(size))
        #expect(home.ward("attach", id, home.root + "/don.pdf").code == 0)

        proxy.slow(to: 100_000)
        for share in [4, 2] {
            let terminal = try PseudoTerminal()
            let running = try start(home, ["sync", "--address", proxy.url], showing: terminal)
            while proxy.figures.up < size / share, running.isRunning { usleep(2000) }
            #expect(running.isRunning)
            running.signal(SIGINT)
            #expect(running.wait() == ExitCode.interrupted.rawValue)
            // How much of how much, how fast, and about how long the rest takes.
            let shown = terminal.text()
            let isTold = shown.split(separator: "\r\u{1B}[K").contains { line in
                line.contains("Syncing") && line.contains("kB/s")
                    && (line.contains("nearly done") || line.contains(" left"))
            }
            #expect(isTold, "\(shown)")
            // What the sockets hold still arrives; whoever begins again before that sends it twice.
            var (before, tries) = (-1, 0)
            while proxy.figures.up != before, tries < 40 {
                (before, tries) = (proxy.figures.up, tries + 1)
                usleep(500_000)
            }
            #expect(home.ward("doctor").code == 0)
            #expect(home.ward("status", "--json").out.contains("\"files_waiting_total\":1"))
        }
        proxy.slow(to: 0)
        let last = try start(home, ["sync", "--address", proxy.url])
        #expect(last.wait() == 0)
        let status = home.ward("status", "--json").out
        #expect(status.contains("\"files_waiting_total\":0") && status.contains("\"waiting_total\":0"), "\(status)")
        // Each stop costs at most a part that was on its way, and what a socket held.
        #expect(proxy.figures.up < size + 2 * 64 * 1024 + 32 * 1024, "\(proxy.figures)")
        let ledger = ward.command("completeness", "--json").out
        #expect(ledger.contains("\"permille\":1000") && ledger.contains("\"files\":1"), "\(ledger)")
    }
}
