// A ward on the disk that has a hostile text in every text field of every kind, and two devices that look after it.
import Glibc
import Testing

@testable import SyncKit
@testable import SyncServer

/// A server's home, an admin's and an officer's device: with conflicts, decisions, orders, settings, answers, a copied
/// device, a file that never came, and what is held and refused. Every name and text was written to harm whoever shows it.
final class HostileWard {
    let admin = TestHome()
    let officer = TestHome()
    let ward: WardHome
    let folder: TestHome
    /// Of documents with conflicts, the fields that are in conflict.
    var conflicts: [(id: Digest, field: String)] = []
    /// A prepared order.
    var prepared: String { folder.root + "/order.txt" }
    private(set) var lookups: [Digest] = []
    /// Fields in which a hostile text counts, in what the ward has.
    private(set) var marked: Set<String> = []
    var copied: DeviceID?
    var text: HostileText
    let service: WardService
    private let scheme = Ed25519Scheme()
    private var people: [Replica] = []
    private var homes: [ReplicaHome] = []

    init(seed: UInt64) throws {
        var text = HostileText(seed: seed)
        folder = TestHome()
        ward = WardHome(folder.root + "/ward")
        _ = try WardHome.create(
            at: ward.path, name: text.text(max: 100), area: "06685", addresses: ["http://127.0.0.1:1"],
            time: SystemTimeSource(), random: SystemRandomSource())
        service = WardService(try ward.open(time: SystemTimeSource(), random: SystemRandomSource()))
        self.text = text
        try fill()
        for home in homes { home.release() }
        people = []
        try service.withCore { core in try core.flush() }
    }

    // MARK: People

    private func device(_ role: Role?, _ area: String = "06685", home: TestHome? = nil) throws -> Replica {
        let database: Database
        if let home {
            let made = try ReplicaHome.create(at: home.path)
            homes.append(made)
            database = made.database
        } else {
            database = try Database(path: "", mode: .memory)
        }
        let descriptor = try ward.readDescriptor().text
        try Replica.create(
            in: database, descriptor: descriptor, time: SystemTimeSource(), random: SystemRandomSource(), scheme: scheme
        )
        let replica = try opened(database)
        if let role {
            let grant = Grant(
                device: replica.device, sealingKey: replica.sealingKey.publicKey, role: role, areas: [area],
                validFrom: 0, validUntil: 0, name: text.text(max: 120))
            try service.withCore { core in try core.admit(grant) }
        }
        people.append(replica)
        try sync(replica)
        return replica
    }

    func opened(_ database: Database) throws -> Replica {
        try Replica(opening: database, time: SystemTimeSource(), random: SystemRandomSource(), scheme: scheme)
    }

    func sync(_ replicas: Replica...) throws {
        for replica in replicas {
            var client = SyncClient(replica)
            var transport = DirectTransport(service: service)
            try client.run(&transport)
        }
    }

    // MARK: Texts in every field

    private func fill() throws {
        let (mai, binh) = (try device(.admin, home: admin), try device(.officer, home: officer))
        let other = try device(.officer)
        let lead = try device(.lead, "06685.03")
        let (lan, minh, tin) = (
            try device(.volunteer, "06685.03"), try device(.volunteer, "06685.03"), try device(.volunteer, "06685.03")
        )
        let resident = try device(nil)
        for family in HostileText.families.indices {
            text.leading = family
            try fillKinds(mai, binh, lead, resident, family)
        }
        try sync(binh, lead, resident, mai, binh)
        text.leading = nil
        try disagree(binh, other, lead)
        try order(mai, lan, minh, tin)
        try hold(lan, minh)
        try copy(tin)
        try leaveOut(lead)
        try sync(mai, binh, mai)
        try mark()
    }

