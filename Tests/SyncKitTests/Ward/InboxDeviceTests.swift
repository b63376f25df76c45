// Devices and change sets that do not count in the inbox: held, refused, wrong clocks, copies, lost phones, faults.

import Glibc
import Testing

@testable import SyncKit

@Suite struct InboxDeviceTests {
    @Test func whatNamesSomethingUnknownIsHeldWithWhatIsMissingUntilItComes() throws {
        let world = try InboxWorld()
        let id = try world.report()
        try world.settle()
        let hidden = try world.set(world.lan, .report, id, ReportField.title, .text("Chưa gửi"))
        let step = Dot(device: world.minh.device, sequence: 77)
        var draft = ChangeSetDraft(kind: .report, document: id)
        draft.perform(.transition(Slot(field: Schema.stateField), to: 2, follows: step))
        let held = try world.officer.commit(draft, checksEarly: false)
        try world.sync([world.officer])
        let item = try world.one(.missing)
        #expect(item.pending?.dot == held.dot && item.pending?.isHeld == true)
        #expect(item.pending?.missing == [step] && item.pending?.isDocumentMissing == false)
        #expect(item.owner.role == .admin && item.severity == .medium && hidden.document == id)
        world.ward.time.advance(seconds: 4 * 86_400)
        try world.sync([world.admin])
        #expect(try world.one(.missing).severity == .high)
        #expect(try world.one(.missing).raise == .old)
        // The admin's device knows it too, and declines it with a reason.
        let seen = try #require(try world.page(on: world.admin, .missing).items.first)
        #expect(seen.key == item.key && seen.pending?.missing == [step])
        let actions = try world.actions(world.admin, seen)
        #expect(actions == [.release, .decline])
        #expect(try world.actions(world.lead, seen).isEmpty)
        let pending = try #require(seen.pending)
        _ = try world.admin.commit(Order(.decline, pending.dot, id: pending.id, reason: "Không còn cần").draft)
        try world.settle()
        #expect(try world.page(.missing).total == 0)
        #expect(try world.page(on: world.admin, .missing).total == 0)
        #expect(try world.officer.orders(on: pending.id).map(\.order.reason) == ["Không còn cần"])
    }

    @Test func aRoleThatEndedIsExtendedAndAWrongAreaIsTold() throws {
        let world = try InboxWorld()
        let hoa = try world.ward.device(995)
        try world.ward.service.withCore { core in
            try core.admit(
                Grant(
                    device: hoa.device, sealingKey: hoa.sealingKey.publicKey, role: .volunteer, areas: ["06685.03"],
                    validFrom: 0, validUntil: world.ward.time.nowSeconds() + 3600, name: "Hoa"))
        }
        try world.sync([hoa])
        world.ward.time.advance(seconds: 7200)
        let late = try hoa.commit(FieldScenarioTests.report("06685.03"), checksEarly: false)
        let away = try world.lan.commit(FieldScenarioTests.report("06685.09"), checksEarly: false)
        try world.sync([hoa, world.lan, world.admin])
        let items = try world.page(.role).items
        #expect(Set(items.compactMap { $0.pending?.dot }) == [late.dot, away.dot])
        let expired = try #require(items.first { $0.pending?.dot == late.dot })
        let outside = try #require(items.first { $0.pending?.dot == away.dot })
        #expect(expired.pending?.code == .grantExpired && expired.pending?.isHeld == true)
        #expect(outside.pending?.code == .outsideArea && outside.pending?.isHeld == false)
        #expect(try world.actions(world.admin, expired) == [.extend, .release, .decline])
        // Nothing of it can be released: a wider grant, or nobody looks at it any more.
        #expect(try world.actions(world.admin, outside) == [.grant, .decline])
        #expect(try world.actions(world.officer, outside) == [.decline])
        #expect(try world.actions(world.lan, outside).isEmpty && world.actions(world.lead, outside).isEmpty)
        var extend = Order(.extend, hoa.device, reason: "Vẫn trong tổ")
        extend.until = 0
        _ = try world.admin.commit(extend.draft)
        try world.sync([world.admin, hoa])
        #expect(try world.page(.role).items.map { $0.pending?.dot } == [away.dot])
        #expect(try hoa.document(late.document)?.accepted != nil)
        // The author's own inbox says so too; after a month it is no news any more.
        #expect(try world.page(on: world.lan, .role).items.map { $0.pending?.dot } == [away.dot])
        world.ward.time.advance(seconds: 31 * 86_400)
        #expect(try world.page(.role).total == 0)
    }

