// Erasing: what somebody wrote goes everywhere, what was signed stays, and replicas agree.

import Testing

@testable import SyncKit

@Suite struct ErasingTests {
    private static let secret = "Bí mật của bà Hoa"

    private func audit(_ world: OrderTests.World) throws -> [AuditFinding] {
        let descriptor = world.ward.descriptor
        return try world.ward.service.withCore { (core: WardCore) throws(StoreError) in
            try core.flush()
            return try core.audit(descriptor: descriptor, scheme: SimulatedScheme())?.findings ?? []
        }
    }

    /// Whether any row of a table holds the text.
    static func holds(_ database: Database, _ text: String) throws -> Bool {
        for (table, column) in [
            ("changes", "body"), ("documents", "state"), ("documents", "title"), ("quarantine", "body"),
            ("search", "title"), ("search", "body"), ("disclosures", "value"), ("bases", "state"),
        ] {
            let found = try database.prepare(
                "SELECT count(*) FROM \(table) WHERE instr(CAST(\(column) AS BLOB),?1)>0"
            ).bind(1, Bytes(text.utf8))
            defer { found.reset() }
            if try found.step(), found.integer(0) > 0 { return true }
        }
        return false
    }

    private func ward(_ world: OrderTests.World, holds text: String) throws -> Bool {
        try world.ward.service.withCore { core in try Self.holds(core.database, text) }
    }

    private func agree(_ world: OrderTests.World, _ id: Digest, _ replicas: [Replica]) throws {
        let state = try world.ward.service.withCore { (core: WardCore) throws(StoreError) in
            try core.documentState(id)
        }
        for replica in replicas {
            #expect(try replica.document(id)?.accepted?.hash == state?.hash)
        }
    }

    @Test func aCommentGoesFromTheWardAndEveryReplicaAndNothingElseDoes() throws {
        let folder = try RestoreFolder()
        let world = try OrderTests.World(seed: 71, path: folder.path + "/ward.db")
        let (lan, mai, officer) = (world.lan, world.mai, world.officer)
        let report = try lan.commit(FieldScenarioTests.report("06685.03")).document
        let bad = try lan.commit(OrderTests.comment(report, Self.secret))
        _ = try lan.commit(OrderTests.comment(report, "Đèn vẫn tắt"))
        try world.sync(lan, mai, officer, world.hung)
        let order = try world.give(
            Order(.erase, bad.dot, id: world.id(mai, bad), reason: "Có tên người khác"), by: mai)
        #expect(try world.given(order, on: mai)?.status == .done)
        try world.sync(lan, officer, world.hung)
        let late = try world.ward.device(711, role: .officer, areas: ["06685"], name: "Mới")
        try world.sync(late)
        for replica in [lan, mai, officer, world.hung, late] {
            #expect(try !Self.holds(replica.database, Self.secret))
            let comments = try #require(try replica.document(report)?.accepted).entries(ReportField.comments)
            #expect(comments.map(\.value.isEmpty) == [true, false])
            #expect(try replica.unsoundDocuments().isEmpty)
        }
        try agree(world, report, [lan, mai, officer, world.hung, late])
        #expect(try !ward(world, holds: Self.secret) && audit(world) == [])
        let before = try #require(try lan.document(report)?.accepted).canonical
        for isRebuilding in [false, true] {
            try world.ward.reopen(rebuilding: isRebuilding)
            #expect(try audit(world) == [])
            try agree(world, report, [lan, late])
        }
        try lan.rebuild()
        #expect(try lan.document(report)?.accepted?.canonical == before)
        // Lan goes on where nothing happened, and the same once more changes nothing.
        _ = try lan.commit(OrderTests.comment(report, "Cảm ơn"))
        let again = try world.give(Order(.erase, bad.dot, id: world.id(lan, bad), reason: "Lần nữa"), by: world.hung)
        try world.sync(lan)
        #expect(try world.given(again, on: world.hung)?.entry == nil)
        #expect(try lan.pendingCount() == 0 && audit(world) == [])
    }

