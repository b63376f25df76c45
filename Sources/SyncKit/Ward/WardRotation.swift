// Rotated keys: what the root key said of them stands in the log, and what earlier keys signed or seal still opens.

extension WardCore {
    /// Appends what the root key said of the ward's keys, where the log does not have it yet.
    package func noteKeys(_ statements: [Bytes]) throws(StoreError) {
        let news = statements.filter { !keyStatements.contains($0) }
        guard !news.isEmpty else { return }
        for bytes in news
        where KeyStatement(verifying: bytes, ward: ward, rootKey: keys.root, scheme: scheme) == nil {
            throw StoreError(.misuse, "key statement")
        }
        try guarded { () throws(StoreError) in
            for bytes in news { try append(.key(bytes), document: 0) }
        }
    }

    /// Notes a statement that stands in the log.
    func noteKey(_ entry: LogEntry, at position: UInt64) {
        guard case .key(let bytes) = entry else { return }
        keyStatements.insert(bytes)
        lastKeyStatement = position
    }

    /// Whether a device has not applied the newest statement on the ward's keys, so that it needs the new descriptor.
    func needsDescriptor(_ request: SyncRequest) -> Bool {
        lastKeyStatement > 0 && request.position.index < lastKeyStatement
    }

    /// Opens a private value that its author sealed to one of the ward's keys.
    func openPrivate(_ value: Bytes, dot: Dot, slot: Slot) -> CBORValue? {
        guard let holder = boxHolder(of: value, dot, slot), let box = PrivateValue.box(in: holder) else { return nil }
        for key in keys.openers(of: PrivateValue.keyID(in: holder)) {
            if let plain = PrivateValue.open(box, ward: ward, dot: dot, slot: slot, with: key) { return plain }
        }
        return nil
    }

    /// The field value that holds a private value's box: itself, or another one of its change set.
    private func boxHolder(of value: Bytes, _ dot: Dot, _ slot: Slot) -> Bytes? {
        guard value == PrivateValue.sharedBytes else { return value }
        guard let device = try? tables.knownDeviceNumber(dot.device),
            let stored = try? tables.change(device: device, sequence: dot.sequence)
        else { return nil }
        return PrivateBoxes.holders(in: stored.change).first { $0.slot == slot }?.holder
    }
}

extension WardKeys {
    /// The signing keys whose grants in the log count: the present one and those before it.
    var signingKeys: [Digest] { [signing.publicKey] + pastSigning }

    /// Of those, the ones whose signature proves that the ward said something: nobody else has them.
    var trustedSigningKeys: [Digest] { signingKeys.filter { !compromised.contains($0) } }

    /// The keys that may open a box: the one that it names, else all, the present one first.
    func openers(of id: Bytes?) -> [SealingKey] {
        let all = [sealing] + pastSealing
        let named = all.filter { SignedObject.keyID($0.publicKey) == id }
        return named.isEmpty ? all : named
    }

    /// What the registry's secrets are hashed with: the first sealing key that the ward had.
    var registryKey: SealingKey { pastSealing.last ?? sealing }
}
