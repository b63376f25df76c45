// The ward's own hand, as the rules say: answers to look-ups, publications, ratings by code.

import SyncKit

extension ExpectedWard {
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
