// Statistics over the reports that this device holds.

import CommandLineKit
import SyncKit

extension CommandRun {
    /// `ward stats`
    func stats() throws(ErrorReport) -> ExitCode {
        var query = StatisticsQuery(grouping: parsed.option("by").flatMap(StatisticsQuery.Grouping.init(rawValue:)))
        query.from = try civilDate("from")
        query.to = try civilDate("to")
        if let from = query.from, let to = query.to, to < from {
            throw bad("--to", to.text, Self.filled(StatisticsSay.expectOrder.message, from.text))
        }
        let reader = try reader()
        if let given = parsed.option("area") {
            let ward = try attempt { () throws(ReplicaError) in try reader.descriptor() }.area
            query.area = try area("--area", given, ward: ward)
        }
        let asked = query
        let now = time.nowSeconds()
        let found = try attempt { () throws(ReplicaError) in try reader.statistics(asked, now: now) }
        let synced = try attempt { () throws(ReplicaError) in try reader.lastSync() }
        doneReading()
        if parsed.flag("csv"), !terminal.isJSON {
            terminal.out.bytes += found.csv(mark: parsed.flag("bom"))
            terminal.out.flushIfLarge()
        } else if terminal.isJSON {
            terminal.printJSON { json in
                json.object { json in
                    json.member("from", query.from?.iso8601)
                    json.member("to", query.to?.iso8601)
                    json.member("area", query.area)
                    json.member("last_sync", synced.map { LocalTime(seconds: $0).iso8601 })
                    json.object("total") { json in Self.write(found.total, to: &json) }
                    json.array("groups") { json in
                        for row in found.groups {
                            json.object { json in
                                json.member("group", row.key)
                                json.member("name", row.name)
                                Self.write(row, to: &json)
                            }
                        }
                    }
                }
            }
        } else {
            print(found, isGrouped: query.grouping != nil)
            terminal.remark(
                (synced == nil ? StatisticsSay.neverSynced : .asOf).message,
                synced.map { LocalTime(seconds: $0).text } ?? "")
        }
        return .ok
    }

    private func civilDate(_ option: String) throws(ErrorReport) -> CivilDate? {
        guard let given = parsed.option(option) else { return nil }
        guard let date = CivilDate.parse(given) else { throw bad("--" + option, given, Say.expectDate.message) }
        return date
    }

    private static func write(_ row: WardStatistics.Row, to json: inout JSONWriter) {
        for figure in Figure.allCases { json.member(figure.rawValue, row[figure]) }
    }

    private func print(_ found: WardStatistics, isGrouped: Bool) {
        let comma = terminal.language == .vi ? "," : "."
        guard isGrouped else {
            for figure in Figure.allCases {
                let label = terminal.word(figure.label.message)
                let value = figure.text(found.total[figure], comma: comma)
                if let base = figure.base {
                    terminal.print(
                        StatisticsSay.overBase.message, label, value, String(found.total[base] ?? 0))
                } else {
                    terminal.print(label + ": " + value)
                }
            }
            return terminal.remark(StatisticsSay.rank.message)
        }
        var table = Table(
            [Table.Column(StatisticsSay.group.message, minimum: 12, flexible: true)]
                + Figure.summary.map { Table.Column($0.heading.message, right: true) })
        for row in found.groups {
            let name = row.name.isEmpty ? row.key : row.name
            let shown = name.isEmpty ? terminal.word(StatisticsSay.noGroup.message) : name
            table.addRow([shown] + Figure.summary.map { $0.text(row[$0], comma: comma) })
        }
        table.addRow(
            [terminal.word(StatisticsSay.total.message)]
                + Figure.summary.map { $0.text(found.total[$0], comma: comma) })
        terminal.print(table)
        terminal.remark(StatisticsSay.rank.message)
    }
}
