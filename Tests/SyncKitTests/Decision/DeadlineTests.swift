// Deadlines: by urgency over weekends and holidays, an officer's word, pauses, closing and taking up again.
import Testing

@testable import SyncKit

@Suite struct DeadlineTests {
    private let settings = WardSettings.standard

    /// `dd/MM/yyyy HH`, at +07:00.
    static func at(_ text: String) throws -> Int64 {
        let parts = text.split(separator: " ")
        let date = try #require(CivilDate.parse(String(parts[0])))
        return date.startSeconds() + Int64(parts.count > 1 ? Int(parts[1]) ?? 0 : 0) * 3600
    }

    private func course(_ filed: String, _ steps: [(ReportStateNumber, String)] = [], urgency: String? = nil) throws
        -> ReportCourse
    {
        ReportCourse(
            id: .zero, filed: try Self.at(filed),
            steps: try steps.map { ReportStep($0.0, try Self.at($0.1)) }, urgency: urgency)
    }

    private func deadline(_ course: ReportCourse, now: String) throws -> Deadline {
        try #require(Deadline(course, settings, calendar: settings.calendar, now: try Self.at(now)))
    }

    private func day(_ deadline: Deadline) -> String { LocalTime(seconds: deadline.due).text }

    @Test(arguments: [
        ("high", "23:59 24/11/2026"), ("normal", "23:59 26/11/2026"), ("low", "23:59 02/12/2026"),
        ("", "23:59 26/11/2026"), ("unheard", "23:59 26/11/2026"),
    ])
    func theUrgencySaysHowManyWorkingDays(urgency: String, due: String) throws {
        let found = try deadline(
            course("23/11/2026 10", urgency: urgency.isEmpty ? nil : urgency), now: "23/11/2026 11")
        #expect(day(found) == due && found.standing == .open && !found.isSetByOfficer)
    }

