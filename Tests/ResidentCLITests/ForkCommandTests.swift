// Copied homes with the real program: what it says, that nothing is lost, and the proof that a copy leaves.
import Glibc
import Testing

@testable import ResidentCLI
@testable import SyncKit

@Suite struct ForkCommandTests {
    private func ok(_ run: WardRun, _ place: SourceLocation = #_sourceLocation) -> WardRun {
        #expect(run.code == 0, "\(run.out)\(run.err)", sourceLocation: place)
        return run
    }

    private func file(_ home: TestHome, _ title: String) {
        _ = ok(home.ward("report", "new", "-t", title, "--area", "3"))
    }

    /// The home as another phone has it.
    private func copy(_ home: TestHome) -> TestHome {
        let copy = TestHome()
        let run = spawn("/bin/cp", ["-r", home.path, copy.path], environment: [], root: nil)
        #expect(run.code == 0, "\(run.err)")
        return copy
    }

    @Test func aRestoredHomeTakesItsWorkBackAndSaysSo() throws {
        let ward = try LoopbackWard()
        let home = try FieldDayTests.home(ward)
        file(home, "Đèn hỏng")
        _ = ok(home.ward("sync"))
        let old = copy(home)
        file(home, "Ổ gà")
        _ = ok(home.ward("sync"))
        let sync = ok(old.ward("sync", lang: "vi"))
        #expect(sync.out.contains("bản cũ") && sync.out.contains("Không mất gì"), "\(sync.out)")
        #expect(ok(old.ward("report", "list")).out.contains("Ổ gà"))
        let again = ok(old.ward("sync", "--json"))
        #expect(again.out.contains("\"recovered\":0") && again.out.contains("\"keys_renewed\":null"), "\(again.out)")
    }

    @Test func aCopiedHomeTakesNewKeysSendsItsWorkAgainAndTellsItsPerson() throws {
        let ward = try LoopbackWard()
        let home = try FieldDayTests.home(ward)
        file(home, "Đèn hỏng")
        _ = ok(home.ward("sync"))
        let other = copy(home)
        let before = ok(other.ward("whoami", "--json")).json("device")
        file(home, "Ổ gà")
        file(other, "Cây đổ")
        _ = ok(home.ward("sync"))
        let sync = ok(other.ward("sync", lang: "vi"))
        #expect(sync.out.contains("bản sao") && sync.out.contains("Không mất gì"), "\(sync.out)")
        #expect(!sync.out.contains("tạm giữ"), "\(sync.out)")
        #expect(ok(other.ward("whoami", "--json")).json("device") != before)
        let status = ok(other.ward("status", "--json"))
        #expect(status.out.contains("\"reissued\":1") && status.out.contains("\"waits_for_confirmation\":false"))
        #expect(ok(other.ward("status", lang: "vi")).out.contains("đã đổi khoá"))
        for title in ["Đèn hỏng", "Ổ gà", "Cây đổ"] {
            #expect(ok(other.ward("report", "list")).out.contains(title), "\(title)")
        }
        #expect(ok(other.ward("doctor")).code == 0)
        // The proof, as anybody checks it.
        let device = try #require(before.flatMap { Digest(hex: $0) })
        let descriptor = try #require(WardDescriptor.decodeText(ward.descriptor))
        let proof = try ward.service.withCore { (core: WardCore) in
            try core.forkProof(of: DeviceID(device), descriptor: descriptor)
        }
        let text = ProofFile.fork(try #require(proof)).text
        let shown = other.ward("receipt", "verify", "-", lang: "vi", input: text)
        #expect(shown.code == 6 && shown.out.contains("đã bị sao chép"), "\(shown.out)\(shown.err)")
        let json = TestHome().ward("receipt", "verify", "-", "--json", input: text)
        #expect(json.json("file") == "fork" && json.json("device") == before)
        let cut = TestHome().ward("receipt", "verify", "-", input: String(text.dropLast(9)))
        #expect(cut.code == 5)
    }

    @Test func aVolunteersCopyWaitsForAWordOfTheWardAndKeepsEverything() throws {
        let ward = try LoopbackWard()
        let home = try FieldDayTests.home(ward, .volunteer, ["06685.03"], "Lan")
        _ = ok(home.ward("sync"))
        let other = copy(home)
        file(home, "Ổ gà")
        file(other, "Cây đổ")
        _ = ok(home.ward("sync"))
        let sync = other.ward("sync", lang: "vi")
        #expect(sync.code != 0 && sync.err.contains("xác nhận"), "\(sync.out)\(sync.err)")
        #expect(ok(other.ward("status", lang: "vi")).err.contains("chờ tổ trưởng"))
        file(other, "Ngập nước")
        let waiting = try ward.service.withCore { (core: WardCore) in try core.waitingSuccessions() }
        let new = try #require(waiting.first).statement.new
        let given = try ward.service.withCore { (core: WardCore) in
            try core.confirmSuccession(of: new, reason: "Đã hỏi")
        }
        #expect(given?.status == .done)
        _ = ok(other.ward("sync"))
        for title in ["Ngập nước", "Ổ gà", "Cây đổ"] {
            #expect(ok(other.ward("report", "list")).out.contains(title), "\(title)")
        }
    }
}
