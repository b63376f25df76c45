// The limits of a change set and a frame, checked before anything is allocated.

/// The limits of `docs/protocol.md`, "Limits". Every decoder checks them before it allocates.
package enum ChangeSetLimits {
    package static let maxHeader = 8 * 1024
    package static let maxSkeleton = 16 * 1024
    /// Skeleton and values together.
    package static let maxPayload = 60 * 1024
    package static let maxOperations = 256
    package static let maxSeenDots = 64
    package static let maxSettled = 64
    package static let saltLength = 16
    package static let signatureLength = 64
    /// A frame on the wire, compressed.
    package static let maxFrame = 64 * 1024
    /// A frame's columns, decompressed.
    package static let maxFrameRaw = 512 * 1024
    package static let maxChangesInFrame = 4096
}

/// Why bytes are not a change set or a frame.
public struct ChangeSetError: Error, Equatable, Sendable {
    /// What is wrong.
    public enum Code: UInt8, Sendable {
        /// Not deterministic CBOR, or not of the shape that is due.
        case malformed = 1
        /// Beyond a limit.
        case tooLarge = 2
        /// A format version that this program does not know.
        case unknownVersion = 3
        /// The hash or the length of a part is not the header's.
        case hashMismatch = 4
        /// The signature does not verify.
        case badSignature = 5
        /// The number of values is not what the operations take.
        case valueCount = 6
        /// What was left out cannot be computed here: send it explicitly.
        case explicitNeeded = 7
        /// A dictionary that this program does not have.
        case unknownDictionary = 8
    }

    /// What is wrong.
    public var code: Code
    /// Which part of it: a word for logs, never content.
    public var part: String

    /// Names what is wrong with which part.
    public init(_ code: Code, _ part: String) {
        self.code = code
        self.part = part
    }
}
