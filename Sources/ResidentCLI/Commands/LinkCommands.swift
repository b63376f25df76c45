// Links: what their owner wants to go over mobile data or Wi-Fi, said once and kept on this device.

import CommandLineKit
import SyncKit

extension CommandRun {
    /// The word for no link.
    private static let noLink = "none"

    /// `ward link set NAME`
    func linkSet() throws(ErrorReport) -> ExitCode {
        let given = parsed.argument(0) ?? ""
        let name = given.lowercased()
        guard LinkSettings.isName(name), name != Self.noLink else {
            throw bad("NAME", given, LinkSay.badName.message)
        }
        let link = LinkSettings(
            name: name, files: try chosenFiles() ?? .usual, budget: try bytes(option: "budget"),
            daily: try bytes(option: "daily"))
        let replica = try replica()
        guard try attempt({ () throws(ReplicaError) in try replica.keep(link) }) else {
            throw ErrorReport(
                .refused, code: "link.too-many",
                happened: Phrase(LinkSay.tooMany.message, [String(LinkSettings.most)]), loss: .nothingChanged,
                next: Phrase(LinkSay.tooManyNext.message))
        }
        let isUsed = parsed.flag("use")
        if isUsed { try attempt { () throws(ReplicaError) in try replica.use(link) } }
        try tell(link, isUsed ? .savedUsed : .saved, replica)
        return .ok
    }

    /// `ward link list`
    func linkList() throws(ErrorReport) -> ExitCode {
        let reader = try reader()
        let links = try attempt { () throws(ReplicaError) in try reader.links() }
        let used = try attempt { () throws(ReplicaError) in try reader.usedLink() }?.name
        let now = time.nowSeconds()
        let rows = try attempt { () throws(ReplicaError) in
            var rows: [(link: LinkSettings, spent: Int)] = []
            for link in links { rows.append((link, try reader.spent(over: link, at: now))) }
            return rows
        }
        if terminal.isJSON {
            terminal.printJSON { json in
                json.object { json in
                    json.member("in_use", used)
                    json.array("items") { json in
                        for row in rows {
                            LinkText.write(row.link, spent: row.spent, isUsed: row.link.name == used, to: &json)
                        }
                    }
                }
            }
            return .ok
        }
        if rows.isEmpty {
            terminal.print(LinkSay.none.message)
            return .ok
        }
        var table = Table([
            Table.Column(LinkSay.name.message), Table.Column(LinkSay.goes.message, flexible: true),
            Table.Column(LinkSay.today.message, right: true), Table.Column(LinkSay.inUse.message),
        ])
        for row in rows {
            table.addRow([
                row.link.name, LinkText.bounds(row.link, terminal.language),
                ByteCount.text(row.spent, terminal.language),
                row.link.name == used ? terminal.word(LinkSay.inUse.message) : "",
            ])
        }
        terminal.print(table)
        return .ok
    }

    /// `ward link use [NAME]`
    func linkUse() throws(ErrorReport) -> ExitCode {
        let given = parsed.argument(0) ?? Self.noLink
        let replica = try replica()
        let link = given == Self.noLink ? nil : try link("NAME", given, replica)
        try attempt { () throws(ReplicaError) in try replica.use(link) }
        if let link { try tell(link, .usesNow, replica) } else { tell(.usesNone, "") }
        return .ok
    }

    /// `ward link remove NAME`
    func linkRemove() throws(ErrorReport) -> ExitCode {
        let replica = try replica()
        let link = try link("NAME", parsed.argument(0) ?? "", replica)
        try attempt { () throws(ReplicaError) in try replica.remove(link) }
        tell(.removed, link.name)
        return .ok
    }

    private func tell(_ link: LinkSettings, _ say: LinkSay, _ replica: Replica) throws(ErrorReport) {
        let now = time.nowSeconds()
        let spent = try attempt { () throws(ReplicaError) in try replica.spent(over: link, at: now) }
        let used = try attempt { () throws(ReplicaError) in try replica.usedLink() }
        if terminal.isJSON {
            terminal.printJSON { LinkText.write(link, spent: spent, isUsed: used?.name == link.name, to: &$0) }
        } else {
            terminal.print(say.message, link.name, LinkText.line(link, spent: spent, terminal.language))
        }
    }

    private func tell(_ say: LinkSay, _ name: String) {
        if terminal.isJSON {
            terminal.printJSON { json in
                json.object { json in
                    json.member("name", name.isEmpty ? nil : name)
                    json.member("in_use", false)
                }
            }
        } else {
            terminal.print(say.message, name)
        }
    }

    // MARK: What a sync goes by

    /// The link of this name.
    private func link(
        _ option: String, _ given: String, _ documents: some LocalDocuments
    ) throws(ErrorReport) -> LinkSettings {
        let links = try attempt { () throws(ReplicaError) in try documents.links() }
        if let found = links.first(where: { $0.name == given.lowercased() }) { return found }
        let names = links.map(\.name).joined(separator: ", ")
        let expected = links.isEmpty ? LinkSay.noneYet.message : Self.filled(LinkSay.unknown.message, names)
        throw bad(option, given, expected)
    }

    /// The link that a sync goes by: the one that was named, or the one in use.
    func chosenLink(_ documents: some LocalDocuments) throws(ErrorReport) -> LinkSettings? {
        guard let given = parsed.option("link") else {
            return try attempt { () throws(ReplicaError) in try documents.usedLink() }
        }
        return given == Self.noLink ? nil : try link("--link", given, documents)
    }

    /// What of files the options ask for; `nil` where they say nothing of it.
    func chosenFiles() throws(ErrorReport) -> LinkSettings.Files? {
        let choices: [(name: String, files: LinkSettings.Files)] = [
            ("text-only", .text), ("thumbnails", .thumbnails), ("all", .all),
        ]
        let chosen = choices.filter { parsed.flag($0.name) }
        guard chosen.count <= 1 else {
            throw bad("--" + chosen[0].name, "--" + chosen[1].name, LinkSay.oneChoice.message)
        }
        return chosen.first?.files
    }

    /// An option with a number of bytes.
    func bytes(option: String) throws(ErrorReport) -> Int? {
        guard let given = parsed.option(option) else { return nil }
        guard let bytes = Self.bytes(given) else { throw bad("--" + option, given, SyncSay.expectBytes.message) }
        return bytes
    }
}
