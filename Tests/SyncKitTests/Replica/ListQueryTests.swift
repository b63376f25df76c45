// Lists, their totals and state hashes against plain readings of the whole store; and which index finds them.

import Testing

@testable import SyncKit

@Suite struct ListQueryTests {
    private static let areas = ["06685.03", "06685.04", "06685.11"]

    /// Reports and tasks that were filed, moved on and moved elsewhere, some of them not sent.
    private func fill(_ chance: inout SeededChance, _ ward: TestWard, _ officer: Replica, _ lan: Replica) throws {
        for replica in [officer, lan] { try ward.sync(replica) }
        var reports: [Digest] = []
        for round in 0..<60 {
            ward.time.advance(seconds: Int64(chance.below(5000)))
            let area = Self.areas[chance.below(3)]
            let author = chance.below(2) == 0 ? officer : lan
            if author === officer || area == "06685.03" {
                reports.append(try author.commit(FieldScenarioTests.report(area)).document)
            }
            var task = ChangeSetDraft(kind: .task)
            task.perform(.set(Slot(field: TaskField.title)), .text("Thăm hộ \(round)"))
            task.perform(.set(Slot(field: TaskField.area)), .text(area))
            task.perform(
                .set(Slot(field: TaskField.due)), .unsigned(UInt64(1_790_000_000 + chance.below(9_000_000))))
            let made = try officer.commit(task).document
            if chance.below(8) == 0 {
                let state = try #require(try officer.document(made)?.state)
                var draft = ChangeSetDraft(kind: .task, document: made)
                draft.perform(.transition(Slot(field: TaskField.state), to: 5, follows: state.present.dot))
                _ = try officer.commit(draft)
            }
            if chance.below(4) == 0 {
                try ward.sync(lan)
                try ward.sync(officer)
                try ward.sync(lan)
            }
            guard let id = reports.randomElement(using: &chance), let state = try officer.document(id)?.state else {
                continue
            }
            var draft = ChangeSetDraft(kind: .report, document: id)
            switch chance.below(3) {
            case 0: draft.perform(.set(Slot(field: ReportField.area)), .text(Self.areas[chance.below(3)]))
            case 1: draft.perform(.set(Slot(field: ReportField.title)), .text("Ổ gà \(round)"))
            default:
                guard WorkflowRules.step(.report, from: state.present.state, to: 6) != nil else { continue }
                draft.perform(.transition(Slot(field: ReportField.state), to: 6, follows: state.present.dot))
            }
            _ = try officer.commit(draft)
        }
    }

    private func filters() -> [ListFilter] {
        var filters = [ListFilter()]
        for area in [nil, "06685", "06685.03", "06685.99"] {
            for states: [UInt8] in [[], [1], [6], [1, 2, 3, 4, 5, 9]] {
                filters.append(ListFilter(area: area, states: states))
            }
            var queued = ListFilter(area: area)
            queued.isQueued = true
            filters.append(queued)
        }
        var merged = ListFilter(area: "06685.03")
        merged.mergedAreas = ["06685.04"]
        return filters + [merged]
    }

    /// What a filter means, said without SQL.
    private func fits(_ filter: ListFilter, _ row: ListedRow) -> Bool {
        if let area = filter.area, !AreaCode.anyCovers([area] + filter.mergedAreas, [row.area]) { return false }
        if filter.isQueued, row.isAccepted { return false }
        return filter.states.isEmpty || row.isAccepted && filter.states.contains(row.status)
    }

    @Test func listsAndTotalsAreThoseOfAPlainReading() throws {
        var chance = SeededChance("lists")
        let ward = try TestWard()
        let officer = try ward.device(1, role: .officer, areas: ["06685"])
        let lan = try ward.device(2, role: .volunteer, areas: ["06685.03"])
        try fill(&chance, ward, officer, lan)
        for replica in [officer, lan] {
            for kind in [DocumentKind.report, .task] {
                for filter in filters() {
                    var plain: [Digest] = []
                    try replica.eachRow(kind, ListFilter(), limit: nil) { if fits(filter, $0) { plain.append($0.id) } }
                    for limit in [nil, 1, 7, 1000] {
                        var listed: [Digest] = []
                        try replica.eachRow(kind, filter, limit: limit) { listed.append($0.id) }
                        #expect(listed == Array(plain.prefix(limit ?? .max)), "\(kind) \(filter) \(limit ?? 0)")
                    }
                    #expect(try replica.count(kind, filter) == plain.count, "\(kind) \(filter)")
                }
                var states: [UInt8: Int] = [:]
                try replica.eachRow(kind, ListFilter(), limit: nil) { states[$0.status, default: 0] += 1 }
                #expect(try replica.stateCounts(kind) == states)
                #expect(try replica.count(kind) == states.values.reduce(0, +))
            }
            var unfinished = ListFilter()
            unfinished.tasks.isUnfinished = true
            unfinished.tasks.dueBefore = 1_795_000_000
            var plain: [Digest] = []
            try replica.eachRow(.task, ListFilter(), limit: nil) { row in
                if row.status < 3, let due = row.due, due < 1_795_000_000 { plain.append(row.id) }
            }
            var listed: [Digest] = []
            try replica.eachRow(.task, unfinished, limit: nil) { listed.append($0.id) }
            #expect(listed == plain && !plain.isEmpty)
            #expect(try replica.count(.task, unfinished) == plain.count)
        }
    }

