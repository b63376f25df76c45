// One form for what people type: NFC for storage, a folded form for search.

@_spi(_Unicode) import Swift

/// Normalization of text at the moment when a person enters it, and never later (docs: change sets).
package enum TextNormalization {
    /// Unicode normalization form C.
    package static func nfc(_ text: String) -> String {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return text }
        var output = String.UnicodeScalarView()
        output.append(contentsOf: text._nfc)
        return String(output)
    }
}

/// The form in which text is searched: what people type without accents finds what stands there with them.
package enum SearchFold {
    /// Lower case, no diacritics and tones, đ as d, runs of white space as one space, none at the ends.
    ///
    /// Two texts that are canonically equivalent fold to the same bytes, and folding twice changes nothing.
    package static func fold(_ text: String) -> String {
        var output = Bytes()
        output.reserveCapacity(text.utf8.count)
        var spacePending = false
        for scalar in text.unicodeScalars {
            switch folded(scalar) {
            case .letter(let byte):
                if spacePending, !output.isEmpty { output.append(0x20) }
                spacePending = false
                output.append(byte)
            case .space:
                spacePending = true
            case .nothing:
                continue
            case .other:
                for part in decomposed(scalar) {
                    if spacePending, !output.isEmpty { output.append(0x20) }
                    spacePending = false
                    output.append(contentsOf: part.utf8)
                }
            }
        }
        return String(decoding: output, as: UTF8.self)
    }

    /// What one scalar folds to.
    enum Folded {
        case letter(UInt8)
        case space
        case nothing
        /// Not in the tables.
        case other
    }

    /// One scalar by the tables.
    @inline(__always)
    static func folded(_ scalar: Unicode.Scalar) -> Folded {
        scalar.value < 0x80 ? ascii(UInt8(scalar.value)) : latin(scalar.value)
    }

    @inline(__always)
    private static func ascii(_ byte: UInt8) -> Folded {
        switch byte {
        case 0x41...0x5A: .letter(byte | 0x20)
        case 0x21...0x7E: .letter(byte)
        case 0x20, 0x09...0x0D: .space
        default: .nothing
        }
    }

    @inline(__always)
    private static func latin(_ value: UInt32) -> Folded {
        let letter: UInt8
        switch value {
        case 0xC0...0x24F: letter = latinLetters.utf8Start[Int(value - 0xC0)]
        case 0x1E00...0x1EFF: letter = latinLetters.utf8Start[Int(value - 0x1E00 + 0x190)]
        case 0x300...0x36F: return .nothing
        case 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: return .space
        default: return .other
        }
        return letter == UInt8(ascii: ".") ? .other : .letter(letter)
    }

    /// The ASCII letter behind U+00C0–U+024F and then U+1E00–U+1EFF, or a full stop; đ and Đ, which do not decompose, are
    /// here. It stands in the program because making it would cost every search a third of a millisecond.
    private static let latinLetters: StaticString = """
        aaaaaa.ceeeeiiii.nooooo..uuuuy..aaaaaa.ceeeeiiii.nooooo..uuuuy.yaaaaaaccccccccdddd\
        eeeeeeeeeegggggggghh..iiiiiiiii...jjkk.llllll....nnnnnn...oooooo..rrrrrrsssssssstt\
        tt..uuuuuuuuuuuuwwyyyzzzzzz.................................oo.............uu.....\
        .......................aaiioouuuuuuuuuu.aaaa....ggkkoooo..j...gg..nnaa....aaaaeeee\
        iiiioooorrrruuuusstt..hh......aaeeooooooooyy............................aabbbbbbcc\
        ddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmmmmmmnnnnnnnnoooooooopppprrrr\
        rrrrssssssssssttttttttuuuuuuuuuuvvvvwwwwwwwwwwxxxxyyzzzzzzhtwy......aaaaaaaaaaaaaa\
        aaaaaaaaaaeeeeeeeeeeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyy......
        """

    /// The canonical decomposition of one scalar in lower case, without what only combines, formats or controls.
    static func decomposed(_ scalar: Unicode.Scalar) -> [String] {
        String(scalar)._nfd.compactMap { part in
            let properties = part.properties
            guard properties.canonicalCombiningClass == .notReordered else { return nil }
            switch properties.generalCategory {
            case .control, .format: return nil
            default: return properties.lowercaseMapping
            }
        }
    }
}

extension String {
    /// The scalars of the canonical decomposition.
    var decomposedScalars: some Sequence<Unicode.Scalar> { _nfd }
}
