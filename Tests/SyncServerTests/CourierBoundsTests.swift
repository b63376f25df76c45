// What a courier's own link has room for bounds what goes for others: what is left is said, and goes later.
import Glibc
import SyncKit
import Testing

@testable import SyncServer

@Suite(.serialized) struct CourierBoundsTests {
    private let test: TestHome

    init() throws { test = try TestHome() }

    /// What compresses badly.
    private func text(_ words: Int) -> String {
        (0..<words).map { _ in String(UInt64.random(in: 0 ... .max), radix: 36) }.joined(separator: " ")
    }

    private func report(_ device: WardDevice, _ title: String, _ options: String...) throws {
        let filed = try device.ward(["report", "new", "--title", title, "--category", "lighting"] + options)
        #expect(filed.code == 0, "\(filed.errors)")
    }

    private func sync(_ device: WardDevice, _ options: String...) throws -> ProgramRun {
        let run = try device.ward(["sync", "--address", device.address, "--lang", "en"] + options)
        #expect(run.code == 0, "\(run.errors)")
        return run
    }

    @Test func whatACourierHandsInKeepsToTextOnlyAndToItsBudgetAndNoPartGoesTwice() throws {
        let served = try test.serveProcess()
        defer { served.process.signal(SIGTERM) }
        let (an, binh) = (try test.offlinePhone("an"), try test.offlinePhone("binh"))
        let paper = try test.directory.write("giay.pdf", "%PDF-1.4\n\(text(30_000))\n%%EOF\n".utf8)
        try report(an, "Có giấy tờ", "--photo", paper)
        try report(binh, "Chỉ có chữ")
        let (large, small) = (Stick(test.directory, "large"), Stick(test.directory, "small"))
        try large.export(from: an, "--size", "64K")
        try small.export(from: binh, "--size", "64K")
        #expect(large.files().count > 5 && small.files().count == 1)
        let chi = try test.phone("chi", served.http, role: "volunteer")
        for stick in [large, small] { try stick.give(to: chi) }
        try report(chi, "Của Chi")

        let words = try sync(chi, "--text-only")
        #expect(words.text.contains("Bundles left for another time: 2."), "\(words.text)")
        #expect(!words.text.contains("Handed over"))
        let nothing = try sync(chi, "--text-only", "--json")
        #expect(try nothing.number("bundles_left") == 2 && nothing.number("bundles_handed") == 0)
        #expect(try nothing.number("bundle_bytes_up") == 0 && nothing.number("bundle_bytes_down") == 0)
        #expect(try chi.ward("bundle", "inspect", "--json").text.contains("\"to_ward\":2"))

        var (up, handed, fetched) = (0, 0, 0)
        var runs = 0
        while handed < 2, runs < 20 {
            runs += 1
            let some = try sync(chi, "--budget", "200K", "--json")
            let moved = try some.number("bundle_bytes_up")
            #expect(moved <= 200_000 && moved > 0)
            up += moved
            handed += try some.number("bundles_handed")
            fetched += try some.number("returns_fetched")
            let left = try some.number("bundles_left")
            #expect(left > 0 || handed == 2, "\(some.text)")
        }
        let whole = try large.bytes() + small.bytes()
        #expect(runs > 1 && up == whole, "\(runs) \(up)")
        if fetched < 2 { fetched += try sync(chi, "--json").number("returns_fetched") }
        #expect(fetched == 2)
        #expect(try sync(chi, "--json").number("bundles_left") == 0)
        #expect(try test.server("status", "--json").number("report") == 3)
    }

    /// A part that is longer than each budget goes in pieces, and every byte of it once.
    @Test func aPartThatIsLongerThanTheBudgetIsHandedInPieceByPiece() throws {
        let served = try test.serveProcess()
        defer { served.process.signal(SIGTERM) }
        let an = try test.offlinePhone("an")
        let paper = try test.directory.write("giay.pdf", "%PDF-1.4\n\(text(20_000))\n%%EOF\n".utf8)
        try report(an, "Có giấy tờ", "--photo", paper)
        let stick = Stick(test.directory, "stick")
        try stick.export(from: an)
        let length = try stick.bytes()
        #expect(stick.files().count == 1 && length > 150_000)
        let chi = try test.phone("chi", served.http, role: "volunteer")
        try stick.give(to: chi)
        var (up, runs, handed) = (0, 0, 0)
        while handed == 0, runs < 20 {
            runs += 1
            let some = try sync(chi, "--budget", "60K", "--json")
            #expect(try some.number("bundle_bytes_up") <= 60_000)
            up += try some.number("bundle_bytes_up")
            handed += try some.number("bundles_handed")
            #expect(try some.number("bundles_left") == 1 - handed || runs > 2, "\(some.text)")
        }
        #expect(handed == 1 && up == length, "\(up) bytes of \(length) in \(runs) syncs")
        #expect(try test.server("status", "--json").number("report") == 1)
    }

    /// In many short parts, and in a long one that is broken off in the middle.
    @Test(arguments: [false, true])
    func aReturnThatIsLongerThanTheBudgetIsFetchedPieceByPiece(isOnePart: Bool) throws {
        let served = try test.serveProcess()
        defer { served.process.signal(SIGTERM) }
        // Lan has been away while others filed much in her area.
        let lan = try test.phone("lan", served.http, role: "volunteer")
        let resident = try test.device()
        for number in 1...60 {
            var draft = reportDraft("Việc \(number)")
            draft.perform(.set(Slot(field: ReportField.description)), .text(text(120)))
            _ = try resident.commit(draft)
        }
        try served.http.sync(resident)
        let chi = try test.phone("chi", served.http)
        // The parts of a return are as long as those of the bundle that it answers.
        let paper = try test.directory.write("giay.pdf", "%PDF-1.4\n\(text(12_000))\n%%EOF\n".utf8)
        try report(lan, "Việc của Lan", "--photo", paper)
        let out = Stick(test.directory, "out")
        try out.export(from: lan, isOnePart ? "--carried" : "--text-only")
        #expect(out.files().count == 1)
        try out.give(to: chi)
        var (down, runs, fetched) = (0, 0, 0)
        while fetched == 0, runs < 20 {
            runs += 1
            let budget = try runs == 1 ? out.bytes() + 20_000 : 30_000
            let some = try sync(chi, "--budget", String(budget), "--json")
            let moved = try some.number("bundle_bytes_up") + some.number("bundle_bytes_down")
            // What the network brings at once may come beyond it.
            #expect(moved <= budget + 16_384, "\(some.text)")
            down += try some.number("bundle_bytes_down")
            fetched = try some.number("returns_fetched")
            #expect(try some.number("bundles_left") == 1 - fetched, "\(some.text)")
        }
        #expect(fetched == 1 && runs > 2 && down > 60_000, "\(runs) \(down)")
        let back = Stick(test.directory, "back")
        try back.export(from: chi, "--carried")
        #expect((back.files("wardreturn").count == 1) == isOnePart)
        let length = try back.bytes("wardreturn")
        #expect(length == down, "every byte came once")
        try back.give(to: lan, "wardreturn")
        #expect(try lan.ward("status", "--json").text.contains("\"waiting_total\":0"))
        #expect(try lan.ward("report", "list", "--json").text.contains("\"total\":61"))
    }
}
