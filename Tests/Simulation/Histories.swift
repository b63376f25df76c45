// What devices do with the histories of documents: let them go, and fetch them again.

import SyncKit

extension Schedule {
    /// A device lets histories go, or its person asks for one.
    func tendHistories(_ device: SimulatedDevice) throws {
        if chance.oneIn(2) {
            let done = try device.replica.compact(rested: 0, limit: chance.within(1...8))
            if done.documents > 0 { count(.historyCompacted) }
            trace("\(device.name) lets the histories of \(done.documents) documents go")
        } else {
            let documents = try device.visible()
            guard let id = chance.pick(documents) else { return }
            count(.historyAsked)
            trace("\(device.name) asks for the history of \(id.hex.prefix(8))")
            try device.replica.askForHistory(of: id)
        }
    }

    /// How many documents a device holds as states.
    func stateCount(_ device: SimulatedDevice) throws -> Int {
        Int(try device.replica.database.integer("SELECT count(*) FROM bases") ?? 0)
    }

    /// Whether a device holds states of what is in no backup.
    func holdsUnbackedStates(_ device: SimulatedDevice) throws -> Bool {
        let backedUp = server.service.withCore { core in core.backedUp }
        let newest = try device.replica.database.integer("SELECT max(as_of) FROM bases") ?? 0
        return Position(rawValue: UInt64(bitPattern: newest)) > backedUp
    }
}
