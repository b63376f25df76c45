// Ratings with the one-time code: each result is rated once, by whoever holds the code that came with it.

/// What became of a rating. The raw value is the code in its status.
package enum RatingFinding: String, Sendable, CaseIterable {
    /// It stands in the report.
    case counted
    /// The result was rated before.
    case used
    /// There is no such code, or the value is none.
    case unknown
    /// The code belongs to a result that does not stand any more.
    case late
}

extension WardCore {
    /// Judges a rating once and takes it over into its report.
    func settle(rating document: WardDocument) throws(StoreError) {
        guard let state = try state(of: document), state.shown(RatingField.status) == nil else { return }
        let value = state.value(RatingField.value)?.integer.flatMap(Rating.init)
        var finding = RatingFinding.unknown
        if let value, let hash = openedCode(state),
            let report = try report(with: CodeKey(kind: .rating, hash: hash)), let found = try self.state(of: report)
        {
            finding = Self.judge(hash, found)
            if finding == .counted {
                var draft = ChangeSetDraft(kind: .report, document: report.id)
                draft.perform(.set(Slot(field: ReportField.rating)), CBORValue(value.value))
                let comment = state.text(RatingField.comment).map { CBORValue.text($0) } ?? .null
                if comment != .null || found.value(ReportField.ratingComment) != nil {
                    draft.perform(.set(Slot(field: ReportField.ratingComment)), comment)
                }
                draft.perform(.transition(Slot(field: Schema.stateField), to: 8, follows: found.present.dot))
                _ = try authorOne(draft)
            }
        }
        var draft = ChangeSetDraft(kind: .rating, document: document.id)
        draft.perform(.set(Slot(field: RatingField.status)), .text(finding.rawValue))
        _ = try authorOne(draft)
    }

    /// The hash of the code that a rating seals to the ward.
    private func openedCode(_ state: DocumentState) -> Digest? {
        guard let entry = state.shown(RatingField.code) else { return nil }
        let plain = openPrivate(entry.value, dot: entry.dot, slot: Slot(field: RatingField.code))
        return plain?.string.flatMap { RatingCode(parsing: $0) }?.hash
    }

    /// Whether the code belongs to the result that stands, and that nobody rated yet.
    private static func judge(_ hash: Digest, _ report: DocumentState) -> RatingFinding {
        guard let resolved = report.countedSteps.last(where: { $0.state == 6 }) else { return .late }
        // A code that was written before the newest result came with an older one.
        let isOfThisResult = report.entries(ReportField.ratingCodeHash).contains { entry in
            entry.position >= resolved.position && ConstantTime.equal(entry.value, CBORValue.bytes(hash.bytes).encoded)
        }
        guard isOfThisResult else { return .late }
        if report.hasTaken(8, since: 6) { return .used }
        return [6, 7].contains(report.present.state) ? .counted : .late
    }
}
