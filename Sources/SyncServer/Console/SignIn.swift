// The way in: a one-time link from the server's own machine, or a passphrase.
import SyncKit

extension Console {
    /// Signs in with a link. The link itself only shows a button, so that a program which looks at links in advance
    /// does not use it up.
    func enter(_ request: ConsoleRequest, _ form: FormFields) -> HTTPResponse {
        if let wait = traffic.signIn(request.head) { return tooMany(request, wait) }
        guard let begun = form["link"].flatMap({ sessions.redeem($0) }) else {
            Log.event("console_refused", [.reason: .text("link"), .address: .text(request.head.remoteAddress)])
            return answer(request, session: nil, status: 403) { context throws(StoreError) in
                SignInPages(self, context).form(request, problem: .linkUsed, status: 403)
            }
        }
        return welcome(request, begun, "link")
    }

    func signIn(_ request: ConsoleRequest, _ form: FormFields) -> HTTPResponse {
        if let wait = traffic.signIn(request.head) { return tooMany(request, wait) }
        let role: ConsoleRole = form["role"] == "auditor" ? .auditor : .admin
        guard let name = form.text("name", max: 120), let passphrase = form["passphrase"], !passphrase.isEmpty else {
            return again(request, .needsNameAndPassphrase, 400)
        }
        switch passphrases.check(passphrase, role) {
        case .right: return welcome(request, sessions.begin(role, name: name), "passphrase")
        case .busy: return again(request, .tryAgainSoon, 503)
        case .wrong, .none:
            Log.event("console_refused", [.reason: .text("passphrase"), .address: .text(request.head.remoteAddress)])
            return again(request, .wrongPassphrase, 403)
        }
    }

    private func welcome(
        _ request: ConsoleRequest, _ begun: (token: String, session: ConsoleSession), _ way: String
    ) -> HTTPResponse {
        do throws(StoreError) {
            if begun.session.role == .admin { _ = try keys.ready(service) }
        } catch { service.note(error) }
        Log.event(
            "console_sign_in",
            [
                .reason: .text(way), .method: .text(begun.session.role.rawValue),
                .address: .text(request.head.remoteAddress),
            ])
        return Self.redirect(
            to: PagePath("/console"), [("Set-Cookie", cookie(sessionCookie, begun.token))])
    }

    private func again(_ request: ConsoleRequest, _ problem: ConsoleWord, _ status: Int) -> HTTPResponse {
        answer(request, session: nil, status: status) { context throws(StoreError) in
            SignInPages(self, context).form(request, problem: problem, status: status)
        }
    }

    private func tooMany(_ request: ConsoleRequest, _ seconds: UInt64) -> HTTPResponse {
        var response = again(request, .tooManyTries, 429)
        response.headers.append(("Retry-After", String(seconds)))
        return response
    }
}
