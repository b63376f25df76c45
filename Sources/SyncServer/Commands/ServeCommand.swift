// serve: everything runs until a signal, then what is on its way is finished and written.
import CommandLineKit
import Glibc
import SyncKit

extension CommandRun {
    /// How long requests on their way may take when the server stops.
    private static let drainSeconds = 10

    func serve() throws(ErrorReport) -> ExitCode {
        // Before any thread, so that all of them leave the signals to the one that waits.
        let stop = StopSignal()
        let (address, port) = try listenAddress()
        var limits = HTTPLimits()
        limits.allowPlaintext = parsed.flag("allow-plaintext")
        let tls = try tls()
        let server: WardServer
        do {
            server = try WardServer(home: home, address: address, port: port, limits: limits, tls: tls)
        } catch { throw report(error) }
        let inlets = server.inlets
        let isWaiting = stop.onSignal { _ in inlets.close(drainSeconds: Self.drainSeconds) }
        guard isWaiting else {
            inlets.close(drainSeconds: 0)
            throw report(.thread)
        }
        if tls == nil, (try? ListenAddress(address, port: port))?.isLoopback != true {
            terminal.warn(
                Message(
                    vi: "Đường truyền không được mã hoá: ai ở giữa cũng đọc được nội dung công khai và biết ai hỏi gì.",
                    en: "This is plaintext: whoever stands in between reads public text and sees who asks for what."))
        }
        if let newer = server.service.newerCheckpoint {
            terminal.warn(Self.olderStore, String(newer.position.epoch), String(newer.position.index))
        }
        do { try announce(server, address) } catch {
            inlets.close(drainSeconds: 0)
            throw error
        }
        _ = stop.waitUntilStopped()
        if let fault = server.service.storeFault { throw ErrorReport(fault) }
        terminal.remark(Message(vi: "Đã dừng; mọi thứ đã được ghi.", en: "Stopped; everything is written."))
        return .ok
    }

    private func announce(_ server: WardServer, _ address: String) throws(ErrorReport) {
        if let path = parsed.option("port-file") {
            do { try HomeFiles.replace(path, Bytes("\(server.port)\n".utf8)) } catch { throw ErrorReport(error) }
        }
        let host = address.utf8.contains(UInt8(ascii: ":")) ? "[\(address)]" : address
        if terminal.isJSON {
            printJSON(
                .object([
                    "address": .text(host), "port": .count(Int(server.port)),
                    "scheme": .text(server.isSecure ? "https" : "http"),
                ]))
        } else {
            terminal.print(
                Message(vi: "Đang phục vụ tại {0}. Dừng bằng Ctrl-C.", en: "Serving at {0}. Stop with Ctrl-C."),
                "\(server.isSecure ? "https://" : "")\(host):\(server.port)")
        }
        terminal.out.flush()
    }

    private func listenAddress() throws(ErrorReport) -> (address: String, port: UInt16) {
        let text = parsed.option("listen") ?? ServerProgram.defaultListen
        if let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) {
            var address = String(text[..<colon])
            if address.hasPrefix("["), address.hasSuffix("]") { address = String(address.dropFirst().dropLast()) }
            if (try? ListenAddress(address, port: port)) != nil { return (address, port) }
        }
        throw ErrorReport(
            .usage, code: "serve.bad-address",
            happened: Message(
                vi: "«{0}» không phải địa chỉ và cổng.", en: "“{0}” is not an address and a port."
            ).with(text),
            loss: .nothingChanged,
            next: Message(
                vi: "Ví dụ: --listen 127.0.0.1:8440 hoặc --listen [::1]:8440",
                en: "For example: --listen 127.0.0.1:8440 or --listen [::1]:8440"
            ).with())
    }

    private func report(_ failure: WardServer.Failure) -> ErrorReport {
        switch failure {
        case .home(let error): return ErrorReport(error)
        case .http(.plaintextRefused(let address)):
            return ErrorReport(
                .refused, code: "serve.plaintext",
                happened: Message(
                    vi: "Máy khác kết nối được tới {0}, mà không có TLS thì ai trên đường truyền cũng đọc được.",
                    en: "Other machines can reach {0}, and without TLS whoever stands in between can read along."
                ).with(address),
                loss: .nothingChanged,
                next: Message(
                    vi:
                        "Thêm --self-signed, hoặc --tls-cert và --tls-key; chỉ khi thật cần mới dùng --allow-plaintext.",
                    en: "Add --self-signed, or --tls-cert and --tls-key; --allow-plaintext only where it must be."
                ).with())
        case .http(let error):
            return ErrorReport(
                .failure, code: "serve.listen",
                happened: Message(vi: "Không mở được cổng: {0}", en: "Cannot listen: {0}").with(error.description),
                loss: .nothingChanged,
                next: Message(
                    vi: "Chọn cổng khác bằng --listen, hoặc dừng chương trình đang giữ cổng.",
                    en: "Choose another port with --listen, or stop the program that holds it."
                ).with())
        case .controlSocket, .thread:
            return ErrorReport(
                .failure, code: "serve.resources",
                happened: Message(
                    vi: "Hệ thống không cho mở thêm socket hoặc luồng.", en: "The system gives no socket or thread."
                ).with(),
                loss: .nothingChanged,
                next: Message(
                    vi: "Kiểm tra giới hạn của hệ thống (ulimit) và quyền của thư mục dữ liệu.",
                    en: "Check the system's limits (ulimit) and the permissions of the home."
                ).with())
        }
    }
}
