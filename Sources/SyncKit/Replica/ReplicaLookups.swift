// Look-ups on a device: a key for each answer, and purging answers by throwing their keys away.

extension LocalDocuments {
    /// The key that opens the answer to a look-up that this device asked; `nil` after its answer was purged.
    package func replyKey(of document: Digest) throws(ReplicaError) -> SealingKey? {
        let seed = try inStore { () throws(StoreError) in try tables.meta(Replica.Key.reply(document)) }
        return seed.flatMap { try? SealingKey(seed: $0) }
    }
}

extension Replica {
    /// A fresh key for the answer to one look-up.
    package func makeReplyKey() -> SealingKey { SealingKey.generate(random: random) }

    func keepReplyKey(_ key: SealingKey, of document: Digest) throws(ReplicaError) {
        try inStore { () throws(StoreError) in
            try tables.setMeta(Key.reply(document), key.seed.withUnsafeBytes { Bytes($0) })
        }
    }

    /// Purges answers: what stays is a box that nobody can open any more, here or in a copy of this store, and the
    /// fact that something was asked. The second secret that was typed goes with it, and the keys of private files.
    /// - Parameter before: seconds since 1970 by the ward's clock; answers that came before it are purged.
    /// - Returns: how many look-ups were purged.
    package func purgeAnswers(before: Int64) throws(ReplicaError) -> Int {
        let old = try answered().filter { $0.seconds < before }
        guard !old.isEmpty else { return 0 }
        try inStore { () throws(StoreError) in
            // What is deleted is overwritten in the file, and the write-ahead log is emptied after.
            try database.run("PRAGMA secure_delete=ON")
            try database.transaction { () throws(StoreError) in
                for item in old {
                    try tables.removeMeta(Key.reply(item.id))
                    try dropFileKeys(of: item.id)
                    guard let device = try tables.knownDeviceNumber(item.asked.device) else { continue }
                    try database.prepare("DELETE FROM disclosures WHERE device=?1 AND sequence=?2 AND slot=?3")
                        .bind(1, device).bind(2, Int64(clamping: item.asked.sequence))
                        .bind(3, Int64(bitPattern: Slot(field: LookupField.secret).rawValue)).run()
                }
            }
            try database.run("PRAGMA wal_checkpoint(TRUNCATE)")
        }
        return old.count
    }

    private func dropFileKeys(of lookup: Digest) throws(StoreError) {
        guard let number = try tables.documentNumber(lookup) else { return }
        let first = Int64(bitPattern: Slot(field: LookupField.fileKeys).rawValue)
        let end = Int64(bitPattern: Slot(field: LookupField.fileKeys + 1).rawValue)
        try database.prepare(
            """
            DELETE FROM disclosures WHERE slot>=?2 AND slot<?3 AND EXISTS (SELECT 1 FROM document_changes d
            WHERE d.document=?1 AND d.device=disclosures.device AND d.sequence=disclosures.sequence)
            """
        ).bind(1, number).bind(2, first).bind(3, end).run()
    }

    /// Own look-ups with an answer that can still be opened, and when the newest answer came.
    private func answered() throws(ReplicaError) -> [(id: Digest, asked: Dot, seconds: Int64)] {
        var ids: [Digest] = []
        try inStore { () throws(StoreError) in
            let statement = try database.prepare("SELECT key FROM meta WHERE key>=?1 AND key<?2")
                .bind(1, Key.replyPrefix).bind(2, "reply/")
            defer { statement.reset() }
            while try statement.step() {
                if let id = Digest(hex: String(statement.text(0).dropFirst(Key.replyPrefix.count))) { ids.append(id) }
            }
        }
        var found: [(id: Digest, asked: Dot, seconds: Int64)] = []
        for id in ids {
            guard let state = try document(id)?.state,
                let newest = state.entries(Slot(field: LookupField.answer)).last
            else { continue }
            found.append((id, state.creation, newest.effective.seconds))
        }
        return found
    }

    /// Answers a look-up as an officer: a finding, sealed to the one who asked.
    /// - Throws: `refused` where the look-up takes no answer from this device.
    package func answer(_ view: DocumentView, _ finding: Finding, _ parts: [CBORValue.Pair]) throws(ReplicaError)
        -> Saved
    {
        let state = view.state
        guard case .bytes(let bytes)? = state.value(LookupField.replyKey), let key = Digest(bytes),
            SealedBox.accepts(key)
        else { throw ReplicaError(.refused(.missingReference)) }
        let slot = Slot(field: LookupField.answer)
        let now = time.nowSeconds()
        let ward = ward
        let random = random
        var draft = ChangeSetDraft(kind: .lookup, document: view.id)
        draft.perform(
            .transition(Slot(field: Schema.stateField), to: finding.state, follows: state.present.dot))
        return try commit(draft) { (draft: inout ChangeSetDraft, dot: Dot) in
            let box = PrivateValue.seal(.map(parts), ward: ward, dot: dot, slot: slot, to: key, random: random)
            draft.perform(
                .append(slot),
                .array([
                    .unsigned(finding.rawValue), CBORValue(now), CBORValue(now + Finding.freshSeconds), .bytes(box),
                ]))
        }
    }
}
