// The ward over HTTP: tries the descriptor's addresses in order and stays with the one that answers.

import CommandLineKit
import SyncKit

/// Carries bodies to a ward's server and answers back.
struct WardTransport: SyncTransport {
    private static let contentType = "application/vnd.wardsync.v1"
    /// The most bytes of an answer to a join request: a signed grant.
    private static let longestGrant = 4096
    private let addresses: [String]
    /// The address that answered.
    private var chosen: Int?

    /// Copies share it: one exchange after the other.
    let client: HTTPClient
    /// Told several times a second how many bytes of this exchange's bodies went and came.
    var onBytes: ((_ sent: Int, _ received: Int) -> Void)?

    var bytesSent: Int { client.bytesSent }

    init(addresses: [String], tls: TLSPins?) {
        self.addresses = addresses
        client = HTTPClient(trust: tls.map(HTTPTrust.init) ?? .authorities)
    }

    mutating func exchange(_ body: Bytes, onChunk: (UnsafeRawBufferPointer) -> Bool) throws(TransportError) {
        try ask("/v1/sync", body, limits: ClientLimits(), onChunk: onChunk)
    }

    /// Redeems an invitation.
    /// - Returns: the signed grant.
    mutating func join(_ request: Bytes) throws(SyncFailure) -> Bytes {
        var answer = Bytes()
        var limits = ClientLimits()
        limits.maxResponseBytes = Self.longestGrant
        do {
            try ask("/v1/join", request, limits: limits) { chunk in
                answer += chunk
                return true
            }
        } catch { throw .transport(error) }
        if let refusal = Self.refusal(answer) { throw .replica(ReplicaError(.refusedByWard(refusal))) }
        return answer
    }

    /// Asks the chosen address, or each until one can be reached.
    mutating func ask(
        _ path: String, _ body: Bytes, limits: ClientLimits, onChunk: (UnsafeRawBufferPointer) -> Bool
    ) throws(TransportError) {
        let own = self
        try choosing { address throws(TransportError) in try own.ask(address, path, body, limits, onChunk) }
    }

    /// Speaks with the chosen address, or with each until one can be reached.
    mutating func choosing<Answer>(
        _ speak: (String) throws(TransportError) -> Answer
    ) throws(TransportError) -> Answer {
        if let chosen { return try speak(addresses[chosen]) }
        var failure = TransportError(.unreachable, FaultWord.noAddress.message.en)
        for (index, address) in addresses.enumerated() {
            do throws(TransportError) {
                let answer = try speak(address)
                chosen = index
                return answer
            } catch {
                failure = error
                switch error.code {
                case .unreachable, .timedOut, .badAddress: continue
                default: throw error
                }
            }
        }
        throw failure
    }

    private func ask(
        _ address: String, _ path: String, _ body: Bytes, _ limits: ClientLimits,
        _ onChunk: (UnsafeRawBufferPointer) -> Bool
    ) throws(TransportError) {
        let url = Self.url(address, path)
        let response: HTTPClientResponse
        do {
            response = try client.post(
                url: url, contentType: Self.contentType, body: body, limits: limits, onBytes: onBytes, onChunk: onChunk)
        } catch {
            // Stopped by who asked: who knows why.
            if case .interrupted = error { return }
            throw Self.failure(error, address)
        }
        if response.isSuccess { return }
        if response.status == 429 || response.status == 503,
            !Self.isTold(Self.refusal(response.errorBody)?.code)
        {
            throw TransportError(.busy(seconds: response.retryAfter.flatMap { Int64($0) } ?? 60))
        }
        // A refusal may come with a status of its own; it is handed on as the block that it stands for.
        guard let refusal = Self.refusal(response.errorBody) else {
            throw TransportError(.notAWard, "HTTP \(response.status)")
        }
        let block = path == "/v1/join" ? refusal.encoded : Block(.refusal, refusal.encoded).encoded
        _ = block.withUnsafeBytes { onChunk($0) }
    }

    static func url(_ address: String, _ path: String) -> String {
        (address.hasSuffix("/") ? String(address.dropLast()) : address) + path
    }

    /// Whether a person is told what the ward said, in place of that it is busy.
    private static func isTold(_ code: SyncRefusal.Code?) -> Bool { code == .overQuota || code == .storeFault }

    /// A refusal, bare or as a block.
    private static func refusal(_ body: Bytes) -> SyncRefusal? {
        if let bare = SyncRefusal(decoding: body) { return bare }
        var reader = BlockReader()
        reader.append(body)
        guard let block = (try? reader.next()) ?? nil, block.kind == .refusal else { return nil }
        return SyncRefusal(decoding: block.payload)
    }

    static func failure(_ error: HTTPClientError, _ address: String) -> TransportError {
        switch error {
        case .unreachable(let reason): TransportError(.unreachable, reason)
        case .timedOut: TransportError(.timedOut)
        case .pinMismatch: TransportError(.wrongKey)
        case .tlsFailed: TransportError(.notSecured, address)
        case .certificateOutOfDate: TransportError(.certificateOutOfDate, address)
        case .certificateUntrusted: TransportError(.certificateUntrusted, address)
        case .tooLarge: TransportError(.notAWard, "too large")
        case .cutOff: TransportError(.cut)
        case .notHTTP: TransportError(.notAWard, "no HTTP")
        case .libraryMissing: TransportError(.libraryMissing)
        case .badURL: TransportError(.badAddress, address)
        case .interrupted: TransportError(.cut)
        }
    }
}

extension HTTPTrust {
    /// What a ward's descriptor says of its TLS keys.
    init(_ pins: TLSPins) {
        let keys = pins.keys.map { "sha256//" + Base64.encode($0.bytes) }.joined(separator: ";")
        self = pins.trust == .pinOnly ? .pinned(keys) : .authoritiesAndPinned(keys)
    }
}
