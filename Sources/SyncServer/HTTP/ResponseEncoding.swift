// From an answer to what libmicrohttpd sends, or to plain bytes where libmicrohttpd cannot send any more.
import CMicroHTTPD

extension HTTPResponse {
    /// A status that is an answer; 1xx would make libmicrohttpd wait for another.
    private var finalStatus: Int { (200...599).contains(status) ? status : 500 }

    /// Without what could end a line early, and without what the server itself says.
    private var safeHeaders: [(String, String)] {
        headers.filter { name, value in
            !name.isEmpty && name.utf8.allSatisfy(RequestFence.isTokenByte)
                && value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
                && !["content-length", "transfer-encoding", "connection", "date"].contains(name.lowercased())
        }
    }

    /// Hands the answer to libmicrohttpd.
    func queue(on connection: OpaquePointer, closing: Bool) -> MHD_Result {
        guard let response = makeResponse() else { return .NO }
        defer { MHD_destroy_response(response) }
        for (name, value) in safeHeaders { _ = MHD_add_response_header(response, name, value) }
        if closing { _ = MHD_add_response_header(response, "Connection", "close") }
        return MHD_queue_response(connection, UInt32(finalStatus), response)
    }

    private func makeResponse() -> OpaquePointer? {
        switch body {
        case .bytes(let bytes):
            return bytes.withUnsafeBytes {
                MHD_create_response_from_buffer(
                    $0.count, UnsafeMutableRawPointer(mutating: $0.baseAddress), .RESPMEM_MUST_COPY)
            }
        case .stream(let next):
            let source = Unmanaged.passRetained(StreamSource(next))
            let response = MHD_create_response_from_callback(
                .max, 32 * 1024,
                { context, _, buffer, capacity in
                    guard let context, let buffer else { return -1 }
                    let room = UnsafeMutableRawBufferPointer(start: buffer, count: capacity)
                    // -1 is MHD_CONTENT_READER_END_OF_STREAM, a macro that does not reach Swift.
                    return Unmanaged<StreamSource>.fromOpaque(context).takeUnretainedValue().fill(room) ?? -1
                },
                source.toOpaque(),
                { context in
                    if let context { Unmanaged<StreamSource>.fromOpaque(context).release() }
                })
            if response == nil { source.release() }
            return response
        }
    }

    /// The whole answer as bytes, for a connection that closes after it. Nil for a stream.
    func closingBytes() -> [UInt8]? {
        guard case .bytes(let content) = body else { return nil }
        let phrase = MHD_get_reason_phrase_for(UInt32(finalStatus)).map { String(cString: $0) } ?? "Error"
        var head = "HTTP/1.1 \(finalStatus) \(phrase)\r\nConnection: close\r\nContent-Length: \(content.count)\r\n"
        for (name, value) in safeHeaders { head += "\(name): \(value)\r\n" }
        return Array((head + "\r\n").utf8) + content
    }
}

/// Cuts what a stream yields to the room that libmicrohttpd has.
private final class StreamSource {
    private let next: () -> [UInt8]?
    private var rest: ArraySlice<UInt8> = []

    init(_ next: @escaping () -> [UInt8]?) { self.next = next }

    /// The number of bytes written, never 0; nil at the end.
    func fill(_ room: UnsafeMutableRawBufferPointer) -> Int? {
        while rest.isEmpty {
            guard let more = next() else { return nil }
            rest = more[...]
        }
        let part = rest.prefix(room.count)
        room.copyBytes(from: part)
        rest = rest.dropFirst(part.count)
        return part.count
    }
}
