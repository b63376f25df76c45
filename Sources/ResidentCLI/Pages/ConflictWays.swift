// What this device can do about an item of the conflict inbox, each with the command that does it.

import CommandLineKit
import SyncKit

/// What commands on held change sets and on devices find.
struct OverseenNames {
    let held: Set<Digest>
    let devices: Set<DeviceID>

    init(_ store: some LocalDocuments) throws(ReplicaError) {
        held = Set(try store.quarantine(held: true, limit: 100_000).map(\.change.id))
        devices = Set(try store.overseenGrants().map(\.grant.device))
    }
}

/// The ways on from an item: an action is offered only where a command of this program carries it out.
struct ConflictWays {
    private let page: ConflictPage
    private let item: InboxItem
    private let possible: [InboxAction]

    init(_ page: ConflictPage, _ item: InboxItem, _ state: DocumentState?) {
        self.page = page
        self.item = item
        possible = item.actions(for: page.actor, state)
    }

    private var terminal: Terminal { page.terminal }

    var actions: [InboxAction] { possible.filter { command($0) != nil } }

    func label(_ action: InboxAction) -> String {
        let word = terminal.word(action.word.message)
        return action == .succeed ? terminal.tell(ConflictSay.wayPrepared, word) : word
    }

    /// The whole command, ready to be copied; what stands in quotes is for the person to write.
    func command(_ action: InboxAction) -> String? {
        switch action {
        case .choose: return resolve("--choose 1")
        case .edit: return isTyped ? resolve("--value " + quoted(.wayValue)) : nil
        case .confirm, .share, .link, .move: return resolve("--" + action.rawValue)
        // The first one is the holder.
        case .reassign: return resolve("--choose 2")
        case .note: return resolve("")
        case .dismiss: return about("dismiss", "--reason " + quoted(.wayReason))
        case .ask: return about("ask", "--question " + quoted(.wayQuestion))
        case .release, .decline:
            guard let pending = item.pending, page.overseen.held.contains(pending.id) else { return nil }
            return "ward quarantine \(action.rawValue) \(ShortID.text(pending.id)) --reason " + quoted(.wayReason)
        case .extend: return device("extend", "--until \(terminal.tell(.wayDay)) ")
        case .revoke: return device("revoke", "")
        // Which device goes on is known at the server alone.
        case .succeed: return "ward order sign " + terminal.tell(.wayFile)
        }
    }

    private func quoted(_ say: ConflictSay) -> String { "'" + terminal.tell(say) + "'" }

    private func resolve(_ option: String) -> String? {
        about("resolve", (option.isEmpty ? "" : option + " ") + "--reason " + quoted(.wayReason))
    }

    private func about(_ command: String, _ options: String) -> String? {
        guard item.pending == nil, let document = item.document else { return nil }
        return "ward conflict \(command) \(ShortID.text(document)) --field \(CommandRun.fieldName(item)) \(options)"
    }

    private func device(_ command: String, _ options: String) -> String? {
        guard let device = item.device, page.overseen.devices.contains(device) else { return nil }
        return "ward device \(command) \(page.people.short(device)) \(options)--reason " + quoted(.wayReason)
    }

    /// Whether another value of the field can be typed.
    private var isTyped: Bool {
        guard let slot = item.slot, let kind = item.documentKind, let spec = Schema.field(kind, slot.field) else {
            return false
        }
        switch spec.type {
        case .text, .code, .area, .time, .integer, .location: return true
        case .boolean, .bytes, .sealed, .answer, .coded, .attachment: return false
        }
    }
}
