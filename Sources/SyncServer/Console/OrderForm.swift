// An order about a device, read from a form: every field bounded and checked before anything is made of it.
import CommandLineKit
import SyncKit

/// Why a form says no order, in words for the person who sent it.
struct OrderFormProblem: Error {
    let word: DeviceOrderWord
    var arguments: [String] = []
}

/// Reads the forms of a device's page.
struct OrderForm {
    let form: FormFields
    let orders: DeviceOrders
    /// The ward's area.
    let ward: String
    let now: Int64

    private static let mostAreas = 64

    /// - Parameter action: one of those that are possible.
    func order(_ action: OrderAction, reason: String) throws(OrderFormProblem) -> Order {
        var order = Order(action, orders.device.grant.device, reason: reason)
        switch action {
        case .revoke: order.cut = orders.device.lastSequence
        case .extend: order.until = try end()
        case .grant:
            let role = try role()
            order.role = role
            order.areas = role == .resident ? [] : try areas()
            order.until = form.isBlank("until") ? 0 : try end()
            order.name = role == .resident ? nil : try name()
        case .succeed:
            guard let new = form["successor"].flatMap({ Digest(hex: $0) }).map({ DeviceID($0) }),
                orders.successors.contains(where: { $0.statement.new == new })
            else { throw OrderFormProblem(word: .needsSuccessor) }
            order.successor = new
        case .release, .decline, .erase: throw OrderFormProblem(word: .orderNotNow)
        }
        return order
    }

    /// The end of a day that is still to come.
    private func end() throws(OrderFormProblem) -> Int64 {
        guard let date = form.text("until", max: 20).flatMap(CivilDate.parse),
            date.startSeconds() + 86_399 > now
        else { throw OrderFormProblem(word: .needsEnd) }
        return date.startSeconds() + 86_399
    }

    private func role() throws(OrderFormProblem) -> Role {
        guard let role = form["role"].flatMap({ Role(name: $0) }), DeviceOrders.roles.contains(role) else {
            throw OrderFormProblem(word: .needsRole)
        }
        return role
    }

    private func areas() throws(OrderFormProblem) -> [String] {
        let longest = Self.mostAreas * (AreaCode.maxLength + 2)
        let typed = form.text("areas", max: longest) ?? ""
        var areas: [String] = []
        for part in typed.split(whereSeparator: { $0 == "," || $0 == ";" || $0.isWhitespace }) {
            if !areas.contains(String(part)) { areas.append(String(part)) }
        }
        guard (1...Self.mostAreas).contains(areas.count),
            areas.allSatisfy({ AreaCode.isValid($0) && AreaCode.covers(ward, $0) })
        else { throw OrderFormProblem(word: .needsAreas, arguments: [String(Self.mostAreas), ward]) }
        return areas
    }

    /// Nil where the device keeps the name that it has.
    private func name() throws(OrderFormProblem) -> String? {
        if form.isBlank("name"), !HTMLText.isBlank(orders.device.grant.name) { return nil }
        guard let name = form.text("name", max: Grant.maxNameLength), !HTMLText.isBlank(name),
            !name.utf8.contains(where: { $0 < 0x20 }), !ConsoleName.isReadFrom(name)
        else { throw OrderFormProblem(word: .badName) }
        return name
    }
}
