// One item of the inbox: why it is there, its sides beside each other, what was decided before, and what can be done.
import CommandLineKit
import SyncKit
import WardWords

struct ItemPage {
    let console: Console
    let context: ConsoleContext
    private var layout: ConsoleLayout { ConsoleLayout(context: context) }

    init(_ console: Console, _ context: ConsoleContext) {
        self.console = console
        self.context = context
    }

    static func path(_ key: String) -> PagePath { PagePath("/console/item", ["key": key]) }

    func page(_ query: FormFields) throws(StoreError) -> HTTPResponse? {
        guard let key = query["key"], key.utf8.count <= ConsoleInbox.longestKey else { return nil }
        let found: ConsoleItem? = try console.service.withCore { core throws(StoreError) in
            try ConsoleInbox.item(core, key)
        }
        guard let found else {
            return layout.page(context.say(.itemGone), section: .inbox) { html in
                html.tag("p", .style("card")) { html in
                    html.text(context.say(.itemGoneText) + " ")
                    html.tag("a", .href(PagePath("/console")), text: context.say(.toInbox))
                }
            }
        }
        return page(found)
    }

    /// - Parameter problem: why what was sent was not done.
    func page(_ found: ConsoleItem, problem: ConsoleWord? = nil, status: Int = 200) -> HTTPResponse {
        let item = found.item
        return layout.page(ItemWords.heading(item, context), section: .inbox, status: status) { html in
            html.tag("p", .style("lead")) { html in
                if let id = item.document, let kind = item.documentKind {
                    layout.link(item.title, kind, id, &html)
                    layout.badge(context.kind(kind), "badge plain", &html)
                    html.text(" ")
                } else if let device = item.device, let person = found.people[device] {
                    layout.link(person, device, &html)
                    html.text(" ")
                }
                ItemWords.badge(item.severity, context, &html)
            }
            if let problem {
                html.tag("p", .style("notice bad"), .a("role", "alert"), text: context.say(problem))
            }
            why(item, found.people, &html)
            if !item.sides.isEmpty { SideTable(context: context, found: found).write(&html) }
            ItemDetails(context: context, found: found).write(&html)
            guard context.mayAct else {
                html.tag("p", .style("notice warn"), text: context.say(.auditorReads))
                return
            }
            if !found.prepared.isEmpty, let device = item.device {
                html.tag("p") { html in
                    html.text(context.say(.preparedActions) + " ")
                    let words = found.prepared.map { context.say(DeviceOrders.word($0)) }
                    html.text(context.say(.offeredThere, words.joined(separator: ", ")) + " ")
                    html.tag(
                        "a", .href(DeviceOrders.page(device, adding: found.lackingArea)),
                        text: context.say(.toDevice))
                }
            }
            if !found.actions.isEmpty { ItemForm(context: context, found: found).write(&html) }
        }
    }

    private func why(_ item: InboxItem, _ people: [DeviceID: BrowsedPerson], _ html: inout HTML) {
        html.tag("p") { html in
            html.text(context.text(item.kind.explanation) + " ")
            html.tag("strong", text: context.text(item.kind.advice))
        }
        html.tag("dl", .style("facts card")) { html in
            layout.fact(context.say(.openSince), &html) {
                $0.text(context.moment(item.since) + " (" + context.ago(item.since) + ")")
            }
            layout.fact(context.say(.owner), &html) { $0.foreign(ItemWords.owner(item.owner, people, context)) }
            layout.fact(context.say(.area), &html) { $0.foreign(context.area(item.area)) }
            if let raise = item.raise {
                layout.fact(context.say(.whySevere), &html) { $0.text(context.text(raise.word)) }
            }
            if let asked = item.asked { layout.fact(context.say(.askedAt), &html) { $0.text(context.moment(asked)) } }
        }
    }
}

/// The sides of a conflict beside each other, with what stood before them.
struct SideTable {
    let context: ConsoleContext
    let found: ConsoleItem
    private var layout: ConsoleLayout { ConsoleLayout(context: context) }
    private var item: InboxItem { found.item }
    private var sides: ArraySlice<InboxSide> { item.sides.prefix(ConsoleInbox.mostSides) }

