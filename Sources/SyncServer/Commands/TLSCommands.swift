// What serve and descriptor are told about TLS, and what is wrong with it.
import CommandLineKit
import SyncKit

extension ServerProgram {
    static let tlsOptions = [
        OptionSpec(
            "tls-cert", value: .file,
            summary: Message(vi: "Chuỗi chứng thư TLS (PEM)", en: "TLS certificate chain (PEM)")),
        OptionSpec("tls-key", value: .file, summary: Message(vi: "Khoá TLS (PEM)", en: "TLS private key (PEM)")),
        OptionSpec(
            flag: "self-signed",
            summary: Message(
                vi: "Dùng chứng thư do phường tự ký; tạo một lần, dấu khoá nằm trong bản mô tả",
                en: "Use the ward's own certificate: made once, its pin stands in the descriptor")),
        OptionSpec(
            flag: "allow-plaintext",
            summary: Message(
                vi: "Cho phép không mã hoá đường truyền ngoài máy này", en: "Allow plaintext beyond loopback")),
    ]

    static let pinOptions = [
        OptionSpec(
            flag: "self-signed",
            summary: Message(
                vi: "Ghi dấu khoá của chứng thư do phường tự ký", en: "Pin the ward's own certificate")),
        OptionSpec(
            "pin-cert", value: .file,
            summary: Message(
                vi: "Ghi dấu khoá của chứng thư này (PEM), bên cạnh việc kiểm tra thông thường",
                en: "Pin the key of this certificate (PEM), besides the usual verification")),
        OptionSpec(
            flag: "no-pin", summary: Message(vi: "Bỏ dấu khoá khỏi bản mô tả", en: "Take pins out of the descriptor")),
    ]
}

/// What becomes of the pins in a descriptor.
enum PinChange {
    case keep
    case set(TLSPins?)
}

extension CommandRun {
    /// What the descriptor shall say of TLS.
    func pinsAskedFor() throws(ErrorReport) -> PinChange {
        let asked = [parsed.flag("self-signed"), parsed.option("pin-cert") != nil, parsed.flag("no-pin")]
        guard asked.count(where: { $0 }) <= 1 else { throw tooMany("--self-signed, --pin-cert, --no-pin") }
        if parsed.flag("self-signed") { return .set(TLSPins(.pinOnly, [try ownCertificate().pin])) }
        if let path = parsed.option("pin-cert") {
            let text = try pem(path)
            do throws(TLSFault) {
                return .set(TLSPins(.authorityAndPin, [try TLSCertificate(chainPEM: text).pin]))
            } catch { throw report(error, certificate: path, key: "") }
        }
        return parsed.flag("no-pin") ? .set(nil) : .keep
    }

    /// What to serve with; nil for plaintext.
    func tls() throws(ErrorReport) -> HTTPTLS? {
        let isOwn = parsed.flag("self-signed")
        switch (parsed.option("tls-cert"), parsed.option("tls-key")) {
        case (nil, nil): return isOwn ? try ownTLS() : nil
        case (let certificate?, let key?):
            guard !isOwn else { throw tooMany("--self-signed, --tls-cert") }
            return try tls(certificate, key)
        default:
            throw ErrorReport(
                .usage, code: "serve.half-tls",
                happened: Message(
                    vi: "TLS cần cả chứng thư và khoá.", en: "TLS needs both a certificate and a key."
                ).with(),
                loss: .nothingChanged,
                next: Message(vi: "Ghi cả --tls-cert và --tls-key.", en: "Give --tls-cert and --tls-key.").with())
        }
    }

    /// An authority's certificate, which must be one that devices take.
    private func tls(_ certificate: String, _ key: String) throws(ErrorReport) -> HTTPTLS {
        let material = HTTPTLS(
            certificatePEM: try pem(certificate), privateKeyPEM: try pem(key, isSecret: true))
        let known: WardDescriptor
        do { known = try home.readDescriptor().descriptor } catch { throw ErrorReport(error) }
        let found: TLSCertificate
        do { found = try TLSCertificate(material, now: SystemTimeSource().nowSeconds()) } catch {
            throw report(error, certificate: certificate, key: key)
        }
        if let pins = known.tls, !pins.keys.contains(found.pin) {
            throw ErrorReport(
                .refused, code: "tls.not-pinned",
                happened: Message(
                    vi: "Bản mô tả phường ghi dấu của một khoá TLS khác; thiết bị sẽ từ chối «{0}».",
                    en: "The descriptor pins another TLS key; devices would refuse “{0}”."
                ).with(certificate),
                loss: .nothingChanged,
                next: Message(
                    vi: "Ký lại bản mô tả: ward-server descriptor --pin-cert {0} (hoặc --no-pin), rồi phát bản mới.",
                    en:
                        "Sign the descriptor again: ward-server descriptor --pin-cert {0} (or --no-pin), and hand it out."
                ).with(certificate))
        }
        if let plain = known.addresses.first(where: { $0.hasPrefix("http://") }) { warnOfOldAddress(plain) }
        return material
    }

