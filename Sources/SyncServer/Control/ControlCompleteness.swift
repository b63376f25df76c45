// The completeness ledger on the socket.
import SyncKit

extension ControlTable {
    /// `completeness`
    func completeness(limit: Int) throws(ControlFailure) -> CBORValue {
        let ledger = try inCore { core throws(StoreError) in try core.completeness(limit: limit) }
        let missing = ledger.missing.map { item in
            CBORValue.object([
                "document": .text(item.document.hex), "short_id": .text(ShortID.text(item.document)),
                "kind": .text(item.kind.name), "title": .text(item.title), "file": .text(item.file.hex),
                "bytes": .count(item.length), "leaves": .count(item.leaves), "held_leaves": .count(item.heldLeaves),
                "device": .text(item.device.digest.hex), "name": .text(item.name),
                "since": .text(LocalTime(seconds: item.since).iso8601),
                "device_seen": item.seen.map { .text(LocalTime(seconds: $0).iso8601) } ?? .null,
                "held_back": .bool(item.isHeldBack),
            ])
        }
        return .object([
            "complete": .bool(ledger.isComplete), "permille": .count(ledger.permille),
            "files": .count(ledger.files), "complete_files": .count(ledger.completeFiles),
            "documents": .count(ledger.documents), "complete_documents": .count(ledger.completeDocuments),
            "bytes": CBORValue(ledger.bytes), "missing_count": .count(ledger.missingCount),
            "held_back_files": .count(ledger.heldBack),
            "missing": .array(missing),
        ])
    }
}
