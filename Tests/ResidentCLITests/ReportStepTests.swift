// Every step of a report's workflow for every role: as the table in the document says, or refused with a reason.
import Testing

@testable import CommandLineKit
@testable import ResidentCLI
@testable import SyncKit

@Suite struct ReportStepTests {
    /// Who acts. Each of them holds the report.
    enum Who: String, CaseIterable {
        case author, volunteer, lead, officer, admin, auditor
    }

    /// The document's table: from which state to which, and who.
    struct DocumentedSteps {
        var steps: [Int: [Int: Set<String>]] = [:]
        let states: [String]

        init() {
            states = documentTable("states of report").map { $0[1] }
            for row in documentTable("steps of report") {
                let to = Int(row[1].split(separator: " ")[0]) ?? 0
                let writers = Set(row[2].split(separator: ",").map { $0.split(separator: " ").joined() })
                for from in row[0].split(separator: ",") {
                    steps[Int(from.split(separator: " ").joined()) ?? 0, default: [:]][to] = writers
                }
            }
        }

        /// The shortest way from the first state to another.
        func path(to goal: Int) -> [Int] {
            var paths: [Int: [Int]] = [1: []]
            var queue = [1]
            while !queue.isEmpty {
                let state = queue.removeFirst()
                if state == goal { break }
                for next in (steps[state] ?? [:]).keys.sorted() where paths[next] == nil {
                    paths[next] = (paths[state] ?? []) + [next]
                    queue.append(next)
                }
            }
            return paths[goal] ?? []
        }

        func allows(_ who: Who, _ from: Int, _ to: Int) -> Bool { steps[from]?[to]?.contains(who.rawValue) ?? false }
    }

    struct Stage {
        let ward: MemoryWard
        let devices: [Who: Replica]

        init() throws {
            ward = try MemoryWard()
            devices = [
                .author: try ward.device(), .volunteer: try ward.device(.volunteer, ["06685.03"], "Lan"),
                .lead: try ward.device(.lead, ["06685.03"], "Tâm"),
                .officer: try ward.device(.officer, ["06685"], "Bình"),
                .admin: try ward.device(.admin, [], "Hà"), .auditor: try ward.device(.auditor, [], "Thu"),
            ]
        }

