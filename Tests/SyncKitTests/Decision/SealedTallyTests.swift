// Private values of one change set: as many as an answer can disclose, and no more by any trick.

import Testing

@testable import SyncKit

@Suite struct SealedTallyTests {
    private static let phone = Slot(field: ReportField.reporterPhone)

    private static func field(_ bytes: Int) -> Bytes {
        PrivateValue.fieldValue(Bytes(repeating: 7, count: bytes), to: .zero).encoded
    }

    /// What a tally says of values one after the other.
    private static func taken(_ items: [(slot: Slot, value: Bytes)]) -> [Bool] {
        var tally = SealedTally()
        return items.map { tally.take($0.slot, $0.value) }
    }

    private static func keyed(_ key: UInt32) -> Slot { Slot(field: ReportField.fileKeys, key: key) }

    @Test func aSlotIsSetOnceAndNothingStandsInABoxThatIsNotThere() {
        let (shared, none) = (PrivateValue.shared.encoded, CBORValue.null.encoded)
        #expect(Self.taken([(Self.phone, Self.field(100)), (Self.phone, shared)]) == [true, false])
        #expect(Self.taken([(Self.phone, none), (Self.keyed(1), shared)]) == [true, false])
        #expect(Self.taken([(Self.phone, [0x82, 0x48]), (Self.keyed(1), [0x83, 0, 0, 0])]) == [false, false])
        #expect(
            Self.taken([(Self.phone, Self.field(9)), (Self.keyed(1), none), (Self.keyed(2), shared)]) == [
                true, true, true,
            ])
    }

    @Test func valuesAndBoxesHaveLimits() {
        let shared = PrivateValue.shared.encoded
        let many = (1...UInt32(SealedTally.maxValues)).map { (slot: Self.keyed($0), value: shared) }
        let values = Self.taken([(Self.phone, Self.field(100))] + many)
        #expect(values.dropLast().allSatisfy { $0 } && values.last == false)
        let boxes = Self.taken(
            (0..<4).map { (Self.keyed($0), Self.field(ValueType.maxBoxLength)) } + [(Self.keyed(4), Self.field(1))])
        #expect(boxes == [true, true, true, true, false])
    }

    /// A resident who writes one long value and names it again and again: it is refused, and the officers sync.
    @Test func whoNamesALongValueAgainAndAgainStopsNobody() throws {
        let ward = try TestWard(seed: 310)
        let officer = try ward.device(311, role: .officer, areas: ["06685"], name: "O")
        let resident = try ward.device(312)
        try ward.sync(resident)
        var draft = FieldScenarioTests.report("06685.03")
        let long = String(repeating: "9", count: 7900)
        let dot = Dot(device: resident.device, sequence: 1)
        let key = ward.keys.sealing.publicKey
        let box = PrivateValue.seal(
            .text(long), ward: resident.ward, dot: dot, slot: Self.phone, to: key, random: SystemRandomSource())
        draft.perform(.set(Self.phone), PrivateValue.fieldValue(box, to: key))
        for _ in 0..<200 { draft.perform(.set(Self.phone), PrivateValue.shared) }
        let id = try resident.commit(draft, checksEarly: false).document
        let report = try ward.sync(resident)
        #expect(report.refused.map(\.code) == [.wrongValue])
        try ward.sync(officer)
        #expect(try officer.document(id) == nil)

        // As much as may be: it goes to the officer in one frame.
        var most = FieldScenarioTests.report("06685.03")
        most.perform(.set(Slot(field: ReportField.description)), .text(String(repeating: "đ", count: 8000)))
        let keys = (0..<126).map { (slot: Slot(field: ReportField.fileKeys, key: $0), value: String(long.prefix(240))) }
        let kept = try resident.commit(most, privates: keys).document
        #expect(try ward.sync(resident).accepted == 1)
        try ward.sync(officer)
        let view = try #require(try officer.document(kept))
        for item in keys {
            let entry = try #require(view.state.entries(item.slot).last)
            #expect(try officer.disclosed(entry, item.slot) == item.value)
        }
    }

    /// The secret of a look-up may stand in the box of another private value.
    @Test func aLookupIsAnsweredWhereverItsSecretStands() throws {
        let ward = try TestWard(seed: 320)
        let resident = try ward.device(321)
        try ward.sync(resident)
        var draft = ChangeSetDraft(kind: .lookup)
        draft.perform(.set(Slot(field: LookupField.code)), .text("000.00.01.H49-261001-00001"))
        let privates = [
            (slot: Slot(field: LookupField.fileKeys, key: 1), value: "khoá"),
            (slot: Slot(field: LookupField.secret), value: "1234"),
        ]
        let id = try resident.commit(draft, privates: privates).document
        try ward.sync(resident)
        let state = try #require(try resident.document(id)).state.present.state
        #expect(state == 3)
    }
}
