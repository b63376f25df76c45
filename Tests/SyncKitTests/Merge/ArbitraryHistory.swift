// Arbitrary accepted change sets: every operation that fits, any chains, marks, lists, late releases and outcomes.

@testable import SyncKit

/// The accepted change sets of one document, as the laws of merging take them.
struct History {
    var kind = DocumentKind.report
    var creation = Dot(device: DeviceID(.zero), sequence: 1)
    var changes: [AcceptedChange] = []

    static let id = Blake2b.hash([1])
    static let devices = (0..<5).map { DeviceID(Blake2b.hash([2, UInt8($0)])) }

    var folded: DocumentState? { DocumentState.folding(changes, id: Self.id, creation: creation) }

    /// A history that no server would decide like this, but whose operations fit and whose seen marks are true.
    static func arbitrary(_ chance: inout SeededChance) -> History {
        var history = History()
        history.kind = [.report, .task, .task, .report, .lookup, .area][chance.below(6)]
        let count = 1 + chance.below(10)
        // Sometimes every change set writes the same slot, so that it gets crowded.
        let slots = focusedSlots(history.kind, &chance)
        var sequences = devices.map { _ in UInt64(chance.below(3)) }
        var dots: [Dot] = []
        for _ in 0..<count {
            let author = chance.below(1 + chance.below(devices.count))
            sequences[author] += 1 + UInt64(chance.below(4) == 0 ? 1 : 0)
            dots.append(Dot(device: devices[author], sequence: sequences[author]))
        }
        var order = Array(0..<count)
        if chance.below(2) == 0 {
            // Held ones are released late, out of the order of their chains.
            for _ in 0...chance.below(3) { order.append(order.remove(at: chance.below(count))) }
        }
        history.creation = dots[chance.below(4) == 0 ? chance.below(count) : order[0]]
        var index: UInt64 = UInt64(chance.below(3))
        var epoch: UInt64 = 0
        for (place, number) in order.enumerated() {
            index += 1 + UInt64(chance.below(3))
            if place > 0, chance.below(20) == 0 { (epoch, index) = (epoch + 1, 1) }
            let position = Position(epoch: epoch, index: index)
            let before = history.changes.map(\.position)
            let seen = before.isEmpty || chance.below(3) == 0 ? .start : before[chance.below(before.count)]
            let listed = dots.filter { $0.device != dots[number].device && chance.below(6) == 0 }
            history.changes.append(
                change(history.kind, dots[number], position, seen, listed, slots: slots, dots: dots, &chance))
        }
        return history
    }

    private static func focusedSlots(_ kind: DocumentKind, _ chance: inout SeededChance) -> [Slot] {
        let fields = Schema.fields(of: kind)
        let all = fields.flatMap { field in
            field.isKeyed
                ? [Slot(field: field.code, key: 0), Slot(field: field.code, key: 7)] : [Slot(field: field.code)]
        }
        let merges: [MergeKind] = [.register, .set, .log, .claim, .workflow, .link]
        switch chance.below(3) {
        case 0: return all
        case 1:
            let merge = merges[chance.below(merges.count)]
            let fitting = all.filter { Schema.field(kind, $0.field)?.merge == merge }
            return fitting.isEmpty ? all : fitting
        default: return [all[chance.below(all.count)], all[chance.below(all.count)]]
        }
    }

    private static func change(
        _ kind: DocumentKind, _ dot: Dot, _ position: Position, _ seen: Position, _ listed: [Dot], slots: [Slot],
        dots: [Dot], _ chance: inout SeededChance
    ) -> AcceptedChange {
        var operations: [SyncKit.Operation] = []
        var values: [Bytes] = []
        for _ in 0...chance.below(3) {
            let slot = slots[chance.below(slots.count)]
            guard let merge = Schema.field(kind, slot.field)?.merge else { continue }
            let operation = operation(merge, slot, dots, &chance)
            operations.append(operation)
            guard operation.takesValue else { continue }
            let value = CBORValue.unsigned(UInt64(chance.below(3)))
            if case .resolve = operation {
                values.append(CBORValue.array([chance.below(4) == 0 ? .null : value, .text("vì")]).encoded)
            } else {
                values.append(value.encoded)
            }
        }
        let outcomes = chance.below(3) == 0 ? [] : operations.map { _ in outcome(&chance) }
        return AcceptedChange(
            dot: dot, kind: kind, position: position,
            effective: HybridTime(seconds: Int64(chance.below(4)), counter: 0), seen: seen, seenDots: listed,
            operations: operations, values: values.isEmpty ? nil : ChangeValues(salt: [], values: values),
            outcomes: outcomes)
    }

    private static func operation(_ merge: MergeKind, _ slot: Slot, _ dots: [Dot], _ chance: inout SeededChance)
        -> SyncKit.Operation
    {
        func any() -> Dot { dots[chance.below(dots.count)] }
        let isResolution = chance.below(5) == 0
        switch merge {
        case .register, .claim, .workflow:
            if isResolution { return .resolve(slot, settled: (0...chance.below(2)).map { _ in any() }) }
        case .set, .log, .link: break
        }
        switch merge {
        case .register: return .set(slot)
        case .set: return chance.below(3) == 0 ? .remove(slot) : .add(slot)
        case .log: return .append(slot)
        case .claim:
            if chance.below(3) > 0 { return .claim(slot) }
            return .release(slot, claim: any(), successor: chance.below(2) == 0 ? any() : nil)
        case .workflow: return .transition(slot, to: UInt8(1 + chance.below(12)), follows: any())
        case .link:
            if chance.below(3) > 0 { return .link(slot, target: Blake2b.hash([UInt8(chance.below(2))])) }
            return .unlink(slot, link: any())
        }
    }

    private static func outcome(_ chance: inout SeededChance) -> Outcome {
        Outcome(rawValue: UInt8(chance.below(8))) ?? .none
    }
}
