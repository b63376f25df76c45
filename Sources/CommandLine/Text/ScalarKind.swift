// What one Unicode scalar does on a line of a terminal: how wide it is, or that it must not get there.

/// How a scalar behaves in a terminal.
package enum ScalarKind {
    /// Takes no column: combining marks, variation selectors, the vowels and finals of composed Hangul.
    case zero
    /// Takes one column.
    case narrow
    /// Takes two columns: East Asian wide and full-width forms, emoji.
    case wide
    /// Ends a line: LF, CR, NEL, U+2028, U+2029.
    case lineBreak
    /// The tab.
    case tab
    /// Never printed: other C0 and C1 controls, DEL, bidi controls, zero-width and other invisible characters.
    case hidden

    /// Classifies a scalar; what is not a scalar value is hidden.
    package init(_ value: UInt32) {
        switch value {
        case 0x20..<0x7F: self = .narrow
        case 0x0A, 0x0D, 0x85, 0x2028, 0x2029: self = .lineBreak
        case 0x09: self = .tab
        case 0..<0x20, 0x7F..<0xA0, 0xAD: self = .hidden
        case 0xA0..<0x300: self = .narrow
        case 0x300..<0x370: self = .zero
        case 0x1E00..<0x1F00: self = .narrow
        default: self = ScalarKind.lookUp(value)
        }
    }

    private static func lookUp(_ value: UInt32) -> ScalarKind {
        guard let scalar = Unicode.Scalar(value) else { return .hidden }
        let properties = scalar.properties
        switch properties.generalCategory {
        case .nonspacingMark, .enclosingMark: return .zero
        case .control, .format, .surrogate: return .hidden
        default: break
        }
        if properties.isDefaultIgnorableCodePoint { return .hidden }
        switch value {
        case 0x1160...0x11FF, 0xD7B0...0xD7FF: return .zero
        case 0x1F1E6...0x1F1FF: return .narrow  // two of these make one flag of two columns
        default: return isWide(value) || properties.isEmojiPresentation ? .wide : .narrow
        }
    }

    /// The wide and full-width blocks of Unicode's East Asian Width; emoji are asked for by their own property.
    private static func isWide(_ value: UInt32) -> Bool {
        switch value {
        case 0x1100...0x115F, 0x2329...0x232A, 0x2630...0x2637, 0x268A...0x268F, 0x2E80...0x303E, 0x3041...0x3247,
            0x3250...0x4DBF, 0x4DC0...0xA4C6, 0xA960...0xA97C, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19,
            0xFE30...0xFE6B, 0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x18D8F, 0x1AFF0...0x1B2FF,
            0x1D300...0x1D376, 0x1F200...0x1F265, 0x20000...0x2FFFD, 0x30000...0x3FFFD:
            true
        default: false
        }
    }
}

/// Reads scalars from bytes that are UTF-8 already; a broken sequence gives U+FFFD and never reads past the end.
struct ScalarReader {
    private let bytes: UnsafeBufferPointer<UInt8>
    /// Where the next scalar begins.
    private(set) var index = 0

    /// Reads from the beginning of the bytes, which must outlive the reader.
    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    /// The next scalar's value, nil at the end.
    @inline(__always)
    mutating func next() -> UInt32? {
        guard index < bytes.count else { return nil }
        let first = bytes[index]
        index += 1
        if first < 0x80 { return UInt32(first) }
        let following = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : 1
        guard first >= 0xC2, first < 0xF5, bytes.count - index >= following else { return 0xFFFD }
        var value = UInt32(first) & (0x3F >> UInt32(following))
        for _ in 0..<following {
            value = value << 6 | UInt32(bytes[index] & 0x3F)
            index += 1
        }
        return value
    }
}

/// Adds up the columns of a text scalar by scalar, knowing what joins with what stands before.
struct ColumnCounter {
    private var previous: UInt32 = 0
    private var previousColumns = 0

    /// The columns that the scalar adds: emoji that join (ZWJ, skin tones) add none, an emoji variation selector
    /// widens a narrow sign by one.
    @inline(__always)
    mutating func columns(of value: UInt32) -> Int {
        let plain = (value >= 0x20 && value < 0x7F) || (value >= 0xA0 && value < 0x300 && value != 0xAD)
        let columns = plain ? 1 : joinedColumns(of: value)
        previous = value
        previousColumns = columns
        return columns
    }

    private func joinedColumns(of value: UInt32) -> Int {
        switch value {
        case 0xFE0F:
            return previousColumns == 1 && Unicode.Scalar(previous)?.properties.isEmoji == true ? 1 : 0
        case 0x1F3FB...0x1F3FF where Unicode.Scalar(previous)?.properties.isEmojiModifierBase == true:
            return 0
        default: break
        }
        switch ScalarKind(value) {
        case .zero, .hidden, .lineBreak, .tab: return 0
        case .narrow: return 1
        case .wide: return previous == 0x200D ? 0 : 2
        }
    }
}
