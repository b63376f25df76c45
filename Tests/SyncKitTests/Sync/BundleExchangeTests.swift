// Bundles between devices and a ward, in one process: what arrives, what comes back, and what couriers hold.

import Dispatch
import Synchronization
import Testing

@testable import SyncKit

@Suite struct BundleExchangeTests {
    private let ward: TestWard

    init() throws { ward = try TestWard(seed: 31) }

    @discardableResult
    private func file(_ replica: Replica, _ title: String) throws -> Digest {
        var draft = ChangeSetDraft(kind: .report)
        draft.perform(.set(Slot(field: ReportField.title)), .text(title))
        draft.perform(.set(Slot(field: ReportField.category)), .text("lighting"))
        draft.perform(.set(Slot(field: ReportField.area)), .text("06685.03"))
        return try replica.commit(draft).document
    }

    private func deliver(_ parts: [BundlePart]) throws -> BundleResult {
        ward.time.advance(seconds: 60)
        var result: BundleResult?
        for part in parts {
            if case .taken(let taken) = try ward.service.take(part) { result = taken }
        }
        return try #require(result)
    }

    private func returned(_ result: BundleResult) throws -> [BundlePart] {
        let id = try #require(result.returned)
        return try (1...result.parts).map { number in
            let bytes = try ward.service.withCore { core in try core.shelf.part(id, number) }
            return try BundlePart(decoding: try #require(bytes))
        }
    }

    private func apply(_ parts: [BundlePart], _ replica: Replica) throws -> ReturnOutcome {
        var outcome: ReturnOutcome?
        for part in parts {
            if case .answered(let answered) = try replica.take(part) { outcome = answered }
        }
        return try #require(outcome)
    }

    private func agree(_ replica: Replica) throws {
        try ward.sync(replica)
        #expect(try replica.pendingCount() == 0)
        #expect(try replica.logEvidence() == nil)
    }

    /// Hands the same part in again while the bundle is being taken.
    private final class Impatient: BundleGate {
        let mayWait = false
        var again: (() -> BundleIntake?)?
        private(set) var told: BundleIntake?

        func admit() throws(SyncRefusal) {}
        func perform(for session: WardSession?, _ work: () throws(SyncRefusal) -> Void) throws(SyncRefusal) {
            if let again {
                self.again = nil
                told = again()
            }
            try work()
        }
    }

    @Test func aBundleThatIsBeingTakenIsTakenOnce() throws {
        let author = try ward.device(6)
        for number in 0..<40 { try file(author, "Đèn \(number) \(Base32.encode(ward.random.bytes(80)))") }
        let first = try author.exportBundle(fileSize: 4 * 1024)
        let last = try #require(first.parts.last)
        for part in first.parts.dropLast() { _ = try ward.service.take(part) }
        // Over the network nobody waits for that: whoever comes is told to come later.
        let gate = Impatient()
        let service = ward.service
        gate.again = { try? service.take(last, gate: Impatient()) }
        guard case .taken(let result) = try service.take(last, gate: gate), case .later(let refusal)? = gate.told else {
            Issue.record("\(String(describing: gate.told))")
            return
        }
        #expect(refusal.code == .unavailable && result.accepted == 40)

        // Commands at the office wait, and find it taken.
        for number in 0..<40 { try file(author, "Ổ gà \(number) \(Base32.encode(ward.random.bytes(80)))") }
        ward.time.advance(seconds: 60)
        let second = try author.exportBundle(fileSize: 4 * 1024)
        let end = try #require(second.parts.last)
        for part in second.parts.dropLast() { _ = try service.take(part) }
        let intakes = Mutex<[BundleIntake]>([])
        DispatchQueue.concurrentPerform(iterations: 6) { _ in
            if let intake = try? service.take(end) { intakes.withLock { $0.append(intake) } }
        }
        var (taken, known) = (Set<Digest?>(), Set<Digest?>())
        for intake in intakes.withLock({ $0 }) {
            switch intake {
            case .taken(let result): taken.insert(result.returned)
            case .known(let returned, _): known.insert(returned)
            default: Issue.record("\(intake)")
            }
        }
        #expect(taken.count == 1 && known == taken)
        try agree(author)
    }

    /// Whoever handed parts over asks for the return at once where the ward has one, and ever more seldom where it has
    /// none: a sync with nothing new stays one round trip.
    @Test func theReturnOfACarriedBundleIsAskedForEverMoreSeldom() throws {
        let author = try ward.device(4)
        for number in 0..<60 { try file(author, "Đèn \(number) \(Base32.encode(ward.random.bytes(80)))") }
        let made = try author.exportBundle(fileSize: 8 * 1024)
        try #require(made.parts.count >= 2)
        let courier = try ward.device(5)
        _ = try courier.take(made.parts[0])
        // The other parts are with somebody else.
        guard case .waiting(let missing) = try ward.service.take(made.parts[0]) else {
            Issue.record("not waited for")
            return
        }
        #expect(missing == Array(2...made.parts.count))
        try courier.settleCarried(made.id, PartReceipt(state: .waiting, missing: missing))
        var (questions, asked) = ([Int](), 0)
        for minute in 0..<(4 * 1440) {
            if try courier.wantsReturn(of: made.id) {
                questions.append(minute)
                try courier.noteReturn(of: made.id, isHere: false)
                asked += 1
            }
            ward.time.advance(seconds: 60)
        }
        #expect(questions.starts(with: [10, 20, 40, 80, 160, 320, 640, 1280, 2560, 4000]), "\(questions)")
        #expect(asked <= 12)
        // It is there: fetched once, and never asked for again.
        ward.time.advance(seconds: 86_400)
        #expect(try courier.wantsReturn(of: made.id))
        try courier.noteReturn(of: made.id, isHere: true)
        ward.time.advance(seconds: 30 * 86_400)
        #expect(try !courier.wantsReturn(of: made.id))
        // What the ward made no return for is not asked for, what it took is at once.
        for (parts, isWanted) in [(0, false), (1, true)] {
            let other = try author.exportBundle(fileSize: 1 << 20)
            _ = try courier.take(other.parts[0])
            try courier.settleCarried(other.id, PartReceipt(state: .taken, returnParts: parts))
            #expect(try courier.wantsReturn(of: other.id) == isWanted)
        }
    }

    /// A shelf that is full of others' returns gives up the oldest, not the one that comes.
    @Test func aFullShelfGivesUpTheOldestReturnOfOthers() throws {
        let courier = try ward.device(5)
        let author = try ward.device(4)
        var returns: [BundlePart] = []
        for number in 0..<3 {
            try file(author, "Đèn \(number)")
            returns += try returned(deliver(try author.exportBundle(fileSize: 1 << 20).parts))
        }
        let limits = BundleShelf.Limits(bundles: 2, bytes: 1 << 20, days: 60)
        for part in returns {
            ward.time.advance(seconds: 60)
            let outcome = try courier.take(part, limits: limits)
            guard case .carried(let missing) = outcome else {
                Issue.record("\(outcome)")
                return
            }
            #expect(missing.isEmpty)
        }
        #expect(try courier.carried(.toDevice).map(\.id) == [returns[2].head.id])
        // One's own answer is never refused.
        try file(courier, "Của mình")
        let own = try returned(deliver(try courier.exportBundle(fileSize: 1 << 20).parts))
        let outcome = try courier.take(own[0], limits: limits)
        guard case .answered(let answer) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(answer.result == .applied)
    }

    /// Rather larger files than more of them than there may be.
    @Test func aLongBundleInSmallFilesIsCutIntoAsManyAsThereMayBe() throws {
        let key = SealingKey.generate(random: ward.random)
        let plain = ward.random.bytes(17 << 20)
        let parts = try #require(
            BundleSealing.parts(
                of: [plain], direction: .toWard, ward: Digest(ward.random.bytes(32)) ?? .zero, to: key.publicKey,
                fileSize: 4096, random: ward.random))
        #expect(parts.count > 4000 && parts.count <= BundleLimits.parts)
        #expect(parts.allSatisfy { $0.payload.count <= 4400 })
    }

