// The first page: what waits for a decision.
import CommandLineKit
import SyncKit

struct InboxPage {
    let console: Console
    let context: ConsoleContext
    private var layout: ConsoleLayout { ConsoleLayout(context: context) }

    init(_ console: Console, _ context: ConsoleContext) {
        self.console = console
        self.context = context
    }

    func page(_ query: FormFields) throws(StoreError) -> HTTPResponse {
        let number = min(query.number("page") ?? 0, 100_000)
        let found = try console.service.withCore { core throws(StoreError) in
            let conflicts = try ConsoleInbox.conflicts(core, page: number)
            return (conflicts.items, conflicts.total, try core.browseHeld(offset: 0, limit: 0).total)
        }
        let (items, total, held) = found
        return layout.page(context.say(.inbox), section: .inbox) { html in
            html.tag("p", .style("lead"), text: context.say(.inboxLead))
            if held > 0 {
                html.tag("p", .style("notice warn")) { html in
                    html.tag(
                        "a", .href(PagePath("/console/quarantine")), text: context.say(.heldWaiting, String(held)))
                }
            }
            guard total > 0 else {
                html.tag("p", .style("card"), text: context.say(.noConflicts))
                return
            }
            layout.table(
                context.say(.conflictsCount, String(total)),
                [.about, .conflict, .whoColumn, .area, .openSince].map { context.say($0) },
                rows: { html in for item in items { row(item, &html) } }, &html)
            let length = ConsoleInbox.pageLength
            guard total > length else { return }
            layout.pager(
                previous: number > 0 ? PagePath("/console", ["page": String(number - 1)]) : nil,
                next: (number + 1) * length < total ? PagePath("/console", ["page": String(number + 1)]) : nil,
                position: context.say(.pageOf, String(number + 1), String((total + length - 1) / length)), &html)
        }
    }

    private func row(_ item: ConsoleItem, _ html: inout HTML) {
        html.tag("tr") { html in
            html.tag("td") { html in
                layout.link(item.row.title, item.row.kind, item.row.id, &html)
                layout.badge(context.kind(item.row.kind), "badge plain", &html)
            }
            html.tag("td") { html in
                html.tag("a", .href(ConflictPage.path(item.row.id, item.conflict.slot))) { html in
                    html.text(ConflictPage.heading(item.conflict, item.row.kind, context))
                }
                if item.isSevere {
                    layout.badge(
                        context.say(item.conflict.isDisputed ? .disputed : .important),
                        item.conflict.isDisputed ? "badge bad" : "badge warn", &html)
                }
            }
            html.tag("td") { html in
                for (index, side) in item.people.enumerated() {
                    if index > 0 { html.text(", ") }
                    layout.link(side.person, side.device, &html)
                }
                if item.conflict.entries.count > item.people.count { html.text(" …") }
            }
            html.tag("td") { $0.foreign(context.area(item.row.area)) }
            html.tag("td", .style("nowrap")) { html in
                html.text(context.moment(item.since))
                html.void("br")
                html.tag("span", .style("quiet-text"), text: context.ago(item.since))
            }
        }
    }
}
