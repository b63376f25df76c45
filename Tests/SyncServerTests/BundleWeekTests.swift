// A week of a team without a network: the work on a task travels by hand as reports do, and so does what the ward says.
import Glibc
import SyncKit
import Testing

@testable import SyncServer

@Suite(.serialized) struct BundleWeekTests {
    private let test: TestHome

    init() throws { test = try TestHome() }

    private func waiting(_ device: WardDevice) throws -> Int {
        try device.ward("status", "--json").number("waiting_total")
    }

    private func did(_ device: WardDevice, _ words: String..., place: SourceLocation = #_sourceLocation) throws
        -> ProgramRun
    {
        let run = try device.ward(words)
        #expect(run.code == 0, "\(words): \(run.text) \(run.errors)", sourceLocation: place)
        return run
    }

    @Test func aVolunteersTaskAndAResidentsReportsTravelByHandAndAllIsAcknowledged() throws {
        // Sunday, at the office: the lead makes a task, the volunteer takes it along. An was never near a network.
        var served = try test.serveProcess()
        var chi = try test.phone("chi", served.http, role: "lead")
        var binh = try test.phone("binh", served.http, role: "volunteer")
        let an = try test.offlinePhone("an")
        let task = try #require(
            did(
                chi, "task", "new", "-t", "Thăm hộ số 12", "--item", "Giới thiệu", "--item", "Cài VNeID", "--json"
            ).json("short_id"))
        for phone in [chi, binh] { #expect(try phone.sync().code == 0) }
        served.process.signal(SIGTERM)
        #expect(served.process.wait() == 0)

        // Monday: An's reports go to Bình.
        for title in ["Đèn hỏng", "Cống tắc"] { _ = try did(an, "report", "new", "--title", title) }
        let monday = Stick(test.directory, "monday")
        try monday.export(from: an)
        try monday.give(to: binh)
        // Tuesday: Bình is at the door, and hands all to Chi in the evening.
        _ = try did(binh, "task", "claim", task)
        _ = try did(binh, "task", "start", task)
        _ = try did(binh, "task", "visit", task, "vang nha", "--note", "Hẹn chiều thứ tư")
        let tuesday = Stick(test.directory, "tuesday")
        let first = try tuesday.export(from: binh, "--carried", "--json")
        #expect(try first.number("changes") == 3 && waiting(binh) == 3)
        try tuesday.give(to: chi)
        // Wednesday: he finishes it; the evening's bundle holds Tuesday's too.
        _ = try did(binh, "task", "note", task, "Đã gặp bà Tư")
        for item in ["1", "2"] { _ = try did(binh, "task", "check", task, item) }
        _ = try did(binh, "task", "done", task, "--result", "Đã cài xong")
        let wednesday = Stick(test.directory, "wednesday")
        #expect(try wednesday.export(from: binh, "--json").number("changes") == 7)
        try wednesday.give(to: chi)
        // Thursday: Chi has work of her own for him.
        let next = try #require(did(chi, "task", "new", "-t", "Thăm hộ số 14", "--no-items", "--json").json("short_id"))

        // Friday: Chi comes to where there is a network.
        served = try test.serveProcess()
        defer { served.process.signal(SIGTERM) }
        chi = chi.at(served.http)
        binh = binh.at(TestRequest(port: 1))
        let synced = try chi.ward("sync", "--address", chi.address, "--json")
        #expect(synced.code == 0, "\(synced.errors)")
        #expect(try synced.number("bundles_handed") == 3 && synced.number("returns_fetched") == 3)
        #expect(try chi.sync().code == 0)
        let seen = try did(chi, "task", "show", task, "--lang", "vi").text
        for words in ["vắng nhà: Hẹn chiều thứ tư", "Đã gặp bà Tư", "Đã cài xong"] {
            #expect(seen.contains(words), "\(seen)")
        }
        #expect(try did(chi, "task", "show", task, "--json").json("stage") == "done")

        // Saturday: what the ward says travels back the way that the work came.
        let back = Stick(test.directory, "back")
        try back.export(from: chi, "--carried")
        let told = try back.give(to: binh, "wardreturn")
        #expect(try told.number("accepted") == 7 && told.number("held") == 0 && told.number("refused") == 0)
        #expect(try waiting(binh) == 0)
        let own = try did(binh, "task", "show", task, "--json")
        #expect(own.json("stage") == "done", "\(own.text)")
        #expect(try did(binh, "task", "show", next, "--lang", "vi").text.contains("Thăm hộ số 14"))
        let last = Stick(test.directory, "last")
        try last.export(from: binh, "--carried")
        #expect(try last.give(to: an, "wardreturn").number("accepted") == 2)
        #expect(try waiting(an) == 0)
        // At the ward everything is there once, and each has what the ward says.
        let status = try test.server("status", "--json")
        #expect(try status.number("report") == 2 && status.number("task") == 2)
        #expect(try status.number("held") == 0 && status.number("refused") == 0)
        binh = binh.at(served.http)
        let online = try binh.ward("sync", "--address", binh.address, "--json")
        #expect(try online.number("sent") == 0 && online.number("documents") == 0, "\(online.text)")
        for phone in [chi, binh] { #expect(try did(phone, "conflict", "list", "--json").text.contains("\"total\":0")) }
    }
}