    @Test func stateHashesAreThoseOfAllStatesReadAnew() throws {
        var chance = SeededChance("state sums")
        let ward = try TestWard()
        let officer = try ward.device(1, role: .officer, areas: ["06685"])
        let lan = try ward.device(2, role: .volunteer, areas: ["06685.03"])
        try fill(&chance, ward, officer, lan)
        for replica in [lan, officer, lan] { try ward.sync(replica) }
        let states = try ward.service.withCore { core in
            try core.countStates(most: 5)
            return try core.snapshotStates().map { (id: $0.id, hash: $0.hash, areas: $0.areas, kind: $0.kind) }
        }
        for (replica, area) in [(officer, "06685"), (officer, "06685.04"), (lan, "06685.03")] {
            let inside = states.filter { !$0.kind.isWardWide && AreaCode.anyCovers([area], $0.areas) }
            let expected = StateHash.combine(inside.map { (id: $0.id, hash: $0.hash) })
            let found = try replica.stateHash(.area(area))
            #expect(found.hash == expected && found.count == inside.count && found.count > 0)
            let status = try ward.service.withCore { core in try core.status(area: area) }
            #expect(status.areaHash == expected && status.areaDocuments == inside.count)
        }
        let before = try officer.stateHash(.area("06685")).hash
        _ = try officer.commit(FieldScenarioTests.report("06685.03"))
        #expect(try officer.stateHash(.area("06685")).hash == before)
        try ward.sync(officer)
        let after = try officer.stateHash(.area("06685")).hash
        #expect(after != before)
        #expect(try ward.service.withCore { core in try core.status(area: "06685") }.areaHash == after)
    }

    @Test func whatFewDocumentsAreIsFoundByItsIndexAndWhatMostAreByTheList() {
        var counts = Self.areas.map { DocumentCount(status: 6, isQueued: false, area: $0, count: 30_000) }
        counts.append(DocumentCount(status: 1, isQueued: false, area: "06685.03", count: 300))
        func sql(_ filter: ListFilter, limit: Int? = 200) -> String {
            ListQuery(.report, filter, limit: limit, counts).sql
        }
        #expect(sql(ListFilter(states: [1])).contains("INDEXED BY documents_states"))
        #expect(!sql(ListFilter(states: [6])).contains("INDEXED"))
        #expect(!sql(ListFilter(area: "06685.03")).contains("INDEXED"))
        #expect(!sql(ListFilter(area: "06685")).contains("area"))
        #expect(sql(ListFilter(area: "06685.99")).contains("INDEXED BY documents_states"))
        #expect(ListQuery(.report, ListFilter(area: "06685.03"), limit: 200, counts).fitting == 30_300)
    }

    @Test func noListGoesThroughTheTable() throws {
        let ward = try TestWard()
        let officer = try ward.device(1, role: .officer, areas: ["06685"])
        let counts = [
            DocumentCount(status: 6, isQueued: false, area: "06685.03", count: 90_000),
            DocumentCount(status: 1, isQueued: false, area: "06685.04", count: 300),
        ]
        var own = ListFilter()
        own.tasks.isOwn = true
        var queued = ListFilter()
        queued.isQueued = true
        for (filter, index) in [
            (ListFilter(), "documents_listing"), (ListFilter(states: [1]), "COVERING INDEX documents_states"),
            (ListFilter(area: "06685.04"), "COVERING INDEX documents_states"), (queued, "documents_queued"),
            (own, "documents_own"),
        ] {
            let query = ListQuery(.task, filter, limit: 200, counts)
            let plan = try officer.database.prepare(
                "EXPLAIN QUERY PLAN SELECT d.number\(query.sql) ORDER BY d.sort,d.number LIMIT ?3")
            var text = ""
            while try plan.step() { text += plan.text(3) + "\n" }
            #expect(text.contains(index) && !text.contains("SCAN d\n"), "\(query.sql): \(text)")
        }
    }
}
