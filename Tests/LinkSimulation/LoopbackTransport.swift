// HTTP to a server on this machine, from a loopback address of one's own: many devices need not look like one.

import SyncKit

/// Carries bodies over bare sockets, a connection for each, as `ward` does. Plaintext, loopback only. A read gives up
/// after 60 seconds.
package struct LoopbackTransport: SyncTransport {
    private let port: UInt16
    /// The address in 127.0.0.0/8 that it comes from.
    private let source: UInt32

    /// - Parameter device: each number up to 60,000 has an address of its own.
    package init(port: UInt16, device: Int) {
        self.port = port
        source = LoopbackSocket.address(device)
    }

    package mutating func exchange(_ body: Bytes, onChunk: (UnsafeRawBufferPointer) -> Bool) throws(TransportError) {
        try post("/v1/sync", body, onChunk: onChunk)
    }

    /// Redeems an invitation.
    /// - Returns: the signed grant.
    package func join(_ request: Bytes) throws(TransportError) -> Bytes {
        var grant = Bytes()
        try post("/v1/join", request) { chunk in
            grant += chunk
            return true
        }
        return grant
    }

    private func post(
        _ path: String, _ body: Bytes, onChunk: (UnsafeRawBufferPointer) -> Bool
    ) throws(TransportError) {
        let socket = try LoopbackSocket(port: port, from: source)
        let head =
            "POST \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/vnd.wardsync.v1\r\n"
            + "Content-Length: \(body.count)\r\n\r\n"
        // A server that refuses early has answered already.
        socket.send(Bytes(head.utf8) + body)
        var answer = HTTPAnswer()
        var buffer = Bytes(repeating: 0, count: 64 * 1024)
        var isWanted = true
        while isWanted, !answer.isOver {
            let count = socket.read(into: &buffer)
            guard count > 0 else { throw TransportError(answer.status == nil ? .unreachable : .cut) }
            let piece = answer.take(buffer[..<count])
            guard let status = answer.status else { continue }
            if status == 429 || status == 503 { throw TransportError(.busy(seconds: answer.retryAfter ?? 60)) }
            if !piece.isEmpty { isWanted = piece.withUnsafeBytes { onChunk($0) } }
        }
    }
}

/// An answer as it arrives: with a length, or in chunks.
private struct HTTPAnswer {
    private(set) var status: Int?
    private(set) var retryAfter: Int64?
    private(set) var isOver = false
    private var rest = Bytes()
    private var isChunked = false
    /// Bytes of the body, or of the chunk, that are still to come; of a chunk with its line end.
    private var left = 0

    /// Takes what arrived.
    /// - Returns: what of the body is in it.
    mutating func take(_ bytes: ArraySlice<UInt8>) -> Bytes {
        rest += bytes
        if status == nil {
            guard let end = rest.firstRange(of: Bytes("\r\n\r\n".utf8)) else { return [] }
            readHead(String(decoding: rest[..<end.lowerBound], as: UTF8.self))
            rest.removeFirst(end.upperBound)
        }
        return isChunked ? takeChunks() : takeLength()
    }

    private mutating func readHead(_ text: String) {
        let lines = text.split(separator: "\r\n")
        status = lines.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        for line in lines.dropFirst() {
            let pair = line.split(separator: ":", maxSplits: 1)
            guard pair.count == 2 else { continue }
            let value = pair[1].drop { $0 == " " }
            switch pair[0].lowercased() {
            case "content-length": left = Int(value) ?? 0
            case "transfer-encoding": isChunked = value == "chunked"
            case "retry-after": retryAfter = Int64(value)
            default: break
            }
        }
        isOver = !isChunked && left == 0
    }

    private mutating func takeLength() -> Bytes {
        let body = Bytes(rest.prefix(left))
        left -= body.count
        rest = []
        isOver = left == 0
        return body
    }

    private mutating func takeChunks() -> Bytes {
        var body = Bytes()
        while !isOver {
            if left > 2 {
                let piece = rest.prefix(left - 2)
                if piece.isEmpty { return body }
                body += piece
                left -= piece.count
                rest.removeFirst(piece.count)
            } else if left > 0 {
                guard rest.count >= left else { return body }
                rest.removeFirst(left)
                left = 0
            } else {
                guard let line = rest.firstRange(of: [0x0D, 0x0A]) else { return body }
                let length = Int(String(decoding: rest[..<line.lowerBound], as: UTF8.self), radix: 16) ?? 0
                rest.removeFirst(line.upperBound)
                isOver = length == 0
                left = length + 2
            }
        }
        return body
    }
}
