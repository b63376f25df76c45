// A device and its ward over TLS, with real sockets: the pin, certificates that are no good, and what is said of it.
import Glibc
import Testing

@testable import SyncKit
@testable import SyncServer

/// A served home, and a device that knows its descriptor.
struct SecuredWard {
    let device = TestHome()
    let home: WardHome
    let server: WardServer
    /// The file that `SSL_CERT_FILE` names: the only authority there is.
    let authority: String

    /// - Parameters:
    ///   - material: what is served with; the ward's own certificate without it.
    ///   - pins: what the descriptor says, from the pin that is really served.
    init(_ material: HTTPTLS? = nil, pins: (Digest) -> TLSPins?) throws {
        Log.redirect(to: open("/dev/null", O_WRONLY))
        home = WardHome(device.root + "/ward")
        _ = try WardHome.create(
            at: home.path, name: "Phường Hồng Gai", area: "06685", addresses: ["https://127.0.0.1:1"],
            time: SystemTimeSource(), random: SystemRandomSource())
        let material = try material ?? home.ownTLS()
        server = try WardServer(home: home, address: "127.0.0.1", port: 0, tls: material)
        let port = server.port
        let tls = pins(try TLSCertificate(chainPEM: material.certificatePEM).pin)
        _ = try home.reissue(time: SystemTimeSource()) { descriptor in
            descriptor.addresses = ["https://127.0.0.1:\(port)"]
            descriptor.tls = tls
        }
        authority = device.root + "/authority.pem"
        writeFile(authority, Array(material.certificatePEM.utf8))
        #expect(device.ward("init", "--descriptor", home.descriptor).code == 0)
    }

    func stop() { server.inlets.close(drainSeconds: 0) }

    /// A sync with something to send.
    func sync(lang: String = "en") -> WardRun {
        device.ward("sync", lang: lang, environment: ["SSL_CERT_FILE=" + authority])
    }

    static func material(
        hosts: [String] = ["127.0.0.1"], notBefore: Int64 = SelfSigned.longAgo, notAfter: Int64 = SelfSigned.noEnd
    ) throws -> HTTPTLS {
        let key = try SelfSigned.makeKey()
        return HTTPTLS(
            certificatePEM: try SelfSigned.makeCertificate(
                keyPEM: key, name: "Phường", hosts: hosts, notBefore: notBefore, notAfter: notAfter),
            privateKeyPEM: key)
    }
}

@Suite(.serialized) struct SecuredWardTests {
    private struct Nothing: HTTPRouter {
        func exchange(for head: HTTPRequestHead) -> HTTPRouting { .respond(.text(404, "nothing")) }
    }

    private let report = ["report", "new", "--category", "lighting", "--title", "Đèn hỏng", "--area", "06685.03"]

    /// Files a report, tries to send it, and sees that it is still there.
    private func expectRefused(_ ward: SecuredWard, code: Int32, says: String, noi: String) {
        #expect(ward.device.ward(report).code == 0)
        for (lang, words) in [("en", says), ("vi", noi)] {
            let run = ward.sync(lang: lang)
            #expect(run.code == code && run.err.contains(words), "\(run.err)")
        }
        #expect(ward.device.ward("status", "--json").out.contains("\"waiting_total\":1"))
    }

    @Test func aSelfSignedWardIsKnownByItsPinWhateverItsNameAndDates() throws {
        let past = try SecuredWard.material(hosts: ["elsewhere.example"], notAfter: 1_000_000_000)
        let ward = try SecuredWard(past) { TLSPins(.pinOnly, [.zero, $0]) }
        defer { ward.stop() }
        #expect(ward.device.ward(report).code == 0)
        let run = ward.sync()
        #expect(run.code == 0, "\(run.err)")
    }

    @Test func somebodyInBetweenIsFoundOutAndNothingIsLost() throws {
        let ward = try SecuredWard { _ in TLSPins(.pinOnly, [.zero]) }
        defer { ward.stop() }
        expectRefused(ward, code: 11, says: "somebody may stand in between", noi: "có người đứng giữa")
    }

    @Test func anAuthoritysWordAndThePinAreBothNeeded() throws {
        let good = try SecuredWard(try SecuredWard.material()) { TLSPins(.authorityAndPin, [$0]) }
        defer { good.stop() }
        #expect(good.sync().code == 0)
        let nobody = good.device.ward("sync")
        #expect(nobody.code == 11 && nobody.err.contains("vouches"), "\(nobody.err)")
        let other = try SecuredWard(try SecuredWard.material()) { _ in TLSPins(.authorityAndPin, [.zero]) }
        defer { other.stop() }
        expectRefused(other, code: 11, says: "somebody may stand in between", noi: "có người đứng giữa")
        let plain = try SecuredWard(try SecuredWard.material()) { _ in nil }
        defer { plain.stop() }
        #expect(plain.sync().code == 0)
    }

    @Test func anExpiredCertificateIsCalledThat() throws {
        let ward = try SecuredWard(try SecuredWard.material(notAfter: 1_000_000_000)) {
            TLSPins(.authorityAndPin, [$0])
        }
        defer { ward.stop() }
        expectRefused(ward, code: 11, says: "is expired, or not valid yet", noi: "đã hết hạn")
    }

