// What waits, what did not count, and the hashes by which two replicas are compared.

/// An own change set that does not count, with the ward's reason.
package struct OwnProblem {
    package let stored: LogTables.Stored
    package let document: Digest
    /// The document's kind; `nil` for one that this version does not know.
    package let kind: DocumentKind?
    package let title: String
}

/// A document of which something waits to be sent.
package struct WaitingDocument: Sendable, Equatable {
    package let id: Digest
    package let kind: DocumentKind
    package let title: String
    /// How many change sets wait.
    package let changes: Int
}

/// The accepted states that a hash covers.
package enum StateScope: Sendable {
    /// Ward-wide kinds.
    case ward
    /// Reports, tasks and look-ups whose accepted areas the area covers.
    case area(String)
    /// What a device filed.
    case own(DeviceID)
}

extension LocalDocuments {
    /// How many change sets of a device wait for a receipt, by kind.
    package func waitingCounts(of device: DeviceID) throws(ReplicaError) -> [(kind: DocumentKind, count: Int)] {
        try inStore { () throws(StoreError) in
            guard let own = try tables.knownDeviceNumber(device) else { return [] }
            let statement = try database.prepare(
                "SELECT body FROM changes INDEXED BY changes_waiting WHERE device=?1 AND verdict<>1 AND verdict=0"
            ).bind(1, own)
            defer { statement.reset() }
            var counts: [DocumentKind: Int] = [:]
            while try statement.step() {
                guard let change = try? ChangeSet(decoding: statement.bytes(0), hashesAreKnown: true),
                    let kind = UInt8(exactly: change.header.kind).flatMap(DocumentKind.init(rawValue:))
                else { continue }
                counts[kind, default: 0] += 1
            }
            return counts.sorted { $0.key.rawValue < $1.key.rawValue }.map { (kind: $0.key, count: $0.value) }
        }
    }

    /// The documents of which own change sets wait to be sent, the oldest first, and how many there are.
    package func waitingDocuments(limit: Int = 50) throws(ReplicaError) -> (rows: [WaitingDocument], total: Int) {
        try inStore { () throws(StoreError) in
            // By what waits, which is little, and not by all documents.
            let waiting = "FROM changes INDEXED BY changes_waiting WHERE verdict<>1 AND verdict=0"
            let statement = try database.prepare(
                """
                SELECT id,kind,title,pending FROM documents WHERE number IN (SELECT document \(waiting))
                ORDER BY updated,number LIMIT ?1
                """
            ).bind(1, Int64(limit))
            defer { statement.reset() }
            var rows: [WaitingDocument] = []
            while try statement.step() {
                guard let id = statement.digest(0),
                    let kind = DocumentKind(rawValue: UInt8(truncatingIfNeeded: statement.integer(1)))
                else { continue }
                rows.append(
                    WaitingDocument(id: id, kind: kind, title: statement.text(2), changes: Int(statement.integer(3))))
            }
            let total = try database.integer("SELECT count(DISTINCT document) \(waiting)") ?? 0
            return (rows, Int(total))
        }
    }

    /// A person's change sets that the ward held or refused, the oldest first; without those that were corrected and
    /// sent again.
    package func problems(of device: DeviceID, limit: Int = 200) throws(ReplicaError) -> [OwnProblem] {
        let stored = try inStore { () throws(StoreError) in
            var found: [LogTables.Stored] = []
            for own in try personNumbers(device) {
                let statement = try database.prepare(
                    "SELECT sequence FROM changes WHERE device=?1 AND verdict<>1 AND verdict IN (2,3) ORDER BY sequence LIMIT ?2"
                ).bind(1, own).bind(2, Int64(limit))
                var sequences: [UInt64] = []
                while try statement.step() { sequences.append(UInt64(statement.integer(0))) }
                statement.reset()
                for sequence in sequences {
                    guard let item = try tables.change(device: own, sequence: sequence), item.code != .replaced,
                        try tables.meta(Replica.Key.reissued(item.change.id)) == nil
                    else { continue }
                    found.append(item)
                }
            }
            return found
        }
        return try stored.map { item throws(ReplicaError) in
            OwnProblem(
                stored: item, document: item.change.document,
                kind: UInt8(exactly: item.change.header.kind).flatMap(DocumentKind.init(rawValue:)),
                title: try title(of: item.change.document) ?? item.change.writtenTitle)
        }
    }

    /// The title that lists show for a document.
    package func title(of document: Digest) throws(ReplicaError) -> String? {
        try inStore { () throws(StoreError) in
            let statement = try database.prepare("SELECT title FROM documents WHERE id=?1").bind(1, document)
            defer { statement.reset() }
            guard try statement.step() else { return nil }
            let title = statement.text(0)
            return title.isEmpty ? nil : title
        }
    }
}

extension ChangeSet {
    /// The title that a creation writes; empty for anything else.
    fileprivate var writtenTitle: String {
        guard let kind = UInt8(exactly: header.kind).flatMap(DocumentKind.init(rawValue:)), let operations else {
            return ""
        }
        let field = kind == .lookup ? LookupField.code : kind == .task ? TaskField.title : ReportField.title
        var nextValue = 0
        for operation in operations where operation.takesValue {
            if operation == .set(Slot(field: field)), let value = values?.value(nextValue) {
                return (try? CBORValue(decoding: value))?.string ?? ""
            }
            nextValue += 1
        }
        return ""
    }
}
