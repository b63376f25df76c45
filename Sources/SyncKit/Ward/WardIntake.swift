// How much the ward keeps from a device that nobody has looked at yet.

/// What the ward keeps of a resident's device: much once somebody of the ward dealt with one of its documents, and
/// little before (`docs/limits.md`). The rest stays on the device, which sends it later.
package struct IntakeLimits: Sendable, Equatable {
    package var changeSets = 1000
    package var bytes = 2 * 1024 * 1024
    /// The most bytes of files together, whether they arrived or not.
    package var contentBytes = 32 * 1024 * 1024
    /// The same of a device that was vouched for: more than a resident writes in years.
    package var knownChangeSets = 20_000
    package var knownBytes = 64 * 1024 * 1024
    package var knownContentBytes = 1024 * 1024 * 1024
    /// What the ward tells the device to wait.
    package var retrySeconds: UInt64 = 3600

    package init() {}

    fileprivate func holds(_ intake: WardCore.Intake, isKnown: Bool) -> Bool {
        intake.changeSets <= (isKnown ? knownChangeSets : changeSets) && intake.bytes <= (isKnown ? knownBytes : bytes)
    }

    func holds(contentBytes sum: Int64, isKnown: Bool) -> Bool {
        sum <= Int64(isKnown ? knownContentBytes : contentBytes)
    }
}

/// What a device brings, by how much of the disk has to be free for it.
package enum IntakePart: Sendable {
    case changeSets
    case files
}

extension WardCore {
    /// What is kept of a resident's device.
    struct Intake {
        var changeSets: Int
        var bytes: Int
    }

    /// The device's change sets that the ward takes now: all of them, or as many as there is room for.
    package func withinIntake(_ changes: [ChangeSet], from device: DeviceID) throws(StoreError) -> Int {
        guard let limits = intakeLimits, grants[device]?.last?.grant.role == .resident else { return changes.count }
        let chain = try chain(device)
        var intake = try intake(device, chain.number)
        let hasRoom = hasRoomForUnknown(.changeSets)
        var isKnown: Bool?
        var taken = 0
        for change in changes {
            // What is there already costs nothing. The other branch of a fork is kept, and counted.
            let isNew =
                change.header.sequence > chain.head.sequence
                ? true : try tables.changeID(device: chain.number, sequence: change.header.sequence) != change.id
            if isNew {
                intake.changeSets += 1
                intake.bytes += change.encoded().count
                if !hasRoom || !limits.holds(intake, isKnown: false) {
                    if isKnown == nil { isKnown = try isVouchedFor(device, chain.number) }
                    guard isKnown == true, limits.holds(intake, isKnown: true) else { break }
                }
            }
            taken += 1
        }
        return taken
    }

    /// Forgets what was counted, after something was received.
    func noteIntake(of device: DeviceID) { intakes[device] = nil }

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

    /// Whether somebody with a role in the ward dealt with a document that the device made as with what is one: a remark
    /// is no more than a look, and what was rejected or is a duplicate vouches for nobody.
    func isVouchedFor(_ device: DeviceID, _ number: Int64) throws(StoreError) -> Bool {
        let statement = try database.prepare(
            """
            SELECT DISTINCT v.key,x.sequence,d.number FROM changes c JOIN documents d ON d.number=c.document
            AND d.creator=c.device JOIN document_changes x ON x.document=d.number AND x.device<>c.device
            JOIN devices v ON v.number=x.device WHERE c.device=?1
            """
        ).bind(1, number)
        defer { statement.reset() }
        var turnedDown: [Int64: Bool] = [:]
        while try statement.step() {
            guard let other = statement.digest(0), let role = grants[DeviceID(other)]?.last?.grant.role,
                role != .resident, role != .ward
            else { continue }
            let (dot, document) = (
                Dot(device: DeviceID(other), sequence: UInt64(bitPattern: statement.integer(1))), statement.integer(2)
            )
            if turnedDown[document] == nil { turnedDown[document] = try isTurnedDown(document) }
            // Mostly the first one says so.
            if turnedDown[document] == false, try !isRemark(dot) { return true }
        }
        return false
    }

    private func isTurnedDown(_ number: Int64) throws(StoreError) -> Bool {
        guard let document = documentsByNumber[number], document.kind == .report, let state = try peek(document) else {
            return false
        }
        return [.rejected, .duplicate].contains(ReportStateNumber(rawValue: state.present.state))
    }

    private func isRemark(_ dot: Dot) throws(StoreError) -> Bool {
        guard let number = try tables.knownDeviceNumber(dot.device),
            let change = try tables.change(device: number, sequence: dot.sequence)?.change
        else { return false }
        return change.operations?.allSatisfy { operation in
            guard case .resolve(let slot, _) = operation else { return false }
            return slot.field == Schema.stateField
        } ?? false
    }
}

extension WardService {
    /// What a device is in the ward; nil for one that the ward does not know.
    package func role(of device: DeviceID) -> Role? {
        withMemory { core in core.grants[device]?.last?.grant.role }
    }
}
