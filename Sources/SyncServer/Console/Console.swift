// The console: web pages for the ward's admins and auditors, and the public page, on the server's own port.
import CommandLineKit
import SyncKit
import WardWords

/// What all pages share. Served under `/console` to whoever is signed in, and under `/public` to everybody.
///
/// In plaintext beyond this machine the console is refused, whatever else is allowed there: a session's cookie would be
/// read along (docs/operations.md, "The console").
final class Console: Sendable {
    let service: WardService
    let home: WardHome
    let ward: WardDescriptor
    let traffic: TrafficControl
    let sessions: ConsoleSessions
    let keys: ConsoleKeys
    let names: ConsoleNames
    let figures: ConsoleFigures
    let audit: ConsoleAudit
    let passphrases: ConsolePassphrases
    let time: any TimeSource
    /// Whether cookies are for https alone.
    let isSecure: Bool
    /// Nobody between browser and server can read along.
    let isPrivate: Bool
    /// Where the server is to be found; empty before it listens.
    let address = Monitor("")

    init(
        service: WardService, home: WardHome, ward: WardDescriptor, traffic: TrafficControl, isSecure: Bool,
        isPrivate: Bool, time: any TimeSource,
        now: @escaping @Sendable () -> Int64 = { monotonicMilliseconds() }
    ) {
        self.service = service
        self.home = home
        self.ward = ward
        self.traffic = traffic
        self.isSecure = isSecure
        self.isPrivate = isPrivate
        self.time = time
        sessions = ConsoleSessions(random: SystemRandomSource(), now: now)
        keys = ConsoleKeys(home: home)
        names = ConsoleNames(now: now)
        figures = ConsoleFigures(now: now)
        audit = ConsoleAudit(home: home)
        passphrases = ConsolePassphrases(home: home)
    }

    /// Whether a path is one of the console's.
    static func owns(_ path: String) -> Bool {
        path == "/console" || path.hasPrefix("/console/") || path == "/public" || path.hasPrefix("/public/")
    }

    // MARK: Requests

    func exchange(for head: HTTPRequestHead) -> HTTPRouting {
        guard let query = FormFields((head.query ?? "").utf8) else { return .respond(.text(400, "bad query")) }
        let request = ConsoleRequest(head: head, query: query, cookies: Cookies(head.headers["cookie"]))
        if head.path.hasPrefix("/public") { return publicExchange(request) }
        guard isPrivate else { return .respond(refusedInPlaintext(request)) }
        guard head.method == "POST" else { return .respond(inTurn(place(of: request)) { self.get(request) }) }
        if let refusal = refusalToPost(request) { return .respond(refusal) }
        return .accept(
            FormExchange { [self] form in
                guard let form else { return .text(400, "bad form") }
                return inTurn(place(of: request)) { self.post(request, form) }
            })
    }

    private func publicExchange(_ request: ConsoleRequest) -> HTTPRouting {
        guard request.head.method != "POST" else {
            return .respond(.text(405, "method not allowed", headers: [("Allow", "GET, HEAD")]))
        }
        if request.head.path == "/public/style.css" { return .respond(Stylesheet.response) }
        return .respond(
            inTurn(.resident) {
                self.answer(request, session: nil) { context throws(StoreError) in
                    switch request.head.path {
                    case "/public": try PublicPages(self, context).list(request.query)
                    case "/public/result": try PublicPages(self, context).result(request.query)
                    case "/public/photo": try self.picture(request.query, isPublic: true)
                    case "/public/agencies": try PublicPages(self, context).agencies()
                    default: nil
                    }
                }
            })
    }

    /// Whoever is signed in waits with the ward's staff, everybody else with residents: who only knocks keeps nobody
    /// from syncing.
    private func place(of request: ConsoleRequest) -> WorkQueue.Priority {
        session(of: request) == nil ? .resident : .staff
    }

    /// Waits for a place to work at, as syncs do: the console must not take the server from devices.
    private func inTurn(_ priority: WorkQueue.Priority, _ body: () -> HTTPResponse) -> HTTPResponse {
        do { return try traffic.queue.run(priority) { () throws(SyncRefusal) in body() } } catch {
            return .text(503, "the server is busy", headers: [("Retry-After", "5")])
        }
    }

    private func refusalToPost(_ request: ConsoleRequest) -> HTTPResponse? {
        let head = request.head
        let type = head.headers["content-type"]?.lowercased().split(separator: ";").first
        guard type == "application/x-www-form-urlencoded" else { return .text(415, "send a plain form") }
        guard (head.contentLength ?? 0) <= FormFields.maxBytes else { return .text(413, "form too large") }
        // Browsers say where a form comes from; one from elsewhere is not looked at.
        if let site = head.headers["sec-fetch-site"], site != "same-origin", site != "none" {
            return .text(403, "a form of another site")
        }
        return nil
    }

