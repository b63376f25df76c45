// The key of a private file, and where it stands in the file's document.

/// The key of one private file, a private value of its document (`docs/data-model.md`, "Private files").
package struct FileKey: Hashable, Sendable {
    /// The length of a key, in bytes.
    static let byteCount = Digest.byteCount
    /// Between the root and the key in the value's text.
    private static let separator: Character = ":"

    /// The content that it opens.
    package let root: Digest
    let key: Bytes

    /// - Returns: `nil` for a key of another length.
    init?(root: Digest, key: Bytes) {
        guard key.count == Self.byteCount else { return nil }
        self.root = root
        self.key = key
    }

    /// Reads the plain value of the field: the root and the key in lower-case hexadecimal digits, a colon between.
    package init?(parsing text: String) {
        guard text.utf8.count == 4 * Digest.byteCount + 1 else { return nil }
        let parts = text.split(separator: Self.separator, omittingEmptySubsequences: false)
        guard parts.count == 2, let root = Digest(hex: String(parts[0])), let key = Digest(hex: String(parts[1]))
        else { return nil }
        self.root = root
        self.key = key.bytes
        guard self.text == text else { return nil }
    }

    /// The plain value of the field.
    package var text: String {
        root.hex + String(Self.separator) + (Digest(key)?.hex ?? "")
    }

    /// The number under which the key stands in its document.
    package var place: UInt32 { Self.place(of: root) }

    /// The first four bytes of the root, the most significant one first.
    static func place(of root: Digest) -> UInt32 {
        root.bytes.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// Where the key of a content stands in a document of a kind; `nil` for a kind that holds no private files.
    package static func slot(of root: Digest, in kind: DocumentKind) -> Slot? {
        Schema.fileKeysField(of: kind).map { Slot(field: $0, key: place(of: root)) }
    }
}

extension Schema {
    /// The field that holds the keys of a kind's private files, if the kind has one.
    package static func fileKeysField(of kind: DocumentKind) -> UInt8? {
        switch kind {
        case .report: ReportField.fileKeys
        case .task: TaskField.fileKeys
        case .lookup: LookupField.fileKeys
        default: nil
        }
    }

    /// These fields of all kinds; no other private field of any kind has one of their numbers.
    static let fileKeysFields = Set(DocumentKind.allCases.compactMap(fileKeysField)).sorted()

    /// Whether a field holds keys of private files, which are shown nowhere: the files say what there is to say.
    package static func isFileKeys(_ field: UInt8, of kind: DocumentKind) -> Bool { fileKeysField(of: kind) == field }
}

extension DocumentState {
    /// The places where keys of private files stand, or stood.
    package var fileKeyPlaces: Set<UInt32> {
        let field = Schema.fileKeysField(of: kind)
        return Set(slots.compactMap { $0.slot.field == field ? $0.slot.key : nil })
    }
}
