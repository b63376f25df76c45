// The listening socket: made here and not by libmicrohttpd, so that a taken port is told from any other failure.
import Glibc

/// A numeric address and what it means for the fence.
enum ListenAddress {
    case v4(sockaddr_in)
    case v6(sockaddr_in6)

    init(_ text: String, port: UInt16) throws(HTTPServerError) {
        var four = in_addr()
        var six = in6_addr()
        if inet_pton(AF_INET, text, &four) == 1 {
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            address.sin_addr = four
            self = .v4(address)
        } else if inet_pton(AF_INET6, text, &six) == 1 {
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_port = port.bigEndian
            address.sin6_addr = six
            self = .v6(address)
        } else {
            throw .badAddress(text)
        }
    }

    /// Only this machine can reach it: 127.0.0.0/8 or ::1.
    var isLoopback: Bool {
        switch self {
        case .v4(let address): return address.sin_addr.s_addr.bigEndian >> 24 == 127
        case .v6(let address):
            return withUnsafeBytes(of: address.sin6_addr) { $0.dropLast().allSatisfy { $0 == 0 } && $0.last == 1 }
        }
    }

    /// Calls `body` with the address in the form that the socket calls want.
    func withSocketAddress<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        func call<Value>(_ value: Value) -> Result {
            withUnsafePointer(to: value) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    body($0, socklen_t(MemoryLayout<Value>.size))
                }
            }
        }
        switch self {
        case .v4(let address): return call(address)
        case .v6(let address): return call(address)
        }
    }

    /// Binds and listens. An IPv6 socket takes IPv6 only, so that a peer has one way to be written.
    func listen() throws(HTTPServerError) -> (descriptor: Int32, port: UInt16) {
        let family =
            switch self {
            case .v4: AF_INET
            case .v6: AF_INET6
            }
        let descriptor = socket(family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw .socketFailed(call: "socket", code: errno) }
        var one: Int32 = 1
        let size = socklen_t(MemoryLayout<Int32>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, size)
        if family == AF_INET6 { setsockopt(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, &one, size) }
        var failed: String?
        if withSocketAddress({ bind(descriptor, $0, $1) }) != 0 {
            failed = "bind"
        } else if Glibc.listen(descriptor, 511) != 0 {
            failed = "listen"
        }
        if let failed {
            let code = errno
            close(descriptor)
            throw .socketFailed(call: failed, code: code)
        }
        return (descriptor, Self.boundPort(descriptor))
    }

    private static func boundPort(_ descriptor: Int32) -> UInt16 {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return withUnsafeMutableBytes(of: &storage) { bytes in
            let got = bytes.withMemoryRebound(to: sockaddr.self) { getsockname(descriptor, $0.baseAddress, &length) }
            // Both families keep the port at the same place.
            return got == 0 ? UInt16(bigEndian: bytes.loadUnaligned(fromByteOffset: 2, as: UInt16.self)) : 0
        }
    }
}

/// Who is at the other end.
struct PeerAddress {
    /// In numbers, without the port.
    let text: String
    /// What counts as one address: an IPv4 address, or the /64 of an IPv6 address, which is what one household has.
    let countedAs: UInt64

    /// From this machine.
    var isLoopback: Bool { text.hasPrefix("127.") || text == "::1" }

    /// Nil for an address that is neither.
    init?(_ address: UnsafePointer<sockaddr>) {
        var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let raw = UnsafeRawPointer(address)
        switch Int32(address.pointee.sa_family) {
        case AF_INET:
            var four = raw.loadUnaligned(as: sockaddr_in.self).sin_addr
            guard inet_ntop(AF_INET, &four, &buffer, socklen_t(buffer.count)) != nil else { return nil }
            countedAs = UInt64(four.s_addr)
        case AF_INET6:
            var six = raw.loadUnaligned(as: sockaddr_in6.self).sin6_addr
            guard inet_ntop(AF_INET6, &six, &buffer, socklen_t(buffer.count)) != nil else { return nil }
            countedAs = withUnsafeBytes(of: six) { $0.loadUnaligned(as: UInt64.self) }
        default:
            return nil
        }
        text = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
