// Orders as a device knows them: who decided what, why, and what the ward made of it.

/// An order on this device.
package struct GivenOrder: Sendable, Hashable {
    /// The order's document.
    package let id: Digest
    package let order: Order
    /// Who gave it.
    package let giver: DeviceID
    /// When, in seconds since 1970: the effective time, or the author's while it waits for a receipt.
    package let at: Int64
    /// Whether the ward accepted it; before that it is only what this device means to do.
    package let isAccepted: Bool
    /// What the ward made of it; `nil` while it waits.
    package let status: OrderStatus?
    /// When the ward said so, in seconds since 1970: an order may have waited for what it names.
    package let settled: Int64?
    /// Why it was not carried out: an `OrderProblem`, or `rule_` and a refusal code.
    package let why: String?
    /// The entry of the log that the ward wrote for it.
    package let entry: Position?

    init?(_ view: DocumentView) {
        guard let order = Order(view.state), let first = view.state.shown(OrderField.action) else { return nil }
        id = view.id
        self.order = order
        giver = view.state.creation.device
        at = first.effective.seconds
        isAccepted = view.accepted != nil
        status = view.accepted?.text(OrderField.status).flatMap(OrderStatus.init(rawValue:))
        settled = status == nil ? nil : view.accepted?.shown(OrderField.status)?.effective.seconds
        why = view.accepted?.text(OrderField.why)
        if case .unsigned(let raw)? = view.accepted?.value(OrderField.entry) {
            entry = Position(rawValue: raw)
        } else {
            entry = nil
        }
    }
}

extension LocalDocuments {
    /// The orders that this device knows, the newest first.
    package func orders(limit: Int = 200) throws(ReplicaError) -> [GivenOrder] {
        var found: [GivenOrder] = []
        for row in try list(.order, limit: limit) {
            if let view = try view(row.number, row.id), let order = GivenOrder(view) { found.append(order) }
        }
        return found
    }

    /// The orders about a device, the newest first; among them those on its change sets.
    package func orders(about device: DeviceID, limit: Int = 200) throws(ReplicaError) -> [GivenOrder] {
        try orders(limit: 10_000).filter { $0.order.device == device }.prefix(limit).map { $0 }
    }

    /// The orders that name a change set, the newest first: why it was released, declined or erased.
    package func orders(on change: Digest) throws(ReplicaError) -> [GivenOrder] {
        try orders(limit: 10_000).filter { $0.order.id == change }
    }
}
