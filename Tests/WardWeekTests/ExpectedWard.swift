// The ward as the rules say that it must be: what arrives is decided here a second time, in the order of arrival.

import SyncKit

/// Decides what arrives from `docs/data-model.md` alone, and keeps what must come of it.
final class ExpectedWard {
    let rules: DomainRules
    let book: CanaryBook
    private(set) var documents: [ExpectedDocument] = []
    private var byID: [Digest: Int] = [:]
    /// Documents as they appeared, moved or became public: what a device's scope is looked at for.
    private(set) var appearances: [Int] = []
    /// The ward's clock.
    var now: Int64 = 0
    /// How large the log was at the end of each exchange, and what time it was.
    var heads: [(size: UInt64, time: Int64)] = []
    var order = 0
    /// What the ward has to react to before it answers.
    var touched: Set<Int> = []
    var ratings: [Int] = []
    var questions: [Int] = []
    /// The reports by the rating codes that the ward knows.
    var rated: [Digest: Int] = [:]
    /// The codes of ratings by the document; they are sealed, so nobody else can tell.
    var typedCodes: [Digest: Digest] = [:]
    /// What the registry of dossiers says: by the code, the second secret and what the answer must say.
    var dossiers: [String: (secret: String, answer: String)] = [:]
    var typedSecrets: [Digest: String] = [:]
    /// Answers by look-up; `nil` for one without a dossier.
    var answers: [Int: String] = [:]
    var counts: [String: Int] = [:]

    init(rules: DomainRules, book: CanaryBook) {
        self.rules = rules
        self.book = book
    }

    func document(_ id: Digest) -> ExpectedDocument? { byID[id].map { documents[$0] } }

    func noteHead(_ size: UInt64) {
        if size > heads.last?.size ?? 0 { heads.append((size, now)) }
    }

    /// When the entry of the log at a position was written.
    private func time(at position: UInt64) -> UInt64 {
        var low = 0
        var high = heads.count
        while low < high {
            let middle = (low + high) / 2
            if heads[middle].size >= position { high = middle } else { low = middle + 1 }
        }
        return position > 0 && low < heads.count ? UInt64(clamping: heads[low].time) << 16 : 0
    }

    // MARK: Arriving

    /// Decides everything of a person that waits, in its order.
    func arrive(_ person: Person) {
        while person.arrived < person.deeds.count {
            let deed = person.deeds[person.arrived]
            person.arrived += 1
            if let last = person.revokedAfter, deed.dot.sequence > last {
                person.refused.insert(deed.dot.sequence)
                counts["held", default: 0] += 1
                continue
            }
            order += 1
            let latest = UInt64(clamping: now) << 16 | 0xFFFF
            let effective = min(max(deed.authorTime, person.lastEffective, time(at: deed.seen)), latest)
            if effective < deed.authorTime { counts["clamped", default: 0] += 1 }
            guard accept(deed, person, effective) else {
                person.refused.insert(deed.dot.sequence)
                counts["refused", default: 0] += 1
                continue
            }
            counts["accepted", default: 0] += 1
            person.lastEffective = max(person.lastEffective, effective)
        }
    }

    private func accept(_ deed: Deed, _ person: Person, _ effective: UInt64) -> Bool {
        let document: ExpectedDocument
        if deed.creates {
            guard rules.mayCreate(deed.kind.name, person.role.name) else { return false }
            document = ExpectedDocument(
                index: documents.count, id: deed.document, kind: deed.kind, creator: person.number,
                created: effective, dot: deed.dot, order: order)
        } else {
            guard let known = self.document(deed.document), mayDo(deed, person, known) else { return false }
            document = known
        }
        let areas = document.areas
        for part in deed.parts { apply(part, deed, person, document, effective) }
        if deed.creates {
            if !isEverywhere(deed.kind), person.role != .resident, deed.kind != .follow, deed.kind != .rating,
                !document.areas.contains(where: { DomainRules.covers(person.areas, $0) })
            {
                return false
            }
            register(document)
            if deed.kind == .rating { ratings.append(document.index) }
            if deed.kind == .lookup { questions.append(document.index) }
        } else if document.areas != areas {
            appearances.append(document.index)
            counts["moved", default: 0] += 1
        }
        touched.insert(document.index)
        for number in deed.canaries { book.canaries[number].documents.insert(document.index) }
        return true
    }

    func isEverywhere(_ kind: DocumentKind) -> Bool { rules.wardWide.contains(kind.name) }

    func register(_ document: ExpectedDocument) {
        documents.append(document)
        if let id = document.id { byID[id] = document.index }
        appearances.append(document.index)
    }

    private func apply(
        _ part: Deed.Part, _ deed: Deed, _ person: Person, _ document: ExpectedDocument, _ effective: UInt64
    ) {
        switch part {
        case .decide(let part): apply(part, deed, person, document, effective)
        case .set(let slot, let value, let replaces, let replacesWard):
            document.registers[slot]?.removeAll {
                replaces.contains($0.dot) || (replacesWard && $0.isWard && $0.size < deed.seen)
            }
            document.registers[slot, default: []].append(
                .init(
                    dot: deed.dot, isWard: false, effective: effective, order: order, size: heads.last?.size ?? 0,
                    value: value))
        case .append(let slot), .element(let slot): document.items[slot.field, default: 0] += 1
        case .settle: break
        case .claim:
            document.claims.append(deed.dot)
            if document.holder == nil {
                document.holder = deed.dot
            } else if document.holder?.device != deed.dot.device {
                counts["lost claims", default: 0] += 1
            }
        case .release(let claim, let successor):
            guard document.holder == claim else { return }
            document.holder = successor
            document.wasReleased = true
        case .step(let to, let follows):
            take(to, follows, .dot(deed.dot), document, effective, person)
        case .link(let target): if document.link == nil { document.link = (deed.dot, target) }
        case .unlink(let link): if document.link?.dot == link { document.link = nil }
        }
    }

    private func take(
        _ to: UInt8, _ follows: StepName, _ name: StepName, _ document: ExpectedDocument, _ effective: UInt64,
        _ person: Person
    ) {
        let present = document.present
        let needsClaim = document.kind == .task && (to == 2 || to == 3) && person.role == .volunteer
        let isEvidence = needsClaim && document.holder?.device != person.replica.device
        let beats = document.kind == .report && to == 9 && [6, 7, 8, 10, 11].contains(present.to)
        let counts = !isEvidence && (present.name == follows || (present.to != to && beats))
        if !counts { self.counts["steps that do not count", default: 0] += 1 }
        if counts, present.name != follows { self.counts["reopenings that beat a closing", default: 0] += 1 }
        document.steps.append(.init(name: name, to: to, effective: effective, order: order, counts: counts))
    }
}
