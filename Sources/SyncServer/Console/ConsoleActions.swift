// What an admin does at the console. Each action is a change set that the console's key signs, or a decision that the
// ward log names the console for; each is told to the operation log.
import SyncKit
import WardWords

struct ConsoleActions {
    let console: Console
    let context: ConsoleContext

    init(_ console: Console, _ context: ConsoleContext) {
        self.console = console
        self.context = context
    }

    private func note(_ action: StaticString, _ outcome: String) {
        Log.event("console_action", [.method: .text("\(action)"), .reason: .text(outcome)])
    }

    func problem(_ word: ConsoleWord, status: Int = 409) -> HTTPResponse {
        ConsoleLayout(context: context).page(context.say(.notDone), status: status) { html in
            html.tag("p", .style("notice bad"), .a("role", "alert"), text: context.say(word))
            html.tag("p") { $0.tag("a", .href(PagePath("/console")), text: context.say(.toInbox)) }
        }
    }

    private func problem(_ code: RefusalCode) -> HTTPResponse {
        ConsoleLayout(context: context).page(context.say(.notDone), status: 409) { html in
            html.tag(
                "p", .style("notice bad"), .a("role", "alert"),
                text: context.say(.ruleForbids, context.text(RefusalWords(code).why)))
            html.tag("p") { $0.tag("a", .href(PagePath("/console")), text: context.say(.toInbox)) }
        }
    }

    /// The reason with the name of whoever gave it: the console's key is one for all of them.
    private func signedReason(_ reason: String) -> String {
        let name = context.session?.name ?? ""
        return name.isEmpty ? reason : reason + " — " + name
    }

    // MARK: Conflicts

    func resolve(_ form: FormFields) throws(StoreError) -> HTTPResponse {
        guard let id = form["id"].flatMap({ Digest(hex: $0) }),
            let slot = form["slot"].flatMap({ UInt64($0) }).map({ Slot(rawValue: $0) }),
            let seen = form["seen"].flatMap({ UInt64($0) }).map({ Position(rawValue: $0) })
        else { return problem(.badForm, status: 400) }
        let found: ConflictSides? = try console.service.withCore { core throws(StoreError) in
            try ConflictSides(core, id, slot)
        }
        guard let sides = found else {
            note("resolve", "gone")
            return problem(.conflictGoneText)
        }
        guard let reason = form.text("reason", max: ConflictForm.maxReason) else {
            return ConflictPage(console, context).page(sides, problem: .needsReason, status: 400)
        }
        let settled = form.all("settled").prefix(ChangeSetLimits.maxSettled).compactMap { Dot(text: $0) }
        guard let draft = draft(sides, form, settled: settled, reason: signedReason(reason)) else {
            return ConflictPage(console, context).page(sides, problem: .needsChoice, status: 400)
        }
        guard let key = try console.keys.ready(console.service) else { return problem(.noConsoleKey, status: 503) }
        let outcome = try console.service.withCore { core throws(StoreError) in
            let outcome = try core.act(draft, by: key, seen: seen)
            try core.flush()
            return outcome
        }
        switch outcome {
        case .done:
            note("resolve", "done")
            return Console.redirect(
                to: PagePath("/console/document", ["id": id.hex, "done": ConsoleDone.resolved.rawValue]))
        case .refused(let code):
            note("resolve", "\(code)")
            return problem(code)
        case .outdated:
            note("resolve", "outdated")
            return problem(.outdated)
        case .tooLarge: return problem(.badForm, status: 400)
        }
    }

    /// The change set that settles what the person saw; nil where nothing was chosen.
    private func draft(_ sides: ConflictSides, _ form: FormFields, settled: [Dot], reason: String) -> ChangeSetDraft? {
        let conflict = sides.conflict
        let known = Set(conflict.entries.map(\.dot))
        let dots = Set(settled).intersection(known)
        guard !dots.isEmpty else { return nil }
        let chosen = form["choose"].flatMap { Dot(text: $0) }.flatMap { dot in
            conflict.entries.first { $0.dot == dot && dots.contains(dot) }
        }
        var draft = ChangeSetDraft(kind: sides.kind, document: conflict.document)
        var value = CBORValue.null
        switch conflict.kind {
        case .values:
            if form["choose"] == "other" {
                guard let spec = Schema.field(sides.kind, conflict.slot.field),
                    let typed = OtherValue(context: context, kind: sides.kind).read(form, spec)
                else { return nil }
                value = typed
            } else {
                guard let chosen, let known = try? CBORValue(decoding: chosen.value) else { return nil }
                value = known
            }
        case .claims: if chosen == nil { return nil }
        case .crossing: break
        }
        draft.perform(.resolve(conflict.slot, settled: dots.sorted()), .array([value, .text(reason)]))
        if conflict.kind == .claims, let chosen, let holder = sides.sides.first(where: \.stands)?.entry,
            holder.dot != chosen.dot
        {
            draft.perform(.release(conflict.slot, claim: holder.dot, successor: chosen.dot))
        }
        return draft
    }

    // MARK: Quarantine

    func release(_ form: FormFields) throws(StoreError) -> HTTPResponse {
        guard let dot = form["change"].flatMap({ Dot(text: $0) }) else { return problem(.badForm, status: 400) }
        guard let key = try console.keys.ready(console.service) else { return problem(.noConsoleKey, status: 503) }
        let code = try console.service.withCore { core throws(StoreError) in
            guard let known = try core.verdict(of: dot), known.verdict == .held else {
                return RefusalCode?.some(.declined)
            }
            let code = try core.release(dot, by: DeviceID(key.publicKey))
            if code == nil { try core.answerAndReact() }
            try core.flush()
            return code
        }
        note("release", code.map { "\($0)" } ?? "done")
        switch code {
        case nil:
            return Console.redirect(to: PagePath("/console/quarantine", ["done": ConsoleDone.released.rawValue]))
        case .declined: return problem(.notHeldAnyMore)
        case .some(let code): return problem(code)
        }
    }

    func decline(_ form: FormFields) throws(StoreError) -> HTTPResponse {
        guard let dot = form["change"].flatMap({ Dot(text: $0) }) else { return problem(.badForm, status: 400) }
        let isDone = try console.service.withCore { core throws(StoreError) in
            guard let known = try core.verdict(of: dot), known.verdict == .held else { return false }
            return try core.decline(dot)
        }
        note("decline", isDone ? "done" : "gone")
        guard isDone else { return problem(.notHeldAnyMore) }
        return Console.redirect(to: PagePath("/console/quarantine", ["done": ConsoleDone.declined.rawValue]))
    }
}
