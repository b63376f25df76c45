// Private values of a change set in one box: all of them open at their place, and nowhere else.

import Testing

@testable import SyncKit

@Suite struct PrivateValueTests {
    private static let random = SeededRandomSource(seed: 44)
    private static let key = SealingKey.generate(random: random)
    private static let ward = Blake2b.hash(Bytes("ward".utf8))
    private static let dot = Dot(device: DeviceID(Blake2b.hash(Bytes("device".utf8))), sequence: 7)
    private static let name = Slot(field: ReportField.reporterName)
    private static let phone = Slot(field: ReportField.reporterPhone)
    private static let keyed = Slot(field: ReportField.fileKeys, key: 9)

    private static func fields(_ values: [(slot: Slot, value: CBORValue)]) -> [CBORValue] {
        PrivateValue.fieldValues(values, ward: ward, dot: dot, to: key.publicKey, random: random)
    }

    private static func open(_ box: Bytes, _ slot: Slot, dot: Dot = dot, ward: Digest = ward) -> CBORValue? {
        PrivateValue.open(box, ward: ward, dot: dot, slot: slot, with: key)
    }

    @Test func oneBoxHoldsAllAndOpensAtItsPlaceAlone() throws {
        let values: [(slot: Slot, value: CBORValue)] = [
            (Self.name, .text("Bà Hoa")), (Self.phone, .text("0912345678")), (Self.keyed, .text("khoá")),
        ]
        let fields = Self.fields(values)
        #expect(fields.count == 3 && fields[1...].allSatisfy { $0 == PrivateValue.shared })
        let box = try #require(PrivateValue.box(in: fields[0].encoded))
        for item in values { #expect(Self.open(box, item.slot) == item.value) }
        #expect(Self.open(box, Slot(field: ReportField.fileKeys, key: 8)) == nil)
        #expect(Self.open(box, Slot(field: ReportField.title)) == nil)
        let other = DeviceID(Blake2b.hash(Bytes("other".utf8)))
        #expect(Self.open(box, Self.name, dot: Dot(device: Self.dot.device, sequence: 8)) == nil)
        #expect(Self.open(box, Self.name, dot: Dot(device: other, sequence: 7)) == nil)
        #expect(Self.open(box, Self.name, ward: Blake2b.hash(Bytes("another ward".utf8))) == nil)
        // 48 of sealing, 17 of the place; what is left is the values with their slots.
        #expect(box.count <= 48 + 17 + 3 + 9 + 3 + 11 + 9 + 8)
    }

    @Test func whatDoesNotFitBeginsAnotherBox() throws {
        let long = String(repeating: "đ", count: 3000)
        let fields = Self.fields([
            (Self.name, .text(long)), (Self.phone, .text(long)), (Self.keyed, .text("khoá")),
        ])
        let boxes = fields.map { PrivateValue.box(in: $0.encoded) }
        #expect(boxes.map { $0 != nil } == [true, true, false])
        for box in boxes.compactMap({ $0 }) { #expect(box.count <= ValueType.maxBoxLength) }
        let second = try #require(boxes[1])
        #expect(Self.open(second, Self.keyed) == .text("khoá"))
        #expect(Self.open(second, Self.name) == nil)
    }

    @Test func aBoxOfTheOlderFormOpens() {
        var writer = CBORWriter(reserving: 128)
        writer.byteString(Self.ward)
        writer.byteString(Self.dot.device.digest)
        writer.unsigned(Self.dot.sequence)
        writer.unsigned(Self.name.rawValue)
        let box = SealedBox.seal(
            writer.bytes + CBORValue.text("Bà Hoa").encoded, to: Self.key.publicKey, random: Self.random)
        #expect(Self.open(box, Self.name) == .text("Bà Hoa"))
        #expect(Self.open(box, Self.phone) == nil)
        #expect(Self.open(box, Self.name, dot: Dot(device: Self.dot.device, sequence: 8)) == nil)
    }

    @Test func aSharedValueStandsInTheNearestBoxBeforeIt() {
        let (first, second) = (Self.fields([(Self.name, .text("a"))])[0], Self.fields([(Self.name, .text("b"))])[0])
        var boxes = PrivateBoxes()
        #expect(boxes.holder(of: PrivateValue.shared.encoded) == nil)
        #expect(boxes.holder(of: first.encoded) == first.encoded)
        // A value that is cleared has no box.
        #expect(boxes.holder(of: CBORValue.null.encoded) == CBORValue.null.encoded)
        #expect(boxes.holder(of: PrivateValue.shared.encoded) == first.encoded)
        #expect(boxes.holder(of: second.encoded) == second.encoded)
        #expect(boxes.holder(of: PrivateValue.shared.encoded) == second.encoded)
    }

    @Test func whatIsInABoxIsReadOnlyAsFarAsItIsSound() {
        for rest in [[0x0F], [0x0F, 0x61], [0xFF], [0x61, 0x61, 0x61, 0x62]] as [Bytes] {
            var writer = CBORWriter(reserving: 64)
            let place = Blake2b.hash(
                Bytes("wardsync/v1/box\0".utf8) + Self.ward.bytes + Self.dot.device.digest.bytes
                    + Bytes(bigEndian: Self.dot.sequence))
            writer.byteString(Bytes(place.bytes.prefix(16)))
            let box = SealedBox.seal(writer.bytes + rest, to: Self.key.publicKey, random: Self.random)
            #expect(Self.open(box, Self.name) == nil)
        }
    }
}
