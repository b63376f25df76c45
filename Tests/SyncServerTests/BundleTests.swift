// Bundles with the real programs: a week by hand between phones without a network, then one of them has one.
import Foundation
import Glibc
import SyncKit
import Testing

@testable import SyncServer

@Suite(.serialized) struct BundleTests {
    private let test: TestHome

    init() throws { test = try TestHome() }

    /// A phone that never saw a network.
    private func phone(_ name: String) throws -> WardDevice {
        let device = WardDevice(
            directory: test.directory, path: test.directory.path + "/" + name, address: "http://127.0.0.1:1")
        #expect(try device.ward("init", "--descriptor", test.home.descriptor).code == 0)
        return device
    }

    private func folder(_ name: String) throws -> String {
        let path = test.directory.path + "/" + name
        #expect(mkdir(path, 0o700) == 0)
        return path
    }

    private func files(_ folder: String, _ prefix: String = "ward") throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasPrefix(prefix) }.sorted()
            .map { folder + "/" + $0 }
    }

    private func run(_ device: WardDevice, _ words: [String]) throws -> ProgramRun {
        let process = try ServerProcess(
            words + ["--home", device.path, "--lang", "en"], in: test.directory, program: "ward")
        return ProgramRun(code: process.wait(), text: process.text, errors: process.errors)
    }

    private func number(_ run: ProgramRun, _ key: String) throws -> Int {
        let start = try #require(run.text.firstRange(of: "\"\(key)\":"), "\(key) in \(run.text) \(run.errors)")
        return try #require(Int(run.text[start.upperBound...].prefix { $0.isNumber }))
    }

    private func report(_ device: WardDevice, _ title: String) throws {
        // Nothing that compresses well, so that a few reports fill several small parts.
        let long = (0..<120).map { _ in String(UInt64.random(in: 0 ... .max), radix: 36) }.joined(separator: " ")
        let made = try run(
            device, ["report", "new", "--title", title, "--category", "lighting", "--description", long])
        #expect(made.code == 0, "\(made.errors)")
    }

    private func export(_ device: WardDevice, _ folder: String, _ options: [String] = []) throws -> ProgramRun {
        let made = try run(device, ["bundle", "export", "--to", folder, "--size", "4K", "--json"] + options)
        #expect(made.code == 0, "\(made.text) \(made.errors)")
        return made
    }

    private func take(_ device: WardDevice, _ paths: [String], expecting code: Int32 = 0) throws -> ProgramRun {
        let taken = try run(device, ["bundle", "import", "--json"] + paths)
        #expect(taken.code == code, "\(taken.text) \(taken.errors)")
        return taken
    }

    private func waiting(_ device: WardDevice) throws -> Int {
        try number(run(device, ["status", "--json"]), "waiting_total")
    }

    @Test func aWeekByHandBetweenThreePhonesThenOneOfThemHasANetwork() throws {
        let (an, binh, chi) = (try phone("an"), try phone("binh"), try phone("chi"))
        // Monday: An's reports go to Bình, in parts that fit a small message.
        let monday = try folder("monday")
        for index in 1...8 { try report(an, "Thứ hai \(index)") }
        #expect(try number(export(an, monday), "changes") == 8)
        #expect(try files(monday).count >= 2)
        #expect(try waiting(an) == 8)
        _ = try take(binh, try files(monday).reversed())
        // Tuesday: An writes more and exports again, which holds Monday's too; one part is cut on the way.
        let tuesday = try folder("tuesday")
        for index in 1...3 { try report(an, "Thứ ba \(index)") }
        #expect(try number(export(an, tuesday), "changes") == 11)
        let parts = try files(tuesday)
        try #require(parts.count >= 2)
        let whole = try HomeFiles.read(parts[1], max: 1 << 20)
        for length in [0, 60, 200, whole.count - 1] {
            unlink(parts[1])
            try HomeFiles.create(parts[1], Bytes(whole[..<length]))
            let cut = try run(binh, ["bundle", "import"] + parts)
            #expect(cut.code == 5, "\(cut.text) \(cut.errors)")
            #expect(cut.text.contains(length < 119 ? "bring just this file again" : "Bring part 2 of"), "\(cut.text)")
        }
        #expect(try run(binh, ["bundle", "inspect"]).text.contains("parts 2 of \(parts.count) are missing"))
        unlink(parts[1])
        try HomeFiles.create(parts[1], whole)
        _ = try take(binh, parts)
        // Wednesday: Bình adds her own and hands everything to Chi, twice.
        let wednesday = try folder("wednesday")
        for index in 1...2 { try report(binh, "Của Bình \(index)") }
        #expect(try number(export(binh, wednesday, ["--carried"]), "changes") == 2)
        _ = try take(chi, try files(wednesday))
        _ = try take(chi, try files(wednesday))
        // Thursday: Chi writes too. What she carries says nothing of whom or what.
        try report(chi, "Của Chi")
        let carried = try run(chi, ["bundle", "inspect", "--json"])
        #expect(try number(carried, "to_ward") == 3 && number(carried, "people_at_most") == 3)
        // What Chi's phone holds says nothing of whom it carries for, in its store or in the files.
        let identity = try Digest(hex: an.id())?.bytes ?? []
        for path in try files(wednesday) {
            #expect(try HomeFiles.read(path, max: 1 << 22).firstRange(of: identity) == nil)
        }
        #expect(try HomeFiles.read(chi.path + "/replica.db", max: 1 << 26).firstRange(of: identity) == nil)

        // Friday: Chi comes to where there is a network.
        let served = try test.serveProcess()
        defer { served.process.signal(SIGTERM) }
        let online = chi.at(served.http)
        let synced = try online.ward("sync", "--address", online.address, "--json")
        #expect(synced.code == 0, "\(synced.text) \(synced.errors)")
        #expect(try number(synced, "bundles_handed") == 3 && number(synced, "returns_fetched") == 3)
        #expect(try waiting(chi) == 0)
        let idle = try online.ward("sync", "--address", online.address, "--json")
        #expect(try number(idle, "bundles_handed") == 0 && number(idle, "returns_fetched") == 0)
        // Saturday: the receipts travel back the way that the bundles came.
        let back = try folder("back")
        _ = try export(chi, back, ["--carried"])
        let bound = try take(binh, try files(back, "wardreturn").reversed())
        #expect(try number(bound, "accepted") == 2)
        #expect(try waiting(binh) == 0)
        let last = try folder("last")
        _ = try export(binh, last, ["--carried"])
        let all = try take(an, try files(last, "wardreturn"))
        #expect(try number(all, "accepted") == 11)
        #expect(try waiting(an) == 0)
        // Once more does no harm.
        _ = try take(an, try files(last, "wardreturn"))
        // Every report is at the ward once.
        let status = try test.server("status", "--json")
        #expect(try number(status, "report") == 14)
        #expect(try number(status, "held") == 0 && number(status, "refused") == 0)
        #expect(served.process.isRunning)
    }

    @Test func theOfficeTakesInAndHandsOutWithoutANetworkWhetherTheServerRunsOrNot() throws {
        let an = try phone("an")
        let (out, back) = (try folder("out"), try folder("back"))
        for index in 1...6 { try report(an, "Mất nước \(index)") }
        _ = try export(an, out)
        let parts = try files(out)
        try #require(parts.count >= 2)
        let served = try test.serveProcess()
        let first = try test.server("bundle", "import", parts[1])
        #expect(first.code == 0 && first.text.contains("parts 1"), "\(first.text) \(first.errors)")
        #expect(try test.server("bundle", "list").text.contains("waits for parts"))
        served.process.signal(SIGTERM)
        #expect(served.process.wait() == 0)
        var whole = try test.server("bundle", "import", "--json", parts[0])
        for part in parts.dropFirst(2) { whole = try test.server("bundle", "import", "--json", part) }
        #expect(try number(whole, "accepted") == 6, "\(whole.text) \(whole.errors)")
        #expect(try test.server("bundle", "export", back).code == 0)
        #expect(try number(take(an, try files(back)), "accepted") == 6)
        #expect(try waiting(an) == 0)
        #expect(try test.server("bundle", "import", parts[0]).text.contains("taken before"))
    }

    @Test func aSmallReportGoesThroughQRCodesThatAreReadInAnyOrder() throws {
        let (an, binh) = (try phone("an"), try phone("binh"))
        let long = (0..<30).map { _ in String(UInt64.random(in: 0 ... .max), radix: 36) }.joined(separator: " ")
        let words = ["report", "new", "--title", "Đèn hỏng", "--category", "lighting", "--description", long]
        #expect(try run(an, words).code == 0)
        let shown = try run(an, ["bundle", "export", "--qr"])
        #expect(shown.code == 0 && shown.text.contains("Code 1 of 3") && shown.text.contains("##"), "\(shown.errors)")
        let made = try run(an, ["bundle", "export", "--qr", "--json"])
        let start = try #require(made.text.firstRange(of: "\"texts\":["))
        let texts = made.text[start.upperBound...].prefix { $0 != "]" }.split(separator: ",").map {
            String($0.filter { $0 != "\"" })
        }
        try #require(texts.count == 3)
        // The other device scans two of them, one twice and one badly.
        var misread = texts[1]
        misread.removeLast()
        let scanned = try test.directory.write("scan.txt", (texts[2] + "\n\n" + texts[2] + "\n" + misread).utf8)
        let some = try run(binh, ["bundle", "import", "--texts", scanned])
        #expect(some.code == 5 && some.text.contains("codes 1–2 are missing"), "\(some.text) \(some.errors)")
        #expect(some.text.contains("scan that code again"))
        let begun = try run(binh, ["bundle", "inspect"])
        #expect(begun.text.contains("codes 1–2 of 3 are missing"), "\(begun.text) \(begun.errors)")
        #expect(try run(binh, ["bundle", "inspect", "--json"]).text.contains("\"count\":3,\"missing\":[1,2]"))
        let rest = try test.directory.write("rest.txt", (texts[1].lowercased() + "\n" + texts[0]).utf8)
        let all = try run(binh, ["bundle", "import", "--texts", rest])
        #expect(all.code == 0 && all.text.contains("kept to be carried"), "\(all.text) \(all.errors)")
        // The office reads codes as well.
        let office = try test.directory.write("office.txt", texts.reversed().joined(separator: "\n").utf8)
        let taken = try test.server("bundle", "import", "--texts", office)
        #expect(taken.code == 0 && taken.text.contains("Accepted: 1"), "\(taken.text) \(taken.errors)")
        // Codes that are read once more begin nothing anew, on the phone or at the office.
        let again = try run(binh, ["bundle", "import", "--texts", scanned])
        #expect(again.text.contains("was taken before") && !again.text.contains("missing"), "\(again.text)")
        #expect(try !run(binh, ["bundle", "inspect"]).text.contains("series of codes"))
        let halves = try test.directory.write("some.txt", (texts[0] + "\n" + texts[2]).utf8)
        let twice = try test.server("bundle", "import", "--texts", halves)
        #expect(twice.code == 0 && twice.text.contains("taken before"), "\(twice.text) \(twice.errors)")
        let listed = try test.server("bundle", "list").text
        #expect(!listed.contains("waits for parts"), "\(listed)")
        // What is too long says so.
        for index in 1...40 { try report(an, "Dài \(index)") }
        let refused = try run(an, ["bundle", "export", "--qr"])
        #expect(refused.code == 5 && refused.errors.contains("too long for a series"), "\(refused.errors)")
    }

    @Test func whatHostileHandsSendToTheWardIsRefusedAndKeptNowhere() throws {
        let server = try test.serve()
        defer { server.inlets.close(drainSeconds: 0) }
        let http = TestRequest(port: server.port)
        func status(_ body: Bytes) throws -> Int { try #require(http.post("/v1/bundle", body)).status }
        #expect(try status([]) == 400)
        #expect(try status(Bytes("WSBUNDLE".utf8)) == 400)
        #expect(try status(Bytes(repeating: 0xFF, count: 5000)) == 400)
        #expect(try status(Bytes(repeating: 0xFF, count: BundleLimits.file + 1)) == 400)
        let device = try test.device()
        _ = try device.commit(reportDraft("Đèn"))
        let file = try device.exportBundle(fileSize: 65_536).parts[0].encoded
        for place in stride(from: 0, to: file.count, by: 7) {
            var changed = file
            changed[place] ^= 0x10
            #expect(try status(changed) == 400, "\(place)")
        }
        let other = try TestHome()
        let strangers = try other.device()
        #expect(try status(try strangers.exportBundle(fileSize: 65_536).parts[0].encoded) == 409)
        for path in [
            "/v1/bundle/", "/v1/bundle/abc/1", "/v1/bundle/\(String(repeating: "0", count: 64))/1", "/v1/bundle/x",
        ] {
            #expect(try http.get(path).status == 404, "\(path)")
        }
        let id = try BundlePart(decoding: file).head.id.hex
        for part in ["0", "-1", "1", "99999", "1/1", ""] {
            #expect(try http.get("/v1/bundle/\(id)/\(part)").status == 404, "\(part)")
        }
        #expect(try #require(http.post("/v1/bundle/\(id)/1", [])).status == 405)
        #expect(try http.get("/v1/bundle").status == 405)
        #expect(try test.ask(.bundles)["bundles"].elements.isEmpty)
        #expect(try status(file) == 200)
        #expect(try http.get("/v1/bundle/\(id)/1").status == 200)
        #expect(try http.get("/healthz").status == 200)
    }

    @Test func aCourierKeepsWhatTheWardHasNoRoomForAndHandsItOverLater() throws {
        let (an, chi) = (try phone("an"), try phone("chi"))
        let out = try folder("out")
        try report(an, "Đèn hỏng")
        _ = try export(an, out)
        _ = try take(chi, try files(out))
        func visit(_ adjust: @escaping (inout TrafficLimits) -> Void) throws -> ProgramRun {
            let server = try test.serve(adjust)
            defer { server.inlets.close(drainSeconds: 0) }
            let online = chi.at(TestRequest(port: server.port))
            return try online.ward("sync", "--address", online.address, "--lang", "en")
        }
        // She is let in while there is room, and comes again when there is none for parts.
        #expect(try visit { $0.bundleParts = 0 }.errors.contains("it is kept, and the next sync goes on"))
        #expect(try run(chi, ["bundle", "inspect"]).text.contains("On the way to the ward: 1"))
        let later = try visit { _ in }
        #expect(later.text.contains("Handed over of what was carried: 1"), "\(later.text) \(later.errors)")
        #expect(later.text.contains("Returns fetched to be carried back: 1"))
    }

    @Test(.enabled(if: SmallDisk.isPossible))
    func aFullDiskAtThePhoneOrTheWardIsSaidAndLosesNothing() throws {
        let disk = try #require(SmallDisk(in: test.directory, size: "16m"))
        defer { disk.remove() }
        let small = disk.path
        let an = try phone("an")
        for index in 1...4 { try report(an, "Đèn \(index)") }
        try disk.fill()
        let full = try run(an, ["bundle", "export", "--to", small])
        #expect(full.code == 10 && full.errors.contains("No room is left"), "\(full.text) \(full.errors)")
        #expect(try files(small).isEmpty)
        disk.free()
        _ = try export(an, small)
        let parts = try files(small)

        // A phone whose store is on the full disk.
        let chi = WardDevice(directory: test.directory, path: small + "/chi", address: "http://127.0.0.1:1")
        #expect(try chi.ward("init", "--descriptor", test.home.descriptor).code == 0)
        try disk.fill()
        let refused = try run(chi, ["bundle", "import"] + parts)
        #expect(refused.code == 10 && refused.errors.contains("No space is left"), "\(refused.text) \(refused.errors)")
        disk.free()
        _ = try take(chi, parts)

        // A ward whose store is on it.
        #expect(try tool("/bin/cp", ["-a", test.home.path, small + "/ward"]) == 0)
        let home = WardHome(small + "/ward")
        try disk.fill()
        func importing() throws -> ProgramRun {
            let process = try ServerProcess(
                ["bundle", "import"] + parts + ["--home", home.path, "--lang", "en"], in: test.directory)
            return ProgramRun(code: process.wait(), text: process.text, errors: process.errors)
        }
        let crowded = try importing()
        #expect(crowded.code == 10, "\(crowded.text) \(crowded.errors)")
        #expect((crowded.text + crowded.errors).contains("full"), "\(crowded.text) \(crowded.errors)")
        disk.free()
        let taken = try importing()
        #expect(taken.code == 0 && taken.text.contains("Accepted: 4"), "\(taken.text) \(taken.errors)")
    }

    private func tool(_ path: String, _ arguments: [String]) throws -> Int32 {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }
}
