// The field day: what the ward's people do from morning to evening.

import Foundation

/// Who takes part, by the name of the home.
enum Person {
    static let officer = "officer"
    static let lan = "lan"
    static let minh = "minh"
    static let resident = "resident"
    static let everyone = [officer, lan, minh, resident]
    static let neighborhood = "06685.03"
}

/// The field day, step by step.
final class Day {
    let programs: Programs
    let tell: Narrator
    let samples: URL
    let port: UInt16
    let serverHome: String
    var server: ServerProcess?
    var task = ""
    var disputed = ""
    var parallel = ""
    var filed = ""
    var questions: [String] = []

    init(_ programs: Programs, _ tell: Narrator, root: URL) {
        self.programs = programs
        self.tell = tell
        samples = root
        port = freePort()
        serverHome = programs.day.appendingPathComponent("server").path
    }

    /// Runs `ward` in a person's home and gives back its JSON.
    @discardableResult
    func ward(_ person: String, _ arguments: String...) throws -> [String: Any] {
        try programs.succeed("ward", arguments + ["--json"], home: person).json
    }

    func id(_ json: [String: Any]) throws -> String {
        guard let id = json["id"] as? String else { throw CheckFailed(what: "id", detail: "\(json)") }
        return id
    }

    func run() throws {
        defer { server?.stop() }
        try morning()
        try offline()
        try reconcile()
        try decide()
        try evening()
    }

    // MARK: The ward is made

    private func morning() throws {
        tell.part(s("Buổi sáng: lập phường và cấp quyền", "Morning: the ward is made, people join"))
        try programs.succeed(
            "ward-server",
            [
                "init", "--home", serverHome, "--area", "06685", "--name", "Phường Hồng Gai", "--address",
                "http://127.0.0.1:\(port)",
            ])
        tell.step(s("Đã lập máy chủ phường Hồng Gai (06685).", "The ward server of Hồng Gai (06685) is made."))
        server = try ServerProcess(programs, home: serverHome, port: port)
        try importAll()
        let descriptor = serverHome + "/descriptor.txt"
        for person in Person.everyone { try ward(person, "init", "--descriptor", descriptor) }
        for (person, role, area, name) in [
            (Person.officer, "officer", "06685", "Cán bộ tiếp nhận"),
            (Person.lan, "volunteer", Person.neighborhood, "Lan"),
            (Person.minh, "volunteer", Person.neighborhood, "Minh"),
        ] {
            let invitation = try programs.succeed(
                "ward-server",
                ["invite", "--home", serverHome, "--role", role, "--area", area, "--name", name, "--json"])
            guard let code = invitation.json["code"] as? String else {
                throw CheckFailed(what: "invite", detail: invitation.output)
            }
            try ward(person, "join", code)
        }
        tell.step(
            s(
                "Một cán bộ, hai tình nguyện viên, một người dân đã có danh tính trên máy của mình.",
                "An officer, two volunteers and a resident have their identities, each in a home of their own."))
        task = try id(
            ward(
                Person.officer, "task", "new", "--title", "Thăm hộ bà Hoa, hỗ trợ VNeID", "--area", Person.neighborhood,
                "--kind", "visit", "--due", "30/11/2030", "--item", "Cài VNeID", "--item", "Đo sóng điện thoại"))
        disputed = try id(
            ward(
                Person.officer, "report", "new", "--title", "Nước chảy tràn trước nhà văn hoá", "--category", "khac",
                "--area", Person.neighborhood))
        parallel = try id(
            ward(
                Person.officer, "report", "new", "--title", "Cây nghiêng cạnh trường học", "--category", "cay xanh",
                "--area", Person.neighborhood))
        try ward(Person.officer, "sync")
        for person in [Person.lan, Person.minh, Person.resident] { try ward(person, "sync") }
        try tell.check(
            server?.stop() == 0,
            s(
                "Máy chủ dừng êm. Từ đây không ai có mạng.",
                "The server stops cleanly. From here on nobody has a network."))
        server = nil
    }

