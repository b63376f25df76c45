// An order that a server prepared for somebody's device to sign: a short text, carried by hand.

/// The text form of an order that nobody signed yet (`docs/operations.md`, "Orders"). It decides nothing by itself.
package enum PreparedOrder {
    private static let prefix = "wardorder1-"
    /// The longest text that is read.
    package static let mostBytes = 32 * 1024

    /// The text of an order for a ward.
    package static func text(_ order: Order, ward: Digest) -> String {
        let draft = order.draft
        var writer = CBORWriter()
        writer.arrayHeader(count: 4)
        writer.unsigned(1)
        writer.byteString(ward)
        writer.byteString(Operation.encodeSkeleton(draft.operations))
        writer.byteString(ChangeValues(salt: [], values: draft.values).bytes)
        return prefix + Base32.encode(writer.bytes + check(writer.bytes))
    }

    /// Against slips of whoever copies a line: it proves nothing of who made it.
    private static func check(_ bytes: some Sequence<UInt8>) -> ArraySlice<UInt8> {
        Blake2b.hash(Bytes(bytes)).bytes[..<checkBytes]
    }
    private static let checkBytes = 8

    /// Reads a text; `nil` where it is none, or was altered on the way.
    package static func read(_ text: String) -> (order: Order, ward: Digest)? {
        let line = text.utf8.filter { $0 > 0x20 }
        guard line.count <= mostBytes, line.starts(with: prefix.utf8),
            let whole = Base32.decode(String(decoding: line.dropFirst(prefix.utf8.count), as: UTF8.self)),
            whole.count > checkBytes, check(whole.dropLast(checkBytes)) == whole.suffix(checkBytes)
        else { return nil }
        var reader = CBORReader(Bytes(whole.dropLast(checkBytes)))
        guard (try? reader.arrayHeader(max: 4)) == 4, (try? reader.unsigned()) == 1, let ward = try? reader.digest(),
            let skeleton = try? reader.byteString(max: ChangeSetLimits.maxSkeleton),
            let valueBytes = try? reader.byteString(max: ChangeSetLimits.maxPayload), reader.isAtEnd,
            let operations = try? Operation.decodeSkeleton(skeleton),
            let values = try? ChangeValues(decoding: valueBytes),
            values.count == operations.reduce(0, { $0 + ($1.takesValue ? 1 : 0) })
        else { return nil }
        let dot = Dot(device: DeviceID(.zero), sequence: 1)
        let change = AcceptedChange(
            dot: dot, kind: .order, position: Position(epoch: 0, index: 1), effective: .zero, seen: .start,
            seenDots: [], operations: operations, values: values, outcomes: [])
        guard let state = DocumentState.folding([change], id: .zero, creation: dot), let order = Order(state) else {
            return nil
        }
        return (order, ward)
    }
}
