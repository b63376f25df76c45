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
    private var heads: [(size: UInt64, time: Int64)] = []
    private var order = 0
    /// What the ward has to react to before it answers.
    private var touched: Set<Int> = []
    private var ratings: [Int] = []
    private var questions: [Int] = []
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

    private func register(_ document: ExpectedDocument) {
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

    // MARK: The ward's own hand

    /// What the ward does before it answers anybody: look-ups, publications, ratings.
    func react() {
        for index in questions { answer(documents[index]) }
        questions = []
        let waiting = ratings
        ratings = []
        publish()
        for index in waiting { settle(documents[index]) }
        publish()
    }

    private func publish() {
        for index in touched.sorted() where documents[index].kind == .report {
            let report = documents[index]
            noteRatingCodes(report)
            let last = report.counted.last { $0.to != 8 }
            let title = report.text(ReportField.publicTitle) ?? ""
            report.isPublic =
                last?.to == 7 && !title.isEmpty && report.text(ReportField.visibility) != "limited"
            guard report.isPublic else { continue }
            if report.publication == nil {
                order += 1
                let view = ExpectedDocument(
                    index: documents.count, id: nil, kind: .publication, creator: -1,
                    created: UInt64(clamping: now) << 16, dot: Dot(device: DeviceID(.zero), sequence: 0), order: order)
                register(view)
                report.publication = view.index
            }
            let text = title + " " + (report.text(ReportField.publicText) ?? "")
            if let view = report.publication { book.found(in: text).forEach { $0.documents.insert(view) } }
        }
        touched = []
    }

    private func step(_ document: ExpectedDocument, to state: UInt8) {
        order += 1
        document.steps.append(
            .init(
                name: .ward(document.wardSteps), to: state, effective: UInt64(clamping: now) << 16, order: order,
                counts: true))
        touched.insert(document.index)
    }

    private func write(_ document: ExpectedDocument, _ field: UInt8, _ value: CBORValue) {
        document.registers[Slot(field: field)] = [
            .init(
                dot: Dot(device: DeviceID(.zero), sequence: 0), isWard: true, effective: UInt64(clamping: now) << 16,
                order: order, size: heads.last?.size ?? 0, value: value.encoded)
        ]
    }

    private func answer(_ question: ExpectedDocument) {
        guard let id = question.id, question.present.to == 1 else { return }
        guard let dossier = dossiers[question.text(LookupField.code) ?? ""] else { return step(question, to: 3) }
        guard dossier.secret == typedSecrets[id] else { return step(question, to: 4) }
        answers[question.index] = dossier.answer
        step(question, to: 2)
    }

    /// A rating by code: once, for the result with which the code was handed over.
    private func settle(_ rating: ExpectedDocument) {
        let value = rating.value(RatingField.value)?.integer ?? 0
        let hash = rating.id.flatMap { typedCodes[$0] }
        let status = finding(hash, value)
        if status == "counted", let report = hash.flatMap(report(ratedBy:)) {
            order += 1
            write(report, ReportField.rating, CBORValue(value))
            if let comment = rating.text(RatingField.comment) {
                write(report, ReportField.ratingComment, .text(comment))
                book.found(in: comment).forEach { $0.documents.insert(report.index) }
            } else if report.value(ReportField.ratingComment) != nil {
                write(report, ReportField.ratingComment, .null)
            }
            step(report, to: 8)
        }
        write(rating, RatingField.status, .text(status))
        counts["codes " + status, default: 0] += 1
    }

    private func finding(_ hash: Digest?, _ value: Int64) -> String {
        guard let hash, (1...5).contains(value), let report = report(ratedBy: hash) else { return "unknown" }
        guard let resolved = report.counted.last(where: { $0.to == 6 }),
            standing(hash, report).contains(where: { $0.order >= resolved.order })
        else { return "late" }
        if report.hasTaken(8, since: 6) { return "used" }
        return [6, 7].contains(report.present.to) ? "counted" : "late"
    }

    private var rated: [Digest: Int] = [:]

    private func report(ratedBy hash: Digest) -> ExpectedDocument? { rated[hash].map { documents[$0] } }

    private func standing(_ hash: Digest, _ report: ExpectedDocument) -> [ExpectedDocument.Standing] {
        (report.registers[Slot(field: ReportField.ratingCodeHash)] ?? []).filter {
            $0.value == CBORValue.bytes(hash.bytes).encoded
        }
    }

    /// Notes the rating codes that stand in a report when the ward looks at it; once known, they stay known.
    private func noteRatingCodes(_ report: ExpectedDocument) {
        for standing in report.registers[Slot(field: ReportField.ratingCodeHash)] ?? [] {
            if case .bytes(let bytes)? = try? CBORValue(decoding: standing.value), let hash = Digest(bytes) {
                rated[hash] = report.index
            }
        }
    }
}
