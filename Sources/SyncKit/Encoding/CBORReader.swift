// Reads deterministic CBOR from hostile bytes, item by item, and refuses every other form.

/// A place in an array of bytes that are read as deterministic CBOR (RFC 8949 §4.2, core profile).
///
/// Accepted: shortest integers and definite lengths only; byte strings, UTF-8 text, arrays, maps; false, true, null.
/// Every length is compared with the remaining bytes and with the caller's maximum before anything is allocated. After
/// an error the reader stands where it stood. Headers of containers are read singly: only `skipValue` and `CBORValue`
/// check depth and the order of keys, so run one of them over a container whose keys you do not check yourself.
package struct CBORReader: Sendable {
    /// How many containers may stand in each other.
    package static let maximumDepth = 16

    /// The bytes that ranges and offsets point into.
    package let bytes: Bytes
    /// Where the next item begins.
    package var offset: Int
    /// Where reading stops; never behind the last byte.
    package let end: Int

    /// - Parameter range: the part to read; whatever of it lies outside of `bytes` is not there. Nil means all.
    package init(_ bytes: Bytes, range: Range<Int>? = nil) {
        let part = range?.clamped(to: 0..<bytes.count) ?? 0..<bytes.count
        self.bytes = bytes
        offset = part.lowerBound
        end = part.upperBound
    }

    package var isAtEnd: Bool { offset >= end }

    /// The major type of the next item, 0...7, without moving.
    package func peekMajor() throws(CBORError) -> UInt8 { try initialByte(at: offset) >> 5 }

    package mutating func unsigned() throws(CBORError) -> UInt64 {
        let head = try head(of: 0)
        offset = head.next
        return head.argument
    }

    package mutating func integer() throws(CBORError) -> Int64 {
        let head = try head(at: offset)
        guard head.major <= 1 else { throw CBORError(.typeMismatch, at: offset) }
        guard let magnitude = Int64(exactly: head.argument) else { throw CBORError(.integerOverflow, at: offset) }
        offset = head.next
        return head.major == 0 ? magnitude : ~magnitude
    }

    /// - Parameter max: the longest byte string to accept, in bytes.
    package mutating func byteString(max: Int) throws(CBORError) -> Bytes {
        Bytes(bytes[try byteStringRange(max: max)])
    }

    /// Where the contents of the next byte string stand in `bytes`; nothing is copied.
    package mutating func byteStringRange(max: Int) throws(CBORError) -> Range<Int> {
        let range = try contents(try head(of: 2), at: offset, max: max)
        offset = range.upperBound
        return range
    }

    /// A byte string of exactly 32 bytes.
    package mutating func digest() throws(CBORError) -> Digest {
        let head = try head(of: 2)
        guard head.argument == UInt64(Digest.byteCount) else { throw CBORError(.typeMismatch, at: offset) }
        let range = try contents(head, at: offset, max: Digest.byteCount)
        guard let digest = Digest(bytes, at: range.lowerBound) else { throw CBORError(.truncated, at: offset) }
        offset = range.upperBound
        return digest
    }

    /// - Parameter max: the longest text to accept, in bytes of UTF-8.
    package mutating func text(max: Int) throws(CBORError) -> String {
        let range = try contents(try head(of: 3), at: offset, max: max)
        let text = bytes.withUnsafeBufferPointer { buffer in
            String(validating: UnsafeBufferPointer(rebasing: buffer[range]), as: UTF8.self)
        }
        guard let text else { throw CBORError(.invalidUTF8, at: offset) }
        offset = range.upperBound
        return text
    }

    package mutating func bool() throws(CBORError) -> Bool {
        let head = try head(of: 7)
        guard head.argument != 22 else { throw CBORError(.typeMismatch, at: offset) }
        offset = head.next
        return head.argument == 21
    }

    /// Whether the next item is null, without moving; false at the end.
    package func isNull() -> Bool {
        offset >= 0 && offset < end && bytes[offset] == 0xF6
    }

    /// Whether an array comes next.
    package func isArray() -> Bool { offset >= 0 && offset < end && bytes[offset] >> 5 == 4 }

    package mutating func null() throws(CBORError) {
        let head = try head(of: 7)
        guard head.argument == 22 else { throw CBORError(.typeMismatch, at: offset) }
        offset = head.next
    }

    /// - Parameter max: the largest number of items to accept.
    package mutating func arrayHeader(max: Int) throws(CBORError) -> Int {
        let head = try head(of: 4)
        let count = try itemCount(head, at: offset, max: max, itemsEach: 1)
        offset = head.next
        return count
    }

    /// - Parameter max: the largest number of pairs to accept.
    package mutating func mapHeader(max: Int) throws(CBORError) -> Int {
        let head = try head(of: 5)
        let count = try itemCount(head, at: offset, max: max, itemsEach: 2)
        offset = head.next
        return count
    }

    /// Checks one whole item by all rules and moves behind it.
    /// - Returns: the range of its encoding in `bytes`.
    package mutating func skipValue() throws(CBORError) -> Range<Int> {
        let start = offset
        offset = try validated(from: start, depth: 0)
        return start..<offset
    }

    /// Refuses whatever is left.
    package func finish() throws(CBORError) {
        guard isAtEnd else { throw CBORError(.trailingBytes, at: offset) }
    }
}

