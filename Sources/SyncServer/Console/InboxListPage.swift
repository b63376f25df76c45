// The first page: everything that waits for a decision, the most severe first.
import CommandLineKit
import SyncKit
import WardWords

struct InboxListPage {
    let console: Console
    let context: ConsoleContext
    private var layout: ConsoleLayout { ConsoleLayout(context: context) }
    /// Kinds of which several can be dismissed at once.
    static let dismissable: Set<InboxKind> = [.parallel, .duplicates, .merged]

    init(_ console: Console, _ context: ConsoleContext) {
        self.console = console
        self.context = context
    }

    func page(_ query: FormFields) throws(StoreError) -> HTTPResponse {
        let number = min(query.number("page") ?? 0, 100_000)
        let kind = query["kind"].flatMap(InboxKind.init(name:))
        let severity = query["view"].flatMap(InboxSeverity.init(name:))
        let found = try console.service.withCore { core throws(StoreError) in
            var filter = InboxFilter()
            filter.severity = severity
            // Of one kind alone the page does not count the others.
            let counts = kind == nil ? nil : try core.inbox(filter, from: 0, limit: 0).counts
            if let kind { filter.kinds = [kind] }
            let page = try ConsoleInbox.page(core, filter, page: number)
            return (counts ?? page.found.counts, page.found, page.people, core.seenNow)
        }
        let (counts, page, people, seen) = found
        return layout.page(context.say(.inbox), section: .inbox) { html in
            html.tag("p", .style("lead"), text: context.say(.inboxLead))
            tabs(kind, severity, counts, &html)
            guard page.total > 0 else {
                html.tag("p", .style("card"), text: context.say(.nothingWaits))
                return
            }
            if let kind {
                html.tag("p") { html in
                    html.text(context.text(kind.explanation) + " ")
                    html.tag("strong", text: context.text(kind.advice))
                }
            }
            let isBulk = kind.map { Self.dismissable.contains($0) } ?? false && context.mayAct
            if isBulk {
                // Paper shows the list that is in this form, without the boxes to tick and the fields.
                html.tag(
                    "form", .style("printed"), .a("method", "post"), .action(PagePath("/console/dismiss"))
                ) { html in
                    layout.formToken(&html)
                    layout.hidden("seen", String(seen.rawValue), &html)
                    table(page, people, isBulk: true, &html)
                    dismissFields(&html)
                }
            } else {
                table(page, people, isBulk: false, &html)
            }
            pager(page.total, number, kind, severity, &html)
            if page.leftOut > 0 {
                html.tag("p", text: context.say(.leftOut, String(page.leftOut)))
            }
        }
    }

    private func tabs(
        _ present: InboxKind?, _ severity: InboxSeverity?, _ counts: [InboxKind: Int], _ html: inout HTML
    ) {
        html.tag("nav", .a("aria-label", context.say(.kindsOfItems))) { html in
            html.tag("ul", .style("tabs")) { html in
                for kind in [nil] + InboxKind.allCases.map(Optional.some) {
                    let count = kind.map { counts[$0] ?? 0 } ?? counts.values.reduce(0, +)
                    guard count > 0 || kind == nil || kind == present else { continue }
                    let label = kind.map { context.text($0.word) } ?? context.say(.everything)
                    let page = PagePath("/console", ["kind": kind?.name, "view": severity?.name])
                    html.tag("li") { html in
                        if kind == present {
                            html.tag("a", .href(page), .a("aria-current", "page"), text: label + " (\(count))")
                        } else {
                            html.tag("a", .href(page), text: label + " (\(count))")
                        }
                    }
                }
            }
        }
    }

    private func table(
        _ page: SyncKit.InboxPage, _ people: [DeviceID: BrowsedPerson], isBulk: Bool, _ html: inout HTML
    ) {
        var heads: [ConsoleWord] = [.severity, .kindOfItem, .about, .whoColumn, .area, .owner, .openSince]
        if isBulk { heads.insert(.choose, at: 0) }
        layout.table(
            context.say(.itemsCount, String(page.total)), heads.map { context.say($0) },
            rows: { html in
                for (place, item) in page.items.enumerated() { row(item, place, people, isBulk, &html) }
            }, &html)
    }

    private func row(
        _ item: InboxItem, _ place: Int, _ people: [DeviceID: BrowsedPerson], _ isBulk: Bool, _ html: inout HTML
    ) {
        html.tag("tr") { html in
            if isBulk {
                html.tag("td") { html in
                    html.void(
                        "input", .a("type", "checkbox"), .a("name", "key"), .a("value", item.key),
                        .a("aria-label", context.say(.choose) + " " + subject(item, people)))
                }
            }
            html.tag("td") { ItemWords.badge(item.severity, context, &$0) }
            html.tag("td") { html in
                html.tag("a", .href(ItemPage.path(item.key)), text: ItemWords.heading(item, context))
            }
            html.tag("td") { $0.foreign(subject(item, people)) }
            html.tag("td") { html in
                var named: [DeviceID] = []
                for side in item.sides where !named.contains(side.dot.device) { named.append(side.dot.device) }
                if named.isEmpty, let device = item.device { named = [device] }
                for (index, device) in named.prefix(3).enumerated() {
                    if index > 0 { html.text(", ") }
                    if let person = people[device] { layout.link(person, device, &html) }
                }
                if named.count > 3 { html.text(" …") }
            }
            html.tag("td") { $0.foreign(context.area(item.area)) }
            html.tag("td") { $0.foreign(ItemWords.owner(item.owner, people, context)) }
            html.tag("td", .style("nowrap")) { html in
                html.text(context.moment(item.since))
                html.void("br")
                html.tag("span", .style("quiet-text"), text: context.ago(item.since))
            }
        }
    }

    private func subject(_ item: InboxItem, _ people: [DeviceID: BrowsedPerson]) -> String {
        if let id = item.document, let kind = item.documentKind {
            return context.title(item.title, kind, id)
        }
        if let device = item.device { return context.person(device, among: people) }
        return item.fault ?? ""
    }

    private func dismissFields(_ html: inout HTML) {
        html.tag("div", .style("card screen")) { html in
            html.tag("label", .a("for", "reason"), text: context.say(.reason))
            html.void(
                "input", .a("type", "text"), .id("reason"), .a("name", "reason"), .flag("required"),
                .a("maxlength", 1000))
            html.tag("p", .style("hint"), text: context.say(.dismissHint))
            html.tag("button", .a("type", "submit"), text: context.say(.dismissChosen))
        }
    }

    private func pager(
        _ total: Int, _ number: Int, _ kind: InboxKind?, _ severity: InboxSeverity?, _ html: inout HTML
    ) {
        let pages = (total + ConsoleInbox.pageLength - 1) / ConsoleInbox.pageLength
        guard pages > 1 else { return }
        func target(_ page: Int) -> PagePath {
            PagePath("/console", ["kind": kind?.name, "view": severity?.name, "page": String(page)])
        }
        layout.pager(
            previous: number > 0 ? target(number - 1) : nil, next: number + 1 < pages ? target(number + 1) : nil,
            position: context.say(.pageOf, String(number + 1), String(pages)), &html)
    }
}
