// What arrived, is kept, and does not count: held until somebody decides, or refused for good.
import CommandLineKit
import SyncKit

struct QuarantinePage {
    let console: Console
    let context: ConsoleContext
    private var layout: ConsoleLayout { ConsoleLayout(context: context) }
    private static let pageLength = 30

    init(_ console: Console, _ context: ConsoleContext) {
        self.console = console
        self.context = context
    }

    func page(_ query: FormFields) throws(StoreError) -> HTTPResponse {
        let isRefused = query["view"] == "refused"
        let number = min(query.number("page") ?? 0, 100_000)
        let found = try console.service.withCore { core throws(StoreError) in
            let offset = number * Self.pageLength
            let page =
                isRefused
                ? try core.browseRefused(offset: offset, limit: Self.pageLength)
                : try core.browseHeld(offset: offset, limit: Self.pageLength)
            var people: [DeviceID: BrowsedPerson] = [:]
            for item in page.changes {
                people[item.change.header.device] = core.browsedPerson(item.change.header.device)
            }
            return (page.changes, page.total, people)
        }
        let (changes, total, people) = found
        return layout.page(context.say(.quarantine), section: .quarantine) { html in
            html.tag("p", .style("lead"), text: context.say(isRefused ? .refusedLead : .heldLead))
            tabs(isRefused, &html)
            guard !changes.isEmpty else {
                html.tag("p", .style("card"), text: context.say(isRefused ? .nothingRefused : .nothingHeld))
                return
            }
            var table = ChangeTable(context: context)
            if !isRefused { table.action = { decide($0, &$1) } }
            table.write(
                context.say(isRefused ? .refusedCount : .heldCount, String(total)), changes, people: people, &html)
            let pages = (total + Self.pageLength - 1) / Self.pageLength
            guard pages > 1 else { return }
            func target(_ page: Int) -> PagePath {
                PagePath("/console/quarantine", ["view": isRefused ? "refused" : nil, "page": String(page)])
            }
            layout.pager(
                previous: number > 0 ? target(number - 1) : nil, next: number + 1 < pages ? target(number + 1) : nil,
                position: context.say(.pageOf, String(number + 1), String(pages)), &html)
        }
    }

    private func tabs(_ isRefused: Bool, _ html: inout HTML) {
        html.tag("nav", .a("aria-label", context.say(.verdict))) { html in
            html.tag("ul", .style("tabs")) { html in
                for item in [false, true] {
                    let page = PagePath("/console/quarantine", ["view": item ? "refused" : nil])
                    let label = context.say(item ? .refused : .held)
                    html.tag("li") { html in
                        if item == isRefused {
                            html.tag("a", .href(page), .a("aria-current", "page"), text: label)
                        } else {
                            html.tag("a", .href(page), text: label)
                        }
                    }
                }
            }
        }
    }

    private func decide(_ item: BrowsedChange, _ html: inout HTML) {
        guard let key = ConsoleInbox.key(item) else { return }
        html.tag(
            "a", .href(ItemPage.path(key)),
            .a(
                "aria-label",
                context.say(.decide) + " " + ConsoleContext.short(item.change.header.device)
                    + ":\(item.change.header.sequence)"), text: context.say(.decide))
    }
}
