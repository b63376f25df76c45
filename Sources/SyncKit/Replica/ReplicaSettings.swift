// The ward's configuration as a device holds it.

extension LocalDocuments {
    /// The configuration in force on this device: the standard one before the first sync.
    package func settings() throws(ReplicaError) -> WardSettings { try configuredSettings().settings }

    /// The same with where it comes from and what could not be read.
    package func configuredSettings() throws(ReplicaError) -> ConfiguredSettings {
        let found = try inStore { () throws(StoreError) in
            let statement = try database.prepare(
                "SELECT number,id,pending FROM documents WHERE kind=?1 AND hidden=0 ORDER BY sort,number LIMIT 256"
            ).bind(1, Int64(DocumentKind.settings.rawValue))
            defer { statement.reset() }
            var found: [(number: Int64, id: Digest, isPending: Bool)] = []
            while try statement.step() {
                if let id = statement.digest(1) { found.append((statement.integer(0), id, statement.integer(2) > 0)) }
            }
            return found
        }
        var states: [DocumentState] = []
        for item in found {
            // What this device wrote itself and no receipt came for counts here already.
            let state =
                item.isPending
                ? try view(item.number, item.id)?.state
                : try inStore { () throws(StoreError) in try tables.state(document: item.number) }
            if let state { states.append(state) }
        }
        return ConfiguredSettings(states)
    }
}
