// What lists of reports need to know without reading a state: what waits for whom, since when, and where it is.

/// The columns of the table `reports`, derived from a report's state alone.
package struct ReportFacts: Hashable, Sendable {
    /// What an officer should look at.
    package struct Needs: OptionSet, Hashable, Sendable {
        package let rawValue: Int64
        package init(rawValue: Int64) { self.rawValue = rawValue }
        /// Received, and nobody classified it yet.
        package static let new = Needs(rawValue: 1)
        /// The question was answered.
        package static let answered = Needs(rawValue: 2)
        package static let reopened = Needs(rawValue: 4)
        /// A volunteer or lead proposed something, and nobody took a step or answered since.
        package static let proposal = Needs(rawValue: 8)
    }

    package var category: String
    package var place: GeoPoint?
    package var urgency: String
    package var agency: String
    /// Its steps and what its deadline follows from.
    package var course: ReportCourse
    package var status: UInt8
    package var needs: Needs
    /// Since when it needs somebody; when it was filed, where it does not.
    package var since: Int64
    /// The device that took the last step towards a result.
    package var handler: DeviceID?
    /// The report that this one is a duplicate of, while it is one.
    package var original: Digest?

    package init(_ state: DocumentState) {
        category = state.text(ReportField.category) ?? ""
        place = GeoPoint(state.value(ReportField.location))
        let filed = state.creationTime.seconds
        course = ReportCourse(state) ?? ReportCourse(id: state.id, filed: filed)
        urgency = state.text(ReportField.urgency) ?? ""
        agency = state.text(ReportField.agency) ?? ""
        status = state.present.state
        needs = []
        since = filed
        let steps = state.countedSteps
        handler =
            steps.last {
                $0.state != ReportStateNumber.rated.rawValue && $0.state != ReportStateNumber.reopened.rawValue
            }?.dot.device
        if status == ReportStateNumber.duplicate.rawValue {
            original = state.link(ReportField.duplicateOf).flatMap { Digest($0.value) }
        }
        readNeeds(state, last: steps.last)
    }

    private mutating func readNeeds(_ state: DocumentState, last: Entry?) {
        var times: [Int64] = []
        let lastTime = last?.effective.seconds ?? course.filed
        if status == ReportStateNumber.received.rawValue {
            needs.insert(.new)
            times.append(lastTime)
        }
        if status == ReportStateNumber.reopened.rawValue {
            needs.insert(.reopened)
            times.append(lastTime)
        }
        if let answer = state.answer {
            needs.insert(.answered)
            times.append(answer.effective.seconds)
        }
        if let proposal = state.openProposals.first {
            needs.insert(.proposal)
            times.append(proposal.effective.seconds)
        }
        since = times.min() ?? course.filed
    }

    /// Whether it belongs into an inbox: it needs somebody, or its deadline runs.
    package var isWaiting: Bool { !needs.isEmpty || ReportStateNumber.isOpen(status) }
}

extension DocumentState {
    /// The first comment of somebody else since an officer asked, while the report waits for it.
    package var answer: Entry? {
        guard present.state == ReportStateNumber.awaitingInfo.rawValue, let asked = countedSteps.last else {
            return nil
        }
        return entries(ReportField.comments).first {
            $0.dot.device != asked.dot.device && Self.isLater($0, asked)
        }
    }

    /// Proposals after which nobody took a step, and that nobody else answered with a comment.
    package var openProposals: [Entry] {
        let last = countedSteps.last
        let comments = entries(ReportField.comments)
        return entries(ReportField.proposals).filter { proposal in
            if let last, Self.isLater(last, proposal) { return false }
            return !comments.contains { $0.dot.device != proposal.dot.device && Self.isLater($0, proposal) }
        }
    }

    private static func isLater(_ entry: Entry, _ other: Entry) -> Bool {
        (entry.position, entry.dot.sequence) > (other.position, other.dot.sequence)
    }
}
