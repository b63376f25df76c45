// Who works with the ward: devices, their grants, when they were last there, whose clock is off, who holds back work.
import CommandLineKit
import SyncKit

struct DevicesPage {
    let console: Console
    let context: ConsoleContext
    private var layout: ConsoleLayout { ConsoleLayout(context: context) }
    private static let pageLength = 50

    init(_ console: Console, _ context: ConsoleContext) {
        self.console = console
        self.context = context
    }

    func page(_ query: FormFields) throws(StoreError) -> HTTPResponse {
        let role = query["role"].flatMap(Role.init(name:))
        let number = min(query.number("page") ?? 0, 100_000)
        let found = try console.service.withCore { core throws(StoreError) in
            try core.browseDevices(role: role, offset: number * Self.pageLength, limit: Self.pageLength)
        }
        return layout.page(context.say(.devices), section: .devices) { html in
            html.tag("p", .style("lead"), text: context.say(.devicesLead))
            roles(role, &html)
            guard !found.devices.isEmpty else {
                html.tag("p", .style("card"), text: context.say(.nothingFound))
                return
            }
            layout.table(
                context.say(.devicesCount, String(found.total)),
                [.person, .device, .area, .validUntil, .lastSeen, .clock, .unsynced].map { context.say($0) },
                right: [6], rows: { html in for device in found.devices { row(device, &html) } }, &html)
            let pages = (found.total + Self.pageLength - 1) / Self.pageLength
            guard pages > 1 else { return }
            func target(_ page: Int) -> PagePath {
                PagePath("/console/devices", ["role": role?.name, "page": String(page)])
            }
            layout.pager(
                previous: number > 0 ? target(number - 1) : nil, next: number + 1 < pages ? target(number + 1) : nil,
                position: context.say(.pageOf, String(number + 1), String(pages)), &html)
        }
    }

    private func roles(_ present: Role?, _ html: inout HTML) {
        html.tag("nav", .a("aria-label", context.say(.roles))) { html in
            html.tag("ul", .style("tabs")) { html in
                for role in [nil] + Role.allCases.map(Optional.some) {
                    html.tag("li") { html in
                        let page = PagePath("/console/devices", ["role": role?.name])
                        let label = role.map { context.role($0) } ?? context.say(.allButResidents)
                        if role == present {
                            html.tag("a", .href(page), .a("aria-current", "page"), text: label)
                        } else {
                            html.tag("a", .href(page), text: label)
                        }
                    }
                }
            }
        }
    }

    private func row(_ device: BrowsedDevice, _ html: inout HTML) {
        let facts = DeviceFacts(context: context, device: device)
        html.tag("tr") { html in
            html.tag("td") { html in
                layout.link(facts.person, device.grant.device, &html)
                layout.badge(context.role(device.grant.role), "badge plain", &html)
            }
            html.tag("td") { $0.tag("span", .style("mono"), text: ConsoleContext.short(device.grant.device)) }
            html.tag("td") { $0.foreign(device.grant.areas.map { context.area($0) }.joined(separator: ", ")) }
            html.tag("td", .style("nowrap")) { facts.validUntil(&$0) }
            html.tag("td", .style("nowrap")) { facts.lastSeen(&$0) }
            html.tag("td") { facts.clock(&$0) }
            html.tag("td", .style("num")) { facts.unsynced(&$0) }
        }
    }
}

/// What is told of a device, on its own page and in lists.
struct DeviceFacts {
    let context: ConsoleContext
    let device: BrowsedDevice
    private var layout: ConsoleLayout { ConsoleLayout(context: context) }

    var person: BrowsedPerson { BrowsedPerson(device.grant, isRevoked: device.revokedAfter != nil) }

    func validUntil(_ html: inout HTML) {
        let until = device.grant.validUntil
        html.text(until == 0 ? context.say(.noEnd) : context.moment(until))
        if until != 0, until < context.now { layout.badge(context.say(.expired), "badge bad", &html) }
    }

    func lastSeen(_ html: inout HTML) {
        let contact = device.contact
        guard contact.seen > 0 else {
            html.text(context.say(device.grant.isConsole || device.grant.role == .ward ? .atServer : .neverSeen))
            return
        }
        html.text(context.moment(contact.seen))
        html.void("br")
        html.tag("span", .style("quiet-text"), text: context.ago(contact.seen))
    }

    func clock(_ html: inout HTML) {
        let contact = device.contact
        guard contact.seen > 0 else { return }
        if let skew = context.skew(contact.skew) {
            layout.badge(skew, "badge warn", &html)
        } else {
            html.text(context.say(.clockRight))
        }
    }

    /// What the device had made and not handed in when it asked last. What it made since then nobody can know.
    func unsynced(_ html: inout HTML) {
        guard device.contact.seen > 0 else { return }
        let unsent = device.contact.unsent
        if unsent == 0 { html.text("0") } else { layout.badge(String(unsent), "badge warn", &html) }
    }
}
