// Control operations: the same table in this process and over the socket of the one that serves.
import CommandLineKit
import Glibc
import SyncKit
import Testing

@testable import SyncServer

@Suite struct ControlTests {
    let ward: TestHome

    init() throws { ward = try TestHome() }

    /// Runs the operations of an operator's day; `isServed` says which way they take.
    @Test(arguments: [false, true])
    func everyOperationWorksWhetherTheWardIsServedOrNot(isServed: Bool) throws {
        let server = isServed ? try ward.serve() : nil
        defer { server?.inlets.close(drainSeconds: 0) }
        let link = try ControlLink.open(ward.home)
        if case .remote = link { #expect(isServed) } else { #expect(!isServed) }
        link.close()
        let item = ImportItem(
            kind: .area, code: "06685.01",
            values: [
                (Slot(field: AreaField.code), .text("06685.01")), (Slot(field: AreaField.name), .text("Khu phố 1")),
            ])
        #expect(try ward.ask(.importItems([item, item])) == .bytes([1, 3]))
        let dossier = Dossier(
            code: "A-1", secret: "x1", status: 4, step: "s", agency: "a", received: "", due: "", missing: "", asOf: 5)
        #expect(try ward.ask(.importDossiers([dossier])) == .bytes([1]))
        #expect(try ward.ask(.importDossiers([dossier])) == .bytes([3]))
        let status = try ward.ask(.status(area: nil))
        #expect(status["documents"]["area"].integer == 1 && status["devices"]["ward"].integer == 1)
        let devices = try ward.ask(.devices(role: nil))
        #expect(devices["total"].integer == 1)
        let own = try #require(devices["devices"].elements.first?["device"].string)
        #expect(throws: ControlFailure(.ownDevice)) { try ward.ask(.revoke(device: own, after: nil)) }
        #expect(throws: ControlFailure(.deviceUnknown, "00000000")) {
            try ward.ask(.revoke(device: "00000000", after: 3))
        }
        #expect(throws: ControlFailure(.outsideWard, "07777")) {
            try ward.ask(.invite(role: .lead, areas: ["07777"], name: "X", expiresDays: 1, validDays: 1))
        }
        #expect(throws: ControlFailure(.notHeld)) {
            try ward.ask(.release(ControlDot(device: own, sequence: 1)))
        }
        #expect(try ward.ask(.held)["total"].integer == 0)
    }

    @Test func whatARevokedDeviceSentIsHeldReleasedOneByOneAndDeclined() throws {
        let server = try ward.serve()
        defer { server.inlets.close(drainSeconds: 0) }
        let http = TestRequest(port: server.port)
        let device = try ward.device()
        _ = try device.commit(reportDraft("một"))
        try http.sync(device)
        let name = device.device.description
        #expect(try ward.ask(.revoke(device: String(name.prefix(8)), after: nil))["revoked_after"].integer == 1)
        for title in ["hai", "ba"] { _ = try device.commit(reportDraft(title)) }
        #expect(try http.sync(device).held.count == 2)
        let held = try ward.ask(.held)["held"].elements
        #expect(held.map { $0["reason"].string } == ["revoked", "revoked"])
        let changes = held.compactMap { $0["change"].string.flatMap(ControlDot.init) }
        #expect(try ward.ask(.release(changes[0]))["released"].string != nil)
        #expect(try ward.ask(.decline(changes[1]))["declined"].string != nil)
        #expect(throws: ControlFailure(.notHeld)) { try ward.ask(.release(changes[1])) }
        let status = try ward.ask(.status(area: nil))
        #expect(status["held"].integer == 0 && status["refused"].integer == 1)
        #expect(status["documents"]["report"].integer == 2)
        try http.sync(device)
        #expect(try device.pendingCount() == 0)
    }

    @Test func whatWasRefusedIsClosedOnceAndNeverReleased() throws {
        let server = try ward.serve()
        defer { server.inlets.close(drainSeconds: 0) }
        let device = try ward.device()
        var task = ChangeSetDraft(kind: .task)
        task.perform(.set(Slot(field: TaskField.title)), .text("Việc tự giao"))
        task.perform(.set(Slot(field: TaskField.area)), .text("06685.03"))
        _ = try device.commit(task, checksEarly: false)
        try TestRequest(port: server.port).sync(device)
        let refused = ControlDot(device: device.device.description, sequence: 1)
        func waiting() throws -> [String?] {
            try ward.ask(.inbox(InboxQuery()))["items"].elements.map { $0["code"].string }
        }
        #expect(try waiting() == ["notPermitted"])
        #expect(throws: ControlFailure(.notHeld)) { try ward.ask(.release(refused)) }
        #expect(try ward.ask(.decline(refused))["declined"].string != nil)
        #expect(try waiting().isEmpty)
        #expect(throws: ControlFailure(.notHeld)) { try ward.ask(.decline(refused)) }
    }

    @Test func theQuarantineSaysHowSevereWhoDecidesAndWhy() throws {
        let server = try ward.serve()
        defer { server.inlets.close(drainSeconds: 0) }
        let http = TestRequest(port: server.port)
        let device = try ward.device()
        _ = try device.commit(reportDraft("một"))
        try http.sync(device)
        let name = device.device.description
        _ = try ward.ask(.revoke(device: String(name.prefix(8)), after: nil))
        for title in ["hai", "ba"] { _ = try device.commit(reportDraft(title)) }
        try http.sync(device)
        let list = try ward.command("quarantine", "list", "--json")
        #expect(list.code == ExitCode.ok.rawValue && list.text.contains("\"kind\":\"lost-device\""))
        #expect(list.text.contains("\"code\":\"revoked\"") && list.text.contains("\"severity\":\"high\""))
        #expect(list.text.contains("\"owner\":\"admin\"") && list.text.contains("\"total\":2"))
        #expect(try ward.command("inbox", "list", "--kind", "values", "--json").text.contains("\"total\":0"))
        #expect(try ward.command("quarantine", "list", "--kind", "role", "--json").text.contains("\"total\":0"))
        let shown = try ward.command("quarantine", "show", "\(name.prefix(8)):2")
        #expect(shown.code == ExitCode.ok.rawValue && shown.text.contains("\(name.prefix(16)):2"))
        #expect(try ward.command("quarantine", "show", "\(name.prefix(8)):1").code == ExitCode.notFound.rawValue)
        #expect(try ward.command("quarantine", "release", "--reason", "x").code == ExitCode.usage.rawValue)
        let all = try ward.command(
            "quarantine", "release", "--kind", "lost-device", "--device", String(name.prefix(8)), "--all", "--reason",
            "Việc thật")
        #expect(all.code == ExitCode.ok.rawValue, "\(all.text)")
        let status = try ward.ask(.status(area: nil))
        #expect(status["held"].integer == 0 && status["documents"]["report"].integer == 3)
    }

    @Test func whyNothingCountsIsSaidInWordsAndNotInCodes() throws {
        let server = try ward.serve()
        defer { server.inlets.close(drainSeconds: 0) }
        let http = TestRequest(port: server.port)
        let device = try ward.device()
        var draft = ChangeSetDraft(kind: .report, document: Blake2b.hash([1]))
        draft.perform(.append(Slot(field: ReportField.comments)), .text("Về một phản ánh chưa gửi"))
        _ = try device.commit(draft, checksEarly: false)
        try http.sync(device)
        let change = "\(device.device.description.prefix(16)):1"
        for (language, word) in [("vi", "chưa nhận được mục này"), ("en", "the document was never received")] {
            let list = try ward.command("held", "--lang", language)
            let quarantine = try ward.command("quarantine", "list", "--lang", language)
            for shown in [list, quarantine] {
                // A table wraps its cells: the words stand there, perhaps on two lines.
                #expect(shown.text.contains(word.prefix(12)), "\(shown.text)")
                #expect(!shown.text.contains("missingDocument"), "\(shown.text)")
            }
            let refused = try ServerProcess(
                ["quarantine", "release", change, "--reason", "x", "--lang", language, "--home", ward.home.path],
                in: ward.directory)
            #expect(refused.wait() == ExitCode.refused.rawValue)
            #expect(refused.errors.contains(word) && !refused.errors.contains("missingDocument"), "\(refused.errors)")
        }
        // Programs read the code.
        #expect(try ward.command("held", "--json").text.contains("\"reason\":\"missingDocument\""))
    }

    @Test func aSecondServerAndARebuildAreTurnedAwayWhileOneServes() throws {
        let server = try ward.serve()
        defer { server.inlets.close(drainSeconds: 0) }
        #expect(throws: WardServer.Failure.home(.busy)) { try ward.serve() }
        #expect(try HomeLock(ward.home) == nil)
    }

    @Test func garbageOnTheSocketIsAnsweredOrHungUpOn() throws {
        let server = try ward.serve()
        defer { server.inlets.close(drainSeconds: 0) }
        var mode = stat()
        #expect(stat(ward.home.controlSocket, &mode) == 0 && mode.st_mode & 0o777 == 0o600)
        let socket = try #require(ControlSocket.connect(ward.home))
        #expect(socket.send(Bytes("what?".utf8)))
        let reply = try #require(socket.receive(max: 1000))
        #expect(throws: ControlFailure(.badRequest)) { try ControlFailure.read(reply).get() }
        var huge = Bytes([0xFF, 0xFF, 0xFF, 0xFF])
        #expect(Glibc.send(socket.descriptor, &huge, 4, Int32(MSG_NOSIGNAL)) == 4)
        #expect(socket.receive(max: 1000) == nil)
        socket.close()
        var chance = ServerChance("control garbage")
        let sample = ControlRequest.invite(role: .lead, areas: ["06685"], name: "L", expiresDays: 1, validDays: 1)
        for _ in 0..<200 {
            var bytes = sample.encoded
            for _ in 0...chance.below(4) { bytes[chance.below(bytes.count)] = UInt8(chance.below(256)) }
            _ = ControlRequest(decoding: bytes)
        }
        #expect(try ward.ask(.held)["total"].integer == 0)
    }

    @Test func aDescriptorIsSignedAgainOnlyWithTheRootKey() throws {
        let before = try ward.home.readDescriptor().descriptor
        _ = try ward.home.reissue(time: SystemTimeSource()) { $0.addresses = ["https://sync.example"] }
        let after = try ward.home.readDescriptor().descriptor
        #expect(after.addresses == ["https://sync.example"] && after.ward == before.ward)
        #expect(after.issued > before.issued)
        unlink(ward.home.rootKey)
        #expect(throws: HomeError.noRootKey(ward.home.rootKey)) {
            try ward.home.reissue(time: SystemTimeSource()) { $0.addresses = ["https://b.example"] }
        }
    }

    @Test func aHomeIsMadeOnceAndItsSecretsAreItsOwners() throws {
        #expect(throws: HomeError.exists(ward.home.path)) {
            try WardHome.create(
                at: ward.home.path, name: "X", area: "1", addresses: [], time: SystemTimeSource(),
                random: SystemRandomSource())
        }
        var mode = stat()
        #expect(stat(ward.home.path, &mode) == 0 && mode.st_mode & 0o777 == 0o700)
        for key in ["keys/signing.key", "keys/sealing.key", "keys/device.key", "root/root.key"] {
            #expect(stat(ward.home.path + "/" + key, &mode) == 0 && mode.st_mode & 0o777 == 0o600)
        }
        chmod(ward.home.path + "/keys/device.key", 0o644)
        #expect(throws: HomeError.self) { try ward.home.readKeys() }
        #expect(throws: HomeError.missing("/nowhere/at/all")) { try WardHome("/nowhere/at/all").readDescriptor() }
    }

    @Test func theDoctorFindsADerivedTableThatLiesAndMendsIt() throws {
        let path = try ward.directory.write("p.ndjson", ImportTests.procedures(20, bytes: 100).utf8)
        #expect(try ward.run(.procedures, path).new == 20)
        #expect(try StoreCheck.run(ward.home, store: ward.home.store).isSound)
        do {
            let database = try Database(path: ward.home.store, mode: .write)
            try database.run("UPDATE documents SET state=(SELECT state FROM documents WHERE number=9) WHERE number=4")
        }
        let found = try StoreCheck.run(ward.home, store: ward.home.store)
        #expect(!found.isSound && found.differing.count == 1 && found.documents == 20)
        #expect(try StoreCheck.run(ward.home, store: ward.home.store).isSound)
    }

    @Test func theTableOfCommandsIsSound() { #expect(ServerProgram.spec.flaws().isEmpty) }
}
