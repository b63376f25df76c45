// Maps with text keys, which is what control requests and replies are made of, and how they are printed as JSON.
import CommandLineKit
import SyncKit

extension CBORValue {
    /// A map with these keys.
    static func object(_ members: KeyValuePairs<String, CBORValue>) -> CBORValue {
        .map(members.map { Pair(.text($0.key), $0.value) })
    }

    /// A count.
    static func count(_ number: Int) -> CBORValue { CBORValue(Int64(number)) }

    /// A text or null.
    static func optional(_ text: String?) -> CBORValue { text.map { .text($0) } ?? .null }

    /// The member of a map with this key; `null` where there is none.
    subscript(_ key: String) -> CBORValue {
        guard case .map(let pairs) = self else { return .null }
        return pairs.first { $0.key.string.map { $0.utf8.elementsEqual(key.utf8) } ?? false }?.value ?? .null
    }

    /// The elements of an array; none of anything else.
    var elements: [CBORValue] {
        if case .array(let elements) = self { return elements }
        return []
    }

    /// The pairs of a map, where the keys are texts.
    var members: [(key: String, value: CBORValue)] {
        guard case .map(let pairs) = self else { return [] }
        return pairs.compactMap { pair in pair.key.string.map { ($0, pair.value) } }
    }

    /// The value as JSON: bytes as hexadecimal digits, members in the order of their keys.
    func write(to json: inout JSONWriter) {
        switch self {
        case .unsigned(let number): json.element(Int64(clamping: number))
        case .negative(let number): json.element(number)
        case .bytes(let bytes): json.element(Self.hex(bytes))
        case .text(let text): json.element(text)
        case .bool(let flag): json.element(flag)
        case .null: json.element(nil as String?)
        case .array(let elements):
            json.array { json in for element in elements { element.write(to: &json) } }
        case .map:
            json.object { json in Self.write(members, to: &json) }
        }
    }

    private static func write(_ members: [(key: String, value: CBORValue)], to json: inout JSONWriter) {
        for (key, value) in members.sorted(by: { $0.key < $1.key }) {
            switch value {
            case .unsigned(let number): json.member(key, Int64(clamping: number))
            case .negative(let number): json.member(key, number)
            case .bytes(let bytes): json.member(key, hex(bytes))
            case .text(let text): json.member(key, text)
            case .bool(let flag): json.member(key, flag)
            case .null: json.member(key, nil as String?)
            case .array(let elements):
                json.array(key) { json in for element in elements { element.write(to: &json) } }
            case .map:
                json.object(key) { json in write(value.members, to: &json) }
            }
        }
    }

    private static func hex(_ bytes: Bytes) -> String {
        var digits = Bytes()
        for byte in bytes {
            for nibble in [byte >> 4, byte & 15] { digits.append(nibble < 10 ? 48 + nibble : 87 + nibble) }
        }
        return String(decoding: digits, as: UTF8.self)
    }
}
