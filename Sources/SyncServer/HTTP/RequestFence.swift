// The fence: what a request's head must look like before anything else sees it (docs: HTTP).
//
// libmicrohttpd 0.9.75 lets two Content-Length headers pass, reads an unknown transfer coding until the connection
// closes, cuts targets and headers at a NUL, and ends lines at a bare CR or LF. Each of these lets two readers of one byte stream disagree on where
// a request ends, so the fence refuses them and closes the connection.

/// The head of a request as libmicrohttpd read it, before any check.
struct RawRequestHead {
    var method: [UInt8]
    var version: [UInt8]
    /// As it stood in the request line, undecoded.
    var target: [UInt8]
    /// False when the bytes between target and version are not exactly one space: a NUL hides in the target.
    var targetIsWhole: Bool
    /// False when something other than one CR LF stands between two lines, or a line was folded.
    var linesAreWhole: Bool
    /// All of them, in order, repetitions included.
    var headers: [(name: [UInt8], value: [UInt8])]
    /// Request line and headers, in bytes.
    var size: Int
}

/// Why a request was refused. The connection closes after the answer.
struct FenceRefusal: Error, Equatable {
    let status: Int
    /// For the log and the client: words of this program, nothing from the request.
    let reason: String

    init(_ status: Int, _ reason: String) {
        self.status = status
        self.reason = reason
    }
}

/// Checks heads against one server's limits. Pure: the same head, the same answer.
struct RequestFence {
    let limits: HTTPLimits

    func check(_ raw: RawRequestHead, remoteAddress: String, countedAs: UInt64? = nil) throws(FenceRefusal)
        -> HTTPRequestHead
    {
        guard raw.size <= limits.maxHeaderBytes, raw.headers.count <= limits.maxHeaders else {
            throw FenceRefusal(431, "headers too large")
        }
        let modern = raw.version == Array("HTTP/1.1".utf8)
        guard modern || raw.version == Array("HTTP/1.0".utf8) else { throw FenceRefusal(505, "version not supported") }
        guard let method = ["GET", "HEAD", "POST"].first(where: { Array($0.utf8) == raw.method }) else {
            throw FenceRefusal(405, "method not allowed")
        }
        guard raw.linesAreWhole else { throw FenceRefusal(400, "bad line end") }
        guard raw.targetIsWhole, let target = RequestTarget(raw.target) else { throw FenceRefusal(400, "bad target") }
        let (headers, repeated) = try collect(raw.headers)
        try checkHost(headers["host"], repeated: repeated.contains("host"), required: modern)
        let length = try framing(headers, repeated, method: method, modern: modern)
        if let expectation = headers["expect"], expectation.lowercased() != "100-continue" {
            throw FenceRefusal(417, "expectation not supported")
        }
        return HTTPRequestHead(
            method: method, path: target.path, query: target.query, headers: headers, remoteAddress: remoteAddress,
            contentLength: length, countedAs: countedAs)
    }

    private func collect(
        _ raw: [(name: [UInt8], value: [UInt8])]
    ) throws(FenceRefusal) -> (headers: [String: String], repeated: Set<String>) {
        var headers: [String: String] = [:]
        var repeated: Set<String> = []
        for (name, value) in raw {
            guard !name.isEmpty, name.allSatisfy(Self.isTokenByte) else { throw FenceRefusal(400, "bad header name") }
            guard value.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }),
                let text = String(validating: value, as: UTF8.self)
            else { throw FenceRefusal(400, "bad header value") }
            let key = String(decoding: name, as: UTF8.self).lowercased()
            if headers[key] == nil { headers[key] = text } else { repeated.insert(key) }
        }
        return (headers, repeated)
    }

    private func checkHost(_ host: String?, repeated: Bool, required: Bool) throws(FenceRefusal) {
        if repeated { throw FenceRefusal(400, "two Host headers") }
        guard let host else {
            if required { throw FenceRefusal(400, "no Host header") }
            return
        }
        let allowed = host.utf8.allSatisfy { byte in
            Self.isTokenByte(byte) || byte == 0x3A || byte == 0x5B || byte == 0x5D  // : [ ]
        }
        guard !host.isEmpty, allowed else { throw FenceRefusal(400, "bad Host header") }
    }

    /// Where the body ends: one way to say it, or none.
    private func framing(
        _ headers: [String: String], _ repeated: Set<String>, method: String, modern: Bool
    ) throws(FenceRefusal) -> Int? {
        let coding = headers["transfer-encoding"]
        let lengthText = headers["content-length"]
        if let coding {
            guard coding == "chunked", !repeated.contains("transfer-encoding"), modern else {
                throw FenceRefusal(400, "transfer coding not supported")
            }
            if lengthText != nil { throw FenceRefusal(400, "two ways to end the body") }
        }
        if repeated.contains("content-length") { throw FenceRefusal(400, "two Content-Length headers") }
        var length: Int?
        if let lengthText {
            guard let value = Self.decimal(lengthText) else { throw FenceRefusal(400, "bad Content-Length") }
            guard value <= limits.maxBodyBytes else { throw FenceRefusal(413, "body too large") }
            length = value
        }
        if method != "POST", coding != nil || (length ?? 0) > 0 {
            throw FenceRefusal(400, "a body where none belongs")
        }
        return length
    }

    /// Digits only: no sign, no space, no list. Nil on overflow.
    static func decimal(_ text: String) -> Int? {
        guard !text.isEmpty, text.utf8.count <= 19, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return Int(text)
    }

    /// RFC 9110 `tchar`.
    static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}
