// What a device makes and reads of follows and ratings: the drafts, and the parts of a view.

/// Following a report by its look-up code.
package enum Follow {
    /// Asks the ward how far the report with this code is. The code itself stays on the device.
    package static func draft(_ code: LookupCode) -> ChangeSetDraft {
        var draft = ChangeSetDraft(kind: .follow)
        draft.perform(.set(Slot(field: FollowField.codeHash)), .bytes(code.hash.bytes))
        return draft
    }

    /// The progress views that a follow names, sorted.
    package static func views(_ follow: DocumentState) -> [Digest] {
        follow.entries(FollowField.progress).compactMap { entry in
            guard case .bytes(let bytes)? = try? CBORValue(decoding: entry.value) else { return nil }
            return Digest(bytes)
        }.sorted()
    }

    /// The steps of a progress view: the state's stable name, and when, in seconds since 1970.
    package static func steps(_ view: DocumentState) -> [(state: String, seconds: Int64)] {
        view.entries(ProgressField.steps).compactMap { entry in
            guard case .array(let parts)? = try? CBORValue(decoding: entry.value), parts.count == 2,
                let state = parts[0].string, let seconds = parts[1].string.flatMap({ Int64($0) })
            else { return nil }
            return (state, seconds)
        }
    }
}

/// A rating from 1 to 5.
package struct Rating: Sendable, Hashable {
    package let value: Int64

    package init?(_ value: Int64) {
        guard (1...5).contains(value) else { return nil }
        self.value = value
    }

    /// The rating of a report by the device that filed it.
    package static func draft(on report: DocumentView, value: Rating, comment: String?) -> ChangeSetDraft {
        var draft = ChangeSetDraft(kind: .report, document: report.id)
        draft.perform(.set(Slot(field: ReportField.rating)), CBORValue(value.value))
        if comment != nil || report.state.value(ReportField.ratingComment) != nil {
            draft.perform(.set(Slot(field: ReportField.ratingComment)), comment.map { .text($0) } ?? .null)
        }
        draft.perform(
            .transition(Slot(field: Schema.stateField), to: 8, follows: report.state.present.dot))
        return draft
    }
}

extension LocalDocuments {
    /// The documents that belong to a code on this device: reports that it filed, and follows.
    package func documents(with code: LookupCode) throws(ReplicaError) -> [Digest] {
        try inStore { () throws(StoreError) in
            let statement = try database.prepare(
                "SELECT key FROM meta WHERE key>='code.' AND key<'code/' AND value=?1 ORDER BY key"
            ).bind(1, Bytes(code.canonical.utf8))
            defer { statement.reset() }
            var found: [Digest] = []
            while try statement.step() {
                if let id = Digest(hex: String(statement.text(0).dropFirst(5))) { found.append(id) }
            }
            return found
        }
    }
}
