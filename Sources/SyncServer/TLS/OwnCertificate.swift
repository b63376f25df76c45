// The ward's own certificate in its home: made once, and the same key ever after.
import SyncKit

extension WardHome {
    /// No PEM file that is served with is larger.
    static let maxCertificate = 256 * 1024

    /// The ward's own key and certificate, made where there are none yet.
    func ownTLS() throws(HomeError) -> HTTPTLS {
        let (found, _) = try readDescriptor()
        let key = try ownTLSKey()
        if let known = try readIfThere(tlsCertificate, max: Self.maxCertificate) {
            return HTTPTLS(certificatePEM: known, privateKeyPEM: key)
        }
        let made: String
        do {
            made = try SelfSigned.makeCertificate(keyPEM: key, name: found.name, hosts: found.hosts)
        } catch { throw .tls(error) }
        do { try HomeFiles.replace(tlsCertificate, Bytes(made.utf8)) } catch { throw .file(error) }
        return HTTPTLS(certificatePEM: made, privateKeyPEM: key)
    }

    private func ownTLSKey() throws(HomeError) -> String {
        if let known = try readIfThere(tlsKey, max: 64 * 1024, isSecret: true) { return known }
        let made: String
        do { made = try SelfSigned.makeKey() } catch { throw .tls(error) }
        do { try HomeFiles.create(tlsKey, Bytes(made.utf8)) } catch { throw .file(error) }
        HomeFiles.sync(directoryOf: tlsKey)
        return made
    }

    private func readIfThere(_ path: String, max: Int, isSecret: Bool = false) throws(HomeError) -> String? {
        do {
            return String(decoding: try HomeFiles.read(path, max: max, isSecret: isSecret), as: UTF8.self)
        } catch {
            if error.reason == .missing { return nil }
            throw .file(error)
        }
    }
}

extension WardDescriptor {
    /// The hosts of its addresses, without ports.
    var hosts: [String] {
        addresses.compactMap { address in
            guard let start = address.firstRange(of: "://")?.upperBound else { return nil }
            let authority = address[start...].prefix { $0 != "/" && $0 != "?" }
            let host =
                authority.hasPrefix("[")
                ? authority.dropFirst().prefix { $0 != "]" } : authority.prefix { $0 != ":" }
            return host.isEmpty ? nil : String(host)
        }
    }

    /// The same places under https.
    var securedAddresses: [String] {
        addresses.map { $0.hasPrefix("http://") ? "https://" + $0.dropFirst("http://".count) : $0 }
    }
}