    private func importAll() throws {
        let real = samples.deletingLastPathComponent().appendingPathComponent("shared/data/procedures-ward-vn.ndjson")
        let isReal = FileManager.default.fileExists(atPath: real.path)
        let procedures = isReal ? real : samples.appendingPathComponent("Samples/procedures.ndjson")
        for (kind, file) in [
            ("areas", samples.appendingPathComponent("Samples/areas-06685.ndjson")), ("procedures", procedures),
            ("dossiers", samples.appendingPathComponent("Samples/dossiers.csv")),
        ] {
            try programs.succeed("ward-server", ["import", kind, file.path, "--home", serverHome])
        }
        tell.step(
            s(
                "Đã nạp 12 khu phố, danh mục thủ tục (\(isReal ? "bản thật" : "bản mẫu")) và sổ hồ sơ.",
                "12 neighborhoods, the procedure catalogue (\(isReal ? "the real one" : "our sample")) and the dossier registry are imported."
            ))
    }

    // MARK: No network

    private func offline() throws {
        tell.part(s("Ban ngày: làm việc không có mạng", "Day: work with no network"))
        let report = try ward(
            Person.resident, "report", "new", "--title", "Đèn đường tắt ở ngõ 7", "--category", "chieu sang",
            "--description", "Tối đi lại rất nguy hiểm, nhờ phường sửa giúp.", "--area", Person.neighborhood, "--name",
            "Nguyễn Thị Hoa", "--phone", "0203 000 000")
        filed = try id(report)
        try tell.check(
            (report["lookup_code"] as? String)?.isEmpty == false,
            s(
                "Người dân gửi phản ánh khi mất mạng và có mã tra cứu.",
                "The resident files a report offline and has a look-up code."))
        for (person, category, comment) in [
            (Person.lan, "road", "Lan: mặt đường lún, nước đọng."),
            (Person.minh, "water", "Minh: ống nước vỡ dưới vỉa hè."),
        ] {
            try ward(person, "task", "claim", task)
            try ward(person, "report", "edit", disputed, "--category", category)
            try ward(person, "report", "comment", disputed, comment)
        }
        try ward(Person.lan, "report", "edit", parallel, "--description", "Cây nghiêng về phía cổng trường.")
        try ward(Person.minh, "report", "edit", parallel, "--address", "Số 15 đường Lê Thánh Tông")
        try ward(Person.lan, "task", "check", task, "1")
        try ward(Person.minh, "task", "check", task, "2")
        tell.step(
            s(
                "Hai tình nguyện viên cùng nhận một việc, sửa cùng một phản ánh, ghi ý kiến, đánh dấu việc.",
                "Both volunteers claim one task, edit the same report, comment, tick items."))
        let found = try ward(Person.lan, "procedure", "search", "dang ky khai sinh")
        let names = (found["items"] as? [[String: Any]] ?? []).compactMap { $0["name"] as? String }
        try tell.check(
            names.first?.precomposedStringWithCanonicalMapping.lowercased().hasPrefix("đăng ký khai sinh") == true
                || names.first?.precomposedStringWithCanonicalMapping.lowercased().contains("đăng ký khai sinh")
                    == true,
            s(
                "Gõ không dấu «dang ky khai sinh» tìm thấy: \(names.first ?? "")",
                "Typed without accents, «dang ky khai sinh» finds: \(names.first ?? "")"), "\(names)")
        questions = try zip(try Self.dossiers(samples), ["found", "notFound", "refused"]).map { dossier, _ in
            try id(ward(Person.resident, "lookup", "ask", dossier.code, "--secret", dossier.secret))
        }
        tell.step(s("Người dân hỏi ba hồ sơ.", "The resident asks about three dossiers."))
        let failed = try programs.run("ward", ["sync"], home: Person.lan)
        try tell.check(
            failed.status == 7,
            s(
                "Đồng bộ lúc này báo chưa gửi được, không mất gì.",
                "A sync now says that nothing could be sent and nothing is lost."),
            failed.output + failed.errors)
    }

    /// A dossier of the sample registry with its secret, one that is not there, and one with a wrong secret.
    private static func dossiers(_ root: URL) throws -> [(code: String, secret: String)] {
        let text = try String(contentsOf: root.appendingPathComponent("Samples/dossiers.csv"), encoding: .utf8)
        let lines = text.split(separator: "\n").map {
            $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
        guard let header = lines.first, lines.count > 1, let code = header.firstIndex(of: "code"),
            let secret = header.firstIndex(of: "second_secret")
        else { throw CheckFailed(what: "Samples/dossiers.csv", detail: "") }
        return [
            (lines[1][code], lines[1][secret]), ("000.00.01.H49-200101-9999", "0000"), (lines[1][code], "sai-bi-mat"),
        ]
    }
}
