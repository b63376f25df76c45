// Drafts: what a person began to write and did not send. Local to this device, no part of its chain.

/// Something that was begun. Its content is the program's own; the store keeps it as it is.
package struct LocalDraft: Sendable, Hashable {
    package let number: Int64
    /// When it was begun and last changed, in seconds since 1970, by this device's clock.
    package let made: Int64
    package let changed: Int64
    package let body: Bytes
}

extension LocalDocuments {
    /// The drafts of a kind, the oldest first.
    package func drafts(_ kind: DocumentKind) throws(ReplicaError) -> [LocalDraft] {
        try readDrafts(kind, number: nil)
    }

    /// The draft with a number.
    package func draft(_ kind: DocumentKind, _ number: Int64) throws(ReplicaError) -> LocalDraft? {
        try readDrafts(kind, number: number).first
    }

    private func readDrafts(_ kind: DocumentKind, number: Int64?) throws(ReplicaError) -> [LocalDraft] {
        try inStore { () throws(StoreError) in
            let statement = try database.prepare(
                """
                SELECT number,made,changed,body FROM drafts WHERE kind=?1 AND (?2 IS NULL OR number=?2) ORDER BY number
                """
            ).bind(1, Int64(kind.rawValue)).bind(2, number)
            defer { statement.reset() }
            var found: [LocalDraft] = []
            while try statement.step() {
                found.append(
                    LocalDraft(
                        number: statement.integer(0), made: statement.integer(1), changed: statement.integer(2),
                        body: statement.bytes(3)))
            }
            return found
        }
    }
}

extension Replica {
    /// The most bytes of a draft: as much as a change set can hold.
    package static let maxDraftLength = ChangeSetLimits.maxPayload

    /// Keeps a draft, under its number or a new one. Returns only after the store committed.
    package func keepDraft(_ kind: DocumentKind, _ body: Bytes, as number: Int64? = nil) throws(ReplicaError) -> Int64 {
        guard body.count <= Self.maxDraftLength else { throw ReplicaError(.change(ChangeSetError(.tooLarge, "draft"))) }
        let now = time.nowSeconds()
        return try database.replicaTransaction { () throws(ReplicaError) in
            try inStore { () throws(StoreError) in
                if let number {
                    try self.database.prepare("UPDATE drafts SET changed=?3,body=?4 WHERE number=?1 AND kind=?2")
                        .bind(1, number).bind(2, Int64(kind.rawValue)).bind(3, now).bind(4, body).run()
                    return number
                }
                try self.database.prepare("INSERT INTO drafts(kind,made,changed,body) VALUES(?1,?2,?2,?3)")
                    .bind(1, Int64(kind.rawValue)).bind(2, now).bind(3, body).run()
                return self.database.lastInsertedRow
            }
        }
    }

    /// Throws a draft away.
    package func deleteDraft(_ number: Int64) throws(ReplicaError) {
        try database.replicaTransaction { () throws(ReplicaError) in
            try inStore { () throws(StoreError) in try self.dropDraft(number) }
        }
    }

    func dropDraft(_ number: Int64) throws(StoreError) {
        try database.prepare("DELETE FROM drafts WHERE number=?1").bind(1, number).run()
    }
}