    /// The ward's own certificate, named in the descriptor, which is signed again where that is still to be done.
    private func ownTLS() throws(ErrorReport) -> HTTPTLS {
        let pin = try ownCertificate().pin
        do throws(HomeError) {
            let known = try home.readDescriptor().descriptor
            if known.tls?.keys.contains(pin) != true {
                _ = try home.reissue(time: SystemTimeSource()) { descriptor in
                    descriptor.tls = TLSPins(.pinOnly, [pin])
                    descriptor.addresses = descriptor.securedAddresses
                }
                terminal.remark(
                    Message(
                        vi: "Bản mô tả phường đã được ký lại với dấu khoá TLS; hãy phát bản mới: {0}",
                        en: "The descriptor was signed again with the TLS pin; hand out the new one: {0}"),
                    home.descriptor)
            } else if let plain = known.addresses.first(where: { $0.hasPrefix("http://") }) {
                warnOfOldAddress(plain)
            }
            return try home.ownTLS()
        } catch {
            if case .noRootKey = error { throw needsRoot() }
            throw ErrorReport(error)
        }
    }

    private func ownCertificate() throws(ErrorReport) -> TLSCertificate {
        let material: HTTPTLS
        do { material = try home.ownTLS() } catch { throw ErrorReport(error) }
        do { return try TLSCertificate(material, now: SystemTimeSource().nowSeconds()) } catch {
            throw report(error, certificate: home.tlsCertificate, key: home.tlsKey)
        }
    }

    private func pem(_ path: String, isSecret: Bool = false) throws(ErrorReport) -> String {
        do {
            let bytes = try HomeFiles.read(path, max: WardHome.maxCertificate, isSecret: isSecret)
            return String(decoding: bytes, as: UTF8.self)
        } catch { throw ErrorReport(error) }
    }

    private func warnOfOldAddress(_ address: String) {
        terminal.warn(
            Message(
                vi: "Bản mô tả phường còn ghi {0}, nhưng máy chủ này chỉ trả lời https.",
                en: "The descriptor still names {0}, but this server answers https only."), address)
    }

    private func needsRoot() -> ErrorReport {
        ErrorReport(
            .refused, code: "tls.needs-root-key",
            happened: Message(
                vi: "Bản mô tả phường chưa có dấu khoá TLS, và khoá gốc không có ở đây.",
                en: "The descriptor does not pin the TLS key yet, and the root key is not here."
            ).with(),
            loss: .nothingChanged,
            next: Message(
                vi: "Chép khoá gốc vào {0}, chạy: ward-server descriptor --self-signed, rồi lại cất khoá đi.",
                en: "Copy the root key to {0}, run: ward-server descriptor --self-signed, then take the key away again."
            ).with(home.rootKey))
    }

    private func tooMany(_ options: String) -> ErrorReport {
        ErrorReport(
            .usage, code: "tls.one-of",
            happened: Message(vi: "Chỉ chọn một: {0}.", en: "Only one of these: {0}.").with(options),
            loss: .nothingChanged,
            next: Message(vi: "Bỏ bớt rồi chạy lại.", en: "Leave the others out and run this again.").with())
    }

    private func report(_ fault: TLSFault, certificate: String, key: String) -> ErrorReport {
        let happened: Phrase
        let next: Message
        switch fault {
        case .unreadableCertificate:
            happened = Message(
                vi: "«{0}» không phải chứng thư PEM.", en: "“{0}” is not a PEM certificate."
            ).with(certificate)
            next = Message(
                vi: "Tệp phải bắt đầu bằng -----BEGIN CERTIFICATE-----, chứng thư của máy chủ đứng đầu.",
                en: "It begins with -----BEGIN CERTIFICATE-----, the server's own certificate first.")
        case .unreadableKey:
            happened = Message(
                vi: "«{0}» không phải khoá PEM, hoặc có mật khẩu.", en: "“{0}” is not a PEM key, or has a password."
            ).with(key)
            next = Message(
                vi: "Dùng khoá PEM không mật khẩu, chỉ chủ sở hữu đọc được (chmod 600).",
                en: "Use a PEM key without a password that only its owner may read (chmod 600).")
        case .keyDoesNotFit:
            happened = Message(
                vi: "Khoá «{1}» không phải của chứng thư «{0}».", en: "The key “{1}” is not that of “{0}”."
            ).with(certificate, key)
            next = Message(
                vi: "Chọn khoá được tạo cùng chứng thư này.", en: "Give the key that this certificate was made for.")
        case .expired(let moment):
            happened = Message(
                vi: "Chứng thư «{0}» hết hạn từ {1}.", en: "The certificate “{0}” expired at {1}."
            ).with(certificate, LocalTime(seconds: moment).dateText)
            next = Message(
                vi: "Xin chứng thư mới rồi chạy lại; thiết bị giữ việc của mình và sẽ gửi sau.",
                en: "Get a new certificate and start again; devices keep their work and send it later.")
        case .notYetValid(let moment):
            happened = Message(
                vi: "Chứng thư «{0}» chỉ có hiệu lực từ {1}.", en: "The certificate “{0}” is not valid before {1}."
            ).with(certificate, LocalTime(seconds: moment).dateText)
            next = Message(
                vi: "Kiểm tra đồng hồ của máy chủ này.", en: "Check this machine's clock.")
        case .library(let code):
            happened = Message(vi: "GnuTLS báo lỗi {0}.", en: "GnuTLS failed with {0}.").with(String(code))
            next = Message(vi: "Kiểm tra bộ nhớ còn trống rồi chạy lại.", en: "Check the free memory and start again.")
        }
        return ErrorReport(
            .refused, code: fault.code, happened: happened, loss: .nothingChanged, next: next.with())
    }
}

extension TLSFault {
    fileprivate var code: String {
        switch self {
        case .unreadableCertificate: "tls.bad-certificate"
        case .unreadableKey: "tls.bad-key"
        case .keyDoesNotFit: "tls.key-does-not-fit"
        case .expired: "tls.expired"
        case .notYetValid: "tls.not-yet-valid"
        case .library: "tls.library"
        }
    }
}
