// What an order says: read from its document, and written as the draft that gives it.

/// An order (`docs/data-model.md`, "Orders"): who of the ward decided what, about which device or change set, and why.
package struct Order: Sendable, Hashable {
    package var action: OrderAction
    /// The device that it is about; for a change set its author.
    package var device: DeviceID
    /// Said to everybody whom it concerns; never empty.
    package var reason: String
    /// The sequence and the id of the change set that it names.
    package var sequence: UInt64?
    package var id: Digest?
    /// What a device may be from now on.
    package var role: Role?
    package var areas: [String] = []
    /// Until when a grant is valid: seconds since 1970, 0 for no end.
    package var until: Int64?
    package var name: String?
    /// The last sequence that counts; `nil`: what the ward has received when it carries the order out.
    package var cut: UInt64?
    package var successor: DeviceID?
    package var sealingKey: Digest?

    /// As many as a grant holds.
    private static let mostAreas = 64

    package init(_ action: OrderAction, _ device: DeviceID, reason: String) {
        self.action = action
        self.device = device
        self.reason = reason
    }

    /// An order on one change set.
    package init(_ action: OrderAction, _ dot: Dot, id: Digest, reason: String) {
        self.init(action, dot.device, reason: reason)
        sequence = dot.sequence
        self.id = id
    }

    /// The change set that it names.
    package var dot: Dot? { sequence.map { Dot(device: device, sequence: $0) } }

    /// The change set that gives the order.
    package var draft: ChangeSetDraft {
        var draft = ChangeSetDraft(kind: .order)
        func set(_ field: UInt8, _ value: CBORValue?) {
            if let value { draft.perform(.set(Slot(field: field)), value) }
        }
        set(OrderField.action, .text(action.rawValue))
        set(OrderField.device, .bytes(device.digest.bytes))
        set(OrderField.sequence, sequence.map { .unsigned($0) })
        set(OrderField.id, id.map { .bytes($0.bytes) })
        set(OrderField.role, role.map { .text($0.name) })
        for area in areas { draft.perform(.add(Slot(field: OrderField.areas)), .text(area)) }
        set(OrderField.cut, cut.map { .unsigned($0) })
        set(OrderField.until, until.map { CBORValue($0) })
        set(OrderField.reason, .text(reason))
        set(OrderField.name, name.map { .text($0) })
        set(OrderField.successor, successor.map { .bytes($0.digest.bytes) })
        set(OrderField.sealingKey, sealingKey.map { .bytes($0.bytes) })
        return draft
    }

    /// Reads an order; `nil` where it does not say what its action needs.
    package init?(_ state: DocumentState) {
        guard state.kind == .order, let action = state.text(OrderField.action).flatMap(OrderAction.init(rawValue:)),
            let device = state.digest(OrderField.device), let reason = state.text(OrderField.reason), !reason.isEmpty
        else { return nil }
        self.init(action, DeviceID(device), reason: reason)
        sequence = Self.number(state, OrderField.sequence)
        id = state.digest(OrderField.id)
        role = state.text(OrderField.role).flatMap { Role(name: $0) }
        areas = state.entries(OrderField.areas).compactMap { (try? CBORValue(decoding: $0.value))?.string }
        areas.sort { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
        cut = Self.number(state, OrderField.cut)
        until = state.value(OrderField.until)?.integer
        name = state.text(OrderField.name)
        successor = state.digest(OrderField.successor).map { DeviceID($0) }
        sealingKey = state.digest(OrderField.sealingKey)
        guard isComplete, (state.shown(OrderField.role) != nil) == (role != nil), until ?? 0 >= 0 else { return nil }
    }

    private static func number(_ state: DocumentState, _ field: UInt8) -> UInt64? {
        guard case .unsigned(let value)? = state.value(field), value < 1 << 48 else { return nil }
        return value
    }

    /// Whether it says all that its action needs.
    private var isComplete: Bool {
        switch action {
        case .release, .decline, .erase: sequence ?? 0 > 0 && id != nil
        case .grant:
            role != nil && role != .ward && areas.count <= Self.mostAreas
                && !(name.map { ConsoleName.isReadFrom($0) } ?? false)
        case .extend: until != nil
        case .succeed: successor != nil && successor != device
        case .revoke: true
        }
    }
}

extension Decider {
    /// Why the actor may not give this order: its role, or what it leaves unsaid. `nil` if it may.
    func refusalOfOrder() -> RefusalCode? {
        guard
            let first = AcceptedChange(
                change, position: Position(epoch: 0, index: 1), effective: change.header.authorTime, outcomes: []),
            let state = DocumentState.folding([first], id: change.document, creation: change.dot),
            let name = state.text(OrderField.action)
        else { return .wrongValue }
        guard let action = OrderAction(rawValue: name) else { return .newerSchema }
        if let code = Permission.refusalToOrder(actor, action) { return code }
        return Order(state) == nil ? .wrongValue : nil
    }
}
