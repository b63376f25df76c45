// The course of a report: the steps that counted, with their times, and what follows from them for its deadline.

/// A step of a report that counted.
package struct ReportStep: Sendable, Hashable {
    package var state: ReportStateNumber
    /// Effective time, in seconds since 1970.
    package var seconds: Int64

    package init(_ state: ReportStateNumber, _ seconds: Int64) {
        self.state = state
        self.seconds = seconds
    }
}

/// The states of a report by their numbers (`docs/data-model.md`, "Workflows").
package enum ReportStateNumber: UInt8, CaseIterable, Sendable {
    case received = 1, classified, assigned, inProgress, awaitingInfo, resolved, published, rated, reopened, rejected
    case duplicate, referred

    package var name: String { WorkflowRules.name(.report, rawValue) }

    /// Whether the ward still has something to do in the state with this number.
    package static func isOpen(_ number: UInt8) -> Bool {
        ReportStateNumber(rawValue: number).map { !$0.isClosed } ?? false
    }

    /// Whether the ward is done with the report in this state.
    package var isClosed: Bool {
        switch self {
        case .resolved, .published, .rated, .rejected, .duplicate, .referred: true
        case .received, .classified, .assigned, .inProgress, .awaitingInfo, .reopened: false
        }
    }
}

/// What deadlines and figures need of a report: its steps in the order in which they counted, and a few registers.
package struct ReportCourse: Sendable, Hashable {
    package var id: Digest
    /// When it was filed, as the ward clamped it.
    package var filed: Int64
    /// The steps after filing.
    package var steps: [ReportStep]
    package var urgency: String?
    package var category: String?
    package var agency: String?
    package var areas: [String]
    /// `fixed`, `not_fixed` or `no_fault`.
    package var resolution: String?
    package var rating: Int64?
    /// The due time that an officer set, and when.
    package var officerDue: (seconds: Int64, set: Int64)?

    package init(
        id: Digest, filed: Int64, steps: [ReportStep] = [], urgency: String? = nil, category: String? = nil,
        agency: String? = nil, areas: [String] = [], resolution: String? = nil, rating: Int64? = nil,
        officerDue: (seconds: Int64, set: Int64)? = nil
    ) {
        self.id = id
        self.filed = filed
        self.steps = steps
        self.urgency = urgency
        self.category = category
        self.agency = agency
        self.areas = areas
        self.resolution = resolution
        self.rating = rating
        self.officerDue = officerDue
    }

    /// The fields that a course is made of; a stored state need not be read further.
    package static let fields = [
        ReportField.state, ReportField.category, ReportField.area, ReportField.urgency, ReportField.agency,
        ReportField.due, ReportField.resolution, ReportField.rating,
    ]

    /// The course of a report; `nil` for any other kind.
    package init?(_ state: DocumentState) {
        guard state.kind == .report else { return nil }
        self.init(id: state.id, filed: state.creationTime.seconds)
        for entry in state.countedSteps {
            guard let number = ReportStateNumber(rawValue: entry.state) else { continue }
            // Devices' clocks may disagree; a step does not come before the one that it follows.
            steps.append(ReportStep(number, max(entry.effective.seconds, steps.last?.seconds ?? filed)))
        }
        urgency = state.text(ReportField.urgency)
        category = state.text(ReportField.category)
        agency = state.text(ReportField.agency)
        areas = state.areas
        resolution = state.text(ReportField.resolution)
        rating = state.value(ReportField.rating).flatMap(\.integer)
        if let entry = state.shown(ReportField.due),
            let seconds = (try? CBORValue(decoding: entry.value)).flatMap(\.integer)
        {
            officerDue = (seconds, entry.effective.seconds)
        }
    }

    package var present: ReportStateNumber { steps.last?.state ?? .received }

    /// The last part of its course: since it was filed, or since it was last taken up again after it was closed.
    package var round: (start: Int64, steps: ArraySlice<ReportStep>) {
        var start = filed
        var first = steps.startIndex
        var isClosed = false
        for (index, step) in steps.enumerated() {
            if isClosed, !step.state.isClosed {
                start = step.seconds
                first = index + 1
            }
            isClosed = step.state.isClosed
        }
        return (start, steps[first...])
    }

    /// When the ward was done with it; `nil` while it is open.
    package var closed: Int64? {
        present.isClosed ? round.steps.first { $0.state.isClosed }?.seconds : nil
    }

    package static func == (left: ReportCourse, right: ReportCourse) -> Bool {
        left.id == right.id && left.filed == right.filed && left.steps == right.steps && left.urgency == right.urgency
            && left.category == right.category && left.agency == right.agency && left.areas == right.areas
            && left.resolution == right.resolution && left.rating == right.rating
            && left.officerDue?.seconds == right.officerDue?.seconds && left.officerDue?.set == right.officerDue?.set
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(id) }
}
