// What a person is told by a ward that is busy, or that takes no more for now.
import Glibc
import Testing

@testable import SyncKit
@testable import SyncServer

@Suite struct BusyWardTests {
    @Test func aShortWaitIsWaitedForAndSaidAndALongOneIsLeftToThePerson() throws {
        let ward = try LoopbackWard()
        let home = try FieldDayTests.home(ward)
        #expect(home.ward("report", "new", "-t", "Chờ gửi").code == 0)
        let short = try ScriptedServer(
            answer: "HTTP/1.1 429 Too Many\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n")
        for (lang, words, end) in [
            ("en", "trying again in 1 seconds", "is busy"), ("vi", "chờ 1 giây rồi", "đang bận"),
        ] {
            let run = home.ward("sync", "--address", short.url(""), lang: lang)
            #expect(run.code == 7 && run.err.contains(end), "\(run.err)")
            #expect(run.err.split(separator: "\n").filter { $0.contains(words) }.count == 2, "\(run.err)")
        }
        let long = try ScriptedServer(
            answer: "HTTP/1.1 429 Too Many\r\nRetry-After: 3600\r\nContent-Length: 0\r\n\r\n")
        let run = home.ward("sync", "--address", long.url(""))
        #expect(run.code == 7 && run.err.contains("3600") && !run.err.contains("trying again"), "\(run.err)")
        #expect(home.ward("status", "--json").out.contains("\"waiting_total\":1"))
        #expect(home.ward("sync").code == 0)
    }

    @Test func aDeviceOverItsQuotaIsToldWhatStaysOnIt() throws {
        Log.redirect(to: open("/dev/null", O_WRONLY))
        let device = TestHome()
        let home = WardHome(device.root + "/ward")
        _ = try WardHome.create(
            at: home.path, name: "Phường Hồng Gai", area: "06685", addresses: ["http://127.0.0.1:1"],
            time: SystemTimeSource(), random: SystemRandomSource())
        var traffic = TrafficLimits()
        traffic.intake?.changeSets = 1
        let server = try WardServer(home: home, address: "127.0.0.1", port: 0, traffic: traffic)
        defer { server.inlets.close(drainSeconds: 0) }
        #expect(device.ward("init", "--descriptor", home.descriptor).code == 0)
        for title in ["Một", "Hai", "Ba"] { #expect(device.ward("report", "new", "-t", title).code == 0) }
        for (lang, words, kept) in [
            ("en", "takes no more from this device", "stays on this device"),
            ("vi", "chưa nhận thêm của thiết bị này", "vẫn ở trên máy"),
        ] {
            let run = device.ward("sync", "--address", "http://127.0.0.1:\(server.port)", lang: lang)
            #expect(run.code == 11 && run.err.contains(words) && run.err.contains(kept), "\(run.err)")
            #expect(device.ward("status", "--json").out.contains("\"waiting_total\":2"))
        }
    }
}
