// The branches of a copied store beside each other: which numbers stand for two change sets, and what each of them says.
import CommandLineKit
import SyncKit
import WardWords

/// The change sets of both branches that a page shows.
struct ForkedContent: Sendable {
    /// What stands in the chain from the first number that stands for two change sets on.
    var chain: [LogTables.Stored] = []
    /// Change sets of other branches, by their ids.
    var others: [Digest: ChangeSet] = [:]

    init() {}

    init(_ core: WardCore, _ device: DeviceID, _ fork: InboxFork) throws(StoreError) {
        guard let found = try core.forked(device).first else { return }
        let shown = Set(fork.others.prefix(ConsoleInbox.mostBranches).map(\.id))
        for item in found.branch where shown.contains(item.change.id) { others[item.change.id] = item.change }
        let from = found.chain.drop { $0.change.header.sequence < fork.sequence }
        chain = Array(from.prefix(ConsoleInbox.mostBranches))
    }
}

/// Writes them; what is private stays sealed.
struct ForkTable {
    let context: ConsoleContext
    let fork: InboxFork
    let content: ForkedContent
    /// What a change set does that a row shows, and how many characters of each.
    private static let mostActions = 12
    private static let longestAction = 300

    func write(_ html: inout HTML) {
        let layout = ConsoleLayout(context: context)
        html.tag("h2", text: context.say(.branches))
        let heads: [ConsoleWord] = [.branch, .number, .changeID, .deviceTime, .about, .whatDone]
        layout.table(
            context.say(.branches), heads.map { context.say($0) }, isTitled: true, rows: { rows(layout, &$0) }, &html)
        if fork.others.count > ConsoleInbox.mostBranches {
            let rest = fork.others.count - ConsoleInbox.mostBranches
            html.tag("p", .style("notice warn"), text: context.say(.moreBranches, String(rest)))
        }
    }

    private func rows(_ layout: ConsoleLayout, _ html: inout HTML) {
        // How far the chain goes, where less of it is shown, and what stands in it from the first number that was used
        // twice on.
        let isWhole = fork.mainEnd >= fork.sequence && content.chain.count > fork.mainEnd - fork.sequence
        if !isWhole {
            let id = content.chain.isEmpty ? fork.main : nil
            row(.mainBranch, "\(fork.sequence) – \(fork.mainEnd)", id, nil, nil, layout, &html)
        }
        for stored in content.chain {
            let change = stored.change
            row(
                .mainBranch, String(change.header.sequence), change.id, change.header.authorTime, change, layout, &html)
        }
        for branch in fork.others.prefix(ConsoleInbox.mostBranches) {
            row(
                .otherBranch, String(branch.sequence), branch.id, branch.deviceTime, content.others[branch.id], layout,
                &html)
        }
    }

    private func row(
        _ head: ConsoleWord, _ number: String, _ id: Digest?, _ time: HybridTime?, _ change: ChangeSet?,
        _ layout: ConsoleLayout, _ html: inout HTML
    ) {
        let kind = change.flatMap { UInt8(exactly: $0.header.kind) }.flatMap(DocumentKind.init(rawValue:))
        html.tag("tr") { html in
            html.tag("th", .a("scope", "row"), text: context.say(head))
            html.tag("td", .style("num"), text: number)
            html.tag("td") { $0.tag("span", .style("mono"), text: id.map { String($0.hex.prefix(16)) } ?? "") }
            html.tag("td", .style("nowrap"), text: time.map { context.moment($0.seconds) } ?? "")
            html.tag("td") { html in
                if let change, let kind { layout.link("", kind, change.document, &html) }
            }
            html.tag("td") { html in
                guard let change else { return }
                guard let kind else { return html.text(context.say(.newerKind)) }
                actions(change, kind, &html)
            }
        }
    }

    private func actions(_ change: ChangeSet, _ kind: DocumentKind, _ html: inout HTML) {
        let all = context.words.actions(change, kind)
        html.tag("ul", .style("plain")) { html in
            for action in all.prefix(Self.mostActions) {
                let kept = action.unicodeScalars.prefix(Self.longestAction)
                let isCut = kept.endIndex < action.unicodeScalars.endIndex
                html.tag("li") { $0.foreign(String(kept) + (isCut ? "…" : "")) }
            }
            if all.count > Self.mostActions {
                html.tag("li", .style("quiet-text"), text: context.say(.moreValues, String(all.count)))
            }
        }
    }
}
