// What a ward answers to whoever hands in a part of a bundle over the network.

/// The ward's word on a part: an array of three, `[state, missing, return parts]` (`docs/protocol.md`, "Bundles").
package struct PartReceipt: Hashable, Sendable {
    package enum State: UInt64, Sendable {
        /// Kept; other parts are missing.
        case waiting = 1
        /// The bundle was whole and was taken, now or before.
        case taken = 2
        /// It was whole and could not be used.
        case refused = 3
    }

    /// The most missing parts that are named.
    static let mostMissing = 64

    package var state: State
    /// The first of the missing parts.
    package var missing: [Int]
    /// How many parts the return has that can be fetched; 0 for none.
    package var returnParts: Int

    package init(state: State, missing: [Int] = [], returnParts: Int = 0) {
        self.state = state
        self.missing = Array(missing.prefix(Self.mostMissing))
        self.returnParts = returnParts
    }

    package var encoded: Bytes {
        var writer = CBORWriter(reserving: 16 + missing.count * 3)
        writer.arrayHeader(count: 3)
        writer.unsigned(state.rawValue)
        writer.arrayHeader(count: missing.count)
        for part in missing { writer.unsigned(UInt64(clamping: part)) }
        writer.unsigned(UInt64(clamping: returnParts))
        return writer.bytes
    }

    package init?(decoding bytes: Bytes) {
        do throws(CBORError) {
            var reader = CBORReader(bytes)
            guard try reader.arrayHeader(max: 3) == 3, let state = State(rawValue: try reader.unsigned()) else {
                return nil
            }
            self.state = state
            missing = []
            for _ in 0..<(try reader.arrayHeader(max: Self.mostMissing)) {
                guard let part = Int(exactly: try reader.unsigned()), part <= BundleLimits.parts else { return nil }
                missing.append(part)
            }
            guard let parts = Int(exactly: try reader.unsigned()), parts <= BundleLimits.parts else { return nil }
            returnParts = parts
            try reader.finish()
        } catch { return nil }
    }
}

extension BundleHead {
    /// What the file of this part is called: it says which part it is, and of whom it says nothing.
    package var fileName: String {
        "\(direction == .toWard ? "wardbundle" : "wardreturn")-\(id.hex.prefix(8))-\(part)-of-\(count).wsb"
    }
}

extension Sequence<Int> {
    /// Ascending numbers as people write them: `2, 4–6`.
    package var asRanges: String {
        var ranges: [(Int, Int)] = []
        for number in self {
            if let last = ranges.last, last.1 == number - 1 {
                ranges[ranges.count - 1].1 = number
            } else {
                ranges.append((number, number))
            }
        }
        return ranges.map { $0.0 == $0.1 ? "\($0.0)" : "\($0.0)–\($0.1)" }.joined(separator: ", ")
    }
}
