// Orders on the terminal: giving them, listing them.

import CommandLineKit
import SyncKit

extension CommandRun {
    /// `ward device revoke DEVICE`
    func deviceRevoke() throws(ErrorReport) -> ExitCode {
        let reason = try orderReason()
        let replica = try replica()
        var order = Order(.revoke, try overseenDevice(replica).grant.device, reason: reason)
        order.cut = parsed.integer("after").flatMap { UInt64(exactly: $0) }
        return try give(order, replica)
    }

    /// `ward device extend DEVICE --until DAY`
    func deviceExtend() throws(ErrorReport) -> ExitCode {
        let reason = try orderReason()
        guard let until = try orderEnd() else {
            throw ErrorReport.cannotAsk(option: "--until", helpCommand: name + " --help")
        }
        let replica = try replica()
        var order = Order(.extend, try overseenDevice(replica).grant.device, reason: reason)
        order.until = until
        return try give(order, replica)
    }

    /// `ward device grant DEVICE --role ROLE`
    func deviceGrant() throws(ErrorReport) -> ExitCode {
        let reason = try orderReason()
        guard let role = parsed.option("role").flatMap(Role.init(name:)) else { return .usage }
        let replica = try replica()
        let known = try overseenDevice(replica)
        var order = Order(.grant, known.grant.device, reason: reason)
        order.role = role
        for given in parsed.options("area") {
            order.areas.append(try area("--area", given, ward: replica.descriptor.area))
        }
        if role == .volunteer || role == .lead, order.areas.isEmpty {
            throw bad("--area", "", OrderSay.expectAreas.message)
        }
        if role != .resident, order.areas.isEmpty { order.areas = [replica.descriptor.area] }
        order.name = try text(option: "name", limit: 120)
        // Without another end it stays the one that it has.
        order.until = try orderEnd() ?? known.grant.validUntil
        return try give(order, replica)
    }

    /// `ward quarantine release|decline ID`
    func quarantineDecide(_ action: OrderAction) throws(ErrorReport) -> ExitCode {
        let reason = try orderReason()
        let replica = try replica()
        // What was refused can only be closed.
        let held = try heldChange(replica, amongRefused: action == .decline)
        return try give(Order(action, held.change.dot, id: held.change.id, reason: reason), replica)
    }

    /// `ward order erase ID --number N`
    func orderErase() throws(ErrorReport) -> ExitCode {
        let reason = try orderReason()
        let replica = try replica()
        let view = try document(replica, nil)
        let number = parsed.integer("number") ?? 1
        guard let place = Int(exactly: number), (1...view.history.count).contains(place) else {
            throw ErrorReport(
                .notFound, code: "order.history", happened: OrderSay.historyUnknown.with(String(number)),
                loss: .nothingChanged, next: OrderSay.historyUnknownNext.with())
        }
        let change = view.history[place - 1].change
        return try give(Order(.erase, change.dot, id: change.id, reason: reason), replica)
    }

    /// `ward order list`
    func orderList() throws(ErrorReport) -> ExitCode {
        let reader = try reader()
        let limit = Int(parsed.integer("limit") ?? 200)
        let orders = try attempt { () throws(ReplicaError) in try reader.orders(limit: limit) }
        let people = try People(reader, self)
        if terminal.isJSON {
            terminal.printJSON { json in
                json.object { json in
                    json.array("items") { json in
                        for given in orders { json.object { json in write(given, people, to: &json) } }
                    }
                    json.member("shown", orders.count)
                }
            }
            return .ok
        }
        guard !orders.isEmpty else {
            terminal.remark(OrderSay.noOrders.message)
            return .ok
        }
        for given in orders {
            terminal.print(
                terminal.styled(ShortID.text(given.id), .bold) + "  " + LocalTime(seconds: given.at).text + "  "
                    + terminal.word(OrderActionWord.message(given.order.action)) + ": "
                    + SafeText.line(Self.about(given.order, people)) + " – " + SafeText.line(people.name(given.giver))
                    + " «" + terminal.outcome(given) + "»")
            terminal.print("    " + terminal.order(OrderSay.because, SafeText.line(given.order.reason)))
        }
        return .ok
    }