extension CBORReader {
    /// The first byte or bytes of an item.
    struct Head {
        var major: UInt8
        /// The value, length, count, or number of the simple value.
        var argument: UInt64
        /// Where the contents begin.
        var next: Int
    }

    @inline(__always)
    private func initialByte(at place: Int) throws(CBORError) -> UInt8 {
        guard UInt(bitPattern: place) < UInt(bitPattern: end) else { throw CBORError(.truncated, at: place) }
        return bytes[place]
    }

    @inline(__always)
    func head(at place: Int) throws(CBORError) -> Head {
        let initial = try initialByte(at: place)
        if initial & 0x1F < 24, initial < 0xC0 {
            return Head(major: initial >> 5, argument: UInt64(initial & 0x1F), next: place &+ 1)
        }
        return try longHead(initial, at: place)
    }

    @inline(__always)
    private func head(of major: UInt8) throws(CBORError) -> Head {
        let head = try head(at: offset)
        guard head.major == major else { throw CBORError(.typeMismatch, at: offset) }
        return head
    }

    private func longHead(_ initial: UInt8, at place: Int) throws(CBORError) -> Head {
        let major = initial >> 5
        let info = initial & 0x1F
        guard major != 6 else { throw CBORError(.tagNotAllowed, at: place) }
        guard info != 31 else { throw CBORError(.indefiniteLength, at: place) }
        if major == 7 {
            switch info {
            case 20, 21, 22: return Head(major: 7, argument: UInt64(info), next: place + 1)
            case 25, 26, 27: throw CBORError(.floatNotAllowed, at: place)
            default: throw CBORError(.unsupportedSimple, at: place)
            }
        }
        guard info < 28 else { throw CBORError(.nonCanonicalInteger, at: place) }
        let width = 1 << Int(info - 24)
        guard end - place > width else { throw CBORError(.truncated, at: place) }
        var argument: UInt64 = 0
        for index in (place + 1)...(place + width) { argument = argument << 8 | UInt64(bytes[index]) }
        let smallest: UInt64 = width == 1 ? 24 : 1 << UInt64(4 * width)
        guard argument >= smallest else { throw CBORError(.nonCanonicalInteger, at: place) }
        return Head(major: major, argument: argument, next: place + 1 + width)
    }

    /// The bytes of a string whose head stands at `place`.
    @inline(__always)
    func contents(_ head: Head, at place: Int, max: Int) throws(CBORError) -> Range<Int> {
        guard let length = Int(exactly: head.argument), length <= max else { throw CBORError(.tooLong, at: place) }
        guard length <= end - head.next else { throw CBORError(.truncated, at: place) }
        return head.next..<(head.next + length)
    }

    /// The number of entries of a container; an entry takes at least one byte for each of its items.
    @inline(__always)
    func itemCount(_ head: Head, at place: Int, max: Int, itemsEach: Int) throws(CBORError) -> Int {
        guard let count = Int(exactly: head.argument), count <= max else { throw CBORError(.tooLong, at: place) }
        guard count <= (end - head.next) / itemsEach else { throw CBORError(.truncated, at: place) }
        return count
    }

    /// - Returns: where the item that begins at `place` ends.
    private func validated(from place: Int, depth: Int) throws(CBORError) -> Int {
        let head = try head(at: place)
        switch head.major {
        case 1:
            guard head.argument <= UInt64(Int64.max) else { throw CBORError(.integerOverflow, at: place) }
            return head.next
        case 2:
            return try contents(head, at: place, max: .max).upperBound
        case 3:
            let range = try contents(head, at: place, max: .max)
            guard UTF8Check.isValid(bytes, range) else { throw CBORError(.invalidUTF8, at: place) }
            return range.upperBound
        case 4:
            guard depth < CBORReader.maximumDepth else { throw CBORError(.tooDeep, at: place) }
            let count = try itemCount(head, at: place, max: .max, itemsEach: 1)
            var next = head.next
            for _ in 0..<count { next = try validated(from: next, depth: depth + 1) }
            return next
        case 5:
            guard depth < CBORReader.maximumDepth else { throw CBORError(.tooDeep, at: place) }
            let count = try itemCount(head, at: place, max: .max, itemsEach: 2)
            var next = head.next
            var previous: Range<Int>?
            for _ in 0..<count {
                let key = next..<(try validated(from: next, depth: depth + 1))
                if let previous { try checkOrder(previous, key) }
                previous = key
                next = try validated(from: key.upperBound, depth: depth + 1)
            }
            return next
        default:
            return head.next
        }
    }

    /// Refuses a key that does not stand behind the previous one in the order of the encoded bytes.
    func checkOrder(_ previous: Range<Int>, _ key: Range<Int>) throws(CBORError) {
        var left = previous.lowerBound
        var right = key.lowerBound
        while left < previous.upperBound, right < key.upperBound {
            if bytes[left] != bytes[right] {
                guard bytes[left] < bytes[right] else { throw CBORError(.unsortedKeys, at: key.lowerBound) }
                return
            }
            left += 1
            right += 1
        }
        // Neither of two whole items is a proper prefix of the other, so both ended here.
        throw CBORError(.duplicateKey, at: key.lowerBound)
    }
}
