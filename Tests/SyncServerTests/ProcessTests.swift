// The real program: stopped under load, killed in the middle, started again.
import CommandLineKit
import Glibc
import SyncKit
import Testing

@testable import SyncServer

@Suite(.serialized) struct ProcessTests {
    let ward: TestHome

    init() throws { ward = try TestHome() }

    @Test func aStopUnderLoadFinishesCleanlyAndTheNextStartKnowsEverything() throws {
        let (process, http) = try ward.serveProcess()
        let devices = try (0..<4).map { _ in try ward.device() }
        let tally = Monitor((synced: 0, running: devices.count))
        for device in devices {
            nonisolated(unsafe) let device = device
            let started = startThread {
                var number = 0
                while (try? device.commit(reportDraft("Phản ánh \(number)"))) != nil {
                    number += 1
                    guard (try? http.sync(device)) != nil else { break }
                    tally.change { $0.synced += 1 }
                }
                tally.change { $0.running -= 1 }
            }
            #expect(started)
        }
        tally.loop { $0.synced >= 80 ? .done(()) : .wait }
        process.signal(SIGTERM)
        #expect(process.wait() == ExitCode.ok.rawValue)
        tally.loop { $0.running == 0 ? .done(()) : .wait }
        #expect(access(ward.home.controlSocket, F_OK) != 0)

        let (again, next) = try ward.serveProcess()
        var written = 0
        for device in devices {
            try next.sync(device)
            #expect(try device.pendingCount() == 0)
            written += Int(try device.chain().sequence)
        }
        let status = try ward.ask(.status(area: nil))
        #expect(status["documents"]["report"].integer == Int64(written) && status["held"].integer == 0)
        let local = try devices.flatMap { device in
            try device.list(.report, limit: 10_000).map { row in
                (id: row.id, hash: try #require(try device.document(row.id)?.accepted?.hash))
            }
        }
        #expect(status["area_state"]["hash"].string == StateHash.combine(local).hex)
        again.signal(SIGINT)
        #expect(again.wait() == ExitCode.ok.rawValue)
        #expect(try ward.command("doctor").code == ExitCode.ok.rawValue)
    }

    @Test func importsThatAreKilledAgainAndAgainEndWhole() throws {
        let count = 300
        let path = try ward.directory.write("p.ndjson", ImportTests.procedures(count, bytes: 1500).utf8)
        var chance = ServerChance("killed imports")
        for _ in 0..<5 {
            let process = try ServerProcess(
                ["import", "procedures", path, "--home", ward.home.path], in: ward.directory)
            usleep(UInt32(20_000 + chance.below(150_000)))
            process.signal(SIGKILL)
            process.wait()
        }
        let last = try ward.command("import", "procedures", path)
        #expect(last.code == ExitCode.ok.rawValue)
        let again = try ward.command("import", "procedures", path, "--json")
        let answer = try #require(JSONValue(Bytes(again.text.utf8)))
        #expect(answer["new"] == .number("0") && answer["changed"] == .number("0"))
        #expect(answer["unchanged"] == .number(String(count)) && answer["rows"] == .array([]))
        #expect(try ward.ask(.status(area: nil))["documents"]["procedure"].integer == Int64(count))
        #expect(try ward.command("doctor", "--rebuild").code == ExitCode.ok.rawValue)
    }

    @Test func aServerThatIsKilledUnderAnImportLosesNothingThatWasSaid() throws {
        let path = try ward.directory.write("p.ndjson", ImportTests.procedures(2000, bytes: 1500).utf8)
        let (process, http) = try ward.serveProcess()
        let device = try ward.device()
        _ = try device.commit(reportDraft("Đèn hỏng"))
        #expect(try http.sync(device).accepted == 1)
        let run = try ServerProcess(["import", "procedures", path, "--home", ward.home.path], in: ward.directory)
        while try http.get("/healthz").body.contains("\"size\":3,") { usleep(1000) }
        process.signal(SIGKILL)
        #expect(process.wait() == 128 + SIGKILL)
        #expect(run.wait() == ExitCode.offline.rawValue)
        let (again, next) = try ward.serveProcess()
        try next.sync(device)
        #expect(try device.pendingCount() == 0)
        #expect(try ward.command("import", "procedures", path, "--quiet").code == ExitCode.ok.rawValue)
        let status = try ward.ask(.status(area: nil))
        #expect(status["documents"]["procedure"].integer == 2000 && status["documents"]["report"].integer == 1)
        again.signal(SIGTERM)
        #expect(again.wait() == ExitCode.ok.rawValue)
    }

    @Test func commandsSpeakThroughTheRunningServerAndExitAsTheTableSays() throws {
        #expect(try ward.command("status").code == ExitCode.ok.rawValue)
        let (process, http) = try ward.serveProcess()
        let invited = try ward.command("invite", "--role", "lead", "--area", "06685.03", "--name", "Minh", "--json")
        #expect(invited.code == ExitCode.ok.rawValue)
        let code = try #require(JSONValue(Bytes(invited.text.utf8))?["code"]?.word)
        let device = try ward.device()
        #expect(try http.join(device, code: code).status == 200)
        let listed = try ward.command("devices")
        #expect(listed.text.contains("Minh") && listed.text.contains("lead"))
        let path = try ward.directory.write("a.ndjson", Array("{\"code\":\"1\",\"name\":\"A\"}\n{}\n".utf8))
        #expect(try ward.command("import", "areas", path).code == ExitCode.refused.rawValue)
        #expect(try ward.command("doctor").code == ExitCode.ok.rawValue)
        #expect(try ward.command("doctor", "--rebuild").code == ExitCode.failure.rawValue)
        #expect(try ward.command("serve", "--listen", "127.0.0.1:0").code == ExitCode.failure.rawValue)
        #expect(try ward.command("serve", "--listen", "nowhere").code == ExitCode.usage.rawValue)
        #expect(try ward.command("release", "00000000:1").code == ExitCode.notFound.rawValue)
        #expect(try ward.command("init", "--area", "1", "--name", "X").code == ExitCode.refused.rawValue)
        #expect(try ward.command("invite", "--role", "lead", "--name", "X").code == ExitCode.usage.rawValue)
        process.signal(SIGTERM)
        #expect(process.wait() == ExitCode.ok.rawValue)
    }
}
