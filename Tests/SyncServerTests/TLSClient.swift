// A client of bare TLS: it offers exactly the versions that a test names.
import CGnuTLS
import Glibc

@testable import SyncServer

/// One TLS connection to loopback, which trusts whatever answers.
final class TLSClient {
    let raw: RawClient
    private var session: OpaquePointer?
    private var credentials: OpaquePointer?
    /// 0 where the connection is secured.
    let handshake: Int32

    /// - Parameter versions: such as `+VERS-TLS1.3`.
    init?(port: UInt16, versions: String = "+VERS-TLS1.3:+VERS-TLS1.2") {
        guard let raw = RawClient(port: port) else { return nil }
        self.raw = raw
        gnutls_certificate_allocate_credentials(&credentials)
        gnutls_init(&session, UInt32(GNUTLS_CLIENT))
        gnutls_priority_set_direct(session, "NORMAL:-VERS-ALL:" + versions, nil)
        gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, UnsafeMutableRawPointer(credentials))
        gnutls_transport_set_int2(session, raw.descriptor, raw.descriptor)
        var code: Int32 = 0
        repeat { code = gnutls_handshake(session) } while code < 0 && gnutls_error_is_fatal(code) == 0
        handshake = code
    }

    deinit {
        gnutls_deinit(session)
        gnutls_certificate_free_credentials(credentials)
    }

    func send(_ text: String) { send(text.utf8) }

    func send(_ bytes: some Sequence<UInt8>) {
        var rest = Array(bytes)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { gnutls_record_send(session, $0.baseAddress, $0.count) }
            if count < 0, gnutls_error_is_fatal(Int32(count)) == 0 { continue }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    func readToEnd() -> RawAnswer {
        var all: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = gnutls_record_recv(session, &buffer, buffer.count)
            if count < 0, gnutls_error_is_fatal(Int32(count)) == 0 { continue }
            guard count > 0 else { return RawAnswer(bytes: all) }
            all += buffer[..<count]
        }
    }
}