    func write(_ html: inout HTML) {
        let caption = context.say(.sideBySide)
        html.tag("div", .style("scroll"), .a("tabindex", "0"), .a("role", "region"), .a("aria-label", caption)) {
            html in
            html.tag("table", .style("versus")) { html in
                html.tag("caption", text: caption)
                html.tag("thead") { html in
                    html.tag("tr") { html in
                        html.tag("td") { _ in }
                        if item.kind != .parallel { html.tag("th", .a("scope", "col"), text: context.say(.base)) }
                        for index in sides.indices {
                            html.tag("th", .a("scope", "col"), text: ItemWords.letter(index))
                        }
                    }
                }
                html.tag("tbody") { rows(&$0) }
            }
        }
        if item.sides.count > sides.count {
            html.tag("p", text: context.say(.moreSides, String(item.sides.count - sides.count)))
        }
    }

    private func row(
        _ head: ConsoleWord, base: String = "", _ html: inout HTML, _ cell: (InboxSide, inout HTML) -> Void
    ) {
        html.tag("tr") { html in
            html.tag("th", .a("scope", "row"), text: context.say(head))
            if item.kind != .parallel {
                html.tag("td", .style("base")) { html in
                    if !base.isEmpty { html.tag("span", .style("value said")) { $0.foreign(base) } }
                }
            }
            for side in sides { html.tag("td") { cell(side, &$0) } }
        }
    }

    private func rows(_ html: inout HTML) {
        row(item.kind == .parallel ? .fields : .value, base: ItemWords.base(item, context), &html) { side, html in
            html.tag("span", .style("value said")) { $0.foreign(ItemWords.deed(side, item, context)) }
            if side.stands, item.kind != .parallel {
                let word: ConsoleWord =
                    switch item.kind {
                    case .claims: .holds
                    case .crossing: .counts
                    default: .shownNow
                    }
                layout.badge(context.say(word), "badge good", &html)
            }
            if side.work > 0 {
                html.void("br")
                html.tag("span", .style("quiet-text"), text: context.say(.workDone, String(side.work)))
            }
        }
        row(.whoColumn, &html) { side, html in
            guard let person = found.people[side.dot.device] else { return }
            layout.link(person, side.dot.device, &html)
            layout.badge(context.role(person.role), "badge plain", &html)
        }
        row(.device, &html) { side, html in
            html.tag(
                "span", .style("mono"), text: "\(ConsoleContext.short(side.dot.device)) · \(side.dot.sequence)")
        }
        row(.deviceTime, &html) { side, html in
            guard let time = side.deviceTime?.seconds else { return html.text(context.say(.unknownTime)) }
            html.text(context.moment(time))
            // What was written long before it was received says nothing of a clock; what is ahead of its receipt does.
            if let received = side.serverTime, time > received, let ahead = context.skew(time - received) {
                html.void("br")
                layout.badge(ahead, "badge warn", &html)
            }
        }
        row(.wardTime, &html) { side, html in
            html.text(context.moment(side.serverTime ?? side.effective.seconds))
            html.void("br")
            html.tag(
                "span", .style("quiet-text"), text: context.say(.atEntry, ConsoleContext.place(side.position)))
        }
        row(.hadSeen, &html) { side, html in
            guard let seen = side.seen else { return html.text(context.say(.unknownTime)) }
            html.text(
                seen.index == 0
                    ? context.say(.sawNothing)
                    : context.say(
                        .sawUpTo, ConsoleContext.place(seen), context.moment(found.seenTimes[seen] ?? 0)))
            html.void("br")
            let letters = found.hadSeen(side).map(ItemWords.letter).joined(separator: ", ")
            html.tag(
                "span", .style("quiet-text"),
                text: letters.isEmpty ? context.say(.sawNoOther) : context.say(.sawOthers, letters))
        }
    }
}
