// Files: what change sets and blocks say of them, and pictures.
import Photos

@testable import SyncKit

/// What is read encodes to itself; a picture that was stripped has nothing left to strip.
func fuzzContent(_ bytes: Bytes) {
    if let attachment = Attachment(decoding: bytes) {
        promise(attachment.value.encoded == bytes, "an attachment has one form")
    }
    if let key = FileKey(parsing: String(decoding: bytes, as: UTF8.self)) {
        promise(Bytes(key.text.utf8) == bytes, "a private file's key has one form")
    }
    if let part = ContentPart(decoding: bytes) {
        promise(part.encoded == bytes, "a part has one form")
        let name = ContentName(root: part.root, length: max(1, part.bytes.count))
        _ = ContentTree.verifies(part.bytes, level: part.level, index: part.index, of: name, path: part.path)
    }
    if let wish = ContentWish(decoding: bytes), let again = ContentWish(decoding: wish.encoded) {
        for need in again.needs {
            _ = ContentTables.parts(
                filling: need.runs ?? [], level: again.level, count: ContentTree.leafCount(Attachment.maxLength))
        }
    }
    let notes = CameraNotes(reading: bytes)
    promise((1...8).contains(notes.orientation), "a way up is one of eight")
    promise((notes.latitude?.magnitude ?? 0) <= 900_000_000, "no place is beyond the poles")
    for media in MediaType.allCases {
        _ = ImageMetadata.size(bytes, media)
        guard let stripped = ImageMetadata.strip(bytes, media) else { continue }
        promise(ImageMetadata.strip(stripped, media) == stripped, "nothing is left to strip")
        promise(ImageMetadata.size(stripped, media)?.width == ImageMetadata.size(bytes, media)?.width, "the same size")
    }
}
