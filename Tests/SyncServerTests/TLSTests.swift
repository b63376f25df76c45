// TLS in front of the fence: versions, limits and the stop hold as without it; and the ward's own certificate.
import CGnuTLS
import CommandLineKit
import Glibc
import SyncKit
import Testing

@testable import SyncServer

@Suite struct TLSTests {
    let router = TestRouter()
    static let material: Result<HTTPTLS, TLSFault> = Result { () throws(TLSFault) in try made() }

    static func made(notBefore: Int64 = SelfSigned.longAgo, notAfter: Int64 = SelfSigned.noEnd) throws(TLSFault)
        -> HTTPTLS
    {
        let key = try SelfSigned.makeKey()
        return HTTPTLS(
            certificatePEM: try SelfSigned.makeCertificate(
                keyPEM: key, name: "Phường Hồng Gai", hosts: ["127.0.0.1", "::1", "ward.example"],
                notBefore: notBefore, notAfter: notAfter), privateKeyPEM: key)
    }

    private func start(_ adjust: (inout HTTPLimits) -> Void = { _ in }) throws -> HTTPServer {
        try startServer(router, tls: try Self.material.get(), adjust)
    }

    @Test(arguments: ["+VERS-TLS1.3", "+VERS-TLS1.2"])
    func aRequestIsAnsweredOverPresentVersions(versions: String) throws {
        let server = try start()
        defer { server.stop(drainSeconds: 0) }
        let client = try #require(TLSClient(port: server.port, versions: versions))
        #expect(client.handshake == 0)
        client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\nConnection: close\r\n\r\nsecret")
        let answer = client.readToEnd()
        #expect(answer.status == 200 && answer.body == "secret")
    }

    @Test(arguments: ["+VERS-TLS1.1", "+VERS-TLS1.0"])
    func anOldVersionIsRefusedByTheServer(versions: String) throws {
        let server = try start()
        defer { server.stop(drainSeconds: 0) }
        let client = try #require(TLSClient(port: server.port, versions: versions))
        // The server went away; a client that could not even offer the version would have failed by itself.
        #expect([GNUTLS_E_PREMATURE_TERMINATION, GNUTLS_E_FATAL_ALERT_RECEIVED].contains(client.handshake))
        #expect(router.record.withLock { $0.heads.isEmpty })
    }

    @Test func theFenceStandsBehindTLSToo() throws {
        let server = try start { $0.maxConnectionsPerAddress = 3 }
        defer { server.stop(drainSeconds: 0) }
        let smuggled = try #require(TLSClient(port: server.port))
        smuggled.send(
            "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
        #expect(smuggled.readToEnd().status == 400)
        let large = try #require(TLSClient(port: server.port))
        large.send("GET /hello HTTP/1.1\r\nHost: x\r\nX: \(String(repeating: "y", count: 20_000))\r\n\r\n")
        #expect(large.readToEnd().status == 431)
        let open = try (0..<3).map { _ in try #require(TLSClient(port: server.port)) }
        let fourth = try #require(TLSClient(port: server.port))
        fourth.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n")
        let refused = fourth.readToEnd()
        #expect(refused.status == 429 && refused.header("retry-after") != nil)
        #expect(open.allSatisfy { $0.handshake == 0 })
        #expect(router.record.withLock { $0.finished == 0 })
    }

    @Test func whoNeverSpeaksIsCutAtTheDeadlineOfTheHead() throws {
        let server = try start { $0.headerSeconds = 1 }
        defer { server.stop(drainSeconds: 0) }
        let silent = try #require(RawClient(port: server.port))
        #expect(silent.read() == nil)
        // A handshake that stops in the middle: the record says that 200 bytes come.
        let half = try #require(RawClient(port: server.port))
        half.send([0x16, 0x03, 0x01, 0x00, 0xC8, 0x01, 0x00])
        #expect(half.read() == nil)
        let secured = try #require(TLSClient(port: server.port))
        #expect(secured.handshake == 0)
        secured.send("GET /hello HTTP/1.1\r\nHost")
        #expect(secured.readToEnd().bytes.isEmpty)
    }

    @Test func plaintextOnASecuredPortReachesNobody() throws {
        let server = try start()
        defer { server.stop(drainSeconds: 0) }
        let client = try #require(RawClient(port: server.port))
        client.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(client.readToEnd().status == nil)
        #expect(router.record.withLock { $0.heads.isEmpty })
    }

    @Test func aStopFinishesWhatIsInTheRouterAndAnswersIt() throws {
        let server = try start()
        let client = try #require(TLSClient(port: server.port))
        client.send("POST /slow HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nwork")
        router.waitFor { $0.working >= 100 }
        let stopped = Monitor(false)
        #expect(
            startThread {
                server.stop(drainSeconds: 30)
                stopped.change { $0 = true }
            })
        while RawClient(port: server.port) != nil { usleep(1000) }
        #expect(stopped.withLock { !$0 })
        router.openGate()
        let answer = client.readToEnd()
        #expect(answer.status == 200 && answer.body == "work")
        stopped.loop { $0 ? .done(()) : .wait }
    }

    @Test func aCertificateIsLookedAtBeforeItIsServed() throws {
        let good = try Self.material.get()
        let now: Int64 = 1_800_000_000
        let found = try TLSCertificate(good, now: now)
        #expect(found.notAfter == SelfSigned.noEnd)
        let other = try Self.made()
        func fault(_ material: HTTPTLS) -> TLSFault? {
            do throws(TLSFault) { _ = try TLSCertificate(material, now: now) } catch { return error }
            return nil
        }
        #expect(try TLSCertificate(other, now: now).pin != found.pin)
        #expect(
            fault(HTTPTLS(certificatePEM: good.certificatePEM, privateKeyPEM: other.privateKeyPEM)) == .keyDoesNotFit)
        #expect(
            fault(HTTPTLS(certificatePEM: "no", privateKeyPEM: good.privateKeyPEM)) == .unreadableCertificate)
        #expect(fault(HTTPTLS(certificatePEM: good.certificatePEM, privateKeyPEM: "no")) == .unreadableKey)
        #expect(fault(try Self.made(notAfter: now - 1)) == .expired(now - 1))
        #expect(fault(try Self.made(notBefore: now + 1)) == .notYetValid(now + 1))
    }
}

