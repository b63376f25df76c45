// Every document, kind by kind, page by page, and found by the beginning of its id.
import CommandLineKit
import SyncKit

struct DocumentsPage {
    let console: Console
    let context: ConsoleContext
    private var layout: ConsoleLayout { ConsoleLayout(context: context) }
    private static let pageLength = 50

    init(_ console: Console, _ context: ConsoleContext) {
        self.console = console
        self.context = context
    }

    func page(_ query: FormFields) throws(StoreError) -> HTTPResponse {
        let typed = query.text("q", max: 64)
        let kind = query["kind"].flatMap { name in DocumentKind.allCases.first { $0.name == name } } ?? .report
        let after = query["after"].flatMap(Self.cursor)
        let found = try console.service.withCore { core throws(StoreError) in
            let rows: [BrowsedRow]
            if let typed {
                rows = try core.documents(beginning: typed, limit: Self.pageLength)
            } else {
                rows = try core.browse(kind, after: after, limit: Self.pageLength + 1)
            }
            return (rows, core.documentCounts, try core.incomplete(among: rows))
        }
        let (rows, counts, incomplete) = found
        return layout.page(context.say(.documents), section: .documents) { html in
            search(typed, &html)
            if typed == nil { kinds(kind, counts, &html) }
            let shown = rows.prefix(Self.pageLength)
            guard !shown.isEmpty else {
                html.tag("p", .style("card"), text: context.say(.nothingFound))
                return
            }
            let caption = typed == nil ? context.kind(kind) : context.say(.foundById)
            layout.table(
                caption, [.about, .state, .area, .changedAt, .shortID].map { context.say($0) },
                rows: { html in for item in shown { row(item, isIncomplete: incomplete.contains(item.number), &html) }
                }, &html)
            guard typed == nil else { return }
            let next = rows.count > Self.pageLength ? shown.last.map { "\($0.sort):\($0.number)" } : nil
            layout.pager(
                previous: after == nil ? nil : PagePath("/console/documents", ["kind": kind.name]),
                next: next.map { PagePath("/console/documents", ["kind": kind.name, "after": $0]) },
                position: context.say(.countOf, String(shown.count), String(counts[kind] ?? 0)), &html)
        }
    }

    private static func cursor(_ text: String) -> (sort: Int64, number: Int64)? {
        let parts = text.split(separator: ":", maxSplits: 1)
        guard parts.count == 2, let sort = Int64(parts[0]), let number = Int64(parts[1]) else { return nil }
        return (sort, number)
    }

    private func search(_ typed: String?, _ html: inout HTML) {
        html.tag(
            "form", .style("row"), .a("method", "get"), .action(PagePath("/console/documents")), .a("role", "search")
        ) { html in
            html.tag("div") { html in
                html.tag("label", .a("for", "q"), text: context.say(.findById))
                html.void(
                    "input", .a("type", "text"), .id("q"), .a("name", "q"), .a("value", typed ?? ""),
                    .a("maxlength", 60), .a("autocomplete", "off"))
            }
            html.tag("button", .style("second"), .a("type", "submit"), text: context.say(.find))
        }
    }

    private func kinds(_ present: DocumentKind, _ counts: [DocumentKind: Int], _ html: inout HTML) {
        html.tag("nav", .a("aria-label", context.say(.kinds))) { html in
            html.tag("ul", .style("tabs")) { html in
                for kind in DocumentKind.allCases where kind == present || (counts[kind] ?? 0) > 0 {
                    html.tag("li") { html in
                        let label = context.kind(kind) + " (\(counts[kind] ?? 0))"
                        let page = PagePath("/console/documents", ["kind": kind.name])
                        if kind == present {
                            html.tag("a", .href(page), .a("aria-current", "page"), text: label)
                        } else {
                            html.tag("a", .href(page), text: label)
                        }
                    }
                }
            }
        }
    }

    private func row(_ row: BrowsedRow, isIncomplete: Bool, _ html: inout HTML) {
        html.tag("tr") { html in
            html.tag("td") { html in
                layout.link(row.title, row.kind, row.id, &html)
                if row.flags.contains(.disputed) {
                    layout.badge(context.say(.disputed), "badge bad", &html)
                } else if row.flags.contains(.conflict) {
                    layout.badge(context.say(.conflict), "badge warn", &html)
                }
                if isIncomplete { layout.badge(context.say(.fileIncomplete), "badge warn", &html) }
            }
            html.tag("td", text: row.status == 0 ? "" : context.words.state(row.kind, row.status))
            html.tag("td") { $0.foreign(context.area(row.area)) }
            html.tag("td", .style("nowrap"), text: context.moment(row.updated))
            html.tag("td") { $0.tag("span", .style("mono"), text: ShortID.text(row.id)) }
        }
    }
}
