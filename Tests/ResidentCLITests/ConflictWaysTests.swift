// The inbox with the real program: each id that a list prints is found, each command that a page prints is accepted.
import Glibc
import LinkSimulation
import Testing

@testable import ResidentCLI
@testable import SyncKit

@Suite struct ConflictWaysTests {
    @discardableResult
    private func ok(_ run: WardRun, _ place: SourceLocation = #_sourceLocation) -> WardRun {
        #expect(run.code == 0, "\(run.out)\(run.err)", sourceLocation: place)
        return run
    }

    /// The ids of a list, as its column has them.
    private func ids(_ home: TestHome) throws -> [String] {
        let lines = ok(home.ward("conflict", "list")).out.split(separator: "\n").map { Array(String($0)) }
        let head = try #require(lines.first)
        let place = try #require(head.indices.first { String(head[$0...]).hasPrefix("Id ") })
        return lines.dropFirst().filter { $0.count > place }.map { String($0[place...].prefix { $0 != " " }) }
    }

    /// The commands of a page, without the program's name.
    private func commands(_ page: String) -> [String] {
        // What can be done is set in, under its head.
        page.split(separator: "\n").filter { $0.hasPrefix("  ") }.compactMap { line in
            line.firstRange(of: ": ward ").map { String(line[$0.upperBound...]) }
        }
    }

    /// The words of a command as a shell reads them, with what a person fills in.
    private func words(_ command: String, file: String) -> [String] {
        var words = [""]
        var isQuoted = false
        for character in command {
            switch character {
            case "'": isQuoted.toggle()
            case " " where !isQuoted: words.append("")
            default: words[words.count - 1].append(character)
            }
        }
        return words.map { ["FILE": file, "dd/MM/yyyy": "31/12/2090", "ROLE": "lead"][$0] ?? $0 }
    }

