// Bundles over HTTP, as a courier speaks with a ward: parts go up and come down, and go on where they broke off.

import CommandLineKit
import SyncKit

extension WardTransport {
    /// The most bytes of an answer to a part, or to a question about a bundle.
    private static var longestReceipt: Int { 4096 }

    /// Hands in the file of one part of a bundle, from a byte on that the ward said it has the part up to.
    /// - Parameter most: breaks off behind so many bytes.
    /// - Returns: `nil` where it was broken off.
    mutating func hand(
        _ file: Bytes, _ place: PartPlace, from offset: Int = 0, most: Int = .max
    ) throws(TransportError) -> PartReceipt? {
        var answer = Bytes()
        var limits = ClientLimits()
        limits.maxResponseBytes = Self.longestReceipt
        limits.maxRequestBytes = most
        let isWhole = offset <= 0 || offset > file.count
        let path = isWhole ? "/v1/bundle" : "/v1/bundle/\(place.bundle.hex)/\(place.part)/\(offset)"
        try ask(path, isWhole ? file : Bytes(file[offset...]), limits: limits) { chunk in
            answer += chunk
            return true
        }
        if answer.isEmpty, most < file.count - max(0, offset) { return nil }
        guard let receipt = PartReceipt(decoding: answer) else { throw TransportError(.notAWard, "bundle") }
        return receipt
    }

    /// What the ward has of a bundle; `nil` where it knows nothing of it.
    mutating func standing(of bundle: Digest) throws(TransportError) -> PartReceipt? {
        var answer = Bytes()
        let isThere = try get("/v1/bundle/\(bundle.hex)", most: Self.longestReceipt) { chunk in
            answer += chunk
            return true
        }
        guard isThere else { return nil }
        guard let receipt = PartReceipt(decoding: answer) else { throw TransportError(.notAWard, "bundle") }
        return receipt
    }

    /// One part of the return that answers a bundle, from a byte of its file on, as it comes.
    /// - Parameter onChunk: false stops it.
    /// - Returns: false where the ward has no such part, or none that is so long.
    mutating func fetchReturn(
        of bundle: Digest, part: Int, from offset: Int = 0, onChunk: (UnsafeRawBufferPointer) -> Bool
    ) throws(TransportError) -> Bool {
        let path = "/v1/bundle/\(bundle.hex)/\(part)" + (offset > 0 ? "/\(offset)" : "")
        return try get(path, most: BundleLimits.file, onChunk: onChunk)
    }

    private mutating func get(
        _ path: String, most: Int, onChunk: (UnsafeRawBufferPointer) -> Bool
    ) throws(TransportError) -> Bool {
        var limits = ClientLimits()
        limits.maxResponseBytes = most
        let (client, bounded) = (client, limits)
        return try choosing { address throws(TransportError) in
            let response: HTTPClientResponse
            do throws(HTTPClientError) {
                response = try client.get(url: Self.url(address, path), limits: bounded, onChunk: onChunk)
            } catch { throw Self.failure(error, address) }
            if response.isSuccess { return true }
            if response.status == 404 { return false }
            throw TransportError(.busy(seconds: response.retryAfter.flatMap { Int64($0) } ?? 60))
        }
    }
}
