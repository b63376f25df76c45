// A 32-byte value kept inline: a BLAKE2b-256 hash, a document id or a public key.

/// The bytes that everything is encoded to and decoded from.
package typealias Bytes = [UInt8]

/// Thirty-two bytes: the hash of a change set, a document id, a ward id or a public key.
///
/// It is held as four big-endian words, so that copying it costs nothing, comparing it is the order of its bytes, and
/// it is cheap as a dictionary key. Only the first two words are hashed: that is enough where the value is a hash, and
/// whoever chooses the values freely (a key) still has to find collisions in 128 bits under the process's hash seed.
public struct Digest: Hashable, Comparable, Sendable {
    private let word0: UInt64
    private let word1: UInt64
    private let word2: UInt64
    private let word3: UInt64

    /// How many bytes a digest has.
    package static let byteCount = 32

    /// Thirty-two zero bytes; stands for "none" where a format has a fixed width.
    public static let zero = Digest(words: (0, 0, 0, 0))

    private init(words: (UInt64, UInt64, UInt64, UInt64)) {
        (word0, word1, word2, word3) = words
    }

    /// Reads 32 bytes at `pointer`, which must be readable and need not be aligned.
    init(loading pointer: UnsafeRawPointer) {
        word0 = UInt64(bigEndian: pointer.loadUnaligned(fromByteOffset: 0, as: UInt64.self))
        word1 = UInt64(bigEndian: pointer.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        word2 = UInt64(bigEndian: pointer.loadUnaligned(fromByteOffset: 16, as: UInt64.self))
        word3 = UInt64(bigEndian: pointer.loadUnaligned(fromByteOffset: 24, as: UInt64.self))
    }

    /// The digest made of exactly these 32 bytes; nil for any other number of bytes.
    public init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == Digest.byteCount else { return nil }
        self.init(Bytes(bytes), at: 0)
    }

    /// The 32 bytes that begin at `offset`; nil where the array does not hold them.
    package init?(_ bytes: Bytes, at offset: Int) {
        guard offset >= 0, bytes.count >= Digest.byteCount, offset <= bytes.count - Digest.byteCount else { return nil }
        self = bytes.withUnsafeBytes { buffer in
            guard let base = buffer.baseAddress else { return Digest.zero }
            return Digest(loading: base + offset)
        }
    }

    /// The 32 bytes, most significant first.
    public var bytes: [UInt8] { withUnsafeBytes { Bytes($0) } }

    /// Appends the 32 bytes to `output`.
    package func append(to output: inout Bytes) {
        withUnsafeBytes { output.append(contentsOf: $0) }
    }

    /// Its four big-endian words.
    var lanes: SIMD4<UInt64> { SIMD4(word0, word1, word2, word3) }

    /// The first 8 bytes as a big-endian number: the short form that stands in frames next to a size.
    package var prefix8: UInt64 { word0 }

    /// Reads exactly sixty-four hexadecimal digits.
    package init?(hex: String) {
        guard hex.utf8.count == 2 * Digest.byteCount else { return nil }
        var bytes: Bytes = []
        var high: UInt8?
        for character in hex.utf8 {
            let value: UInt8
            switch character {
            case 48...57: value = character - 48
            case 97...102: value = character - 87
            case 65...70: value = character - 55
            default: return nil
            }
            if let first = high {
                bytes.append(first << 4 | value)
                high = nil
            } else {
                high = value
            }
        }
        self.init(bytes)
    }

    /// Sixty-four lower-case hexadecimal digits.
    public var hex: String {
        withUnsafeBytes { buffer in
            String(unsafeUninitializedCapacity: 2 * Digest.byteCount) { output in
                for (index, byte) in buffer.enumerated() {
                    output[2 * index] = Digest.hexDigit(byte >> 4)
                    output[2 * index + 1] = Digest.hexDigit(byte & 15)
                }
                return 2 * Digest.byteCount
            }
        }
    }

    private static func hexDigit(_ nibble: UInt8) -> UInt8 { nibble < 10 ? 48 + nibble : 87 + nibble }

    /// Calls `body` with the 32 bytes; the buffer is valid only during the call.
    package func withUnsafeBytes<R>(_ body: (UnsafeRawBufferPointer) -> R) -> R {
        Swift.withUnsafeBytes(of: (word0.bigEndian, word1.bigEndian, word2.bigEndian, word3.bigEndian), body)
    }

    /// Hashes the first two words only.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(word0)
        hasher.combine(word1)
    }

    /// Whether all 32 bytes are the same. Not constant time: for secrets use `ConstantTime`.
    public static func == (left: Digest, right: Digest) -> Bool {
        left.word0 == right.word0 && left.word1 == right.word1 && left.word2 == right.word2 && left.word3 == right.word3
    }

    /// The order of the bytes.
    public static func < (left: Digest, right: Digest) -> Bool {
        if left.word0 != right.word0 { return left.word0 < right.word0 }
        if left.word1 != right.word1 { return left.word1 < right.word1 }
        if left.word2 != right.word2 { return left.word2 < right.word2 }
        return left.word3 < right.word3
    }
}
