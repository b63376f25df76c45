// One device: what it may do, when it was there, what would be lost with it, and what an admin can prepare.
import CommandLineKit
import SyncKit

struct DevicePage {
    let console: Console
    let context: ConsoleContext
    private var layout: ConsoleLayout { ConsoleLayout(context: context) }
    private static let newest = 30

    init(_ console: Console, _ context: ConsoleContext) {
        self.console = console
        self.context = context
    }

    func page(_ query: FormFields) throws(StoreError) -> HTTPResponse? {
        guard let id = query["id"].flatMap({ Digest(hex: $0) }).map({ DeviceID($0) }) else { return nil }
        let found = try console.service.withCore {
            core throws(StoreError) -> (
                device: BrowsedDevice, changes: [BrowsedChange]
            )? in
            guard let device = try core.browseDevice(id) else { return nil }
            var changes: [BrowsedChange] = []
            for stored in try core.actions(of: id, before: nil, limit: Self.newest) {
                changes.append(try core.browsed(stored))
            }
            return (device, changes)
        }
        guard let found else { return nil }
        let facts = DeviceFacts(context: context, device: found.device)
        return layout.page(context.person(facts.person, id), section: .devices) { html in
            write(found.device, facts, &html)
            prepare(found.device, &html)
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

    /// Grants and revocations are signed by a device; the console writes down what it is to sign.
    private func prepare(_ device: BrowsedDevice, _ html: inout HTML) {
        let possible = DeviceOrders.possible(device)
        guard context.mayAct, !possible.isEmpty else { return }
        html.tag(
            "form", .style("card screen"), .a("method", "post"), .action(PagePath("/console/prepare")),
            .a("aria-labelledby", "prepare")
        ) { html in
            html.tag("h2", .id("prepare"), text: context.say(.prepare))
            html.tag("p", text: context.say(.prepareText))
            if device.contact.unsent > 0 {
                html.tag(
                    "p", .style("notice warn"), text: context.say(.unsyncedWarning, String(device.contact.unsent)))
            }
            layout.formToken(&html)
            layout.hidden("device", device.grant.device.description, &html)
            html.tag("fieldset") { html in
                html.tag("legend", text: context.say(.whatToPrepare))
                for action in possible {
                    let (value, word) = (action.rawValue, DeviceOrders.word(action))
                    html.tag("div", .style("choice")) { html in
                        html.void(
                            "input", .a("type", "radio"), .id("prepare-" + value), .a("name", "action"),
                            .a("value", value), .flag("required"))
                        html.tag("label", .a("for", "prepare-" + value), text: context.say(word))
                    }
                }
                if possible.contains(.extend) {
                    html.tag("label", .a("for", "until"), text: context.say(.extendUntil))
                    html.void("input", .a("type", "date"), .id("until"), .a("name", "until"))
                }
            }
            html.tag("p") { html in
                html.tag("label", .a("for", "reason"), text: context.say(.reason))
                html.tag(
                    "textarea", .id("reason"), .a("name", "reason"), .flag("required"), .a("maxlength", 1000), text: "")
            }
            html.tag("button", .a("type", "submit"), text: context.say(.prepareButton))
        }
    }
}