        func device(_ who: Who) throws -> Replica { try #require(devices[who]) }

        func syncAll() throws {
            for who in Who.allCases + Who.allCases { try ward.sync(try device(who)) }
        }

        func view(_ who: Who, _ id: Digest) throws -> DocumentView { try #require(try device(who).document(id)) }

        func move(_ who: Who, _ id: Digest, to state: Int) throws {
            let replica = try device(who)
            let draft = try ReportMove(view: try view(who, id), actor: try replica.actor()).draft(to: UInt8(state))
            _ = try replica.commit(draft)
        }

        /// A report of the author, brought to a state by those who may.
        func report(in state: Int, _ table: DocumentedSteps) throws -> Digest {
            let id = try ward.file(try device(.author))
            try ward.sync(try device(.author))
            var present = 1
            for next in table.path(to: state) {
                let who: Who = table.allows(.officer, present, next) ? .officer : .author
                try ward.sync(try device(who))
                try move(who, id, to: next)
                try ward.sync(try device(who))
                present = next
            }
            return id
        }
    }

    @Test func everyAllowedStepMovesTheReportAndTheWardAcceptsIt() throws {
        let table = DocumentedSteps()
        let stage = try Stage()
        #expect(table.states.count == 12 && WorkflowRules.stateNames(.report) == table.states)
        var cases: [(who: Who, from: Int, to: Int, id: Digest)] = []
        for from in 1...table.states.count {
            for to in 1...table.states.count {
                for who in Who.allCases where table.allows(who, from, to) {
                    cases.append((who, from, to, try stage.report(in: from, table)))
                }
            }
        }
        #expect(cases.count > 50)
        try stage.syncAll()
        for item in cases {
            let present = try stage.view(item.who, item.id).state.present.state
            #expect(Int(present) == item.from, "\(item)")
            try stage.move(item.who, item.id, to: item.to)
        }
        try stage.syncAll()
        for item in cases {
            let view = try stage.view(.officer, item.id)
            #expect(Int(try #require(view.accepted).present.state) == item.to, "\(item.who) \(item.from)→\(item.to)")
        }
    }

    @Test func everyOtherStepIsRefusedWithWhatIsPossibleAndTheWardRefusesItToo() throws {
        let table = DocumentedSteps()
        let stage = try Stage()
        let reports = try (1...table.states.count).map { try stage.report(in: $0, table) }
        try stage.syncAll()
        var unchecked: [(who: Who, draft: ChangeSetDraft)] = []
        for (index, id) in reports.enumerated() {
            let from = index + 1
            for who in Who.allCases {
                let view = try stage.view(who, id)
                let actor = try stage.device(who).actor()
                let possible = (1...table.states.count).filter { table.allows(who, from, $0) }
                #expect(Permission.steps(actor, view.state).map(Int.init) == possible, "\(who) \(from)")
                for to in 1...table.states.count where !table.allows(who, from, to) {
                    let isStep = table.steps[from]?[to] != nil
                    let error = #expect(throws: ErrorReport.self) {
                        _ = try ReportMove(view: view, actor: actor).draft(to: UInt8(to))
                    }
                    let report = try #require(error)
                    #expect(report.exit == .refused && report.loss == .nothingChanged)
                    #expect(
                        report.code == (isStep ? "rule.notPermitted" : "rule.stepNotAllowed"), "\(who) \(from)→\(to)")
                    for language in [Language.vi, .en] {
                        let next = language.text(report.next)
                        #expect(!language.text(report.happened).isEmpty && !next.isEmpty)
                        for step in possible {
                            let word = try #require(StepWord(rawValue: UInt8(step))).message
                            #expect(next.contains(language == .vi ? word.vi : word.en), "\(next)")
                        }
                        if possible.isEmpty, who == .volunteer || who == .lead { #expect(next.contains("propose")) }
                    }
                    var draft = ChangeSetDraft(kind: .report, document: id)
                    draft.perform(
                        .transition(
                            Slot(field: Schema.stateField), to: UInt8(to), follows: view.state.present.dot))
                    #expect(throws: ReplicaError.self) { _ = try stage.device(who).commit(draft) }
                    unchecked.append((who, draft))
                }
            }
        }
        #expect(unchecked.count > 700)
        for item in unchecked { _ = try stage.device(item.who).commit(item.draft, checksEarly: false) }
        try stage.syncAll()
        for who in Who.allCases {
            let replica = try stage.device(who)
            let problems = try replica.problems(of: replica.device, limit: 1000)
            #expect(problems.count == unchecked.filter { $0.who == who }.count)
            #expect(problems.allSatisfy { $0.stored.verdict == .refused })
        }
        for (index, id) in reports.enumerated() {
            #expect(Int(try #require(try stage.view(.officer, id).accepted).present.state) == index + 1)
        }
    }

    @Test func onlyTeamsProposeAndAProposalIsOpenUntilSomebodyElseActs() throws {
        let stage = try Stage()
        let id = try stage.ward.file(try stage.device(.author))
        try stage.syncAll()
        func propose(_ who: Who) throws {
            var draft = ChangeSetDraft(kind: .report, document: id)
            draft.perform(
                .append(Slot(field: ReportField.proposals)), .array([.text(ReportCode.flag), .text("Nguy hiểm")]))
            _ = try stage.device(who).commit(draft)
        }
        for who in Who.allCases where who != .volunteer && who != .lead {
            #expect(throws: ReplicaError(.refused(.notPermitted))) { try propose(who) }
        }
        try propose(.volunteer)
        try propose(.lead)
        try stage.syncAll()
        #expect(try stage.view(.officer, id).state.openProposals.count == 2)
        func comment(_ who: Who) throws {
            var draft = ChangeSetDraft(kind: .report, document: id)
            draft.perform(.append(Slot(field: ReportField.comments)), .text("Đã xem"))
            _ = try stage.device(who).commit(draft)
            try stage.syncAll()
        }
        try comment(.volunteer)
        #expect(try stage.view(.officer, id).state.openProposals.count == 1)
        try comment(.officer)
        #expect(try stage.view(.officer, id).state.openProposals.isEmpty)
        try propose(.lead)
        try stage.syncAll()
        #expect(try stage.view(.officer, id).state.openProposals.count == 1)
        try stage.move(.officer, id, to: 2)
        #expect(try stage.view(.officer, id).state.openProposals.isEmpty)
    }

    @Test func aReportOutsideOfOnesAreasSaysSo() throws {
        let ward = try MemoryWard()
        let officer = try ward.device(.officer, ["06685"])
        let id = try ward.file(officer, area: "06685.03")
        let view = try #require(try officer.document(id))
        let elsewhere = Actor(device: DeviceID(.zero), role: .officer, areas: ["06685.04"])
        let error = #expect(throws: ErrorReport.self) {
            _ = try ReportMove(view: view, actor: elsewhere).draft(to: ReportStateNumber.classified.rawValue)
        }
        #expect(error?.code == "rule.outsideArea")
    }
}
