// Text that others wrote, made harmless for a terminal.

/// Takes out of foreign text what could steer a terminal or hide what it says.
///
/// Removed: C0 and C1 controls with ESC and DEL, bidi controls, zero-width and other invisible format characters (so
/// joined emoji appear one by one, which every terminal measures the same way), and marks that a line begins with: they
/// would change what stands before. A tab becomes a space.
package enum SafeText {
    /// The text on one line: line breaks become single spaces.
    package static func line(_ text: String) -> String { clean(text, keepingLines: false) }

    /// The text with its line breaks, each written as `\n`.
    package static func lines(_ text: String) -> String { clean(text, keepingLines: true) }

    private static func clean(_ text: String, keepingLines: Bool) -> String {
        var bytes: [UInt8] = []
        append(text, to: &bytes, keepingLines: keepingLines)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends the safe form to a byte buffer and gives its width in columns (meaningless with several lines).
    @discardableResult
    static func append(_ text: String, to out: inout [UInt8], keepingLines: Bool) -> Int {
        if let columns = text.utf8.withContiguousStorageIfAvailable({
            append($0, to: &out, keepingLines: keepingLines)
        }) {
            return columns
        }
        return Array(text.utf8).withUnsafeBufferPointer { append($0, to: &out, keepingLines: keepingLines) }
    }

    static func append(
        _ source: UnsafeBufferPointer<UInt8>, to out: inout [UInt8], keepingLines: Bool
    ) -> Int {
        if let columns = latinColumns(source) {
            out.append(contentsOf: source)
            return columns
        }
        var reader = ScalarReader(source)
        var counter = ColumnCounter()
        var columns = 0
        var runStart = 0
        var start = 0
        var previous: UInt32 = 0
        var isAtStart = true
        while let value = reader.next() {
            let end = reader.index
            let isPrinted =
                if value < 0x300 || (value >= 0x1E00 && value < 0x1F00) {
                    value >= 0x20 && (value < 0x7F || value >= 0xA0) && value != 0xAD
                } else {
                    switch ScalarKind(value) {
                    case .zero: !isAtStart
                    case .narrow, .wide: true
                    case .lineBreak, .tab, .hidden: false
                    }
                }
            if isPrinted {
                isAtStart = false
                columns += counter.columns(of: value)
            } else {
                out.append(contentsOf: UnsafeBufferPointer(rebasing: source[runStart..<start]))
                runStart = end
                if let replacement = replacement(for: value, after: previous, keepingLines: keepingLines) {
                    out.append(replacement)
                    isAtStart = replacement == 0x0A
                    columns += counter.columns(of: UInt32(replacement))
                }
            }
            previous = value
            start = end
        }
        out.append(contentsOf: UnsafeBufferPointer(rebasing: source[runStart..<start]))
        return columns
    }

    /// What is printed for a scalar that is not; nil for nothing. CR LF counts as one break.
    private static func replacement(for value: UInt32, after previous: UInt32, keepingLines: Bool) -> UInt8? {
        switch ScalarKind(value) {
        case .lineBreak where value == 0x0A && previous == 0x0D: nil
        case .lineBreak: keepingLines ? 0x0A : 0x20
        case .tab: 0x20
        case .zero, .narrow, .wide, .hidden: nil
        }
    }

    /// The columns of a text of nothing but printable ASCII, Latin letters as Vietnamese has them, composed or with
    /// marks, and common dashes and quotes; nil for any other, which is then looked at scalar by scalar. Nearly all
    /// text passes here, several times faster.
    private static func latinColumns(_ source: UnsafeBufferPointer<UInt8>) -> Int? {
        var columns = 0
        var index = 0
        while index < source.count {
            let first = source[index]
            columns += 1
            switch first {
            case 0x20..<0x7F: index += 1
            case 0xC3...0xCB: index += 2  // U+00C0–U+02FF
            case 0xCC where index > 0:  // U+0300–U+033F, combining marks
                columns -= 1
                index += 2
            case 0xE1 where source.count - index >= 3 && source[index + 1] & 0xFC == 0xB8:  // U+1E00–U+1EFF
                index += 3
            case 0xE2
            where source.count - index >= 3 && source[index + 1] == 0x80 && (0x90..<0xA8) ~= source[index + 2]:
                index += 3  // U+2010–U+2027
            default: return nil
            }
        }
        return columns
    }
}
