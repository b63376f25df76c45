// What a certificate and a key say of themselves, looked at before the server starts with them.
import CGnuTLS
import Glibc
import SyncKit

/// Why a certificate and a key cannot be served with.
enum TLSFault: Error, Equatable {
    /// Not PEM, or nothing that GnuTLS can read as a certificate.
    case unreadableCertificate
    case unreadableKey
    case keyDoesNotFit
    /// Since this moment, in seconds since 1970.
    case expired(Int64)
    /// Until this moment.
    case notYetValid(Int64)
    /// GnuTLS has no memory or no randomness: its code.
    case library(Int32)
}

/// A certificate as its readers see it.
struct TLSCertificate: Equatable {
    /// SHA-256 of the SubjectPublicKeyInfo, as RFC 7469 pins a key.
    let pin: Digest
    let notBefore: Int64
    let notAfter: Int64

    /// Reads the first certificate of a chain: the server's own.
    init(chainPEM: String) throws(TLSFault) {
        let chain = try CertificateHandle(pem: chainPEM)
        pin = try chain.pin()
        notBefore = Int64(gnutls_x509_crt_get_activation_time(chain.handle))
        notAfter = Int64(gnutls_x509_crt_get_expiration_time(chain.handle))
    }

    /// Reads a certificate and a key that belong together and may be used at a moment.
    init(_ material: HTTPTLS, now: Int64) throws(TLSFault) {
        try self.init(chainPEM: material.certificatePEM)
        let key = try PrivateKeyHandle(pem: material.privateKeyPEM)
        guard try key.pin() == pin else { throw .keyDoesNotFit }
        guard now <= notAfter else { throw .expired(notAfter) }
        guard now >= notBefore else { throw .notYetValid(notBefore) }
    }
}

/// A certificate in GnuTLS.
final class CertificateHandle {
    let handle: OpaquePointer

    init() throws(TLSFault) {
        var made: OpaquePointer?
        let code = gnutls_x509_crt_init(&made)
        guard code == 0, let made else { throw .library(code) }
        handle = made
    }

    convenience init(pem: String) throws(TLSFault) {
        try self.init()
        let code = withDatum(pem) { gnutls_x509_crt_import(handle, $0, GNUTLS_X509_FMT_PEM) }
        guard code == 0 else { throw .unreadableCertificate }
    }

    deinit { gnutls_x509_crt_deinit(handle) }

    func pin() throws(TLSFault) -> Digest {
        try digest { gnutls_x509_crt_get_key_id(handle, GNUTLS_KEYID_USE_SHA256.rawValue, $0, $1) }
    }
}

/// A private key in GnuTLS.
final class PrivateKeyHandle {
    let handle: OpaquePointer

    init() throws(TLSFault) {
        var made: OpaquePointer?
        let code = gnutls_x509_privkey_init(&made)
        guard code == 0, let made else { throw .library(code) }
        handle = made
    }

    convenience init(pem: String) throws(TLSFault) {
        try self.init()
        let code = withDatum(pem) { gnutls_x509_privkey_import2(handle, $0, GNUTLS_X509_FMT_PEM, nil, 0) }
        guard code == 0 else { throw .unreadableKey }
    }

    deinit { gnutls_x509_privkey_deinit(handle) }

    func pin() throws(TLSFault) -> Digest {
        try digest { gnutls_x509_privkey_get_key_id(handle, GNUTLS_KEYID_USE_SHA256.rawValue, $0, $1) }
    }
}

private func withDatum<Result>(_ text: String, _ body: (UnsafePointer<gnutls_datum_t>) -> Result) -> Result {
    var bytes = Bytes(text.utf8)
    defer { bytes.withUnsafeMutableBytes { if let base = $0.baseAddress { explicit_bzero(base, $0.count) } } }
    return bytes.withUnsafeMutableBufferPointer { buffer in
        var datum = gnutls_datum_t(data: buffer.baseAddress, size: UInt32(clamping: buffer.count))
        return body(&datum)
    }
}

private func digest(_ read: (UnsafeMutablePointer<UInt8>?, UnsafeMutablePointer<Int>) -> Int32) throws(TLSFault)
    -> Digest
{
    var bytes = Bytes(repeating: 0, count: Digest.byteCount)
    var count = bytes.count
    let code = bytes.withUnsafeMutableBufferPointer { read($0.baseAddress, &count) }
    guard code == 0, count == bytes.count, let digest = Digest(bytes) else { throw .library(code) }
    return digest
}
