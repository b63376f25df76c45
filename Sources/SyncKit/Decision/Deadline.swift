// When a report is due, and how it stands to that: a pure function of its course, the ward's settings and now.

/// A report's deadline (`docs/data-model.md`, "Deadlines").
package struct Deadline: Sendable, Hashable {
    package enum Standing: String, CaseIterable, Sendable {
        /// Open, and the deadline lies ahead.
        case open
        /// The ward waits for the reporter; the time does not count.
        case paused
        /// Open, and the deadline has passed.
        case overdue
        /// Closed in time.
        case met
        /// Closed after the deadline.
        case late
    }

    /// The last second that is in time; while paused, as it would be if the answer came now.
    package var due: Int64
    package var standing: Standing
    /// Whether an officer set it; else it follows from the urgency.
    package var isSetByOfficer: Bool
    /// For how many working days it paused.
    package var pausedDays: Int
    /// Working days that begin after now, or after it was closed, until it is due: 0 on the last day; below zero
    /// those that began since.
    package var daysLeft: Int

    /// The deadline of a report; `nil` where it has none: a duplicate goes with the report that it repeats.
    /// - Parameter calendar: that of `settings`, made once for many reports.
    package init?(_ course: ReportCourse, _ settings: WardSettings, calendar: WorkingCalendar, now: Int64) {
        if course.present == .duplicate { return nil }
        let (start, steps) = course.round
        let closed = course.closed
        let end = closed ?? max(now, steps.last?.seconds ?? start)
        let days = settings.deadlines.days(urgency: course.urgency)
        var base = calendar.adding(workingDays: days, to: start)
        var pausesFrom = start
        isSetByOfficer = false
        // What an officer set for an earlier round says nothing about this one.
        if let set = course.officerDue, set.set >= start {
            base = set.seconds
            pausesFrom = set.set
            isSetByOfficer = true
        }
        pausedDays = 0
        var waiting: Int64?
        for step in steps where step.seconds <= end {
            if let since = waiting, step.state != .awaitingInfo {
                pausedDays += Self.pause(since, step.seconds, from: pausesFrom, calendar)
                waiting = nil
            } else if step.state == .awaitingInfo, waiting == nil {
                waiting = step.seconds
            }
        }
        if let since = waiting { pausedDays += Self.pause(since, end, from: pausesFrom, calendar) }
        due = pausedDays == 0 ? base : Self.moved(base, by: pausedDays, calendar)
        daysLeft = calendar.workingDays(from: closed ?? now, to: due)
        standing =
            if let closed { closed <= due ? .met : .late } else if waiting != nil { .paused } else {
                now <= due ? .open : .overdue
            }
    }

    package init?(_ state: DocumentState, _ settings: WardSettings, now: Int64) {
        guard let course = ReportCourse(state) else { return nil }
        self.init(course, settings, calendar: settings.calendar, now: now)
    }

    private static func pause(_ since: Int64, _ until: Int64, from: Int64, _ calendar: WorkingCalendar) -> Int {
        max(0, calendar.workingDays(from: max(since, from), to: max(until, from)))
    }

    /// So many working days later, at the same time of day.
    private static func moved(_ seconds: Int64, by days: Int, _ calendar: WorkingCalendar) -> Int64 {
        let local = LocalTime(seconds: seconds)
        let end = calendar.adding(workingDays: days, to: seconds)
        return end - 86_399 + Int64(local.hour * 3600 + local.minute * 60 + local.second)
    }
}
