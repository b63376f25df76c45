// What everybody may read without signing in: published results, and how agencies are rated.
import CommandLineKit
import SyncKit
import WardWords

struct PublicPages {
    let console: Console
    let context: ConsoleContext
    private var layout: ConsoleLayout { ConsoleLayout(context: context) }
    private static let pageLength = 30
    /// Counting goes through every report of the ward, so strangers see figures of a few minutes ago.
    private static let keptSeconds: Int64 = 300
    /// Fewer ratings say more of one person than of an agency.
    static let fewestRatings: Int64 = 3

    init(_ console: Console, _ context: ConsoleContext) {
        self.console = console
        self.context = context
    }

    /// A publication that stands.
    private struct Result: Sendable {
        var row: BrowsedRow
        var state: DocumentState
    }

    private func tabs(_ isList: Bool, _ html: inout HTML) {
        html.tag("nav", .a("aria-label", context.say(.navigation))) { html in
            html.tag("ul", .style("tabs")) { html in
                for (page, word, isHere) in [
                    (PagePath("/public"), ConsoleWord.published, isList),
                    (PagePath("/public/agencies"), .agencyRatings, !isList),
                ] {
                    html.tag("li") { html in
                        if isHere {
                            html.tag("a", .href(page), .a("aria-current", "page"), text: context.say(word))
                        } else {
                            html.tag("a", .href(page), text: context.say(word))
                        }
                    }
                }
            }
        }
    }

    // MARK: Results

    func list(_ query: FormFields) throws(StoreError) -> HTTPResponse {
        let after = query["after"].flatMap(Self.cursor)
        let found = try console.service.withCore { core throws(StoreError) in
            let rows = try core.browse(.publication, after: after, limit: Self.pageLength + 1)
            var results: [Result] = []
            for row in rows.prefix(Self.pageLength) {
                if let state = try core.documentState(row.id) { results.append(Result(row: row, state: state)) }
            }
            return (results, rows.count > Self.pageLength ? rows[Self.pageLength - 1] : nil)
        }
        let (results, next) = found
        return layout.page(context.say(.published)) { html in
            html.tag("p", .style("lead"), text: context.say(.publishedLead))
            tabs(true, &html)
            let standing = results.filter { Self.stands($0.state) }
            if standing.isEmpty {
                html.tag("p", .style("card"), text: context.say(.nothingPublished))
            } else {
                layout.table(
                    context.say(.published),
                    [.about, .category, .area, .agency, .filedOn, .closedOn, .outcome, .rating].map { context.say($0) },
                    rows: { html in for result in standing { row(result, &html) } }, &html)
            }
            layout.pager(
                previous: after == nil ? nil : PagePath("/public"),
                next: next.map { PagePath("/public", ["after": "\($0.sort):\($0.number)"]) },
                position: context.say(.onThisPage, String(standing.count)), &html)
        }
    }

    private static func cursor(_ text: String) -> (sort: Int64, number: Int64)? {
        let parts = text.split(separator: ":", maxSplits: 1)
        guard parts.count == 2, let sort = Int64(parts[0]), let number = Int64(parts[1]) else { return nil }
        return (sort, number)
    }

    /// What was taken back is not shown.
    private static func stands(_ state: DocumentState) -> Bool {
        state.kind == .publication && state.text(PublicationField.status) != "withdrawn"
            && state.text(PublicationField.title) != nil
    }

    private func text(_ field: UInt8, _ state: DocumentState) -> String {
        Schema.field(.publication, field).map { context.words.text(state.value(field), $0, .publication) } ?? ""
    }

    private func day(_ field: UInt8, _ state: DocumentState) -> String {
        state.value(field)?.integer.map { LocalTime(seconds: $0).dateText } ?? ""
    }

    private func row(_ result: Result, _ html: inout HTML) {
        let state = result.state
        html.tag("tr") { html in
            html.tag("th", .a("scope", "row")) { html in
                html.tag("a", .href(PagePath("/public/result", ["id": result.row.id.hex]))) {
                    $0.foreign(context.title(result.row.title, .publication, result.row.id))
                }
            }
            html.tag("td", text: text(PublicationField.category, state))
            html.tag("td") { $0.foreign(text(PublicationField.area, state)) }
            html.tag("td") { $0.foreign(text(PublicationField.agency, state)) }
            html.tag("td", .style("nowrap"), text: day(PublicationField.filed, state))
            html.tag("td", .style("nowrap"), text: day(PublicationField.closed, state))
            html.tag("td", text: text(PublicationField.resolution, state))
            html.tag("td") { stars(state.value(PublicationField.rating)?.integer, &$0) }
        }
    }

