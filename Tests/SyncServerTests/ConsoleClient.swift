// A browser without a screen: it keeps cookies, follows what pages name, and sends forms.
import SyncKit
import Testing

@testable import SyncServer

/// One person's browser.
final class ConsoleClient {
    let port: UInt16
    var cookies: [String: String] = [:]
    /// Headers that are sent with everything.
    var headers: [(String, String)] = []

    init(port: UInt16) { self.port = port }

    private func lines(_ more: [(String, String)]) -> String {
        var lines = (headers + more).map { "\($0): \($1)\r\n" }.joined()
        if !cookies.isEmpty {
            lines +=
                "Cookie: " + cookies.sorted { $0.key < $1.key }.map { "\($0)=\($1)" }.joined(separator: "; ") + "\r\n"
        }
        return lines + "Connection: close\r\n"
    }

    private func take(_ client: RawClient) -> RawAnswer {
        let answer = client.readToEnd()
        if let cookie = answer.header("set-cookie"), let pair = cookie.split(separator: ";").first {
            let parts = pair.split(separator: "=", maxSplits: 1)
            if let name = parts.first { cookies[String(name)] = parts.count > 1 ? String(parts[1]) : nil }
        }
        return answer
    }

    func get(_ path: String) throws -> RawAnswer {
        let client = try #require(RawClient(port: port))
        client.send("GET \(path) HTTP/1.1\r\nHost: x\r\n\(lines([]))\r\n")
        return take(client)
    }

    @discardableResult
    func post(
        _ path: String, _ fields: [(String, String)], type: String = "application/x-www-form-urlencoded"
    ) throws -> RawAnswer {
        let body = fields.map { "\($0)=" + PercentCoding.encode($1) }.joined(separator: "&")
        let client = try #require(RawClient(port: port))
        client.send(
            "POST \(path) HTTP/1.1\r\nHost: x\r\nContent-Type: \(type)\r\nContent-Length: \(body.utf8.count)\r\n"
                + "\(lines([]))\r\n" + body)
        return take(client)
    }

    /// Signs in with a new link.
    @discardableResult
    func signIn(_ ward: TestHome, _ role: ConsoleRole = .admin, name: String = "Hà") throws -> RawAnswer {
        let url = try #require(try ward.ask(.consoleLink(role, name: name))["url"].string)
        let mark = try #require(url.range(of: "link="))
        return try post("/console/enter", [("link", String(url[mark.upperBound...]))])
    }

    /// What a page's forms carry.
    func token(_ page: String = "/console/log") throws -> String {
        try #require(try get(page).hidden("token").first)
    }
}

extension String {
    /// The first place of a text.
    func range(of text: String) -> Range<String.Index>? {
        let wanted = Array(text.utf8)
        var start = utf8.startIndex
        while start < utf8.endIndex {
            if utf8[start...].starts(with: wanted) {
                return start..<utf8.index(start, offsetBy: wanted.count)
            }
            start = utf8.index(after: start)
        }
        return nil
    }
}

extension RawAnswer {
    /// The values of the hidden fields with a name.
    func hidden(_ name: String) -> [String] {
        var found: [String] = []
        var rest = body
        let mark = "name=\"\(name)\" value=\""
        while let start = rest.range(of: mark) {
            rest = String(rest[start.upperBound...])
            guard let end = rest.range(of: "\"") else { break }
            found.append(String(rest[..<end.lowerBound]))
        }
        return found
    }
}