    @Test func aPhotoTravelsInABundleAndItsReceiptComesBack() throws {
        let device = try ward.device(4)
        let file = try AttachmentSyncTests.file(300_000)
        let report = try device.commit(
            AttachmentSyncTests.attach(file, to: FieldScenarioTests.report("06685.03")), files: [file])
        let text = try device.exportBundle(fileSize: 1 << 20)
        #expect(text.parts.reduce(0) { $0 + $1.encoded.count } < 4096)
        let length = file.attachment.content.length + (file.attachment.thumbnail?.length ?? 0)
        #expect(text.leftContent == LeftContent(files: 1, bytes: length))
        let some = try device.exportBundle(fileSize: 64 * 1024, content: 200_000)
        #expect(some.leftContent.files == 1 && (1...length - 150_000).contains(some.leftContent.bytes))
        let bundle = try device.exportBundle(fileSize: 64 * 1024, content: 1 << 20)
        #expect(bundle.leftContent == LeftContent())
        #expect(bundle.parts.count > 4)
        let back = try apply(returned(deliver(bundle.parts.reversed())), device)
        guard case .applied = back.result else {
            Issue.record("\(back.result)")
            return
        }
        let isReceived = try AttachmentSyncTests.isReceived(report.document, by: device)
        #expect(isReceived)
        try agree(device)
    }

