// Which page a path is, and who may see it: without a session nothing but the way in.
import SyncKit

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
            switch request.head.path {
            case "/console": try InboxListPage(self, context).page(query)
            case "/console/item": try ItemPage(self, context).page(query)
            case "/console/documents": try DocumentsPage(self, context).page(query)
            case "/console/document": try DocumentPage(self, context).page(query)
            case "/console/completeness": try CompletenessPage(self, context).page()
            case "/console/photo": try picture(query, isPublic: false)
            case "/console/devices": try DevicesPage(self, context).page(query)
            case "/console/device": try DevicePage(self, context).page(query)
            case "/console/quarantine": try QuarantinePage(self, context).page(query)
            case "/console/log": try LogPage(self, context).page(query)
            case "/console/statistics": try StatisticsPage(self, context).page(query)
            case "/console/activity": try ActivityPage(self, context).page(query)
            default: nil
            }
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
