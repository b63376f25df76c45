// A ward that rolls back, forks or cannot show that its log goes on: its devices notice, stop, and keep the proof.

import Glibc
import Testing

@testable import SyncKit

@Suite struct TrustTests {
    /// A path for a copied store, removed with the value.
    private final class Place {
        let path = "/tmp/wardsync-trust-\(getpid())-\(UInt64.random(in: 0 ... .max))"
        deinit { for suffix in ["", "-wal", "-shm"] { unlink(path + suffix) } }
    }

    /// What a sync ends with.
    private func fault(_ ward: TestWard, _ replica: Replica) throws -> LogFault? {
        do {
            try ward.sync(replica)
            return nil
        } catch let failure as SyncFailure {
            guard case .replica(let error) = failure, case .logFault(let fault) = error.reason else { throw failure }
            return fault
        }
    }

    private func grow(_ service: WardService, _ ward: TestWard, by count: Int, seed: UInt64) throws {
        let kept = ward.service
        ward.service = service
        defer { ward.service = kept }
        let device = try ward.device(seed)
        for number in 0..<count { _ = try device.commit(StandaloneReceiptTests.report("Số \(number)")) }
        try ward.sync(device)
    }

    /// The evidence, which is the same after it was written to a file and read again.
    private func evidence(_ replica: Replica, _ scheme: some SignatureScheme) throws -> LogContradiction.Proven? {
        let kept = try #require(try replica.logEvidence())
        let file = ProofFile.contradiction(kept.contradiction)
        #expect(ProofFile(file.text) == file)
        let proven = kept.contradiction.proven(scheme: scheme)
        #expect((proven != nil) == kept.isProof)
        return proven
    }

