// Which orders about a device make sense as it stands: what its page offers, and what items of the inbox lead to.
import SyncKit

/// What of orders that a device has to sign the console prepares.
enum DeviceOrders {
    static func possible(_ device: BrowsedDevice) -> [OrderAction] {
        // The ward's own device is nobody's to decide about.
        guard device.grant.role != .ward, device.revokedAfter == nil else { return [] }
        // The console itself has no end that could be put off.
        return device.grant.isConsole ? [.revoke] : [.revoke, .extend]
    }

    static func word(_ action: OrderAction) -> ConsoleWord {
        action == .extend ? .prepareExtend : .prepareRevoke
    }
}
