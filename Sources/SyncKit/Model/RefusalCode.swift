// Why the ward held or refused a change set: one table, on the wire and in every program.

/// Why a change set does not count. The raw value stands in the ward log.
public enum RefusalCode: UInt8, CaseIterable, Sendable, Hashable {
    /// The role may not do this.
    case notPermitted = 1
    /// The document is not in the author's areas.
    case outsideArea = 2
    /// The grant ran out; an admin can extend and release.
    case grantExpired = 3
    /// The device was revoked, and this is beyond its cut.
    case revoked = 4
    /// The document was never received, or its creation does not count.
    case missingDocument = 5
    /// It names a change set that was never received, or that does not count.
    case missingReference = 6
    /// A kind, a field or an operation that this schema version does not know.
    case newerSchema = 7
    /// The operation does not fit the field.
    case wrongOperation = 8
    /// The value does not fit the field.
    case wrongValue = 9
    /// The task was already claimed, and the author knew.
    case alreadyClaimed = 10
    /// The workflow does not allow this step.
    case stepNotAllowed = 11
    /// What it builds on in the author's own chain is held or was refused.
    case buildsOnHeld = 12
    /// The author's device put two change sets under one number.
    case fork = 13
    /// It names a position of the ward log that this ward does not have.
    case unknownPosition = 14
    /// It replaces a change set that its author may not replace, or that was replaced already.
    case notReissuable = 15
    /// The link would point in a circle.
    case cycle = 16
    /// An officer decided not to accept what was held.
    case declined = 17
    /// Its author's new device sent it again in its place.
    case replaced = 18
    /// An admin decided not to accept what another branch of a copied store holds.
    case branchDeclined = 19

    /// Whether the ward keeps such a change set for a later decision, instead of refusing it for good.
    package var isHeld: Bool {
        switch self {
        case .grantExpired, .revoked, .missingDocument, .missingReference, .newerSchema, .buildsOnHeld, .fork,
            .unknownPosition:
            true
        default: false
        }
    }
}
