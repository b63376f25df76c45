// One line of the schema table: what a field is, how it merges, who writes and who reads it.

/// How the values of a field merge (`docs/data-model.md`, "Merge kinds").
package enum MergeKind: UInt8, Sendable {
    case register = 1
    case set = 2
    case log = 3
    case claim = 4
    case workflow = 5
    case link = 6
}

/// What happens when two values of a register did not know of each other.
package enum ConflictPolicy: UInt8, Sendable {
    /// The later one is shown; nobody is asked.
    case auto
    /// The later one is shown, and the conflict beside it.
    case surface
    /// Shown as in dispute until someone resolves it.
    case decide
}

/// The form of a field's values.
package enum ValueType: Sendable, Equatable {
    /// Free text in NFC, with its longest length in UTF-8 bytes.
    case text(max: Int)
    /// A short code from a list that the ward may configure.
    case code
    /// A whole number.
    case integer
    case boolean
    /// Seconds since 1970.
    case time
    /// `[latitude, longitude, accuracy]`: 1e-7 degrees, 1e-7 degrees, metres.
    case location
    /// Bytes with their longest length: hashes and ids.
    case bytes(max: Int)
    /// An area code.
    case area
    /// `[key id, sealed box]`, or `[]` where it stands in the box of an earlier one: only the ward can open it.
    case sealed
    /// `[code, text]`: something that was found or proposed, with words about it; the text's longest length in bytes.
    case coded(max: Int)
    /// `[finding, as of, stale after, sealed box]`: the ward's answer to a look-up.
    case answer
    /// `[root, length, media]` or `[root, length, media, root, length]`: a file, and its thumbnail.
    case attachment
}

/// Who may write a field, in relation to the document.
package struct Writers: OptionSet, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The device that filed the document.
    package static let author = Writers(rawValue: 1)
    package static let volunteer = Writers(rawValue: 2)
    package static let lead = Writers(rawValue: 4)
    package static let officer = Writers(rawValue: 8)
    package static let admin = Writers(rawValue: 16)
    /// The ward server's own device.
    package static let ward = Writers(rawValue: 32)
    /// The device that files the document, in the change set that creates it and in no other.
    package static let creation = Writers(rawValue: 64)

    package static let team: Writers = [.volunteer, .lead]
    package static let staff: Writers = [.officer]
    /// Who settles conflicts: what a decision about one writes, they may write.
    package static let settlers: Writers = [.officer, .admin]
}

/// One field of one kind. A class, because the table hands it out for every operation.
package final class FieldSpec: Sendable {
    /// The field's number in skeletons, unique in its kind.
    package let code: UInt8
    /// The stable English name.
    package let name: String
    package let type: ValueType
    package let merge: MergeKind
    package let policy: ConflictPolicy
    package let writers: Writers
    /// Whether the field is a family of registers, each under a number.
    package let isKeyed: Bool
    /// For a private field: which roles the ward discloses it to, beside its author. `nil`: not private.
    package let disclosedTo: [Role]?

    package init(
        _ code: UInt8, _ name: String, _ type: ValueType, _ merge: MergeKind = .register,
        _ policy: ConflictPolicy = .auto, writers: Writers, keyed: Bool = false, disclosedTo: [Role]? = nil
    ) {
        self.code = code
        self.name = name
        self.type = type
        self.merge = merge
        self.policy = policy
        self.writers = writers
        self.isKeyed = keyed
        self.disclosedTo = disclosedTo
    }

    /// Whether a value of this field is salted in the change set, because its hash could be guessed
    /// or its text is personal.
    package var isSalted: Bool {
        switch type {
        case .text, .coded, .location, .bytes, .sealed, .answer, .attachment: true
        case .code, .integer, .boolean, .time, .area: false
        }
    }
}
