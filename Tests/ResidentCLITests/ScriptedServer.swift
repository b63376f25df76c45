// A server of bare sockets: it answers each connection with the bytes that a test gives it, right or wrong.
import Glibc
import SyncKit

@testable import SyncServer

/// Listens on a free loopback port; one connection, one request, one scripted answer, then it closes.
final class ScriptedServer: Sendable {
    private let descriptor: Int32
    let port: UInt16
    private let requests = Monitor<[String]>([])

    /// - Parameters:
    ///   - hold: keeps the connection open after the answer until the client goes away.
    ///   - delay: milliseconds from the request to the answer.
    init(answer: String, hold: Bool = false, delay: UInt32 = 0) throws {
        let (descriptor, port) = try ListenAddress("127.0.0.1", port: 0).listen()
        (self.descriptor, self.port) = (descriptor, port)
        let requests = requests
        _ = startThread {
            while true {
                let peer = accept(descriptor, nil, nil)
                if peer < 0 { break }
                let request = Self.readRequest(peer)
                requests.change { $0.append(request) }
                usleep(delay * 1000)
                let bytes = Array(answer.utf8)
                var sent = 0
                while sent < bytes.count {
                    let count = send(peer, Array(bytes[sent...]), bytes.count - sent, Int32(MSG_NOSIGNAL))
                    if count <= 0 { break }
                    sent += count
                }
                var byte: UInt8 = 0
                if hold { while recv(peer, &byte, 1, 0) > 0 {} }
                close(peer)
            }
            close(descriptor)
        }
    }

    /// Ends the thread, which closes the socket: closed here, its number could already be another test's.
    deinit { shutdown(descriptor, Int32(SHUT_RDWR)) }

    func url(_ path: String = "/v1/sync") -> String { "http://127.0.0.1:\(port)\(path)" }

    var lastRequest: String? { requests.withLock { $0.last } }

    private static func readRequest(_ peer: Int32) -> String {
        var all: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let text = String(decoding: all, as: UTF8.self)
            if let head = text.firstRange(of: "\r\n\r\n") {
                let length = text.lowercased().firstRange(of: "content-length: ").flatMap {
                    Int(text.lowercased()[$0.upperBound...].prefix { $0.isNumber })
                }
                if text[head.upperBound...].utf8.count >= length ?? 0 { return text }
            }
            let count = recv(peer, &buffer, buffer.count, 0)
            if count <= 0 { return text }
            all += buffer[..<count]
        }
    }
}
