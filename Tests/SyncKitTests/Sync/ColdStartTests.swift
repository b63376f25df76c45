// A new device is given states in place of histories; histories come on demand, go when they rest, and erasing works.

import LinkSimulation
import Testing

@testable import SyncKit

@Suite struct ColdStartTests {
    private struct World {
        let ward: TestWard
        let officer: Replica
        let lan: Replica
        var reports: [Digest] = []

        init(reports count: Int = 30) throws {
            ward = try TestWard(seed: 5)
            officer = try ward.device(1, role: .officer, areas: ["06685"], name: "Cán bộ")
            lan = try ward.device(2, role: .volunteer, areas: ["06685.03"], name: "Lan")
            for number in 0..<count {
                let name = (slot: Slot(field: ReportField.reporterName), value: "Bà Hoa \(number)")
                let report = FieldScenarioTests.report("06685.03")
                reports.append(try lan.commit(report, privates: [name]).document)
            }
            try ward.sync(lan)
            try ward.sync(officer)
            for id in reports { _ = try officer.commit(ColdStartTests.edit(id, "road")) }
            try ward.sync(officer)
            try ward.sync(lan)
        }

        func backUp() throws {
            try ward.service.withCore { (core: WardCore) throws(StoreError) in try core.noteBackup(upTo: core.size) }
        }

        func hold(_ replica: Replica, _ place: SourceLocation = #_sourceLocation) throws {
            for id in reports {
                let right = try ward.service.withCore { (core: WardCore) throws(StoreError) in
                    try core.documentState(id)
                }
                let view = try replica.document(id)
                #expect(view?.accepted?.canonical == right?.canonical && right != nil, sourceLocation: place)
            }
        }
    }

    static func edit(_ id: Digest, _ category: String) -> ChangeSetDraft {
        var draft = ChangeSetDraft(kind: .report, document: id)
        draft.perform(.set(Slot(field: ReportField.category)), .text(category))
        return draft
    }

    private func bases(_ replica: Replica) throws -> Int64? {
        try replica.database.integer("SELECT count(*) FROM bases")
    }

    /// What is derived from a store's log and states, in words.
    private func derived(_ replica: Replica) throws -> [String] {
        let queries: [(columns: Int32, sql: String)] = [
            (
                21,
                """
                SELECT hex(d.id),d.kind,d.position,d.hidden,d.pending,d.flags,d.status,d.area,d.sort,d.updated,d.title,
                d.detail,hex(d.state),hex(k.key),d.sequence,r.category,r.filed,r.steps,r.waiting,s.title,s.body
                FROM documents d LEFT JOIN reports r ON r.document=d.number
                LEFT JOIN search s ON s.rowid=d.number LEFT JOIN devices k ON k.number=d.creator ORDER BY d.id
                """
            ),
            (5, "SELECT kind,status,queued,area,count FROM document_counts WHERE count<>0 ORDER BY 1,2,3,4"),
            (3, "SELECT scope,hex(sum),count FROM state_sums WHERE count<>0 ORDER BY 1"),
            (1, "SELECT word FROM search_words ORDER BY 1"),
        ]
        var found: [String] = []
        for query in queries {
            let statement = try replica.database.prepare(query.sql)
            defer { statement.reset() }
            while try statement.step() {
                found.append((0..<query.columns).map { statement.text($0) }.joined(separator: "|"))
            }
        }
        return found
    }

    @Test func aColdStartWritesWhatARebuildWould() throws {
        var world = try World()
        try world.backUp()
        let late = try world.lan.commit(FieldScenarioTests.report("06685.03")).document
        _ = try world.lan.commit(Self.edit(world.reports[0], "power"))
        try world.ward.sync(world.lan)
        world.reports.append(late)
        let binh = try world.ward.device(3, role: .officer, areas: ["06685"], name: "Bình")
        try world.ward.sync(binh)
        // The second time one of them is known by its state already.
        _ = try world.officer.commit(Self.edit(world.reports[1], "power"))
        try world.ward.sync(world.officer)
        try world.ward.sync(binh)
        let written = try derived(binh)
        #expect(written.count > 31 && written.contains { $0.hasSuffix("|31") })
        _ = try binh.rebuild()
        #expect(try derived(binh) == written)
    }

