// A report that was linked to another one as its duplicate: what its page says of that, and the form that takes them apart.
import CommandLineKit
import SyncKit

/// What the page of a linked report needs to know.
struct LinkedReport: Sendable {
    let state: DocumentState
    let original: Digest
    let link: Dot
    /// The other report's title.
    let title: String
    /// Whether the rules let the console take them apart.
    let mayUnlink: Bool
    /// Up to where the page is made of the log.
    let seen: Position

    /// Nil for a document that is not linked to another one.
    init?(_ core: WardCore, _ state: DocumentState) throws(StoreError) {
        guard let found = state.original else { return nil }
        self.state = state
        original = found.id
        link = found.link
        title = try core.documentState(found.id)?.inboxTitle ?? ""
        mayUnlink = state.mayUnlink(ConsoleInbox.actor(core))
        seen = core.seenNow
    }

    func write(_ context: ConsoleContext, _ html: inout HTML) {
        let layout = ConsoleLayout(context: context)
        html.tag("p") { html in
            html.text(context.say(.linkedTo) + " ")
            layout.link(title, .report, original, &html)
        }
        guard mayUnlink, context.mayAct else { return }
        html.tag(
            "form", .style("card screen"), .a("method", "post"), .action(PagePath("/console/unlink")),
            .a("aria-labelledby", "unlink")
        ) { html in
            html.tag("h2", .id("unlink"), text: context.say(.unlink))
            layout.formToken(&html)
            layout.hidden("id", state.id.hex, &html)
            layout.hidden("link", link.text, &html)
            layout.hidden("seen", String(seen.rawValue), &html)
            html.tag("p") { html in
                html.text(context.say(.unlinkText))
                guard state.isDuplicate else { return }
                let received = context.words.state(.report, ReportStateNumber.received.rawValue)
                html.text(" " + context.say(.unlinkBack, received))
            }
            layout.reasonField(&html)
            html.tag("button", .a("type", "submit"), text: context.say(.unlinkButton))
        }
    }
}

extension ConsoleActions {
    /// Takes a report from the one that it was linked to, as its page showed it.
    func unlink(_ form: FormFields) throws(StoreError) -> HTTPResponse {
        guard let id = form["id"].flatMap({ Digest(hex: $0) }), let link = form["link"].flatMap({ Dot(text: $0) }),
            let seen = form["seen"].flatMap({ UInt64($0) }).map({ Position(rawValue: $0) })
        else { return problem(.badForm, status: 400) }
        guard let given = form.text("reason", max: ItemForm.maxReason) else {
            return problem(.needsReason, status: 400)
        }
        let reason = signed(given)
        return try carryOut("unlink", then: PagePath("/console/document", ["id": id.hex])) {
            (core, key) throws(StoreError) -> ConsoleResult in
            guard let state = try core.documentState(id), state.original?.link == link,
                let draft = state.unlinking(reason: reason)
            else { return .gone }
            guard state.mayUnlink(ConsoleInbox.actor(core)) else { return .refused(.notPermitted) }
            return ConsoleResult(try core.act(draft, by: key, seen: seen))
        }
    }
}
