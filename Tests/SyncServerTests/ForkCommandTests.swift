// Copied devices as an operator sees them: both branches, the proof, and the word that a new device waits for.
import CommandLineKit
import SyncKit
import Testing

@testable import SyncServer

@Suite(.serialized) struct ForkCommandTests {
    let ward: TestHome

    init() throws { ward = try TestHome() }

    @Test func anOperatorSeesBothBranchesProvesThemAndConfirmsTheNewDevice() throws {
        let (process, http) = try ward.serveProcess()
        let device = try ward.device()
        _ = try device.commit(reportDraft("Đèn hỏng"))
        try http.sync(device)
        let path = ward.directory.path + "/copy.db"
        try device.database.prepare("VACUUM INTO ?1").bind(1, path).run()
        let copy = try Replica(
            opening: try Database(path: path, mode: .create), time: SystemTimeSource(), random: SystemRandomSource(),
            scheme: Ed25519Scheme())
        _ = try device.commit(reportDraft("Ổ gà"))
        _ = try copy.commit(reportDraft("Cây đổ"))
        let old = device.device.description
        #expect(try ward.command("forks", "list").text.contains("No device has two branches"))
        try http.sync(device)
        try http.sync(copy)

        let list = try ward.command("forks", "list", "--lang", "vi")
        #expect(list.code == 0 && list.text.contains(old.prefix(16)), "\(list.text)")
        let json = try #require(JSONValue(Bytes(try ward.command("forks", "show", old, "--json").text.utf8)))
        #expect(json["total"] == .number("1"))
        let show = try ward.command("forks", "show", old)
        for word in ["The branch that counts", "Ổ gà", "The other branch", "Cây đổ", "sent again"] {
            #expect(show.text.contains(word), "\(word): \(show.text)")
        }
        let file = ward.directory.path + "/proof.txt"
        #expect(try ward.command("forks", "export", old, "--out", file).code == 0)
        let text = String(decoding: try HomeFiles.read(file, max: 8192), as: UTF8.self)
        guard case .fork(let proof)? = ProofFile(text) else {
            Issue.record("no proof: \(text)")
            return
        }
        #expect(proof.proven(scheme: Ed25519Scheme())?.device == device.device)
        #expect(try ward.command("forks", "export", copy.device.description).code == ExitCode.notFound.rawValue)
        #expect(try ward.command("forks", "confirm", copy.device.description).code == ExitCode.notFound.rawValue)
        let audit = try ward.command("audit")
        #expect(audit.code == 0, "\(audit.text)")
        process.signal(15)
        #expect(process.wait() == ExitCode.ok.rawValue)
        // The same without a server, after everything was read from the store.
        #expect(try ward.command("forks", "list").text.contains(old.prefix(16)))
        #expect(try ward.command("audit").code == 0)
    }
}
