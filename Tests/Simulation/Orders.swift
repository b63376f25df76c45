// Orders: what admins decide on their own devices, what must come of it, and what they are told of what is held.

import SyncKit

extension Schedule {
    /// Two admins in many schedules: otherwise there is rarely one.
    func addAdmins() throws {
        guard chance.oneIn(2) else { return }
        for _ in 0..<2 { try addDevice(role: .admin, areas: [SimulatedServer.area]) }
    }

    /// Something that an admin decides, by what the device knows.
    func orderIntent(_ device: SimulatedDevice) throws -> Intent? {
        let kind = chance.weighted([
            (2, OrderAction.revoke), (4, .grant), (3, .extend), (6, .release), (2, .decline), (6, .erase),
        ])
        guard let kind else { return nil }
        if kind.namesChange { return try changeIntent(kind, device) }
        guard let target = chance.pick(Array(devices.dropFirst())), let known = model.grants[target.id] else {
            return nil
        }
        var order = Order(kind, target.id, reason: words())
        switch kind {
        case .revoke: if chance.oneIn(3) { order.cut = UInt64(chance.below(8)) }
        case .grant:
            order.role = chance.pick([Role.resident, .volunteer, .lead, .officer, .auditor]) ?? .volunteer
            order.areas = order.role == .resident ? [] : someAreas(order.role ?? .volunteer)
            order.until = chance.oneIn(3) ? server.clock.nowSeconds() + Int64(chance.below(50_000)) : 0
        default:
            let isLong = known.validUntil != 0 && chance.oneIn(2)
            order.until = isLong ? server.clock.nowSeconds() + 1 << 40 : 0
        }
        return Intent(order.draft, Self.event(kind))
    }

    private func changeIntent(_ kind: OrderAction, _ device: SimulatedDevice) throws -> Intent? {
        var change: ChangeSet?
        if kind == .erase {
            guard let view = try shown(device, [.report, .task]) else { return nil }
            change = chance.pick(view.history.filter { $0.verdict == .accepted && Self.isText($0.change) })?.change
        } else {
            change = chance.pick(try device.replica.quarantine())?.change
        }
        guard let change else { return nil }
        return Intent(Order(kind, change.dot, id: change.id, reason: words()).draft, Self.event(kind))
    }

    /// Whether a change set writes nothing but texts that no view of the ward repeats.
    private static func isText(_ change: ChangeSet) -> Bool {
        guard let kind = UInt8(exactly: change.header.kind).flatMap(DocumentKind.init(rawValue:)),
            let operations = change.operations, !change.isCreation
        else { return false }
        return operations.allSatisfy { operation in
            guard let spec = Schema.field(kind, operation.slot.field), case .text = spec.type else { return false }
            if kind == .report, [ReportField.publicTitle, ReportField.publicText].contains(spec.code) { return false }
            switch operation {
            case .set, .append: return true
            default: return false
            }
        }
    }

    private static func event(_ action: OrderAction) -> Event {
        switch action {
        case .revoke: .orderRevoke
        case .grant, .succeed: .orderGrant
        case .extend: .orderExtend
        case .release: .orderRelease
        case .decline: .orderDecline
        case .erase: .orderErase
        }
    }

    /// Two admins revoke each other without knowing of it.
    func mutualRevocation() throws {
        let admins = devices.filter {
            model.grants[$0.id]?.role == .admin && model.grants[$0.id]?.revokedAfter == nil
        }
        guard admins.count > 1, let first = chance.pick(admins),
            let second = chance.pick(admins.filter { $0.id != first.id })
        else { return }
        var given = 0
        for (giver, target) in [(first, second), (second, first)] {
            let intent = Intent(Order(.revoke, target.id, reason: words()).draft, .orderRevoke)
            if try commit(intent, giver) { given += 1 }
        }
        if given == 2 { count(.mutualRevocation) }
    }

    // MARK: What comes of them

    /// What the log says since the last time, for the model: which orders were accepted, in their order.
    func noteOrders() throws {
        let from = ordersRead
        let leaves = try server.service.withCore { (core: WardCore) throws(StoreError) in try core.leaves(after: from) }
        for leaf in leaves {
            ordersRead += 1
            guard let record = try? LogRecord(decoding: leaf), record.entry.isAcceptance,
                let dot = record.entry.decided?.dot, let act = model.acts[dot], act.kind == .order
            else { continue }
            model.carryOut(OrderedThing(act))
        }
    }

