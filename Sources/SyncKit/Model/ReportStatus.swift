// The numbers of a report's states that the code names, and what they mean for who waits for whom.

/// The states of a report (`docs/data-model.md`, "Workflows").
package enum ReportStatus {
    package static let received: UInt8 = 1
    package static let classified: UInt8 = 2
    package static let assigned: UInt8 = 3
    package static let inProgress: UInt8 = 4
    package static let awaitingInfo: UInt8 = 5
    package static let resolved: UInt8 = 6
    package static let published: UInt8 = 7
    package static let rated: UInt8 = 8
    package static let reopened: UInt8 = 9
    package static let rejected: UInt8 = 10
    package static let duplicate: UInt8 = 11
    package static let referred: UInt8 = 12

    /// Whether the ward still has something to do, so that a deadline runs or pauses.
    package static func isOpen(_ state: UInt8) -> Bool {
        [received, classified, assigned, inProgress, awaitingInfo, reopened].contains(state)
    }
}

/// The codes of a report's registers that the code names.
package enum ReportCode {
    /// What `resolution` may be; only `fixed` counts as fixed.
    package static let fixed = "fixed"
    package static let notFixed = "not_fixed"
    package static let noFault = "no_fault"
    /// A proposal that names no state: somebody should look.
    package static let flag = "flag"
    /// The highest urgency.
    package static let high = "high"
    /// The lowest urgency.
    package static let low = "low"
}
