// One document: what stands in it, who wrote that, and its whole history.
import CommandLineKit
import SyncKit
import WardWords

struct DocumentPage {
    let console: Console
    let context: ConsoleContext
    private var layout: ConsoleLayout { ConsoleLayout(context: context) }
    private static let pageLength = 50
    /// Fields, and values of one field, that a page shows.
    private static let mostSlots = 200
    private static let mostEntries = 20

    /// Who wrote what is shown.
    private typealias People = [DeviceID: BrowsedPerson]

    init(_ console: Console, _ context: ConsoleContext) {
        self.console = console
        self.context = context
    }

    func page(_ query: FormFields) throws(StoreError) -> HTTPResponse? {
        guard let id = query["id"].flatMap({ Digest(hex: $0) }) else { return nil }
        let number = min(query.number("page") ?? 0, 100_000)
        let found = try console.service.withCore {
            core throws(StoreError) -> (
                state: DocumentState, history: [BrowsedChange], total: Int, people: People,
                files: [(attachment: Attachment, isHeld: Bool)], linked: LinkedReport?
            )? in
            guard let state = try core.documentState(id) else { return nil }
            let history = try core.history(of: id, offset: number * Self.pageLength, limit: Self.pageLength)
            var people: People = [:]
            for slot in state.slots.prefix(Self.mostSlots) {
                for entry in slot.entries.suffix(Self.mostEntries) {
                    people[entry.dot.device] = core.browsedPerson(entry.dot.device)
                }
            }
            for item in history.changes {
                people[item.change.header.device] = core.browsedPerson(item.change.header.device)
            }
            people[state.creation.device] = core.browsedPerson(state.creation.device)
            return (
                state, history.changes, history.total, people, try core.files(of: state),
                try LinkedReport(core, state)
            )
        }
        guard let found else { return nil }
        let (state, history, total, people, files, linked) = found
        let listing = Listing(state)
        return layout.page(context.title(listing.title, state.kind, id), section: .documents) { html in
            html.tag("p", .style("lead")) { html in
                html.text(context.kind(state.kind))
                if state.present.state != 0 {
                    html.text(" · " + context.words.state(state.kind, state.present.state))
                }
                html.text(" · ")
                html.tag("span", .style("mono"), text: ShortID.text(id, length: 20))
            }
            for conflict in state.conflicts {
                html.tag("p", .style("notice warn")) { html in
                    let word = InboxKind(name: conflict.kind.rawValue).map { context.text($0.word) } ?? ""
                    html.tag(
                        "a", .href(ItemPage.path(ConsoleInbox.key(conflict))),
                        text: context.field(state.kind, conflict.slot) + ": " + word)
                }
            }
            facts(state, people, &html)
            linked?.write(context, &html)
            if !files.isEmpty {
                html.tag("h2", text: context.say(.files))
                layout.pictures(files, isPublic: false, &html)
            }
            fields(state, people, &html)
            historyTable(state.kind, history, total, people, &html)
            let pages = (total + Self.pageLength - 1) / Self.pageLength
            guard pages > 1 else { return }
            func target(_ page: Int) -> PagePath {
                PagePath("/console/document", ["id": id.hex, "page": String(page)])
            }
            layout.pager(
                previous: number > 0 ? target(number - 1) : nil, next: number + 1 < pages ? target(number + 1) : nil,
                position: context.say(.pageOf, String(number + 1), String(pages)), &html)
        }
    }

    private func facts(_ state: DocumentState, _ people: People, _ html: inout HTML) {
        html.tag("dl", .style("facts card")) { html in
            layout.fact(context.say(.madeBy), &html) { html in
                if let person = people[state.creation.device] { layout.link(person, state.creation.device, &html) }
            }
            layout.fact(context.say(.madeAt), &html) { $0.text(context.moment(state.creationTime.seconds)) }
            layout.fact(context.say(.changedAt), &html) { $0.text(context.moment(state.lastEffective.seconds)) }
            layout.fact(context.say(.lastEntry), &html) { $0.text(ConsoleContext.place(state.lastPosition)) }
        }
    }

    // MARK: What stands in it

