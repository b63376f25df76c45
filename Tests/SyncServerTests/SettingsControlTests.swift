// The ward's configuration from the console: set through the one control table, shown, reset; bad lines change nothing.
import SyncKit
import Testing

@testable import SyncServer

@Suite struct SettingsControlTests {
    let ward: TestHome

    init() throws { ward = try TestHome() }

    @Test(arguments: [false, true])
    func aListIsSetShownAndTakenBackWhetherTheWardIsServedOrNot(isServed: Bool) throws {
        let server = isServed ? try ward.serve() : nil
        defer { server?.inlets.close(drainSeconds: 0) }
        func deadlines() throws -> [String] {
            let topics = try ward.ask(.settings)["topics"].elements
            #expect(topics.count == SettingsTopic.allCases.count)
            return topics.first { $0["topic"].string == "deadlines" }?["lines"].elements.compactMap(\.string) ?? []
        }
        let standard = try deadlines()
        #expect(standard == ["high = 1", "normal = 3", "low = 7", "max = 15"])
        let bad = try ward.ask(.configure(.deadlines, text: "high = 2\nnormal = nhanh\n\nlow"))
        #expect(bad["changed"] == .bool(false))
        #expect(bad["problems"].elements.map { $0["line"].integer } == [2, 4])
        #expect(bad["problems"].elements.map { $0["reason"].string } == ["bad-number", "no-equals"])
        #expect(try deadlines() == standard)
        #expect(try ward.ask(.configure(.deadlines, text: "high = 2"))["changed"] == .bool(true))
        #expect(try deadlines().first == "high = 2")
        #expect(try ward.ask(.configure(.deadlines, text: "high = 2"))["changed"] == .bool(false))
        #expect(try ward.ask(.configure(.deadlines, text: nil))["changed"] == .bool(true))
        #expect(try deadlines() == standard)
    }

    @Test func theCommandsSpeakAndKeepWhatTheySet() throws {
        let file = ward.directory.path + "/list"
        try HomeFiles.create(file, Array("moi_truong = Đội môi trường\r\nmoi_truong = X\n".utf8))
        let refused = try ward.command("settings", "set", "agencies", file, "--lang", "en")
        #expect(refused.code == 5)
        try HomeFiles.replace(file, Array("moi_truong = Đội môi trường\r\n".utf8))
        #expect(try ward.command("settings", "set", "agencies", file).code == 0)
        let shown = try ward.command("settings", "show", "agencies")
        #expect(shown.code == 0 && shown.text == "moi_truong = Đội môi trường\n")
        let list = try ward.command("settings", "list", "--lang", "en")
        #expect(list.text.contains("set by the ward") && list.text.contains("standard"))
        #expect(try ward.command("settings", "reset", "agencies").code == 0)
        #expect(try ward.command("settings", "show", "agencies").text.contains("Điện lực"))
        #expect(try ward.command("settings", "show", "colours").code == 2)
        #expect(try ward.command("settings", "set", "agencies", file + ".missing").code == 3)
    }
}
