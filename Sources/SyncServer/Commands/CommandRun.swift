// One run of a command: where its home is, what it was asked, where it prints.
import CommandLineKit
import SyncKit

/// A command with all that it needs.
struct CommandRun {
    let parsed: ParsedCommand
    let terminal: Terminal
    let home: WardHome

    /// Performs a control operation, in this process or in the one that serves.
    func ask(_ request: ControlRequest) throws(ErrorReport) -> CBORValue {
        try withLink { link throws(ErrorReport) in
            do throws(ControlFailure) { return try link.perform(request) } catch { throw ErrorReport(error) }
        }
    }

    func withLink<Result>(_ body: (ControlLink) throws(ErrorReport) -> Result) throws(ErrorReport) -> Result {
        let link: ControlLink
        do { link = try ControlLink.open(home) } catch { throw ErrorReport(error) }
        defer { link.close() }
        return try body(link)
    }

    func printJSON(_ value: CBORValue) { terminal.printJSON { value.write(to: &$0) } }

    /// Addresses that a descriptor may name.
    func addresses() throws(ErrorReport) -> [String] {
        let given = parsed.options("address")
        let usable = given.allSatisfy { address in
            (address.hasPrefix("http://") || address.hasPrefix("https://"))
                && address.utf8.allSatisfy { (0x21...0x7E).contains($0) } && address.utf8.count > 8
        }
        guard usable, given.count <= 8 else {
            throw ErrorReport(
                .usage, code: "address.bad",
                happened: Message(
                    vi: "Địa chỉ phải bắt đầu bằng http:// hoặc https://, nhiều nhất 8 địa chỉ.",
                    en: "Addresses begin with http:// or https://, and there are 8 at most."
                ).with(),
                loss: .nothingChanged,
                next: Message(
                    vi: "Ví dụ: --address https://sync.phuong.example",
                    en: "For example: --address https://sync.ward.example"
                ).with())
        }
        return given.map { address in
            var trimmed = address
            while trimmed.hasSuffix("/") { trimmed.removeLast() }
            return trimmed
        }
    }
}