    private func refusedInPlaintext(_ request: ConsoleRequest) -> HTTPResponse {
        answer(request, session: nil, status: 403) { context throws(StoreError) in
            ConsoleLayout(context: context).page(context.say(.console), status: 403) { html in
                html.tag("p", .style("notice bad"), text: context.say(.needsTLS))
            }
        }
    }

    // MARK: Answers

    /// Makes a page in the reader's language.
    /// - Parameter body: nil where there is no such page.
    func answer(
        _ request: ConsoleRequest, session: ConsoleSession?, status: Int = 200,
        _ body: (ConsoleContext) throws(StoreError) -> HTTPResponse?
    ) -> HTTPResponse {
        let chosen = request.query["lang"].flatMap(Language.init(rawValue:))
        var context = ConsoleContext(
            wardName: ward.name, wardArea: ward.area, words: names.words(chosen ?? request.language, service),
            session: session,
            page: request.page, now: time.nowSeconds())
        if session != nil { context.done = request.query["done"].flatMap(ConsoleDone.init(rawValue:)) }
        var response: HTTPResponse
        do throws(StoreError) {
            if service.storeFault != nil { throw StoreError(.io) }
            response = try body(context) ?? notFound(context)
        } catch {
            service.note(error)
            response = ConsoleLayout(context: context).page(context.say(.storeFault), status: 503) { html in
                html.tag("p", .style("notice bad"), text: context.say(.storeFaultText))
            }
        }
        if let chosen {
            response.headers.append(
                ("Set-Cookie", cookie("ward-lang", chosen.rawValue, "Max-Age=31536000", isScript: false)))
        }
        return response
    }

    func notFound(_ context: ConsoleContext) -> HTTPResponse {
        ConsoleLayout(context: context).page(context.say(.notFound), status: 404) { html in
            html.tag("p", text: context.say(.notFoundText))
        }
    }

    static func redirect(to page: PagePath, _ headers: [(String, String)] = []) -> HTTPResponse {
        HTTPResponse(
            status: 303, headers: [("Location", page.text), ("Cache-Control", "no-store")] + headers,
            body: .bytes([]))
    }

    // MARK: Cookies

    /// A browser sends a `__Host-` cookie only where it was set: over https, to this very host.
    var sessionCookie: String { isSecure ? "__Host-ward-console" : "ward-console" }

    func cookie(_ name: String, _ value: String, _ more: String = "", isScript: Bool = false) -> String {
        var text = "\(name)=\(value); Path=/; HttpOnly; SameSite=Strict"
        if isSecure { text += "; Secure" }
        return more.isEmpty ? text : text + "; " + more
    }
}

/// One request for a page.
struct ConsoleRequest {
    let head: HTTPRequestHead
    let query: FormFields
    let cookies: Cookies

    /// The language of the reader: what they chose, else what their browser asks for.
    var language: Language {
        if let chosen = cookies["ward-lang"].flatMap(Language.init(rawValue:)) { return chosen }
        guard let wanted = head.headers["accept-language"]?.lowercased() else { return .vi }
        let first = wanted.split(whereSeparator: { $0 == "," || $0 == ";" }).first { part in
            let tag = part.drop { $0 == " " }
            return tag.hasPrefix("vi") || tag.hasPrefix("en")
        }
        return first?.drop { $0 == " " }.hasPrefix("en") == true ? .en : .vi
    }

    /// The page with its query, to lead back to; a path of ours, or the console's first page.
    var page: PagePath {
        let known = ConsoleRoute.all.map(\.path) + ConsoleRoute.open
        var page = PagePath(known.first { "\($0)" == head.path } ?? "/console")
        for name: StaticString in [
            "id", "slot", "kind", "q", "role", "from", "to", "by", "area", "view", "page", "after", "link", "key",
        ] {
            if let value = query["\(name)"], value.utf8.count <= ConsoleInbox.longestKey {
                page.query.append((name, value))
            }
        }
        return page
    }
}

/// The cookies of a request.
struct Cookies {
    private var values: [(name: Substring, value: Substring)] = []

    init(_ header: String?) {
        for part in (header ?? "").split(separator: ";").prefix(64) {
            let pair = part.drop { $0 == " " }.split(separator: "=", maxSplits: 1)
            if pair.count == 2 { values.append((pair[0], pair[1])) }
        }
    }

    subscript(_ name: String) -> String? { values.first { $0.name == name }.map { String($0.value) } }
}