    /// A device that holds states in place of histories empties them, and fetches what the rest is made of.
    @Test func whatIsErasedGoesFromStatesInPlaceOfHistories() throws {
        let folder = try RestoreFolder()
        let world = try OrderTests.World(seed: 73, path: folder.path + "/ward.db")
        let (lan, mai) = (world.lan, world.mai)
        let report = try lan.commit(FieldScenarioTests.report("06685.03")).document
        let other = try lan.commit(FieldScenarioTests.report("06685.03")).document
        let bad = try lan.commit(OrderTests.comment(report, Self.secret))
        _ = try lan.commit(OrderTests.comment(report, "Đèn vẫn tắt"))
        try world.sync(lan, mai)
        try world.ward.service.withCore { (core: WardCore) throws(StoreError) in try core.noteBackup(upTo: core.size) }
        let late = try world.ward.device(731, role: .officer, areas: ["06685"], name: "Mới")
        try world.sync(late)
        #expect(try late.database.integer("SELECT count(*) FROM bases") == 2)
        #expect(try Self.holds(late.database, Self.secret))
        _ = try world.give(Order(.erase, bad.dot, id: world.id(mai, bad), reason: "Có tên người khác"), by: mai)
        try world.sync(late, lan)
        #expect(try !Self.holds(late.database, Self.secret))
        try agree(world, report, [lan, mai, late])
        try agree(world, other, [late])
        // Of the one the history is there now, of the other it is not needed.
        #expect(try late.document(report)?.history.count == 3)
        #expect(try late.database.integer("SELECT count(*) FROM bases") == 1)
        #expect(try late.database.integer("SELECT count(*) FROM wanted") == 0)
    }

    @Test func aReportWhoseCreationIsErasedStaysWhereItIsAndWhatItIsAbout() throws {
        let folder = try RestoreFolder()
        let world = try OrderTests.World(seed: 72, path: folder.path + "/ward.db")
        let resident = try world.ward.device(720)
        var draft = FieldScenarioTests.report("06685.03")
        draft.perform(.set(Slot(field: ReportField.description)), .text(Self.secret))
        let saved = try resident.commit(
            draft, privates: [(Slot(field: ReportField.reporterName), "Bà Hoa")])
        try world.sync(resident, world.officer, world.mai, world.minh)
        #expect(try world.officer.disclosed(saved.dot, Slot(field: ReportField.reporterName)) == "Bà Hoa")
        try world.give(
            Order(.erase, saved.dot, id: saved.document, reason: "Người báo yêu cầu"), by: world.mai)
        try world.sync(resident, world.officer, world.lan, world.mai)
        for replica in [resident, world.officer, world.lan, world.mai] {
            let state = try #require(try replica.document(saved.document)?.accepted)
            #expect(state.text(ReportField.category) == "lighting" && state.areas == ["06685.03"])
            #expect(state.text(ReportField.description) == nil && state.text(ReportField.title) == nil)
            #expect(try replica.disclosed(saved.dot, Slot(field: ReportField.reporterName)) == nil)
            #expect(try !Self.holds(replica.database, Self.secret) && !Self.holds(replica.database, "Bà Hoa"))
        }
        #expect(try world.minh.document(saved.document) == nil)
        try agree(world, saved.document, [resident, world.officer, world.lan, world.mai])
        // It can be worked on, and leaves for another area as before.
        var step = ChangeSetDraft(kind: .report, document: saved.document)
        step.perform(.set(Slot(field: ReportField.area)), .text("06685.04"))
        _ = try world.officer.commit(step)
        try world.sync(world.officer, world.lan, world.minh)
        #expect(try world.minh.document(saved.document)?.accepted?.areas == ["06685.04"])
        #expect(try world.lan.document(saved.document) == nil)
        #expect(try audit(world) == [])
        try world.ward.reopen(rebuilding: true)
        #expect(try audit(world) == [])
        try world.sync(world.minh, resident)
        try agree(world, saved.document, [world.minh, resident])
    }