    @Test func aWrongClockIsSeenPerDeviceAndGoesOnceItIsMended() throws {
        let world = try InboxWorld()
        let time = ManualTimeSource(seconds: world.ward.time.nowSeconds() + 3 * 86_400)
        let database = try Database(path: "", mode: .memory)
        let random = SeededRandomSource(seed: 4711)
        try Replica.create(
            in: database, descriptor: world.ward.descriptor, time: time, random: random, scheme: world.ward.scheme)
        let replica = try Replica(opening: database, time: time, random: random, scheme: world.ward.scheme)
        try world.ward.sync(replica)
        // Of a resident's device it says so, and no more.
        #expect(try world.one(.clock).severity == .low)
        let grant = Grant(
            device: replica.device, sealingKey: replica.sealingKey.publicKey, role: .volunteer, areas: ["06685.03"],
            validFrom: world.ward.time.nowSeconds() + 1, validUntil: 0, name: "Hoa")
        try world.ward.service.withCore { core in try core.admit(grant) }
        try world.ward.sync(replica)
        let item = try world.one(.clock)
        #expect(item.device == replica.device && item.contact.map { $0.skew >= 3 * 86_400 - 600 } == true)
        #expect(item.severity == .high && item.raise == .dayWrong && item.owner.role == .admin)
        var own = ReplicaInbox(
            replica, device: replica.device, settings: .standard, areas: AreaBook(replica, now: 0),
            now: time.nowSeconds())
        #expect(try own.page(InboxFilter()).items.map(\.kind) == [.clock])
        // It waits since it was first seen to be wrong, however often the device syncs.
        world.ward.time.advance(seconds: 7200)
        time.set(seconds: world.ward.time.nowSeconds() + 300)
        try world.ward.sync(replica)
        #expect(try world.one(.clock).severity == .medium)
        #expect(try world.one(.clock).since == item.since)
        time.set(seconds: world.ward.time.nowSeconds())
        try world.ward.sync(replica)
        #expect(try world.page(.clock).total == 0)
    }

