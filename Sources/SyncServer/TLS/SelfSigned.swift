// A certificate that nobody vouches for but the ward: devices know its key from the signed descriptor.
import CGnuTLS
import Glibc
import SyncKit

/// Makes keys and self-signed certificates.
enum SelfSigned {
    /// RFC 5280, 4.1.2.5: a certificate without a sensible end. Its key stands in the descriptor, and goes with it.
    static let noEnd: Int64 = 253_402_300_799
    /// Before any clock that a device may have.
    static let longAgo: Int64 = 946_684_800

    /// A new P-256 key, PEM.
    static func makeKey() throws(TLSFault) -> String {
        let key = try PrivateKeyHandle()
        try check(gnutls_x509_privkey_generate(key.handle, GNUTLS_PK_ECDSA, wardsync_gnutls_p256_bits(), 0))
        return try export { gnutls_x509_privkey_export2_pkcs8(key.handle, GNUTLS_X509_FMT_PEM, nil, 0, $0) }
    }

    /// A certificate for a key, PEM.
    /// - Parameters:
    ///   - name: whom it names; browsers show it.
    ///   - hosts: names and numeric addresses.
    static func makeCertificate(
        keyPEM: String, name: String, hosts: [String], notBefore: Int64 = longAgo, notAfter: Int64 = noEnd
    ) throws(TLSFault) -> String {
        let key = try PrivateKeyHandle(pem: keyPEM)
        let made = try CertificateHandle()
        let certificate = made.handle
        var pin = try key.pin().bytes
        // Positive, and another for each key.
        pin[0] = pin[0] & 0x7F | 0x40
        try check(gnutls_x509_crt_set_version(certificate, 3))
        try check(gnutls_x509_crt_set_serial(certificate, pin, 16))
        try check(gnutls_x509_crt_set_activation_time(certificate, time_t(notBefore)))
        try check(gnutls_x509_crt_set_expiration_time(certificate, time_t(notAfter)))
        // 2.5.4.3 is the common name, of at most 64 characters.
        let common = Bytes(String(name.unicodeScalars.prefix(60)).utf8)
        try check(gnutls_x509_crt_set_dn_by_oid(certificate, "2.5.4.3", 0, common, UInt32(common.count)))
        try check(gnutls_x509_crt_set_key(certificate, key.handle))
        try check(gnutls_x509_crt_set_basic_constraints(certificate, 1, 0))
        for host in hosts { try check(add(host, to: certificate)) }
        try check(gnutls_x509_crt_sign2(certificate, certificate, key.handle, GNUTLS_DIG_SHA256, 0))
        return try export { gnutls_x509_crt_export2(certificate, GNUTLS_X509_FMT_PEM, $0) }
    }

    private static func add(_ host: String, to certificate: OpaquePointer) -> Int32 {
        // 1 is GNUTLS_FSAN_APPEND, a macro that does not reach Swift.
        func set(_ type: gnutls_x509_subject_alt_name_t, _ bytes: Bytes) -> Int32 {
            gnutls_x509_crt_set_subject_alt_name(certificate, type, bytes, UInt32(clamping: bytes.count), 1)
        }
        var four = in_addr()
        var six = in6_addr()
        if inet_pton(AF_INET, host, &four) == 1 {
            return set(GNUTLS_SAN_IPADDRESS, withUnsafeBytes(of: four) { Bytes($0) })
        }
        if inet_pton(AF_INET6, host, &six) == 1 {
            return set(GNUTLS_SAN_IPADDRESS, withUnsafeBytes(of: six) { Bytes($0) })
        }
        return set(GNUTLS_SAN_DNSNAME, Bytes(host.utf8))
    }

    private static func check(_ code: Int32) throws(TLSFault) { if code != 0 { throw .library(code) } }

    private static func export(_ write: (UnsafeMutablePointer<gnutls_datum_t>) -> Int32) throws(TLSFault) -> String {
        var datum = gnutls_datum_t(data: nil, size: 0)
        let code = write(&datum)
        guard code == 0, let data = datum.data else { throw .library(code) }
        let bytes = UnsafeMutableRawBufferPointer(start: data, count: Int(datum.size))
        defer {
            explicit_bzero(data, bytes.count)
            wardsync_gnutls_free(data)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
