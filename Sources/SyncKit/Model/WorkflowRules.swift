// The workflows: the states of each kind, the steps between them and who may take them.

/// The states and steps of reports, tasks and look-ups (`docs/data-model.md`, "Workflows").
package enum WorkflowRules {
    /// A step that a workflow allows.
    package struct Step: Sendable {
        package let from: [UInt8]
        package let to: UInt8
        package let writers: Writers
    }

    /// The state of a new document; 0 for kinds without a workflow.
    package static func initial(_ kind: DocumentKind) -> UInt8 {
        switch kind {
        case .report, .task, .lookup: 1
        default: 0
        }
    }

    /// The stable English names of a kind's states; a state's number is its place, from 1.
    package static func stateNames(_ kind: DocumentKind) -> [String] {
        switch kind {
        case .report:
            [
                "received", "classified", "assigned", "in_progress", "awaiting_info", "resolved", "published", "rated",
                "reopened", "rejected", "duplicate", "referred",
            ]
        case .task: ["open", "doing", "done", "verified", "cancelled"]
        case .lookup: ["sent", "answered", "not_found", "refused", "expired"]
        default: []
        }
    }

    /// The stable name of a state.
    package static func name(_ kind: DocumentKind, _ state: UInt8) -> String {
        let names = stateNames(kind)
        return state >= 1 && Int(state) <= names.count ? names[Int(state) - 1] : "unknown"
    }

    /// The step from one state to another, if the workflow has it.
    package static func step(_ kind: DocumentKind, from: UInt8, to: UInt8) -> Step? {
        steps(kind).first { $0.to == to && $0.from.contains(from) }
    }

    /// Whether a step that does not follow the present one moves the document all the same: a reopening beats a
    /// closing that its author had not seen.
    package static func beats(_ kind: DocumentKind, _ to: UInt8, present: UInt8) -> Bool {
        kind == .report && to == 9 && [6, 7, 8, 10, 11].contains(present)
    }

    /// Whether only the holder of the task's claim, a lead or an officer may take the step.
    package static func needsClaim(_ kind: DocumentKind, _ to: UInt8) -> Bool {
        kind == .task && (to == 2 || to == 3)
    }

    /// Whether the step is taken once after each step to the other state: a resolution is rated once.
    package static func once(_ kind: DocumentKind, _ to: UInt8) -> UInt8? {
        kind == .report && to == 8 ? 6 : nil
    }

    private static func steps(_ kind: DocumentKind) -> [Step] {
        switch kind {
        case .report: reportSteps
        case .task: taskSteps
        case .lookup: lookupSteps
        default: []
        }
    }

    private static let reportSteps: [Step] = [
        Step(from: [11], to: 1, writers: .settlers),
        Step(from: [1, 5, 9], to: 2, writers: .officer),
        Step(from: [1, 2, 4, 5, 9, 12], to: 3, writers: .officer),
        Step(from: [2, 3, 5, 9], to: 4, writers: .officer),
        Step(from: [1, 2, 3, 4, 9], to: 5, writers: .officer),
        Step(from: [1, 2, 3, 4, 5, 9, 12], to: 6, writers: .officer),
        Step(from: [6, 8], to: 7, writers: .officer),
        Step(from: [6, 7], to: 8, writers: [.author, .ward]),
        Step(from: [6, 7, 8, 10, 11], to: 9, writers: [.author, .officer]),
        Step(from: [1, 2, 3, 4, 5, 9], to: 10, writers: .officer),
        Step(from: [1, 2, 3, 4, 5, 9], to: 11, writers: .settlers),
        Step(from: [1, 2, 3, 4, 9], to: 12, writers: .officer),
    ]

    private static let taskSteps: [Step] = [
        Step(from: [2, 3], to: 1, writers: [.volunteer, .lead, .officer]),
        Step(from: [5], to: 1, writers: [.lead, .officer]),
        Step(from: [1], to: 2, writers: [.volunteer, .lead]),
        Step(from: [1, 2], to: 3, writers: [.volunteer, .lead]),
        Step(from: [3], to: 4, writers: [.lead, .officer]),
        Step(from: [1, 2], to: 5, writers: [.lead, .officer]),
    ]

    private static let lookupSteps: [Step] = [
        Step(from: [1, 2, 3, 4], to: 2, writers: [.ward, .officer]),
        Step(from: [1, 2, 3, 4], to: 3, writers: [.ward, .officer]),
        Step(from: [1, 2, 3, 4], to: 4, writers: [.ward, .officer]),
        Step(from: [1], to: 5, writers: [.ward, .officer]),
    ]
}
