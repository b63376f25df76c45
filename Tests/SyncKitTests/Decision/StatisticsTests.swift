// Statistics beside a second, plain count over random wards, the example of the document, and CSV.
import Glibc
import Testing

@testable import SyncKit

@Suite struct StatisticsTests {
    private let settings = WardSettings.standard

    // MARK: A second count

    /// The figures of some reports, each counted on its own from the words of `docs/statistics.md`.
    private func plain(_ all: [ReportCourse], now: Int64) -> [Figure: Int64?] {
        let calendar = settings.calendar
        func number(_ matches: (ReportCourse) -> Bool) -> Int64 { Int64(all.filter(matches).count) }
        let real = all.filter { $0.present != .duplicate }
        func count(_ matches: (ReportCourse) -> Bool) -> Int64 { Int64(real.filter(matches).count) }
        func isDone(_ course: ReportCourse) -> Bool { [.resolved, .published, .rated].contains(course.present) }
        var found: [Figure: Int64?] = [:]
        found[.filed] = number { _ in true }
        found[.received] = Int64(real.count)
        found[.open] = count {
            [.received, .classified, .assigned, .inProgress, .awaitingInfo, .reopened].contains($0.present)
        }
        for state in ReportStateNumber.allCases {
            if let figure = Figure(rawValue: "state_" + state.name) { found[figure] = count { $0.present == state } }
        }
        found[.fixed] = count { isDone($0) && $0.resolution == "fixed" }
        found[.notFixed] = count { isDone($0) && $0.resolution == "not_fixed" }
        found[.noFault] = count { isDone($0) && $0.resolution == "no_fault" }
        found[.unstated] = count { isDone($0) && !["fixed", "not_fixed", "no_fault"].contains($0.resolution) }
        found[.rejected] = count { $0.present == .rejected }
        found[.duplicate] = number { $0.present == .duplicate }
        found[.referred] = count { $0.present == .referred }
        // The closing that counts is the first one after which it was not taken up again.
        let times: [(hours: Int64, days: Int64)] = real.filter { isDone($0) && $0.resolution == "fixed" }.map {
            course in
            var end: Int64 = course.filed
            for step in course.steps.reversed() {
                if !step.state.isClosed { break }
                end = step.seconds
            }
            var day = LocalTime(seconds: course.filed).date
            var days: Int64 = 0
            while day < LocalTime(seconds: end).date {
                day = day.adding(days: 1)
                if calendar.isWorkingDay(day) { days += 1 }
            }
            return (Int64((Double(end - course.filed) / 3600).rounded(.toNearestOrAwayFromZero)), days)
        }
        func rank(_ values: [Int64], _ percent: Int) -> Int64? {
            // The smallest value that so many per cent of all do not exceed.
            values.sorted().first { value in values.filter { $0 <= value }.count * 100 >= percent * values.count }
        }
        found[.fixMedianHours] = rank(times.map(\.hours), 50)
        found[.fixP90Hours] = rank(times.map(\.hours), 90)
        found[.fixMedianDays] = rank(times.map(\.days), 50)
        found[.fixP90Days] = rank(times.map(\.days), 90)
        let standings = real.compactMap { Deadline($0, settings, calendar: calendar, now: now)?.standing }
        found[.due] = Int64(standings.count)
        found[.overdue] = Int64(standings.filter { $0 == .overdue }.count)
        found[.late] = Int64(standings.filter { $0 == .late }.count)
        func share(_ part: Int, _ whole: Int, _ unit: Double) -> Int64? {
            whole == 0 ? nil : Int64((Double(part) * unit / Double(whole)).rounded(.toNearestOrAwayFromZero))
        }
        found[.overduePermille] = share(
            standings.filter { $0 == .overdue || $0 == .late }.count, standings.count, 1000)
        let ratings = real.compactMap(\.rating).filter { (1...5).contains($0) }
        found[.ratings] = Int64(ratings.count)
        found[.ratingMeanHundredths] = share(Int(ratings.reduce(0, +)), ratings.count, 100)
        for (index, figure) in [Figure.rating1, .rating2, .rating3, .rating4, .rating5].enumerated() {
            found[figure] = Int64(ratings.filter { $0 == index + 1 }.count)
        }
        let closed = real.filter { $0.steps.contains { $0.state.isClosed } }
        found[.closed] = Int64(closed.count)
        let reopened = closed.filter { $0.steps.contains { $0.state == .reopened } }.count
        found[.reopened] = Int64(reopened)
        found[.reopenedPermille] = share(reopened, closed.count, 1000)
        return found
    }

