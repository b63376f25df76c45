// What an answer to a look-up says.

/// The numbers of an answer's parts in the sealed map.
package enum AnswerPart {
    package static let status: UInt64 = 1
    package static let step: UInt64 = 2
    package static let agency: UInt64 = 3
    package static let received: UInt64 = 4
    package static let due: UInt64 = 5
    package static let missing: UInt64 = 6
}

/// What the ward found. The raw value stands in the answer.
package enum Finding: UInt64, Sendable {
    case found = 1
    case notFound = 2
    /// The second secret is wrong.
    case refused = 3

    var state: UInt8 { UInt8(rawValue) + 1 }

    /// How long an answer is said to be fresh.
    package static let freshSeconds: Int64 = 3 * 24 * 3600
}
