// A second fold, written from docs/data-model.md: slow, over the whole set at once, and sharing no code with the first.

@testable import SyncKit

/// Folds accepted change sets by comparing each with each, straight to canonical bytes.
struct SimpleFold {
    /// One operation of one change set.
    private struct Write {
        let change: AcceptedChange
        let index: Int
        let operation: SyncKit.Operation
        let value: Bytes
    }

    private let changes: [AcceptedChange]
    private var writes: [UInt64: [Write]] = [:]

    /// The canonical state; `nil` where no change set creates the document.
    static func canonical(_ changes: [AcceptedChange], id: Digest, creation: Dot) -> Bytes? {
        let fold = SimpleFold(changes)
        guard let first = fold.changes.first(where: { $0.dot == creation }) else { return nil }
        return fold.encoded(id: id, creation: first)
    }

    private init(_ all: [AcceptedChange]) {
        var lowest: [Dot: AcceptedChange] = [:]
        for change in all {
            if let known = lowest[change.dot], known.position <= change.position { continue }
            lowest[change.dot] = change
        }
        changes = lowest.values.sorted { $0.position < $1.position }
        for change in changes {
            var taken = 0
            for (index, operation) in change.operations.enumerated() {
                var value = Bytes()
                if operation.takesValue {
                    value = change.values?.value(taken) ?? []
                    taken += 1
                }
                writes[operation.slot.rawValue, default: []].append(
                    Write(change: change, index: index, operation: operation, value: value))
            }
        }
    }

    /// Whether one change set knows another ("What replaces what").
    private func knows(_ change: AcceptedChange, _ other: AcceptedChange) -> Bool {
        if change.dot == other.dot { return false }
        if other.position <= change.seen { return true }
        if other.dot.device == change.dot.device { return other.dot.sequence < change.dot.sequence }
        return change.seenDots.contains(other.dot)
    }

    /// Whether a write stands, among all writes of its slot ("The fold").
    private func stands(_ write: Write, among all: [Write], _ merge: MergeKind) -> Bool {
        let others = all.filter { knows($0.change, write.change) }
        switch merge {
        case .register: return others.isEmpty
        case .set:
            if case .remove = write.operation { return false }
            return !others.contains {
                if case .remove = $0.operation { return $0.value == write.value }
                return false
            }
        case .log, .claim, .workflow, .link: return true
        }
    }

    /// Whether a change set that knows the write resolves its slot and names it.
    private func isSettled(_ write: Write, among all: [Write]) -> Bool {
        all.contains {
            guard case .resolve(_, let settled) = $0.operation else { return false }
            return settled.contains(write.change.dot) && knows($0.change, write.change)
        }
    }

    private func encoded(id: Digest, creation: AcceptedChange) -> Bytes {
        var slots: [(slot: UInt64, merge: MergeKind, writes: [Write])] = []
        for (slot, all) in writes.sorted(by: { $0.key < $1.key }) {
            guard let spec = Schema.field(creation.kind, UInt8(truncatingIfNeeded: slot >> 40)) else { continue }
            var standing = all.filter { stands($0, among: all, spec.merge) }
            standing.sort { left, right in
                var a = [left.change.position.rawValue, UInt64(left.index)]
                var b = [right.change.position.rawValue, UInt64(right.index)]
                if spec.merge == .log {
                    a.insert(left.change.effective.rawValue, at: 0)
                    b.insert(right.change.effective.rawValue, at: 0)
                }
                return a.lexicographicallyPrecedes(b)
            }
            if !standing.isEmpty { slots.append((slot, spec.merge, standing)) }
        }
        let devices = Set(slots.flatMap { $0.writes.map(\.change.dot.device) } + [creation.dot.device]).sorted()
        func place(_ device: DeviceID) -> CBORValue { .unsigned(UInt64(devices.firstIndex(of: device) ?? 0)) }
        let encodedSlots = slots.map { slot in
            let all = writes[slot.slot, default: []]
            let entries = slot.writes.map { write in
                let settled = (slot.merge == .claim || slot.merge == .workflow) && isSettled(write, among: all)
                return entry(write, author: place(write.change.dot.device), isSettled: settled)
            }
            return CBORValue.array([.unsigned(slot.slot), .array(entries)])
        }
        return CBORValue.array([
            .unsigned(1), .unsigned(UInt64(creation.kind.rawValue)), .bytes(id.bytes),
            .array(devices.map { .bytes($0.digest.bytes) }),
            .array([place(creation.dot.device), .unsigned(creation.dot.sequence)]),
            .unsigned(creation.effective.rawValue), .array(encodedSlots),
        ]).encoded
    }

    private func entry(_ write: Write, author: CBORValue, isSettled: Bool) -> CBORValue {
        func dots(_ dots: [Dot]) -> Bytes {
            CBORValue.array(
                dots.map { .array([.bytes($0.device.digest.bytes), .unsigned($0.sequence)]) }
            ).encoded
        }
        var (action, state, value, note): (UInt64, UInt64, Bytes, Bytes) = (1, 0, write.value, [])
        switch write.operation {
        case .set, .add, .remove, .append: break
        case .claim: (action, value) = (2, [])
        case .release(_, let claim, let next): (action, value) = (3, dots([claim] + (next.map { [$0] } ?? [])))
        case .transition(_, let to, let follows): (action, state, value) = (4, UInt64(to), dots([follows]))
        case .link(_, let target): (action, value) = (5, target.bytes)
        case .unlink(_, let link): (action, value) = (6, dots([link]))
        case .resolve:
            action = 7
            if case .array(let parts)? = try? CBORValue(decoding: write.value), parts.count == 2 {
                (value, note) = (parts[0].encoded, parts[1].encoded)
            }
        }
        let outcomes = write.change.outcomes
        let outcome = write.index < outcomes.count ? UInt64(outcomes[write.index].rawValue) : 0
        return .array([
            author, .unsigned(write.change.dot.sequence), .unsigned(UInt64(write.index)),
            .unsigned(write.change.position.rawValue), .unsigned(write.change.effective.rawValue), .unsigned(action),
            .unsigned(outcome), .unsigned(state), .bool(isSettled), .bytes(value), .bytes(note),
        ])
    }
}
