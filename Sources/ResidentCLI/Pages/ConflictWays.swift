// What this device can do about an item of the conflict inbox, each with the command that does it.

import CommandLineKit
import SyncKit

/// What commands on held change sets and on devices find.
struct OverseenNames {
    let held: Set<Digest>
    let refused: Set<Digest>
    let grants: [DeviceID: OverseenGrant]
    /// The code of the ward's area.
    let ward: String

    init(_ store: some LocalDocuments, ward: String) throws(ReplicaError) {
        held = Set(try store.quarantine(held: true, limit: 100_000).map(\.change.id))
        refused = Set(try store.quarantine(held: false, limit: 2_000).map(\.change.id))
        grants = Dictionary(try store.overseenGrants().map { ($0.grant.device, $0) }) { $1 }
        self.ward = ward
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
        let word = terminal.word(item.word(for: action).message)
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
            guard let pending = item.pending,
                (pending.isHeld ? page.overseen.held : page.overseen.refused).contains(pending.id)
            else { return nil }
            return "ward quarantine \(action.rawValue) \(ShortID.text(pending.id)) --reason " + quoted(.wayReason)
        case .extend: return device("extend", "--until \(terminal.tell(.wayDay)) ")
        case .grant: return widerGrant
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
        guard let device = item.device, page.overseen.grants[device] != nil else { return nil }
        return "ward device \(command) \(page.people.short(device)) \(options)--reason " + quoted(.wayReason)
    }

    /// What the device may already, and the area that it lacks; which other role it should have is for the person to say.
    private var widerGrant: String? {
        guard let pending = item.pending, let device = item.device, let known = page.overseen.grants[device],
            known.revokedAfter == nil
        else { return nil }
        var areas = known.grant.areas
        var role = known.grant.role.name
        if pending.code == .outsideArea {
            guard let lacking = AreaCode.beyond(areas, pending.areas, ward: page.overseen.ward).first else {
                return nil
            }
            areas.append(lacking)
        } else {
            role = terminal.tell(.wayRole)
        }
        let named = areas.map { "--area \($0) " }.joined()
        return self.device("grant", "--role \(role) " + named)
    }

    /// How its author goes on with what was refused, once the grant reaches that far; nil where it was not refused so.
    var afterwards: String? {
        guard let pending = item.pending, pending.isBeyondGrant else { return nil }
        let number = String(pending.dot.sequence)
        let isReport = item.documentKind == .report
        if page.actor.isSamePerson(as: pending.dot.device) {
            return isReport ? terminal.tell(.againOwn, number) : terminal.tell(.againOwnOther)
        }
        guard actions.contains(.grant) else { return nil }
        return isReport ? terminal.tell(.again, number) : terminal.tell(.againOther)
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
