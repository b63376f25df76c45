// Look-ups: an answer that only its asker opens, an officer's answer, and answers that are purged.

import Testing

@testable import SyncKit

@Suite struct LookupTests {
    private static let answer = Slot(field: LookupField.answer)

    private func ask(_ replica: Replica, _ code: String, _ secret: String) throws -> Digest {
        let reply = replica.makeReplyKey()
        var draft = ChangeSetDraft(kind: .lookup)
        draft.perform(.set(Slot(field: LookupField.code)), .text(code))
        draft.perform(.set(Slot(field: LookupField.area)), .text("06685"))
        draft.perform(.set(Slot(field: LookupField.replyKey)), .bytes(reply.publicKey.bytes))
        return try replica.commit(draft, privates: [(Slot(field: LookupField.secret), secret)], reply: reply).document
    }

    /// What the newest answer says, opened with a key.
    private func open(_ replica: Replica, _ id: Digest, with key: SealingKey?) throws -> CBORValue? {
        let entry = try #require(try replica.document(id)?.state.entries(Self.answer).last)
        guard let key, case .array(let parts) = try CBORValue(decoding: entry.value), case .bytes(let box) = parts[3]
        else { return nil }
        return PrivateValue.open(box, ward: replica.ward, dot: entry.dot, slot: Self.answer, with: key)
    }

    private func wardWithDossier() throws -> TestWard {
        let ward = try TestWard()
        _ = try ward.service.withCore { core in
            try core.importDossier(
                Dossier(
                    code: "000.00.01.H49-261103-0001", secret: "1234", status: 4, step: "Thẩm định", agency: "UBND",
                    received: "03/11/2026", due: "10/11/2026", missing: "", asOf: 1_789_000_000))
        }
        return ward
    }

    @Test func anAnswerIsForTheKeyOfItsQuestionAndIsGoneWithIt() throws {
        let ward = try wardWithDossier()
        let resident = try ward.device(21)
        let first = try ask(resident, "000.00.01.H49-261103-0001", "1234")
        let second = try ask(resident, "000.00.01.H49-261103-0001", "1234")
        try ward.sync(resident)
        let key = try resident.replyKey(of: first)
        #expect(try open(resident, first, with: key) != nil)
        #expect(try open(resident, first, with: resident.sealingKey) == nil)
        #expect(try open(resident, first, with: resident.replyKey(of: second)) == nil)
        let secret = Slot(field: LookupField.secret)
        let entry = try #require(try resident.document(first)?.state.shown(LookupField.secret))
        #expect(try resident.disclosed(entry, secret) == "1234")

        let hash = try resident.document(first)?.accepted?.hash
        #expect(try resident.purgeAnswers(before: ward.time.nowSeconds() - 86_400) == 0)
        ward.time.advance(seconds: 40 * 86_400)
        #expect(try resident.purgeAnswers(before: ward.time.nowSeconds() - 30 * 86_400) == 2)
        #expect(try resident.purgeAnswers(before: ward.time.nowSeconds()) == 0)
        #expect(try resident.replyKey(of: first) == nil)
        #expect(try resident.disclosed(entry, secret) == nil)
        // The question and that it was answered stay, and the replica's state is what it was.
        #expect(try resident.document(first)?.accepted?.hash == hash)
        #expect(try resident.document(first)?.state.present.state == 2)
    }

