// Signing an order that the server prepared: it says what it is first.

import CommandLineKit
import SyncKit

extension CommandRun {
    /// `ward order sign FILE`: what the file says is told before it is signed.
    func orderSign() throws(ErrorReport) -> ExitCode {
        let file = parsed.argument(0) ?? "-"
        let isShown = parsed.flag("show")
        guard let text = BoundedFile.read(file) else {
            throw ErrorReport(
                .inputOutput, code: "file.unreadable", happened: FaultWord.fileUnreadable.with(file),
                loss: .nothingChanged, next: FaultWord.fileUnreadableNext.with())
        }
        guard let (order, ward) = PreparedOrder.read(text) else {
            throw ErrorReport(
                .usage, code: "order.not-prepared", happened: OrderSay.badPrepared.with(), loss: .nothingChanged,
                next: OrderSay.badPreparedNext.with())
        }
        let replica = try replica()
        guard replica.ward == ward else {
            throw ErrorReport(
                .refused, code: "order.other-ward", happened: OrderSay.otherWard.with(), loss: .nothingChanged,
                next: OrderSay.otherWardNext.with())
        }
        if terminal.isJSON {
            guard isShown else { return try give(order, replica) }
            terminal.printJSON { json in json.object { json in write(order, to: &json) } }
            return .ok
        }
        print(order, replica)
        return isShown ? .ok : try give(order, replica)
    }

    private func print(_ order: Order, _ replica: Replica) {
        func line(_ say: OrderSay, _ text: String) {
            terminal.print(terminal.styled(terminal.word(say.message) + ":", .dim) + " " + SafeText.line(text))
        }
        let name = (try? replica.person(order.device).name) ?? ""
        let device = ShortID.text(order.device.digest)
        line(.action, terminal.word(OrderActionWord.message(order.action)))
        line(.about, name.isEmpty ? device : "\(name) (\(device))")
        if let sequence = order.sequence { line(.change, String(sequence)) }
        if let role = order.role { line(.role, terminal.word(RoleWord.message(role))) }
        if !order.areas.isEmpty { line(.areas, order.areas.joined(separator: ", ")) }
        if let until = order.until {
            line(.until, until == 0 ? terminal.word(OrderSay.noEnd.message) : LocalTime(seconds: until).text)
        }
        if let cut = order.cut { line(.countsTo, String(cut)) }
        if let new = order.successor { line(.successor, ShortID.text(new.digest)) }
        terminal.print(terminal.order(.because, SafeText.line(order.reason)))
    }

    private func write(_ order: Order, to json: inout JSONWriter) {
        json.member("action", order.action.rawValue)
        json.member("device", order.device.digest.hex)
        json.member("sequence", order.sequence.map { Int64(clamping: $0) })
        json.member("change", order.id?.hex)
        json.member("role", order.role?.name)
        json.member("areas", order.areas)
        json.member("until", order.until.flatMap { $0 == 0 ? nil : LocalTime(seconds: $0).iso8601 })
        json.member("counts_to", order.cut.map { Int64(clamping: $0) })
        json.member("successor", order.successor?.digest.hex)
        json.member("reason", order.reason)
        json.member("saved", false)
    }
}
