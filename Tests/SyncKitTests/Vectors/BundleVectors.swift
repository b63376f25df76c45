// Vectors of bundles: what is sealed, cut into parts; texts of codes; what stands in front of a return's answer.

@testable import SyncKit

extension CodecVectors {
    /// What stands for sealed bytes: how these come about is libsodium's, and no two times the same.
    private static func sealed(_ count: Int, _ seed: UInt8) -> Bytes {
        (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ Int(seed)) }
    }

    private static func digest(_ byte: UInt8) -> Digest { Digest(Bytes(repeating: byte, count: 32)) ?? .zero }

    private static func json(_ name: String, _ sealed: Bytes, _ head: BundleHead, size: Int, _ device: DeviceID?)
        -> JSONText
    {
        let parts = BundleSealing.cut(sealed, head, size: size) ?? []
        return .object([
            ("name", .text(name)), ("sealed", .hex(sealed)), ("device", device.map { .hex($0) } ?? .null),
            (
                "parts",
                .list(
                    parts.map { part in
                        .object([
                            ("direction", .number(UInt64(part.head.direction.rawValue))),
                            ("ward", .hex(Bytes(bigEndian: part.head.ward))), ("id", .hex(part.head.id)),
                            ("part", .number(UInt64(part.head.part))), ("count", .number(UInt64(part.head.count))),
                            ("total", .number(UInt64(part.head.total))), ("answers", .hex(part.head.answers)),
                            ("mark", .hex(Bytes(bigEndian: part.head.mark))), ("file", .hex(part.encoded)),
                        ])
                    })
            ),
        ])
    }

    /// The file `bundles.json`.
    func bundles() throws -> JSONText {
        let (answered, device) = (Self.digest(0x5A), DeviceID(Self.digest(0x1D)))
        let mark = BundleHead.mark(answering: answered, for: device)
        func head(_ direction: BundleDirection, _ total: Int) -> BundleHead {
            BundleHead(
                direction: direction, ward: Self.digest(0x77).prefix8, id: .zero, part: 1, count: 1, total: total,
                answers: direction == .toWard ? .zero : answered, mark: direction == .toWard ? 0 : mark)
        }
        let file = Self.sealed(800, 3)
        let step = ReturnHead.Step(
            position: Position(epoch: 1, index: 5), scope: Position(epoch: 1, index: 4),
            path: [Self.digest(1), Self.digest(2)], left: [Self.digest(3)])
        let returned = ReturnHead(request: Self.digest(9), steps: [step])
        return .object([
            (
                "bundles",
                .list([
                    Self.json("one part to the ward", Self.sealed(120, 1), head(.toWard, 120), size: 200, nil),
                    Self.json("five parts to the ward", Self.sealed(430, 2), head(.toWard, 430), size: 100, nil),
                    Self.json("a return in two parts", Self.sealed(150, 4), head(.toDevice, 150), size: 100, device),
                ])
            ),
            (
                "codes",
                .object([
                    ("file", .hex(file)), ("texts", .list((BundleText.series(of: file) ?? []).map { .text($0) })),
                ])
            ),
            (
                "return",
                .object([
                    ("bytes", .hex(returned.encoded)), ("request", .hex(returned.request)),
                    (
                        "steps",
                        .list(
                            returned.steps.map {
                                .list([
                                    .number($0.position.rawValue), .number($0.scope.rawValue),
                                    .hex(MerkleProof.bytes($0.path)), .hex(MerkleProof.bytes($0.left)),
                                ])
                            })
                    ),
                ])
            ),
        ])
    }
}