    /// A report that went any way that the workflow allows.
    private func randomCourse(_ chance: inout SeededChance, from: Int64) -> ReportCourse {
        var course = ReportCourse(id: .zero, filed: from + Int64(chance.below(90 * 86_400)))
        var seconds = course.filed
        for _ in 0..<chance.below(9) {
            let next = ReportStateNumber.allCases.filter {
                WorkflowRules.step(.report, from: course.present.rawValue, to: $0.rawValue) != nil
            }
            guard !next.isEmpty else { break }
            seconds += Int64(chance.below(5 * 86_400))
            course.steps.append(ReportStep(next[chance.below(next.count)], seconds))
        }
        let resolutions: [String?] = ["fixed", "fixed", "not_fixed", "no_fault", nil, "?"]
        course.resolution = resolutions[chance.below(resolutions.count)]
        course.urgency = [nil, "low", "normal", "high"][chance.below(4)]
        course.category = [nil, "road", "tree", "=cmd"][chance.below(4)]
        course.agency = [nil, "dien_luc", "moi_truong"][chance.below(3)]
        course.areas = ["06685.0\(1 + chance.below(4))"]
        if chance.below(2) == 0 { course.rating = Int64(chance.below(8)) - 1 }
        if chance.below(4) == 0 {
            course.officerDue = (seconds + Int64(chance.below(10 * 86_400)), course.filed + Int64(chance.below(86_400)))
        }
        return course
    }

    @Test func everyFigureEqualsASecondCountOverRandomWards() throws {
        var chance = SeededChance("statistics")
        let base = try DeadlineTests.at("01/09/2026")
        for round in 0..<60 {
            let count = round < 5 ? round : chance.below(120)
            let courses = (0..<count).map { _ in randomCourse(&chance, from: base) }
            let now = base + Int64(chance.below(150 * 86_400))
            var query = StatisticsQuery()
            if chance.below(2) == 0 { query.from = LocalTime(seconds: base + Int64(chance.below(60)) * 86_400).date }
            if chance.below(2) == 0 { query.to = LocalTime(seconds: base + Int64(chance.below(90)) * 86_400).date }
            if chance.below(3) == 0 { query.area = "06685.02" }
            query.grouping = [nil, .agency, .category, .neighborhood][chance.below(4)]
            let found = WardStatistics(courses, query, settings, now: now)
            let asked = courses.filter { course in
                let day = LocalTime(seconds: course.filed).date
                if let from = query.from, day < from { return false }
                if let to = query.to, day > to { return false }
                return query.area == nil || course.areas == ["06685.02"]
            }
            check(found.total, plain(asked, now: now))
            guard let grouping = query.grouping else {
                #expect(found.groups.isEmpty)
                continue
            }
            func key(_ course: ReportCourse) -> String {
                switch grouping {
                case .agency: course.agency ?? ""
                case .category: course.category ?? ""
                case .neighborhood: course.areas[0]
                }
            }
            #expect(found.groups.map(\.key) == Set(asked.map(key)).sorted())
            for row in found.groups { check(row, plain(asked.filter { key($0) == row.key }, now: now)) }
            // Every report is in one state, and what is closed in one way.
            let total = found.total
            let ways = [Figure.open, .fixed, .notFixed, .noFault, .unstated, .rejected, .referred].compactMap {
                total[$0]
            }
            #expect(ways.reduce(0, +) == total[.received])
            #expect((total[.received] ?? 0) + (total[.duplicate] ?? 0) == total[.filed])
        }
    }

