// How much the ward keeps from a device that nobody has looked at yet.

/// What a resident's device may bring before somebody of the ward dealt with one of its documents
/// (`docs/limits.md`). It stays on the device, which sends it later.
package struct IntakeLimits: Sendable, Equatable {
    package var changeSets = 1000
    package var bytes = 2 * 1024 * 1024
    /// The most bytes of files together, whether they arrived or not.
    package var contentBytes = 32 * 1024 * 1024
    /// What the ward tells the device to wait.
    package var retrySeconds: UInt64 = 3600

    package init() {}
}

extension WardCore {
    /// What is kept of a resident's device.
    struct Intake {
        var changeSets: Int
        var bytes: Int
        /// Somebody of the ward took a step on one of its documents, so that there is no bound any more.
        var isVouchedFor = false
    }

    /// The device's change sets that the ward takes now: all of them, or as many as there is room for.
    package func withinIntake(_ changes: [ChangeSet], from device: DeviceID) throws(StoreError) -> Int {
        guard let limits = intakeLimits, grants[device]?.last?.grant.role == .resident else { return changes.count }
        let chain = try chain(device)
        var intake = try intake(device, chain.number)
        if intake.isVouchedFor { return changes.count }
        var taken = 0
        for change in changes {
            // What is there already costs nothing. The other branch of a fork is kept, and counted.
            let isNew =
                change.header.sequence > chain.head.sequence
                ? true : try tables.changeID(device: chain.number, sequence: change.header.sequence) != change.id
            if isNew {
                intake.changeSets += 1
                intake.bytes += change.encoded().count
                guard intake.changeSets <= limits.changeSets, intake.bytes <= limits.bytes else { break }
            }
            taken += 1
        }
        if taken < changes.count, try isVouchedFor(device, chain.number) {
            intakes[device]?.isVouchedFor = true
            return changes.count
        }
        return taken
    }

    /// Forgets what was counted, after something was received.
    func noteIntake(of device: DeviceID) {
        if intakes[device]?.isVouchedFor == false { intakes[device] = nil }
    }

    private func intake(_ device: DeviceID, _ number: Int64) throws(StoreError) -> Intake {
        if let known = intakes[device] { return known }
        let statement = try database.prepare(
            """
            SELECT count(*),coalesce(sum(length(body)),0) FROM (SELECT body FROM changes WHERE device=?1
            UNION ALL SELECT body FROM forks WHERE device=?1)
            """
        ).bind(1, number)
        defer { statement.reset() }
        guard try statement.step() else { return Intake(changeSets: 0, bytes: 0) }
        let found = Intake(changeSets: Int(statement.integer(0)), bytes: Int(statement.integer(1)))
        if intakes.count > 20_000 { intakes.removeAll() }
        intakes[device] = found
        return found
    }

    /// Whether somebody with a role in the ward changed a document that the device made.
    func isVouchedFor(_ device: DeviceID, _ number: Int64) throws(StoreError) -> Bool {
        let statement = try database.prepare(
            """
            SELECT DISTINCT v.key FROM changes c JOIN documents d ON d.number=c.document AND d.creator=c.device
            JOIN document_changes x ON x.document=d.number AND x.device<>c.device
            JOIN devices v ON v.number=x.device WHERE c.device=?1
            """
        ).bind(1, number)
        defer { statement.reset() }
        while try statement.step() {
            guard let other = statement.digest(0), let role = grants[DeviceID(other)]?.last?.grant.role else {
                continue
            }
            if role != .resident, role != .ward { return true }
        }
        return false
    }
}

extension WardService {
    /// What a device is in the ward; nil for one that the ward does not know.
    package func role(of device: DeviceID) -> Role? {
        withMemory { core in core.grants[device]?.last?.grant.role }
    }
}
