// How much of private values one change set may hold: so much that what is disclosed of it fits an answer.

/// Looks at the sealed values of a change set, one after the other (`docs/data-model.md`, "Value types").
struct SealedTally {
    /// The most values of one change set.
    static let maxValues = 128
    /// The most bytes of their boxes together.
    static let maxBoxBytes = 32 * 1024

    private var slots: Set<Slot> = []
    private var boxBytes = 0

    /// - Returns: false for a slot that was set before, for a value that stands in an earlier box where there is none,
    ///   and beyond the limits.
    mutating func take(_ slot: Slot, _ value: Bytes) -> Bool {
        guard slots.insert(slot).inserted, slots.count <= Self.maxValues else { return false }
        var reader = CBORReader(value)
        if reader.isNull() { return true }
        guard let parts = try? reader.arrayHeader(max: 2) else { return false }
        if parts == 0 { return boxBytes > 0 }
        guard (try? reader.byteStringRange(max: 8)) != nil,
            let box = try? reader.byteStringRange(max: ValueType.maxBoxLength)
        else { return false }
        boxBytes += box.count
        return boxBytes <= Self.maxBoxBytes
    }
}
