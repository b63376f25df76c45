// Private files: a file that its author sealed on the device, and the key that opens it.

/// A file whose content is a ciphertext, with its key (`docs/protocol.md`, "Private files"): the header of a libsodium
/// secretstream, then its pieces. Whoever holds or carries the content learns its length and the type that is said.
package struct SealedFile: Sendable {
    package let file: NewFile
    package let key: FileKey

    /// The longest file that can be sealed, in bytes: with what the stream adds it is as long as a file may be.
    package static let maxPlainLength =
        Attachment.maxLength - SealedStreamReader.headerLength
        - Attachment.maxLength / SealedStreamWriter.maxPiece * SealedStreamReader.overhead
    /// How often another key is drawn where the place of the first is taken: once in 2³² documents.
    private static let mostDraws = 8

    /// Seals a file under a key of its own.
    /// - Parameters:
    ///   - plain: the file as it would be sent otherwise, without what a camera writes beside a picture.
    ///   - isFree: whether no other key stands at a place in the document.
    /// - Returns: `nil` for what is empty or longer than `maxPlainLength`.
    package init?(
        _ plain: Bytes, type: MediaType, random: some RandomSource, isFree: (UInt32) -> Bool = { _ in true }
    ) {
        guard (1...Self.maxPlainLength).contains(plain.count) else { return nil }
        for _ in 0..<Self.mostDraws {
            let key = random.bytes(FileKey.byteCount)
            guard let sealed = Self.seal(plain, key), let file = NewFile(sealed: sealed, type: type),
                let fileKey = FileKey(root: file.attachment.content.root, key: key)
            else { return nil }
            guard isFree(fileKey.place) else { continue }
            self.file = file
            self.key = fileKey
            return
        }
        return nil
    }

    private static func seal(_ plain: Bytes, _ key: Bytes) -> Bytes? {
        guard var stream = SealedStreamWriter(key: key) else { return nil }
        var sealed = stream.preamble
        sealed.reserveCapacity(Attachment.maxLength)
        for start in stride(from: 0, to: plain.count, by: SealedStreamWriter.maxPiece) {
            let end = min(start + SealedStreamWriter.maxPiece, plain.count)
            sealed += stream.seal(Bytes(plain[start..<end]), isLast: end == plain.count)
        }
        return sealed
    }

    /// Opens the content of a private file, all of it or nothing.
    /// - Throws: `damaged` where it is not, to its end, what was sealed with this key; `otherType` where its first bytes
    ///   are not those of the type that its document says.
    package static func open(_ content: Bytes, of attachment: Attachment, with key: FileKey) throws(SealedFileFault)
        -> Bytes
    {
        guard attachment.isSealed, key.root == attachment.content.root, content.count <= Attachment.maxLength,
            let plain = open(content, key.key)
        else { throw .damaged }
        guard let type = attachment.sealedType, MediaType(beginning: plain) == type else { throw .otherType }
        return plain
    }

    private static func open(_ content: Bytes, _ key: Bytes) -> Bytes? {
        let header = Bytes(content.prefix(SealedStreamReader.headerLength))
        guard var stream = SealedStreamReader(header: header, key: key) else { return nil }
        var rest = content.dropFirst(header.count)
        var plain = Bytes()
        plain.reserveCapacity(rest.count)
        while !rest.isEmpty {
            let sealed = rest.prefix(SealedStreamWriter.maxPiece + SealedStreamReader.overhead)
            guard let piece = stream.open(Bytes(sealed)) else { return nil }
            plain += piece
            rest = rest.dropFirst(sealed.count)
        }
        return stream.isAtEnd ? plain : nil
    }
}

/// Why a private file does not open.
package enum SealedFileFault: Error, Sendable, Equatable {
    /// It is not what was sealed with this key: cut, changed, or another key's.
    case damaged
    /// What was sealed is of another type than its document says, or of one that this program does not know.
    case otherType
}
