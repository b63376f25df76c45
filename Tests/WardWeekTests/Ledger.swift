// The ledger: what people did, in the order in which each of them did it, with what they saw on their screens.

import SyncKit

/// A step as somebody names it: a device's change set, or the so-many-th step that the ward itself took.
enum StepName: Hashable {
    case dot(Dot)
    case ward(Int)
}

/// One thing that one person did to one document.
struct Deed {
    /// A part of a deed.
    enum Part {
        /// A register is written, in place of what stood there on the screen.
        case set(Slot, value: Bytes, replaces: Set<Dot>, replacesWard: Bool)
        /// The same as the decision on a conflict.
        indirect case decide(Deed.Part)
        case settle(Slot)
        case append(Slot)
        case element(Slot)
        case claim
        case release(claim: Dot, successor: Dot?)
        case step(to: UInt8, follows: StepName)
        case link(Digest)
        case unlink(Dot)
    }

    let dot: Dot
    let document: Digest
    let kind: DocumentKind
    let creates: Bool
    /// By the device's own clock, as a raw hybrid time.
    let authorTime: UInt64
    /// Up to where the device had applied the ward's log.
    let seen: UInt64
    let parts: [Part]
    /// The words of this deed.
    let canaries: [Int]
}

extension Week {
    /// Somebody does something: the replica saves it, and the ledger notes it.
    @discardableResult
    func commit(
        _ person: Person, _ draft: ChangeSetDraft, on view: DocumentView? = nil,
        privates: [(slot: Slot, value: String)] = [], keeping code: LookupCode? = nil, reply: SealingKey? = nil,
        checksEarly: Bool = true
    ) throws -> Digest {
        setClock(person)
        let seen = try person.replica.seen().position.index
        let saved = try person.replica.commit(
            draft, privates: privates, keeping: code, reply: reply, checksEarly: checksEarly)
        note(person, saved, draft, privates.map(\.slot), on: view, seen: seen)
        return saved.document
    }

    /// Writes what was saved into the ledger.
    func note(
        _ person: Person, _ saved: Saved, _ draft: ChangeSetDraft, _ sealed: [Slot], on view: DocumentView?,
        seen: UInt64
    ) {
        let time = max(UInt64(clamping: person.clock.nowSeconds()) << 16, person.lastAuthorTime + 1)
        person.lastAuthorTime = time
        var values = draft.values.makeIterator()
        var parts: [Deed.Part] = []
        for operation in draft.operations {
            let value = operation.takesValue ? values.next() ?? [] : []
            parts.append(part(operation, value, view, draft.kind))
        }
        for slot in sealed { parts.append(write(slot, [], view)) }
        let canaries = book.takeFresh()
        for number in canaries { book.canaries[number].writers.insert(person.number) }
        person.deeds.append(
            Deed(
                dot: saved.dot, document: saved.document, kind: draft.kind, creates: draft.document == nil,
                authorTime: time, seen: seen, parts: parts, canaries: canaries))
        deedCounts[draft.kind.name, default: 0] += 1
    }

    private func part(_ operation: Operation, _ value: Bytes, _ view: DocumentView?, _ kind: DocumentKind)
        -> Deed.Part
    {
        switch operation {
        case .set(let slot): return write(slot, value, view)
        case .resolve(let slot, _):
            guard rules.field(kind.name, slot.field)?.merge == "register",
                case .array(let parts)? = try? CBORValue(decoding: value), let chosen = parts.first
            else { return .settle(slot) }
            return .decide(write(slot, chosen.encoded, view))
        case .append(let slot): return .append(slot)
        case .add(let slot), .remove(let slot): return .element(slot)
        case .claim: return .claim
        case .release(_, let claim, let successor): return .release(claim: claim, successor: successor)
        case .link(_, let target): return .link(target)
        case .unlink(_, let link): return .unlink(link)
        case .transition(_, let to, let follows):
            guard follows.device == wardDevice else { return .step(to: to, follows: .dot(follows)) }
            let steps = view?.state.entries(Schema.stateField) ?? []
            let earlier = steps.filter { $0.dot.device == wardDevice && $0.dot.sequence < follows.sequence }
            return .step(to: to, follows: .ward(Set(earlier.map(\.dot)).count))
        }
    }

    private func write(_ slot: Slot, _ value: Bytes, _ view: DocumentView?) -> Deed.Part {
        let dots = Set(view?.state.entries(slot).map(\.dot) ?? [])
        let own = dots.filter { $0.device != wardDevice }
        return .set(slot, value: value, replaces: own, replacesWard: own.count < dots.count)
    }
}
