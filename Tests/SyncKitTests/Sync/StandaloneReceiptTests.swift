// Receipts that stand alone: they come with a sync, prove what the ward decided, and cannot be made up.

import Testing

@testable import SyncKit

@Suite struct StandaloneReceiptTests {
    static func report(_ title: String = "Đèn đường hỏng", area: String = "06685.03") -> ChangeSetDraft {
        var draft = ChangeSetDraft(kind: .report)
        draft.perform(.set(Slot(field: ReportField.title)), .text(title))
        draft.perform(.set(Slot(field: ReportField.category)), .text("lighting"))
        draft.perform(.set(Slot(field: ReportField.area)), .text(area))
        return draft
    }

    @Test func theSyncThatSendsAReportBringsItsReceipt() throws {
        let ward = try TestWard(seed: 31)
        let resident = try ward.device(2)
        let other = try ward.device(3)
        for number in 0..<40 { _ = try other.commit(Self.report("Số \(number)")) }
        try ward.sync(other)
        let saved = try resident.commit(Self.report())
        #expect(try resident.receipt(of: saved.document) == nil)
        #expect(try ward.sync(resident).rounds == 1)
        let receipt = try #require(try resident.receipt(of: saved.document))
        let proven = try receipt.proven(scheme: ward.scheme)
        #expect(proven.document == saved.document && proven.header.dot == saved.dot)
        #expect(proven.descriptor.ward == ward.service.ward)
        #expect(proven.record.entry.number == 1 && proven.change == nil)
        let text = ProofFile.receipt(receipt).text
        #expect(text.utf8.count < 4096)
        guard case .receipt(let read)? = ProofFile(text) else {
            Issue.record("the text is not a receipt")
            return
        }
        #expect(read == receipt)
        guard case .receipt(let typed)? = ProofFile(text.uppercased().replacing("\n", with: "\r\n  ")) else {
            Issue.record("capitals and blanks make it unreadable")
            return
        }
        #expect(typed == receipt)
        // With its content the receipt says what was reported, and proves that too.
        let full = try #require(try resident.receipt(of: saved.document, withContent: true))
        #expect(try full.proven(scheme: ward.scheme).change?.id == saved.document)
        var other2 = full
        other2.content?.values?[40] ^= 1
        #expect(throws: WardReceipt.Fault.content) { try other2.proven(scheme: ward.scheme) }
    }

    @Test func reportsFiledBeforeReceiptsWereKeptGetTheirsLaterAndNothingIsAskedTwice() throws {
        let ward = try TestWard(seed: 32)
        let volunteer = try ward.device(2, role: .volunteer, areas: ["06685.03"], name: "Lan")
        var documents: [Digest] = []
        for number in 0..<50 { documents.append(try volunteer.commit(Self.report("Số \(number)")).document) }
        try ward.sync(volunteer)
        // The newest come first; the others with the next sync.
        #expect(try documents.filter { try volunteer.receipt(of: $0) != nil }.count == 32)
        try ward.sync(volunteer)
        for document in documents {
            let receipt = try #require(try volunteer.receipt(of: document))
            #expect(try receipt.proven(scheme: ward.scheme).document == document)
        }
        let idle = try ward.sync(volunteer)
        #expect(idle.rounds == 1 && idle.bytesUp + idle.bytesDown <= 300)
    }

    @Test func aNewDecisionBringsANewReceipt() throws {
        let ward = try TestWard(seed: 33)
        let volunteer = try ward.device(2, role: .volunteer, areas: ["06685.03"], name: "Lan")
        try ward.sync(volunteer)
        try ward.service.withCore { core in try core.revoke(volunteer.device, after: 0) }
        let saved = try volunteer.commit(Self.report())
        try ward.sync(volunteer)
        let held = try #require(try volunteer.receipt(of: saved.document)).proven(scheme: ward.scheme)
        #expect(held.record.entry == .hold(saved.dot, id: saved.document, code: .revoked))
        let officer = try ward.device(3, role: .officer, areas: ["06685"], name: "Cán bộ")
        let grant = Grant(
            device: volunteer.device, sealingKey: volunteer.sealingKey.publicKey, role: .volunteer,
            areas: ["06685.03"], validFrom: 0, validUntil: 0, name: "Lan")
        try ward.service.withCore { core in try core.admit(grant) }
        #expect(try ward.service.withCore { core in try core.release(saved.dot, by: officer.device) } == nil)
        try ward.sync(volunteer)
        try ward.sync(volunteer)
        let released = try #require(try volunteer.receipt(of: saved.document)).proven(scheme: ward.scheme)
        #expect(released.record.entry.number == 4)
        #expect(released.position > held.position)
    }

    @Test func everyFlippedBitOfAReceiptIsNoticed() throws {
        let ward = try TestWard(seed: 34)
        let resident = try ward.device(2)
        let saved = try resident.commit(Self.report())
        try ward.sync(resident)
        let bytes = try #require(try resident.receipt(of: saved.document)).encoded
        var chance = SeededChance("flipped receipts")
        for place in bytes.indices {
            var flipped = bytes
            flipped[place] ^= UInt8(1 << chance.below(8))
            guard let receipt = try? WardReceipt(decoding: flipped) else { continue }
            #expect(throws: WardReceipt.Fault.self, "byte \(place)") { try receipt.proven(scheme: ward.scheme) }
        }
        for length in bytes.indices {
            #expect(throws: CBORError.self) { try WardReceipt(decoding: Bytes(bytes.prefix(length))) }
        }
    }

    @Test func partsOfSeveralSoundReceiptsMakeNoOther() throws {
        let ward = try TestWard(seed: 35)
        let elsewhere = try TestWard(seed: 36)
        let lan = try ward.device(2)
        let minh = try ward.device(3)
        let stranger = try elsewhere.device(4)
        func receipt(_ replica: Replica, _ ward: TestWard) throws -> WardReceipt {
            let saved = try replica.commit(Self.report())
            try ward.sync(replica)
            return try #require(try replica.receipt(of: saved.document))
        }
        let first = try receipt(lan, ward)
        let second = try receipt(minh, ward)
        let foreign = try receipt(stranger, elsewhere)
        #expect(try foreign.proven(scheme: ward.scheme).descriptor.ward != ward.service.ward)
        let faults: [(WardReceipt.Fault, (inout WardReceipt) -> Void)] = [
            (.checkpoint, { $0.descriptor = foreign.descriptor }),
            (.checkpoint, { $0.checkpoint = foreign.checkpoint }),
            (.author, { $0.signature = second.signature }), (.author, { $0.header = foreign.header }),
            (.entry, { $0.entry = second.entry }),
            (
                .entry,
                {
                    $0.header = second.header
                    $0.signature = second.signature
                }
            ),
            (.path, { $0.path = second.path }), (.path, { $0.position = second.position }),
            (.path, { $0.position = .start }), (.path, { $0.path = [] }),
        ]
        for (fault, change) in faults {
            var receipt = first
            change(&receipt)
            #expect(throws: fault) { try receipt.proven(scheme: ward.scheme) }
        }
    }

    @Test func anythingElseIsNoProofFile() {
        for text in ["", "wardreceipt1-", "wardproof1-", "wardsync1-0000", "wardreceipt1-zzzz", "wardproof1-\u{1F600}"]
        {
            #expect(ProofFile(text) == nil)
        }
        #expect(ProofFile("wardreceipt1-" + String(repeating: "0", count: 200_000)) == nil)
    }
}