    /// Every accepted order was carried out or refused, once; what was erased is gone everywhere.
    func checkOrders(_ states: [Digest: DocumentState], _ log: LogFindings) throws {
        let own = log.accepted.filter { server.ownDevices.contains($0.device) }
        let changes = try server.service.withCore { (core: WardCore) throws(StoreError) in try core.changes(own) }
        var said: [Digest: Int] = [:]
        for change in changes where change.header.kind == UInt64(DocumentKind.order.rawValue) {
            said[change.document, default: 0] += 1
        }
        for (id, state) in states.sorted(by: { $0.key < $1.key }) where state.kind == .order {
            let status = state.text(OrderField.status).flatMap(OrderStatus.init(rawValue:))
            guard let status else { throw fail("order \(id.hex.prefix(8)) was accepted and nothing came of it") }
            try require(said[id] == 1, "order \(id.hex.prefix(8)) was carried out \(said[id] ?? 0) times")
            count(status == .done ? .orderDone : .orderRefused)
        }
        for device in devices { try checkErased(device, log) }
    }

    private func checkErased(_ device: SimulatedDevice, _ log: LogFindings) throws {
        for (dot, id) in log.erased {
            guard let number = try device.replica.tables.knownDeviceNumber(dot.device),
                let stored = try device.replica.tables.change(device: number, sequence: dot.sequence),
                stored.change.id == id
            else { continue }
            try require(stored.change.isErased, "\(device.name) still has what \(name(dot)) said and was erased")
        }
    }

    /// Those who look after the ward know what is held, and who may do what; nobody else does.
    func checkOversight(_ device: SimulatedDevice) throws {
        let grant = model.grants[device.id]
        let isAdmin = grant?.role == .admin || grant?.role == .auditor
        let isChief = grant?.role == .officer && grant?.areas.contains(SimulatedServer.area) == true
        let known = Set(try device.replica.quarantine(limit: 100_000).map(\.change.id))
        guard grant?.revokedAfter == nil, isAdmin || isChief else {
            return try require(known.isEmpty, "\(device.name) knows what is held and may not")
        }
        let held = try server.service.withCore { (core: WardCore) throws(StoreError) in try core.held().map(\.change) }
        let others = Set(held.filter { $0.header.device != device.id }.map(\.id))
        try require(
            known == others, "\(device.name) knows \(known.count) that are held of others, and \(others.count) are")
        if !known.isEmpty { count(.heldSeen) }
        guard isAdmin else { return }
        for item in try device.replica.overseenGrants() {
            guard let said = model.grants[item.grant.device] else { continue }
            try require(
                said.role == item.grant.role && (said.revokedAfter == nil) == (item.revokedAfter == nil),
                "\(device.name) takes \(item.grant.name) for \(item.grant.role)")
        }
    }
}

/// An order as its giver meant it.
struct OrderedThing {
    let action: OrderAction?
    let device: DeviceID?
    let role: Role?
    let areas: [String]
    let until: Int64

    init(_ act: Act) {
        var values: [UInt8: CBORValue] = [:]
        var areas: [String] = []
        for deed in act.deeds {
            switch deed {
            case .write(let slot, let value, _): values[slot.field] = try? CBORValue(decoding: value)
            case .add(_, let value): if let area = (try? CBORValue(decoding: value))?.string { areas.append(area) }
            default: continue
            }
        }
        action = values[OrderField.action]?.string.flatMap(OrderAction.init(rawValue:))
        if case .bytes(let bytes)? = values[OrderField.device] {
            device = Digest(bytes).map { DeviceID($0) }
        } else {
            device = nil
        }
        role = values[OrderField.role]?.string.flatMap { Role(name: $0) }
        self.areas = areas
        until = values[OrderField.until]?.integer ?? 0
    }
}

extension Model {
    /// What an accepted order makes of the grants.
    mutating func carryOut(_ order: OrderedThing) {
        guard let device = order.device, let present = grants[device] else { return }
        switch order.action {
        case .revoke: if present.revokedAfter == nil { revoke(device, after: 0) }
        case .grant:
            grant(device, role: order.role ?? present.role, areas: order.areas, validUntil: order.until)
        case .extend:
            if present.revokedAfter == nil {
                grant(device, role: present.role, areas: present.areas, validUntil: order.until)
            }
        case .release, .decline, .erase, .succeed, nil: return
        }
    }
}
