// init and descriptor: making a ward, and telling devices about it.
import CommandLineKit
import SyncKit

extension CommandRun {
    func initialize() throws(ErrorReport) -> ExitCode {
        let area = parsed.option("area") ?? ""
        let name = TextNormalization.nfc(parsed.option("name") ?? "")
        guard AreaCode.isValid(area), !name.isEmpty, name.utf8.count <= 200, !name.utf8.contains(where: { $0 < 0x20 })
        else {
            throw ErrorReport(
                .usage, code: "init.bad-ward",
                happened: Message(
                    vi: "Mã địa bàn hoặc tên phường không hợp lệ.", en: "The area code or the name is not valid."
                ).with(),
                loss: .nothingChanged,
                next: Message(
                    vi: "Ví dụ: --area 06685 --name \"Phường Hồng Gai\"",
                    en: "For example: --area 06685 --name \"Phường Hồng Gai\""
                ).with())
        }
        let given = try addresses()
        let addresses = given.isEmpty ? [ServerProgram.defaultAddress] : given
        let text: String
        do {
            text = try WardHome.create(
                at: home.path, name: name, area: area, addresses: addresses, time: SystemTimeSource(),
                random: SystemRandomSource())
        } catch { throw ErrorReport(error) }
        if terminal.isJSON {
            printJSON(
                .object([
                    "home": .text(home.path), "area": .text(area), "name": .text(name),
                    "addresses": .array(addresses.map { .text($0) }), "descriptor": .text(text),
                    "descriptor_file": .text(home.descriptor), "root_key": .text(home.rootKey),
                ]))
            return .ok
        }
        terminal.print(
            Message(vi: "Đã tạo {0} trong {1}.", en: "{0} is set up in {1}."), name, home.path)
        terminal.print(
            Message(
                vi: "Bản mô tả phường: {0}", en: "The ward's descriptor: {0}"), home.descriptor)
        terminal.remark(
            Message(
                vi:
                    "Hãy chuyển khoá gốc {0} sang nơi không nối mạng: chỉ cần nó khi đổi địa chỉ, đổi khoá hay khôi phục.",
                en: "Move the root key {0} offline: it is needed only for new addresses, new keys and a restore."),
            home.rootKey)
        terminal.remark(
            Message(vi: "Tiếp theo: ward-server serve --home {0}", en: "Next: ward-server serve --home {0}"), home.path)
        return .ok
    }

    func descriptor() throws(ErrorReport) -> ExitCode {
        let given = try addresses()
        let pins = try pinsAskedFor()
        let text: String
        let found: WardDescriptor
        do {
            if given.isEmpty, case .keep = pins {
                text = try home.readDescriptor().text
            } else {
                text = try home.reissue(time: SystemTimeSource()) { descriptor in
                    if !given.isEmpty { descriptor.addresses = given }
                    if case .set(let pins) = pins { descriptor.tls = pins }
                }
            }
            found = try home.readDescriptor().descriptor
        } catch { throw ErrorReport(error) }
        try drawDescriptor(text, of: found)
        if terminal.isJSON {
            printJSON(
                .object([
                    "descriptor": .text(text), "ward": .text(found.ward.hex), "name": .text(found.name),
                    "area": .text(found.area), "addresses": .array(found.addresses.map { .text($0) }),
                    "tls_pins": .array((found.tls?.keys ?? []).map { .text($0.hex) }),
                    "self_signed": .bool(found.tls?.trust == .pinOnly),
                ]))
        } else if !isDrawn {
            terminal.print(text)
        }
        return .ok
    }
}