    @Test func aPublicationForgetsWithItsReport() throws {
        let folder = try RestoreFolder()
        let world = try OrderTests.World(seed: 73, path: folder.path + "/ward.db")
        let chief = try world.ward.device(730, role: .officer, areas: ["06685"], name: "Trưởng")
        let report = try world.lan.commit(FieldScenarioTests.report("06685.03")).document
        try world.sync(world.lan, chief)
        for to in [UInt8(6), 7] {
            var draft = try RestoreTests.step(.report, report, to, by: chief)
            if to == 7 {
                draft.perform(.set(Slot(field: ReportField.publicTitle)), .text("Đèn đường"))
                draft.perform(.set(Slot(field: ReportField.publicText)), .text(Self.secret))
            }
            _ = try chief.commit(draft)
            try world.sync(chief)
        }
        try world.sync(world.minh)
        #expect(try Self.holds(world.minh.database, Self.secret))
        let published = try #require(
            try chief.document(report)?.history.last { $0.change.header.device == chief.device })
        try world.give(
            Order(.erase, published.change.dot, id: published.change.id, reason: "Lộ tên người báo"), by: world.mai)
        try world.sync(world.minh, chief, world.lan)
        for replica in [world.minh, chief, world.lan] { #expect(try !Self.holds(replica.database, Self.secret)) }
        #expect(try !ward(world, holds: Self.secret) && audit(world) == [])
        try world.ward.reopen(rebuilding: true)
        #expect(try audit(world) == [])
    }

    @Test func whatIsHeldIsErasedTooAndAnOrderIsNot() throws {
        let world = try OrderTests.World(seed: 74)
        let report = try world.lan.commit(FieldScenarioTests.report("06685.03")).document
        try world.sync(world.lan)
        let revoked = try world.give(Order(.revoke, world.lan.device, reason: "Mất máy"), by: world.mai)
        let held = try world.lan.commit(OrderTests.comment(report, Self.secret))
        try world.sync(world.lan, world.hung)
        #expect(try Self.holds(world.hung.database, Self.secret))
        try world.give(Order(.erase, held.dot, id: world.id(world.lan, held), reason: "Xúc phạm"), by: world.mai)
        try world.sync(world.hung, world.lan)
        #expect(try !Self.holds(world.hung.database, Self.secret) && !ward(world, holds: Self.secret))
        let dot = try #require(try world.mai.document(revoked)).state.creation
        let refused = try world.give(Order(.erase, dot, id: revoked, reason: "Thử"), by: world.mai)
        #expect(try world.given(refused, on: world.mai)?.why == "order")
        let empty = try world.give(
            Order(.release, held.dot, id: world.id(world.lan, held), reason: "Thử"), by: world.mai)
        #expect(try world.given(empty, on: world.mai)?.why == "rule_9")
        #expect(try audit(world) == [])
    }

    @Test func anErasureFromAfterTheBackupIsErasedAgain() throws {
        for turn in 0..<3 {
            let folder = try RestoreFolder()
            let world = try OrderTests.World(seed: 75 + UInt64(turn), path: folder.path + "/ward.db")
            let (lan, mai, officer) = (world.lan, world.mai, world.officer)
            let report = try lan.commit(FieldScenarioTests.report("06685.03")).document
            let bad = try lan.commit(OrderTests.comment(report, Self.secret))
            try world.sync(lan, mai, officer)
            try world.ward.copy(to: folder.path + "/copy.db")
            try world.give(Order(.erase, bad.dot, id: world.id(mai, bad), reason: "Có tên người khác"), by: mai)
            try world.sync(lan, mai)
            try world.ward.restore(from: folder.path + "/copy.db")
            var coming = [lan, officer, mai]
            coming.swapAt(0, turn)
            for _ in 0..<4 { for replica in coming { try world.sync(replica) } }
            #expect(try !ward(world, holds: Self.secret))
            for replica in coming { #expect(try !Self.holds(replica.database, Self.secret)) }
            try agree(world, report, coming)
            #expect(try audit(world) == [])
        }
    }
}
