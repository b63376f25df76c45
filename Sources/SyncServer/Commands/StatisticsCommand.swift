// stats: figures over every report of the ward.
import CommandLineKit
import SyncKit

extension ServerProgram {
    static let statsCommand = CommandSpec(
        ["stats"], summary: Message(vi: "Thống kê phản ánh", en: "Statistics of reports"),
        details: Message(
            vi:
                "Trên mọi phản ánh phường đã nhận. «Đóng nhưng chưa khắc phục» không bao giờ được tính là đã khắc phục. "
                + "Trung vị và phân vị 90 lấy theo hạng gần nhất.",
            en: "Over every report of the ward. “Closed, not fixed” never counts as fixed. Median and 90th percentile "
                + "by nearest rank."),
        options: [
            OptionSpec(
                "from", value: .text(maximumBytes: 20),
                summary: Message(vi: "Gửi từ ngày dd/MM/yyyy", en: "Filed from dd/MM/yyyy on")),
            OptionSpec(
                "to", value: .text(maximumBytes: 20),
                summary: Message(vi: "Gửi đến hết ngày dd/MM/yyyy", en: "Filed until dd/MM/yyyy")),
            OptionSpec(
                "area", value: .text(maximumBytes: 32), label: Message(vi: "MÃ", en: "CODE"),
                summary: Message(vi: "Chỉ trong địa bàn này", en: "Only in this area")),
            OptionSpec(
                "by", value: .choice(StatisticsQuery.Grouping.allCases.map(\.rawValue)),
                summary: Message(
                    vi: "Chia theo đơn vị, phân loại hoặc khu phố", en: "Grouped by agency, category or neighborhood")),
            OptionSpec(
                flag: "csv", summary: Message(vi: "In dạng CSV cho bảng tính", en: "As CSV for spreadsheets")),
            OptionSpec(
                flag: "bom",
                summary: Message(vi: "Dấu UTF-8 ở đầu CSV, cho Excel", en: "UTF-8 mark before the CSV, for Excel")),
        ], run: ServerCommand.stats.rawValue)
}

extension CommandRun {
    func stats() throws(ErrorReport) -> ExitCode {
        var query = StatisticsQuery(
            area: parsed.option("area"),
            grouping: parsed.option("by").flatMap(StatisticsQuery.Grouping.init(rawValue:)))
        query.from = try civilDate("from")
        query.to = try civilDate("to")
        if let from = query.from, let to = query.to, to < from { throw badDate("to", to.text) }
        let reply = try ask(.statistics(query))
        if terminal.isJSON {
            printJSON(reply)
            return .ok
        }
        let found = WardStatistics(decoding: reply)
        if parsed.flag("csv") {
            terminal.out.bytes += found.csv(mark: parsed.flag("bom"))
            terminal.out.flushIfLarge()
            return .ok
        }
        print(found, isGrouped: query.grouping != nil)
        return .ok
    }

    private func civilDate(_ option: String) throws(ErrorReport) -> CivilDate? {
        guard let given = parsed.option(option) else { return nil }
        guard let date = CivilDate.parse(given) else { throw badDate(option, given) }
        return date
    }

    private func badDate(_ option: String, _ given: String) -> ErrorReport {
        ErrorReport(
            .usage, code: "usage.bad-value",
            happened: Message(
                vi: "Ngày «{1}» của --{0} không đúng: cần dd/MM/yyyy, và --to không trước --from.",
                en: "“{1}” does not suit --{0}: it takes dd/MM/yyyy, and --to not before --from."
            ).with(option, given), loss: .nothingChanged,
            next: Message(
                vi: "Ví dụ: --from 01/10/2026 --to 31/10/2026", en: "For example: --from 01/10/2026 --to 31/10/2026"
            ).with())
    }

    private func print(_ found: WardStatistics, isGrouped: Bool) {
        let comma = terminal.language == .vi ? "," : "."
        func word(_ name: WardSettings.Name) -> String { terminal.text(Message(vi: name.vi, en: name.en)) }
        guard isGrouped else {
            for figure in Figure.allCases {
                let base = figure.base.map { "  (n = \(found.total[$0] ?? 0))" } ?? ""
                terminal.print(word(figure.label) + ": " + figure.text(found.total[figure], comma: comma) + base)
            }
            return
        }
        var table = Table(
            [Table.Column(Message(vi: "Nhóm", en: "Group"), minimum: 12, flexible: true)]
                + Figure.summary.map {
                    Table.Column(Message(vi: $0.heading.vi, en: $0.heading.en), right: true)
                })
        for row in found.groups {
            let name = row.name.isEmpty ? row.key : row.name
            let shown = name.isEmpty ? terminal.text(Message(vi: "(chưa có)", en: "(none)")) : name
            table.addRow([shown] + Figure.summary.map { $0.text(row[$0], comma: comma) })
        }
        table.addRow(
            [terminal.text(Message(vi: "Tất cả", en: "All"))]
                + Figure.summary.map { $0.text(found.total[$0], comma: comma) })
        terminal.print(table)
    }
}

extension String {
    /// A moment in ISO 8601, as replies carry it, in the way people write it: `08:30 12/03/2026`; any other text as it
    /// is.
    var momentForPeople: String {
        guard utf8.count >= 16, let date = CivilDate.parse(String(prefix(10))) else { return self }
        return String(dropFirst(11).prefix(5)) + " " + date.text
    }
}
