// What can stand in the conflict inbox, how severe it is and who is to decide it: one table.

/// What an item of the conflict inbox is about (`docs/data-model.md`, "Inbox"). The number stands in remarks.
package enum InboxKind: UInt8, CaseIterable, Sendable, Hashable {
    /// Two people claimed one task.
    case claims = 1
    /// Two steps of a workflow that did not know of each other.
    case crossing = 2
    /// Two open reports that may be about the same thing.
    case duplicates = 3
    /// Edits of different fields that did not know of each other.
    case parallel = 4
    /// Two values of one field.
    case values = 5
    /// Held for something that the ward does not have.
    case missing = 6
    /// A device whose clock is wrong.
    case clock = 7
    /// A device that put two change sets under one number: a copied or restored store.
    case fork = 8
    /// A device that was lost or revoked, or was not seen for long.
    case lostDevice = 9
    /// Held or refused for a role that ended or does not reach that far.
    case role = 10
    /// A document of a unit that was merged into another one.
    case merged = 11
    /// A file that a document names and the ward does not hold, though it was added a day ago or longer.
    case attachment = 12
    /// What the ward could not process.
    case processing = 13

    /// The stable name, as `--json` and options use it.
    package var name: String {
        switch self {
        case .claims: "claims"
        case .crossing: "crossing"
        case .duplicates: "duplicates"
        case .parallel: "parallel"
        case .values: "values"
        case .missing: "missing"
        case .clock: "clock"
        case .fork: "fork"
        case .lostDevice: "lost-device"
        case .role: "role"
        case .merged: "merged"
        case .attachment: "attachment"
        case .processing: "processing"
        }
    }

    package init?(name: String) {
        guard let found = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = found
    }

    /// Whether only the ward's server knows of it: what devices sent and what it made of that.
    package var isOfTheServer: Bool {
        switch self {
        case .missing, .fork, .lostDevice, .role, .attachment, .processing, .clock: true
        case .claims, .crossing, .duplicates, .parallel, .values, .merged: false
        }
    }
}

/// How soon somebody should look.
package enum InboxSeverity: UInt8, CaseIterable, Sendable, Comparable {
    case low = 1
    case medium = 2
    case high = 3
    case critical = 4

    package var name: String {
        switch self {
        case .low: "low"
        case .medium: "medium"
        case .high: "high"
        case .critical: "critical"
        }
    }

    package init?(name: String) {
        guard let found = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = found
    }

    package static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
}

/// What makes an item more severe than its kind usually is.
package enum InboxRaise: String, CaseIterable, Sendable {
    /// Somebody worked under a claim that does not hold.
    case workUnderLostClaim = "work-under-lost-claim"
    /// The field is in dispute until someone decides.
    case disputed
    /// It has waited for three days or more.
    case old
    /// The clock is wrong by a day or more.
    case dayWrong = "day-wrong"
    /// The device had work that the ward never received, or holds tasks.
    case unsentWork = "unsent-work"
    /// The store of the ward failed.
    case storeFault = "store-fault"
}

/// The line of the table for one kind.
package struct InboxRule: Sendable {
    package let kind: InboxKind
    package let severity: InboxSeverity
    /// What raises it, and how far.
    package let raise: InboxRaise?
    package let raised: InboxSeverity
    /// Who decides. On a task, where this is the officer, the lead of its area does.
    package let owner: Role

    /// Seconds after which a file that has not come is something to look at: coverage comes within a day.
    package static let fileSeconds: Int64 = 86_400
    /// Seconds after which what is held or refused, or has not come, is more severe.
    package static let oldSeconds: Int64 = 3 * 86_400

    private init(
        _ kind: InboxKind, _ severity: InboxSeverity, _ raise: InboxRaise? = nil, to raised: InboxSeverity? = nil,
        owner: Role
    ) {
        self.kind = kind
        self.severity = severity
        self.raise = raise
        self.raised = raised ?? severity
        self.owner = owner
    }

    package static let all: [InboxRule] = [
        InboxRule(.claims, .medium, .workUnderLostClaim, to: .high, owner: .officer),
        InboxRule(.crossing, .high, owner: .officer),
        InboxRule(.duplicates, .low, owner: .officer),
        InboxRule(.parallel, .low, owner: .officer),
        InboxRule(.values, .medium, .disputed, to: .high, owner: .officer),
        InboxRule(.missing, .medium, .old, to: .high, owner: .admin),
        InboxRule(.clock, .medium, .dayWrong, to: .high, owner: .admin),
        InboxRule(.fork, .critical, owner: .admin),
        InboxRule(.lostDevice, .medium, .unsentWork, to: .high, owner: .admin),
        InboxRule(.role, .medium, .old, to: .high, owner: .admin),
        InboxRule(.merged, .low, owner: .officer),
        InboxRule(.attachment, .medium, .old, to: .high, owner: .officer),
        InboxRule(.processing, .medium, .storeFault, to: .critical, owner: .admin),
    ]

    package static func of(_ kind: InboxKind) -> InboxRule {
        all.first { $0.kind == kind } ?? InboxRule(kind, .medium, owner: .admin)
    }

    /// Who decides about a document of a kind.
    package func owner(of document: DocumentKind?) -> Role {
        owner == .officer && document == .task ? .lead : owner
    }
}

extension InboxKind {
    /// Which of these a held or refused change set is; `nil` where somebody decided already.
    package init?(_ code: RefusalCode) {
        switch code {
        case .missingDocument, .missingReference, .unknownPosition, .buildsOnHeld, .newerSchema: self = .missing
        case .fork: self = .fork
        case .revoked: self = .lostDevice
        case .grantExpired, .notPermitted, .outsideArea: self = .role
        case .wrongOperation, .wrongValue, .alreadyClaimed, .stepNotAllowed, .notReissuable, .cycle:
            self = .processing
        case .declined, .replaced, .branchDeclined: return nil
        }
    }
}