    /// A document of each kind with a text in every field of its author's, the first piece of each from one family.
    private func fillKinds(_ mai: Replica, _ binh: Replica, _ lead: Replica, _ resident: Replica, _ family: Int) throws
    {
        let filed: [(DocumentKind, Replica, Writers)] = [
            (.report, binh, [.author, .officer]), (.report, lead, [.author, .lead]), (.report, resident, .author),
            (.task, lead, [.author, .lead, .volunteer]), (.place, binh, .officer), (.notice, binh, .officer),
            (.alert, binh, .officer), (.settings, mai, .admin),
        ]
        for (kind, author, writers) in filed {
            try write(HostileDraft(kind, &text) { !$0.writers.isDisjoint(with: writers) }, by: author)
        }
        for topic in SettingsTopic.allCases {
            let lines = (0..<8).map { "x\($0) = \(text.text(max: 60)); en=\(text.text(max: 60))" }
            var draft = ChangeSetDraft(kind: .settings)
            draft.perform(.set(Slot(field: SettingsField.topic)), .text(topic.rawValue))
            draft.perform(.set(Slot(field: SettingsField.lines)), .text(text.whole(lines.joined(separator: "\n"))))
            _ = try mai.commit(draft, checksEarly: false)
        }
        try ask(binh, family)
        for kind in [DocumentKind.procedure, .publication, .progress] {
            try author(HostileDraft(kind, &text) { $0.writers.contains(.ward) }.draft)
        }
        var area = HostileDraft(.area, &text) { $0.type != .area }.draft
        area.perform(.set(Slot(field: AreaField.code)), .text("06685.\(family + 20)"))
        try author(area)
        // What the ward says behind what somebody else wrote.
        var follow = ChangeSetDraft(kind: .follow)
        follow.perform(.set(Slot(field: FollowField.codeHash)), .bytes(Bytes(repeating: UInt8(family), count: 32)))
        var rating = HostileDraft(.rating, &text) { $0.writers.contains(.author) }
        rating.draft.perform(.set(Slot(field: RatingField.value)), .unsigned(3))
        let written = [
            try resident.commit(follow, checksEarly: false).document, try write(rating, by: resident),
        ]
        try sync(resident)
        for (kind, id) in zip([DocumentKind.follow, .rating], written) {
            let said = HostileDraft(kind, &text, document: id) { $0.writers.contains(.ward) }.draft
            try author(said)
            // Of what a follow names the ward says at once what is so.
            for operation in said.operations { mark(kind, operation.slot.field) }
        }
    }

    @discardableResult
    func write(_ made: HostileDraft, by author: Replica) throws -> Digest {
        let saved = try author.commit(made.draft, privates: made.privates, checksEarly: false)
        for (slot, _) in made.privates { mark(made.draft.kind, slot.field) }
        return saved.document
    }

    @discardableResult
    func author(_ draft: ChangeSetDraft) throws -> Digest {
        try #require(try service.withCore { core in try core.author([draft]) }.first)
    }

    /// A dossier whose answer is hostile, and who asks for it.
    private func ask(_ binh: Replica, _ family: Int) throws {
        var asked = HostileDraft(.lookup, &text) { $0.writers.contains(.author) }
        asked.privates.removeAll { $0.slot.field == LookupField.secret }
        let secret = "123456" + text.text(max: 40)
        asked.privates.append((Slot(field: LookupField.secret), secret))
        let code = asked.draft.operations.filter(\.takesValue).firstIndex { $0.slot.field == LookupField.code }
        let place = try #require(code)
        let typed = try #require(try CBORValue(decoding: asked.draft.values[place]).string)
        let dossier = Dossier(
            code: typed, secret: secret, status: 4, step: text.text(), agency: text.text(), received: text.text(),
            due: text.text(), missing: text.text(), asOf: SystemTimeSource().nowSeconds() - 3600)
        try service.withCore { core in _ = try core.importDossier(dossier) }
        let id = try write(asked, by: binh)
        lookups.append(id)
        try sync(binh)
        let answer = try #require(try binh.document(id)?.accepted).entries(LookupField.answer)
        #expect(answer.count == 1)
        mark(.lookup, LookupField.answer)
    }

    // MARK: What counts

    private func mark(_ kind: DocumentKind, _ field: UInt8) {
        marked.insert("\(kind.name).\(Schema.field(kind, field)?.name ?? "\(field)")")
    }

    private func mark() throws {
        let states = try service.withCore { core in try core.snapshotStates() }
        for state in states {
            for slot in state.slots {
                let isMarked = slot.entries.contains { entry in
                    guard let value = try? CBORValue(decoding: entry.value) else { return false }
                    if let said = value.string { return text.given.contains(said) }
                    let parts = value.elements.compactMap(\.string)
                    return parts.count == 2 && parts.allSatisfy(text.given.contains)
                }
                if isMarked { mark(state.kind, slot.slot.field) }
            }
        }
    }
}
