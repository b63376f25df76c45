// Who gets in at the console, with what, for how long, and what a form has to carry.
import Glibc
import SyncKit
import Testing

@testable import SyncServer

@Suite struct ConsoleAccessTests {
    let ward: TestHome

    init() throws { ward = try TestHome() }

    private static let pages = [
        "/console", "/console/item?key=values", "/console/documents", "/console/document?id=00",
        "/console/devices", "/console/device?id=00", "/console/quarantine", "/console/log", "/console/statistics",
        "/console/activity", "/console/nothing",
    ]
    private static let actions = ["decide", "dismiss", "prepare", "unlink", "verify", "sign-out", "nothing"]

    @Test func withoutASessionThereIsNothingButTheWayIn() throws {
        let server = try ward.serve()
        defer { server.inlets.close(drainSeconds: 0) }
        let stranger = ConsoleClient(port: server.port)
        for page in Self.pages {
            let answer = try stranger.get(page)
            #expect(answer.status == 303 && answer.header("location") == "/console/sign-in", "\(page)")
            #expect(!answer.body.contains("<table"))
        }
        for action in Self.actions {
            #expect(try stranger.post("/console/\(action)", [("token", "x")]).status == 403, "\(action)")
        }
        stranger.cookies = ["ward-console": "made-up"]
        #expect(try stranger.get("/console").status == 303)
        #expect(try stranger.get("/console/sign-in").status == 200)
        // Nothing was made for somebody who only looked.
        #expect(server.service.withCore { $0.consoleDevice } == nil)
    }

    @Test func whatCannotBeReadOfAQuestionDoesNotWidenIt() throws {
        let server = try ward.serve()
        defer { server.inlets.close(drainSeconds: 0) }
        let ha = ConsoleClient(port: server.port)
        try ha.signIn(ward)
        #expect(try ha.get("/console/statistics?from=2026-01-01&to=&area=06685.03").status == 200)
        let long = String(repeating: "2", count: 90)
        for query in ["from=31-31", "to=x", "from=\(long)", "to=\(long)", "area=\(long)", "from=%00"] {
            #expect(try ha.get("/console/statistics?" + query).status == 400, "\(query)")
        }
    }

