// One device: what it may do, when it was there, what would be lost with it, and what an admin can prepare.
import CommandLineKit
import SyncKit

struct DevicePage {
    let console: Console
    let context: ConsoleContext
    private var layout: ConsoleLayout { ConsoleLayout(context: context) }
    private static let newest = 30
    /// Areas that an address can ask to add to a grant.
    private static let mostAdded = 1

    init(_ console: Console, _ context: ConsoleContext) {
        self.console = console
        self.context = context
    }

    func page(_ query: FormFields) throws(StoreError) -> HTTPResponse? {
        guard let id = query["id"].flatMap({ Digest(hex: $0) }).map({ DeviceID($0) }) else { return nil }
        let found = try console.service.withCore {
            core throws(StoreError) -> (
                orders: DeviceOrders, changes: [BrowsedChange]
            )? in
            guard let orders = try DeviceOrders(core, id) else { return nil }
            var changes: [BrowsedChange] = []
            for stored in try core.actions(of: id, before: nil, limit: Self.newest) {
                changes.append(try core.browsed(stored))
            }
            return (orders, changes)
        }
        guard let found else { return nil }
        let device = found.orders.device
        let facts = DeviceFacts(context: context, device: device)
        let added = found.orders.lacking(query.all("area").prefix(Self.mostAdded).map { $0 }, ward: console.ward.area)
        return layout.page(context.person(facts.person, id), section: .devices) { html in
            write(device, facts, &html)
            DeviceOrderForms(context: context, orders: found.orders, added: added).write(&html)
            html.tag("h2", text: context.say(.newestChanges))
            guard !found.changes.isEmpty else {
                html.tag("p", .style("card"), text: context.say(.nothingFound))
                return
            }
            ChangeTable(context: context).write(
                context.say(.newestChanges), found.changes, people: [:], isTitled: true, &html)
        }
    }

    private func write(_ device: BrowsedDevice, _ facts: DeviceFacts, _ html: inout HTML) {
        html.tag("p", .style("lead")) { html in
            html.text(context.role(device.grant.role))
            if facts.person.isConsole { layout.badge(context.say(.consoleDevice), "badge plain", &html) }
            if let after = device.revokedAfter {
                layout.badge(context.say(.revokedAfter, String(after)), "badge bad", &html)
            }
        }
        html.tag("dl", .style("facts card")) { html in
            layout.fact(context.say(.area), &html) {
                $0.foreign(device.grant.areas.map { context.area($0) }.joined(separator: ", "))
            }
            layout.fact(context.say(.validFrom), &html) { $0.text(context.moment(device.grant.validFrom)) }
            layout.fact(context.say(.validUntil), &html) { facts.validUntil(&$0) }
            layout.fact(context.say(.lastSeen), &html) { facts.lastSeen(&$0) }
            layout.fact(context.say(.clock), &html) { facts.clock(&$0) }
            layout.fact(context.say(.received), &html) { $0.text(String(device.lastSequence)) }
            layout.fact(context.say(.unsynced), &html) { facts.unsynced(&$0) }
            if device.contact.heldTasks > 0 {
                layout.fact(context.say(.heldTasks), &html) { $0.text(String(device.contact.heldTasks)) }
            }
            layout.fact(context.say(.deviceKey), &html) {
                $0.tag("span", .style("mono"), text: device.grant.device.description)
            }
        }
    }
}
