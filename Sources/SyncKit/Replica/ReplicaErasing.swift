// Erasing on a device: the values of a change set go, and everything that was made of them.

extension Replica {
    /// Erases the values of a change set that the ward erased.
    /// - Returns: the document that is to be folded anew; `nil` where the device has nothing to erase.
    func eraseValues(_ dot: Dot, _ id: Digest) throws(StoreError) -> Digest? {
        if planted(.erasedValueStays) { return nil }
        try eraseOverseen(id)
        guard let device = try tables.knownDeviceNumber(dot.device),
            let stored = try tables.change(device: device, sequence: dot.sequence), stored.change.id == id
        else { return nil }
        // It may have come without its values, and what was disclosed of it before.
        try database.prepare("DELETE FROM disclosures WHERE device=?1 AND sequence=?2").bind(1, device)
            .bind(2, Int64(clamping: dot.sequence)).run()
        guard stored.change.values != nil else { return nil }
        let bare: ChangeSet
        do { bare = try stored.change.erasing() } catch { throw StoreError(.damaged, "change set") }
        try tables.setBody(bare, device: device)
        return stored.change.document
    }

    private func eraseOverseen(_ id: Digest) throws(StoreError) {
        let statement = try database.prepare("SELECT body FROM quarantine WHERE id=?1").bind(1, id)
        let body = try statement.step() ? statement.bytes(0) : nil
        statement.reset()
        guard let body else { return }
        do {
            let bare = try ChangeSet(decoding: body, hashesAreKnown: true).erasing()
            try database.prepare("UPDATE quarantine SET body=?2 WHERE id=?1").bind(1, id).bind(2, bare.encoded()).run()
        } catch let error as StoreError { throw error } catch { throw StoreError(.damaged, "quarantine") }
    }
}
