// The forms of a device's page: orders that the console prepares and a device signs.
import CommandLineKit
import SyncKit

/// Writes the forms; `OrderForm` reads them.
struct DeviceOrderForms {
    let context: ConsoleContext
    let orders: DeviceOrders
    /// Areas to add to what the device may do now; each is one of the ward.
    let added: [String]
    private var layout: ConsoleLayout { ConsoleLayout(context: context) }
    private var device: BrowsedDevice { orders.device }

    func write(_ html: inout HTML) {
        let possible = orders.possible
        guard context.mayAct, !possible.isEmpty else { return }
        html.tag("section", .id("orders"), .a("aria-labelledby", "prepare")) { html in
            html.tag("h2", .id("prepare"), text: context.say(.prepare))
            html.tag("p", text: context.say(.prepareText))
            if device.contact.unsent > 0 {
                html.tag(
                    "p", .style("notice warn"), text: context.say(.unsyncedWarning, String(device.contact.unsent)))
            }
            if possible.contains(.succeed) { form("succeed", &html) { succeed(&$0) } }
            if possible.contains(.grant), !added.isEmpty { form("grant", &html) { grant(&$0) } }
            let plain = possible.filter { $0 == .revoke || $0 == .extend }
            if !plain.isEmpty { form("", &html) { choices(plain, &$0) } }
            if possible.contains(.grant), added.isEmpty { form("grant", &html) { grant(&$0) } }
        }
    }

    /// - Parameter action: empty where the form itself asks which.
    private func form(_ action: String, _ html: inout HTML, _ fields: (inout HTML) -> Void) {
        let prefix = action.isEmpty ? "" : action + "-"
        html.tag("form", .style("card screen"), .a("method", "post"), .action(PagePath("/console/prepare"))) { html in
            layout.formToken(&html)
            layout.hidden("device", device.grant.device.description, &html)
            if !action.isEmpty { layout.hidden("action", action, &html) }
            fields(&html)
            html.tag("p") { html in
                html.tag("label", .a("for", prefix + "reason"), text: context.say(.reason))
                html.tag(
                    "textarea", .id(prefix + "reason"), .a("name", "reason"), .flag("required"),
                    .a("maxlength", 1000), text: "")
            }
            html.tag("button", .a("type", "submit"), text: context.say(.prepareButton))
        }
    }

    private func radio(_ name: String, _ value: String, _ id: String, _ label: String, _ html: inout HTML) {
        html.tag("div", .style("choice")) { html in
            html.void(
                "input", .a("type", "radio"), .id(id), .a("name", name), .a("value", value), .flag("required"))
            html.tag("label", .a("for", id)) { $0.foreign(label) }
        }
    }

    private func choices(_ possible: [OrderAction], _ html: inout HTML) {
        html.tag("fieldset") { html in
            html.tag("legend", text: context.say(.whatToPrepare))
            for action in possible {
                let word = context.say(DeviceOrders.word(action))
                radio("action", action.rawValue, "prepare-" + action.rawValue, word, &html)
            }
            if possible.contains(.extend) { date("until", .extendUntil, &html) }
        }
    }

    /// - Parameter present: what stands there already, in seconds since 1970; 0 for nothing.
    private func date(_ id: String, _ word: DeviceOrderWord, present: Int64 = 0, _ html: inout HTML) {
        html.tag("label", .a("for", id), text: context.say(word))
        let value = present > context.now ? LocalTime(seconds: present).date.iso8601 : ""
        html.void("input", .a("type", "date"), .id(id), .a("name", "until"), .a("value", value))
    }

    private func grant(_ html: inout HTML) {
        html.tag("fieldset") { html in
            html.tag("legend", text: context.say(.prepareGrant))
            html.tag("p", .style("hint"), text: context.say(.grantText))
            if !added.isEmpty {
                let names = added.map { context.area($0) }.joined(separator: ", ")
                html.tag("p", .style("notice warn"), text: context.say(.areaAdded, names))
            }
            html.tag("label", .a("for", "grant-role"), text: context.say(.grantRole))
            html.tag("select", .id("grant-role"), .a("name", "role")) { html in
                for role in DeviceOrders.roles {
                    let word = context.role(role)
                    if role == device.grant.role {
                        html.tag("option", .a("value", role.name), .flag("selected"), text: word)
                    } else {
                        html.tag("option", .a("value", role.name), text: word)
                    }
                }
            }
            html.tag("label", .a("for", "grant-areas"), text: context.say(.grantAreas))
            html.void(
                "input", .a("type", "text"), .id("grant-areas"), .a("name", "areas"),
                .a("value", (device.grant.areas + added).joined(separator: ", ")), .a("maxlength", 2176),
                .a("aria-describedby", "grant-areas-hint"))
            html.tag("span", .style("hint"), .id("grant-areas-hint"), text: context.say(.grantAreasHint))
            date("grant-until", .grantUntil, present: device.grant.validUntil, &html)
            html.tag("label", .a("for", "grant-name"), text: context.say(.grantName))
            html.void(
                "input", .a("type", "text"), .id("grant-name"), .a("name", "name"),
                .a("maxlength", Grant.maxNameLength))
        }
    }

    private func succeed(_ html: inout HTML) {
        html.tag("fieldset") { html in
            html.tag("legend", text: context.say(.prepareSucceed))
            html.tag("p", .style("hint"), text: context.say(.succeedText))
            if orders.successors.contains(where: \.wasRevoked) {
                html.tag("p", .style("notice warn"), text: context.say(.succeedRevoked))
            }
            for (place, waiting) in orders.successors.enumerated() {
                let label = context.say(
                    .successorSince, ConsoleContext.short(waiting.statement.new), context.moment(waiting.received))
                radio("successor", waiting.statement.new.description, "successor-\(place)", label, &html)
            }
        }
    }
}
