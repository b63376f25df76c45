// What the ward decides about a change set, once.

/// The ward's word on a change set.
package enum Verdict: Sendable, Hashable {
    /// It counts; one outcome for each operation, or none where nothing was to be decided.
    case accept([Outcome])
    /// Kept for a person to decide.
    case hold(RefusalCode)
    /// Kept and shown, and final: the author can correct and send again.
    case refuse(RefusalCode)

    /// Hold or refuse, as the code's line in the table says.
    package init(_ code: RefusalCode) { self = code.isHeld ? .hold(code) : .refuse(code) }
}
