// What stands in documents instead of the codes that people hold: hashes, each kind under a context of its own.

extension LookupCode {
    /// What stands in a report and in a follow instead of the code.
    package var hash: Digest { Blake2b.hash(Bytes("wardsync/v1/lookup-code\0".utf8) + Bytes(canonical.utf8)) }
}

/// The one-time code that an officer hands over with a result: whoever holds it rates that result once.
///
/// It has the form of a look-up code, and its hash stands in the change set that resolves the report
/// (`docs/data-model.md`, "Ratings").
package struct RatingCode: Hashable, Sendable, CustomStringConvertible {
    private let code: LookupCode

    /// A new code.
    package static func make(random: some RandomSource) -> RatingCode {
        RatingCode(code: LookupCode(random: random.bytes))
    }

    private init(code: LookupCode) { self.code = code }

    /// Reads a code as people type it; nil where it is not 16 characters or the check character does not fit.
    package init?(parsing text: String) {
        guard let code = LookupCode(parsing: text) else { return nil }
        self.code = code
    }

    /// The form for paper and screen: four groups of four.
    package var text: String { code.text }

    /// The form that is sealed to the ward: 16 lower-case characters.
    package var canonical: String { code.canonical }

    /// What stands in the report instead of the code.
    package var hash: Digest { Blake2b.hash(Bytes("wardsync/v1/rating-code\0".utf8) + Bytes(code.canonical.utf8)) }

    /// The name of the type only: a code must not reach a log by accident.
    package var description: String { "RatingCode" }
}