    @Test func aDeviceThatNeverSawANetworkHasItsReceiptsFromABundle() throws {
        let device = try ward.device(5)
        for number in 1...3 { try file(device, "Đèn hỏng \(number)") }
        let bundle = try device.exportBundle(fileSize: 4096)
        #expect(bundle.changeCount == 3 && bundle.left == 0)
        #expect(try device.pendingCount() == 3)
        let result = try deliver(bundle.parts)
        #expect(result.accepted == 3 && result.refusal == nil)
        let parts = try returned(result)
        #expect(parts.allSatisfy { $0.head.answers == bundle.id })
        let outcome = try apply(parts, device)
        #expect(outcome.result == .applied && outcome.report.accepted == 3)
        #expect(try device.pendingCount() == 0)
        #expect(try device.exports().map(\.state) == [.answered])
        // Repetition of either changes nothing.
        guard case .known = try ward.service.take(bundle.parts[0]) else { return #expect(Bool(false)) }
        guard case .done = try device.take(parts[0]) else { return #expect(Bool(false)) }
        try ward.sync(device)
        #expect(try device.pendingCount() == 0)
    }

    @Test func partsArriveInAnyOrderAndWaitVisiblyForTheOthers() throws {
        let device = try ward.device(6)
        for number in 1...60 { try file(device, "Báo cáo số \(number) với nội dung \(number &* 7919)") }
        let parts = try device.exportBundle(fileSize: 4096).parts
        #expect(parts.count >= 2)
        for part in parts.reversed().dropLast() {
            guard case .waiting(let missing) = try ward.service.take(part) else { return #expect(Bool(false)) }
            #expect(missing == Array(1..<part.head.part))
        }
        guard case .waiting = try ward.service.take(parts[1]) else { return #expect(Bool(false)) }
        guard case .taken(let result) = try ward.service.take(parts[0]) else { return #expect(Bool(false)) }
        #expect(result.accepted == 60)
    }

    @Test func theWeeksReturnsOfOneDeviceApplyOneAfterTheOther() throws {
        let device = try ward.device(7)
        try ward.sync(device)
        try file(device, "Thứ hai")
        let monday = try device.exportBundle(fileSize: 65_536)
        try file(device, "Thứ ba")
        let tuesday = try device.exportBundle(fileSize: 65_536)
        #expect(tuesday.changeCount == 2)
        // Somebody else's work comes in between.
        let other = try ward.device(8)
        try file(other, "Người khác")
        try ward.sync(other)
        let first = try returned(try deliver(monday.parts))
        let second = try returned(try deliver(tuesday.parts))
        let one = try apply(first, device)
        #expect(one.result == .applied && one.report.accepted == 1)
        #expect(try device.pendingCount() == 1)
        let two = try apply(second, device)
        #expect(two.result == .applied)
        #expect(try device.pendingCount() == 0)
        // In the other order the older one says nothing new.
        try file(device, "Thứ tư")
        let wednesday = try device.exportBundle(fileSize: 65_536)
        try file(device, "Thứ năm")
        let thursday = try device.exportBundle(fileSize: 65_536)
        let third = try returned(try deliver(wednesday.parts))
        let fourth = try returned(try deliver(thursday.parts))
        #expect(try apply(fourth, device).result == .applied)
        #expect(try apply(third, device).result == .passedOver)
        #expect(try device.pendingCount() == 0)
        try agree(device)
        #expect(try device.logEvidence() == nil)
    }

    @Test func aReturnThatComesAfterADirectSyncIsPassedOverAndNothingIsLost() throws {
        let device = try ward.device(9)
        try file(device, "Bằng tay")
        let bundle = try device.exportBundle(fileSize: 65_536)
        try ward.sync(device)
        #expect(try device.pendingCount() == 0)
        // The serial of the bundle's request is below the one that the ward saw since.
        let result = try deliver(bundle.parts)
        #expect(result.refusal == nil && result.duplicates == 1 && result.accepted == 0)
        try file(device, "Sau đó")
        let outcome = try apply(try returned(result), device)
        #expect(outcome.result == .passedOver || outcome.result == .applied)
        #expect(try device.pendingCount() == 1)
        try agree(device)
    }

    @Test func aReturnFromBeforeAReportLeftIsPassedOverWhenItCameBackMeanwhile() throws {
        let lan = try ward.device(21, role: .volunteer, areas: ["06685.03"])
        let officer = try ward.device(22, role: .officer, areas: ["06685"])
        let resident = try ward.device(23)
        let report = try file(resident, "Đi rồi về")
        for replica in [resident, officer, lan] { try ward.sync(replica) }
        func move(to area: String) throws {
            var draft = ChangeSetDraft(kind: .report, document: report)
            draft.perform(.set(Slot(field: ReportField.area)), .text(area))
            _ = try officer.commit(draft)
            try ward.sync(officer)
        }
        let early = try lan.exportBundle(fileSize: 65_536)
        let late = try lan.exportBundle(fileSize: 65_536)
        try move(to: "06685.04")
        #expect(try apply(try returned(try deliver(late.parts)), lan).result == .applied)
        #expect(try lan.document(report) == nil)
        try move(to: "06685.03")
        // To whoever asked so early the ward says only what changed: the report was there all the time.
        #expect(try apply(try returned(try deliver(early.parts)), lan).result == .passedOver)
        let next = try lan.exportBundle(fileSize: 65_536)
        #expect(try apply(try returned(try deliver(next.parts)), lan).result == .applied)
        #expect(try lan.document(report)?.accepted != nil)
        let wanted = try ward.service.withCore { core in try core.status(area: "06685.03").areaHash }
        #expect(try lan.stateHash(.area("06685.03")).hash == wanted)
    }

    @Test func onlyTheDeviceThatAskedCanOpenAReturnAndOnlyTheWardABundle() throws {
        let (device, courier) = (try ward.device(10), try ward.device(11))
        try file(device, "Việc riêng")
        let bundle = try device.exportBundle(fileSize: 65_536)
        guard case .carried(let missing) = try courier.take(bundle.parts[0]) else { return #expect(Bool(false)) }
        #expect(missing == [])
        guard case .repeated = try courier.take(bundle.parts[0]) else { return #expect(Bool(false)) }
        guard case .own = try device.take(bundle.parts[0]) else { return #expect(Bool(false)) }
        let parts = try returned(try deliver(bundle.parts))
        guard case .carried = try courier.take(parts[0]) else { return #expect(Bool(false)) }
        var opener = BundleOpener([courier.sealingKey])
        #expect(throws: BundleError(.otherKey)) { try opener.append(parts[0].payload) }
        opener = BundleOpener([courier.sealingKey, device.sealingKey])
        #expect(throws: BundleError(.otherKey)) { try opener.append(bundle.parts[0].payload) }
        // Nothing in clear is the device's key, or the same in two bundles of one device.
        let again = try device.exportBundle(fileSize: 65_536)
        let key = device.device.digest.bytes
        for part in bundle.parts + parts + again.parts { #expect(part.encoded.firstRange(of: key) == nil) }
        #expect(again.parts[0].head.mark == bundle.parts[0].head.mark && again.id != bundle.id)
        let carried = try returned(try deliver(again.parts))
        #expect(carried[0].head.mark != parts[0].head.mark)
    }

    @Test func whatIsForAnotherWardOrForgottenIsSaid() throws {
        let (device, other) = (try ward.device(12), try TestWard(seed: 99))
        try file(device, "Nhầm phường")
        let bundle = try device.exportBundle(fileSize: 65_536)
        #expect(throws: BundleError(.otherWard, bundle.parts[0].head)) { try other.service.take(bundle.parts[0]) }
        let stranger = try other.device(3)
        #expect(throws: BundleError(.otherWard, bundle.parts[0].head)) { try stranger.take(bundle.parts[0]) }
        let parts = try returned(try deliver(bundle.parts))
        try device.database.run("DELETE FROM bundle_requests")
        guard case .unknownExport = try device.take(parts[0]) else { return #expect(Bool(false)) }
        try agree(device)
    }

    @Test func whatWasNeverSealedToTheWardIsRefusedAndLeavesRoom() throws {
        let key = SealingKey.generate(random: ward.random)
        let wardID = ward.keys.ward
        func parts(_ pieces: [Bytes], to key: Digest) throws -> [BundlePart] {
            try #require(
                BundleSealing.parts(
                    of: pieces, direction: .toWard, ward: wardID, to: key, fileSize: 65_536, random: ward.random))
        }
        guard case .refused(nil) = try ward.service.take(parts([[1, 2]], to: key.publicKey)[0]) else {
            return #expect(Bool(false))
        }
        let sealing = ward.keys.sealing.publicKey
        for pieces in [
            [], [Bytes(repeating: 0, count: 50)], [Block(.frame, [1]).encoded], [Block(.request, [1]).encoded],
        ] {
            guard case .refused = try ward.service.take(parts(pieces, to: sealing)[0]) else {
                return #expect(Bool(false))
            }
        }
        #expect(try ward.service.withCore { core in try core.shelf.rows(.toWard).allSatisfy(\.parts.isEmpty) })
    }

    @Test func aLongChainGoesInOneBundleOfSeveralRequests() throws {
        let device = try ward.device(13)
        for number in 1...4300 { try file(device, "Dài \(number)") }
        let bundle = try device.exportBundle(fileSize: 1 << 20)
        #expect(bundle.changeCount == 4300 && bundle.left == 0)
        let result = try deliver(bundle.parts)
        #expect(result.accepted == 4300)
        #expect(try apply(try returned(result), device).report.accepted == 4300)
        #expect(try device.pendingCount() == 0)
    }
}
