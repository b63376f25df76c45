// One conflict: what stood before and every side beside each other, and the form that decides.
import CommandLineKit
import SyncKit
import WardWords

struct ConflictPage {
    let console: Console
    let context: ConsoleContext
    private var layout: ConsoleLayout { ConsoleLayout(context: context) }

    init(_ console: Console, _ context: ConsoleContext) {
        self.console = console
        self.context = context
    }

    static func path(_ id: Digest, _ slot: Slot) -> PagePath {
        PagePath("/console/conflict", ["id": id.hex, "slot": String(slot.rawValue)])
    }

    static func heading(_ conflict: Conflict, _ kind: DocumentKind, _ context: ConsoleContext) -> String {
        let field = context.field(kind, conflict.slot)
        return switch conflict.kind {
        case .values: context.say(.conflictValues, field)
        case .claims: context.say(.conflictClaims, field)
        case .crossing: context.say(.conflictCrossing, field)
        }
    }

    func page(_ query: FormFields) throws(StoreError) -> HTTPResponse? {
        guard let id = query["id"].flatMap({ Digest(hex: $0) }),
            let slot = query["slot"].flatMap({ UInt64($0) }).map({ Slot(rawValue: $0) })
        else { return nil }
        let found: ConflictSides? = try console.service.withCore { core throws(StoreError) in
            try ConflictSides(core, id, slot)
        }
        guard let sides = found else {
            return layout.page(context.say(.conflictGone), section: .inbox) { html in
                html.tag("p", .style("card")) { html in
                    html.text(context.say(.conflictGoneText) + " ")
                    html.tag("a", .href(PagePath("/console/document", ["id": id.hex])), text: context.say(.toDocument))
                }
            }
        }
        return page(sides)
    }

    /// - Parameter problem: why what was sent was not done.
    func page(_ sides: ConflictSides, problem: ConsoleWord? = nil, status: Int = 200) -> HTTPResponse {
        let conflict = sides.conflict
        return layout.page(Self.heading(conflict, sides.kind, context), section: .inbox, status: status) { html in
            html.tag("p", .style("lead")) { html in
                layout.link(sides.title, sides.kind, conflict.document, &html)
                layout.badge(context.kind(sides.kind), "badge plain", &html)
                if conflict.isDisputed { layout.badge(context.say(.disputed), "badge bad", &html) }
            }
            if let problem {
                html.tag("p", .style("notice bad"), .a("role", "alert"), text: context.say(problem))
            }
            html.tag("p", text: context.say(explanation(conflict)))
            compare(sides, &html)
            if sides.more > 0 { html.tag("p", text: context.say(.moreSides, String(sides.more))) }
            guard context.mayAct else {
                html.tag("p", .style("notice warn"), text: context.say(.auditorReads))
                return
            }
            ConflictForm(context: context, sides: sides).write(&html)
        }
    }

    private func explanation(_ conflict: Conflict) -> ConsoleWord {
        switch conflict.kind {
        case .values: conflict.isDisputed ? .explainDispute : .explainValues
        case .claims: .explainClaims
        case .crossing: .explainCrossing
        }
    }

    // MARK: Side by side

    static func letter(_ index: Int) -> String {
        String(UnicodeScalar(UInt8(truncatingIfNeeded: 0x41 + min(index, 25))))
    }

    /// What a side says, as text.
    static func value(_ entry: Entry, _ sides: ConflictSides, _ context: ConsoleContext) -> String {
        switch sides.conflict.kind {
        case .values:
            let spec = Schema.field(sides.kind, sides.conflict.slot.field)
            let text = spec.map { context.words.text(try? CBORValue(decoding: entry.value), $0, sides.kind) } ?? ""
            return text.isEmpty ? context.text(ValueWord.empty.message) : text
        case .claims: return context.say(.claimed)
        case .crossing: return context.words.state(sides.kind, entry.state)
        }
    }

    private func compare(_ sides: ConflictSides, _ html: inout HTML) {
        let caption = context.say(.sideBySide)
        html.tag("div", .style("scroll"), .a("tabindex", "0"), .a("role", "region"), .a("aria-label", caption)) {
            html in
            html.tag("table", .style("versus")) { html in
                html.tag("caption", text: caption)
                html.tag("thead") { html in
                    html.tag("tr") { html in
                        html.tag("td") { _ in }
                        html.tag("th", .a("scope", "col"), text: context.say(.base))
                        for index in sides.sides.indices {
                            html.tag("th", .a("scope", "col"), text: Self.letter(index))
                        }
                    }
                }
                html.tag("tbody") { rows(sides, &$0) }
            }
        }
    }

