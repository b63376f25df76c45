// A decision that came with a form, and what the ward makes of it.
import SyncKit

/// What was chosen.
enum ConsoleChoice {
    /// A change set on the document.
    case inbox(InboxChoice)
    /// An order on a change set that is held.
    case order(OrderAction)

    var name: String {
        switch self {
        case .inbox(let choice): choice.action.rawValue
        case .order(let action): action.rawValue
        }
    }

    /// Reads a form; nil where nothing was chosen that can be done.
    init?(_ form: FormFields, _ found: ConsoleItem, _ context: ConsoleContext) {
        let parts = (form["choose"] ?? "").split(separator: ":", maxSplits: 1)
        guard let action = parts.first.flatMap({ InboxAction(rawValue: String($0)) }), found.actions.contains(action)
        else { return nil }
        let item = found.item
        let side = parts.dropFirst().first.flatMap { Dot(text: String($0)) }.flatMap { dot in
            item.sides.firstIndex { $0.dot == dot }
        }
        switch action {
        case .choose:
            guard let side else { return nil }
            self = .inbox(.choose(side))
        case .reassign:
            guard let side else { return nil }
            self = .inbox(.reassign(side))
        case .edit:
            guard let kind = item.documentKind, let slot = item.slot, let spec = Schema.field(kind, slot.field),
                let value = OtherValue(context: context, kind: kind).read(form, spec)
            else { return nil }
            self = .inbox(.edit(value))
        case .confirm: self = .inbox(.confirm)
        case .share: self = .inbox(.share)
        case .note: self = .inbox(.note)
        case .ask: self = .inbox(.ask)
        case .dismiss: self = .inbox(.dismiss)
        case .link: self = .inbox(.link)
        case .move: self = .inbox(.move)
        case .release: self = .order(.release)
        case .decline: self = .order(.decline)
        case .extend, .revoke, .succeed: return nil
        }
    }

    /// Signs it with the console's key and lets the ward decide.
    /// - Parameter seen: what the page was made of.
    func carryOut(
        on item: InboxItem, _ core: WardCore, _ key: SigningKey, seen: Position, reason: String
    ) throws(StoreError) -> ConsoleResult {
        switch self {
        case .inbox(let choice):
            guard let id = item.document, let state = try core.documentState(id) else { return .gone }
            let drafts: [ChangeSetDraft]
            do { drafts = try item.drafts(choice, state, reason: reason) } catch { return .gone }
            for draft in drafts {
                let result = ConsoleResult(try core.act(draft, by: key, seen: seen))
                guard case .done = result else { return result }
            }
            return .done
        case .order(let action):
            let named = item.decidable
            if named.isEmpty { return .gone }
            for (dot, id) in named {
                let order = Order(action, dot, id: id, reason: reason)
                let outcome = try core.act(order.draft, by: key, seen: seen)
                guard case .done(let id) = outcome else { return ConsoleResult(outcome) }
                if let state = try core.documentState(id),
                    state.text(OrderField.status) == OrderStatus.refused.rawValue
                {
                    return .orderRefused(state.text(OrderField.why) ?? "")
                }
            }
            return .done
        }
    }
}

/// What came of a decision.
enum ConsoleResult: Sendable {
    case done
    case refused(RefusalCode)
    /// The ward did not carry the order out: why, as the order says it.
    case orderRefused(String)
    case outdated
    case gone
    case tooLarge

    init(_ outcome: ConsoleOutcome) {
        self =
            switch outcome {
            case .done: .done
            case .refused(let code): .refused(code)
            case .outdated: .outdated
            case .tooLarge: .tooLarge
            }
    }

    /// For the operation log.
    var word: String {
        switch self {
        case .done: "done"
        case .refused(let code): "\(code)"
        case .orderRefused(let why): why
        case .outdated: "outdated"
        case .gone: "gone"
        case .tooLarge: "too-large"
        }
    }
}
