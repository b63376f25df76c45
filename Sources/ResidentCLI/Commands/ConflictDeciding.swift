// Deciding conflicts, one or many: a signed change set with a reason for each.

import CommandLineKit
import SyncKit

extension CommandRun {
    /// `ward conflict resolve ID…`
    func conflictResolve() throws(ErrorReport) -> ExitCode {
        guard let reason = try text(option: "reason", limit: 4000) else {
            throw ErrorReport.cannotAsk(option: "--reason", helpCommand: name + " --help")
        }
        return try ConflictBulk(run: self, reason: reason, done: .decided).run { (item, state) throws(ErrorReport) in
            try choice(item, state)
        }
    }

    /// `ward conflict dismiss ID…`
    func conflictDismiss() throws(ErrorReport) -> ExitCode {
        guard let reason = try text(option: "reason", limit: 4000) else {
            throw ErrorReport.cannotAsk(option: "--reason", helpCommand: name + " --help")
        }
        return try ConflictBulk(run: self, reason: reason, done: .dismissed, action: .dismiss)
            .run { (_, _) throws(ErrorReport) in .dismiss }
    }

    /// `ward conflict ask ID… --question TEXT`
    func conflictAsk() throws(ErrorReport) -> ExitCode {
        guard let question = try text(option: "question", limit: 4000) else {
            throw ErrorReport.cannotAsk(option: "--question", helpCommand: name + " --help")
        }
        return try ConflictBulk(run: self, reason: question, done: .askedNow, action: .ask)
            .run { (_, _) throws(ErrorReport) in .ask }
    }

    /// What the options decide about an item; where they say nothing, what its kind usually takes.
    private func choice(_ item: InboxItem, _ state: DocumentState) throws(ErrorReport) -> InboxChoice {
        if parsed.flag("confirm") { return .confirm }
        if parsed.flag("share") { return .share }
        if parsed.flag("link") { return .link }
        if parsed.flag("move") { return .move }
        if let given = parsed.option("value") { return .edit(try typedValue(given, item, state)) }
        if let number = parsed.integer("choose") {
            let place = Int(clamping: number) - 1
            guard item.sides.indices.contains(place) else {
                throw bad(
                    "--choose", String(number), Self.filled(Say.expectChoice.message, String(item.sides.count)))
            }
            return item.kind == .claims ? .reassign(place) : .choose(place)
        }
        switch item.kind {
        case .crossing: return .note
        case .values, .claims:
            throw ErrorReport(
                .usage, code: "usage.missing-option", happened: Phrase(Say.chooseOne.message), loss: .nothingChanged,
                next: FaultWord.badValueNext.with(name))
        default:
            let options = item.kind.actions.filter { $0.isOnDocument && $0 != .ask }.map { "--" + $0.rawValue }
            throw ErrorReport(
                .usage, code: "usage.missing-option",
                happened: Phrase(ConflictSay.chooseAction.message, [options.joined(separator: ", ")]),
                loss: .nothingChanged, next: FaultWord.badValueNext.with(name))
        }
    }

    private func typedValue(_ given: String, _ item: InboxItem, _ state: DocumentState) throws(ErrorReport) -> CBORValue
    {
        guard let slot = item.slot, let spec = Schema.field(state.kind, slot.field) else {
            throw bad("--value", given, Say.expectValue.message)
        }
        switch spec.type {
        case .text(let max): return .text(try text("--value", given, limit: max))
        case .code: return .text(try typedCode(given, spec))
        case .area: return .text(try area("--value", given, ward: keptWard ?? ""))
        case .time: return CBORValue(try day("--value", given))
        case .integer:
            guard let number = Int64(given) else { throw bad("--value", given, Say.expectValue.message) }
            return CBORValue(number)
        case .location:
            guard let place = ValueWords.location(given) else { throw bad("--value", given, Say.expectPlace.message) }
            return place
        case .boolean, .bytes, .sealed, .answer, .coded, .attachment:
            throw bad("--value", given, Say.expectValue.message)
        }
    }

    private func typedCode(_ given: String, _ spec: FieldSpec) throws(ErrorReport) -> String {
        switch spec.name {
        case "category": try category("--value", given, ownSettings)
        case "agency": try agency("--value", given, ownSettings)
        case "urgency": try code("--value", given, Urgency.self, .expectKind)
        case "kind": try code("--value", given, TaskKind.self, .expectKind)
        default: try freeCode("--value", given)
        }
    }
}

/// Decides items one by one; one that is refused does not stop the others.
struct ConflictBulk {
    /// The most items that a filter decides at once.
    static let limit = 1000

    let run: CommandRun
    let reason: String
    /// What is said of an item that was decided.
    let done: ConflictSay
    /// What is done, where the command says so; else only what the options choose.
    var action: InboxAction?

    private var terminal: Terminal { run.terminal }

    private struct Line {
        let item: InboxItem
        var saved: Saved?
        var error: ErrorReport?
    }

    func run(_ choose: (InboxItem, DocumentState) throws(ErrorReport) -> InboxChoice) throws(ErrorReport) -> ExitCode {
        let replica = try run.replica()
        run.keptWard = replica.descriptor.area
        let inbox = try run.conflictInbox(replica, device: replica.device)
        let typed = run.parsed.arguments
        let isBulk = !run.parsed.options("where").isEmpty
        guard isBulk || !typed.isEmpty else { throw usage(.needTargets) }
        guard !isBulk || typed.isEmpty else { throw usage(.twoTargets) }
        if isBulk { return try many(replica, inbox, choose) }
        var items: [InboxItem] = []
        for id in typed {
            let found = try run.conflictItems(replica, inbox, id)
            items.append(try run.oneItem(found) { item in action.map { item.kind.actions.contains($0) } ?? true })
        }
        if items.count == 1, let item = items.first {
            let saved = try decide(item, replica, choose)
            return run.say(saved, item.documentKind ?? .report)
        }
        return tell(each(items, replica, choose))
    }

