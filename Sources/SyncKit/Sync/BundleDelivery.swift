// What a ward answers to whoever hands in a part of a bundle over the network, or asks how far one came.

/// The ward's word on a part: `[state, missing, return parts]`; on a bundle that it was asked about, with what began as
/// a fourth (`docs/protocol.md`, "Bundles").
package struct PartReceipt: Hashable, Sendable {
    package enum State: UInt64, Sendable {
        /// Kept; other parts are missing.
        case waiting = 1
        /// The bundle was whole and was taken, now or before.
        case taken = 2
        /// It was whole and could not be used.
        case refused = 3
        /// What the ward had of the part is gone or was damaged: the part has to come from its first byte.
        case anew = 4
    }

    /// How much of a part is there that did not come whole.
    package struct Begun: Hashable, Sendable {
        package var part: Int
        /// Bytes of its file.
        package var held: Int

        package init(part: Int, held: Int) { (self.part, self.held) = (part, held) }
    }

    /// The most missing parts that are named, and the most of which it is said how much is there.
    static let mostMissing = 64

    package var state: State
    /// The first of the missing parts.
    package var missing: [Int]
    /// How many parts the return has that can be fetched; 0 for none.
    package var returnParts: Int
    /// Missing parts of which the ward has a beginning; `nil` where it was not asked.
    package var begun: [Begun]?

    package init(state: State, missing: [Int] = [], returnParts: Int = 0, begun: [Begun]? = nil) {
        self.state = state
        self.begun = begun.map { Array($0.prefix(Self.mostMissing)) }
        self.missing = Array(missing.prefix(Self.mostMissing))
        self.returnParts = returnParts
    }

    package var encoded: Bytes {
        var writer = CBORWriter(reserving: 16 + missing.count * 3 + (begun?.count ?? 0) * 9)
        writer.arrayHeader(count: begun == nil ? 3 : 4)
        writer.unsigned(state.rawValue)
        writer.arrayHeader(count: missing.count)
        for part in missing { writer.unsigned(UInt64(clamping: part)) }
        writer.unsigned(UInt64(clamping: returnParts))
        if let begun {
            writer.arrayHeader(count: begun.count)
            for one in begun {
                writer.arrayHeader(count: 2)
                writer.unsigned(UInt64(clamping: one.part))
                writer.unsigned(UInt64(clamping: one.held))
            }
        }
        return writer.bytes
    }

    package init?(decoding bytes: Bytes) {
        do throws(CBORError) {
            var reader = CBORReader(bytes)
            let members = try reader.arrayHeader(max: 4)
            guard members >= 3, let state = State(rawValue: try reader.unsigned()) else { return nil }
            self.state = state
            missing = []
            for _ in 0..<(try reader.arrayHeader(max: Self.mostMissing)) {
                guard let part = Int(exactly: try reader.unsigned()), part <= BundleLimits.parts else { return nil }
                missing.append(part)
            }
            guard let parts = Int(exactly: try reader.unsigned()), parts <= BundleLimits.parts else { return nil }
            returnParts = parts
            if members == 4 {
                var begun: [Begun] = []
                for _ in 0..<(try reader.arrayHeader(max: Self.mostMissing)) {
                    guard try reader.arrayHeader(max: 2) == 2, let part = Int(exactly: try reader.unsigned()),
                        let held = Int(exactly: try reader.unsigned()), (1...BundleLimits.parts).contains(part),
                        (1...BundleLimits.file).contains(held)
                    else { return nil }
                    begun.append(Begun(part: part, held: held))
                }
                self.begun = begun
            }
            try reader.finish()
        } catch { return nil }
    }

    /// Whether the ward may lack a part: one that it named, or one beyond those that it could name.
    package func mayLack(_ part: Int) -> Bool {
        state == .waiting
            && (missing.contains(part) || (missing.count == Self.mostMissing && part > (missing.last ?? 0)))
    }

    /// From which byte a part's file goes on.
    package func held(_ part: Int) -> Int { begun?.first { $0.part == part }?.held ?? 0 }
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