    @Test func noListMakesADeadlineLongerThanTheMost() throws {
        var settings = settings
        #expect(settings.apply(.deadlines, "low = 40\nmax = 15").isEmpty)
        let found = try #require(
            Deadline(
                try course("02/11/2026 9", urgency: "low"), settings, calendar: settings.calendar,
                now: try Self.at("02/11/2026 9")))
        #expect(found.daysLeft == 15)
    }

    @Test func itIsDueTodayThenOverdueByWorkingDays() throws {
        let filed = try course("18/11/2026 9", urgency: "high")
        #expect(try deadline(filed, now: "19/11/2026 23").standing == .open)
        #expect(try deadline(filed, now: "19/11/2026 23").daysLeft == 0)
        let next = try deadline(filed, now: "20/11/2026 0")
        #expect(next.standing == .overdue && next.daysLeft == -1)
        // The weekend adds nothing.
        #expect(try deadline(filed, now: "22/11/2026 12").daysLeft == -1)
        #expect(try deadline(filed, now: "23/11/2026 12").daysLeft == -2)
    }

    @Test func anOfficersDueWinsUntilTheReportIsTakenUpAgain() throws {
        var filed = try course("18/11/2026 9", [(.assigned, "18/11/2026 10")])
        filed.officerDue = (try Self.at("10/12/2026 17"), try Self.at("18/11/2026 10"))
        let found = try deadline(filed, now: "30/11/2026")
        #expect(found.isSetByOfficer && day(found) == "17:00 10/12/2026" && found.standing == .open)
        filed.steps += [
            ReportStep(.resolved, try Self.at("01/12/2026 9")), ReportStep(.reopened, try Self.at("03/12/2026 9")),
        ]
        let again = try deadline(filed, now: "03/12/2026 10")
        #expect(!again.isSetByOfficer && day(again) == "23:59 08/12/2026")
    }

    @Test func theTimeInWhichTheWardWaitsForTheReporterDoesNotCount() throws {
        let asked = try course("18/11/2026 9", [(.awaitingInfo, "19/11/2026 9")])
        let waiting = try deadline(asked, now: "24/11/2026 9")
        // Friday, Monday and Tuesday passed.
        #expect(waiting.standing == .paused && waiting.pausedDays == 3 && waiting.daysLeft == 2)
        var answered = asked
        answered.steps.append(ReportStep(.inProgress, try Self.at("24/11/2026 15")))
        let running = try deadline(answered, now: "25/11/2026 9")
        #expect(running.standing == .open && day(running) == "23:59 26/11/2026" && running.pausedDays == 3)
        #expect(try deadline(answered, now: "27/11/2026 1").standing == .overdue)
        // Asked and answered on one day: nothing moves.
        let quick = try course("18/11/2026 9", [(.awaitingInfo, "19/11/2026 9"), (.inProgress, "19/11/2026 16")])
        #expect(try deadline(quick, now: "20/11/2026 9").pausedDays == 0)
        // An officer's date keeps its time of day, and what passed before it was set does not move it.
        var set = answered
        set.officerDue = (try Self.at("27/11/2026 11"), try Self.at("20/11/2026 9"))
        let moved = try deadline(set, now: "25/11/2026 9")
        #expect(moved.pausedDays == 2 && day(moved) == "11:00 01/12/2026")
    }

    @Test func closingInTimeOrLateStaysAsItWas() throws {
        for (closing, standing) in [("23/11/2026 23", Deadline.Standing.met), ("24/11/2026 1", .late)] {
            for state in [ReportStateNumber.resolved, .rejected, .referred] {
                let closed = try course("18/11/2026 9", [(state, closing)])
                #expect(try deadline(closed, now: "30/12/2026").standing == standing)
            }
        }
        let rated = try course(
            "18/11/2026 9", [(.resolved, "20/11/2026 9"), (.published, "10/12/2026 9"), (.rated, "11/12/2026 9")])
        #expect(try deadline(rated, now: "30/12/2026").standing == .met)
        let duplicate = try course("18/11/2026 9", [(.duplicate, "20/11/2026 9")])
        #expect(Deadline(duplicate, settings, calendar: settings.calendar, now: try Self.at("30/12/2026")) == nil)
    }

    @Test func itFollowsFromTheStateOfARealReport() throws {
        let ward = try TestWard(seed: 91)
        ward.time.set(seconds: try Self.at("18/11/2026 9"))
        let officer = try ward.device(92, role: .officer, areas: ["06685"], name: "Officer")
        let resident = try ward.device(93)
        let id = try resident.commit(FieldScenarioTests.report("06685.03")).document
        try ward.sync(resident)
        try ward.sync(officer)
        func step(_ state: ReportStateNumber) throws {
            let view = try #require(try officer.document(id))
            var draft = ChangeSetDraft(kind: .report, document: id)
            draft.perform(
                .transition(Slot(field: Schema.stateField), to: state.rawValue, follows: view.state.present.dot))
            _ = try officer.commit(draft)
            try ward.sync(officer)
        }
        func found(_ now: String) throws -> Deadline {
            let state = try #require(try officer.document(id)?.accepted)
            return try #require(Deadline(state, try officer.settings(), now: try Self.at(now)))
        }
        #expect(try day(found("18/11/2026 10")) == "23:59 23/11/2026")
        ward.time.set(seconds: try Self.at("19/11/2026 9"))
        try step(.awaitingInfo)
        #expect(try found("20/11/2026 9").standing == .paused)
        #expect(try officer.overdueCount(areas: [], now: try Self.at("30/11/2026 9")) == 0)
        ward.time.set(seconds: try Self.at("20/11/2026 9"))
        try step(.inProgress)
        #expect(try day(found("20/11/2026 10")) == "23:59 24/11/2026")
        #expect(try officer.overdueCount(areas: [], now: try Self.at("30/11/2026 9")) == 1)
        #expect(try officer.overdueCount(areas: ["06685.04"], now: try Self.at("30/11/2026 9")) == 0)
        try officer.rebuild()
        #expect(try officer.overdueCount(areas: [], now: try Self.at("30/11/2026 9")) == 1)
        ward.time.set(seconds: try Self.at("25/11/2026 9"))
        try step(.resolved)
        #expect(try found("30/12/2026").standing == .late)
    }

    @Test func noMomentIsATrap() {
        for filed in [Int64.min, -1, 0, .max] {
            for now in [Int64.min, 0, .max] {
                var course = ReportCourse(
                    id: .zero, filed: filed, steps: [ReportStep(.awaitingInfo, filed), ReportStep(.reopened, now)])
                #expect(Deadline(course, settings, calendar: settings.calendar, now: now) != nil)
                for due in [Int64.min, .max] {
                    course.officerDue = (due, filed)
                    #expect(Deadline(course, settings, calendar: settings.calendar, now: now) != nil)
                }
            }
        }
    }
}
