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

    /// When a report should be done, by its urgency; an own due date wins.
    func due(filed: Int64, urgency: String, due: Int64?, pauses: [ReportFacts.Pause], now: Int64) -> Int64 {
        if let due { return due }
        var left = urgency == ReportCode.high ? 1 : urgency == ReportCode.low ? 7 : 3
        var day = (filed + Int64(VietnamTime.offsetSeconds)) / 86_400
        while left > 0 {
            day += 1
            if (day + 3) % 7 < 5 { left -= 1 }
        }
        return (day + 1) * 86_400 - Int64(VietnamTime.offsetSeconds) - 1
    }

    func stateMessage(_ state: UInt8) -> Message { settings.stateMessage(.report, state) }

    func category(_ run: CommandRun, _ option: String, _ given: String) throws(ErrorReport) -> String {
        try run.category(option, given, settings)
    }

    func agency(_ run: CommandRun, _ option: String, _ given: String) throws(ErrorReport) -> String {
        try run.agency(option, given, settings)
    }
}
