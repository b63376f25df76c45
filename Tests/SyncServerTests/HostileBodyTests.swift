// Bodies that were made to harm the real server: bombs, oversize everything, ends at each byte.
import CommandLineKit
import Glibc
import Testing

@testable import SyncKit
@testable import SyncServer

@Suite(.serialized) struct HostileBodyTests {
    let ward: TestHome
    let process: ServerProcess
    let http: TestRequest
    let before: ProcessFigures

    init() throws {
        ward = try TestHome()
        (process, http) = try ward.serveProcess()
        // What the first exchange sets up for good is no growth.
        let first = try ward.device()
        _ = try first.commit(reportDraft("Đèn hỏng"))
        try http.sync(first)
        before = try ProcessFigures(of: process.pid)
    }

    /// The server is as it was, and well.
    private func expectUnharmed(_ what: String) throws {
        let isSettled = try ProcessFigures.settle(process.pid, to: before)
        let after = try ProcessFigures(of: process.pid)
        #expect(isSettled, "\(what): \(after), before \(before)")
        let growth = after.mostResidentKiB - before.residentKiB
        print("\(what): \(growth) KiB more at most; \(after)")
        #expect(growth < ProcessFigures.mostGrowthKiB)
        #expect(try http.get("/healthz").text.contains("\"status\":\"ok\""))
        let device = try ward.device()
        _ = try device.commit(reportDraft("Sau đó"))
        #expect(try http.sync(device).accepted == 1)
        process.signal(SIGTERM)
        #expect(process.wait() == ExitCode.ok.rawValue)
        #expect(try ward.command("doctor").code == ExitCode.ok.rawValue)
    }

    // MARK: Bombs

    /// A frame of `count` bytes that is a row of repeated bytes: four bytes for each 128 KiB.
    static func repeated(_ byte: UInt8, count: Int, declaring declared: UInt64) -> Bytes {
        var frame: Bytes = [0x28, 0xB5, 0x2F, 0xFD, 0b1110_0000]
        for shift in stride(from: UInt64(0), to: 64, by: 8) {
            frame.append(UInt8(truncatingIfNeeded: declared >> shift))
        }
        let block = 128 * 1024
        var left = count
        repeat {
            let size = min(left, block)
            left -= size
            let head = size << 3 | 1 << 1 | (left == 0 ? 1 : 0)
            for shift in [0, 8, 16] { frame.append(UInt8(truncatingIfNeeded: head >> shift)) }
            frame.append(byte)
        } while left > 0
        return frame
    }

    private static func envelope(_ body: Bytes, codec: UInt64 = 1, declaring length: UInt64, raw: Bytes = []) -> Bytes {
        var writer = CBORWriter()
        writer.arrayHeader(count: 4)
        writer.unsigned(codec)
        writer.unsigned(length)
        writer.byteString(body)
        writer.byteString(raw)
        return writer.bytes
    }

    private static func columns(_ change: (inout FrameColumns) -> Void) -> Bytes {
        var columns = FrameColumns()
        columns.devices = [DeviceID(.zero)]
        columns.count = 4096
        change(&columns)
        let body = columns.encodedBody()
        return envelope(ZstdCodec.compress(body, dictionary: nil), declaring: UInt64(body.count))
    }

    /// Frames that say little and would become much.
    static var bombs: [(name: String, frame: Bytes)] {
        let raw = ChangeSetLimits.maxFrameRaw
        let gibibyte = 1 << 30
        let long = repeated(0, count: gibibyte, declaring: UInt64(gibibyte))
        var window: Bytes = [0x28, 0xB5, 0x2F, 0xFD, 0x00, 0xF8]
        window += [0x03, 0x00, 0x00, 0x00]
        return [
            ("a GiB of zeros", envelope(long, declaring: UInt64(gibibyte))),
            ("a GiB that is declared as little", envelope(long, declaring: 100)),
            (
                "a GiB that declares the most that is taken",
                envelope(repeated(0, count: gibibyte, declaring: UInt64(raw)), declaring: UInt64(raw))
            ),
            ("16 EiB declared in 20 bytes", envelope(repeated(0, count: 1, declaring: .max / 4), declaring: .max / 4)),
            ("a window of 2 TiB", envelope(window, declaring: UInt64(raw))),
            (
                "the most that is taken, all empty strings",
                envelope(repeated(0x40, count: raw, declaring: UInt64(raw)), declaring: UInt64(raw))
            ),
            (
                "the most that is taken, all arrays",
                envelope(repeated(0x81, count: raw, declaring: UInt64(raw)), declaring: UInt64(raw))
            ),
            ("a million empty skeletons", columns { $0.skeletonTable = [Bytes](repeating: [], count: 250_000) }),
            (
                "the largest skeletons again and again",
                columns {
                    let most = [SyncKit.Operation](
                        repeating: .claim(Slot(field: TaskField.claimant)), count: ChangeSetLimits.maxOperations)
                    let one = Operation.encodeSkeleton(most)
                    $0.skeletonTable = [Bytes](repeating: one, count: raw / (one.count + 4))
                }
            ),
            (
                "seen marks",
                columns { $0.seenTable = [SeenMark](repeating: SeenMark(position: .start, root: 0), count: 100_000) }
            ),
            ("devices", columns { $0.devices = [DeviceID](repeating: DeviceID(.zero), count: 15_000) }),
            (
                "envelopes",
                columns { $0.explicit = (0..<4096).map { (index: $0, envelope: Bytes(repeating: 0, count: 100)) } }
            ),
            ("values", columns { $0.values = Bytes(repeating: 0xF6, count: raw - 1000) }),
        ]
    }

