// A copy of a store passes over what another copy wrote under the same key: what it writes has not seen that.

extension Replica {
    /// What the device names as seen while it lacks something that another copy of it wrote; `nil` where it lacks nothing.
    /// The ward delivers that to the device that this one goes on as.
    func passedOver() throws(ReplicaError) -> SeenMark? {
        try inStore { () throws(StoreError) in try keptPassedOver() }
    }

    private func keptPassedOver() throws(StoreError) -> SeenMark? {
        guard let bytes = try tables.meta(Key.passedOver), !bytes.isEmpty else { return nil }
        var reader = CBORReader(bytes)
        guard let mark = try? SeenMark(reading: &reader) else { throw StoreError(.damaged, Key.passedOver) }
        return mark
    }

    /// Passes over what another copy wrote and counts, within the transaction of a frame, before the position moves.
    func passOver(_ entry: LogEntry) throws(StoreError) {
        guard entry.isAcceptance, try keptPassedOver() == nil else { return }
        try keepPassedOver()
    }

    /// After a restore: what was passed over beyond the end of the restored log comes back behind that end.
    func limitPassedOver(by news: EpochStatement) throws(StoreError) {
        guard let mark = try keptPassedOver(), news.lost(mark.position) else { return }
        try keepPassedOver()
    }

    private func keepPassedOver() throws(StoreError) {
        var writer = CBORWriter(reserving: 24)
        try storedMark().write(to: &writer)
        try tables.setMeta(Key.passedOver, writer.bytes)
    }

    /// What was passed over comes to the new device, with everything after it.
    func goBackToPassedOver() throws(ReplicaError) {
        try inStore { () throws(StoreError) in
            guard let mark = try keptPassedOver() else { return }
            try tables.setNumber(Key.position, mark.position.rawValue)
            try tables.setNumber(Key.root, mark.position == .start ? 0 : mark.root)
            try tables.setMeta(Key.passedOver, [])
        }
    }
}
