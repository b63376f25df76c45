// A real home, really served on loopback, and devices that really sync with it.
import Glibc
import SyncKit
import Testing

@testable import SyncServer

/// A directory that disappears with the test.
final class TemporaryDirectory {
    let path: String

    init() throws {
        var template = Array("/tmp/ward-server-test.XXXXXX".utf8CString)
        path = try #require(mkdtemp(&template).map { String(cString: $0) })
    }

    deinit {
        for name in files(in: path) { unlink(path + "/" + name) }
        for name in files(in: path) {
            let inner = path + "/" + name
            for name in files(in: inner) { unlink(inner + "/" + name) }
            for name in files(in: inner) {
                for file in files(in: inner + "/" + name) { unlink("\(inner)/\(name)/\(file)") }
                rmdir(inner + "/" + name)
            }
            rmdir(inner)
        }
        rmdir(path)
    }

    /// Writes a file and gives its path.
    func write(_ name: String, _ bytes: some Sequence<UInt8>) throws -> String {
        let file = path + "/" + name
        unlink(file)
        try HomeFiles.create(file, Bytes(bytes))
        return file
    }

    /// The names of what is in a directory, in their order.
    func files(in directory: String) -> [String] {
        guard let stream = opendir(directory) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted()
    }
}

/// A home with a ward in it.
struct TestHome {
    let directory: TemporaryDirectory
    let home: WardHome

    init() throws {
        directory = try TemporaryDirectory()
        home = WardHome(directory.path + "/home")
        _ = try WardHome.create(
            at: home.path, name: "Phường Hồng Gai", area: "06685", addresses: ["http://127.0.0.1:8440"],
            time: SystemTimeSource(), random: SystemRandomSource())
    }

    /// - Parameter countsLoopback: whether loopback addresses count like others.
    func serve(
        countsLoopback: Bool = false, _ adjust: (inout TrafficLimits) -> Void = { _ in }
    ) throws -> WardServer {
        _ = quiet
        var limits = HTTPLimits()
        limits.countsLoopback = countsLoopback
        var traffic = TrafficLimits()
        adjust(&traffic)
        // A program that another test starts has this process's files until it runs, and with them the lock of a server
        // that was here before.
        for _ in 0..<500 {
            do throws(WardServer.Failure) {
                return try WardServer(home: home, address: "127.0.0.1", port: 0, limits: limits, traffic: traffic)
            } catch {
                guard case .home(.busy) = error else { throw error }
                usleep(10_000)
            }
        }
        return try WardServer(home: home, address: "127.0.0.1", port: 0, limits: limits, traffic: traffic)
    }

    func ask(_ request: ControlRequest) throws -> CBORValue {
        let link = try ControlLink.open(home)
        defer { link.close() }
        return try link.perform(request)
    }

    func run(_ kind: ImportKind, _ path: String, _ options: ImportOptions = ImportOptions()) throws -> ImportReport {
        let link = try ControlLink.open(home)
        defer { link.close() }
        var run = ImportRun(kind, options: options) { request throws(ControlFailure) in try link.perform(request) }
        try run.run(path: path)
        return run.report
    }

    /// A new device of this ward.
    func device() throws -> Replica {
        let database = try Database(path: "", mode: .memory)
        try Replica.create(
            in: database, descriptor: home.readDescriptor().text, time: SystemTimeSource(),
            random: SystemRandomSource(), scheme: Ed25519Scheme())
        return try Replica(
            opening: database, time: SystemTimeSource(), random: SystemRandomSource(), scheme: Ed25519Scheme())
    }
}

/// One HTTP request on a connection of its own.
struct TestRequest {
    var port: UInt16

    func get(_ path: String) throws -> RawAnswer {
        let client = try #require(RawClient(port: port))
        client.send("GET \(path) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        return client.readToEnd()
    }

    func post(_ path: String, _ body: Bytes) -> (status: Int, type: String?, body: Bytes)? {
        guard let client = RawClient(port: port) else { return nil }
        client.send(
            "POST \(path) HTTP/1.1\r\nHost: x\r\nContent-Type: \(syncMediaType)\r\nContent-Length: \(body.count)\r\n"
                + "Connection: close\r\n\r\n")
        client.send(body)
        let answer = client.readToEnd()
        guard let status = answer.status, let body = answer.bodyBytes else { return nil }
        return (status, answer.header("content-type"), body)
    }

    func join(_ device: Replica, code: String) throws -> (status: Int, body: Bytes) {
        let parsed = try #require(JoinRequest.parse(code))
        let request = JoinRequest(
            invitation: parsed.id, secret: parsed.secret, device: device.device,
            sealingKey: device.sealingKey.publicKey)
        let answer = try #require(
            post("/v1/join", request.signed(by: device.signingKey, ward: device.ward, scheme: Ed25519Scheme())))
        return (answer.status, answer.body)
    }

    @discardableResult
    func sync(_ device: Replica) throws -> SyncReport {
        var client = SyncClient(device)
        var transport = self
        try client.run(&transport)
        return client.report
    }
}

extension TestRequest: SyncTransport {
    mutating func exchange(_ body: Bytes, onChunk: (UnsafeRawBufferPointer) -> Bool) throws(TransportError) {
        guard let answer = post("/v1/sync", body) else { throw TransportError(.unreachable) }
        guard answer.type == syncMediaType else {
            throw answer.status == 503 ? TransportError(.busy(seconds: 5)) : TransportError(.notAWard)
        }
        _ = answer.body.withUnsafeBytes { onChunk($0) }
    }
}

extension RawAnswer {
    /// The body, put together where it came in chunks; nil where the head or a chunk is cut.
    var bodyBytes: Bytes? {
        guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
        var rest = bytes[end.upperBound...]
        guard header("transfer-encoding") == "chunked" else {
            let length = header("content-length").flatMap { Int($0) }
            return length == rest.count ? Bytes(rest) : nil
        }
        var body = Bytes()
        while let line = rest.firstRange(of: [0x0D, 0x0A]) {
            guard let count = Int(String(decoding: rest[..<line.lowerBound], as: UTF8.self), radix: 16) else {
                return nil
            }
            if count == 0 { return body }
            rest = rest[line.upperBound...]
            guard rest.count >= count + 2 else { return nil }
            body += rest.prefix(count)
            rest = rest.dropFirst(count + 2)
        }
        return nil
    }
}

/// A report of a problem, as a device files it.
func reportDraft(_ title: String, area: String = "06685.03") -> ChangeSetDraft {
    var draft = ChangeSetDraft(kind: .report)
    draft.perform(.set(Slot(field: ReportField.category)), .text("lighting"))
    draft.perform(.set(Slot(field: ReportField.title)), .text(title))
    draft.perform(.set(Slot(field: ReportField.area)), .text(area))
    return draft
}
