// Writing JSON without Foundation.

/// Writes JSON straight into bytes; members stand in the order in which they are written.
///
/// Besides what JSON demands, every character that could steer a terminal or hide text (C1, DEL, bidi controls,
/// invisible characters) is written as `\u` escape: nothing is lost, and the output can be looked at safely. Misuse,
/// such as a member outside an object, gives wrong JSON; the closures make it hard.
package struct JSONWriter {
    /// What was written.
    package private(set) var bytes: [UInt8] = []
    private var needsComma = false

    /// A writer that begins empty.
    package init() {}

    // MARK: Objects and arrays

    /// An object as the top value or as an array's element.
    package mutating func object<Failure: Error>(
        _ body: (inout JSONWriter) throws(Failure) -> Void
    ) throws(Failure) {
        begin(UInt8(ascii: "{"))
        try body(&self)
        end(UInt8(ascii: "}"))
    }

    /// An object as a member.
    package mutating func object<Failure: Error>(
        _ name: String, _ body: (inout JSONWriter) throws(Failure) -> Void
    ) throws(Failure) {
        key(name)
        try object(body)
    }

    /// An array as the top value or as an array's element.
    package mutating func array<Failure: Error>(
        _ body: (inout JSONWriter) throws(Failure) -> Void
    ) throws(Failure) {
        begin(UInt8(ascii: "["))
        try body(&self)
        end(UInt8(ascii: "]"))
    }

    /// An array as a member.
    package mutating func array<Failure: Error>(
        _ name: String, _ body: (inout JSONWriter) throws(Failure) -> Void
    ) throws(Failure) {
        key(name)
        try array(body)
    }

    // MARK: Members

    /// A text as a member, or null.
    package mutating func member(_ name: String, _ value: String?) {
        key(name)
        element(value)
    }

    /// A number as a member, or null. Readers that keep numbers as doubles are exact up to 2^53.
    package mutating func member(_ name: String, _ value: Int64?) {
        key(name)
        element(value)
    }

    /// A count as a member.
    package mutating func member(_ name: String, _ value: Int) { member(name, Int64(value)) }

    /// A truth value as a member, or null.
    package mutating func member(_ name: String, _ value: Bool?) {
        key(name)
        element(value)
    }

    /// Texts as a member.
    package mutating func member(_ name: String, _ values: [String]) {
        array(name) { json in
            for value in values { json.element(value) }
        }
    }

    // MARK: Elements

    /// A text as the top value or as an element, or null.
    package mutating func element(_ value: String?) {
        guard let value else { return literal("null") }
        separate()
        quote(value)
    }

    /// A number as the top value or as an element, or null.
    package mutating func element(_ value: Int64?) {
        guard let value else { return literal("null") }
        literal(String(value))
    }

    /// A count as the top value or as an element.
    package mutating func element(_ value: Int) { literal(String(value)) }

    /// A truth value as the top value or as an element, or null.
    package mutating func element(_ value: Bool?) { literal(value.map { $0 ? "true" : "false" } ?? "null") }

    // MARK: Bytes

    private mutating func key(_ name: String) {
        separate()
        quote(name)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    private mutating func literal(_ text: String) {
        separate()
        bytes.append(contentsOf: text.utf8)
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
    }

    private mutating func begin(_ bracket: UInt8) {
        separate()
        bytes.append(bracket)
        needsComma = false
    }

    private mutating func end(_ bracket: UInt8) {
        bytes.append(bracket)
        needsComma = true
    }

    private mutating func quote(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        let isDone: Void? = text.utf8.withContiguousStorageIfAvailable { escape($0) }
        if isDone == nil { Array(text.utf8).withUnsafeBufferPointer { escape($0) } }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func escape(_ source: UnsafeBufferPointer<UInt8>) {
        var reader = ScalarReader(source)
        var runStart = 0
        var start = 0
        while let value = reader.next() {
            if !Self.isPlain(value) {
                bytes.append(contentsOf: UnsafeBufferPointer(rebasing: source[runStart..<start]))
                escape(value)
                runStart = reader.index
            }
            start = reader.index
        }
        bytes.append(contentsOf: UnsafeBufferPointer(rebasing: source[runStart..<start]))
    }

    private static func isPlain(_ value: UInt32) -> Bool {
        if value < 0x7F { return value >= 0x20 && value != 0x22 && value != 0x5C }
        switch ScalarKind(value) {
        case .zero, .narrow, .wide: return true
        case .lineBreak, .tab, .hidden: return false
        }
    }

    private mutating func escape(_ value: UInt32) {
        switch value {
        case 0x22, 0x5C: bytes.append(contentsOf: [0x5C, UInt8(value)])
        case 0x08: bytes.append(contentsOf: "\\b".utf8)
        case 0x09: bytes.append(contentsOf: "\\t".utf8)
        case 0x0A: bytes.append(contentsOf: "\\n".utf8)
        case 0x0C: bytes.append(contentsOf: "\\f".utf8)
        case 0x0D: bytes.append(contentsOf: "\\r".utf8)
        case 0...0xFFFF: escapeUnit(value)
        default:
            escapeUnit(0xD800 + ((value - 0x10000) >> 10))
            escapeUnit(0xDC00 + (value & 0x3FF))
        }
    }

    private mutating func escapeUnit(_ unit: UInt32) {
        bytes.append(contentsOf: "\\u".utf8)
        for shift in [UInt32(12), 8, 4, 0] {
            let digit = UInt8(truncatingIfNeeded: unit >> shift & 0xF)
            bytes.append(digit < 10 ? 0x30 + digit : 0x57 + digit)
        }
    }
}
