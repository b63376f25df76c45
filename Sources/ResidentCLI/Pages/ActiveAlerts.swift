// The alerts that are in force: the one place that the day's page asks.

import SyncKit

/// An alert that has not ended.
struct ActiveAlert {
    let id: Digest
    let title: String
    let until: Int64?
    let level: Int64?

    /// The alerts in force at a moment, the highest level first; in these areas and ward-wide, or all.
    static func all(_ store: some LocalDocuments, areas: [String], now: Int64) throws(ReplicaError) -> [ActiveAlert] {
        var alerts: [ActiveAlert] = []
        for row in try store.list(.alert) {
            guard let state = try store.document(row.id)?.state else { continue }
            let until = state.value(AlertField.validUntil)?.integer
            if let until, until < now { continue }
            if let area = state.text(AlertField.area), !areas.isEmpty,
                !AreaCode.anyCovers(areas, [area]), !AreaCode.anyCovers([area], areas)
            {
                continue
            }
            alerts.append(
                ActiveAlert(
                    id: row.id, title: row.listing.title, until: until, level: state.value(AlertField.level)?.integer))
        }
        return alerts.sorted { ($0.level ?? 0, $1.id) > ($1.level ?? 0, $0.id) }
    }
}
