// States in columns: what goes in comes out, and nothing else is taken.

import Testing

@testable import SyncKit

@Suite struct StateFrameTests {
    private static let devices = (0..<5).map { DeviceID(Digest.hash(of: [UInt8($0)])) }

    /// A state with everything that a state can hold.
    private static func state(_ chance: inout SeededChance) -> DocumentState {
        let kinds: [DocumentKind] = [.report, .task, .lookup]
        var state = DocumentState(
            id: Digest(chance.bytes(32)) ?? .zero, kind: kinds[chance.below(3)], creation: dot(&chance))
        state.creationTime = HybridTime(rawValue: chance.next() >> 1)
        var fields = Set<UInt64>()
        for _ in 0..<chance.below(8) {
            fields.insert(Slot(field: UInt8(chance.below(20)), key: chance.below(3) == 0 ? 7 : nil).rawValue)
        }
        for field in fields.sorted() {
            var entries: [Entry] = []
            for _ in 0..<1 + chance.below(3) { entries.append(entry(&chance)) }
            state.slots.append(SlotState(slot: Slot(rawValue: field), entries: entries))
        }
        let positions = state.slots.flatMap { $0.entries.map(\.position) }
        state.lastPosition = max(positions.max() ?? .start, Position(rawValue: chance.next() >> 20))
        state.lastEffective = HybridTime(rawValue: chance.next() >> 2)
        state.listed = (0..<chance.below(3)).map { _ in dot(&chance) }
        var tops = StateReader.tops(of: state.slots.flatMap { $0.entries.map(\.dot) })
        for device in devices where chance.below(2) == 0 { tops[device, default: 0] += UInt64(chance.below(9)) + 1 }
        state.tops = tops.map { Dot(device: $0.key, sequence: $0.value) }.sorted()
        if chance.below(4) == 0 {
            state.readmitted = [
                .init(dot: dot(&chance), place: Position(rawValue: 77), logged: Position(epoch: 1, index: 99))
            ]
        }
        return state
    }

    private static func dot(_ chance: inout SeededChance) -> Dot {
        Dot(device: devices[chance.below(5)], sequence: 1 + chance.next() >> (16 + UInt64(chance.below(40))))
    }

    private static func entry(_ chance: inout SeededChance) -> Entry {
        let values: [Bytes] = [
            CBORValue.text("Đèn hỏng").encoded, [], SlotState.encode([dot(&chance)]),
            SlotState.encode([dot(&chance), dot(&chance)]), chance.bytes(chance.below(90)), [0xF6],
        ]
        return Entry(
            dot: dot(&chance), index: UInt8(chance.below(256)), position: Position(rawValue: chance.next() >> 3),
            effective: HybridTime(rawValue: chance.next() >> 1),
            action: Entry.Action(rawValue: 1 + UInt8(chance.below(7))) ?? .value,
            outcome: Outcome(rawValue: UInt8(chance.below(8))) ?? .none, state: UInt8(chance.below(11)),
            isSettled: chance.below(2) == 0, value: values[chance.below(values.count)],
            note: chance.below(5) == 0 ? chance.bytes(12) : [])
    }

    @Test func whatGoesInComesOut() throws {
        var chance = SeededChance("states")
        for round in 0..<60 {
            let states = (0..<round).map { _ in Self.state(&chance) }
            #expect(try StateFrame.decode(StateFrame.encode(states)) == states)
        }
    }

    @Test func whatIsCutOrChangedIsRefusedOrStaysBounded() throws {
        var chance = SeededChance("states")
        let states = (0..<20).map { _ in Self.state(&chance) }
        let frame = StateFrame.encode(states)
        for length in 0..<frame.count { #expect((try? StateFrame.decode(Bytes(frame[..<length]))) == nil) }
        for _ in 0..<4000 {
            var wrong = frame
            wrong[chance.below(wrong.count)] ^= UInt8(1 << chance.below(8))
            #expect((try? StateFrame.decode(wrong))?.count ?? 0 <= StateFrame.maxCount)
        }
    }

    /// Ten bytes must not ask for gigabytes.
    @Test func aFrameThatAnnouncesMuchIsRefusedBeforeItIsUnpacked() {
        var writer = CBORWriter()
        writer.arrayHeader(count: 3)
        writer.unsigned(1)
        writer.unsigned(UInt64(StateFrame.maxRaw) + 1)
        writer.byteString(
            ZstdCodec.compress(Bytes(repeating: 0, count: StateFrame.maxRaw + 1), level: 1, dictionary: nil))
        #expect(throws: CBORError.self) { try StateFrame.decode(writer.bytes) }
    }
}

extension Digest {
    fileprivate static func hash(of bytes: Bytes) -> Digest { Blake2b.hash(bytes) }
}