    private func rows(_ sides: ConflictSides, _ html: inout HTML) {
        let base = sides.base
        row(.value, sides, &html, base: { $0.tag("span", .style("value said")) { $0.foreign(baseText(sides)) } }) {
            side, html in
            html.tag("span", .style("value said")) { $0.foreign(Self.value(side.entry, sides, context)) }
            if side.stands {
                let word: ConsoleWord = sides.conflict.kind == .claims ? .holds : .shownNow
                layout.badge(context.say(word), "badge good", &html)
            }
        }
        row(
            .whoColumn, sides, &html,
            base: { html in
                if let person = base.person, let device = base.device { layout.link(person, device, &html) }
            },
            side: { side, html in
                layout.link(side.person, side.entry.dot.device, &html)
                layout.badge(context.role(side.person.role), "badge plain", &html)
            })
        row(
            .device, sides, &html,
            base: { html in if let device = base.device { mono(ConsoleContext.short(device), &html) } },
            side: { side, html in
                mono("\(ConsoleContext.short(side.entry.dot.device)) · \(side.entry.dot.sequence)", &html)
            })
        row(.deviceTime, sides, &html, base: { deviceTime(base.written, &$0) }) { deviceTime($0.written, &$1) }
        row(.wardTime, sides, &html, base: { wardTime(base.written, &$0) }) { wardTime($0.written, &$1) }
        row(.hadSeen, sides, &html, base: { seen(base.written, &$0) }) { side, html in
            seen(side.written, &html)
            guard side.written != nil, sides.sides.count > 1 else { return }
            html.void("br")
            let letters = side.hadSeen.map(Self.letter).joined(separator: ", ")
            html.tag(
                "span", .style("quiet-text"),
                text: letters.isEmpty ? context.say(.sawNoOther) : context.say(.sawOthers, letters))
        }
    }

    private func row(
        _ head: ConsoleWord, _ sides: ConflictSides, _ html: inout HTML, base: (inout HTML) -> Void,
        side: (ConflictSide, inout HTML) -> Void
    ) {
        html.tag("tr") { html in
            html.tag("th", .a("scope", "row"), text: context.say(head))
            html.tag("td", .style("base")) { base(&$0) }
            for one in sides.sides { html.tag("td") { side(one, &$0) } }
        }
    }

    private func baseText(_ sides: ConflictSides) -> String {
        switch sides.conflict.kind {
        case .claims: return context.say(.nobodyHeld)
        case .crossing: return sides.base.state.map { context.words.state(sides.kind, $0) } ?? ""
        case .values:
            guard let value = sides.base.value, let spec = Schema.field(sides.kind, sides.conflict.slot.field) else {
                return context.say(.nothingBefore)
            }
            let text = context.words.text(value, spec, sides.kind)
            return text.isEmpty ? context.text(ValueWord.empty.message) : text
        }
    }

    private func mono(_ text: String, _ html: inout HTML) { html.tag("span", .style("mono"), text: text) }

    private func deviceTime(_ written: BrowsedChange?, _ html: inout HTML) {
        guard let written else { return }
        let time = written.change.header.authorTime.seconds
        html.text(context.moment(time))
        // What was written long before it was received says nothing of a clock; what is ahead of its receipt does.
        if let ahead = context.skew(time - written.received), time > written.received {
            html.void("br")
            layout.badge(ahead, "badge warn", &html)
        }
    }

    private func wardTime(_ written: BrowsedChange?, _ html: inout HTML) {
        guard let written else { return }
        html.text(context.moment(written.received))
        html.void("br")
        html.tag(
            "span", .style("quiet-text"), text: context.say(.atEntry, ConsoleContext.place(written.position)))
    }

    private func seen(_ written: BrowsedChange?, _ html: inout HTML) {
        guard let written else { return }
        let place = written.change.header.seen.position
        html.text(
            place.index == 0
                ? context.say(.sawNothing)
                : context.say(.sawUpTo, ConsoleContext.place(place), context.moment(written.seenTime)))
    }
}
