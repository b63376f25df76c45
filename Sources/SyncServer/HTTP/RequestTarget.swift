// The target of a request line: path and query, decoded once and strictly.

/// A target in origin form, `/path?query`.
struct RequestTarget: Equatable {
    let path: String
    let query: String?

    /// Nil for anything that two programs could read differently: no leading slash, `..`, a broken percent escape, an
    /// escaped slash, backslash, NUL or control character, bytes that are not printable ASCII, or a path that does
    /// not decode to UTF-8.
    init?(_ bytes: [UInt8]) {
        guard bytes.first == UInt8(ascii: "/"), bytes.allSatisfy({ (0x21...0x7E).contains($0) }),
            !bytes.contains(UInt8(ascii: "\\")), !bytes.contains(UInt8(ascii: "#"))
        else { return nil }
        let mark = bytes.firstIndex(of: UInt8(ascii: "?"))
        guard let decoded = Self.decode(bytes[..<(mark ?? bytes.endIndex)]),
            let path = String(validating: decoded, as: UTF8.self), !Self.climbs(decoded)
        else { return nil }
        self.path = path
        query = mark.map { String(decoding: bytes[($0 + 1)...], as: UTF8.self) }
    }

    private static func decode(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(bytes.count)
        var iterator = bytes.makeIterator()
        while let byte = iterator.next() {
            guard byte == UInt8(ascii: "%") else {
                decoded.append(byte)
                continue
            }
            guard let high = iterator.next().flatMap(digit), let low = iterator.next().flatMap(digit) else {
                return nil
            }
            let value = high << 4 | low
            guard value >= 0x20, value != 0x7F, value != UInt8(ascii: "/"), value != UInt8(ascii: "\\") else {
                return nil
            }
            decoded.append(value)
        }
        return decoded
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }

    /// Two dots in a row are refused wherever they stand; no path of ours has them.
    private static func climbs(_ path: [UInt8]) -> Bool {
        zip(path, path.dropFirst()).contains { $0 == UInt8(ascii: ".") && $1 == UInt8(ascii: ".") }
    }
}
