// The completeness ledger as a page: 100.0 %, or what is missing.
import CommandLineKit
import SyncKit
import WardWords

struct CompletenessPage {
    let console: Console
    let context: ConsoleContext
    private var layout: ConsoleLayout { ConsoleLayout(context: context) }
    private static let mostRows = 200

    init(_ console: Console, _ context: ConsoleContext) {
        self.console = console
        self.context = context
    }

    func page() throws(StoreError) -> HTTPResponse {
        let ledger = try console.service.withCore { core throws(StoreError) in
            try core.completeness(limit: Self.mostRows)
        }
        let comma = context.language == .vi ? "," : "."
        return layout.page(context.say(.completeness), section: .completeness) { html in
            html.tag("p", .style(ledger.isComplete ? "notice good" : "notice warn")) { html in
                html.tag("strong", text: "\(ledger.permille / 10)\(comma)\(ledger.permille % 10) %")
                html.text(
                    " – "
                        + context.say(
                            .filesOf, String(ledger.completeFiles), String(ledger.files), String(ledger.documents)))
            }
            if ledger.heldBack > 0 {
                html.tag("p") { html in
                    html.tag("a", .href(PagePath("/console/quarantine")), text: context.say(.quarantine))
                    html.text(" – " + context.say(.filesHeldBack, String(ledger.heldBack)))
                }
            }
            guard !ledger.missing.isEmpty else { return }
            layout.table(
                context.say(.missingFiles),
                [.about, .fileLength, .alreadyHere, .device, .openSince, .lastSeen].map { context.say($0) },
                right: [1, 2],
                rows: { html in for item in ledger.missing { row(item, &html) } }, &html)
            if ledger.missingCount > ledger.missing.count {
                html.tag("p", text: context.say(.moreValues, String(ledger.missingCount)))
            }
        }
    }

    private func row(_ item: Completeness.Missing, _ html: inout HTML) {
        html.tag("tr") { html in
            html.tag("th", .a("scope", "row")) { html in
                let page =
                    item.isHeldBack
                    ? PagePath("/console/quarantine") : PagePath("/console/document", ["id": item.document.hex])
                html.tag("a", .href(page)) { $0.foreign(context.title(item.title, item.kind, item.document)) }
                if item.isHeldBack { html.text(" – " + context.say(.heldBack)) }
            }
            html.tag("td", .style("num"), text: ByteCount.text(item.length, context.language))
            html.tag("td", .style("num"), text: "\(item.heldLeaves * 100 / max(1, item.leaves)) %")
            html.tag("td") { html in
                html.tag("a", .href(PagePath("/console/device", ["id": item.device.digest.hex]))) {
                    $0.foreign(item.name.isEmpty ? ConsoleContext.short(item.device) : item.name)
                }
            }
            html.tag("td", .style("nowrap"), text: context.moment(item.since))
            html.tag("td", .style("nowrap"), text: item.seen.map(context.moment) ?? "–")
        }
    }
}
