// Work goes on while a long sync runs: others write between two of its requests.
import CommandLineKit
import Glibc
import Testing

@testable import SyncKit
@testable import SyncServer

@Suite struct BesideSyncTests {
    @Test func aReportIsFiledWhileALargeFileGoesUp() throws {
        let ward = try LoopbackWard()
        let proxy = try CuttingProxy(to: ward.port)
        let home = try FieldDayTests.home(ward, .volunteer, ["06685.03"], "Lan")
        let filed = home.ward("report", "new", "-t", "Kèm đơn", "--area", "3", "--json")
        let id = try #require(filed.json("id"))
        writeFile(home.root + "/don.pdf", Array("%PDF-1.7\n".utf8) + SystemRandomSource().bytes(3 << 20))
        #expect(home.ward("attach", id, home.root + "/don.pdf").code == 0)

        // The first request takes little of the file, the next one the rest, which goes for ten seconds.
        proxy.slow(to: 50_000)
        let quiet = open("/dev/null", O_WRONLY)
        defer { close(quiet) }
        let running = try RunningProgram(
            TestHome.program, ["sync", "--home", home.path, "--address", proxy.url],
            environment: ["PATH=/usr/bin:/bin", "HOME=" + home.root], error: quiet)
        while proxy.figures.up < 20_000, running.isRunning { usleep(2000) }
        let second = home.ward("report", "new", "-t", "Trong lúc gửi", "--area", "3")
        #expect(second.code == 0 && running.isRunning, "\(second.out) \(second.err)")
        #expect(home.ward("report", "list").out.contains("Trong lúc gửi"))
        proxy.slow(to: 0)
        #expect(running.wait() == 0)
        #expect(home.ward("sync").code == 0)
        let status = home.ward("status", "--json")
        #expect(
            status.out.contains("\"waiting_total\":0") && status.out.contains("\"files_waiting_total\":0"),
            "\(status.out)")
    }
}
