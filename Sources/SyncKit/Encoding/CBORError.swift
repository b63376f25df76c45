// Why bytes were refused as deterministic CBOR.

/// A refusal by `CBORReader`, `CBORValue` or `Varint`, with the place where the refused item begins.
package struct CBORError: Error, Equatable, Sendable {
    /// The rule that was broken.
    package enum Code: String, Sendable, CaseIterable {
        /// The bytes end before the item does.
        case truncated
        /// Something stands behind the last item.
        case trailingBytes
        /// A number or length is not in its shortest form, or in a form that does not exist.
        case nonCanonicalInteger
        case indefiniteLength
        case unsortedKeys
        case duplicateKey
        case floatNotAllowed
        case tagNotAllowed
        /// A simple value other than false, true and null.
        case unsupportedSimple
        /// More than `CBORReader.maximumDepth` containers in each other.
        case tooDeep
        /// Longer than the caller allows.
        case tooLong
        case invalidUTF8
        /// Outside of the integers that this program holds: UInt64 above zero, Int64 below.
        case integerOverflow
        /// A well-formed item of another type than the caller asked for.
        case typeMismatch
    }

    package var code: Code
    /// Bytes from the beginning of the array that is being read.
    package var offset: Int

    package init(_ code: Code, at offset: Int) {
        self.code = code
        self.offset = offset
    }
}
