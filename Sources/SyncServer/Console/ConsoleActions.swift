// What an admin does at the console. Each action is a change set that the console's key signs, decided by the rules for
// everybody; each is told to the operation log.
import CommandLineKit
import SyncKit
import WardWords

struct ConsoleActions {
    let console: Console
    let context: ConsoleContext
    /// Items that are dismissed at once.
    private static let mostDismissed = 50

    init(_ console: Console, _ context: ConsoleContext) {
        self.console = console
        self.context = context
    }

    func note(_ action: String, _ outcome: String) {
        Log.event("console_action", [.method: .text(action), .reason: .text(outcome)])
    }

    func problem(_ word: ConsoleWord, status: Int = 409) -> HTTPResponse { problem(context.say(word), status: status) }

    func problem(_ text: String, status: Int = 409) -> HTTPResponse {
        ConsoleLayout(context: context).page(context.say(.notDone), status: status) { html in
            html.tag("p", .style("notice bad"), .a("role", "alert"), text: text)
            html.tag("p") { $0.tag("a", .href(PagePath("/console")), text: context.say(.toInbox)) }
        }
    }

    /// The reason with the name of whoever gave it: the console's key is one for all of them.
    private func signed(_ reason: String) -> String {
        let name = context.session?.name ?? ""
        return name.isEmpty ? reason : reason + " — " + name
    }

    // MARK: One item

    func decide(_ form: FormFields) throws(StoreError) -> HTTPResponse {
        guard let key = form["key"], key.utf8.count <= ConsoleInbox.longestKey,
            let seen = form["seen"].flatMap({ UInt64($0) }).map({ Position(rawValue: $0) })
        else { return problem(.badForm, status: 400) }
        let read: ConsoleItem? = try console.service.withCore { core throws(StoreError) in
            try ConsoleInbox.item(core, key)
        }
        guard var found = read else {
            note("decide", "gone")
            return problem(.itemGoneText)
        }
        guard let reason = form.text("reason", max: ItemForm.maxReason) else {
            return ItemPage(console, context).page(found, problem: .needsReason, status: 400)
        }
        // Only what the page showed is settled: what arrived since then stays in conflict.
        let settled = Set(form.all("settled").prefix(ConsoleInbox.mostSides).compactMap { Dot(text: $0) })
        if !found.item.sides.isEmpty {
            found.item.sides.removeAll { !settled.contains($0.dot) }
            if found.item.sides.isEmpty { return problem(.badForm, status: 400) }
        }
        guard let choice = ConsoleChoice(form, found, context) else {
            return ItemPage(console, context).page(read ?? found, problem: .needsChoice, status: 400)
        }
        if case .order(_, let shown) = choice, shown.isEmpty { return problem(.badForm, status: 400) }
        return try carryOut([(found.item, choice)], seen: seen, reason: signed(reason))
    }

    // MARK: Several at once

    func dismiss(_ form: FormFields) throws(StoreError) -> HTTPResponse {
        guard let seen = form["seen"].flatMap({ UInt64($0) }).map({ Position(rawValue: $0) }) else {
            return problem(.badForm, status: 400)
        }
        guard let reason = form.text("reason", max: ItemForm.maxReason) else {
            return problem(.needsReason, status: 400)
        }
        let keys = form.all("key").prefix(Self.mostDismissed)
        guard !keys.isEmpty else { return problem(.needsItems, status: 400) }
        let items = try console.service.withCore { core throws(StoreError) in
            try ConsoleInbox.dismissable(core, keys)
        }
        guard !items.isEmpty else { return problem(.itemGoneText) }
        return try carryOut(items.map { ($0, ConsoleChoice.inbox(.dismiss)) }, seen: seen, reason: signed(reason))
    }

    // MARK: Carrying out

    private func carryOut(
        _ decisions: [(item: InboxItem, choice: ConsoleChoice)], seen: Position, reason: String
    ) throws(StoreError) -> HTTPResponse {
        guard let key = try console.keys.ready(console.service) else { return problem(.noConsoleKey, status: 503) }
        let result = try console.service.withCore { core throws(StoreError) -> ConsoleResult in
            var result = ConsoleResult.done
            for (item, choice) in decisions {
                result = try choice.carryOut(on: item, core, key, seen: seen, reason: reason)
                guard case .done = result else { break }
            }
            try core.flush()
            return result
        }
        let name = decisions.first.map { "\($0.choice.name)" } ?? ""
        note(name, result.word)
        switch result {
        case .done:
            let page = PagePath("/console", ["done": ConsoleDone.resolved.rawValue])
            guard decisions.count == 1, let id = decisions.first?.item.document, decisions[0].item.pending == nil else {
                return Console.redirect(to: page)
            }
            return Console.redirect(
                to: PagePath("/console/document", ["id": id.hex, "done": ConsoleDone.resolved.rawValue]))
        case .doneInPart:
            let kind = decisions.first?.item.kind.name
            return Console.redirect(
                to: PagePath("/console", ["kind": kind, "done": ConsoleDone.resolvedInPart.rawValue]))
        case .stopped(let count): return problem(context.say(.stoppedAfter, String(count)))
        case .refused(let code): return problem(context.say(.ruleForbids, context.text(RefusalWords(code).why)))
        case .orderRefused(let why):
            return problem(context.say(.ruleForbids, context.text(OrderProblemWord.message(why))))
        case .outdated: return problem(.outdated)
        case .gone: return problem(.itemGoneText)
        case .tooLarge: return problem(.badForm, status: 400)
        }
    }
}
