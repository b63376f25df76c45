// The one table that says which HTTP status a refusal of the sync protocol travels with.
import SyncKit

extension SyncRefusal.Code {
    /// The status of an answer that holds nothing but this refusal.
    var httpStatus: Int {
        switch self {
        case .malformed, .tooLarge: 400
        case .badSignature, .unknownDevice: 401
        case .invitationUnknown, .invitationExpired, .unconfirmed: 403
        case .otherWard, .unknownPosition, .staleRequest, .invitationUsed, .restored: 409
        case .lobbyFull, .overQuota, .tooMany: 429
        case .unavailable, .storeFault: 503
        }
    }

    /// After how many seconds it is worth trying again; nil where that alone would not help.
    private var retryAfterSeconds: UInt64? {
        switch self {
        case .lobbyFull: 3600
        case .unavailable: 5
        case .storeFault: 300
        default: nil
        }
    }

    /// What `Retry-After` says.
    fileprivate func headers(_ number: UInt64) -> [(String, String)] {
        let isNumber = self == .overQuota || self == .tooMany || (self == .unavailable && number > 0)
        let seconds = isNumber ? number : retryAfterSeconds
        return seconds.map { [("Retry-After", String($0))] } ?? []
    }
}

/// The media type of everything that is a row of blocks, and of join requests and grants.
let syncMediaType = "application/vnd.wardsync.v1"

extension HTTPResponse {
    /// A refusal before anything was answered: its block as the whole body.
    static func refusal(_ refusal: SyncRefusal) -> HTTPResponse {
        HTTPResponse(
            status: refusal.code.httpStatus,
            headers: [("Content-Type", syncMediaType)] + refusal.code.headers(refusal.number),
            body: .bytes(Block(.refusal, refusal.encoded).encoded))
    }

    /// An answer of the sync protocol.
    static func sync(_ body: HTTPBody) -> HTTPResponse {
        HTTPResponse(status: 200, headers: [("Content-Type", syncMediaType)], body: body)
    }
}
