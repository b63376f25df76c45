// A disk that fills up in the middle of an import, on the phone and at the ward: said, nothing lost, and gone on with.
import Glibc
import SyncKit
import Testing

@testable import SyncServer

@Suite(.serialized, .enabled(if: geteuid() == 0)) struct FullDiskTests {
    private let test: TestHome

    init() throws { test = try TestHome() }

    private func run(_ words: [String], program: String = "ward-server") throws -> ProgramRun {
        let process = try ServerProcess(words + ["--lang", "en"], in: test.directory, program: program)
        return ProgramRun(code: process.wait(), text: process.text, errors: process.errors)
    }

    /// What compresses badly, so that the room for it can be told beforehand.
    private func text(_ words: Int) -> String {
        (0..<words).map { _ in String(UInt64.random(in: 0 ... .max), radix: 36) }.joined(separator: " ")
    }

    /// A ward on a small disk.
    private func ward(on disk: SmallDisk) throws -> TestHome {
        let path = disk.path + "/ward"
        let made = try run([
            "init", "--area", "06685", "--name", "Phường Hồng Gai", "--address", "http://127.0.0.1:8440", "--home",
            path,
        ])
        #expect(made.code == 0, "\(made.errors)")
        return TestHome(directory: test.directory, home: WardHome(path))
    }

    /// A phone of somebody's, which never saw a network.
    private func phone(_ path: String, of ward: TestHome) throws -> WardDevice {
        let device = WardDevice(directory: test.directory, path: path, address: "http://127.0.0.1:1")
        #expect(try device.ward("init", "--descriptor", ward.home.descriptor).code == 0)
        return device
    }

    /// Thirty reports of a phone, as the parts of a bundle.
    private func bundle(of ward: TestHome) throws -> [String] {
        let an = try phone(test.directory.path + "/an", of: ward)
        for number in 1...30 {
            let filed = try an.ward("report", "new", "--title", "Việc \(number)", "--description", text(300))
            #expect(filed.code == 0, "\(filed.errors)")
        }
        let stick = Stick(test.directory)
        try stick.export(from: an, "--size", "16K")
        let parts = stick.files()
        #expect(parts.count > 4)
        return parts
    }

    /// Runs a command of `ward` with a little more room each time until it has enough.
    /// - Parameter refused: what there is to say of a run that had not enough.
    private func withMoreAndMoreRoom(
        _ disk: SmallDisk, _ device: WardDevice, _ words: [String], refused: (ProgramRun) throws -> Void
    ) throws -> ProgramRun {
        for room in [0, 16, 48, 64, 96, 128, 160, 192, 256, 384, 512, 1024, 65_536] {
            disk.free()
            if room < 65_536 { try disk.fill(leaving: room * 1024) }
            let tried = try run(words + ["--home", device.path], program: "ward")
            if tried.code == 0 { return tried }
            #expect(tried.code == 10, "\(room): \(tried.text) \(tried.errors)")
            #expect(tried.errors.contains("No space is left on the disk."), "\(room): \(tried.errors)")
            #expect(tried.errors.contains("Free some space and do it again."), "\(room): \(tried.errors)")
            disk.free()
            try refused(tried)
        }
        throw ControlFailure(.store, "there was never room")
    }

    /// A file of so many rows.
    private func register(_ kind: ImportKind, rows: Int) throws -> String {
        var lines = [kind == .dossiers ? String(ImportScenarioTests.head.dropLast()) : "code,name,papers"]
        for row in 0..<rows {
            lines.append(
                kind == .dossiers
                    ? "000.00.01.H49-261103-\(row),K\(row),4,\(text(8)),Tư pháp,,,,2026-11-05"
                    : "1.\(100_000 + row),Thủ tục \(row),\(text(24))")
        }
        return try test.directory.write("\(kind).csv", lines.joined(separator: "\n").utf8)
    }

    /// Imports with a little more room each time until all is there.
    /// - Returns: how often there was no room after some rows had been taken over.
    private func importAll(_ kind: ImportKind, rows: Int, home: String, _ disk: SmallDisk) throws -> Int {
        let words = ["import", kind.rawValue, try register(kind, rows: rows), "--home", home]
        var kept = 0
        var halves = 0
        for room in [0, 256, 512, 1024, 1536, 2048, 3072, 4096, 65_536] {
            disk.free()
            if room < 65_536 { try disk.fill(leaving: room * 1024) }
            let tried = try run(words)
            if tried.code == 0 {
                // What was taken over before was not taken over again.
                #expect(tried.text.contains("New: \(rows - kept), changed: 0, unchanged: \(kept), refused: 0"))
                disk.free()
                let again = try run(words)
                #expect(again.text.contains("New: 0, changed: 0, unchanged: \(rows), refused: 0"), "\(again.errors)")
                return halves
            }
            #expect(tried.code == 10, "\(room): \(tried.text) \(tried.errors)")
            #expect(tried.errors.contains("The disk of the store is full."), "\(room): \(tried.errors)")
            #expect(tried.errors.contains("Free some room and run the command again"), "\(room): \(tried.errors)")
            guard let told = tried.text.firstRange(of: "New: ") else { continue }
            let new = try #require(Int(tried.text[told.upperBound...].prefix { $0.isNumber }))
            #expect(tried.text.contains("unchanged: \(kept), refused: 0"), "\(room): \(tried.text)")
            #expect(tried.errors.contains("The rows told above are kept."), "\(tried.errors)")
            kept += new
            if new > 0 { halves += 1 }
        }
        Issue.record("there was never room")
        return halves
    }

    @Test(.enabled(if: SmallDisk.isPossible), arguments: [ImportKind.procedures, .dossiers])
    func aRegisterThatTheDiskHasNoRoomForHalfWayIsGoneOnWith(kind: ImportKind) throws {
        let disk = try #require(SmallDisk(in: test.directory, size: "64m"))
        defer { disk.remove() }
        let halves = try importAll(kind, rows: 4000, home: try ward(on: disk).home.path, disk)
        #expect(halves > 0)
    }

    @Test(.enabled(if: SmallDisk.isPossible))
    func theServerThatRanWhenTheDiskWasFullGoesOnByItself() throws {
        let disk = try #require(SmallDisk(in: test.directory, size: "64m"))
        defer { disk.remove() }
        let moved = try ward(on: disk)
        let served = try moved.serveProcess()
        defer { served.process.signal(SIGTERM) }
        let halves = try importAll(.dossiers, rows: 4000, home: moved.home.path, disk)
        #expect(halves > 0 && served.process.isRunning)
        #expect(try served.http.get("/healthz").status == 200)
        served.process.signal(SIGTERM)
        #expect(served.process.wait() == 0)
        #expect(try moved.server("doctor").code == 0)
    }

    @Test(.enabled(if: SmallDisk.isPossible))
    func aPhoneThatHasNoRoomForTheRestOfABundleKeepsTheFirstPartsAndTakesTheOthersLater() throws {
        let disk = try #require(SmallDisk(in: test.directory, size: "64m"))
        defer { disk.remove() }
        let parts = try bundle(of: test)
        let chi = try phone(disk.path + "/chi", of: test)
        var halves = 0
        _ = try withMoreAndMoreRoom(disk, chi, ["bundle", "import"] + parts) { tried in
            let kept = parts.count { tried.text.contains("\($0): kept") || tried.text.contains("\($0): this part") }
            let carried = try run(["bundle", "inspect", "--json", "--home", chi.path], program: "ward").text
            #expect(carried.contains("\"to_ward\":\(kept > 0 ? 1 : 0)"), "\(kept) \(carried)")
            guard kept > 0 else { return }
            halves += 1
            // What was told to be kept is there, and the error does not say otherwise.
            #expect(tried.errors.contains("The parts that were taken in before are kept."), "\(tried.errors)")
            let again = try run(["bundle", "import", "--home", chi.path] + parts.prefix(kept), program: "ward")
            #expect(again.text.split(separator: "\n").allSatisfy { $0.contains("this part is here already") })
        }
        #expect(halves > 0)
        let carried = try run(["bundle", "inspect", "--home", chi.path], program: "ward").text
        #expect(carried.contains("whole: 1"), "\(carried)")
    }

    @Test(.enabled(if: SmallDisk.isPossible))
    func anOfficeThatHasNoRoomForTheRestOfABundleKeepsTheFirstPartsAndTakesItOnceLater() throws {
        let disk = try #require(SmallDisk(in: test.directory, size: "64m"))
        defer { disk.remove() }
        let office = try ward(on: disk)
        let parts = try bundle(of: office)
        let words = ["bundle", "import", "--home", office.home.path] + parts
        var halves = 0
        for room in [0, 64, 128, 192, 256, 320, 384, 512, 768, 1024, 1536, 65_536] {
            disk.free()
            if room < 65_536 { try disk.fill(leaving: room * 1024) }
            let tried = try run(words)
            disk.free()
            if tried.code == 0 {
                // What an earlier try had taken over before it ran out of room is there, and counts once.
                let counts = ["Accepted: ", "there before: "].compactMap { word in
                    tried.text.firstRange(of: word).flatMap { found in
                        Int(tried.text[found.upperBound...].prefix { $0.isNumber })
                    }
                }
                #expect(counts.count == 2 && counts.reduce(0, +) == 30, "\(tried.text)")
                break
            }
            #expect(tried.code == 10 && (tried.text + tried.errors).contains("full"), "\(tried.text) \(tried.errors)")
            #expect(!tried.text.contains("Accepted"), "\(tried.text)")
            let list = try office.server("bundle", "list").text
            let kept = tried.text.split(separator: "\n").count { $0.contains("are missing") }
            #expect(list.contains("waits for parts") || list.contains("whole") || kept == 0, "\(list)")
            if kept > 0 { halves += 1 }
        }
        #expect(halves > 0)
        #expect(try run(words).text.split(separator: "\n").allSatisfy { $0.contains("taken before") })
        #expect(try office.server("status", "--json").text.contains("\"report\":30"))
    }

    @Test(.enabled(if: SmallDisk.isPossible))
    func aFileThatTheWardHasNoRoomForWaitsOnThePhoneAndGoesOnWhereItStood() throws {
        let disk = try #require(SmallDisk(in: test.directory, size: "64m"))
        defer { disk.remove() }
        let office = try ward(on: disk)
        let (process, http) = try office.serveProcess()
        defer { process.signal(SIGTERM) }
        let lan = try office.phone("lan", http, role: "volunteer")
        let paper = try test.directory.write(
            "don.pdf", Bytes("%PDF-1.7\n".utf8) + SystemRandomSource().bytes(3_000_000))
        #expect(try lan.ward("report", "new", "--title", "Kèm đơn", "--area", "3", "--photo", paper).code == 0)
        #expect(try lan.ward("sync", "--text-only", "--address", lan.address).code == 6)
        try disk.fill(leaving: 1 << 20)
        let full = try run(["sync", "--address", lan.address, "--home", lan.path], program: "ward")
        #expect(full.code != 0 && process.isRunning, "\(full.text)")
        #expect(full.errors.contains("The server's disk is full"), "\(full.errors)")
        #expect(full.errors.contains("Nothing is lost") && full.errors.contains("goes on from here"), "\(full.errors)")
        let part = try office.server("completeness", "--json")
        #expect(part.code == 6 && !part.text.contains("\"held_leaves\":0,"), "\(part.text)")
        let status = try lan.ward("status", "--json").text
        #expect(status.contains("\"files_waiting_total\":1"), "\(status)")
        disk.free()
        let rest = try lan.ward("sync", "--json", "--address", lan.address)
        let up = try #require(rest.text.firstRange(of: "\"content_up\":").map { rest.text[$0.upperBound...] })
        #expect(try rest.code == 0 && #require(Int(up.prefix { $0.isNumber })) < 3_000_000, "\(rest.text)")
        #expect(try office.server("completeness").code == 0)
        #expect(try office.server("doctor").code == 0)
    }

    @Test(.enabled(if: SmallDisk.isPossible))
    func aFileThatIsFetchedGoesOnInsideWhenThereIsRoomOnThePhone() throws {
        let disk = try #require(SmallDisk(in: test.directory, size: "64m"))
        defer { disk.remove() }
        let (process, http) = try test.serveProcess()
        defer { process.signal(SIGTERM) }
        let lan = try test.phone("lan", http, role: "volunteer")
        // Its home is on the small disk.
        let chi = try test.phone("small/chi", http, role: "volunteer")
        let content = Bytes("%PDF-1.7\n".utf8) + SystemRandomSource().bytes(3_000_000)
        let paper = try test.directory.write("don.pdf", content)
        let filed = try lan.ward("report", "new", "--title", "Kèm đơn", "--area", "3", "--photo", paper, "--json")
        let id = try #require(filed.json("short_id"))
        #expect(try lan.sync().code == 0 && chi.sync().code == 0)
        #expect(try chi.ward("attachment", "fetch", id).code == 0)
        try disk.fill(leaving: 1 << 20)
        let full = try run(["sync", "--address", chi.address, "--home", chi.path], program: "ward")
        #expect(full.code == 10 && full.errors.contains("No space is left on the disk."), "\(full.text) \(full.errors)")
        disk.free()
        #expect(try chi.ward("doctor").code == 0)
        let rest = try chi.ward("sync", "--json", "--address", chi.address)
        let down = try #require(rest.text.firstRange(of: "\"content_down\":").map { rest.text[$0.upperBound...] })
        // What was there before is not fetched again.
        let fetched = try #require(Int(down.prefix { $0.isNumber }))
        #expect(rest.code == 0 && fetched > 0 && fetched < 3_000_000, "\(rest.text)")
        let saved = test.directory.path + "/saved.pdf"
        #expect(try chi.ward("attachment", "save", id, "1", "--out", saved).code == 0)
        let isTheSame = try HomeFiles.read(saved, max: 4_000_000) == content
        #expect(isTheSame)
    }

    @Test(.enabled(if: SmallDisk.isPossible))
    func aFileThatThePhoneHasNoRoomForLeavesNothingHalfAndIsAttachedLater() throws {
        let disk = try #require(SmallDisk(in: test.directory, size: "64m"))
        defer { disk.remove() }
        let an = try phone(disk.path + "/an", of: test)
        let filed = try an.ward("report", "new", "--title", "Giấy tờ", "--json")
        let id = try #require(filed.json("short_id"))
        let paper = try test.directory.write("giay.pdf", "%PDF-1.4\n\(text(60_000))\n%%EOF\n".utf8)
        var refusals = 0
        _ = try withMoreAndMoreRoom(disk, an, ["attach", id, paper]) { tried in
            refusals += 1
            #expect(tried.text.isEmpty && tried.errors.contains("Nothing was saved or changed."), "\(tried.errors)")
            let files = try an.ward("attachment", "list", id, "--json").text
            #expect(!files.contains("\"media\""), "\(files)")
            #expect(try an.ward("doctor").code == 0)
        }
        #expect(refusals > 0)
        let files = try an.ward("attachment", "list", id, "--json")
        #expect(files.text.contains("\"number\":1") && !files.text.contains("\"number\":2"), "\(files.text)")
        #expect(try an.ward("doctor").code == 0)
        #expect(try an.ward("status", "--json").text.contains("\"waiting_total\":2"))
    }
}
