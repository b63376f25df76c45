// What a document says of a file that belongs to it: what it is, how long, and the root of its content.

/// What a file is, found out from its content. The number stands in change sets.
package enum MediaType: UInt8, Sendable, CaseIterable {
    case jpeg = 1
    case png = 2
    case webp = 3
    case pdf = 4

    /// The type as HTTP names it.
    package var mime: String {
        switch self {
        case .jpeg: "image/jpeg"
        case .png: "image/png"
        case .webp: "image/webp"
        case .pdf: "application/pdf"
        }
    }

    /// The usual ending of a file's name, without the dot.
    package var suffix: String {
        switch self {
        case .jpeg: "jpg"
        case .png: "png"
        case .webp: "webp"
        case .pdf: "pdf"
        }
    }

    package var isImage: Bool { self != .pdf }

    /// Looks at the first bytes of a file; its name is never asked.
    package init?(beginning: some Collection<UInt8>) {
        let head = Bytes(beginning.prefix(12))
        func has(_ bytes: Bytes, at place: Int = 0) -> Bool {
            Bytes(head.dropFirst(place).prefix(bytes.count)) == bytes
        }
        if has([0xFF, 0xD8, 0xFF]) {
            self = .jpeg
        } else if has([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
            self = .png
        } else if has(Bytes("RIFF".utf8)), has(Bytes("WEBP".utf8), at: 8) {
            self = .webp
        } else if has(Bytes("%PDF-".utf8)) {
            self = .pdf
        } else {
            return nil
        }
    }
}

/// The content of one file: the root over its leaves, and its length in bytes.
package struct ContentName: Hashable, Sendable {
    package var root: Digest
    package var length: Int

    package init(root: Digest, length: Int) {
        self.root = root
        self.length = length
    }
}

/// A file that belongs to a document (`docs/data-model.md`, "Attachments"): `[root, length, media]`, or
/// `[root, length, media, root, length]` with a thumbnail. A private file's media is 128 more than its type's number, its
/// content a ciphertext (`SealedFile`), and a thumbnail would tell what it shows.
package struct Attachment: Hashable, Sendable {
    /// The longest file, in bytes.
    package static let maxLength = 8 * 1024 * 1024
    /// The longest thumbnail, in bytes.
    package static let maxThumbnailLength = 32 * 1024
    /// The most files of one document that the ward takes.
    package static let maxCount = 20
    /// What is added to the number of a type where the content is sealed.
    package static let sealedMark: UInt8 = 128

    package var content: ContentName
    /// The number of the type; one that this program does not know is carried on.
    package var media: UInt8
    package var thumbnail: ContentName?

    package init(content: ContentName, media: UInt8, thumbnail: ContentName? = nil) {
        self.content = content
        self.media = media
        self.thumbnail = thumbnail
    }

    /// What the content is; `nil` for what is sealed, and for a type that this program does not know.
    package var mediaType: MediaType? { MediaType(rawValue: media) }

    /// Whether the content is sealed: a private file.
    package var isSealed: Bool { Self.isSealed(media) }

    /// What is in a sealed content, as its author says; `nil` for what is not sealed or not known.
    package var sealedType: MediaType? { isSealed ? MediaType(rawValue: media - Self.sealedMark) : nil }

    package static func isSealed(_ media: UInt8) -> Bool { media >= sealedMark }

    package var value: CBORValue {
        var parts: [CBORValue] = [
            .bytes(content.root.bytes), .unsigned(UInt64(content.length)), .unsigned(UInt64(media)),
        ]
        if let thumbnail { parts += [.bytes(thumbnail.root.bytes), .unsigned(UInt64(thumbnail.length))] }
        return .array(parts)
    }

    /// Reads the value of an element.
    package init(reading reader: inout CBORReader) throws(CBORError) {
        let unfit = CBORError(.typeMismatch, at: reader.offset)
        let parts = try reader.arrayHeader(max: 5)
        guard parts == 3 || parts == 5 else { throw unfit }
        func content(_ most: Int) throws(CBORError) -> (Digest, Int) {
            let root = try reader.digest()
            guard let length = Int(exactly: try reader.unsigned()), (1...most).contains(length) else { throw unfit }
            return (root, length)
        }
        let file = try content(Self.maxLength)
        guard let media = UInt8(exactly: try reader.unsigned()) else { throw unfit }
        self.init(content: ContentName(root: file.0, length: file.1), media: media)
        if parts == 5 {
            guard !isSealed else { throw unfit }
            let small = try content(Self.maxThumbnailLength)
            guard small.0 != file.0 else { throw unfit }
            thumbnail = ContentName(root: small.0, length: small.1)
        }
    }

    /// Reads an encoded element; `nil` for what is none.
    package init?(decoding bytes: Bytes) {
        var reader = CBORReader(bytes)
        guard let read = try? Attachment(reading: &reader), reader.isAtEnd else { return nil }
        self = read
    }
}

extension Schema {
    /// The field that holds a kind's files, if the kind has one.
    package static func attachmentsField(of kind: DocumentKind) -> UInt8? {
        switch kind {
        case .report: ReportField.attachments
        case .task: TaskField.attachments
        case .lookup: LookupField.attachments
        case .publication: PublicationField.photos
        default: nil
        }
    }

    /// The field in which the ward says whose content it holds wholly.
    package static func receivedField(of kind: DocumentKind) -> UInt8? {
        switch kind {
        case .report: ReportField.received
        case .task: TaskField.received
        case .lookup: LookupField.received
        default: nil
        }
    }
}

extension DocumentState {
    /// The files that stand, in the order in which they were added, each once.
    package var attachments: [(attachment: Attachment, entry: Entry)] {
        guard let field = Schema.attachmentsField(of: kind) else { return [] }
        var seen: Set<Digest> = []
        var found: [(Attachment, Entry)] = []
        for entry in entries(field).sorted(by: Entry.precedes) {
            guard let attachment = Attachment(decoding: entry.value), seen.insert(attachment.content.root).inserted
            else { continue }
            found.append((attachment, entry))
        }
        return found
    }

    /// The roots of what the ward says to hold wholly.
    package var receivedContents: Set<Digest> {
        guard let field = Schema.receivedField(of: kind) else { return [] }
        return Set(
            entries(field).compactMap { entry in
                guard case .bytes(let bytes)? = try? CBORValue(decoding: entry.value) else { return nil }
                return Digest(bytes)
            })
    }
}

extension ChangeSet {
    /// The files that it adds to its document.
    package var addedAttachments: [Attachment] {
        guard let kind = UInt8(exactly: header.kind).flatMap(DocumentKind.init(rawValue:)),
            let field = Schema.attachmentsField(of: kind)
        else { return [] }
        return writes.compactMap { operation, value in
            guard case .add(let slot) = operation, slot.field == field else { return nil }
            var reader = CBORReader(value)
            return try? Attachment(reading: &reader)
        }
    }
}
