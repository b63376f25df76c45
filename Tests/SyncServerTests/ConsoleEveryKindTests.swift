// Every kind of item that the console can decide: it is listed, posted, decided, and gone.
import Testing

@testable import SyncKit
@testable import SyncServer

@Suite struct ConsoleEveryKindTests: ConsoleWardTests {
    let served: ServedConsole

    init() throws { served = try ServedConsole() }

    /// What the console itself can carry out. A question leaves its item where it is until somebody answered.
    private static let decidable = InboxKind.allCases.filter { kind in
        kind.actions.contains { $0 != .ask && ($0.isOnDocument || $0.order?.needsDevice == false) }
    }

    private func set(_ device: Replica, _ report: Digest, _ field: UInt8, _ value: CBORValue) throws {
        var draft = ChangeSetDraft(kind: .report, document: report)
        draft.perform(.set(Slot(field: field)), value)
        _ = try device.commit(draft)
    }

    private func step(_ device: Replica, _ report: Digest, to state: UInt8) throws {
        let view = try #require(try device.document(report))
        var draft = ChangeSetDraft(kind: .report, document: report)
        draft.perform(.transition(Slot(field: Schema.stateField), to: state, follows: view.state.present.dot))
        _ = try device.commit(draft)
    }

    private func place() -> CBORValue { .array([.unsigned(209_511_000), .unsigned(1_070_800_000), .unsigned(5)]) }

    /// Makes one item of a kind.
    /// - Returns: what the form chooses; the first side where it ends with a colon.
    private func make(_ kind: InboxKind) throws -> String {
        let lan = try join(.volunteer, "Lan")
        let binh = try join(.volunteer, "Bình")
        switch kind {
        case .claims:
            let lead = try join(.lead, "Tổ trưởng")
            var draft = ChangeSetDraft(kind: .task)
            draft.perform(.set(Slot(field: TaskField.title)), .text("Thăm hộ bà Tư"))
            draft.perform(.set(Slot(field: TaskField.area)), .text("06685.03"))
            let task = try lead.commit(draft).document
            for device in [lead, lan, binh] { try http.sync(device) }
            for device in [lan, binh] {
                var claim = ChangeSetDraft(kind: .task, document: task)
                claim.perform(.claim(Slot(field: TaskField.claimant)))
                _ = try device.commit(claim)
                try http.sync(device)
            }
            return "confirm"
        case .crossing:
            let (officer, resident) = (try join(.officer, "Cán bộ", "06685"), try ward.device())
            let report = try resident.commit(reportDraft("Đèn hỏng")).document
            for device in [resident, officer] { try http.sync(device) }
            for state: UInt8 in [2, 3, 4, 6] { try step(officer, report, to: state) }
            for device in [officer, resident] { try http.sync(device) }
            try step(officer, report, to: 7)
            try step(resident, report, to: 9)
            for device in [officer, resident] { try http.sync(device) }
            return "note"
        case .duplicates:
            for title in ["Đèn hỏng", "Đèn không sáng"] {
                var draft = reportDraft(title)
                draft.perform(.set(Slot(field: ReportField.location)), place())
                _ = try lan.commit(draft)
            }
            try http.sync(lan)
            return "dismiss"
        case .parallel, .values:
            let report = try lan.commit(reportDraft("Đèn hỏng")).document
            for device in [lan, binh] { try http.sync(device) }
            try set(lan, report, ReportField.title, .text("Đèn hỏng đầu ngõ"))
            let field = kind == .values ? ReportField.title : ReportField.address
            try set(binh, report, field, .text("Cuối ngõ"))
            for device in [lan, binh] { try http.sync(device) }
            return kind == .values ? "choose:" : "dismiss"
        case .missing:
            let officer = try join(.officer, "Cán bộ", "06685")
            let report = try officer.commit(reportDraft("Đèn hỏng")).document
            var draft = ChangeSetDraft(kind: .report, document: report)
            let unknown = Dot(device: binh.device, sequence: 77)
            draft.perform(.transition(Slot(field: Schema.stateField), to: 2, follows: unknown))
            _ = try officer.commit(draft, checksEarly: false)
            try http.sync(officer)
            return "decline"
        case .fork:
            _ = try lan.commit(reportDraft("Đèn hỏng"))
            try http.sync(lan)
            let other = try copy(lan, "other")
            _ = try lan.commit(reportDraft("Ổ gà"))
            try http.sync(lan)
            _ = try other.commit(reportDraft("Cây đổ"))
            #expect(throws: SyncFailure.self) { try http.sync(other) }
            return "decline"
        case .lostDevice:
            _ = try ward.ask(.revoke(device: "\(lan.device)", after: 0))
            _ = try lan.commit(reportDraft("Ghi trước khi bị thu hồi"))
            try http.sync(lan)
            return "release"
        case .role:
            _ = try lan.commit(reportDraft("Ghi sau khi hết hạn"))
            var grant = try #require(
                try server.service.withCore { core throws(StoreError) in try core.browseDevice(lan.device) }
            ).grant
            grant.validUntil = grant.validFrom - 3600
            let ended = grant
            try server.service.withCore { core throws(StoreError) in try core.admit(ended) }
            try http.sync(lan)
            return "decline"
        case .merged:
            let resident = try ward.device()
            _ = try resident.commit(reportDraft("Đèn hỏng", area: "06688"))
            try http.sync(resident)
            var area = ChangeSetDraft(kind: .area)
            area.perform(.set(Slot(field: AreaField.code)), .text("06685"))
            area.perform(.set(Slot(field: AreaField.name)), .text("Phường Hồng Gai"))
            area.perform(.add(Slot(field: AreaField.mergedFrom)), .text("06688"))
            let made = area
            _ = try server.service.withCore { core throws(StoreError) in try core.author([made]) }
            return "move"
        case .clock, .attachment, .processing: return ""
        }
    }

    /// The kinds, and what else than the usual can be done about some of them.
    private static let decisions: [(kind: InboxKind, other: String?)] =
        decidable.map { ($0, nil) } + [(.duplicates, "link"), (.claims, "share"), (.claims, "reassign:")]

    @Test(arguments: Self.decisions) func whatIsDecidedIsGoneFromTheInbox(_ kind: InboxKind, _ other: String?) throws {
        defer { stop() }
        let usual = try make(kind)
        let choice = other ?? usual
        let list = "/console?kind=\(kind.name)"
        var filter = InboxFilter()
        filter.kinds = [kind]
        let items = try server.service.inbox(filter).items
        let key = try #require(items.first?.key)
        #expect(items.count == 1)
        let item = ItemPage.path(key).text
        #expect(try ha.get(list).body.contains(item))
        let page = try ha.get(item)
        let side = choice == "reassign:" ? page.hidden("settled").last : page.hidden("settled").first
        let whole = choice.hasSuffix(":") ? choice + (side ?? "") : choice
        #expect(page.body.contains("value=\"\(whole)\""))
        let before = try ha.get("/console/activity").body
        let done = try decide(page, whole, "Đã xem xét kỹ")
        #expect(done.status == 303 && done.header("location")?.contains("done=resolved") == true)
        let after = try ha.get("/console/activity").body
        #expect(after.contains("Đã xem xét kỹ — Hà") && !before.contains("Đã xem xét kỹ"))
        #expect(try !ha.get(list).body.contains(item))
        #expect(try server.service.inbox(filter).items.isEmpty)
        #expect(try decide(page, whole, "lại").status == 409)
    }
}
