// Which tasks a list shows: mine, a kind, where they stand, what is due, whose they are.

import CommandLineKit
import SyncKit

extension CommandRun {
    /// Reads the options that only lists of tasks have, and `--state` in the words of tasks.
    func taskFilter(_ reader: ReplicaReader, _ filter: inout ListFilter) throws(ErrorReport) -> TaskFilter {
        var tasks = TaskFilter()
        tasks.isOwn = parsed.flag("mine")
        if let kind = parsed.option("kind") { tasks.kind = try code("--kind", kind, TaskKind.self, .expectKind) }
        if let before = parsed.option("due-before") {
            tasks.dueBefore = try day("--due-before", before) - 86_399
        }
        if let state = parsed.option("state") { try readState(state, &filter, &tasks) }
        if parsed.flag("overdue") {
            let now = time.nowSeconds()
            tasks.dueBefore = min(tasks.dueBefore ?? now, now)
            tasks.isUnfinished = true
        }
        if let claimant = parsed.option("claimant") { tasks.claimant = try holder(claimant, reader) }
        return tasks
    }

    private func readState(_ typed: String, _ filter: inout ListFilter, _ tasks: inout TaskFilter) throws(ErrorReport) {
        if [ListPage.queued, SearchFold.fold(Say.waiting.message.vi)].contains(SearchFold.fold(typed)) {
            filter.isQueued = true
            return
        }
        guard case .one(let stage) = TaskStageWord.match(typed) else {
            let names = TaskStageWord.allCases.map(\.rawValue).joined(separator: ", ")
            throw bad("--state", typed, Self.filled(TaskSay.expectStage.message, names))
        }
        switch stage {
        case .open:
            filter.states = [1]
            tasks.claim = .free
        case .claimed:
            filter.states = [1]
            tasks.claim = .confirmed
        case .provisional:
            filter.states = [1]
            tasks.claim = .provisional
        case .released:
            filter.states = [1]
            tasks.isReleased = true
        case .doing: filter.states = [2]
        case .done: filter.states = [3]
        case .verified: filter.states = [4]
        case .cancelled: filter.states = [5]
        }
    }

    private func holder(_ typed: String, _ reader: ReplicaReader) throws(ErrorReport) -> DeviceID {
        if ["toi", "me"].contains(SearchFold.fold(typed)) { return reader.device }
        let team = try attempt { () throws(ReplicaError) in try reader.members() }
        let found = Self.fitting(typed, team)
        guard let first = found.first else {
            throw ErrorReport(
                .notFound, code: "person.not-found", happened: TaskSay.personUnknown.with(typed), loss: .nothingChanged,
                next: TaskSay.personUnknownNext.with())
        }
        guard found.count == 1 else {
            let names = found.prefix(8).map { "\($0.name) (\(ShortID.text($0.device.digest)))" }
            throw ErrorReport(
                .ambiguous, code: "person.ambiguous",
                happened: TaskSay.personSeveral.with(typed, names.joined(separator: "; ")), loss: .nothingChanged,
                next: FaultWord.ambiguousNext.with())
        }
        return first.device
    }
}
