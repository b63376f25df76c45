// What the ward itself says: publications, progress for followers, answers to look-ups, alerts with an end.

import SyncKit

extension Week {
    /// Publications, follows and look-ups that say something else than they must.
    func wrongWords(_ states: [Digest: DocumentState]) throws -> [String] {
        var found: [String] = []
        let reports = expected.documents.filter { $0.kind == .report }
        let views = states.values.filter { $0.kind == .publication }
        let published = views.filter { $0.text(PublicationField.status) == "published" }
        func line(_ parts: [String?]) -> String { parts.map { $0 ?? "–" }.joined(separator: "|") }
        let got = published.map { view in
            let rating = view.value(PublicationField.rating)?.integer
            return line([
                view.text(PublicationField.title), view.text(PublicationField.text),
                view.text(PublicationField.category), view.text(PublicationField.agency),
                view.text(PublicationField.resolution), rating.map { String($0) },
            ])
        }
        let want = reports.filter(\.isPublic).map { report in
            let rating = report.hasTaken(8, since: 6) ? report.value(ReportField.rating)?.integer : nil
            return line([
                report.text(ReportField.publicTitle), report.text(ReportField.publicText),
                report.text(ReportField.category), report.text(ReportField.agency),
                report.text(ReportField.resolution), rating.map { String($0) },
            ])
        }
        for one in Set(want).subtracting(got) { found.append("not public: " + one) }
        for one in Set(got).subtracting(want) { found.append("public: " + one) }
        let withdrawn = reports.count { !$0.isPublic && $0.publication != nil }
        if views.count - published.count != withdrawn { found.append("\(views.count - published.count) withdrawn") }
        for person in people { found += try wrongFollows(person) + wrongAnswers(person) + wrongAlerts(person) }
        return found
    }

    /// A follow tells of the report with the code, and of what it is a duplicate of.
    private func wrongFollows(_ person: Person) throws -> [String] {
        var found: [String] = []
        for follow in person.follows {
            guard let state = try person.replica.document(follow.id)?.accepted,
                let code = LookupCode(parsing: follow.code)
            else { continue }
            var report = expected.documents.first {
                $0.kind == .report && $0.value(ReportField.codeHash) == .bytes(code.hash.bytes)
            }
            let isKnown = report != nil
            if state.text(FollowField.status) != (isKnown ? "following" : "unknown") {
                found.append("\(person.name) follows and is told \(state.text(FollowField.status) ?? "nothing")")
            }
            var want: [String] = []
            while let next = report, want.count < 64 {
                want.append(rules.states["report"]?[next.present.to] ?? "")
                report = next.link.flatMap { expected.document($0.target) }
            }
            let got = try Follow.views(state).map { id in
                try person.replica.document(id)?.accepted?.text(ProgressField.status) ?? "nothing"
            }
            if got.sorted() != want.sorted() { found.append("\(person.name) follows and sees \(got) for \(want)") }
        }
        return found
    }

    /// An answer opens with the key of its question, and says what the registry said.
    private func wrongAnswers(_ person: Person) throws -> [String] {
        var found: [String] = []
        let slot = Slot(field: LookupField.answer)
        for id in person.asked {
            guard let state = try person.replica.document(id)?.accepted, let question = expected.document(id) else {
                continue
            }
            let key = try person.replica.replyKey(of: id)
            var words: Set<String> = []
            for entry in state.entries(slot) {
                guard case .array(let parts) = try CBORValue(decoding: entry.value), parts.count == 4,
                    case .bytes(let box) = parts[3]
                else { continue }
                let ward = person.replica.ward
                if let key, let opened = PrivateValue.open(box, ward: ward, dot: entry.dot, slot: slot, with: key) {
                    words.formUnion(TokenSearch.tokens(in: opened.encoded))
                }
                for other in people where other.number != person.number {
                    let keys = other.replica.sealingKey
                    if PrivateValue.open(box, ward: ward, dot: entry.dot, slot: slot, with: keys) != nil {
                        found.append("\(other.name) opens an answer to \(person.name)")
                    }
                }
            }
            var want = Set(expected.answers[question.index].map { [$0] } ?? [])
            for (dot, answer) in answeredByHand where answer.question == id {
                guard let officer = self.person(dot.device), !officer.refused.contains(dot.sequence) else { continue }
                want.insert(answer.word)
            }
            if words != want { found.append("\(person.name) is answered \(words) for \(want)") }
        }
        return found
    }

    /// An alert is valid before its end and no longer.
    private func wrongAlerts(_ person: Person) throws -> [String] {
        guard person.revokedAfter == nil else { return [] }
        let alerts = expected.documents.filter { $0.kind == .alert }
        let valid = alerts.filter { now < $0.value(AlertField.validUntil)?.integer ?? .max }
        let got = Set(try person.replica.activeAlerts(for: [], now: now).map(\.id))
        let expired = try person.replica.expiredCount(.alert, now: now)
        if got == Set(valid.compactMap(\.id)), expired == alerts.count - valid.count { return [] }
        return ["\(person.name) sees \(got.count) alerts for \(valid.count), \(expired) expired"]
    }
}