    @Test func aLinkSignsInOnceAndItsPageDoesNotUseItUp() throws {
        let server = try ward.serve()
        defer { server.inlets.close(drainSeconds: 0) }
        let reply = try ward.ask(.consoleLink(.admin, name: "Hà"))
        let url = try #require(reply["url"].string)
        #expect(url.hasPrefix("http://127.0.0.1:\(server.port)/console/enter?link="))
        let path = String(url[try #require(url.range(of: "/console")).lowerBound...])
        let link = String(url[try #require(url.range(of: "link=")).upperBound...])
        let ha = ConsoleClient(port: server.port)
        // A program that looks at links in advance.
        for _ in 0..<3 { #expect(try ha.get(path).status == 200) }
        let entered = try ha.post("/console/enter", [("link", link)])
        #expect(entered.status == 303 && entered.header("location") == "/console")
        let cookie = try #require(entered.header("set-cookie"))
        for part in ["HttpOnly", "SameSite=Strict", "Path=/"] { #expect(cookie.contains(part)) }
        #expect(!cookie.contains("Secure"))
        let page = try ha.get("/console")
        #expect(page.status == 200 && page.body.contains("<bdi>Hà</bdi>"))

        let other = ConsoleClient(port: server.port)
        #expect(try other.post("/console/enter", [("link", link)]).status == 403)
        #expect(try other.get("/console").status == 303)
        let device = try #require(server.service.withCore { $0.consoleDevice })
        #expect(server.service.withCore { $0.browsedPerson(device).isConsole })
    }

    @Test func everyPageTellsTheBrowserToDoNothingElse() throws {
        let server = try ward.serve()
        defer { server.inlets.close(drainSeconds: 0) }
        let ha = ConsoleClient(port: server.port)
        try ha.signIn(ward)
        for page in Self.pages + ["/public", "/public/agencies", "/console/sign-in"] {
            let answer = try ha.get(page)
            #expect(answer.header("content-security-policy") == ConsoleLayout.contentPolicy, "\(page)")
            #expect(ConsoleLayout.contentPolicy.hasPrefix("default-src 'none'"))
            #expect(answer.header("x-content-type-options") == "nosniff")
            #expect(answer.header("referrer-policy") == "no-referrer")
            #expect(answer.header("cache-control") == "no-store")
            for word in ["<script", "javascript:", " style=\"", " onclick"] { #expect(!answer.body.contains(word)) }
        }
        #expect(try ha.get("/console/nothing").status == 404)
        let sheet = try ha.get("/public/style.css?v=" + Stylesheet.version)
        #expect(sheet.status == 200 && sheet.header("content-type")?.hasPrefix("text/css") == true)
    }

    @Test func aFormOfAnotherSiteIsRefused() throws {
        let server = try ward.serve()
        defer { server.inlets.close(drainSeconds: 0) }
        let ha = ConsoleClient(port: server.port)
        try ha.signIn(ward)
        let token = try ha.token()
        #expect(try ha.post("/console/verify", []).status == 403)
        let other = (token.hasPrefix("0") ? "1" : "0") + token.dropFirst()
        #expect(try ha.post("/console/verify", [("token", other)]).status == 403)
        // The token of another session is none for this one.
        let binh = ConsoleClient(port: server.port)
        try binh.signIn(ward)
        #expect(try binh.post("/console/verify", [("token", token)]).status == 403)
        ha.headers = [("Sec-Fetch-Site", "cross-site")]
        #expect(try ha.post("/console/verify", [("token", token)]).status == 403)
        ha.headers = []
        #expect(
            try ha.post("/console/verify", [("token", token)], type: "multipart/form-data; boundary=x").status == 415)
        #expect(try ha.post("/console/verify", [("token", token)], type: "text/plain").status == 415)
        let long = String(repeating: "x", count: FormFields.maxBytes)
        #expect(try ha.post("/console/verify", [("token", token), ("more", long)]).status == 413)
        #expect(try ha.post("/console/verify", [("token", token)]).status == 303)
    }

    @Test func onlyWhoeverIsSignedInIsServedBeforeOthers() throws {
        let order = Monitor<[WorkQueue.Priority]>([])
        let server = try ward.serve { $0.onEntry = { priority in order.change { $0.append(priority) } } }
        defer { server.inlets.close(drainSeconds: 0) }
        func entered(_ body: () throws -> Void) throws -> Set<WorkQueue.Priority> {
            order.change { $0 = [] }
            try body()
            return Set(order.withLock { $0 })
        }
        let stranger = ConsoleClient(port: server.port)
        stranger.cookies = ["ward-console": "made-up"]
        let strangers = try entered {
            for page in Self.pages + ["/console/sign-in", "/console/enter?link=x"] { _ = try stranger.get(page) }
            for action in Self.actions + ["enter"] { _ = try stranger.post("/console/\(action)", [("link", "x")]) }
            _ = try stranger.post("/console/sign-in", [("name", "x"), ("role", "admin"), ("passphrase", "x")])
        }
        #expect(strangers == [.resident])
        let ha = ConsoleClient(port: server.port)
        try ha.signIn(ward)
        let staff = try entered {
            for page in Self.pages { _ = try ha.get(page) }
            _ = try ha.post("/console/decide", [("token", try ha.token())])
        }
        #expect(staff == [.staff])
    }

    @Test func everyPageKeepsItsPlaceWhenTheLanguageIsSwitched() throws {
        let server = try ward.serve()
        defer { server.inlets.close(drainSeconds: 0) }
        let ha = ConsoleClient(port: server.port)
        try ha.signIn(ward)
        let sections = ConsoleSection.allCases.map(\.page.text)
        let pages = (ConsoleRoute.all.map(\.path) + ConsoleRoute.open).map { "\($0)" }
        #expect(Set(sections).isSubset(of: pages) && pages.contains("/console/completeness"))
        for page in pages {
            for (asked, kept) in [("", "?"), ("?id=%22%26&page=2", "?id=%22%26&amp;page=2&amp;")] {
                let english = try ha.get(page + asked).body
                #expect(english.contains("href=\"\(page)\(kept)lang=en\""), "\(page + asked)")
                let answer = try ha.get(page + (asked.isEmpty ? "?" : asked + "&") + "lang=en")
                #expect(answer.body.contains("<html lang=\"en\">"), "\(page)")
                #expect(answer.body.contains("href=\"\(page)\(kept)lang=vi\""), "\(page + asked)")
                ha.cookies["ward-lang"] = nil
            }
        }
    }

    @Test func signingOutEndsTheSession() throws {
        let server = try ward.serve()
        defer { server.inlets.close(drainSeconds: 0) }
        let ha = ConsoleClient(port: server.port)
        try ha.signIn(ward)
        let kept = ha.cookies
        #expect(try ha.post("/console/sign-out", [("token", try ha.token())]).status == 303)
        ha.cookies = kept
        #expect(try ha.get("/console").status == 303)
    }

    @Test func anAuditorReadsEverythingAndDecidesNothing() throws {
        let server = try ward.serve()
        defer { server.inlets.close(drainSeconds: 0) }
        let auditor = ConsoleClient(port: server.port)
        try auditor.signIn(ward, .auditor, name: "Kiểm")
        let token = try auditor.token()
        for page in ["/console", "/console/documents", "/console/devices", "/console/quarantine", "/console/log"] {
            #expect(try auditor.get(page).status == 200)
        }
        for action in ["decide", "dismiss", "prepare", "unlink"] {
            let answer = try auditor.post(
                "/console/\(action)", [("token", token), ("key", "values"), ("seen", "0"), ("reason", "x")])
            #expect(answer.status == 403, "\(action)")
        }
        #expect(try auditor.post("/console/verify", [("token", token)]).status == 303)
        // Whoever only reads needs no key that signs.
        #expect(server.service.withCore { $0.consoleDevice } == nil)
    }

    @Test func sessionsEndWhenIdleAndInAnyCaseAndAreBounded() throws {
        let clock = Monitor(Int64(1_000_000))
        let sessions = ConsoleSessions(random: SystemRandomSource()) { clock.withLock { $0 } }
        let link = sessions.makeLink(.admin, name: "Hà")
        clock.change { $0 += ConsoleSessions.linkMilliseconds }
        #expect(sessions.redeem(link) == nil)

        let (token, session) = try #require(sessions.redeem(sessions.makeLink(.admin, name: "Hà")))
        clock.change { $0 += ConsoleSessions.idleMilliseconds - 1 }
        #expect(sessions.session(token) == session)
        clock.change { $0 += ConsoleSessions.idleMilliseconds }
        #expect(sessions.session(token) == nil)

        let busy = sessions.begin(.admin, name: "Hà").token
        let began = clock.withLock { $0 }
        while clock.withLock({ $0 }) < began + ConsoleSessions.longestMilliseconds - 60_000 {
            #expect(sessions.session(busy) != nil)
            clock.change { $0 += ConsoleSessions.idleMilliseconds / 2 }
        }
        clock.change { $0 = began + ConsoleSessions.longestMilliseconds }
        #expect(sessions.session(busy) == nil)

        let first = sessions.begin(.admin, name: "1").token
        clock.change { $0 += 1 }
        for number in 0..<ConsoleSessions.mostSessions { _ = sessions.begin(.admin, name: "\(number)") }
        #expect(sessions.session(first) == nil)
        let oldest = sessions.makeLink(.admin, name: "1")
        for number in 0..<ConsoleSessions.mostLinks { _ = sessions.makeLink(.admin, name: "\(number)") }
        #expect(sessions.redeem(oldest) == nil)
    }

    @Test func aPassphraseLetsInItsRoleAndGuessingIsBounded() throws {
        let server = try ward.serve { $0.signInsPerAddress = Rate(burst: 5, perHour: 60) }
        defer { server.inlets.close(drainSeconds: 0) }
        let file = try ward.directory.write("secret", Bytes("con đường nhỏ ven vịnh\n".utf8))
        let set = try ward.command("console-passphrase", "set", "--role", "auditor", "--passphrase-file", file)
        #expect(set.code == 0)
        let person = ConsoleClient(port: server.port)
        let form = try person.get("/console/sign-in").body
        #expect(form.contains("value=\"auditor\"") && !form.contains("value=\"admin\""))
        func attempt(_ role: String, _ passphrase: String, name: String = "Kiểm") throws -> Int? {
            try person.post(
                "/console/sign-in", [("name", name), ("role", role), ("passphrase", passphrase)]
            ).status
        }
        #expect(try attempt("admin", "con đường nhỏ ven vịnh") == 403)
        #expect(try attempt("auditor", "con đường nhỏ") == 403)
        #expect(try attempt("auditor", "con đường nhỏ ven vịnh", name: " ") == 400)
        #expect(try attempt("auditor", "con đường nhỏ ven vịnh") == 303)
        #expect(try person.get("/console/log").body.contains("Kiểm"))
        #expect(try attempt("auditor", "sai rồi nhé") == 403)
        let refused = try person.post("/console/enter", [("link", "x")])
        #expect(refused.status == 429 && refused.header("retry-after") != nil)
        let short = try ward.directory.write("short", Bytes("ngắn\n".utf8))
        #expect(try ward.command("console-passphrase", "set", "--passphrase-file", short).code != 0)
    }

    @Test func inPlaintextBeyondThisMachineThereIsNoConsole() throws {
        _ = quiet
        var limits = HTTPLimits()
        limits.allowPlaintext = true
        let server = try WardServer(home: ward.home, address: "0.0.0.0", port: 0, limits: limits)
        defer { server.inlets.close(drainSeconds: 0) }
        let person = ConsoleClient(port: server.port)
        for page in Self.pages { #expect(try person.get(page).status == 403, "\(page)") }
        #expect(try person.post("/console/enter", [("link", "x")]).status == 403)
        #expect(try person.get("/public").status == 200)
        #expect(throws: ControlFailure(.needsTLS)) { try ward.ask(.consoleLink(.admin, name: "")) }
    }

    @Test func aLinkNeedsAServerThatRuns() throws {
        #expect(throws: ControlFailure(.notServing)) { try ward.ask(.consoleLink(.admin, name: "")) }
    }

    @Test func nobodyIsInvitedUnderTheConsolesName() throws {
        for name in ["Bàn điều khiển", "BAN DIEU KHIEN", "bàn  điều khiển"] {
            #expect(throws: ControlFailure.self) {
                try ward.ask(.invite(role: .admin, areas: ["06685"], name: name, expiresDays: 1, validDays: 1))
            }
        }
    }
}
