// The codes of a report's registers that the code names.

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