    @Test func aFileThatDoesNotComeIsListedAfterADayWithWhatIsMissingAndOfWhom() throws {
        let world = try InboxWorld()
        let made = NewFile(world.ward.random.bytes(100_000), media: .jpeg, thumbnail: world.ward.random.bytes(3000))
        let file = try #require(made)
        let id = try world.report()
        try world.sync([world.resident, world.officer])
        var draft = ChangeSetDraft(kind: .report, document: id)
        draft.perform(.add(Slot(field: ReportField.attachments)), file.attachment.value)
        _ = try world.resident.commit(draft, files: [file])
        func sync(_ change: (inout LinkPlan) -> Void) throws {
            var client = SyncClient(world.resident)
            change(&client.plan)
            var transport = DirectTransport(service: world.ward.service)
            try client.run(&transport)
        }
        try sync { $0.isTextOnly = true }
        #expect(try world.page(.attachment).total == 0)
        world.ward.time.advance(seconds: 86_400)
        let item = try world.one(.attachment)
        #expect(item.document == id && item.device == world.resident.device && item.severity == .medium)
        #expect(
            item.file == InboxFile(root: file.attachment.content.root, length: 100_000, missing: 25, runs: [0..<25]))
        #expect(item.contact.map { $0.seen > 0 } == true)
        // The officer can ask for it; what came of it meanwhile is said.
        #expect(try world.actions(world.officer, item) == [.ask])
        try sync { $0.remaining = 40_000 }
        let less = try #require(try world.one(.attachment).file)
        #expect((1..<25).contains(less.missing ?? 0) && less.runs.last?.upperBound == 25)
        world.ward.time.advance(seconds: 2 * 86_400)
        #expect(try world.one(.attachment).severity == .high)
        try world.sync([world.resident])
        #expect(try world.page(.attachment).total == 0)
    }

    @Test func aCopiedStoreShowsBothBranches() throws {
        let world = try InboxWorld()
        let one = try world.ward.device(996, role: .volunteer, areas: ["06685.03"], name: "Hoa")
        let copy = try world.ward.device(996)
        try world.sync([one, copy])
        let first = try one.commit(FieldScenarioTests.report("06685.03"))
        world.ward.time.advance(seconds: 60)
        let second = try copy.commit(FieldScenarioTests.report("06685.03"))
        try world.sync([one])
        _ = try? world.ward.sync(copy)
        let item = try world.one(.fork)
        let fork = try #require(item.fork)
        #expect(item.severity == .critical && item.device == one.device && item.owner.role == .admin)
        #expect(fork.sequence == 1 && fork.main == first.document && fork.mainEnd == 1)
        #expect(fork.others.map(\.id) == [second.document])
        #expect(item.since > 1_790_000_000)
        _ = try world.admin.commit(Order(.revoke, one.device, reason: "Máy bị sao chép").draft)
        try world.settle()
        #expect(try world.page(.fork).total == 0)
    }

    @Test func aForkStaysInTheInboxUntilEverythingOfItWasSentAgain() throws {
        let world = try InboxWorld()
        let one = try world.ward.device(996, role: .volunteer, areas: ["06685.03"], name: "Hoa")
        let copy = try world.ward.device(996)
        try world.sync([one, copy])
        _ = try one.commit(FieldScenarioTests.report("06685.03"))
        _ = try copy.commit(FieldScenarioTests.report("06685.03"))
        try world.sync([one])
        _ = try? world.ward.sync(copy)
        #expect(copy.device != one.device)
        var order = Order(.succeed, one.device, reason: "Đã hỏi chị Hoa")
        order.successor = copy.device
        _ = try world.admin.commit(order.draft)
        try world.settle()
        #expect(try world.page(.fork).total == 1)
        try world.sync([copy])
        #expect(try world.page(.fork).total == 0)
    }

    @Test func aLostPhoneIsNoticedRevokedAndLaterArrivalsAreDecidedOneByOne() throws {
        let world = try InboxWorld()
        let task = try world.task()
        let report = try world.report()
        try world.settle()
        try world.claim(world.lan, task)
        try world.settle()
        world.ward.time.advance(seconds: 15 * 86_400)
        try world.sync([world.admin, world.officer, world.lead, world.minh])
        let silent = try world.one(.lostDevice)
        #expect(silent.device == world.lan.device && silent.pending == nil)
        #expect(silent.severity == .high && silent.raise == .unsentWork)
        #expect(
            silent.contact.map { $0.heldTasks == 1 && $0.seen < world.ward.time.nowSeconds() - 14 * 86_400 } == true)
        #expect(try world.actions(world.admin, silent) == [.revoke])
        _ = try world.admin.commit(Order(.revoke, world.lan.device, reason: "Mất máy").draft)
        try world.sync([world.admin])
        #expect(try world.page(.lostDevice).total == 0)
        let late = try world.lan.commit(OrderTests.comment(report, "Đã làm trước khi mất"), checksEarly: false)
        try world.sync([world.lan, world.admin])
        let item = try world.one(.lostDevice)
        #expect(item.pending?.dot == late.dot && item.pending?.code == .revoked)
        #expect(try world.actions(world.admin, item) == [.release, .decline])
        let pending = try #require(item.pending)
        _ = try world.admin.commit(Order(.release, pending.dot, id: pending.id, reason: "Việc thật").draft)
        try world.settle()
        #expect(try world.page(.lostDevice).total == 0)
        #expect(try world.officer.document(report)?.state.entries(ReportField.comments).count == 1)
    }

    @Test func whatTheWardCouldNotProcessIsInTheSamePlace() throws {
        let world = try InboxWorld()
        let id = try world.report()
        try world.settle()
        var draft = ChangeSetDraft(kind: .report, document: id)
        draft.perform(.set(Slot(field: ReportField.due)), .text("mai"))
        let wrong = try world.officer.commit(draft, checksEarly: false)
        try world.sync([world.officer, world.admin])
        let item = try world.one(.processing)
        #expect(item.pending?.dot == wrong.dot && item.pending?.code == .wrongValue && item.severity == .medium)
        try world.ward.service.withCore { core in
            try core.noteProblem(source: "import", subject: "dossiers", count: 3, detail: "3 rows")
            try core.noteProblem(source: "import", subject: "dossiers", count: 2, detail: "2 rows")
        }
        let both = try world.page(.processing).items
        #expect(both.count == 2 && both.contains { $0.fault == "import.dossiers" && $0.title == "2 rows" })
        try world.ward.service.withCore { core in try core.settleProblem(source: "import", subject: "dossiers") }
        #expect(try world.page(.processing).total == 1)
        // It is corrected and sent again: nothing waits any more.
        let refused = try #require(try world.officer.refused(of: world.officer.device).first)
        let again = refused.corrected(values: [ReportField.due: CBORValue(1_800_000_000)], secrets: [:], after: nil)
        _ = try world.officer.commit(again.draft)
        try world.sync([world.officer])
        #expect(try world.page(.processing).total == 0)
        // A store that failed is the most urgent thing there is.
        let page = try world.ward.service.withCore { core in
            try core.inbox(InboxFilter(), fault: StoreError(.io, "disk"))
        }
        #expect(page.items.first?.severity == .critical && page.items.first?.fault == "store.io")
    }

    @Test func contactsAndParallelEditsOutliveAStop() throws {
        let path = "/tmp/wardsync-inbox-\(UInt64.random(in: 0..<(.max))).db"
        defer { for end in ["", "-wal", "-shm"] { unlink(path + end) } }
        let ward = try TestWard(seed: 801, scheme: SimulatedScheme(), path: path)
        let lan = try ward.device(802, role: .volunteer, areas: ["06685.03"], name: "Lan")
        let officer = try ward.device(803, role: .officer, areas: ["06685"], name: "Bình")
        for replica in [lan, officer] { try ward.sync(replica) }
        let id = try lan.commit(FieldScenarioTests.report("06685.03")).document
        for replica in [lan, officer] { try ward.sync(replica) }
        for (replica, field) in [(lan, ReportField.title), (officer, ReportField.agency)] {
            var draft = ChangeSetDraft(kind: .report, document: id)
            draft.perform(.set(Slot(field: field)), .text("x"))
            _ = try replica.commit(draft)
        }
        for replica in [lan, officer] { try ward.sync(replica) }
        let seen = ward.time.nowSeconds()
        ward.time.advance(seconds: 60)
        func expectSame() throws {
            var filter = InboxFilter()
            filter.kinds = [.parallel]
            let meant = filter
            #expect(try ward.service.inbox(meant).items.map(\.document) == [id])
        }
        try expectSame()
        // Before it was written behind, after, and where derived tables are made anew.
        try ward.reopen()
        try expectSame()
        for replica in [lan, officer] { try ward.sync(replica) }
        try ward.service.withCore { core in try core.flush() }
        try ward.reopen()
        try expectSame()
        #expect(try ward.service.withCore { core in try core.contact(of: lan.device) }.seen == seen + 60)
        try ward.reopen(rebuilding: true)
        try expectSame()
    }

    /// A file that does not arrive is an item for whoever may ask about it, on the device as at the ward.
    @Test func aFileThatIsLateIsAnItemOfTheStaffsDevicesAndCanBeAskedFor() throws {
        let world = try InboxWorld(seed: 880)
        let id = try world.report()
        let file = try AttachmentSyncTests.file(40_000)
        _ = try world.resident.commit(
            AttachmentSyncTests.attach(file, to: ChangeSetDraft(kind: .report, document: id)), files: [file])
        var plan = LinkPlan()
        plan.isTextOnly = true
        _ = try AttachmentSyncTests.sync(world.resident, world.ward, plan)
        try world.sync([world.officer, world.lan])
        #expect(try world.page(on: world.officer, .attachment).total == 0)
        world.ward.time.advance(seconds: 2 * 86_400)
        let page = try world.page(on: world.officer, .attachment)
        let item = try #require(page.items.first)
        #expect(page.total == 1 && item.document == id && item.device == world.resident.device)
        #expect(item.file?.root == file.attachment.content.root && item.file?.missing == nil)
        #expect(item.key == (try world.one(.attachment).key))
        #expect(try world.actions(world.officer, item) == [.ask])
        // Not at the resident's, who is told by the state of the file itself.
        #expect(try world.page(on: world.resident, .attachment).total == 0)
        let state = try #require(try world.officer.document(id)?.state)
        for draft in try item.drafts(.ask, state, reason: "Nhờ bà gửi lại ảnh") { _ = try world.officer.commit(draft) }
        _ = try world.ward.sync(world.officer)
        _ = try AttachmentSyncTests.sync(world.resident, world.ward, plan)
        #expect(try world.reasons(world.resident, id) == ["Nhờ bà gửi lại ảnh"])
        try world.settle()
        #expect(try world.page(on: world.officer, .attachment).total == 0)
    }

    /// Few open reports are compared with each other, many by the places of all: the pairs are the same.
    @Test func reportsNearEachOtherAreTheSamePairsHoweverTheyAreFound() throws {
        let world = try InboxWorld(seed: 890)
        for number in 0..<30 {
            let id = try world.report("Số \(number)", north: 210_000_000 + Int64(number) * 700, by: world.officer)
            if number % 7 == 3 {
                for state: UInt8 in [2, 3, 6] { try world.step(world.officer, .report, id, to: state) }
            }
        }
        try world.settle()
        let few = try world.officer.likePairs(radiusMetres: 30, limit: 1000)
        let many = try world.officer.likePairs(radiusMetres: 30, limit: 1000, few: 0)
        #expect(few.count > 20 && Set(few) == Set(many))
    }

    @Test func aListingReadsWhatWaitsAndNotTheStore() throws {
        func rows(_ reports: Int) throws -> (server: Int, device: Int) {
            let world = try InboxWorld(seed: 900)
            for number in 0..<reports {
                // No two near each other, and closed ones too.
                let id = try world.report(
                    "Số \(number)", north: 100_000_000 + Int64(number) * 50_000, by: world.officer)
                if number % 2 == 0 {
                    for state: UInt8 in [2, 3, 6] { try world.step(world.officer, .report, id, to: state) }
                }
                if number % 100 == 99 { try world.sync([world.officer]) }
            }
            let id = try world.report()
            try world.settle()
            try world.set(world.lan, .report, id, ReportField.category, .text("road"))
            try world.set(world.officer, .report, id, ReportField.category, .text("water"))
            try world.settle()
            try world.ward.service.withCore { core in try core.flush() }
            _ = try world.page()
            let page = try world.page()
            let device = try world.page(on: world.officer)
            #expect(page.total == 1 && device.total == 1)
            return (page.rowsRead, device.rowsRead)
        }
        let (few, many) = (try rows(20), try rows(400))
        #expect(few.server == many.server && few.device == many.device)
        #expect(many.server < 20 && many.device < 20)
    }
}
