// What one person's day holds, read from the device's store by its indexes.

import SyncKit

/// Everything that `ward today` says.
struct TodayFacts {
    /// Something that a person should look at.
    enum Notice {
        case conflict(DocumentRow)
        case claimLost(DocumentRow, holder: DeviceID)
        case sentBack(DocumentRow, reason: String)
        case notAccepted(OwnProblem)
        case question(DocumentRow, text: String)
        case answered(DocumentRow)
        case decided(OwnDecision)
        case grantEnds(Int64)
        case revoked
    }

    /// How far ahead a task counts as due soon, in seconds.
    static let soonSeconds: Int64 = 3 * 86_400
    /// How long an answer that came is told, in seconds.
    static let newsSeconds: Int64 = 7 * 86_400
    private static let mostRows = 200

    let device: DeviceID
    let role: Role
    let name: String
    let areas: [String]
    let now: Int64
    let lastSync: Int64?
    let skewSeconds: Int64
    let waiting: [(kind: DocumentKind, count: Int)]
    let notices: [Notice]
    let alerts: [Announcement]
    /// Tasks that the person holds or was assigned, the nearest first.
    private(set) var mine: [DocumentRow] = []
    /// Tasks that nobody holds and that are due soon, the nearest first.
    private(set) var free: [DocumentRow] = []
    /// How many of those there are; with it how many are unclaimed altogether.
    private(set) var freeSoon = 0
    /// Finished tasks that wait for a lead or an officer.
    private(set) var verify: [DocumentRow] = []
    private(set) var verifyCount = 0
    private(set) var team: TeamFacts?
    private(set) var reportCounts: [UInt8: Int] = [:]
    private(set) var openLookups = 0
    private(set) var ownReports: [DocumentRow] = []
    private(set) var ownLookups: [DocumentRow] = []

    /// - Parameter near: the area where the person is; its tasks come first.
    init(
        _ store: some LocalDocuments, device: DeviceID, grant: Grant?, ward: String, near: String? = nil, now: Int64
    ) throws(ReplicaError) {
        self.device = device
        self.now = now
        role = grant?.role ?? .resident
        name = grant?.name ?? ""
        areas = role == .admin || role == .auditor ? [ward] : grant?.areas ?? []
        lastSync = try store.lastSync()
        skewSeconds = try store.clockSkewSeconds()
        waiting = try store.waitingCounts(of: device)
        let own = role == .resident || role == .auditor ? [] : try store.ownTasks()
        notices = try Self.notices(store, device, own, grant, now: now)
        alerts = try store.activeAlerts(for: areas, now: now)
        // Near is where the person said, else where work was begun, else as the grant names its areas.
        let begun = own.filter { $0.listing.status == 2 && $0.listing.holder == device }.map(\.listing.area)
        let order = (near.map { [$0] } ?? []) + begun + areas
        mine = Self.nearFirst(
            own.filter { $0.listing.flags.contains(.own) && $0.listing.status < 3 }, order)
        if role == .volunteer || role == .lead { try readFree(store, order) }
        if role == .lead || role == .officer { try readVerify(store) }
        if role == .lead { team = try TeamFacts(store, areas: areas, now: now) }
        if role == .officer || role == .admin || role == .auditor {
            reportCounts = try store.stateCounts(.report)
            openLookups = try store.stateCounts(.lookup)[1] ?? 0
        }
        if role != .officer, role != .admin, role != .auditor {
            ownReports = try store.filed(
                by: device, .report, states: role == .resident ? [] : [1, 2, 3, 4, 5, 9, 12], limit: Self.mostRows)
            ownLookups = try store.filed(by: device, .lookup, limit: Self.mostRows)
        }
    }