    private func stars(_ rating: Int64?, _ html: inout HTML) {
        guard let rating, (1...5).contains(rating) else { return html.text(context.say(.notRated)) }
        html.text(context.say(.starsOf, String(rating)))
    }

    func result(_ query: FormFields) throws(StoreError) -> HTTPResponse? {
        guard let id = query["id"].flatMap({ Digest(hex: $0) }) else { return nil }
        let found = try console.service.withCore { core throws(StoreError) in
            let state = try core.documentState(id)
            return (state, try state.map { state throws(StoreError) in try core.files(of: state) } ?? [])
        }
        guard let state = found.0, Self.stands(state) else { return nil }
        return layout.page(context.title(Listing(state).title, .publication, id)) { html in
            tabs(true, &html)
            html.tag("p", .style("card said")) { $0.foreign(state.text(PublicationField.text) ?? "") }
            if !found.1.isEmpty { layout.pictures(found.1, isPublic: true, &html) }
            html.tag("dl", .style("facts card")) { html in
                for field in [
                    PublicationField.category, PublicationField.area, PublicationField.agency,
                    PublicationField.resolution,
                ] {
                    guard let spec = Schema.field(.publication, field) else { continue }
                    layout.fact(context.text(FieldWord.message(spec)), &html) { $0.foreign(text(field, state)) }
                }
                layout.fact(context.say(.filedOn), &html) { $0.text(day(PublicationField.filed, state)) }
                layout.fact(context.say(.closedOn), &html) { $0.text(day(PublicationField.closed, state)) }
                layout.fact(context.say(.rating), &html) { stars(state.value(PublicationField.rating)?.integer, &$0) }
            }
        }
    }

    // MARK: Agencies

    func agencies() throws(StoreError) -> HTTPResponse {
        let found = try console.figures.statistics(
            StatisticsQuery(grouping: .agency), console.service, seconds: Self.keptSeconds)
        let rows = found.groups.filter { !$0.key.isEmpty && ($0[.received] ?? 0) > 0 }.prefix(200)
        return layout.page(context.say(.agencyRatings)) { html in
            html.tag("p", .style("lead"), text: context.say(.agencyLead, String(Self.fewestRatings)))
            tabs(false, &html)
            guard !rows.isEmpty else {
                html.tag("p", .style("card"), text: context.say(.nothingPublished))
                return
            }
            html.tag("figure", .style("card")) { html in
                html.tag("figcaption") { $0.tag("strong", text: context.say(.meanRating)) }
                BarChart(
                    id: "agencies", title: context.say(.meanRating),
                    bars: rows.map { row in
                        Bar(
                            label: row.name.isEmpty ? row.key : row.name, value: shownMean(row) ?? 0,
                            text: meanText(row), style: "bar-good")
                    }
                ).write(&html)
            }
            layout.table(
                context.say(.agencyRatings),
                [.agency, .received, .fixed, .notFixed, .overdueShare, .ratings, .meanRating].map { context.say($0) },
                right: [1, 2, 3, 4, 5, 6],
                rows: { html in
                    for row in rows {
                        html.tag("tr") { html in
                            html.tag("th", .a("scope", "row")) { $0.foreign(row.name.isEmpty ? row.key : row.name) }
                            for figure in [Figure.received, .fixed, .notFixed, .overduePermille, .ratings] {
                                html.tag("td", .style("num"), text: figure.text(row[figure], comma: comma))
                            }
                            html.tag("td", .style("num"), text: meanText(row))
                        }
                    }
                }, &html)
        }
    }

    private var comma: String { context.language == .vi ? "," : "." }

    private func shownMean(_ row: WardStatistics.Row) -> Int64? {
        (row[.ratings] ?? 0) >= Self.fewestRatings ? row[.ratingMeanHundredths] : nil
    }

    private func meanText(_ row: WardStatistics.Row) -> String {
        shownMean(row).map { Figure.ratingMeanHundredths.text($0, comma: comma) } ?? context.say(.tooFewRatings)
    }
}
