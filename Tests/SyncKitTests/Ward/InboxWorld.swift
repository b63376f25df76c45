// A ward with one person of each role, and what the tests of the inbox ask of it.

import Testing

@testable import SyncKit

/// A ward whose conflict inbox is looked at from its server and from devices.
final class InboxWorld {
    let ward: TestWard
    let admin: Replica
    let officer: Replica
    let lead: Replica
    let lan: Replica
    let minh: Replica
    let resident: Replica

    /// - Parameter path: where the ward's store is; empty for one in memory.
    init(seed: UInt64 = 700, path: String = "") throws {
        ward = try TestWard(seed: seed, scheme: SimulatedScheme(), path: path)
        admin = try ward.device(seed &+ 1, role: .admin, areas: ["06685"], name: "Mai")
        officer = try ward.device(seed &+ 2, role: .officer, areas: ["06685"], name: "Bình")
        lead = try ward.device(seed &+ 3, role: .lead, areas: ["06685.03"], name: "Hạnh")
        lan = try ward.device(seed &+ 4, role: .volunteer, areas: ["06685.03"], name: "Lan")
        minh = try ward.device(seed &+ 5, role: .volunteer, areas: ["06685.03"], name: "Minh")
        resident = try ward.device(seed &+ 6)
        try sync(everybody)
    }

    var everybody: [Replica] { [admin, officer, lead, lan, minh, resident] }

    func sync(_ replicas: [Replica]) throws {
        for replica in replicas { try ward.sync(replica) }
        ward.time.advance(seconds: 60)
    }

    /// Everybody hears of everything.
    func settle() throws {
        for _ in 0..<2 { try sync(everybody) }
    }

    func report(_ title: String = "Đèn đường hỏng", north: Int64? = nil, by author: Replica? = nil) throws -> Digest {
        var draft = ChangeSetDraft(kind: .report)
        draft.perform(.set(Slot(field: ReportField.category)), .text("lighting"))
        draft.perform(.set(Slot(field: ReportField.title)), .text(title))
        draft.perform(.set(Slot(field: ReportField.area)), .text("06685.03"))
        if let north {
            draft.perform(
                .set(Slot(field: ReportField.location)),
                .array([CBORValue(north), CBORValue(1_070_700_000), CBORValue(10)]))
        }
        return try (author ?? resident).commit(draft).document
    }

    func task() throws -> Digest {
        var draft = ChangeSetDraft(kind: .task)
        draft.perform(.set(Slot(field: TaskField.title)), .text("Thăm hộ số 12"))
        draft.perform(.set(Slot(field: TaskField.area)), .text("06685.03"))
        return try lead.commit(draft).document
    }

    @discardableResult
    func set(_ replica: Replica, _ kind: DocumentKind, _ id: Digest, _ field: UInt8, _ value: CBORValue) throws -> Saved
    {
        var draft = ChangeSetDraft(kind: kind, document: id)
        draft.perform(.set(Slot(field: field)), value)
        return try replica.commit(draft)
    }

    @discardableResult
    func step(_ replica: Replica, _ kind: DocumentKind, _ id: Digest, to state: UInt8) throws -> Saved {
        let view = try #require(try replica.document(id))
        var draft = ChangeSetDraft(kind: kind, document: id)
        draft.perform(.transition(Slot(field: Schema.stateField), to: state, follows: view.state.present.dot))
        return try replica.commit(draft)
    }

    func claim(_ replica: Replica, _ task: Digest) throws {
        var draft = ChangeSetDraft(kind: .task, document: task)
        draft.perform(.claim(Slot(field: TaskField.claimant)))
        _ = try replica.commit(draft)
    }

    // MARK: Inboxes

    /// What the ward's server shows.
    func page(_ kinds: InboxKind..., limit: Int = 100) throws -> InboxPage {
        var filter = InboxFilter()
        filter.kinds = Set(kinds)
        return try ward.service.inbox(filter, limit: limit)
    }

    func one(_ kind: InboxKind) throws -> InboxItem {
        let items = try page(kind).items
        try #require(items.count == 1, "\(items.map(\.key))")
        return items[0]
    }

    /// What a device shows.
    func page(on replica: Replica, _ kinds: InboxKind...) throws -> InboxPage {
        var filter = InboxFilter()
        filter.kinds = Set(kinds)
        var inbox = ReplicaInbox(
            replica, device: replica.device, settings: .standard,
            areas: AreaBook(replica, now: ward.time.nowSeconds()), now: ward.time.nowSeconds())
        return try inbox.page(filter, limit: 100)
    }

    /// Decides an item on a device, and tells everybody.
    func decide(_ kind: InboxKind, _ choice: InboxChoice, by replica: Replica, reason: String = "Đã xem tại chỗ") throws
    {
        let item = try #require(try page(on: replica, kind).items.first)
        let id = try #require(item.document)
        let state = try #require(try replica.document(id)?.state)
        for draft in try item.drafts(choice, state, reason: reason) { _ = try replica.commit(draft) }
        try settle()
    }

    /// The reasons that a device can read about a document.
    func reasons(_ replica: Replica, _ id: Digest) throws -> [String] {
        let view = try #require(try replica.document(id))
        return view.state.everyDecision(view.inboxChanges).map(\.decision.reason)
    }

    func actions(_ replica: Replica, _ item: InboxItem) throws -> [InboxAction] {
        let state = try item.document.flatMap { id in try replica.document(id)?.state }
        return item.actions(for: try replica.actor(), state)
    }
}
