// A document as the rules say that it must be: registers, steps, claim and link, folded in the plainest way.

import SyncKit

/// What the test expects of one document.
final class ExpectedDocument {
    /// A value that stands in a register.
    struct Standing {
        let dot: Dot
        let isWard: Bool
        let effective: UInt64
        /// In the order of arrival.
        let order: Int
        /// The size of the ward's log before it arrived, at least.
        let size: UInt64
        let value: Bytes
    }

    /// A step of the workflow, whether it counted or not.
    struct Step {
        let name: StepName
        let to: UInt8
        let effective: UInt64
        let order: Int
        let counts: Bool
    }

    let index: Int
    let id: Digest?
    let kind: DocumentKind
    let creator: Int
    let created: UInt64
    var registers: [Slot: [Standing]] = [:]
    /// The creation is the first one.
    var steps: [Step]
    /// Every claim that stands, in the order of arrival.
    var claims: [Dot] = []
    var holder: Dot?
    var wasReleased = false
    var link: (dot: Dot, target: Digest)?
    var items: [UInt8: Int] = [:]
    /// What the ward made public of it, as a document of its own.
    var publication: Int?
    var isPublic = false

    init(index: Int, id: Digest?, kind: DocumentKind, creator: Int, created: UInt64, dot: Dot, order: Int) {
        self.index = index
        self.id = id
        self.kind = kind
        self.creator = creator
        self.created = created
        steps = [Step(name: .dot(dot), to: 1, effective: created, order: order, counts: true)]
    }

    var present: Step { steps.last { $0.counts } ?? steps[0] }
    var counted: [Step] { steps.filter(\.counts) }
    var wardSteps: Int { steps.count { if case .ward = $0.name { true } else { false } } }

    /// The value that is shown: the one with the highest effective time, then the one that arrived last.
    func shown(_ field: UInt8) -> Standing? {
        registers[Slot(field: field)]?.max { ($0.effective, $0.order) < ($1.effective, $1.order) }
    }

    func value(_ field: UInt8) -> CBORValue? {
        shown(field).flatMap { try? CBORValue(decoding: $0.value) }
    }

    func text(_ field: UInt8) -> String? {
        if case .text(let text)? = value(field) { text } else { nil }
    }

    /// Every area that stands in the area field.
    var areas: [String] {
        let field: UInt8
        switch kind {
        case .report: field = ReportField.area
        case .task: field = TaskField.area
        case .lookup: field = LookupField.area
        default: return []
        }
        let all = (registers[Slot(field: field)] ?? []).compactMap { standing -> String? in
            if case .text(let text)? = try? CBORValue(decoding: standing.value) { text } else { nil }
        }
        return Set(all).sorted()
    }

    /// The name of a step to follow.
    func step(_ name: StepName) -> Step? { steps.first { $0.name == name } }

    /// Whether a step to a state counted after the last one to another.
    func hasTaken(_ state: UInt8, since other: UInt8) -> Bool {
        counted.last { $0.to == state || $0.to == other }?.to == state
    }
}
