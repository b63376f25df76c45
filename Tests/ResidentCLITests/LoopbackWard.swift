// A ward in this process behind a bare socket: real decisions, and an answer that can be cut.
import Glibc
import LinkSimulation

@testable import SyncKit
@testable import SyncServer

/// A ward's core behind a loopback port.
final class LoopbackWard: Sendable {
    let service: WardService
    let descriptor: String
    let root: SigningKey
    let port: UInt16
    private let listener: Int32
    private let keys: WardKeys
    /// Another ward's core that answers instead, with the same keys: an older backup, or a second face.
    let face = Monitor<WardService?>(nil)
    /// How many bytes of an answer's body are sent; nil for all.
    let cut = Monitor<Int?>(nil)
    /// Where an answer stops to come while its connection stays open; nil for nowhere.
    let stall = Monitor<Stall?>(nil)

    /// So many frames of an answer and a half, and no more until the device goes away.
    struct Stall {
        let frames: Int
        /// Whether an answer stands still.
        var isReached = false
    }

    /// - Parameter impostor: answers in the name of another ward, without its keys.
    init(area: String = "06685", impostor other: LoopbackWard? = nil) throws {
        let random = SystemRandomSource()
        (listener, port) = try ListenAddress("127.0.0.1", port: 0).listen()
        let ward = NewWard(
            random: random, issued: SystemTimeSource().nowSeconds(), area: area, address: "http://127.0.0.1:\(port)",
            root: other?.root)
        (root, keys, descriptor) = (ward.root, ward.keys, ward.descriptor)
        let core = try WardCore(
            database: Database(path: "", mode: .memory), keys: keys, areaCode: area, time: SystemTimeSource(),
            random: random, scheme: Ed25519Scheme())
        service = WardService(core)
        let (listener, service, cut, stall, face) = (listener, service, cut, stall, face)
        _ = startThread {
            while true {
                let peer = accept(listener, nil, nil)
                if peer < 0 { break }
                Self.answer(peer, face.withLock { $0 } ?? service, cut, stall)
                close(peer)
            }
            close(listener)
        }
    }

    /// A core on a copy of the store as it is now, whose clock may be another one.
    func copied(to path: String, time: any TimeSource = SystemTimeSource()) throws -> WardService {
        try service.withCore { core in try core.database.prepare("VACUUM INTO ?1").bind(1, path).run() }
        let core = try WardCore(
            database: Database(path: path, mode: .create), keys: keys, areaCode: "06685", time: time,
            random: SystemRandomSource(), scheme: Ed25519Scheme())
        return WardService(core)
    }

    deinit { shutdown(listener, Int32(SHUT_RDWR)) }

    var url: String { "http://127.0.0.1:\(port)" }

    func invite(_ role: Role, _ areas: [String], _ name: String, expires: Int64 = 4_000_000_000) throws -> String {
        try service.withCore { core in
            try core.invite(Invitation(role: role, areas: areas, name: name, expires: expires, validSeconds: 0))
        }
    }

    private static func answer(
        _ peer: Int32, _ service: WardService, _ cut: Monitor<Int?>, _ stall: Monitor<Stall?>
    ) {
        guard let (path, body) = readRequest(peer) else { return }
        var out = Bytes()
        var ends: [Int] = []
        do {
            if path == "/v1/join" {
                out = try service.join(body)
            } else {
                var reader = BlockReader()
                reader.append(body)
                var taken = WardBody(service, isCarried: false)
                while let block = try reader.next() {
                    // A ward with two faces does not look at what it signed.
                    if block.kind != .evidence { try taken.take(block) }
                }
                while let block = try taken.session?.nextBlock() {
                    out += block.encoded
                    ends.append(out.count)
                }
            }
        } catch let refusal as SyncRefusal {
            out = path == "/v1/join" ? refusal.encoded : Block(.refusal, refusal.encoded).encoded
        } catch { return }
        let head = "HTTP/1.1 200 OK\r\nContent-Length: \(out.count)\r\nConnection: close\r\n\r\n"
        if let frames = stall.withLock({ $0?.frames }), ends.count > frames {
            var sent = Bytes(head.utf8)[...]
            var start = 0
            for end in ends.prefix(frames) {
                sent += out[start..<end]
                send(sent, to: peer)
                sent = []
                start = end
                // Long enough for the device to show how far it is.
                usleep(400_000)
            }
            send(out[start..<((start + ends[frames]) / 2)], to: peer)
            stall.withLock { $0?.isReached = true }
            var byte: UInt8 = 0
            _ = recv(peer, &byte, 1, 0)
            return
        }
        let limit = cut.withLock { $0 } ?? out.count
        send((Bytes(head.utf8) + out.prefix(limit))[...], to: peer)
    }

    private static func send(_ bytes: ArraySlice<UInt8>, to peer: Int32) {
        let bytes = Bytes(bytes)
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(peer, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count <= 0 { return }
            sent += count
        }
    }

    private static func readRequest(_ peer: Int32) -> (path: String, body: Bytes)? {
        var all = Bytes()
        var buffer = Bytes(repeating: 0, count: 65_536)
        let separator = Bytes("\r\n\r\n".utf8)
        while true {
            if let head = all.firstRange(of: separator) {
                let text = String(decoding: all[..<head.lowerBound], as: UTF8.self)
                let lines = text.split(separator: "\r\n")
                let length =
                    lines.first { $0.lowercased().hasPrefix("content-length:") }
                    .flatMap { Int($0.split(separator: " ").last ?? "") } ?? 0
                if all.count - head.upperBound >= length {
                    let path = lines.first?.split(separator: " ").dropFirst().first.map(String.init) ?? ""
                    return (path, Bytes(all[head.upperBound...]))
                }
            }
            let count = recv(peer, &buffer, buffer.count, 0)
            if count <= 0 { return nil }
            all += buffer[..<count]
        }
    }
}
