// The ward descriptor: all that a device needs to start, offline.

/// Who a ward is, where its server answers, and which keys are its own; signed by the ward's root key
/// (`docs/protocol.md`, "Ward descriptor").
package struct WardDescriptor: Hashable, Sendable {
    package var name: String
    /// The ward's administrative code, such as `06685`.
    package var area: String
    package var addresses: [String]
    package var rootKey: Digest
    /// Signs answers, receipts, checkpoints and grants. The first is the present one.
    package var signingKeys: [Digest]
    /// What private values are sealed to.
    package var sealingKey: Digest
    /// The ward's own device: the author of imports and of answers to look-ups.
    package var device: DeviceID
    package var issued: Int64
    /// The keys of its https addresses; `nil` where the authorities' word is enough.
    package var tls: TLSPins?

    package init(
        name: String, area: String, addresses: [String], rootKey: Digest, signingKeys: [Digest], sealingKey: Digest,
        device: DeviceID, issued: Int64, tls: TLSPins? = nil
    ) {
        self.name = name
        self.area = area
        self.addresses = addresses
        self.rootKey = rootKey
        self.signingKeys = signingKeys
        self.sealingKey = sealingKey
        self.device = device
        self.issued = issued
        self.tls = tls
    }

    /// The ward's id: the hash of its root key.
    package var ward: Digest { Blake2b.hash(rootKey.bytes) }

    /// The signing keys that count for whoever also has another descriptor: those of the newer one, if it is the same
    /// ward's. A key that it names no more may be somebody else's.
    func keys(knowing other: WardDescriptor?) -> [Digest] {
        guard let other, other.ward == ward, other.issued > issued else { return signingKeys }
        return other.signingKeys
    }

    private static let textPrefix = "wardsync1-"

    private var body: Bytes {
        var writer = CBORWriter(reserving: 320)
        writer.arrayHeader(count: tls == nil ? 9 : 10)
        writer.unsigned(1)
        writer.text(name)
        writer.text(area)
        writer.arrayHeader(count: addresses.count)
        for address in addresses { writer.text(address) }
        writer.byteString(rootKey)
        writer.arrayHeader(count: signingKeys.count)
        for key in signingKeys { writer.byteString(key) }
        writer.byteString(sealingKey)
        writer.byteString(device.digest)
        writer.integer(issued)
        tls?.write(to: &writer)
        return writer.bytes
    }

    /// The descriptor as a line of text that can be typed, printed or drawn as a QR code.
    package func signedText(by root: SigningKey, scheme: some SignatureScheme) -> String {
        let bytes = SignedObject.encode(body, key: root, context: .descriptor, ward: ward, scheme: scheme)
        return Self.textPrefix + Base32.encode(bytes)
    }

    /// The text form of a descriptor's signed bytes.
    package static func text(of bytes: Bytes) -> String { textPrefix + Base32.encode(bytes) }

    /// The text form as a QR code holds it: in capitals it takes a third less room, and is read all the same.
    package static func compact(_ text: String) -> String { text.uppercased() }

    /// Reads and verifies the text form; `nil` unless its own root key signed it.
    package init?(verifying text: String, scheme: some SignatureScheme) {
        guard let bytes = Self.decodeText(text) else { return nil }
        self.init(verifying: bytes, scheme: scheme)
    }

    /// Reads and verifies the signed object behind the text form; `nil` unless its own root key signed it.
    package init?(verifying bytes: Bytes, scheme: some SignatureScheme) {
        var reader = CBORReader(bytes)
        guard (try? reader.arrayHeader(max: 3)) == 3, let body = try? reader.byteString(max: 8192),
            let descriptor = try? WardDescriptor(decoding: body),
            SignedObject.open(
                bytes, keys: [descriptor.rootKey], context: .descriptor, ward: descriptor.ward, scheme: scheme) == body
        else { return nil }
        self = descriptor
    }

    /// The signed bytes behind the text form, unverified.
    package static func decodeText(_ text: String) -> Bytes? {
        let prefix = textPrefix.utf8
        let line = text.utf8.filter { $0 > 0x20 }
        let isOurs = line.starts(with: prefix) || line.starts(with: textPrefix.uppercased().utf8)
        guard line.count <= 16 * 1024, isOurs else { return nil }
        return Base32.decode(String(decoding: line.dropFirst(prefix.count), as: UTF8.self))
    }

    init(decoding body: Bytes) throws(CBORError) {
        var reader = CBORReader(body)
        let members = try reader.arrayHeader(max: 10)
        guard members >= 9, try reader.unsigned() == 1 else { throw CBORError(.typeMismatch, at: 0) }
        name = try reader.text(max: 200)
        area = try reader.text(max: AreaCode.maxLength)
        addresses = []
        for _ in 0..<(try reader.arrayHeader(max: 8)) { addresses.append(try reader.text(max: 300)) }
        rootKey = try reader.digest()
        signingKeys = []
        for _ in 0..<(try reader.arrayHeader(max: 16)) { signingKeys.append(try reader.digest()) }
        sealingKey = try reader.digest()
        device = DeviceID(try reader.digest())
        issued = try reader.integer()
        tls = members == 10 ? try TLSPins(decoding: &reader) : nil
        try reader.finish()
        guard !signingKeys.isEmpty else { throw CBORError(.typeMismatch, at: 0) }
    }
}
