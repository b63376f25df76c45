// Choosing a person of the team by name, without accents, or by the device's short id.

import CommandLineKit
import SyncKit

extension CommandRun {
    /// The person of the team that was typed; of several who fit, the one who works in the task's areas.
    func person(_ option: String, _ typed: String, _ store: some LocalDocuments, in areas: [String]) throws(ErrorReport)
        -> Member
    {
        let typed = try text(option, typed, limit: 200)
        let team = try attempt { () throws(ReplicaError) in try store.members() }
            .filter { $0.role == .volunteer || $0.role == .lead }
        var found = Self.fitting(typed, team)
        if found.count > 1 {
            let near = found.filter { AreaCode.anyCovers($0.areas, areas) }
            if !near.isEmpty { found = near }
        }
        guard let person = found.first else {
            throw ErrorReport(
                .notFound, code: "person.not-found", happened: TaskSay.personUnknown.with(typed), loss: .nothingChanged,
                next: TaskSay.personUnknownNext.with())
        }
        guard found.count == 1 else {
            let names = found.prefix(8).map {
                "\($0.name) (\($0.areas.joined(separator: ", ")), \(ShortID.text($0.device.digest)))"
            }
            throw ErrorReport(
                .ambiguous, code: "person.ambiguous",
                happened: TaskSay.personSeveral.with(typed, names.joined(separator: "; ")), loss: .nothingChanged,
                next: FaultWord.ambiguousNext.with())
        }
        guard AreaCode.anyCovers(person.areas, areas) else {
            throw ErrorReport(
                .refused, code: "person.outside-area",
                happened: TaskSay.personOutside.with(person.name, areas.joined(separator: ", ")), loss: .nothingChanged,
                next: TaskSay.personOutsideNext.with())
        }
        return person
    }

    /// Who fits best: the whole name, else names with words that begin so, else devices whose ids begin so.
    static func fitting(_ typed: String, _ team: [Member]) -> [Member] {
        let folded = SearchFold.fold(typed)
        let exact = team.filter { SearchFold.fold($0.name) == folded }
        if !exact.isEmpty { return exact }
        let wanted = folded.split(separator: " ")
        let byWords = team.filter { member in
            let words = SearchFold.fold(member.name).split(separator: " ")
            return !wanted.isEmpty && wanted.allSatisfy { part in words.contains { $0.hasPrefix(part) } }
        }
        // A whole word says more than the beginning of one: «Lan» is not «Lành».
        let byWholeWords = byWords.filter { member in
            let words = SearchFold.fold(member.name).split(separator: " ")
            return wanted.allSatisfy { words.contains($0) }
        }
        if !byWholeWords.isEmpty { return byWholeWords }
        if !byWords.isEmpty { return byWords }
        guard typed.utf8.count >= 3, let range = ShortID.range(ShortID.normalized(typed)) else { return [] }
        return team.filter { $0.device.digest >= range.low && $0.device.digest <= range.high }
    }
}