    private func usage(_ say: ConflictSay) -> ErrorReport {
        ErrorReport(
            .usage, code: "usage.missing-argument", happened: Phrase(say.message), loss: .nothingChanged,
            next: FaultWord.badValueNext.with(run.name))
    }

    private func many(
        _ replica: Replica, _ inbox: ReplicaInbox,
        _ choose: (InboxItem, DocumentState) throws(ErrorReport) -> InboxChoice
    ) throws(ErrorReport) -> ExitCode {
        var inbox = inbox
        let filter = try run.conflictFilter(ward: replica.descriptor.area)
        let page = try run.attempt { () throws(ReplicaError) in try inbox.page(filter, limit: Self.limit + 1) }
        let items = page.items.prefix(Self.limit).filter { item in
            guard item.document != nil, item.pending == nil else { return false }
            return action.map { item.kind.actions.contains($0) } ?? item.kind.actions.contains { $0.isOnDocument }
        }
        guard !items.isEmpty else {
            if terminal.isJSON { _ = tell([]) } else { terminal.remark(ConflictSay.bulkNone.message) }
            return .ok
        }
        if page.total > Self.limit { terminal.warn(ConflictSay.bulkLimit.message, String(Self.limit)) }
        if !run.parsed.flag("yes") {
            guard Prompt(terminal).isPossible else {
                throw ErrorReport.cannotAsk(option: "--yes", helpCommand: run.name + " --help")
            }
            for item in items { terminal.writeError("  " + name(item) + "\n") }
            let isSure = Prompt(terminal).confirm(
                ConflictSay.bulkAsk.message, terminal.word(done.message), String(items.count), assumed: false)
            guard isSure == true else {
                terminal.remark(ConflictSay.bulkCancelled.message)
                return .ok
            }
        }
        return tell(each(Array(items), replica, choose))
    }

    private func each(
        _ items: [InboxItem], _ replica: Replica,
        _ choose: (InboxItem, DocumentState) throws(ErrorReport) -> InboxChoice
    ) -> [Line] {
        items.map { item in
            do throws(ErrorReport) {
                return Line(item: item, saved: try decide(item, replica, choose))
            } catch {
                return Line(item: item, error: error)
            }
        }
    }

    private func decide(
        _ item: InboxItem, _ replica: Replica,
        _ choose: (InboxItem, DocumentState) throws(ErrorReport) -> InboxChoice
    ) throws(ErrorReport) -> Saved {
        guard let id = item.document, item.pending == nil,
            let view = try run.attempt({ () throws(ReplicaError) in try replica.document(id) })
        else { throw notForThis(item) }
        let choice = try choose(item, view.state)
        let drafts: [ChangeSetDraft]
        do { drafts = try item.drafts(choice, view.state, reason: reason) } catch {
            switch error {
            case .notForThisKind, .gone: throw notForThis(item)
            case .noSuchSide(let count):
                throw run.bad(
                    "--choose", "", CommandRun.filled(Say.expectChoice.message, String(count)))
            }
        }
        var last: Saved?
        for draft in drafts {
            last = try run.attempt { () throws(ReplicaError) in try replica.commit(draft) }
        }
        guard let last else { throw notForThis(item) }
        return last
    }

    private func notForThis(_ item: InboxItem) -> ErrorReport {
        let target = item.document.map { ShortID.text($0) } ?? item.kind.name
        return ErrorReport(
            .refused, code: "conflict.not-possible",
            happened: Phrase(ConflictSay.notForThisKind.message, [terminal.word(item.kind.word.message)]),
            loss: .nothingChanged, next: Phrase(ConflictSay.notForThisKindNext.message, [target]))
    }

    private func name(_ item: InboxItem) -> String {
        let id = item.document.map { ShortID.text($0) } ?? ""
        return id + "  " + terminal.word(item.kind.word.message) + "  " + SafeText.line(item.title)
    }

    private func tell(_ lines: [Line]) -> ExitCode {
        let saved = lines.count { $0.saved != nil }
        let first = lines.compactMap { $0.error?.exit }.first
        if terminal.isJSON {
            terminal.printJSON { json in
                json.object { json in
                    json.array("items") { json in
                        for line in lines {
                            json.object { json in
                                json.member("key", line.item.key)
                                json.member("kind", line.item.kind.name)
                                json.member("id", line.item.document?.hex)
                                json.member("saved", line.saved != nil)
                                if let dot = line.saved?.dot { json.member("sequence", Int64(clamping: dot.sequence)) }
                                guard let error = line.error else { return }
                                json.object("error") { json in
                                    json.member("code", error.code)
                                    json.member("message", terminal.language.text(error.happened))
                                }
                            }
                        }
                    }
                    json.member("saved", saved)
                    json.member("refused", lines.count - saved)
                }
            }
            return first ?? .ok
        }
        for line in lines {
            let id = line.item.document.map { ShortID.text($0) } ?? line.item.kind.name
            if let error = line.error {
                terminal.print(ConflictSay.bulkRefused.message, id, terminal.language.text(error.happened))
            } else {
                terminal.print(
                    ConflictSay.bulkLine.message, id, terminal.word(done.message),
                    terminal.word(line.item.kind.word.message))
            }
        }
        terminal.remark(ConflictSay.bulkEnd.message, String(saved), String(lines.count - saved))
        if saved > 0 { terminal.remark(Say.savedWaiting.message) }
        return first ?? .ok
    }
}
