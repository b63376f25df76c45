// What the ward configures, as the commands on reports use it: one function for each question.

import CommandLineKit
import SyncKit

/// The ward's lists and rules on this device.
struct WardRules {
    /// For how long back a report may be the same as a new one.
    static let duplicateDays: Int64 = 30

    let settings: WardSettings

    init(_ store: some LocalDocuments) throws(ReplicaError) { settings = try store.settings() }

    /// Within how many metres two reports of a category may be about the same thing.
    func duplicateRadius(_ category: String) -> Int {
        settings.category(category)?.radiusMetres ?? 50
    }

    /// The end of the time that a report may take once it is assigned now.
    func dueIfAssigned(_ state: DocumentState, now: Int64) -> Int64? {
        guard var course = ReportCourse(state) else { return nil }
        course.steps.append(ReportStep(.assigned, max(now, course.steps.last?.seconds ?? course.filed)))
        return Deadline(course, settings, calendar: settings.calendar, now: now)?.due
    }

    func stateMessage(_ state: UInt8) -> Message { settings.stateMessage(.report, state) }

    func category(_ run: CommandRun, _ option: String, _ given: String) throws(ErrorReport) -> String {
        try run.category(option, given, settings)
    }

    func agency(_ run: CommandRun, _ option: String, _ given: String) throws(ErrorReport) -> String {
        try run.agency(option, given, settings)
    }
}
