// Which page a path is, and who may see it: without a session nothing but the way in.
import SyncKit

/// A page for whoever is signed in.
struct ConsoleRoute: Sendable {
    typealias Page = @Sendable (Console, ConsoleContext, FormFields) throws(StoreError) -> HTTPResponse?

    let path: StaticString
    /// Nil where what the query names is not there.
    let page: Page

    static let all: [ConsoleRoute] = [
        ConsoleRoute("/console") { (c, context, query) throws(StoreError) in try InboxListPage(c, context).page(query)
        },
        ConsoleRoute("/console/item") { (c, context, query) throws(StoreError) in try ItemPage(c, context).page(query)
        },
        ConsoleRoute("/console/documents") { (c, context, query) throws(StoreError) in
            try DocumentsPage(c, context).page(query)
        },
        ConsoleRoute("/console/document") { (c, context, query) throws(StoreError) in
            try DocumentPage(c, context).page(query)
        },
        ConsoleRoute("/console/completeness") { (c, context, _) throws(StoreError) in
            try CompletenessPage(c, context).page()
        },
        ConsoleRoute("/console/devices") { (c, context, query) throws(StoreError) in
            try DevicesPage(c, context).page(query)
        },
        ConsoleRoute("/console/device") { (c, context, query) throws(StoreError) in
            try DevicePage(c, context).page(query)
        },
        ConsoleRoute("/console/quarantine") { (c, context, query) throws(StoreError) in
            try QuarantinePage(c, context).page(query)
        },
        ConsoleRoute("/console/log") { (c, context, query) throws(StoreError) in try LogPage(c, context).page(query) },
        ConsoleRoute("/console/statistics") { (c, context, query) throws(StoreError) in
            try StatisticsPage(c, context).page(query)
        },
        ConsoleRoute("/console/activity") { (c, context, query) throws(StoreError) in
            try ActivityPage(c, context).page(query)
        },
    ]

    /// Pages that need no session.
    static let open: [StaticString] = [
        "/console/sign-in", "/console/enter", "/public", "/public/result", "/public/agencies",
    ]

    private init(_ path: StaticString, page: @escaping Page) {
        self.path = path
        self.page = page
    }
}

extension Console {
    /// The session that a request's cookie names.
    func session(of request: ConsoleRequest) -> ConsoleSession? {
        request.cookies[sessionCookie].flatMap { sessions.session($0) }
    }

    func get(_ request: ConsoleRequest) -> HTTPResponse {
        switch request.head.path {
        case "/console/sign-in", "/console/enter":
            return answer(request, session: nil) { context throws(StoreError) in
                SignInPages(self, context).form(request)
            }
        default: break
        }
        guard let session = session(of: request) else {
            return Self.redirect(to: PagePath("/console/sign-in"))
        }
        let query = request.query
        return answer(request, session: session) { context throws(StoreError) in
            let path = request.head.path
            if path == "/console/photo" { return try picture(query, isPublic: false) }
            return try ConsoleRoute.all.first { "\($0.path)" == path }?.page(self, context, query)
        }
    }

    func post(_ request: ConsoleRequest, _ form: FormFields) -> HTTPResponse {
        switch request.head.path {
        case "/console/enter": return enter(request, form)
        case "/console/sign-in": return signIn(request, form)
        default: break
        }
        guard let session = session(of: request), let given = form["token"],
            ConstantTime.equal(Bytes(given.utf8), Bytes(session.formToken.utf8))
        else {
            Log.event("console_refused", [.reason: .text("session"), .address: .text(request.head.remoteAddress)])
            return answer(request, session: nil, status: 403) { context throws(StoreError) in
                SignInPages(self, context).ended()
            }
        }
        if request.head.path == "/console/sign-out" {
            if let token = request.cookies[sessionCookie] { sessions.end(token) }
            Log.event("console_sign_out", [.address: .text(request.head.remoteAddress)])
            return Self.redirect(
                to: PagePath("/console/sign-in"), [("Set-Cookie", cookie(sessionCookie, "", "Max-Age=0"))])
        }
        return answer(request, session: session) { context throws(StoreError) in
            if request.head.path == "/console/verify" { return verify() }
            let actions = ConsoleActions(self, context)
            let action: (FormFields) throws(StoreError) -> HTTPResponse
            switch request.head.path {
            case "/console/decide": action = actions.decide
            case "/console/dismiss": action = actions.dismiss
            case "/console/prepare": action = actions.prepare
            case "/console/unlink": action = actions.unlink
            default: return nil
            }
            guard context.mayAct else {
                Log.event("console_refused", [.reason: .text("auditor"), .address: .text(request.head.remoteAddress)])
                return actions.problem(.auditorMayNot, status: 403)
            }
            return try action(form)
        }
    }

    /// Starts an audit of the whole store, which reads and changes nothing.
    private func verify() -> HTTPResponse {
        audit.start(now: time.nowSeconds())
        return Self.redirect(to: PagePath("/console/log", ["done": ConsoleDone.verifying.rawValue]))
    }
}