    @Test func aCertificateForAnotherNameIsNotTaken() throws {
        let ward = try SecuredWard(try SecuredWard.material(hosts: ["elsewhere.example"])) { _ in nil }
        defer { ward.stop() }
        expectRefused(ward, code: 11, says: "Nobody whom this device trusts", noi: "Không ai mà máy này tin cậy")
    }

    @Test func plaintextBehindAnHttpsAddressIsNotTaken() throws {
        let plain = HTTPServer(address: "127.0.0.1", port: 0, limits: HTTPLimits(), router: Nothing())
        try plain.start()
        defer { plain.stop(drainSeconds: 0) }
        let ward = try SecuredWard { TLSPins(.pinOnly, [$0]) }
        defer { ward.stop() }
        let run = ward.device.ward("sync", "--address", "https://127.0.0.1:\(plain.port)")
        #expect(run.code == 11 && run.err.contains("could not be secured"), "\(run.err)")
    }

    @Test func aNewerDescriptorOfTheSameWardIsTakenAndOthersAreNot() throws {
        let ward = try SecuredWard { _ in TLSPins(.pinOnly, [.zero]) }
        defer { ward.stop() }
        let pin = try TLSCertificate(chainPEM: try ward.home.ownTLS().certificatePEM).pin
        #expect(ward.device.ward(report).code == 0)
        #expect(ward.sync().code == 11)
        let again = ward.device.ward("init", "--descriptor", ward.home.descriptor)
        #expect(again.code == 5 && again.err.contains("or a newer one"), "\(again.code) \(again.err)")
        let text = try ward.home.reissue(time: SystemTimeSource()) { $0.tls = TLSPins(.pinOnly, [pin]) }
        let renewed = ward.device.ward("init", text)
        #expect(renewed.code == 0 && renewed.out.contains("is in use"))
        let run = ward.sync()
        #expect(run.code == 0, "\(run.err)")
        let foreign = ward.device.ward("init", try LoopbackWard().descriptor)
        #expect(foreign.code == 5 && foreign.err.contains("another ward"), "\(foreign.err)")
    }

    @Test func anAddressInPlaintextBeyondThisMachineIsWarnedOf() throws {
        let ward = try SecuredWard { TLSPins(.pinOnly, [$0]) }
        defer { ward.stop() }
        let text = try ward.home.reissue(time: SystemTimeSource()) {
            $0.addresses = ["http://127.0.0.1:1", "http://192.0.2.1:8440"]
        }
        for (lang, words) in [("en", "is plaintext"), ("vi", "không mã hoá")] {
            let home = TestHome()
            let made = home.ward("init", text, lang: lang)
            #expect(made.code == 0 && made.err.contains("http://192.0.2.1:8440") && made.err.contains(words))
            #expect(!made.err.contains("127.0.0.1"))
        }
    }

    @Test func aServerSaysWhatIsWrongWithItsCertificate() throws {
        let home = TestHome()
        let path = home.root + "/ward"
        func server(_ words: String..., lang: String) -> WardRun {
            spawn(
                TestHome.program + "-server", words + ["--home", path, "--lang", lang], environment: ["PATH=/usr/bin"],
                root: home.root)
        }
        #expect(server("init", "--area", "06685", "--name", "Hồng Gai", lang: "en").code == 0)
        let good = try SecuredWard.material()
        let old = try SecuredWard.material(notAfter: 1_000_000_000)
        for (name, text) in [
            ("good.pem", good.certificatePEM), ("good.key", good.privateKeyPEM), ("old.pem", old.certificatePEM),
            ("old.key", old.privateKeyPEM), ("junk", "junk"),
        ] { writeFile(home.root + "/" + name, Array(text.utf8)) }
        func expect(_ certificate: String, _ key: String, _ code: Int32, _ en: String, _ vi: String) {
            for (lang, words) in [("en", en), ("vi", vi)] {
                let run = server(
                    "serve", "--listen", "127.0.0.1:0", "--tls-cert", home.root + "/" + certificate, "--tls-key",
                    home.root + "/" + key, lang: lang)
                #expect(run.code == code && run.err.contains(words), "\(run.code) \(run.err)")
            }
        }
        expect("good.pem", "old.key", 5, "is not that of", "không phải của chứng thư")
        expect("old.pem", "old.key", 5, "expired at", "hết hạn từ")
        expect("junk", "good.key", 5, "is not a PEM certificate", "không phải chứng thư PEM")
        expect("good.pem", "junk", 5, "is not a PEM key", "không phải khoá PEM")
        expect("none.pem", "good.key", 3, "There is no file", "Không có tệp")
        chmod(home.root + "/good.key", 0o644)
        expect("good.pem", "good.key", 5, "Others may read the key", "Người khác đọc được khoá")
        chmod(home.root + "/good.key", 0o600)
        #expect(server("descriptor", "--pin-cert", home.root + "/old.pem", lang: "en").code == 0)
        expect("good.pem", "good.key", 5, "pins another TLS key", "dấu của một khoá TLS khác")
        let open = server("serve", "--listen", "0.0.0.0:0", lang: "en")
        #expect(open.code == 5 && open.err.contains("--allow-plaintext"), "\(open.err)")
    }
}
