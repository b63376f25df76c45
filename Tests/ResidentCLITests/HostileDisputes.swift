// What people disagree about in a ward of hostile texts, what an admin orders there, and what does not count.
import Testing

@testable import SyncKit

extension HostileWard {
    /// Two values in every field that two can write, and decisions with hostile reasons.
    func disagree(_ binh: Replica, _ other: Replica, _ lead: Replica) throws {
        var ids: [(DocumentKind, Digest)] = []
        for kind in [DocumentKind.report, .report, .task] {
            var draft = ChangeSetDraft(kind: kind)
            draft.perform(.set(Slot(field: try #require(Schema.areaField(of: kind)))), .text("06685.03"))
            ids.append((kind, try lead.commit(draft, checksEarly: false).document))
        }
        try sync(lead, binh, other)
        for (kind, id) in ids {
            let drafts = [binh, other].map { _ in
                HostileDraft(kind, &text, document: id) {
                    $0.merge == .register && $0.policy != .auto && $0.type != .area && $0.writers.contains(.officer)
                        && $0.code != ReportField.visibility
                }
            }
            for (author, made) in zip([binh, other], drafts) { try write(made, by: author) }
            // Both write the same fields in the same order; where by chance they say the same there is no conflict.
            let (first, second) = (drafts[0].draft, drafts[1].draft)
            for (place, operation) in first.operations.enumerated() where first.values[place] != second.values[place] {
                conflicts.append((id, try Self.name(kind, operation.slot)))
            }
        }
        try sync(binh, other, binh)
        // Some of the last one are decided, with the reason that somebody gives.
        let now = SystemTimeSource().nowSeconds()
        var inbox = ReplicaInbox(
            binh, device: binh.device, settings: .standard, areas: AreaBook(binh, now: now), now: now)
        var filter = InboxFilter()
        filter.kinds = [.values]
        let items = try inbox.page(filter, limit: 100).items
        try #require(items.count > 12, "\(items.count)")
        for (place, item) in items.enumerated() where place % 4 == 0 {
            let id = try #require(item.document)
            let state = try #require(try binh.document(id)?.state)
            let choice = place % 8 == 0 ? InboxChoice.choose(0) : .ask
            for draft in try item.drafts(choice, state, reason: text.text()) {
                _ = try binh.commit(draft, checksEarly: false)
            }
            if choice != .ask, let kind = item.documentKind, let slot = item.slot {
                let field = try Self.name(kind, slot)
                conflicts.removeAll { $0.id == id && $0.field == field }
            }
        }
        try sync(binh, other, binh)
    }

    /// What `--field` calls a slot.
    private static func name(_ kind: DocumentKind, _ slot: Slot) throws -> String {
        let field = try #require(Schema.field(kind, slot.field)).name
        return slot.key.map { "\(field).\($0)" } ?? field
    }

    /// Orders of every action, with hostile reasons and names.
    func order(_ mai: Replica, _ lan: Replica, _ minh: Replica, _ tin: Replica) throws {
        try sync(mai)
        func give(_ order: Order) throws { _ = try mai.commit(order.draft, checksEarly: false) }
        var grant = Order(.grant, minh.device, reason: text.text())
        (grant.role, grant.areas, grant.name, grant.until) = (.volunteer, ["06685.03"], text.text(max: 120), 0)
        try give(grant)
        var extend = Order(.extend, tin.device, reason: text.text())
        extend.until = SystemTimeSource().nowSeconds() + 10 * 86_400
        try give(extend)
        let gone = try lan.commit(HostileDraft(.report, &text) { $0.writers.contains(.author) }.draft)
        try sync(lan)
        let number = try lan.tables.deviceNumber(lan.device)
        let id = try #require(try lan.tables.change(device: number, sequence: gone.dot.sequence)).change.id
        try give(Order(.erase, gone.dot, id: id, reason: text.text()))
        try give(Order(.decline, gone.dot, id: id, reason: text.text()))
        try give(Order(.revoke, lan.device, reason: text.text()))
        // Codes that are no orders of this version: held or refused, and shown as that.
        for field in [OrderField.action, OrderField.role] {
            var draft = grant.draft
            let place = try #require(
                draft.operations.filter(\.takesValue).firstIndex { $0.slot.field == field })
            draft.values[place] = CBORValue.text(text.text(max: 60)).encoded
            _ = try mai.commit(draft, checksEarly: false)
        }
        try sync(mai)
        // One that the server prepared, for somebody to look at before it is signed.
        grant.reason = text.text()
        writeFile(prepared, Array((PreparedOrder.text(grant, ward: service.ward) + "\n").utf8))
        // What the ward says of one.
        let open = try mai.commit(Order(.revoke, DeviceID(.zero), reason: text.text()).draft, checksEarly: false)
        try sync(mai)
        try author(HostileDraft(.order, &text, document: open.document) { $0.writers.contains(.ward) }.draft)
    }

    /// What a revoked device sends is held, what a volunteer may not write is refused.
    func hold(_ lan: Replica, _ minh: Replica) throws {
        for family in HostileText.families.indices {
            text.leading = family
            let made = HostileDraft(.report, &text) { !$0.writers.isDisjoint(with: [.author, .volunteer]) }
            _ = try lan.commit(made.draft, privates: made.privates, checksEarly: false)
            let refused = HostileDraft(.report, &text) { $0.writers == .staff || $0.code == ReportField.area }
            _ = try minh.commit(refused.draft, checksEarly: false)
        }
        text.leading = nil
        try sync(minh)
        try sync(lan)
    }

    /// A store that was copied, and both copies went on.
    func copy(_ tin: Replica) throws {
        let path = folder.root + "/copy.db"
        try sync(tin)
        _ = try tin.commit(HostileDraft(.report, &text) { $0.writers.contains(.author) }.draft)
        try sync(tin)
        try tin.database.prepare("VACUUM INTO ?1").bind(1, path).run()
        let copy = try opened(try Database(path: path, mode: .create))
        for device in [tin, copy] {
            for _ in 0..<4 {
                _ = try device.commit(HostileDraft(.report, &text) { $0.writers.contains(.author) }.draft)
            }
        }
        copied = tin.device
        try sync(tin)
        // Its new keys wait for somebody to confirm them.
        #expect(throws: SyncFailure.self) { try sync(copy) }
    }

    /// A file whose content never comes, and a fault with a hostile detail.
    func leaveOut(_ lead: Replica) throws {
        var made = HostileDraft(.report, &text) { $0.writers.contains(.author) }
        let file = Attachment(
            content: ContentName(root: Digest(SystemRandomSource().bytes(32)) ?? .zero, length: 5000),
            media: MediaType.pdf.rawValue)
        made.draft.perform(.add(Slot(field: ReportField.attachments)), file.value)
        try write(made, by: lead)
        try sync(lead)
        let detail = text.text()
        try service.withCore { core in
            try core.noteProblem(source: "import", subject: "dossiers", count: 3, detail: detail)
        }
    }
}
