// The ward's figures, as pictures and as tables.
import CommandLineKit
import SyncKit

struct StatisticsPage {
    let console: Console
    let context: ConsoleContext
    private var layout: ConsoleLayout { ConsoleLayout(context: context) }
    /// For how long counted figures are shown.
    private static let keptSeconds: Int64 = 30
    /// More bytes than these are no date.
    private static let longestDate = 20

    init(_ console: Console, _ context: ConsoleContext) {
        self.console = console
        self.context = context
    }

    func page(_ query: FormFields) throws(StoreError) -> HTTPResponse {
        let from = query.text("from", max: Self.longestDate)
        let to = query.text("to", max: Self.longestDate)
        let area = query.text("area", max: AreaCode.maxLength)
        let grouping = query["by"].flatMap(StatisticsQuery.Grouping.init(rawValue:)) ?? .agency
        let asked = StatisticsQuery(
            from: from.flatMap(CivilDate.parse), to: to.flatMap(CivilDate.parse),
            area: area.flatMap { AreaCode.isValid($0) ? $0 : nil }, grouping: grouping)
        // What is there and cannot be read must not widen the question.
        let isRead =
            query.isBlank("from") == (asked.from == nil) && query.isBlank("to") == (asked.to == nil)
            && query.isBlank("area") == (asked.area == nil)
        let found = isRead ? try console.figures.statistics(asked, console.service, seconds: Self.keptSeconds) : nil
        return layout.page(context.say(.statistics), section: .statistics, status: isRead ? 200 : 400) { html in
            html.tag("p", .style("lead"), text: context.say(.statisticsLead))
            form(from, to, area, grouping, &html)
            guard let found else {
                html.tag("p", .style("notice bad"), .a("role", "alert"), text: context.say(.badDates))
                return
            }
            html.tag("div", .style("columns")) { html in
                chart("states", .byState, states(found.total), &html)
                chart("ends", .byEnd, ends(found.total), &html)
                chart("ratings", .byRating, ratings(found.total), &html)
            }
            groups(found, grouping, &html)
            figures(found.total, &html)
        }
    }

    private func form(
        _ from: String?, _ to: String?, _ area: String?, _ grouping: StatisticsQuery.Grouping, _ html: inout HTML
    ) {
        html.tag("form", .style("row"), .a("method", "get"), .action(PagePath("/console/statistics"))) { html in
            field("from", "date", .filedFrom, from, &html)
            field("to", "date", .filedTo, to, &html)
            field("area", "text", .areaCode, area, &html)
            html.tag("div") { html in
                html.tag("label", .a("for", "by"), text: context.say(.groupBy))
                html.tag("select", .id("by"), .a("name", "by")) { html in
                    for item in StatisticsQuery.Grouping.allCases {
                        if item == grouping {
                            html.tag(
                                "option", .a("value", item.rawValue), .flag("selected"), text: label(of: item))
                        } else {
                            html.tag("option", .a("value", item.rawValue), text: label(of: item))
                        }
                    }
                }
            }
            html.tag("button", .style("second"), .a("type", "submit"), text: context.say(.count))
        }
    }

    private func field(_ name: String, _ type: String, _ word: ConsoleWord, _ value: String?, _ html: inout HTML) {
        html.tag("div") { html in
            html.tag("label", .a("for", name), text: context.say(word))
            html.void(
                "input", .a("type", type), .id(name), .a("name", name), .a("value", value ?? ""),
                .a("maxlength", 32))
        }
    }

    private func label(of grouping: StatisticsQuery.Grouping) -> String {
        switch grouping {
        case .agency: context.say(.agency)
        case .category: context.say(.category)
        case .neighborhood: context.say(.neighborhood)
        }
    }

    // MARK: Pictures

    private func chart(_ id: String, _ title: ConsoleWord, _ bars: [Bar], _ html: inout HTML) {
        html.tag("figure", .style("card")) { html in
            html.tag("figcaption") { $0.tag("strong", text: context.say(title)) }
            BarChart(id: id, title: context.say(title), bars: bars).write(&html)
        }
    }

    private func bars(_ row: WardStatistics.Row, _ figures: [(Figure, StaticString)]) -> [Bar] {
        figures.map { figure, style in
            Bar(label: word(figure.label), value: row[figure] ?? 0, text: text(figure, row), style: style)
        }
    }

    private func states(_ row: WardStatistics.Row) -> [Bar] {
        bars(
            row,
            [
                (.stateReceived, "bar"), (.stateClassified, "bar"), (.stateAssigned, "bar"),
                (.stateInProgress, "bar"), (.stateAwaitingInfo, "bar"), (.stateResolved, "bar-good"),
                (.statePublished, "bar-good"), (.stateRated, "bar-good"), (.stateReopened, "bar-warn"),
            ])
    }

    private func ends(_ row: WardStatistics.Row) -> [Bar] {
        bars(
            row,
            [
                (.open, "bar"), (.fixed, "bar-good"), (.notFixed, "bar-bad"), (.noFault, "bar"),
                (.rejected, "bar-warn"), (.referred, "bar-warn"), (.overdue, "bar-bad"), (.late, "bar-warn"),
            ])
    }

    private func ratings(_ row: WardStatistics.Row) -> [Bar] {
        bars(
            row,
            [
                (.rating1, "bar-bad"), (.rating2, "bar-warn"), (.rating3, "bar"), (.rating4, "bar-good"),
                (.rating5, "bar-good"),
            ])
    }

    // MARK: Tables

    private func word(_ name: WardSettings.Name) -> String { context.language == .vi ? name.vi : name.en }

    private func text(_ figure: Figure, _ row: WardStatistics.Row) -> String {
        figure.text(row[figure], comma: context.language == .vi ? "," : ".")
    }

    private func groups(_ found: WardStatistics, _ grouping: StatisticsQuery.Grouping, _ html: inout HTML) {
        html.tag("h2", text: label(of: grouping))
        let heads = Figure.summary.map { word($0.heading) }
        layout.table(
            context.say(.figuresBy, label(of: grouping)), [label(of: grouping)] + heads,
            right: Set(1...heads.count), isTitled: true,
            rows: { html in
                for row in found.groups.prefix(500) { self.row(row, name(row, grouping), &html) }
                row(found.total, context.say(.all), &html)
            }, &html)
    }

    private func name(_ row: WardStatistics.Row, _ grouping: StatisticsQuery.Grouping) -> String {
        if row.key.isEmpty { return context.say(.none) }
        if grouping == .category, context.language == .en, let known = context.words.settings.category(row.key) {
            return known.en
        }
        return row.name.isEmpty ? row.key : row.name
    }

    private func row(_ row: WardStatistics.Row, _ name: String, _ html: inout HTML) {
        html.tag("tr") { html in
            html.tag("th", .a("scope", "row")) { $0.foreign(name) }
            for figure in Figure.summary { html.tag("td", .style("num"), text: text(figure, row)) }
        }
    }

    private func figures(_ row: WardStatistics.Row, _ html: inout HTML) {
        html.tag("h2", text: context.say(.allFigures))
        layout.table(
            context.say(.allFigures), [.figure, .value, .outOf].map { context.say($0) }, right: [1, 2],
            isTitled: true,
            rows: { html in
                for figure in Figure.allCases {
                    html.tag("tr") { html in
                        html.tag("th", .a("scope", "row"), text: word(figure.label))
                        html.tag("td", .style("num"), text: text(figure, row))
                        html.tag("td", .style("num"), text: figure.base.map { String(row[$0] ?? 0) } ?? "")
                    }
                }
            }, &html)
    }
}
