// What waits for a decision, in one list: the only file of the console that knows where that comes from.
import SyncKit

/// One thing that somebody should look at.
struct ConsoleItem: Sendable {
    var row: BrowsedRow
    var conflict: Conflict
    /// Since when it stands open; seconds since 1970.
    var since: Int64
    /// Who is on its sides.
    var people: [(person: BrowsedPerson, device: DeviceID)]

    /// The higher, the sooner somebody should look: a value in dispute holds others up.
    var isSevere: Bool { conflict.isDisputed || conflict.kind != .values }
}

/// Reads what waits.
enum ConsoleInbox {
    /// Documents on one page.
    static let pageLength = 40
    /// Sides that a line names.
    static let mostPeople = 4

    /// A page of conflicts, the oldest first.
    static func conflicts(_ core: WardCore, page: Int) throws(StoreError) -> (items: [ConsoleItem], total: Int) {
        let total = try core.conflictCount()
        var items: [ConsoleItem] = []
        for row in try core.browseConflicts(offset: page * pageLength, limit: pageLength) {
            guard let state = try core.documentState(row.id) else { continue }
            for conflict in state.conflicts {
                let newest = conflict.entries.max { $0.position < $1.position }
                items.append(
                    ConsoleItem(
                        row: row, conflict: conflict, since: newest?.effective.seconds ?? row.updated,
                        people: conflict.entries.prefix(mostPeople).map {
                            (core.person($0.dot.device), $0.dot.device)
                        }))
            }
        }
        return (items, total)
    }
}
