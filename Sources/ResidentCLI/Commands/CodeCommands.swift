// Handing codes over: a report's look-up code as a QR code for the reporter's own device.

import CommandLineKit
import QRCode
import SyncKit

extension WardProgram {
    static let codeQR = OptionSpec(
        flag: "qr",
        summary: m("Hiện mã tra cứu dạng QR để đưa cho người phản ánh", "Show the look-up code as a QR code"))
}

extension CommandRun {
    /// `ward report show ID --qr`
    func showCode() throws(ErrorReport) -> ExitCode {
        let reader = try reader()
        let view = try document(reader, .report)
        let kept = try attempt { () throws(ReplicaError) in try reader.lookupCode(of: view.id) }
        guard let code = kept else {
            throw ErrorReport(
                .notFound, code: "report.no-code", happened: Phrase(CodeWord.noCode.message),
                next: Phrase(CodeWord.noCodeNext.message))
        }
        if terminal.isJSON {
            terminal.printJSON { json in
                json.object { json in
                    json.member("id", view.id.hex)
                    json.member("short_id", ShortID.text(view.id))
                    json.member("lookup_code", code.text)
                }
            }
            return .ok
        }
        try showQR(code.text)
        terminal.print(code.text)
        terminal.remark(CodeWord.handOver.message)
        return .ok
    }

    /// Shows a code as a QR code, in capitals, which take less room and are read alike: a look-up code, a code for a
    /// rating.
    func showQR(_ code: String) throws(ErrorReport) { try terminal.qr(code.uppercased()) }
}

/// What is said about codes that are handed over.
enum CodeWord: MessageTable {
    case noCode, noCodeNext, handOver

    var message: Message {
        switch self {
        case .noCode:
            m(
                "Máy này không giữ mã tra cứu của phản ánh: mã chỉ có trên máy đã ghi phản ánh.",
                "This device does not hold the report's look-up code: it is only on the device that filed it.")
        case .noCodeNext:
            m(
                "Xem lại trên máy đã ghi, hoặc trên giấy mà người phản ánh đã nhận.",
                "Look on the device that filed it, or on the paper that the reporter was given.")
        case .handOver:
            m(
                "Ai có mã này thì xem được tiến độ phản ánh. Xin đưa tận tay người phản ánh.",
                "Whoever has this code can follow the report. Please hand it to the reporter in person.")
        }
    }
}
