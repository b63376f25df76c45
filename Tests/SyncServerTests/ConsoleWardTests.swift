// What tests of the console share: a ward that is served, somebody signed in, devices, and forms as a browser sends them.
import SyncKit
import Testing

@testable import SyncServer

/// A ward that is served, and the browser of an admin who is signed in at its console.
struct ServedConsole {
    let ward: TestHome
    let server: WardServer
    let ha: ConsoleClient

    init() throws {
        ward = try TestHome()
        server = try ward.serve()
        ha = ConsoleClient(port: server.port)
        try ha.signIn(ward)
    }
}

/// A suite with a served ward of its own and an admin at its console.
protocol ConsoleWardTests {
    var served: ServedConsole { get }
}

extension ConsoleWardTests {
    var ward: TestHome { served.ward }
    var server: WardServer { served.server }
    var http: TestRequest { TestRequest(port: served.server.port) }
    /// The admin's browser.
    var ha: ConsoleClient { served.ha }

    func stop() { server.inlets.close(drainSeconds: 0) }

    func join(_ role: Role, _ name: String, _ area: String = "06685.03") throws -> Replica {
        let reply = try ward.ask(.invite(role: role, areas: [area], name: name, expiresDays: 7, validDays: 30))
        let device = try ward.device()
        #expect(try http.join(device, code: try #require(reply["code"].string)).status == 200)
        try http.sync(device)
        return device
    }

    /// A second device with everything that one has, its keys among it.
    func copy(_ device: Replica, _ name: String) throws -> Replica {
        let path = ward.directory.path + "/\(name).db"
        try device.database.prepare("VACUUM INTO ?1").bind(1, path).run()
        return try Replica(
            opening: try Database(path: path, mode: .create), time: SystemTimeSource(), random: SystemRandomSource(),
            scheme: Ed25519Scheme())
    }

    func write(_ device: Replica, _ report: Digest, _ title: String) throws {
        var draft = ChangeSetDraft(kind: .report, document: report)
        draft.perform(.set(Slot(field: ReportField.title)), .text(title))
        _ = try device.commit(draft)
    }

    func path(_ document: Digest, _ field: UInt8 = ReportField.title, _ kind: String = "values") -> String {
        ItemPage.path("\(kind)/\(document.hex)/\(Slot(field: field).rawValue)").text
    }

    /// The fields of a page's form, with a choice.
    func form(_ page: RawAnswer, choose: String, reason: String) -> [(String, String)] {
        var fields = ["token", "key", "seen"].map { ($0, page.hidden($0).last ?? "") }
        for name in ["settled", "shown"] { fields += page.hidden(name).map { (name, $0) } }
        return fields + [("choose", choose), ("reason", reason)]
    }

    func decide(_ page: RawAnswer, _ choose: String, _ reason: String) throws -> RawAnswer {
        try ha.post("/console/decide", form(page, choose: choose, reason: reason))
    }
}
