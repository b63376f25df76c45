// What an operator decides from the server's own machine: orders of the ward's own device, marked as its word.
import SyncKit

extension ControlTable {
    /// What stands as the reason where the operator named none.
    static let operatorsReason = "Người vận hành máy chủ quyết định."

    func revoke(_ digits: String, _ after: UInt64?, _ reason: String?) throws(ControlFailure) -> CBORValue {
        let device = try device(digits)
        guard device != descriptor.device else { throw ControlFailure(.ownDevice) }
        var order = Order(.revoke, device, reason: reason ?? Self.operatorsReason)
        order.cut = after
        let ready = order
        let last = try inCore { core throws(StoreError) in
            _ = try core.order(ready)
            return core.cut(of: device) ?? 0
        }
        return .object(["device": .text(device.description), "revoked_after": .unsigned(last)])
    }

    func decide(_ action: OrderAction, _ dot: ControlDot, _ reason: String?) throws(ControlFailure) -> CBORValue {
        let device = try device(dot.device)
        let named = Dot(device: device, sequence: dot.sequence)
        let reason = reason ?? Self.operatorsReason
        let given = try inCore { core throws(StoreError) -> GivenByWard? in
            guard let id = try core.undecided(named, declining: action == .decline) else { return nil }
            return try core.order(Order(action, named, id: id, reason: reason))
        }
        guard let given else { throw ControlFailure(.notHeld) }
        guard given.status == .done else { throw ControlFailure(.notReleasable, given.why ?? "") }
        return .object([action == .release ? "released" : "declined": .text("\(device):\(dot.sequence)")])
    }
}
