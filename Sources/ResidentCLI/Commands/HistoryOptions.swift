// Histories that a device does not hold: asked for with a sync, or let go to get room.

import CommandLineKit
import SyncKit

extension CommandRun {
    /// How many documents a sync compacts beside everything else: nobody waits for it.
    private static let compactedBySync = 200

    /// The document whose history the person wants; noted, so that the sync asks for it.
    func wantedHistory(_ replica: Replica) throws(ErrorReport) -> Digest? {
        guard let given = parsed.option("history") else { return nil }
        let view = try document(replica, nil, given)
        if view.isHistoryCompacted {
            try attempt { () throws(ReplicaError) in try replica.askForHistory(of: view.id) }
        }
        return view.id
    }

    func tell(history id: Digest?, _ replica: Replica) throws(ErrorReport) {
        guard let id else { return }
        let view = try attempt { () throws(ReplicaError) in try replica.document(id) }
        let isWhole = view.map { !$0.isHistoryCompacted } ?? false
        terminal.print((isWhole ? HistorySay.fetched : .notFetched).message, ShortID.text(id))
    }

    /// Lets old histories go after a sync, a few at a time.
    func compactAfterSync(_ replica: Replica) throws(ErrorReport) {
        try attempt { () throws(ReplicaError) in try replica.compactOnceADay(limit: Self.compactedBySync) }
    }

    /// Lets all go that may.
    /// - Returns: how many documents were compacted, and how many change sets went.
    func compact(_ replica: Replica) throws(ErrorReport) -> (documents: Int, changes: Int) {
        var all = (documents: 0, changes: 0)
        while true {
            let done = try attempt { () throws(ReplicaError) in try replica.compact(limit: 1000) }
            all.documents += done.documents
            all.changes += done.changes
            if done.documents == 0 { break }
        }
        if all.documents > 0 {
            try attempt { () throws(ReplicaError) in try replica.shrink() }
        }
        return all
    }
}
