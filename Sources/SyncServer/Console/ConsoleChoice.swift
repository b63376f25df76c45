// A decision that came with a form, and what the ward makes of it.
import SyncKit

/// What was chosen.
enum ConsoleChoice {
    /// A change set on the document.
    case inbox(InboxChoice)
    /// An order on what is held, of the change sets that the page showed.
    case order(OrderAction, shown: Set<Digest>)

    var name: String {
        switch self {
        case .inbox(let choice): choice.action.rawValue
        case .order(let action, _): action.rawValue
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
        case .release: self = .order(.release, shown: Self.shown(form))
        case .decline: self = .order(.decline, shown: Self.shown(form))
        case .extend, .grant, .revoke, .succeed: return nil
        }
    }

    /// The ids of the change sets that a page showed; what is none is passed over.
    private static func shown(_ form: FormFields) -> Set<Digest> {
        Set(form.all("shown").prefix(ConsoleInbox.mostBranches).compactMap { Digest(hex: $0) })
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
            return try Self.inTurn(drafts, { _ in item.title }) { draft throws(StoreError) in
                ConsoleResult(try core.act(draft, by: key, seen: seen))
            }
        case .order(let action, let shown):
            // Read in the same turn: what arrived while somebody was reading the page stays undecided.
            let present = try core.inboxItem(item.key)?.decidable ?? []
            let named = present.filter { shown.contains($0.id) }
            if named.isEmpty { return .gone }
            let result = try Self.inTurn(named, { "\(ConsoleContext.short($0.dot.device)):\($0.dot.sequence)" }) {
                change throws(StoreError) in
                let order = Order(action, change.dot, id: change.id, reason: reason)
                return try Self.give(order, core, key, seen: seen)
            }
            guard case .done = result else { return result }
            return named.count < present.count ? .doneInPart : .done
        }
    }

    /// Does the parts of a decision one after the other; the first that cannot be done stops it, and those behind it are
    /// not tried.
    private static func inTurn<Part>(
        _ parts: [Part], _ name: (Part) -> String, _ work: (Part) throws(StoreError) -> ConsoleResult
    ) throws(StoreError) -> ConsoleResult {
        var all = ConsoleParts(total: parts.count)
        for part in parts {
            all.note(try work(part), name(part))
            if !all.left.isEmpty { break }
        }
        return all.result
    }

    private static func give(_ order: Order, _ core: WardCore, _ key: SigningKey, seen: Position)
        throws(StoreError) -> ConsoleResult
    {
        let outcome = try core.act(order.draft, by: key, seen: seen)
        guard case .done(let id) = outcome else { return ConsoleResult(outcome) }
        guard let state = try core.documentState(id), state.text(OrderField.status) == OrderStatus.refused.rawValue
        else { return .done }
        return .orderRefused(state.text(OrderField.why) ?? "")
    }
}

/// What came of a decision.
enum ConsoleResult: Sendable {
    case done
    /// What the page showed is decided; more of the same waits.
    case doneInPart
    /// Of several parts some could not be decided.
    case inPart(ConsoleParts)
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
        case .doneInPart: "done-in-part"
        case .inPart(let parts): "in-part-\(parts.done)-of-\(parts.total)"
        case .refused(let code): "\(code)"
        case .orderRefused(let why): why
        case .outdated: "outdated"
        case .gone: "gone"
        case .tooLarge: "too-large"
        }
    }
}
