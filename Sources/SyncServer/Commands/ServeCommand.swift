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
        let server: WardServer
        do {
            server = try WardServer(home: home, address: address, port: port, limits: limits, tls: try tls())
        } catch let error as WardServer.Failure {
            throw report(error)
        } catch let error as ErrorReport {
            throw error
        } catch { throw ErrorReport(HomeError.busy) }
        let inlets = server.inlets
        let isWaiting = stop.onSignal { _ in inlets.close(drainSeconds: Self.drainSeconds) }
        guard isWaiting else {
            inlets.close(drainSeconds: 0)
            throw report(.thread)
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
            printJSON(.object(["address": .text(host), "port": .count(Int(server.port))]))
        } else {
            terminal.print(
                Message(vi: "Đang phục vụ tại {0}. Dừng bằng Ctrl-C.", en: "Serving at {0}. Stop with Ctrl-C."),
                "\(host):\(server.port)")
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

    private func tls() throws(ErrorReport) -> HTTPTLS? {
        switch (parsed.option("tls-certificate"), parsed.option("tls-key")) {
        case (nil, nil): return nil
        case (let certificate?, let key?):
            do {
                return HTTPTLS(
                    certificatePEM: String(decoding: try HomeFiles.read(certificate, max: 256 * 1024), as: UTF8.self),
                    privateKeyPEM: String(
                        decoding: try HomeFiles.read(key, max: 64 * 1024, isSecret: true), as: UTF8.self))
            } catch { throw ErrorReport(error) }
        default:
            throw ErrorReport(
                .usage, code: "serve.half-tls",
                happened: Message(
                    vi: "TLS cần cả chứng thư và khoá.", en: "TLS needs both a certificate and a key."
                ).with(),
                loss: .nothingChanged,
                next: Message(
                    vi: "Ghi cả --tls-certificate và --tls-key.", en: "Give --tls-certificate and --tls-key."
                ).with())
        }
    }

    private func report(_ failure: WardServer.Failure) -> ErrorReport {
        switch failure {
        case .home(let error): return ErrorReport(error)
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