    @Test func aNewDeviceIsGivenStatesOfWhatIsInABackup() throws {
        var world = try World()
        try world.backUp()
        // What came after the backup goes with its change sets.
        let late = try world.lan.commit(FieldScenarioTests.report("06685.03")).document
        _ = try world.lan.commit(Self.edit(world.reports[0], "power"))
        try world.ward.sync(world.lan)
        world.reports.append(late)
        let binh = try world.ward.device(3, role: .officer, areas: ["06685"], name: "Bình")
        let report = try world.ward.sync(binh)
        #expect(report.documents.count == 31 && report.rounds == 1)
        #expect(try bases(binh) == 29)
        try world.hold(binh)
        let view = try #require(try binh.document(world.reports[5]))
        #expect(view.isHistoryCompacted && view.history.isEmpty)
        #expect(try binh.document(late)?.isHistoryCompacted == false)
        // Private values are open to those who may read them, and authors have names.
        let entry = try #require(view.state.shown(ReportField.reporterName))
        #expect(try binh.disclosed(entry, Slot(field: ReportField.reporterName)) == "Bà Hoa 5")
        #expect(try binh.person(world.lan.device).name == "Lan")
        // It goes on with the log, and its own work counts on top.
        _ = try world.lan.commit(Self.edit(world.reports[6], "tree"))
        try world.ward.sync(world.lan)
        _ = try binh.commit(Self.edit(world.reports[7], "flood"))
        try world.ward.sync(binh)
        try world.hold(binh)
        #expect(try world.ward.sync(binh).rounds == 1)
        // A rebuild makes the same of it.
        try binh.rebuild()
        try world.hold(binh)
        #expect(try binh.unsoundDocuments().isEmpty)
    }

    @Test func aShortLogThatIsInNoBackupComesWithItsHistories() throws {
        let world = try World(reports: 4)
        let binh = try world.ward.device(3, role: .officer, areas: ["06685"])
        try world.ward.sync(binh)
        #expect(try bases(binh) == 0)
        try world.hold(binh)
    }

    @Test(arguments: [false, true])
    func ofWhatIsInNoBackupTheNewestComeWithTheirHistories(hasOlderBackup: Bool) throws {
        let world = try World(reports: 40)
        if hasOlderBackup {
            try world.ward.service.withCore { (core: WardCore) throws(StoreError) in try core.noteBackup(upTo: 20) }
        }
        _ = try world.lan.commit(Self.edit(world.reports[2], "tree"))
        try world.ward.sync(world.lan)
        world.ward.service.withCore { core in core.witnessLimit = 9 }
        let binh = try world.ward.device(3, role: .officer, areas: ["06685"])
        let frames = try recorded(binh, world)
        // What a restore asks for is kept as it was signed: no state goes with it.
        #expect(frames.map { "\($0.changes.count) \($0.compacted.states.count)" } == ["0 0", "9 0", "0 36", "0 0"])
        try world.hold(binh)
        // Three change sets of the one that was edited last, and two of each of the three before it.
        #expect(try bases(binh) == 36)
        let whole = try world.reports.indices.filter { index in
            try binh.document(world.reports[index])?.isHistoryCompacted == false
        }
        #expect(whole.count == 4 && whole.contains(2))
        // Cut off behind what goes first, it is not sent that again.
        let cut = try world.ward.device(4, role: .officer, areas: ["06685"])
        try sync(cut, world, frames: 2)
        let rest = try recorded(cut, world)
        #expect(rest.map { "\($0.changes.count) \($0.compacted.states.count)" } == ["0 36", "0 0"])
        try world.hold(cut)
        // It goes on with the log, and alone of what it holds the rest comes on demand.
        _ = try world.lan.commit(Self.edit(world.reports[6], "flood"))
        try world.ward.sync(world.lan)
        try binh.askForHistory(of: world.reports[7])
        try world.ward.sync(binh)
        try world.hold(binh)
        #expect(try bases(binh) == 35)
    }

    @Test func aLargeDocumentAndWhatTheWardMakesKeepNothingOfTheRestBack() throws {
        let world = try World(reports: 40)
        for place in 0..<10 {
            _ = try world.officer.commit(Self.edit(world.reports[39], "c\(place)"))
            try world.ward.sync(world.officer)
        }
        _ = try world.ward.service.withCore { core throws(StoreError) in
            try core.author(
                (0..<20).map { place in
                    var draft = ChangeSetDraft(kind: .procedure)
                    draft.perform(.set(Slot(field: ProcedureField.name)), .text("Thủ tục \(place)"))
                    return draft
                })
        }
        world.ward.service.withCore { core in core.witnessLimit = 9 }
        let binh = try world.ward.device(3, role: .officer, areas: ["06685"])
        try world.ward.sync(binh)
        try world.hold(binh)
        // Twelve change sets of the last report; two of each of the four before it.
        let whole = try world.reports.indices.filter { index in
            try binh.document(world.reports[index])?.isHistoryCompacted == false
        }
        #expect(whole == [35, 36, 37, 38])
    }

