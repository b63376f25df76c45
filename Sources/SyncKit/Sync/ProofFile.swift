// Proofs as files: one line of text that is mailed, printed or carried, and read by anybody.

/// The text around a proof: what it is, then base 32, in lines short enough for a message.
package enum ProofFile: Hashable, Sendable {
    /// That the ward received and decided something.
    case receipt(WardReceipt)
    /// That the ward signed what cannot both be true.
    case contradiction(LogContradiction)
    /// That a device's store was copied: it signed what cannot both be of one chain.
    case fork(ForkProof)

    /// The longest text that is read: a receipt that carries a whole payload.
    package static let maxText = 128 * 1024
    private static let lineLength = 64
    private static let receiptPrefix = "wardreceipt1-"
    private static let contradictionPrefix = "wardproof1-"
    private static let forkPrefix = "wardfork1-"

    /// The text, in lines.
    package var text: String {
        let (prefix, body) =
            switch self {
            case .receipt(let receipt): (Self.receiptPrefix, receipt.encoded)
            case .contradiction(let contradiction): (Self.contradictionPrefix, contradiction.encoded)
            case .fork(let fork): (Self.forkPrefix, fork.encoded)
            }
        var rest = Bytes((prefix + Base32.encode(body)).utf8)[...]
        var text = Bytes()
        while !rest.isEmpty {
            text += rest.prefix(Self.lineLength)
            text.append(0x0A)
            rest = rest.dropFirst(Self.lineLength)
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Reads any kind, unverified; `nil` for any other text. Blanks and line ends anywhere do no harm.
    package init?(_ text: String) {
        guard text.utf8.count <= Self.maxText else { return nil }
        let line = text.utf8.filter { $0 > 0x20 }
        func body(_ prefix: String) -> Bytes? {
            guard line.starts(with: prefix.utf8) || line.starts(with: prefix.uppercased().utf8) else { return nil }
            return Base32.decode(String(decoding: line.dropFirst(prefix.utf8.count), as: UTF8.self))
        }
        if let bytes = body(Self.receiptPrefix) {
            guard let receipt = try? WardReceipt(decoding: bytes) else { return nil }
            self = .receipt(receipt)
        } else if let bytes = body(Self.contradictionPrefix) {
            guard let contradiction = try? LogContradiction(decoding: bytes) else { return nil }
            self = .contradiction(contradiction)
        } else if let bytes = body(Self.forkPrefix) {
            guard let fork = try? ForkProof(decoding: bytes) else { return nil }
            self = .fork(fork)
        } else {
            return nil
        }
    }
}
