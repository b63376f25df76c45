// Queries and forms: `name=value&…`, percent-encoded, within bounds.
import SyncKit

/// Percent-encoding as forms use it.
enum PercentCoding {
    static func encode(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: bytes.append(byte)
            default: bytes += [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Nil for a broken escape, or bytes that are not UTF-8.
    static func decode(_ bytes: ArraySlice<UInt8>) -> String? {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(bytes.count)
        var iterator = bytes.makeIterator()
        while let byte = iterator.next() {
            switch byte {
            case 0x2B: decoded.append(0x20)
            case 0x25:
                guard let high = iterator.next().flatMap(digit), let low = iterator.next().flatMap(digit) else {
                    return nil
                }
                decoded.append(high << 4 | low)
            default: decoded.append(byte)
            }
        }
        return String(validating: decoded, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }
}

/// The fields of a query or a form.
struct FormFields: Equatable {
    /// The most bytes of a form; no form of the console is nearly as long.
    static let maxBytes = 64 * 1024
    /// The most fields.
    static let maxFields = 256

    private var fields: [(name: String, value: String)] = []

    init() {}

    /// Nil for what is too long, has too many fields, or is not percent-encoded UTF-8.
    init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count <= Self.maxBytes else { return nil }
        let parts = Array(bytes).split(separator: UInt8(ascii: "&"))
        guard parts.count <= Self.maxFields else { return nil }
        for part in parts {
            let mark = part.firstIndex(of: UInt8(ascii: "="))
            guard let name = PercentCoding.decode(part[..<(mark ?? part.endIndex)]),
                let value = mark.map({ PercentCoding.decode(part[($0 + 1)...]) }) ?? ""
            else { return nil }
            fields.append((name, value))
        }
    }

    /// The first value of a field.
    subscript(_ name: String) -> String? { fields.first { $0.name.utf8.elementsEqual(name.utf8) }?.value }

    /// Every value of a field, in order.
    func all(_ name: String) -> [String] { fields.filter { $0.name.utf8.elementsEqual(name.utf8) }.map(\.value) }

    /// A field's text in NFC without the spaces around it; nil where it is empty or longer than `bytes`.
    func text(_ name: String, max bytes: Int) -> String? {
        guard let given = self[name], given.utf8.count <= bytes * 2 else { return nil }
        let lines = given.split(separator: "\r\n", omittingEmptySubsequences: false).joined(separator: "\n")
        let text = TextNormalization.nfc(lines.trimmed)
        return text.isEmpty || text.utf8.count > bytes ? nil : text
    }

    /// Whether nothing was typed into a field.
    func isBlank(_ name: String) -> Bool { (self[name] ?? "").trimmed.isEmpty }

    func number(_ name: String) -> Int? { self[name].flatMap { RequestFence.decimal($0) } }

    static func == (a: FormFields, b: FormFields) -> Bool {
        a.fields.elementsEqual(b.fields) { $0.name == $1.name && $0.value == $1.value }
    }
}

extension String {
    /// Without white space at its ends.
    fileprivate var trimmed: String {
        var rest = self[...]
        while rest.first?.isWhitespace == true { rest.removeFirst() }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return String(rest)
    }
}

/// A form while it arrives.
final class FormExchange: HTTPExchange {
    private var body: [UInt8] = []
    private let done: (FormFields?) -> HTTPResponse

    /// - Parameter done: gets nil for what is no form.
    init(_ done: @escaping (FormFields?) -> HTTPResponse) { self.done = done }

    func receive(_ chunk: UnsafeRawBufferPointer) -> HTTPResponse? {
        guard body.count + chunk.count <= FormFields.maxBytes else { return .text(413, "form too large") }
        body += chunk
        return nil
    }

    func finish() -> HTTPResponse { done(FormFields(body)) }
}