    private static func about(_ order: Order, _ people: People) -> String {
        let device = people.name(order.device)
        return order.sequence.map { "\(device) \($0)" } ?? device
    }

    private func write(_ given: GivenOrder, _ people: People, to json: inout JSONWriter) {
        json.member("id", given.id.hex)
        json.member("short_id", ShortID.text(given.id))
        json.member("action", given.order.action.rawValue)
        json.member("device", given.order.device.digest.hex)
        json.member("sequence", given.order.sequence.map { Int64(clamping: $0) })
        json.member("change", given.order.id?.hex)
        json.member("role", given.order.role?.name)
        json.member("areas", given.order.areas)
        json.member("until", given.order.until.flatMap { $0 == 0 ? nil : LocalTime(seconds: $0).iso8601 })
        json.member("reason", given.order.reason)
        json.member("given_by", people.programName(given.giver))
        json.member("at", LocalTime(seconds: given.at).iso8601)
        json.member("accepted", given.isAccepted)
        json.member("status", given.status?.rawValue)
        json.member("why", given.why)
    }

    // MARK: Giving one

    func give(_ order: Order, _ replica: Replica) throws(ErrorReport) -> ExitCode {
        let saved = try attempt { () throws(ReplicaError) in try replica.commit(order.draft) }
        if terminal.isJSON {
            terminal.printJSON { json in
                json.object { json in
                    json.member("id", saved.document.hex)
                    json.member("short_id", ShortID.text(saved.document))
                    json.member("action", order.action.rawValue)
                    json.member("device", order.device.digest.hex)
                    json.member("saved", true)
                    json.member("waiting", true)
                }
            }
            return .ok
        }
        let person = (try? replica.person(order.device).name) ?? ""
        let about = person.isEmpty ? ShortID.text(order.device.digest) : person
        terminal.print(OrderSay.given.message, terminal.word(OrderActionWord.message(order.action)), about)
        terminal.remark(OrderSay.givenNext.message)
        return .ok
    }

    private func orderReason() throws(ErrorReport) -> String {
        guard let reason = try text(option: "reason", limit: 4000) else {
            throw ErrorReport.cannotAsk(option: "--reason", helpCommand: name + " --help")
        }
        return reason
    }

    /// The end of a grant as it is typed: the end of a day, or 0.
    private func orderEnd() throws(ErrorReport) -> Int64? {
        guard let given = parsed.option("until") else { return nil }
        return given == "0" ? 0 : try day("--until", given)
    }

    /// The device that was typed: a person's name, or the beginning of its id.
    private func overseenDevice(_ replica: Replica) throws(ErrorReport) -> OverseenGrant {
        let typed = try text("device", parsed.argument(0) ?? "", limit: 200)
        let all = try attempt { () throws(ReplicaError) in try replica.overseenGrants() }
        guard !all.isEmpty else { throw notForYou() }
        let members = all.map {
            Member(
                device: $0.grant.device, role: $0.grant.role, name: $0.grant.name, areas: $0.grant.areas,
                lastActive: nil)
        }
        let found = Self.fitting(typed, members)
        guard let first = found.first, let grant = all.first(where: { $0.grant.device == first.device }) else {
            throw ErrorReport(
                .notFound, code: "device.not-found", happened: OrderSay.deviceUnknown.with(typed),
                loss: .nothingChanged, next: OrderSay.deviceUnknownNext.with())
        }
        guard found.count == 1 else {
            let names = found.prefix(8).map { "\($0.name) (\(ShortID.text($0.device.digest)))" }
            throw ErrorReport(
                .ambiguous, code: "device.ambiguous",
                happened: OrderSay.deviceSeveral.with(typed, names.joined(separator: "; ")), loss: .nothingChanged,
                next: FaultWord.ambiguousNext.with())
        }
        return grant
    }

    func notForYou() -> ErrorReport {
        ErrorReport(
            .refused, code: "rule.notPermitted", happened: OrderSay.notForYou.with(), loss: .nothingChanged,
            next: OrderSay.notForYouNext.with())
    }
}