    private func fields(_ state: DocumentState, _ people: People, _ html: inout HTML) {
        html.tag("h2", text: context.say(.present))
        let slots = state.slots.filter { !$0.entries.isEmpty && !Schema.isFileKeys($0.slot.field, of: state.kind) }
            .prefix(Self.mostSlots)
        layout.table(
            context.say(.fields), [.field, .value, .whoColumn, .time].map { context.say($0) }, isTitled: true,
            rows: { html in for slot in slots { row(slot, state, people, &html) } }, &html)
        if state.slots.count > Self.mostSlots { html.tag("p", text: context.say(.moreFields)) }
    }

    private func row(_ slot: SlotState, _ state: DocumentState, _ people: People, _ html: inout HTML) {
        guard let spec = Schema.field(state.kind, slot.slot.field) else { return }
        let entries = shown(slot, spec, state)
        html.tag("tr") { html in
            html.tag("th", .a("scope", "row"), text: context.field(state.kind, slot.slot))
            html.tag("td") { html in
                list(entries, &html) { entry, html in
                    html.tag("span", .style("said")) { $0.foreign(text(entry, spec, state.kind)) }
                }
                if slot.entries.count > entries.count, spec.merge == .log || spec.merge == .set {
                    html.tag("span", .style("quiet-text"), text: context.say(.moreValues, String(slot.entries.count)))
                }
            }
            html.tag("td") { html in
                list(entries, &html) { entry, html in
                    if let person = people[entry.dot.device] { layout.link(person, entry.dot.device, &html) }
                }
            }
            html.tag("td", .style("nowrap")) { html in
                list(entries, &html) { $1.text(context.moment($0.effective.seconds)) }
            }
        }
    }

    /// What a field shows: of a register what stands, of a claim who holds it, of a workflow the present step.
    private func shown(_ slot: SlotState, _ spec: FieldSpec, _ state: DocumentState) -> [Entry] {
        switch spec.merge {
        case .register, .set, .log: Array(slot.entries.suffix(Self.mostEntries))
        case .claim: state.holder(slot.slot.field).map { [$0] } ?? []
        case .workflow: slot.entries.filter { $0.dot == state.present.dot && $0.action == .transition }
        case .link: state.link(slot.slot.field).map { [$0] } ?? []
        }
    }

    private func text(_ entry: Entry, _ spec: FieldSpec, _ kind: DocumentKind) -> String {
        switch spec.merge {
        case .claim: return context.say(.claimed)
        case .workflow: return context.words.state(kind, entry.state)
        case .link: return Digest(entry.value).map { ShortID.text($0) } ?? ""
        case .register, .set, .log:
            let text = context.words.text(try? CBORValue(decoding: entry.value), spec, kind)
            return text.isEmpty ? context.text(ValueWord.empty.message) : text
        }
    }

    private func list(_ entries: [Entry], _ html: inout HTML, _ item: (Entry, inout HTML) -> Void) {
        guard entries.count != 1 else { return item(entries[0], &html) }
        html.tag("ul", .style("plain")) { html in
            for entry in entries { html.tag("li") { item(entry, &$0) } }
        }
    }

    // MARK: History

    private func historyTable(
        _ kind: DocumentKind, _ history: [BrowsedChange], _ total: Int, _ people: People, _ html: inout HTML
    ) {
        html.tag("h2", text: context.say(.history))
        layout.table(
            context.say(.historyCount, String(total)),
            [.entry, .wardTime, .deviceTime, .whoColumn, .whatDone, .hadSeen].map { context.say($0) },
            rows: { html in
                for item in history { row(item, kind, people, &html) }
            }, &html)
    }

    private func row(_ item: BrowsedChange, _ kind: DocumentKind, _ people: People, _ html: inout HTML) {
        let header = item.change.header
        html.tag("tr") { html in
            html.tag("td", .style("num"), text: ConsoleContext.place(item.position))
            html.tag("td", .style("nowrap"), text: context.moment(item.received))
            html.tag("td", .style("nowrap")) { html in
                html.text(context.moment(header.authorTime.seconds))
                let ahead = header.authorTime.seconds - item.received
                if ahead > 0, let skew = context.skew(ahead) {
                    html.void("br")
                    layout.badge(skew, "badge warn", &html)
                }
            }
            html.tag("td") { html in
                if let person = people[header.device] { layout.link(person, header.device, &html) }
            }
            html.tag("td") { html in
                html.tag("ul", .style("plain")) { html in
                    for action in context.words.actions(item.change, kind) {
                        html.tag("li") { $0.foreign(action) }
                    }
                }
            }
            html.tag("td", text: ConsoleContext.place(header.seen.position))
        }
    }
}
