// A table of change sets, whatever document they are of.
import CommandLineKit
import SyncKit
import WardWords

struct ChangeTable {
    let context: ConsoleContext
    /// What stands at the end of a row.
    var action: ((BrowsedChange, inout HTML) -> Void)?

    /// - Parameter people: their authors; empty where they are all of one device.
    func write(
        _ caption: String, _ changes: [BrowsedChange], people: [DeviceID: BrowsedPerson], isTitled: Bool = false,
        _ html: inout HTML
    ) {
        let layout = ConsoleLayout(context: context)
        var heads: [ConsoleWord] = [.entry, .wardTime, .deviceTime]
        if !people.isEmpty { heads.append(.whoColumn) }
        heads += [.about, .whatDone, .verdict]
        if action != nil { heads.append(.decide) }
        layout.table(
            caption, heads.map { context.say($0) }, isTitled: isTitled,
            rows: { html in
                for item in changes { row(item, people, layout, &html) }
            }, &html)
    }

    private func row(
        _ item: BrowsedChange, _ people: [DeviceID: BrowsedPerson], _ layout: ConsoleLayout, _ html: inout HTML
    ) {
        let header = item.change.header
        let kind = UInt8(exactly: header.kind).flatMap(DocumentKind.init(rawValue:))
        html.tag("tr") { html in
            html.tag("td", .style("num"), text: ConsoleContext.place(item.position))
            html.tag("td", .style("nowrap"), text: context.moment(item.received))
            html.tag("td", .style("nowrap"), text: context.moment(header.authorTime.seconds))
            if !people.isEmpty {
                html.tag("td") { html in
                    if let person = people[header.device] { layout.link(person, header.device, &html) }
                }
            }
            html.tag("td") { html in
                if let kind { layout.link("", kind, item.change.document, &html) }
            }
            html.tag("td") { html in
                guard let kind else { return html.text(context.say(.newerKind)) }
                html.tag("ul", .style("plain")) { html in
                    for action in context.words.actions(item.change, kind) {
                        html.tag("li") { $0.foreign(action) }
                    }
                }
            }
            html.tag("td") { verdict(item, layout, &$0) }
            if let action { html.tag("td") { action(item, &$0) } }
        }
    }

    private func verdict(_ item: BrowsedChange, _ layout: ConsoleLayout, _ html: inout HTML) {
        switch item.verdict {
        case .accepted: layout.badge(context.say(.accepted), "badge good", &html)
        case .held: layout.badge(context.say(.held), "badge warn", &html)
        case .refused: layout.badge(context.say(.refused), "badge bad", &html)
        case .pending: break
        }
        guard let code = item.code else { return }
        html.void("br")
        html.tag("span", .style("quiet-text"), text: context.text(RefusalWords(code).why))
    }
}