    @Test func noStateIsNewerThanItSaysThoughTheLogGrowsWhileItIsSent() throws {
        let world = try World(reports: 40)
        world.ward.service.withCore { core in core.witnessLimit = 9 }
        let binh = try world.ward.device(3, role: .officer, areas: ["06685"])
        var client = SyncClient(binh)
        var isDone = false
        var transport = FrameTransport(ward: world.ward) {
            if isDone { return }
            isDone = true
            for place in 0..<5 { _ = try world.officer.commit(Self.edit(world.reports[place], "tree")) }
            try world.ward.sync(world.officer)
        }
        try client.run(&transport)
        #expect(isDone)
        for base in try binh.bases().values { #expect(base.state.lastPosition <= base.asOf) }
        #expect(try bases(binh) == 31)
        try world.ward.sync(binh)
        try world.hold(binh)
    }

    /// Syncs a device until so many frames of the answer have come.
    private func sync(_ replica: Replica, _ world: World, frames: Int) throws {
        var client = SyncClient(replica)
        // Asked before the round, and then after each frame.
        var asked = 0
        client.isStopped = {
            asked += 1
            return asked > frames
        }
        var transport = DirectTransport(service: world.ward.service)
        do throws(SyncFailure) { try client.run(&transport) } catch {
            if case .interrupted = error {} else { throw error }
        }
    }

    /// Syncs a device, and gives the frames that it was sent.
    private func recorded(_ replica: Replica, _ world: World) throws -> [SyncAnswer] {
        var client = SyncClient(replica)
        var transport = RecordingTransport(direct: DirectTransport(service: world.ward.service))
        try client.run(&transport)
        return try transport.exchanges.flatMap { exchange in
            let request = try ExchangeVectors.blocks(exchange.request).first?.payload ?? []
            return try ExchangeVectors.blocks(exchange.answer).map {
                try replica.readAnswer($0.payload, to: SignedRequest(request))
            }
        }
    }

    /// A cut answer goes on where it was cut, though what goes first is not what it was.
    @Test func aColdStartThatWasCutLeavesNothingOutWhereOtherDocumentsGoFirstNow() throws {
        // After the grant; after what goes first.
        for cuts in 1...2 {
            let world = try World(reports: 60)
            world.ward.service.withCore { core in
                core.witnessLimit = 40
                core.answerLimit = 500
            }
            let binh = try world.ward.device(3, role: .officer, areas: ["06685"], name: "Bình")
            for _ in 0..<cuts {
                try sync(binh, world, frames: 1)
            }
            // Edits side by side on the oldest document, and others on some that waited.
            _ = try world.lan.commit(Self.edit(world.reports[0], "tree"))
            var address = ChangeSetDraft(kind: .report, document: world.reports[0])
            address.perform(.set(Slot(field: ReportField.address)), .text("Ngõ 12"))
            _ = try world.officer.commit(address)
            for place in [5, 30, 59] { _ = try world.officer.commit(Self.edit(world.reports[place], "flood")) }
            for replica in [world.lan, world.officer] { try world.ward.sync(replica) }
            world.ward.service.withCore { core in core.witnessLimit = 80 }
            try world.ward.sync(binh)
            try world.ward.sync(binh)
            try world.hold(binh)
            #expect(try binh.count(.report) == 60)
        }
    }

    /// Whatever goes first in each of several answers, and wherever each of them is cut, every document comes.
    @Test func cutsLeaveNothingOutHoweverOftenOtherDocumentsGoFirst() throws {
        var chance = SeededChance("cuts of cold starts")
        let world = try World(reports: 12)
        let binh = try world.ward.device(3, role: .officer, areas: ["06685"], name: "Bình")
        let prepared = try binh.prepareRequest()
        var (resumed, others) = (0, 0)
        for round in 0..<400 {
            try world.ward.service.withCore { (core: WardCore) throws in
                var request = try SyncRequest(
                    verifying: ExchangeVectors.blocks(prepared.body)[0].payload, ward: world.ward.service.ward,
                    scheme: world.ward.scheme)
                let expected = Set(core.documents.values.filter { $0.kind == .report }.map(\.number))
                var delivered: Set<Int64> = []
                var last: UInt64?
                for cut in 0..<40 {
                    // Few sets, so that some come again.
                    core.witnessLimit = [3, 6, 12, 20][chance.below(4)]
                    var answer = WardAnswer(request: request, head: core.size, position: 0)
                    try core.beginCold(&answer, resumes: last != nil)
                    if let last, answer.cold?.mark == 0 {
                        others += WardAnswer.StateCursor(rawValue: last).mark > 0 ? 1 : 0
                    }
                    let count = cut == 39 ? answer.entering.count : chance.below(answer.entering.count + 1)
                    delivered.formUnion(answer.entering.prefix(count))
                    if count == answer.entering.count { break }
                    guard count > 0 else { continue }
                    last = answer.cursor(at: count - 1)
                    request.backfillCursor = answer.cursor(at: count - 1)
                    resumed += 1
                }
                #expect(delivered.isSuperset(of: expected), "round \(round)")
            }
        }
        #expect(resumed > 400 && others > 100)
    }

    @Test func aHistoryComesOnDemand() throws {
        let world = try World(reports: 12)
        try world.backUp()
        let binh = try world.ward.device(3, role: .officer, areas: ["06685"])
        try world.ward.sync(binh)
        // More than one request asks for.
        for id in world.reports.prefix(10) + [.zero] { try binh.askForHistory(of: id) }
        let report = try world.ward.sync(binh)
        #expect(report.rounds == 2)
        #expect(try bases(binh) == 2)
        for (index, id) in world.reports.enumerated() {
            let view = try #require(try binh.document(id))
            #expect(view.history.count == (index < 10 ? 2 : 0) && view.isHistoryCompacted == (index >= 10))
        }
        try world.hold(binh)
        #expect(try world.ward.sync(binh).rounds == 1)
    }

    @Test func aColdStartThatWasCutGoesOn() throws {
        let world = try World(reports: 60)
        try world.backUp()
        world.ward.service.withCore { core in core.answerLimit = 500 }
        let binh = try world.ward.device(3, role: .officer, areas: ["06685"])
        var rounds = 0
        // One answer at a time, and work in between: what it sees of the delivered documents counts as seen.
        var edited: Set<Digest> = []
        while rounds < 200 {
            try sync(binh, world, frames: 1)
            rounds += 1
            if let id = world.reports.first(where: { !edited.contains($0) && ((try? binh.document($0)) ?? nil) != nil }
            ), edited.count < 5 {
                edited.insert(id)
                _ = try binh.commit(Self.edit(id, "noise"))
            }
            if try binh.seen().position.index > 0, try binh.pendingCount() == 0 { break }
        }
        try world.ward.sync(binh)
        try world.hold(binh)
        for id in edited {
            let state = try #require(try binh.document(id)?.accepted)
            #expect(state.entries(ReportField.category).count == 1 && state.conflicts.isEmpty)
        }
        #expect(edited.count == 5)
        #expect(try binh.pendingCount() == 0)
    }

    @Test func restingHistoriesGoAndComeBack() throws {
        let world = try World(reports: 8)
        // A private value that was replaced goes with the history; the one that stands stays readable.
        let name = Slot(field: ReportField.reporterName)
        _ = try world.lan.commit(
            ChangeSetDraft(kind: .report, document: world.reports[5]), privates: [(name, "Bà Hoa Mai")])
        try world.ward.sync(world.lan)
        try world.ward.sync(world.officer)
        let disclosed = try world.officer.database.integer("SELECT count(*) FROM disclosures")
        #expect(disclosed == 9)
        try world.backUp()
        _ = try world.officer.commit(Self.edit(world.reports[0], "power"))
        try world.ward.sync(world.officer)
        // Not before they rest, and nothing that is not in a backup.
        #expect(try world.officer.compact().documents == 0)
        world.ward.time.advance(seconds: Replica.restSeconds + 10)
        try world.ward.sync(world.officer)
        let done = try world.officer.compact()
        #expect(done.documents == 7 && done.changes == 8)
        #expect(try world.officer.database.integer("SELECT count(*) FROM disclosures") == 8)
        let entry = try #require(try world.officer.document(world.reports[5])?.state.shown(ReportField.reporterName))
        #expect(try world.officer.disclosed(entry, name) == "Bà Hoa Mai")
        try world.hold(world.officer)
        #expect(try world.officer.unsoundDocuments().isEmpty)
        // The next change stands on the state, and an old history comes back whole.
        _ = try world.lan.commit(Self.edit(world.reports[3], "tree"))
        try world.ward.sync(world.lan)
        let officer = world.officer
        try officer.askForHistory(of: world.reports[4])
        try world.ward.sync(officer)
        try world.hold(officer)
        #expect(try officer.document(world.reports[4])?.history.count == 2)
        try officer.rebuild()
        try world.hold(officer)
    }

    @Test func aDocumentThatLeavesTakesItsStateAlong() throws {
        let world = try World(reports: 5)
        try world.backUp()
        let binh = try world.ward.device(3, role: .lead, areas: ["06685.03"])
        try world.ward.sync(binh)
        #expect(try bases(binh) == 5)
        var move = ChangeSetDraft(kind: .report, document: world.reports[1])
        move.perform(.set(Slot(field: ReportField.area)), .text("06685.04"))
        _ = try world.officer.commit(move)
        try world.ward.sync(world.officer)
        #expect(try world.ward.sync(binh).left == 1)
        #expect(try bases(binh) == 4)
        #expect(try binh.document(world.reports[1]) == nil)
        let left = try binh.database.integer("SELECT count(*) FROM disclosures")
        #expect(left == 4)
    }
}