    @Test func whatIsMadeToSwellIsRefusedBeforeItDoes() throws {
        let bombs = Self.bombs
        let done = Monitor(0)
        // Several at a time, from devices of their own.
        for (name, frame) in bombs {
            #expect(frame.count < 2 * ChangeSetLimits.maxFrame, "\(name)")
            nonisolated(unsafe) let device = try ward.device()
            let http = http
            #expect(
                startThread {
                    for _ in 0..<8 {
                        guard let request = try? device.prepareRequest(pullOnly: true).body else { break }
                        var body = request
                        for _ in 0..<16 { body += Block(.frame, frame).encoded }
                        let answer = http.post("/v1/sync", body)
                        if answer == nil { print("\(name): cut") }
                    }
                    done.change { $0 += 1 }
                })
        }
        done.loop { $0 == bombs.count ? .done(()) : .wait }
        try expectUnharmed("bombs")
    }

    // MARK: Size

    @Test func whatIsTooLargeIsRefusedAndKeepsNothing() throws {
        let long = String(repeating: "a", count: 1 << 20)
        let heads = [
            "GET /\(long) HTTP/1.1\r\nHost: x\r\n\r\n", "GET /?\(long) HTTP/1.1\r\nHost: x\r\n\r\n",
            "\(long) / HTTP/1.1\r\nHost: x\r\n\r\n", "GET / \(long)\r\nHost: x\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: \(long)\r\n\r\n", "GET / HTTP/1.1\r\n\(long): x\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: x\r\n" + String(repeating: "A: b\r\n", count: 20_000) + "\r\n",
            "GET / HTTP/1.1\r\nHost: x\r\nCookie: " + String(repeating: "a=b; ", count: 20_000) + "\r\n\r\n",
            "GET /?" + String(repeating: "a=b&", count: 4000) + " HTTP/1.1\r\nHost: x\r\n\r\n",
            "POST /v1/sync HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000000\r\n\r\n",
            "POST /v1/join HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n\(String(1 << 20, radix: 16))\r\n\(long)\r\n0\r\n\r\n",
            "POST /v1/sync HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5;\(long)\r\nxxxxx\r\n0\r\n\r\n",
            "POST /v1/sync HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nA: \(long)\r\n\r\n",
        ]
        for head in heads {
            let client = try #require(RawClient(port: http.port))
            client.send(head)
            client.end(.halfClosed)
            let answer = client.readToEnd()
            // libmicrohttpd closes some without a word, and calls what it has no memory for an error of the server.
            #expect(answer.status.map { (400...500).contains($0) } ?? true, "\(head.prefix(60)): \(answer.text)")
        }
        // A body without an end, and blocks that say that they are large.
        for block in [
            Bytes(repeating: 0x7F, count: 64 * 1024), Block(.request, Bytes(repeating: 0, count: 120_000)).encoded,
        ] {
            let client = try #require(RawClient(port: http.port))
            client.boundSends(milliseconds: 1000)
            client.send("POST /v1/sync HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
            var sent = 0
            while sent < 64 << 20, client.send("\(String(block.count, radix: 16))\r\n"), client.send(block),
                client.send("\r\n")
            { sent += block.count }
            #expect(sent < 17 << 20)
        }
        // Blocks without number.
        let device = try ward.device()
        let request = try device.prepareRequest(pullOnly: true).body
        for block in [Block(.frame, []), Block(.evidence, []), Block(.evidence, Bytes(repeating: 0x80, count: 10))] {
            let body = request + [Bytes](repeating: block.encoded, count: 50_000).flatMap { $0 }
            let answer = try #require(http.post("/v1/sync", body))
            #expect((400..<500).contains(answer.status))
        }
        try expectUnharmed("oversize")
    }

    // MARK: Paths and rows of requests

    @Test func noPathLeadsToAFile() throws {
        let ups = [
            "../", "..%2f", "%2e%2e/", "%2e%2e%2f", "..\\", "..%5c", "..%c0%af", "..;/", "....//", "%252e%252e%252f",
        ]
        let ends = ["etc/passwd", "proc/self/environ", "keys/ward.key", "ward.db", "root/root.key", "descriptor"]
        let ha = ConsoleClient(port: http.port)
        try ha.signIn(ward)
        let bundle = "/v1/bundle/" + Digest.zero.hex + "/"
        for up in ups {
            for end in ends {
                let way = String(repeating: up, count: 8) + end
                for prefix in [
                    "/", "/v1/", "/v1/descriptor/", "//", "/./", "/v1/sync/", "/v1/bundle/", bundle, bundle + "1/",
                    "/public/", "/public/photo/", "/public/style.css/",
                ] {
                    expectNoFile(try http.get(prefix + way), [400, 404], prefix + way)
                }
                for prefix in ["/console/", "/console/photo/", "/console/sign-in/", "/console/document/"] {
                    // Who did not sign in is shown the way in, and nothing of what is behind it.
                    let answer = try http.get(prefix + way)
                    #expect(answer.status != 303 || answer.header("location") == "/console/sign-in", "\(prefix + way)")
                    expectNoFile(answer, [303, 400, 404], prefix + way)
                    expectNoFile(try ha.get(prefix + way), [400, 404], prefix + way)
                }
            }
            // Where a page is asked for something, a way is none.
            let way = String(repeating: up, count: 8) + "keys/signing.key"
            for query in [
                "/public/photo?root=", "/console/photo?root=", "/console/document?id=", "/console/device?id=",
            ] {
                expectNoFile(try ha.get(query + way), [400, 404], query + way)
            }
        }
        #expect(try ha.get("/console").status == 200)
        try expectUnharmed("paths")
    }

    private func expectNoFile(_ answer: RawAnswer, _ statuses: Set<Int>, _ path: String) {
        #expect(answer.status.map(statuses.contains) ?? false, "\(path): \(answer.text)")
        #expect(!answer.text.contains("root:") && !answer.text.contains("SQLite"), "\(path)")
    }

    @Test func aRowOfRequestsIsAnsweredInOrderAndOnce() throws {
        let client = try #require(RawClient(port: http.port))
        let device = try ward.device()
        _ = try device.commit(reportDraft("Một lần thôi"))
        let sync = try device.prepareRequest().body
        let post = Bytes("POST /v1/sync HTTP/1.1\r\nHost: x\r\nContent-Length: \(sync.count)\r\n\r\n".utf8) + sync
        let get = Bytes("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n".utf8)
        let missing = Bytes("GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n".utf8)
        let last = Bytes("GET /v1/descriptor HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".utf8)
        client.send((0..<50).flatMap { _ in get + missing } + post + post + get + last + get)
        let text = client.readToEnd().text
        let statuses = text.ranges(of: "HTTP/1.1 ").compactMap { Int(text[$0.upperBound...].prefix(3)) }
        #expect(Array(statuses.prefix(100)) == (0..<100).map { $0 % 2 == 0 ? 200 : 404 })
        // The same request again is an old one; nothing is taken twice.
        #expect(Array(statuses.dropFirst(100)) == [200, 409, 200, 200], "\(statuses)")
        try http.sync(device)
        #expect(try device.pendingCount() == 0)
        let status = try ward.ask(.status(area: nil))
        #expect(status["documents"]["report"].integer == 2)
        try expectUnharmed("rows")
    }

    // MARK: Ends at each byte

    @Test func aConnectionThatEndsAtAnyByteLeavesNothingBehind() throws {
        let device = try ward.device()
        _ = try device.commit(reportDraft("Cắt ở mọi chỗ"))
        let body = try device.prepareRequest().body
        let head = "POST /v1/sync HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
        let whole = Bytes("\(head)Content-Length: \(body.count)\r\n\r\n".utf8) + body
        let chunked =
            Bytes("\(head)Transfer-Encoding: chunked\r\n\r\n".utf8)
            + body.flatMap { Bytes("1\r\n".utf8) + [$0] + Bytes("\r\n".utf8) } + Bytes("0\r\n\r\n".utf8)
        // The last bytes stay away: the request itself is for the device.
        for (bytes, step) in [(whole, 1), (chunked, 5)] {
            for (number, end) in stride(from: 0, to: bytes.count - 5, by: step).enumerated() {
                let client = try #require(RawClient(port: http.port))
                client.send(bytes[..<end])
                client.end(RawEnd.allCases[number % RawEnd.allCases.count])
            }
        }
        print("ends at \(whole.count) and \(chunked.count / 5) places")
        // The server's own end: answers that nobody waits for.
        for way in RawEnd.allCases {
            for _ in 0..<20 {
                let client = try #require(RawClient(port: http.port))
                client.send("GET /v1/descriptor HTTP/1.1\r\nHost: x\r\n\r\n")
                client.end(way)
            }
        }
        // A slow machine may still have more of them open than one address may.
        #expect(try ProcessFigures.settle(process.pid, to: before))
        try http.sync(device)
        #expect(try device.pendingCount() == 0)
        #expect(try ward.ask(.status(area: nil))["documents"]["report"].integer == 2)
        try expectUnharmed("ends")
    }
}
