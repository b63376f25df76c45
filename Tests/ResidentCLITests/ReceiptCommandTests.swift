// Receipts and proofs with the real program: exported offline, verified anywhere, and a server that shows two logs.
import Glibc
import Testing

@testable import ResidentCLI
@testable import SyncKit

@Suite struct ReceiptCommandTests {
    private func ok(_ run: WardRun, _ place: SourceLocation = #_sourceLocation) -> WardRun {
        #expect(run.code == 0, "\(run.out)\(run.err)", sourceLocation: place)
        return run
    }

    /// Files a report and gives the beginning of its id.
    private func file(_ home: TestHome, _ title: String = "Đèn đường hỏng") throws -> String {
        let new = ok(home.ward("report", "new", "-t", title, "--area", "3", "--json"))
        return String(try #require(new.json("short_id")).prefix(8))
    }

    @Test func aResidentProvesOfflineToAnybodyThatTheWardReceivedTheReport() throws {
        var ward: LoopbackWard? = try LoopbackWard()
        let descriptor = try #require(ward?.descriptor)
        let resident = try FieldDayTests.home(try #require(ward))
        let neighbor = try FieldDayTests.home(try #require(ward))
        let id = try file(resident)
        let early = resident.ward("receipt", "export", id)
        #expect(early.code == 3 && early.err.contains("ward sync"))
        _ = ok(resident.ward("sync"))
        // From here on there is no network any more.
        ward = nil
        let path = resident.root + "/bien-nhan.txt"
        let exported = ok(resident.ward("receipt", "export", id, "--out", path, lang: "vi"))
        #expect(exported.out.contains("Đã ghi") && readFile(path).utf8.count < 4096)
        #expect(!readFile(path).contains("Đèn"))
        #expect(resident.ward("receipt", "export", id, "--out", path).code == 5)
        #expect(resident.ward("receipt", "export", id, "--out", "/nowhere/x").code == 10)
        #expect(ok(resident.ward("receipt", "export", id)).out == readFile(path))

        let own = ok(resident.ward("receipt", "verify", path, lang: "vi"))
        for word in [
            "Biên nhận đúng", "đã tiếp nhận", "Đèn đường hỏng", "đúng phường của máy này", "(máy này)", "đúng sổ",
        ] {
            #expect(own.out.contains(word), "\(word): \(own.out)")
        }
        let neighbors = ok(neighbor.ward("receipt", "verify", "-", "--json", input: readFile(path)))
        #expect(neighbors.json("ward_compared") == "home" && neighbors.json("decision") == "accepted")
        #expect(neighbors.out.contains("\"title\":null") && neighbors.out.contains("\"own\":false"))

        // Somebody without any data of the program; then with the poster's descriptor, as text and as a file.
        let stranger = TestHome()
        let unknown = stranger.ward("receipt", "verify", path)
        #expect(unknown.code == 6 && unknown.out.contains("--ward"))
        #expect(ok(stranger.ward("receipt", "verify", path, "--ward", descriptor)).out.contains("descriptor that was"))
        writeFile(stranger.root + "/hong-gai.txt", Array(descriptor.utf8))
        _ = ok(stranger.ward("receipt", "verify", path, "--ward", stranger.root + "/hong-gai.txt"))
        #expect(stranger.ward("receipt", "verify", path, "--ward", "nonsense").code == 2)

        // Another ward's person.
        let otherWard = try LoopbackWard(area: "06688")
        let elsewhere = try FieldDayTests.home(otherWard)
        #expect(elsewhere.ward("receipt", "verify", path, "--json").json("ward_compared") == "other-home")
        let wrong = elsewhere.ward("receipt", "verify", path, "--ward", otherWard.descriptor)
        #expect(wrong.code == 5 && wrong.err.contains("Another ward signed"))

        let full = ok(resident.ward("receipt", "export", id, "--content"))
        let read = stranger.ward("receipt", "verify", "-", "--ward", descriptor, input: full.out)
        #expect(ok(read).out.contains("Đèn đường hỏng"))
    }

    @Test func whatIsNotASoundReceiptIsRefusedInWords() throws {
        let ward = try LoopbackWard()
        let resident = try FieldDayTests.home(ward)
        let id = try file(resident)
        _ = ok(resident.ward("sync"))
        let text = ok(resident.ward("receipt", "export", id)).out
        var damaged = Array(text.utf8)
        damaged[900] = damaged[900] == UInt8(ascii: "7") ? UInt8(ascii: "8") : UInt8(ascii: "7")
        let run = resident.ward("receipt", "verify", "-", input: String(decoding: damaged, as: UTF8.self))
        #expect(run.code == 5 && run.err.contains("not"))
        for input in ["", "Kính gửi phường", String(text.dropLast(40)), "wardproof1-00"] {
            #expect(resident.ward("receipt", "verify", "-", input: input).code == 5)
        }
        #expect(resident.ward("receipt", "verify", resident.root + "/missing").code == 10)
        let none = resident.ward("receipt", "evidence", lang: "vi")
        #expect(none.code == 3 && none.err.contains("chưa thấy"))
        // Only the device that filed it has the receipt.
        let lan = try FieldDayTests.home(ward, .volunteer, ["06685.03"], "Lan")
        _ = ok(lan.ward("sync"))
        let others = lan.ward("receipt", "export", id)
        #expect(others.code == 3 && others.err.contains("another device"))
        #expect(ok(resident.ward("status", "--json")).out.contains("\"log_fault\":null"))
    }

    @Test func aServerThatShowsAnotherLogIsStoppedNamedAndProven() throws {
        let ward = try LoopbackWard()
        let lan = try FieldDayTests.home(ward, .volunteer, ["06685.03"], "Lan")
        let minh = try FieldDayTests.home(ward, .volunteer, ["06685.03"], "Minh")
        for home in [lan, minh] { _ = ok(home.ward("sync")) }
        let second = try ward.copied(to: lan.root + "/second.db")
        let first = try file(lan, "Mặt đường")
        _ = ok(lan.ward("sync"))
        let path = lan.root + "/lan.txt"
        _ = ok(lan.ward("receipt", "export", first, "--out", path))

        // Minh is shown the other log. At the same size the receipt of Lan shows it.
        ward.face.withLock { $0 = second }
        _ = try file(minh, "Nắp cống")
        _ = ok(minh.ward("sync"))
        let compared = minh.ward("receipt", "verify", path)
        #expect(compared.code == 6 && compared.err.contains("another log"))
        #expect(ok(minh.ward("status")).err.contains("ward receipt evidence"))
        let proof = minh.root + "/proof.txt"
        _ = ok(minh.ward("receipt", "evidence", "--out", proof))
        let stranger = TestHome()
        let read = stranger.ward("receipt", "verify", proof, "--ward", ward.descriptor, "--json")
        #expect(read.code == 6 && read.json("fault") == "forked" && read.json("file") == "contradiction")
        #expect(stranger.ward("receipt", "verify", proof, lang: "vi").out.contains("hai sổ"))

        // Lan comes to the other face: nothing is taken from it, and nothing is lost.
        let waiting = try file(lan, "Cây đổ")
        let stopped = lan.ward("sync", lang: "vi")
        #expect(stopped.code == 11 && stopped.err.contains("sổ phường khác") && stopped.err.contains("Không mất gì"))
        #expect(lan.ward("sync", "--json").json("code") == "log.forked")
        #expect(ok(lan.ward("status", "--json")).json("log_fault") == "forked")
        #expect(!ok(lan.ward("report", "list")).out.contains("Nắp cống"))
        #expect(ok(lan.ward("report", "show", waiting)).out.contains("Cây đổ"))
        let own = ok(lan.ward("receipt", "evidence"))
        #expect(stranger.ward("receipt", "verify", "-", input: own.out).code == 6)

        // Back at the log that Lan knows, everything goes on.
        ward.face.withLock { $0 = nil }
        _ = ok(lan.ward("sync"))
        #expect(ok(lan.ward("status")).out.contains("Since then"))
        unlink(lan.root + "/second.db")
    }
}