    private func check(_ row: WardStatistics.Row, _ plain: [Figure: Int64?]) {
        for figure in Figure.allCases { #expect(row[figure] == plain[figure] ?? nil, "\(figure)") }
    }

    @Test func aWardsServerAndAnOfficersDeviceCountTheSame() throws {
        let ward = try TestWard(seed: 95)
        ward.time.set(seconds: try DeadlineTests.at("18/11/2026 9"))
        let officer = try ward.device(96, role: .officer, areas: ["06685"], name: "Officer")
        let resident = try ward.device(97)
        var ids: [Digest] = []
        for area in ["06685.01", "06685.02", "06685.02", "06685.03"] {
            ids.append(try resident.commit(FieldScenarioTests.report(area)).document)
        }
        try ward.sync(resident)
        try ward.sync(officer)
        for (index, resolution) in ["fixed", "not_fixed"].enumerated() {
            ward.time.advance(seconds: 7200)
            let view = try #require(try officer.document(ids[index]))
            var draft = ChangeSetDraft(kind: .report, document: ids[index])
            draft.perform(.set(Slot(field: ReportField.resolution)), .text(resolution))
            draft.perform(.transition(Slot(field: Schema.stateField), to: 6, follows: view.state.present.dot))
            _ = try officer.commit(draft)
        }
        // What waits for a receipt does not count yet.
        let now = ward.time.nowSeconds()
        #expect(try officer.statistics(.init(), now: now).total[.fixed] == 0)
        try ward.sync(officer)
        for query in [StatisticsQuery(), .init(grouping: .neighborhood), .init(area: "06685.02", grouping: .agency)] {
            let server = try ward.service.withCore { core in try core.statistics(query) }
            #expect(try officer.statistics(query, now: now) == server)
        }
        let total = try officer.statistics(.init(), now: now).total
        #expect(total[.fixed] == 1 && total[.notFixed] == 1 && total[.open] == 2 && total[.fixMedianHours] == 2)
        // A resident sees what the resident filed, and nothing else.
        #expect(try ward.device(98).statistics(.init(), now: now).total[.filed] == 0)
    }

    // MARK: The document

    @Test func theExampleOfTheDocumentIsTrue() throws {
        let document = MarkdownTables(path: "docs/statistics.md")
        let reports = document.rows("reports")
        #expect(reports.count == 9)
        var courses: [ReportCourse] = []
        for cells in reports {
            var course = ReportCourse(id: .zero, filed: try DeadlineTests.at(cells[1]))
            course.urgency = cells[2]
            for step in cells[3].split(separator: ",") {
                let words = step.split(separator: " ").map(String.init)
                let state = try #require(ReportStateNumber.allCases.first { $0.name == words[0] })
                course.steps.append(ReportStep(state, try DeadlineTests.at(words[1] + " " + words[2])))
            }
            course.resolution = cells[4] == "–" ? nil : cells[4]
            course.rating = Int64(cells[5])
            courses.append(course)
        }
        let found = WardStatistics(courses, .init(), settings, now: try DeadlineTests.at("30/11/2026 9"))
        let figures = document.rows("figures")
        #expect(figures.map { $0[0] } == Figure.allCases.map { $0.rawValue })
        for (cells, figure) in zip(figures, Figure.allCases) {
            #expect(cells[2] == found.total[figure].map(String.init) ?? "–", "\(figure)")
        }
    }

    // MARK: CSV

    @Test(arguments: [
        ("=1+1", "'=1+1"), ("+84", "'+84"), ("-x", "'-x"), ("@x", "'@x"), ("\tx", " x"), ("\t=x", "' =x"),
        ("\r=x", "'=x"), (" +x", "' +x"), ("＝1", "'＝1"), ("\u{1B}[31mx", "[31mx"), ("\u{202E}=x", "'=x"),
        ("a,b", "\"a,b\""), ("a\"b", "\"a\"\"b\""), ("=a\",b", "\"'=a\"\",b\""), ("Đường", "Đường"), ("", ""),
    ])
    func noCellIsAFormulaOrBreaksItsLine(text: String, cell: String) {
        #expect(Array(WardStatistics.cell(text).utf8) == Array(cell.utf8))
    }

    @Test func theTableHasALineForEachGroupAndTheTotalLast() {
        let course = ReportCourse(id: .zero, filed: 0, category: "=cmd|' /C calc'!A0", areas: ["06685.01"])
        let found = WardStatistics([course], .init(grouping: .category), settings, now: 0)
        let csv = found.csv(mark: true)
        #expect(csv.prefix(3) == [0xEF, 0xBB, 0xBF] && found.csv(mark: false) == Bytes(csv.dropFirst(3)))
        let lines = String(decoding: csv.dropFirst(3), as: UTF8.self).split(separator: "\r\n")
        #expect(lines.count == 3)
        #expect(lines[0].hasPrefix("group,name,filed,received,open,"))
        #expect(lines[1].hasPrefix("'=cmd|' /C calc'!A0,,1,1,1,"))
        #expect(lines[2].hasPrefix("total,,1,1,1,"))
        #expect(
            lines.allSatisfy {
                $0.split(separator: ",", omittingEmptySubsequences: false).count == Figure.allCases.count + 2
            })
    }
}