    private mutating func readFree(_ store: some LocalDocuments, _ order: [String]) throws(ReplicaError) {
        let soon = now + Self.soonSeconds
        let rows = try store.tasks(in: [1], areFree: true, dueBefore: soon, limit: Self.mostRows)
        let own = Set(mine.map(\.id))
        free = Self.nearFirst(rows.filter { !own.contains($0.id) }, order)
        freeSoon = free.count
        if rows.count == Self.mostRows {
            freeSoon = try store.taskCount(in: [1], areFree: true, dueBefore: soon)
        }
    }

    private mutating func readVerify(_ store: some LocalDocuments) throws(ReplicaError) {
        verify = try store.tasks(in: [3], limit: Self.mostRows)
        verifyCount = verify.count < Self.mostRows ? verify.count : try store.taskCount(in: [3])
    }

    /// The rows of the first area of `order` before those of the next; inside of an area as they came.
    static func nearFirst(_ rows: [DocumentRow], _ order: [String]) -> [DocumentRow] {
        let ranked = rows.enumerated().map { place, row in
            (order.firstIndex { AreaCode.covers($0, row.listing.area) } ?? order.count, place, row)
        }
        return ranked.sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map(\.2)
    }

    // MARK: What needs the person

    private static func notices(
        _ store: some LocalDocuments, _ device: DeviceID, _ own: [DocumentRow], _ grant: Grant?, now: Int64
    ) throws(ReplicaError) -> [Notice] {
        var notices: [Notice] = []
        if try store.isRevoked() { notices.append(.revoked) }
        if let end = grant?.validUntil, end != 0, end - now < 14 * 86_400 { notices.append(.grantEnds(end)) }
        for row in own where row.listing.flags.contains(.lostClaim) {
            if let holder = row.listing.holder { notices.append(.claimLost(row, holder: holder)) }
        }
        for row in own where row.listing.flags.isSuperset(of: [.own, .sentBack]) && row.listing.status == 1 {
            notices.append(.sentBack(row, reason: try reason(store, row.id)))
        }
        notices += try store.problems(of: device, limit: mostRows).map(Notice.notAccepted)
        for row in try store.filed(by: device, .report, states: [5], limit: mostRows) {
            notices.append(.question(row, text: try question(store, row.id)))
        }
        notices += try store.filed(
            by: device, .lookup, states: [2, 3, 4, 5], since: now - newsSeconds, limit: mostRows
        ).map(Notice.answered)
        notices += try store.decisionsOnOwnWork(of: device, since: now - newsSeconds, limit: 20).map(Notice.decided)
        let told = Set(own.filter { $0.listing.flags.contains(.lostClaim) }.map(\.id))
        for row in try store.conflicted().prefix(mostRows) where !told.contains(row.id) {
            if try concerns(store, device, row) { notices.append(.conflict(row)) }
        }
        return notices
    }

    /// Whether the person has a part in a conflict: a side of it, the task, or the document itself.
    private static func concerns(_ store: some LocalDocuments, _ device: DeviceID, _ row: DocumentRow)
        throws(ReplicaError) -> Bool
    {
        if row.listing.flags.contains(.own) { return true }
        guard let state = try store.document(row.id)?.state else { return false }
        let own = try store.otherDevices().union([device])
        return own.contains(state.creation.device)
            || state.conflicts.contains { $0.entries.contains { own.contains($0.dot.device) } }
    }

    /// What the lead wrote when the task was sent back.
    private static func reason(_ store: some LocalDocuments, _ id: Digest) throws(ReplicaError) -> String {
        guard let state = try store.document(id)?.state else { return "" }
        let dot = state.present.dot
        let note = state.entries(TaskField.notes).last { $0.dot == dot }
        return note.flatMap { try? CBORValue(decoding: $0.value) }?.string ?? ""
    }

    private static func question(_ store: some LocalDocuments, _ id: Digest) throws(ReplicaError) -> String {
        let entry = try store.document(id)?.state.entries(ReportField.question).last
        return entry.flatMap { try? CBORValue(decoding: $0.value) }?.string ?? ""
    }
}
