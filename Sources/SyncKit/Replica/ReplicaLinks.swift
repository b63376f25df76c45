// The links of this device: kept in its store, never sent.

extension LocalDocuments {
    /// The links by their names.
    package func links() throws(ReplicaError) -> [LinkSettings] {
        try inStore { () throws(StoreError) in
            let statement = try database.prepare("SELECT key,value FROM meta WHERE key>=?1 AND key<?2 ORDER BY key")
                .bind(1, Replica.Key.linkPrefix).bind(2, "link/")
            defer { statement.reset() }
            var found: [LinkSettings] = []
            while try statement.step() {
                let name = String(statement.text(0).dropFirst(Replica.Key.linkPrefix.count))
                if let link = LinkSettings(name: name, decoding: statement.bytes(1)) { found.append(link) }
            }
            return found
        }
    }

    /// The link that a sync uses unless it is told another one.
    package func usedLink() throws(ReplicaError) -> LinkSettings? {
        let name = try inStore { () throws(StoreError) in try tables.meta(Replica.Key.link) }
        guard let name else { return nil }
        return try links().first { Bytes($0.name.utf8) == name }
    }

    /// How many bytes of files went over a link on the day of a moment.
    package func spent(over link: LinkSettings, at now: Int64) throws(ReplicaError) -> Int {
        try inStore { () throws(StoreError) in
            guard let bytes = try tables.meta(Replica.Key.linkSpent(link.name)), bytes.count == 16,
                UInt64(bigEndianBytes: bytes[..<8]) == Self.day(now), let spent = UInt64(bigEndianBytes: bytes[8...])
            else { return 0 }
            return Int(clamping: spent)
        }
    }

    /// Days since 1970 in Vietnam; those before it are one.
    fileprivate static func day(_ now: Int64) -> UInt64 {
        UInt64(clamping: (now.addingReportingOverflow(Int64(VietnamTime.offsetSeconds)).partialValue) / 86_400)
    }
}

extension Replica {
    /// Keeps a link, in place of one of the same name.
    /// - Returns: false where the device has as many as it may.
    package func keep(_ link: LinkSettings) throws(ReplicaError) -> Bool {
        let known = try links()
        guard known.contains(where: { $0.name == link.name }) || known.count < LinkSettings.most else { return false }
        try inStore { () throws(StoreError) in
            try database.transaction { () throws(StoreError) in
                try tables.setMeta(Key.link(link.name), link.encoded)
            }
        }
        return true
    }

    /// Uses a link from now on; `nil` for none.
    package func use(_ link: LinkSettings?) throws(ReplicaError) {
        try inStore { () throws(StoreError) in
            try database.transaction { () throws(StoreError) in
                if let link { return try tables.setMeta(Key.link, Bytes(link.name.utf8)) }
                try tables.removeMeta(Key.link)
            }
        }
    }

    /// Forgets a link, what went over it, and that it was used.
    package func remove(_ link: LinkSettings) throws(ReplicaError) {
        let isUsed = try usedLink()?.name == link.name
        try inStore { () throws(StoreError) in
            try database.transaction { () throws(StoreError) in
                let keys = [Key.link(link.name), Key.linkSpent(link.name)] + (isUsed ? [Key.link] : [])
                for key in keys { try tables.removeMeta(key) }
            }
        }
    }

    /// Notes that bytes of files went over a link on the day of a moment.
    package func note(spent bytes: Int, over link: LinkSettings, at now: Int64) throws(ReplicaError) {
        guard bytes > 0 else { return }
        let (sum, overflow) = try spent(over: link, at: now).addingReportingOverflow(bytes)
        let value = Bytes(bigEndian: Self.day(now)) + Bytes(bigEndian: UInt64(clamping: overflow ? .max : sum))
        try inStore { () throws(StoreError) in
            try database.transaction { () throws(StoreError) in
                try tables.setMeta(Key.linkSpent(link.name), value)
            }
        }
    }
}
