// Why a control operation was not done; the same in this process and over the socket.
import SyncKit

/// A control operation's refusal.
struct ControlFailure: Error, Equatable, Sendable {
    /// The reason. The raw value is the word on the socket and in `--json`.
    enum Code: String, Sendable {
        /// No device's key begins so.
        case deviceUnknown = "device-unknown"
        /// Several devices' keys begin so.
        case deviceAmbiguous = "device-ambiguous"
        /// No such held change set.
        case notHeld = "not-held"
        /// The ward's rules do not let it count; `detail` is the rule.
        case notReleasable = "not-releasable"
        /// The ward's own device cannot be revoked.
        case ownDevice = "own-device"
        /// An area that is not the ward's.
        case outsideWard = "outside-ward"
        /// A value that no invitation may have.
        case badInvitation = "bad-invitation"
        /// The console is there only while the ward is served.
        case notServing = "not-serving"
        /// The console is refused in plaintext beyond this machine.
        case needsTLS = "needs-tls"
        /// A name that only the console's device has.
        case reservedName = "reserved-name"
        /// The device has one branch only.
        case noFork = "no-fork"
        /// No succession of that device waits.
        case notWaiting = "not-waiting"
        case store = "store"
        /// Not a request of this version.
        case badRequest = "bad-request"
        /// The serving process stops, or does not answer.
        case unavailable = "unavailable"
    }

    var code: Code
    var detail: String

    init(_ code: Code, _ detail: String = "") {
        self.code = code
        self.detail = detail
    }

    init(_ error: StoreError) { self.init(.store, error.code.rawValue) }

    /// A failure as a reply on the socket.
    var encoded: Bytes {
        CBORValue.array([.bool(false), .text(code.rawValue), .text(detail)]).encoded
    }

    /// A reply on the socket: what was asked for, or a failure.
    static func read(_ bytes: Bytes) -> Result<CBORValue, ControlFailure> {
        guard let reply = try? CBORValue(decoding: bytes), let first = reply.elements.first else {
            return .failure(ControlFailure(.unavailable))
        }
        if first == .bool(true), reply.elements.count == 2 { return .success(reply.elements[1]) }
        let code = reply.elements.dropFirst().first?.string.flatMap(Code.init(rawValue:)) ?? .unavailable
        return .failure(ControlFailure(code, reply.elements.last?.string ?? ""))
    }
}
