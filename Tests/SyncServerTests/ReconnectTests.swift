// Sixty devices come back to a network at the same moment, each with a day's work: all done, nothing lost.
import Glibc
import LinkSimulation
import SyncKit
import Testing

@testable import SyncServer

@Suite struct ReconnectTests {
    /// Real stores, real sockets and `ward-server` as a process; `ward-bench --mode reconnect` does it with 500.
    @Test func sixtyDevicesComeBackAtOnceAndNothingIsLost() throws {
        let test = try TestHome()
        let (server, http) = try test.serveProcess()
        let folder = try TemporaryDirectory()
        let run = ReconnectRun(
            home: test.home.path, port: http.port, folder: folder.path, size: ReconnectSize(devices: 60))
        let waiting = try run.prepare { role, area, name in
            let invited = try test.ask(
                .invite(role: role, areas: [area], name: name, expiresDays: 7, validDays: 180))
            return invited["code"].string ?? ""
        }
        #expect(waiting == 60 * 40)
        let before = try ProcessFigures(of: server.pid)
        let found = run.reconnect()
        #expect(found.problems.isEmpty, "\(found.problems)")
        #expect(found.changes == waiting && found.seconds.count == 60)
        let after = try ProcessFigures(of: server.pid)
        #expect(after.mostResidentKiB - before.residentKiB <= ProcessFigures.mostGrowthKiB)
        try run.settle()
        server.signal(SIGTERM)
        #expect(server.wait() == 0)
        let losses = try run.losses()
        #expect(losses.isEmpty, "\(losses)")
    }
}
