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
    func signed(_ reason: String) -> String {
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
        let item = found.item
        let isOnDocument = item.pending == nil
        return try carryOut(
            choice.name,
            then: PagePath(
                isOnDocument && item.document != nil ? "/console/document" : "/console",
                ["id": isOnDocument ? item.document?.hex : nil]),
            rest: PagePath("/console", ["kind": item.kind.name])
        ) { (core, key) throws(StoreError) -> ConsoleResult in
            try choice.carryOut(on: item, core, key, seen: seen, reason: signed(reason))
        }
    }

    // MARK: Several at once

    func dismiss(_ form: FormFields) throws(StoreError) -> HTTPResponse {
        guard let seen = form["seen"].flatMap({ UInt64($0) }).map({ Position(rawValue: $0) }) else {
            return problem(.badForm, status: 400)
        }
        guard let reason = form.text("reason", max: ItemForm.maxReason) else {
            return problem(.needsReason, status: 400)
        }
        var keys: [String] = []
        for key in form.all("key").prefix(Self.mostDismissed) where !keys.contains(key) { keys.append(key) }
        guard !keys.isEmpty else { return problem(.needsItems, status: 400) }
        let asked = keys
        return try carryOut("dismiss", then: PagePath("/console")) { (core, key) throws(StoreError) -> ConsoleResult in
            var parts = ConsoleParts(total: asked.count)
            let items = try ConsoleInbox.dismissable(core, asked)
            // What somebody else decided meanwhile keeps nothing back, nor does what a rule forbids of one of them.
            for name in asked {
                guard let item = items[name] else {
                    parts.note(.gone, try ConsoleInbox.title(core, of: name))
                    continue
                }
                let choice = ConsoleChoice.inbox(.dismiss)
                let result = try choice.carryOut(on: item, core, key, seen: seen, reason: signed(reason))
                parts.note(result, try ConsoleInbox.title(core, of: name))
            }
            return parts.result
        }
    }

    // MARK: Carrying out

    /// Carries a decision out with the console's key and says what came of it.
    /// - Parameters:
    ///   - name: for the operation log.
    ///   - then: the page that is shown once all of it is done.
    ///   - rest: the page of what is left, where more arrived than was decided.
    func carryOut(
        _ name: String, then: PagePath, rest: PagePath = PagePath("/console"),
        _ work: (WardCore, SigningKey) throws(StoreError) -> ConsoleResult
    ) throws(StoreError) -> HTTPResponse {
        guard let key = try console.keys.ready(console.service) else { return problem(.noConsoleKey, status: 503) }
        let result = try console.service.withCore { core throws(StoreError) -> ConsoleResult in
            let result = try work(core, key)
            try core.flush()
            return result
        }
        note(name, result.word)
        func confirmed(_ page: PagePath, _ done: ConsoleDone) -> HTTPResponse {
            var page = page
            page.query.append(("done", done.rawValue))
            return Console.redirect(to: page)
        }
        switch result {
        case .done: return confirmed(then, .resolved)
        case .doneInPart: return confirmed(rest, .resolvedInPart)
        case .inPart(let parts): return inPart(parts)
        case .refused, .orderRefused: return problem(context.say(.ruleForbids, why(result)))
        case .outdated: return problem(.outdated)
        case .gone: return problem(.itemGoneText)
        case .tooLarge: return problem(.badForm, status: 400)
        }
    }
}
