// The encodings of text that an import reads, and how a file's own is found out.
import SyncKit

/// An encoding of text.
enum TextEncoding: String, CaseIterable, Sendable {
    case utf8 = "utf-8"
    case utf16LittleEndian = "utf-16le"
    case utf16BigEndian = "utf-16be"
    case windows1258 = "windows-1258"

    /// How many bytes of the file a byte of decoded UTF-8 stands for: the whole width at a scalar's first byte.
    @inline(__always)
    func width(_ byte: UInt8) -> Int {
        if self == .utf8 { return 1 }
        if byte & 0xC0 == 0x80 { return 0 }
        return self == .windows1258 ? 1 : byte >= 0xF0 && byte < 0xF8 ? 4 : 2
    }
}

/// What an encoding was told by.
enum EncodingEvidence: String, Sendable {
    /// The operator said so.
    case given
    /// A byte order mark.
    case mark
    /// Every second byte is zero, as in UTF-16 of Latin letters.
    case zeros
    /// The bytes are UTF-8, or nothing else is.
    case valid
    /// The bytes are not UTF-8, and are Vietnamese in Windows-1258.
    case vietnamese
}

/// An encoding with what told it.
struct FoundEncoding: Equatable, Sendable {
    var encoding: TextEncoding
    var evidence: EncodingEvidence
    /// How many bytes of a byte order mark to skip.
    var markLength = 0

    /// Finds the encoding of a file from its first bytes.
    /// - Throws: `unknownEncoding` where the bytes are text in none of them.
    static func finding(_ head: Bytes, given: TextEncoding?) throws(ImportFailure) -> FoundEncoding {
        let marked = byMark(head)
        if let given {
            return FoundEncoding(
                encoding: given, evidence: .given, markLength: marked?.encoding == given ? marked?.markLength ?? 0 : 0)
        }
        if let marked { return marked }
        if let encoding = byZeros(head) { return FoundEncoding(encoding: encoding, evidence: .zeros) }
        let count = UTF8Count(head)
        // A few bad bytes in a file of UTF-8 are bad rows; a file that is mostly bad is another encoding.
        if count.invalid == 0 || count.invalid <= count.sequences {
            return FoundEncoding(encoding: .utf8, evidence: .valid)
        }
        if Windows1258.isPlausible(head) { return FoundEncoding(encoding: .windows1258, evidence: .vietnamese) }
        guard count.sequences > 0 else { throw .unknownEncoding }
        return FoundEncoding(encoding: .utf8, evidence: .valid)
    }

    private static func byMark(_ head: Bytes) -> FoundEncoding? {
        if head.starts(with: [0xEF, 0xBB, 0xBF]) {
            return FoundEncoding(encoding: .utf8, evidence: .mark, markLength: 3)
        }
        if head.starts(with: [0xFF, 0xFE]) {
            return FoundEncoding(encoding: .utf16LittleEndian, evidence: .mark, markLength: 2)
        }
        if head.starts(with: [0xFE, 0xFF]) {
            return FoundEncoding(encoding: .utf16BigEndian, evidence: .mark, markLength: 2)
        }
        return nil
    }

    /// UTF-16 without a mark: at least a third of the high bytes is zero, and hardly any of the low ones.
    private static func byZeros(_ head: Bytes) -> TextEncoding? {
        let pairs = min(head.count / 2, 4096)
        guard pairs > 1 else { return nil }
        var even = 0
        var odd = 0
        for place in 0..<pairs {
            if head[2 * place] == 0 { even += 1 }
            if head[2 * place + 1] == 0 { odd += 1 }
        }
        if odd * 3 >= pairs, even * 20 <= odd { return .utf16LittleEndian }
        if even * 3 >= pairs, odd * 20 <= even { return .utf16BigEndian }
        return nil
    }
}

/// Counts what is UTF-8 in some bytes and what is not.
private struct UTF8Count {
    /// Characters of more than one byte.
    var sequences = 0
    var invalid = 0

    init(_ bytes: Bytes) {
        if String(validating: bytes, as: UTF8.self) != nil { return }
        var index = 0
        while index < bytes.count {
            if bytes[index] < 0x80 {
                index += 1
                continue
            }
            let width = UTF8Length.sequence(bytes, at: index)
            if width > 0 {
                sequences += 1
                index += width
            } else {
                // A character that the end of the head cuts says nothing.
                if bytes.count - index >= 4 { invalid += 1 }
                index += 1
            }
        }
    }
}

/// Where UTF-8 is not well formed.
enum UTF8Length {
    /// The length of the well-formed sequence that begins here; 0 where none does.
    static func sequence(_ bytes: some RandomAccessCollection<UInt8>, at index: Int) -> Int {
        let rest = bytes.dropFirst(index).prefix(4)
        guard let lead = rest.first else { return 0 }
        let width = lead < 0x80 ? 1 : lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0
        guard width > 0, rest.count >= width else { return 0 }
        return String(validating: rest.prefix(width), as: UTF8.self) == nil ? 0 : width
    }

    /// The same as `firstInvalid`, quick where everything is well formed.
    static func quickFirstInvalid(_ bytes: Bytes) -> Int? {
        String(validating: bytes, as: UTF8.self) == nil ? firstInvalid(bytes) : nil
    }

    /// Where the first byte stands that is not well formed; nil where all are.
    static func firstInvalid(_ bytes: Bytes) -> Int? {
        var index = 0
        while index < bytes.count {
            let width = sequence(bytes, at: index)
            if width == 0 { return index }
            index += width
        }
        return nil
    }
}