    @Test func purgingAnAnswerTakesTheKeysOfItsPrivateFilesWithIt() throws {
        let ward = try wardWithDossier()
        let resident = try ward.device(25)
        let id = try ask(resident, "000.00.01.H49-261103-0001", "1234")
        let plain = SealedFileTests.photo(4_000)
        func attach(_ draft: ChangeSetDraft) throws -> (file: SealedFile, document: Digest) {
            let sealed = try #require(SealedFile(plain, type: .jpeg, random: ward.random))
            let slot = try #require(FileKey.slot(of: sealed.key.root, in: draft.kind))
            let saved = try resident.commit(
                AttachmentSyncTests.attach(sealed.file, to: draft), privates: [(slot, sealed.key.text)],
                files: [sealed.file])
            return (sealed, saved.document)
        }
        let asked = try attach(ChangeSetDraft(kind: .lookup, document: id))
        let told = try attach(FieldScenarioTests.report("06685.03"))
        try ward.sync(resident)
        func opens(_ item: (file: SealedFile, document: Digest)) throws -> Bool {
            let view = try #require(try resident.document(item.document))
            return try resident.files(of: view).allSatisfy(\.opens)
        }
        #expect(try opens(asked))
        ward.time.advance(seconds: 40 * 86_400)
        #expect(try resident.purgeAnswers(before: ward.time.nowSeconds()) == 1)
        #expect(try !opens(asked))
        #expect(try opens(told))
    }

    @Test func anOfficerAnswersWhatTheRegistryDoesNotKnow() throws {
        let ward = try wardWithDossier()
        let resident = try ward.device(21)
        let officer = try ward.device(22, role: .officer, areas: ["06685"], name: "Ông Bình")
        let lan = try ward.device(23, role: .volunteer, areas: ["06685.03"], name: "Lan")
        let id = try ask(resident, "000.00.01.H49-261103-0777", "55")
        for replica in [resident, officer, lan] { try ward.sync(replica) }
        #expect(try lan.document(id) == nil)
        let view = try #require(try officer.document(id))
        #expect(view.state.present.state == 3)
        _ = try officer.answer(
            view, .found, [CBORValue.Pair(.unsigned(AnswerPart.status), .unsigned(9))])
        try ward.sync(officer)
        try ward.sync(resident)
        #expect(try resident.document(id)?.state.present.state == 2)
        let opened = try open(resident, id, with: resident.replyKey(of: id))
        #expect(opened == .map([CBORValue.Pair(.unsigned(AnswerPart.status), .unsigned(9))]))
        #expect(try open(officer, id, with: officer.sealingKey) == nil)
    }

    @Test func aReplyKeyToWhichNothingCanBeSealedDoesNotStopTheAnswer() throws {
        let ward = try wardWithDossier()
        let resident = try ward.device(21)
        var draft = ChangeSetDraft(kind: .lookup)
        draft.perform(.set(Slot(field: LookupField.code)), .text("000.00.01.H49-261103-0001"))
        draft.perform(.set(Slot(field: LookupField.replyKey)), .bytes(Bytes(repeating: 0, count: 32)))
        let id = try resident.commit(draft, privates: [(Slot(field: LookupField.secret), "1234")]).document
        try ward.sync(resident)
        #expect(try open(resident, id, with: resident.sealingKey) != nil)
    }

    /// The state of a device's look-up after a sync: 2 found, 4 refused.
    private func answered(_ ward: TestWard, _ replica: Replica, _ secret: String) throws -> UInt8? {
        let id = try ask(replica, "000.00.01.H49-261103-0001", secret)
        try ward.sync(replica)
        return try replica.document(id)?.state.present.state
    }

    @Test func aSecretCannotBeGuessedByTryingManyWhoeverTries() throws {
        let ward = try wardWithDossier()
        let patient = try ward.device(31)
        #expect(try answered(ward, patient, "1234") == 2)
        // One device has its bound, and then several together have the dossier's.
        let first = try ward.device(32)
        let most = Int(WardCore.wrongSecretsPerDevice)
        for guess in 0..<(most - 1) { #expect(try answered(ward, first, "\(5000 + guess)") == 4) }
        #expect(try answered(ward, first, "1234") == 2)
        #expect(try answered(ward, first, "9999") == 4)
        #expect(try answered(ward, first, "1234") == 4)
        #expect(try answered(ward, try ward.device(33), "1234") == 4)
        ward.time.advance(seconds: 80_000)
        #expect(try answered(ward, patient, "1234") == 4)
        // What is refused beyond the bound does not keep it closed.
        ward.time.advance(seconds: 7000)
        #expect(try answered(ward, patient, "1234") == 2)
        #expect(try answered(ward, first, "1234") == 2)
    }
}
