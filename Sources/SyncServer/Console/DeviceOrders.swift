// Which orders about a device make sense as it stands: what its page offers, and what items of the inbox lead to.
import CommandLineKit
import SyncKit

/// The orders that the console prepares for a device to sign.
struct DeviceOrders: Sendable {
    let device: BrowsedDevice
    /// Devices that stated that they go on as this one, and wait for somebody's word.
    let successors: [WaitingSuccession]

    /// Roles that an order can grant.
    static let roles: [Role] = [.resident, .volunteer, .lead, .officer, .admin, .auditor]

    /// Nil for a device that the ward does not know.
    init?(_ core: WardCore, _ id: DeviceID) throws(StoreError) {
        guard let device = try core.browseDevice(id) else { return nil }
        self.device = device
        successors = try core.waitingSuccessions().filter { $0.statement.old == id }
    }

    /// What fits the device as it stands.
    var possible: [OrderAction] {
        // The ward's own device is nobody's to decide about.
        guard device.grant.role != .ward else { return [] }
        let isRevoked = device.revokedAfter != nil
        // The console itself has no end that could be put off, and no name but its own.
        if device.grant.isConsole { return isRevoked ? [] : [.revoke] }
        return (isRevoked ? [.grant] : [.revoke, .extend, .grant]) + (successors.isEmpty ? [] : [.succeed])
    }

    /// The page of a device, where its orders are.
    /// - Parameter area: what a grant should name beside what it names now.
    static func page(_ device: DeviceID, adding area: String?) -> PagePath {
        PagePath("/console/device", ["id": device.description, "area": area], fragment: "orders")
    }

    static func word(_ action: OrderAction) -> DeviceOrderWord {
        switch action {
        case .extend: .prepareExtend
        case .grant: .prepareGrant
        case .succeed: .prepareSucceed
        default: .prepareRevoke
        }
    }

    /// The areas that a change set names and the device's grant does not reach, within the ward: what a wider grant
    /// would have to name.
    func lacking(_ areas: [String], ward: String) -> [String] {
        AreaCode.beyond(device.grant.areas, areas, ward: ward)
    }
}