    @Test func everySyncOfAnHonestWardGoesOnFromTheOneBefore() throws {
        var chance = SeededChance("honest ward")
        let ward = try TestWard(seed: 41)
        let lan = try ward.device(2, role: .volunteer, areas: ["06685.03"], name: "Lan")
        let rarely = try ward.device(3, role: .officer, areas: ["06685"], name: "Cán bộ")
        for round in 0..<60 {
            try grow(ward.service, ward, by: 1 + chance.below(30), seed: 100 + UInt64(round))
            #expect(try fault(ward, lan) == nil)
            if chance.below(7) == 0 { #expect(try fault(ward, rarely) == nil) }
            #expect(try lan.newestCheckpoint()?.position == lan.seen().position)
            #expect(try lan.newestCheckpoint()?.root.prefix8 == lan.seen().root)
        }
        #expect(try lan.logEvidence() == nil)
    }

    @Test func aWardThatHoldsLessThanItSignedIsNoticedAndNothingIsApplied() throws {
        let ward = try TestWard(seed: 42)
        let lan = try ward.device(2, role: .volunteer, areas: ["06685.03"], name: "Lan")
        try ward.sync(lan)
        let place = Place()
        let older = try ward.copied(to: place.path)
        try grow(ward.service, ward, by: 5, seed: 7)
        try ward.sync(lan)
        let before = try lan.seen()
        let (checkpoint, work) = (try lan.keptCheckpoint(), try lan.commit(StandaloneReceiptTests.report()))
        ward.service = older
        ward.time.advance(seconds: 60)
        #expect(try fault(ward, lan) == .rolledBack)
        #expect(try lan.seen() == before && lan.keptCheckpoint() == checkpoint)
        #expect(try lan.pendingCount() == 1 && lan.document(work.document) != nil)
        let proven = try #require(try evidence(lan, ward.scheme))
        #expect(proven.kind == .rolledBack)
        #expect(try #require(proven.second).position < proven.first.position)
        // It was shown what it signed, and answers nobody any more.
        #expect(older.newerCheckpoint != nil)
        #expect(throws: SyncFailure.self) { try fault(ward, lan) }
        #expect(try lan.seen() == before && lan.pendingCount() == 1)
    }

    @Test func aWardThatRolledBackAndGrewAgainIsNoticed() throws {
        for (regrown, seed) in [(4, UInt64(51)), (5, 52), (6, 53), (40, 54)] {
            let ward = try TestWard(seed: seed)
            let lan = try ward.device(2, role: .volunteer, areas: ["06685.03"], name: "Lan")
            try ward.sync(lan)
            let place = Place()
            let older = try ward.copied(to: place.path)
            try grow(ward.service, ward, by: 5, seed: 7)
            try ward.sync(lan)
            let (before, documents) = (try lan.seen(), try lan.count(.report))
            try grow(older, ward, by: regrown, seed: 8)
            ward.service = older
            #expect(try fault(ward, lan) == (regrown < 5 ? .rolledBack : .forked))
            #expect(try lan.seen() == before && lan.count(.report) == documents)
            _ = try evidence(lan, ward.scheme)
        }
    }

    @Test func twoFacesOfOneWardAreNoticedByWhoeverSawBoth() throws {
        var proofs = 0
        for (one, two, seed) in [(3, 3, UInt64(61)), (3, 9, 62), (8, 30, 63), (20, 21, 64), (9, 3, 65)] {
            let ward = try TestWard(seed: seed)
            let lan = try ward.device(2, role: .volunteer, areas: ["06685.03"], name: "Lan")
            try ward.sync(lan)
            let place = Place()
            let face = try ward.copied(to: place.path)
            try grow(ward.service, ward, by: one, seed: 7)
            try grow(face, ward, by: two, seed: 8)
            try ward.sync(lan)
            let honest = ward.service
            ward.service = face
            let found = try fault(ward, lan)
            #expect(found == (two < one ? .rolledBack : .forked))
            if try evidence(lan, ward.scheme) != nil { proofs += 1 }
            // Back at the first face everything goes on; what was noticed stays known.
            ward.service = honest
            #expect(try fault(ward, lan) == nil)
            #expect(try lan.logEvidence() != nil)
        }
        #expect(proofs >= 4)
    }

    /// A device that was interrupted knows where the log ends and has nothing of it yet.
    @Test func anotherFaceIsNoticedBeforeAnythingOfItIsTakenAlsoWhereTheFirstAnswerBrokeOff() throws {
        let ward = try TestWard(seed: 66)
        let lan = try ward.device(2, role: .volunteer, areas: ["06685.03"], name: "Lan")
        try grow(ward.service, ward, by: 3, seed: 7)
        let place = Place()
        let face = try ward.copied(to: place.path)
        try grow(ward.service, ward, by: 1, seed: 8)
        try grow(face, ward, by: 1, seed: 9)
        // What is in no backup is given as states too.
        for service in [ward.service, face] { service.withCore { core in core.witnessLimit = 0 } }
        let reached = try lan.seen().position
        var client = SyncClient(lan)
        var broken = FrameTransport(ward: ward) { throw TransportError(.cut) }
        #expect(throws: SyncFailure.self) { try client.run(&broken) }
        let kept = try #require(try lan.newestCheckpoint())
        try #require(try lan.seen().position == reached && kept.position > reached)
        let (known, honest) = (try lan.count(.report), ward.service)
        ward.service = face
        #expect(try fault(ward, lan) == .forked)
        #expect(try lan.count(.report) == known && lan.newestCheckpoint() == kept)
        ward.service = honest
        #expect(try fault(ward, lan) == nil)
        #expect(try lan.count(.report) == 4)
    }

    /// Carries an answer without one of its frames.
    private struct LossyTransport: SyncTransport {
        let ward: TestWard
        let lost: Int

        func exchange(_ body: Bytes, onChunk: (UnsafeRawBufferPointer) -> Bool) throws(TransportError) {
            do {
                var reader = BlockReader()
                reader.append(body)
                var incoming = WardBody(ward.service, isCarried: false)
                while let block = try reader.next() { try incoming.take(block) {} }
                var place = 0
                while let block = try incoming.session?.nextBlock() {
                    defer { place += 1 }
                    if place != lost, !block.encoded.withUnsafeBytes({ onChunk($0) }) { return }
                }
            } catch { throw TransportError(.cut) }
        }
    }

    @Test(arguments: [0, 1]) func anAnswerThatLacksAFrameIsTakenUpToThere(lost: Int) throws {
        let ward = try TestWard(seed: 67)
        let lan = try ward.device(2, role: .volunteer, areas: ["06685.03"], name: "Lan")
        try grow(ward.service, ward, by: 4, seed: 7)
        ward.service.withCore { core in core.witnessLimit = 0 }
        var client = SyncClient(lan)
        var transport = LossyTransport(ward: ward, lost: lost)
        let failure = #expect(throws: SyncFailure.self) { try client.run(&transport) }
        guard case .replica(let error)? = failure, error.reason == .badAnswer("order of frames") else {
            throw try #require(failure)
        }
        #expect(try lan.count(.report) == 0)
        #expect(try fault(ward, lan) == nil)
        #expect(try lan.count(.report) == 4 && lan.logEvidence() == nil)
    }

    /// A proof that goes on from a power of two leaves the earlier root out, which is what two logs do not share.
    @Test func anotherFaceIsProvenAtEverySizeOfTheLog() throws {
        var sizes: Set<UInt64> = []
        for grown in 1...20 {
            let ward = try TestWard(seed: 80 + UInt64(grown))
            let lan = try ward.device(2, role: .volunteer, areas: ["06685.03"], name: "Lan")
            let place = Place()
            let face = try ward.copied(to: place.path)
            try grow(ward.service, ward, by: grown, seed: 7)
            try ward.sync(lan)
            sizes.insert(try lan.seen().position.index)
            // Signed more often, so that the numbers of the checkpoints contradict nothing.
            for number in 0..<(grown + 3) { try grow(face, ward, by: 1, seed: 100 + UInt64(number)) }
            ward.service = face
            #expect(try fault(ward, lan) == .forked)
            #expect(try evidence(lan, ward.scheme)?.kind == .forked)
        }
        #expect([4, 8, 16].allSatisfy(sizes.contains), "\(sizes.sorted())")
    }

    private func audit(_ ward: TestWard) throws -> [AuditFinding] {
        try ward.service.withCore { (core: WardCore) throws(StoreError) in
            try core.flush()
            return try core.audit(descriptor: ward.descriptor, scheme: ward.scheme)?.findings ?? []
        }
    }

    @Test func afterARestoreEverybodyGoesOnAndTheOldServerIsNoticed() throws {
        for (before, after, seed) in [(3, 5, UInt64(81)), (1, 1, 82), (40, 300, 83)] {
            let folder = try RestoreFolder()
            let ward = try TestWard(seed: seed, path: folder.path + "/ward.db")
            let lan = try ward.device(2, role: .volunteer, areas: ["06685.03"], name: "Lan")
            let away = try ward.device(3, role: .volunteer, areas: ["06685.03"], name: "Minh")
            let cut = try ward.device(4, role: .officer, areas: ["06685"], name: "Bình")
            try grow(ward.service, ward, by: before, seed: 7)
            for replica in [lan, away, cut] { try ward.sync(replica) }
            try ward.copy(to: folder.path + "/copy.db")
            try grow(ward.service, ward, by: after, seed: 8)
            let saved = try lan.commit(StandaloneReceiptTests.report())
            try ward.sync(lan)
            let receipt = try #require(try lan.receipt(of: saved.document))
            // The first frame brought the newest checkpoint; what it promises did not come any more.
            let request = try cut.prepareRequest()
            let frame = try #require(DirectFrames(ward.service).frames(request.body).first)
            let answer = try cut.readAnswer(frame, to: request.signed)
            try cut.examine(answer, block: frame, request: request.signed.hash)
            try cut.database.transaction { () throws(StoreError) in
                try cut.tables.setMeta("checkpoint", answer.checkpoint ?? [])
            }
            let old = ward.service

            try ward.restore(from: folder.path + "/copy.db")
            try grow(ward.service, ward, by: 2, seed: 9)
            for _ in 0..<3 {
                for replica in [away, lan, cut] { #expect(try fault(ward, replica) == nil) }
            }
            for replica in [away, lan, cut] {
                #expect(try replica.logEvidence() == nil)
                #expect(try replica.newestCheckpoint()?.position.epoch == 1)
            }
            #expect(try audit(ward) == [])
            // A receipt from before is a word of the ward's all the same.
            #expect(try receipt.proven(scheme: ward.scheme).document == saved.document)
            try grow(ward.service, ward, by: 20, seed: 10)
            for replica in [away, lan, cut] { #expect(try fault(ward, replica) == nil) }

            // Somebody starts the old server again.
            let restored = ward.service
            ward.service = old
            #expect(try fault(ward, lan) == .rolledBack)
            #expect(try evidence(lan, ward.scheme)?.kind == .rolledBack)
            for replica in [away, cut] { #expect(throws: SyncFailure.self) { try fault(ward, replica) } }
            ward.service = restored
            #expect(try fault(ward, lan) == nil)
        }
    }

    @Test func aSecondRestoreUnderTheSameEpochIsTwoLogs() throws {
        let folder = try RestoreFolder()
        let ward = try TestWard(seed: 84, path: folder.path + "/ward.db")
        let lan = try ward.device(2, role: .volunteer, areas: ["06685.03"], name: "Lan")
        try ward.sync(lan)
        let places = [Place(), Place()]
        for place in places { try ward.copy(to: place.path) }
        try ward.restore(from: places[0].path)
        try grow(ward.service, ward, by: 4, seed: 7)
        #expect(try fault(ward, lan) == nil)
        try ward.restore(from: places[1].path)
        try grow(ward.service, ward, by: 9, seed: 8)
        #expect(try fault(ward, lan) == .forked)
        #expect(try lan.logEvidence() != nil)
    }

    @Test func anEpochWithoutTheRootKeysWordIsNotFollowed() throws {
        let ward = try TestWard(seed: 85)
        let lan = try ward.device(2, role: .volunteer, areas: ["06685.03"], name: "Lan")
        try grow(ward.service, ward, by: 9, seed: 7)
        try ward.sync(lan)
        try grow(ward.service, ward, by: 3, seed: 8)
        let request = try lan.prepareRequest(isDirect: true)
        let frame = try #require(DirectFrames(ward.service).frames(request.body).first)
        var answer = try lan.readAnswer(frame, to: request.signed)
        let made = Checkpoint(
            ward: lan.ward, position: Position(epoch: 1, index: 20), root: Blake2b.hash([1]), serial: 999, time: 0
        ).signed(by: ward.keys.signing, scheme: ward.scheme)
        (answer.checkpoint, answer.rootless) = (made, nil)
        answer.upTo = SeenMark(position: Position(epoch: 1, index: 19), root: 7)
        do {
            try lan.examine(answer, block: frame, request: request.signed.hash)
            Issue.record("a new epoch was followed")
        } catch { #expect(error.reason == .logFault(.newEpoch)) }
    }

    @Test func checkpointsOfALogThatGrowsContradictNothing() throws {
        let ward = try TestWard(seed: 71)
        var checkpoints: [Bytes] = []
        for round in 0..<6 {
            try grow(ward.service, ward, by: 1 + round, seed: 80 + UInt64(round))
            checkpoints.append(try #require(ward.service.withCore { core in core.newestCheckpoint }))
        }
        let descriptor = try #require(WardDescriptor.decodeText(ward.descriptor))
        let size = ward.service.withCore { core in core.size }
        for first in checkpoints {
            for second in checkpoints {
                for path in [
                    [], [Blake2b.hash([1])],
                    try ward.service.withCore { core in
                        try core.consistencyProof(from: 3, to: size)
                    },
                ] {
                    let made = LogContradiction(
                        descriptor: descriptor, first: first, second: second, path: path)
                    #expect(made.proven(scheme: ward.scheme) == nil)
                }
            }
        }
    }

    @Test func aContradictionThatSomebodyMadeUpProvesNothing() throws {
        let ward = try TestWard(seed: 72)
        let lan = try ward.device(2)
        try ward.sync(lan)
        let place = Place()
        let face = try ward.copied(to: place.path)
        try grow(ward.service, ward, by: 3, seed: 7)
        try grow(face, ward, by: 9, seed: 8)
        try ward.sync(lan)
        ward.service = face
        #expect(try fault(ward, lan) == .forked)
        let sound = try #require(try lan.logEvidence()).contradiction
        #expect(sound.proven(scheme: ward.scheme)?.kind == .forked)
        let bytes = sound.encoded
        var chance = SeededChance("flipped contradictions")
        for place in bytes.indices {
            var flipped = bytes
            flipped[place] ^= UInt8(1 << chance.below(8))
            guard let read = try? LogContradiction(decoding: flipped) else { continue }
            // These two checkpoints need no path and no answer to contradict each other.
            if (read.descriptor, read.first, read.second) == (sound.descriptor, sound.first, sound.second) { continue }
            #expect(read.proven(scheme: ward.scheme) == nil, "byte \(place)")
        }
        // Keys that are not the ward's sign nothing of the ward's.
        let impostor = SigningKey.generate(random: SeededRandomSource(seed: 9))
        let forged = Checkpoint(
            ward: ward.service.ward, position: Position(epoch: 0, index: 4), root: .zero, serial: 2, time: 0
        ).signed(by: impostor, scheme: ward.scheme)
        var made = sound
        made.second = forged
        #expect(made.proven(scheme: ward.scheme) == nil)
    }

    /// A frame beside the device's tree, as a ward would sign it that keeps another log of the same size.
    private func otherFace(_ ward: TestWard, _ lan: Replica, for request: Digest, showsRoot: Bool) throws -> Bytes {
        let kept = try #require(try lan.newestCheckpoint())
        let other = Checkpoint(
            ward: kept.ward, position: kept.position, root: Blake2b.hash([1]), serial: kept.serial + 1,
            time: ward.time.nowSeconds())
        var answer = SyncAnswer()
        answer.flags = .last
        answer.serverTime = ward.time.nowSeconds()
        answer.upTo = other.mark
        answer.checkpoint = other.signed(by: ward.keys.signing, scheme: ward.scheme)
        (answer.shortensCheckpoint, answer.leavesOutRoot) = (true, !showsRoot)
        answer.proofs = AnsweredProofs()
        answer.proofs?.isBesideTree = true
        return answer.signed(
            for: request, by: ward.keys.signing, ward: kept.ward, scheme: ward.scheme,
            dictionary: FrameDictionary.current)
    }

    @Test(arguments: [true, false])
    func anotherLogBesideTheTreeIsKeptAsProof(showsRoot: Bool) throws {
        let ward = try TestWard(seed: 74)
        let lan = try ward.device(2)
        try grow(ward.service, ward, by: 5, seed: 7)
        try ward.sync(lan)
        let request = try lan.prepareRequest(isDirect: true)
        let frame = try otherFace(ward, lan, for: request.signed.hash, showsRoot: showsRoot)
        let answer = try lan.readAnswer(frame, to: request.signed)
        #expect((answer.rootless == nil) == showsRoot)
        do {
            try lan.examine(answer, block: frame, request: request.signed.hash)
            Issue.record("another log was followed")
        } catch { #expect(error.reason == .logFault(.forked)) }
        #expect(try lan.logEvidence()?.isProof == true)
        #expect(try ward.sync(lan).rounds > 0)
    }

    @Test func aReturnThatIsToldBesideATreeIsRefused() throws {
        let ward = try TestWard(seed: 75)
        let lan = try ward.device(2)
        try grow(ward.service, ward, by: 5, seed: 7)
        try ward.sync(lan)
        var draft = ChangeSetDraft(kind: .report)
        draft.perform(.set(Slot(field: ReportField.title)), .text("Đi bằng gói"))
        draft.perform(.set(Slot(field: ReportField.area)), .text("06685.03"))
        _ = try lan.commit(draft)
        let bundle = try lan.exportBundle(fileSize: 1 << 20)
        let asked = try #require(try lan.request(of: bundle.id))
        for showsRoot in [true, false] {
            let frame = try otherFace(ward, lan, for: asked.request.hash, showsRoot: showsRoot)
            #expect(throws: ReplicaError(.badAnswer("proofs beside a tree"))) {
                try lan.apply([Block(.answer, frame)], ReturnHead(request: asked.request.hash), asked)
            }
        }
    }

    @Test(arguments: [true, false])
    func answersWithProofsThatDoNotHoldAreNotApplied(holdsTree: Bool) throws {
        let ward = try TestWard(seed: 73)
        let lan = try ward.device(2)
        try ward.sync(lan)
        try grow(ward.service, ward, by: 3, seed: 7)
        let tree = try #require(try lan.tables.meta(Replica.Key.tree))
        if !holdsTree { try lan.tables.removeMeta(Replica.Key.tree) }
        let request = try lan.prepareRequest(isDirect: true)
        let frames = try DirectFrames(ward.service).frames(request.body)
        let answer = try lan.readAnswer(try #require(frames.first), to: request.signed)
        #expect((answer.rootless != nil) == holdsTree && answer.proofs?.isBesideTree == true)
        let whole = try lan.examine(answer, block: frames[0], request: request.signed.hash)
        #expect(whole.checkpoint != nil && whole.proofs?.tree != nil)
        func refused(_ change: (inout SyncAnswer) -> Void) throws -> Bool {
            var other = answer
            change(&other)
            do throws(ReplicaError) {
                _ = try lan.examine(other, block: frames[0], request: request.signed.hash)
                return false
            } catch {
                // For what the answer says, not because something broke.
                switch error.reason {
                case .badAnswer, .logFault, .otherTree: break
                default: throw error
                }
                // What does not go on from a tree drops it.
                if holdsTree { try lan.tables.setMeta(Replica.Key.tree, tree) }
                return true
            }
        }
        #expect(try refused { $0.proofs = nil })
        #expect(try refused { $0.proofs?.consistency.removeLast() })
        #expect(try refused { $0.proofs?.consistency.append(.zero) })
        if holdsTree {
            #expect(try refused { $0.proofs?.consistency[0] = .zero })
        } else {
            // The proof goes on from the root that the device knows; a tree that is not of the new root is not kept.
            var other = answer
            other.proofs?.consistency[0] = .zero
            #expect((try? lan.examine(other, block: frames[0], request: request.signed.hash))?.proofs?.tree == nil)
        }
        #expect(try refused { ($0.checkpoint, $0.rootless) = (nil, nil) })
        if !holdsTree { #expect(try refused { $0.checkpoint?[60] ^= 1 }) }
        #expect(try refused { $0.upTo.root ^= 1 })
        #expect(try refused { $0.upTo.position = Position(epoch: 0, index: 99) })
        #expect(try refused { $0.flags.insert(.behind) })
        #expect(
            try refused {
                $0.proofs?.included = [
                    AnsweredProofs.Included(position: Position(epoch: 0, index: 1), entry: [1], path: [])
                ]
            })
        // Checkpoints of two epochs do not contradict each other by themselves.
        let later = Checkpoint(
            ward: ward.service.ward, position: Position(epoch: 1, index: 2), root: .zero, serial: 99, time: 0)
        #expect(try lan.newestCheckpoint()?.contradicts(later) == false)
    }
}

/// The frames of an answer, as they were signed.
struct DirectFrames {
    let service: WardService

    init(_ service: WardService) { self.service = service }

    func frames(_ body: Bytes) throws -> [Bytes] {
        var transport = DirectTransport(service: service)
        var reader = BlockReader()
        try transport.exchange(body) { chunk in
            reader.append(chunk)
            return true
        }
        var frames: [Bytes] = []
        while let block = try reader.next() { frames.append(block.payload) }
        return frames
    }
}