/// The ward's own certificate, and the descriptor that names it.
@Suite(.serialized) struct OwnCertificateTests {
    let ward: TestHome

    init() throws { ward = try TestHome() }

    @Test func servingSelfSignedMakesOneKeyForEverAndNamesItInTheDescriptor() throws {
        let before = try ward.home.readDescriptor().descriptor
        #expect(before.tls == nil)
        var keys: [Bytes] = []
        for _ in 0..<2 {
            let (process, http) = try ward.serveProcess(["--self-signed"])
            let client = try #require(TLSClient(port: http.port))
            client.send("GET /v1/descriptor HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            let text = client.readToEnd().body
            let known = try ward.home.readDescriptor()
            #expect(text == known.text + "\n")
            let pin = try TLSCertificate(try ward.home.ownTLS(), now: 1_800_000_000).pin
            #expect(known.descriptor.tls == TLSPins(.pinOnly, [pin]))
            #expect(known.descriptor.addresses == ["https://127.0.0.1:8440"])
            keys.append(try HomeFiles.read(ward.home.tlsKey, max: 64 * 1024, isSecret: true))
            process.signal(SIGTERM)
            #expect(process.wait() == ExitCode.ok.rawValue)
        }
        #expect(keys[0] == keys[1])
    }

    @Test func withoutTheRootKeyAnUnpinnedCertificateIsNotServed() throws {
        #expect(rename(ward.home.rootKey, ward.directory.path + "/root.key") == 0)
        #expect(try ward.command("serve", "--self-signed", "--listen", "127.0.0.1:0").code == ExitCode.refused.rawValue)
        #expect(rename(ward.directory.path + "/root.key", ward.home.rootKey) == 0)
        let signed = try ward.command("descriptor", "--self-signed", "--address", "https://ward.example", "--json")
        #expect(signed.code == 0 && signed.text.contains("\"self_signed\":true"))
        #expect(rename(ward.home.rootKey, ward.directory.path + "/root.key") == 0)
        let (process, _) = try ward.serveProcess(["--self-signed"])
        process.signal(SIGTERM)
        #expect(process.wait() == ExitCode.ok.rawValue)
    }

    @Test func plaintextBeyondThisMachineNeedsAFlagAndIsWarnedOf() throws {
        let refused = try ServerProcess(
            ["serve", "--home", ward.home.path, "--listen", "0.0.0.0:0"], in: ward.directory)
        #expect(refused.wait() == ExitCode.refused.rawValue && refused.errors.contains("--allow-plaintext"))
        let file = ward.directory.path + "/port"
        let process = try ServerProcess(
            ["serve", "--home", ward.home.path, "--listen", "0.0.0.0:0", "--port-file", file, "--allow-plaintext"],
            in: ward.directory)
        while process.isRunning, access(file, F_OK) != 0 { usleep(2000) }
        process.signal(SIGTERM)
        #expect(process.wait() == ExitCode.ok.rawValue && process.errors.contains("This is plaintext"))
        let (quiet, _) = try ward.serveProcess()
        quiet.signal(SIGTERM)
        #expect(quiet.wait() == ExitCode.ok.rawValue && !quiet.errors.contains("This is plaintext"))
    }
}
