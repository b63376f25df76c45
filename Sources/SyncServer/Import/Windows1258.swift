// Windows-1258, the Vietnamese code page with separate tone marks, through the system's converter.
import Glibc
import SyncKit

/// The table of Windows-1258. Its tone marks stand behind their letters as characters of their own; composing them is
/// left to the normalisation of what is stored.
struct Windows1258 {
    /// The UTF-8 of each byte; a byte that the code page does not have gives `[0xFF]`, which no UTF-8 holds.
    let characters: [Bytes]

    /// Asks iconv(3) for each byte.
    /// - Throws: `noConverter` where the system does not have this converter.
    init() throws(ImportFailure) {
        guard let converter = iconv_open("UTF-8", "CP1258"), Int(bitPattern: converter) != -1 else {
            throw .noConverter(.windows1258)
        }
        defer { iconv_close(converter) }
        characters = (0...255).map { Self.convert(UInt8($0), converter) }
    }

    private static func convert(_ byte: UInt8, _ converter: iconv_t) -> Bytes {
        var input: [CChar] = [CChar(bitPattern: byte)]
        var output = [CChar](repeating: 0, count: 16)
        let produced = input.withUnsafeMutableBufferPointer { source in
            output.withUnsafeMutableBufferPointer { target -> Int? in
                var from = source.baseAddress
                var to = target.baseAddress
                var left = 1
                var room = target.count
                iconv(converter, nil, nil, nil, nil)
                guard iconv(converter, &from, &left, &to, &room) != -1 else { return nil }
                // The converter keeps a letter back until it knows that no tone mark follows.
                guard iconv(converter, nil, nil, &to, &room) != -1 else { return nil }
                return target.count - room
            }
        }
        guard let produced, produced > 0 else { return [0xFF] }
        return output.prefix(produced).map { UInt8(bitPattern: $0) }
    }

    /// The combining tone marks: grave, hook, tilde, acute, dot below.
    private static let tones: Set<UInt8> = [0xCC, 0xD2, 0xDE, 0xEC, 0xF2]
    /// ă â đ ê ô ơ ư in both cases.
    private static let letters: Set<UInt8> = [
        0xC3, 0xC2, 0xD0, 0xCA, 0xD4, 0xD5, 0xDD, 0xE3, 0xE2, 0xF0, 0xEA, 0xF4, 0xF5, 0xFD,
    ]
    private static let undefined: Set<UInt8> = [0x8A, 0x8D, 0x8E, 0x8F, 0x90, 0x9A, 0x9D, 0x9E]

    /// Whether some bytes look like Vietnamese in this code page: tone marks stand behind vowels, and most of what is
    /// not ASCII is a tone mark or a letter of Vietnamese.
    static func isPlausible(_ bytes: Bytes) -> Bool {
        var foreign = 0
        var vietnamese = 0
        var misplaced = 0
        var previous: UInt8 = 0
        for byte in bytes {
            defer { previous = byte }
            guard byte >= 0x80 else { continue }
            foreign += 1
            if undefined.contains(byte) { return false }
            if tones.contains(byte) {
                vietnamese += 1
                if !isVowel(previous) { misplaced += 1 }
            } else if letters.contains(byte) {
                vietnamese += 1
            }
        }
        return vietnamese > 0 && vietnamese * 3 >= foreign * 2 && misplaced * 20 <= vietnamese
    }

    private static func isVowel(_ byte: UInt8) -> Bool {
        if byte >= 0x80 { return letters.contains(byte) && byte != 0xD0 && byte != 0xF0 }
        return "aeiouyAEIOUY".utf8.contains(byte)
    }
}
