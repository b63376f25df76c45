// The inbox as a table for people and an array for programs.

import CommandLineKit
import SyncKit

/// Prints what waits.
struct WaitingPage {
    let reader: ReplicaReader
    let people: People
    let run: CommandRun

    private var terminal: Terminal { run.terminal }

    /// An item with what its line shows.
    private struct Line {
        let item: WaitingItem
        let id: Digest
        let kind: DocumentKind?
        let title: String
        let listing: Listing?
        let agency: String
        let handler: DeviceID?
    }

    func print(_ items: [WaitingItem], total: Int) throws(ErrorReport) {
        var lines: [Line] = []
        for item in items {
            let found = try run.attempt { () throws(ReplicaError) in try line(item) }
            if let found { lines.append(found) }
        }
        if terminal.isJSON { return writeJSON(lines, total) }
        guard !lines.isEmpty else { return terminal.remark(OfficerSay.nothingWaiting.message) }
        var table = Table([
            Table.Column(OfficerSay.severity.message), Table.Column(Say.id.message),
            Table.Column(OfficerSay.needs.message, maximum: 32), Table.Column(OfficerSay.waitsSince.message),
            Table.Column(Say.due.message), Table.Column(OfficerSay.owner.message, maximum: 24),
            Table.Column(Say.area.message), Table.Column(Say.title.message, minimum: 16, flexible: true),
        ])
        let values = people.values
        let now = run.time.nowSeconds()
        for line in lines {
            let item = line.item
            table.add(terminal.word(item.severity.message), item.severity == .high ? .red : nil)
            table.add(ShortID.text(line.id))
            table.add(item.needs.map { terminal.word($0.message) }.joined(separator: ", "))
            table.add(values.ago(item.since, now: now))
            table.add(item.due.map { LocalTime(seconds: $0).dateText } ?? "")
            table.add(owner(line))
            let area = line.listing?.area ?? ""
            table.add(run.areaBook()?.shortName(area) ?? area)
            table.add(line.title)
        }
        terminal.print(table)
        if total > items.count { terminal.remark(OfficerSay.moreWaiting.message, String(total - items.count)) }
    }

    private func line(_ item: WaitingItem) throws(ReplicaError) -> Line? {
        let row = try reader.row(item.number)
        if let problem = item.problem {
            return Line(
                item: item, id: problem.document, kind: problem.kind, title: problem.title, listing: row?.listing,
                agency: "", handler: people.own)
        }
        guard let row else { return nil }
        let (kind, agency) = try reader.kindAndAgency(item.number)
        return Line(
            item: item, id: row.id, kind: kind, title: row.listing.title, listing: row.listing, agency: agency,
            handler: item.handler == 0 ? nil : try reader.device(item.handler))
    }

    private func owner(_ line: Line) -> String {
        if let handler = line.handler { return people.name(handler) }
        return line.agency.isEmpty ? terminal.say(.unowned) : people.settings.agencyName(line.agency)
    }

    private func writeJSON(_ lines: [Line], _ total: Int) {
        terminal.printJSON { json in
            json.object { json in
                json.array("items") { json in
                    for line in lines { json.object { write(line, to: &$0) } }
                }
                json.member("shown", lines.count)
                json.member("total", total)
            }
        }
    }

    private func write(_ line: Line, to json: inout JSONWriter) {
        let item = line.item
        json.member("id", line.id.hex)
        json.member("short_id", ShortID.text(line.id))
        json.member("kind", line.kind?.name)
        json.member("title", line.title)
        json.member("needs", item.needs.map(\.rawValue))
        json.member("severity", item.severity.name)
        json.member("since", LocalTime(seconds: item.since).iso8601)
        json.member("due", item.due.map { LocalTime(seconds: $0).iso8601 })
        json.member("owner", line.handler.map { people.programName($0) })
        json.member("mine", line.handler == people.own)
        json.member("agency", line.agency.isEmpty ? nil : line.agency)
        json.member("area", line.listing?.area)
        if let kind = line.kind, let listing = line.listing {
            json.member("state", WorkflowRules.name(kind, listing.status))
            if kind == .report { json.member("category", listing.detail) }
        }
        if let problem = item.problem {
            json.member("sequence", Int64(clamping: problem.stored.change.header.sequence))
            json.member("verdict", "\(problem.stored.verdict)")
            json.member("why", problem.stored.code.map { terminal.word(RefusalWords($0).why) })
            json.member("next", problem.stored.code.map { terminal.word(RefusalWords($0).next) })
        }
    }
}
