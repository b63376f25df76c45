// Orders that a device has to sign: the console writes down what they say, and changes nothing.
import CommandLineKit
import SyncKit
import WardWords

extension ConsoleActions {
    func prepare(_ form: FormFields) throws(StoreError) -> HTTPResponse {
        guard let id = form["device"].flatMap({ Digest(hex: $0) }).map({ DeviceID($0) }),
            let reason = form.text("reason", max: ItemForm.maxReason)
        else { return problem(.needsReason, status: 400) }
        let found = try console.service.withCore { core throws(StoreError) in try DeviceOrders(core, id) }
        guard let orders = found, let action = form["action"].flatMap(OrderAction.init(rawValue:)) else {
            return problem(.badForm, status: 400)
        }
        guard orders.possible.contains(action) else { return problem(context.say(.orderNotNow)) }
        let order: Order
        do throws(OrderFormProblem) {
            order = try OrderForm(form: form, orders: orders, ward: console.ward.area, now: context.now)
                .order(action, reason: reason)
        } catch {
            return problem(context.language.text(Phrase(error.word.message, error.arguments)), status: 400)
        }
        note("prepare", order.action.rawValue)
        return prepared(order, orders.device)
    }

    private func prepared(_ order: Order, _ device: BrowsedDevice) -> HTTPResponse {
        let layout = ConsoleLayout(context: context)
        return layout.page(context.say(.prepared), section: .devices) { html in
            html.tag("p", text: context.say(.preparedText))
            html.tag("section", .style("card"), .a("aria-label", context.say(.prepared))) { html in
                html.tag("p") { html in
                    html.tag("strong", text: context.say(DeviceOrders.word(order.action)))
                    html.text(": ")
                    layout.link(
                        BrowsedPerson(device.grant, isRevoked: device.revokedAfter != nil), order.device, &html)
                }
                html.tag("dl", .style("facts")) { facts(order, layout, &$0) }
                html.tag("pre") { $0.tag("code", text: PreparedOrder.text(order, ward: console.service.ward)) }
                html.tag("p", .style("hint"), text: context.say(.preparedHint))
            }
        }
    }

    /// What the line says, to be compared with what the signing device will show.
    private func facts(_ order: Order, _ layout: ConsoleLayout, _ html: inout HTML) {
        if let role = order.role { layout.fact(context.say(.grantRole), &html) { $0.text(context.role(role)) } }
        if !order.areas.isEmpty {
            let areas = order.areas.map { context.area($0) }.joined(separator: ", ")
            layout.fact(context.say(.area), &html) { $0.foreign(areas) }
        }
        if let name = order.name { layout.fact(context.say(.person), &html) { $0.foreign(name) } }
        if let until = order.until {
            layout.fact(context.say(.validUntil), &html) {
                $0.text(until == 0 ? context.say(.noEnd) : context.moment(until))
            }
        }
        if let cut = order.cut {
            layout.fact(context.say(.number), &html) { $0.text(context.say(.revokedAfter, String(cut))) }
        }
        if let new = order.successor {
            layout.fact(context.say(.successor), &html) { html in
                html.tag("span", .style("mono"), text: new.description)
            }
        }
        layout.fact(context.say(.reason), &html) { $0.foreign(order.reason) }
    }
}