    /// Goes over everything that a home lists, as its person would: looks at each, and does all that is offered, each
    /// on a copy of the home, because what was decided is not offered again.
    /// - Returns: for each kind what was offered.
    private func follow(_ home: TestHome, order: String = "") throws -> [String: Set<String>] {
        let file = home.root + "/order.txt"
        writeFile(file, Array(order.utf8))
        var offered: [String: Set<String>] = [:]
        for id in Set(try ids(home)).sorted() {
            let json = ok(home.ward("conflict", "show", id, "--json")).out
            for kind in InboxKind.allCases where json.contains("\"kind\":\"\(kind.name)\"") {
                offered[kind.name, default: []].formUnion([])
            }
            for page in ok(home.ward("conflict", "show", id)).out.split(separator: "Why: ").dropFirst() {
                let kind = try #require(
                    InboxKind.allCases.first { page.hasPrefix($0.explanation.en) }, "\(page)")
                for command in commands(String(page)) {
                    let copy = TestHome()
                    _ = spawn("/bin/cp", ["-r", home.path, copy.path], environment: [], root: nil)
                    let run = copy.ward(words(command, file: file))
                    #expect(run.code == 0, "\(kind.name): \(command): \(run.out)\(run.err)")
                    let action = command.split(separator: " ").filter { !$0.hasPrefix("'") }
                    offered[kind.name, default: []].insert(
                        action[1] + (action.first { $0.hasPrefix("--") && $0 != "--field" }.map { " " + $0 } ?? ""))
                }
            }
        }
        return offered
    }

    // MARK: A ward with one item of each kind

    private final class Authors {
        let ward: LoopbackWard
        private let descriptor: String

        init(_ ward: LoopbackWard) { (self.ward, descriptor) = (ward, ward.descriptor) }

        func replica(_ database: Database) throws -> Replica {
            try Replica(
                opening: database, time: SystemTimeSource(), random: SystemRandomSource(), scheme: Ed25519Scheme())
        }

        func device(_ role: Role? = nil, _ areas: [String] = [], _ name: String = "", until: Int64 = 0) throws
            -> Replica
        {
            let database = try Database(path: "", mode: .memory)
            try Replica.create(
                in: database, descriptor: descriptor, time: SystemTimeSource(), random: SystemRandomSource(),
                scheme: Ed25519Scheme())
            let replica = try replica(database)
            if let role {
                let grant = Grant(
                    device: replica.device, sealingKey: replica.sealingKey.publicKey, role: role, areas: areas,
                    validFrom: 0, validUntil: until, name: name)
                try ward.service.withCore { core in try core.admit(grant) }
            }
            try sync(replica)
            return replica
        }

        func sync(_ replicas: Replica...) throws {
            for replica in replicas {
                var client = SyncClient(replica)
                var transport = DirectTransport(service: ward.service)
                try client.run(&transport)
            }
        }

        func report(_ author: Replica, _ title: String, area: String = "06685.03", north: Int64? = nil) throws -> Digest
        {
            var draft = ChangeSetDraft(kind: .report)
            draft.perform(.set(Slot(field: ReportField.category)), .text("lighting"))
            draft.perform(.set(Slot(field: ReportField.title)), .text(title))
            draft.perform(.set(Slot(field: ReportField.area)), .text(area))
            if let north {
                draft.perform(
                    .set(Slot(field: ReportField.location)),
                    .array([CBORValue(north), CBORValue(1_070_700_000), CBORValue(10)]))
            }
            return try author.commit(draft).document
        }

        func set(_ author: Replica, _ id: Digest, _ field: UInt8, _ text: String, early: Bool = true) throws {
            var draft = ChangeSetDraft(kind: .report, document: id)
            draft.perform(.set(Slot(field: field)), .text(text))
            _ = try author.commit(draft, checksEarly: early)
        }

        func step(_ author: Replica, _ id: Digest, to state: UInt8) throws {
            let view = try #require(try author.document(id))
            var draft = ChangeSetDraft(kind: .report, document: id)
            draft.perform(.transition(Slot(field: Schema.stateField), to: state, follows: view.state.present.dot))
            _ = try author.commit(draft)
        }
    }

    /// What concerns documents: claims, crossing, duplicates, parallel, values, merged.
    private func conflicts(_ authors: Authors) throws {
        let lan = try authors.device(.volunteer, ["06685.03"], "Lan")
        let officer = try authors.device(.officer, ["06685"], "Bình")
        let lead = try authors.device(.lead, ["06685.03"], "Hạnh")
        let resident = try authors.device()
        _ = try authors.report(lan, "Đèn trước nhà 12", north: 209_500_000)
        let disputed = try authors.report(resident, "Ổ gà")
        let parallel = try authors.report(resident, "Cây đổ")
        let crossing = try authors.report(resident, "Rác")
        _ = try authors.report(resident, "Ở Bạch Đằng", area: "06688")
        var draft = ChangeSetDraft(kind: .task)
        draft.perform(.set(Slot(field: TaskField.title)), .text("Thăm hộ số 12"))
        draft.perform(.set(Slot(field: TaskField.area)), .text("06685.03"))
        let task = try lead.commit(draft).document
        try authors.sync(lead, resident, lan, officer)
        for north in [209_501_500, 209_501_700] as [Int64] { _ = try authors.report(resident, "Đèn tắt", north: north) }
        for state: UInt8 in [2, 3, 4, 6] { try authors.step(officer, crossing, to: state) }
        try authors.sync(officer, resident, lan)
        try authors.step(officer, crossing, to: 7)
        try authors.step(resident, crossing, to: 9)
        try authors.set(lan, disputed, ReportField.title, "Ổ gà lớn")
        try authors.set(officer, disputed, ReportField.title, "Ổ gà trước chợ")
        try authors.set(lan, parallel, ReportField.description, "Gần trường học")
        try authors.set(officer, parallel, ReportField.address, "Ngõ 5")
        let minh = try authors.device(.volunteer, ["06685.03"], "Minh")
        for claimant in [lan, minh] {
            var claim = ChangeSetDraft(kind: .task, document: task)
            claim.perform(.claim(Slot(field: TaskField.claimant)))
            _ = try claimant.commit(claim)
        }
        try authors.sync(lan, minh, officer, resident)
        var area = ChangeSetDraft(kind: .area)
        area.perform(.set(Slot(field: AreaField.code)), .text("06685"))
        area.perform(.set(Slot(field: AreaField.name)), .text("Phường Hồng Gai"))
        area.perform(.add(Slot(field: AreaField.mergedFrom)), .text("06688"))
        let made = area
        _ = try authors.ward.service.withCore { core in try core.author([made]) }
    }

    /// What the ward holds or refused, and a copied device.
    /// - Returns: the order that lets the copy succeed, as the server prepares it.
    private func problems(_ authors: Authors, _ folder: String) throws -> String {
        let minh = try authors.device(.volunteer, ["06685.03"], "Khoa")
        try authors.set(minh, Blake2b.hash([1]), ReportField.title, "Chưa ai gửi", early: false)
        try authors.sync(minh)
        let ended = try authors.device(.volunteer, ["06685.03"], "Hết hạn", until: 1)
        var draft = ChangeSetDraft(kind: .report)
        draft.perform(.set(Slot(field: ReportField.title)), .text("Muộn"))
        draft.perform(.set(Slot(field: ReportField.area)), .text("06685.03"))
        _ = try ended.commit(draft, checksEarly: false)
        try authors.sync(ended)
        let wrong = try authors.device(.volunteer, ["06685.03"], "Thu")
        draft.perform(.set(Slot(field: ReportField.urgency)), .unsigned(7))
        _ = try wrong.commit(draft, checksEarly: false)
        try authors.sync(wrong)
        let away = try authors.device(.volunteer, ["06685.03"], "Xuân")
        var elsewhere = ChangeSetDraft(kind: .report)
        elsewhere.perform(.set(Slot(field: ReportField.title)), .text("Ngoài địa bàn"))
        elsewhere.perform(.set(Slot(field: ReportField.area)), .text("06685.07"))
        _ = try away.commit(elsewhere, checksEarly: false)
        var task = ChangeSetDraft(kind: .task)
        task.perform(.set(Slot(field: TaskField.title)), .text("Việc tự giao"))
        task.perform(.set(Slot(field: TaskField.area)), .text("06685.03"))
        _ = try away.commit(task, checksEarly: false)
        try authors.sync(away)
        let lost = try authors.device(.volunteer, ["06685.03"], "Mạnh")
        _ = try authors.ward.service.withCore { core in try core.order(Order(.revoke, lost.device, reason: "Mất máy")) }
        _ = try authors.report(lost, "Sau khi mất máy")
        try authors.sync(lost)
        let hoa = try authors.device(.volunteer, ["06685.03"], "Hoa")
        try hoa.database.prepare("VACUUM INTO ?1").bind(1, folder + "/copy.db").run()
        let copy = try authors.replica(Database(path: folder + "/copy.db", mode: .create))
        let old = hoa.device
        for replica in [hoa, copy] { _ = try authors.report(replica, "Hai nhánh") }
        try authors.sync(hoa)
        try? authors.sync(copy)
        var order = Order(.succeed, old, reason: "Đã hỏi chị Hoa")
        order.successor = copy.device
        return PreparedOrder.text(order, ward: authors.ward.service.ward)
    }

    @Test func everyIdThatIsListedIsFoundAndEveryCommandThatIsPrintedIsAccepted() throws {
        let ward = try LoopbackWard()
        let admin = try FieldDayTests.home(ward, .admin, ["06685"], "Mai")
        let officer = try FieldDayTests.home(ward, .officer, ["06685"], "Tâm")
        let authors = Authors(ward)
        try conflicts(authors)
        let order = try problems(authors, admin.root)
        for home in [admin, officer] { ok(home.ward("sync")) }

        let byOfficer = try follow(officer)
        #expect(byOfficer["claims"] == ["resolve --confirm", "resolve --share", "resolve --choose", "ask --question"])
        #expect(byOfficer["crossing"] == ["resolve --reason", "ask --question"])
        #expect(byOfficer["duplicates"] == ["resolve --link", "dismiss --reason"])
        #expect(byOfficer["parallel"] == ["dismiss --reason", "ask --question"])
        #expect(byOfficer["values"] == ["resolve --choose", "resolve --value", "ask --question"])
        #expect(byOfficer["merged"] == ["resolve --move", "dismiss --reason"])
        #expect(byOfficer["missing"] == ["release --reason", "decline --reason"])
        #expect(byOfficer["role"] == ["release --reason", "decline --reason"])

        let byAdmin = try follow(admin, order: order)
        #expect(byAdmin["values"] == byOfficer["values"])
        #expect(byAdmin["missing"] == ["release --reason", "decline --reason"])
        #expect(byAdmin["lost-device"] == ["release --reason", "decline --reason"])
        #expect(byAdmin["role"] == ["extend --until", "grant --role", "release --reason", "decline --reason"])
        #expect(byAdmin["fork"] == ["sign", "revoke --reason", "decline --reason"])
        #expect(byAdmin["processing"] == [])
    }

    @Test func aWrongAreaIsSentAgainUnderTheGrantThatItsPagePrintsOrClosed() throws {
        let ward = try LoopbackWard()
        let mai = try FieldDayTests.home(ward, .admin, ["06685"], "Mai")
        let lan = try FieldDayTests.home(ward, .volunteer, ["06685.03"], "Lan")
        for home in [lan, mai] { ok(home.ward("sync")) }
        // While Lan is out of reach, her areas change: what she files is not in them any more.
        ok(mai.ward("device", "grant", "Lan", "--role", "volunteer", "--area", "4", "--reason", "Đổi tổ"))
        ok(mai.ward("sync"))
        for title in ["Đèn tắt", "Rác ở ngõ 2"] { ok(lan.ward("report", "new", "-t", title, "--area", "3")) }
        #expect(lan.ward("sync").code == 6)
        ok(mai.ward("sync"))
        let listed = try ids(mai).sorted()
        try #require(listed.count == 2)
        let mine = try #require(try ids(lan).min())
        let own = ok(lan.ward("conflict", "show", mine)).out
        #expect(own.contains("sync and send it again: ward report correct 1 --again"), "\(own)")
        #expect(!own.contains("You can only look"))

        let page = ok(mai.ward("conflict", "show", listed[0])).out
        #expect(page.contains("sends it again on their own device: ward report correct 1 --again"), "\(page)")
        let printed = commands(page)
        let grant = try #require(printed.first { $0.hasPrefix("device grant ") })
        #expect(grant.contains(" --role volunteer --area 06685.04 --area 06685.03 --reason "))
        #expect(!printed.contains { $0.hasPrefix("quarantine release") })
        ok(mai.ward(words(grant, file: "")))
        let other = try #require(
            commands(ok(mai.ward("conflict", "show", listed[1])).out).first { $0.hasPrefix("quarantine decline ") })
        ok(mai.ward(words(other, file: "")))
        ok(mai.ward("sync"))
        #expect(lan.ward("sync").code == 6)
        #expect(try ids(mai) == [listed[0]] && ids(lan).count == 1)
        ok(lan.ward("report", "correct", "1", "--again"))
        // What is closed is still refused, and on Lan's device alone.
        #expect(lan.ward("sync").code == 6)
        ok(mai.ward("sync"))
        #expect(ok(mai.ward("conflict", "list")).out.contains("There are no conflicts"))
        #expect(ok(mai.ward("report", "list")).out.contains("Đèn tắt"))
        #expect(ok(lan.ward("status")).out.contains("why"))
    }

    @Test func aWrongClockIsFoundAsItIsListedAndNothingIsOffered() throws {
        let ward = try LoopbackWard()
        let lan = try FieldDayTests.home(ward, .volunteer, ["06685.03"], "Lan")
        ok(lan.ward("sync"))
        let ahead = ManualTimeSource(seconds: SystemTimeSource().nowSeconds() + 3600)
        let service = try ward.copied(to: lan.root + "/ahead.db", time: ahead)
        ward.face.withLock { $0 = service }
        ok(lan.ward("sync"))
        #expect(try follow(lan) == ["clock": []])
        let page = ok(lan.ward("conflict", "show", try #require(try ids(lan).first))).out
        #expect(page.contains("“ward sync” itself tells the person"), "\(page)")
        #expect(ok(lan.ward("conflict", "list", "--json")).out.contains("\"actions\":[]"))
    }
}
