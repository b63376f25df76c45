// Vectors of content: roots, parts with their paths, needs and wishes, attachments as change sets hold them.

@testable import SyncKit

extension CodecVectors {
    /// Bytes that anybody can make again: the place times 31, and the place shifted, to differ from leaf to leaf.
    private static func filler(_ length: Int) -> Bytes {
        (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
    }

    private static func content(_ length: Int, parts: [(level: Int, index: Int)]) -> JSONText {
        let bytes = filler(length)
        let leaves = ContentTree.leaves(of: bytes)
        let name = ContentTree.name(bytes)
        return .object([
            ("length", .number(UInt64(length))), ("root", .hex(name.root)),
            (
                "parts",
                .list(
                    parts.compactMap { place in
                        OutgoingContent.part(place, of: name.root, bytes, leaves).map { part in
                            .object([
                                ("level", .number(UInt64(part.level))), ("index", .number(UInt64(part.index))),
                                ("path", .hex(MerkleProof.bytes(part.path))),
                                ("block", .hex(Blake2b.hash(part.encoded))),
                            ])
                        }
                    })
            ),
        ])
    }

    /// The file `content.json`. The bytes of a content are not in it: at place i stands (31 i + (i >> 8)) mod 256.
    func content() -> JSONText {
        let photo = ContentTree.name(Self.filler(100_000))
        let small = ContentTree.name(Self.filler(3000))
        let attachment = Attachment(content: photo, media: MediaType.jpeg.rawValue, thumbnail: small)
        let needs = [
            ContentNeed(root: photo.root, runs: nil), ContentNeed(root: photo.root, runs: [3..<7, 20..<25]),
            ContentNeed(root: small.root, runs: []),
        ]
        return .object([
            (
                "contents",
                .list([
                    Self.content(1, parts: [(0, 0), (3, 0)]), Self.content(4096, parts: [(0, 0)]),
                    Self.content(4097, parts: [(0, 0), (0, 1), (1, 0)]),
                    Self.content(100_000, parts: [(0, 0), (0, 24), (1, 12), (2, 3), (2, 6), (3, 1), (3, 3)]),
                ])
            ),
            ("attachment", .hex(attachment.value.encoded)),
            ("attachmentWithoutThumbnail", .hex(Attachment(content: small, media: 4).value.encoded)),
            ("wish", .hex(ContentWish(limit: 65_536, level: 1, needs: needs).encoded)),
        ])
    }
}
