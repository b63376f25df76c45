// Grants and successions that the console prepares: what items lead to, what a form has to say, and what a device signs.
import SyncKit
import Testing

@testable import SyncServer

@Suite struct ConsolePreparingTests: ConsoleWardTests {
    let served: ServedConsole

    init() throws { served = try ServedConsole() }

    private func prepare(_ device: DeviceID, _ fields: [(String, String)]) throws -> RawAnswer {
        let fixed = [("token", try ha.token()), ("device", "\(device)"), ("reason", "Theo đề nghị của tổ")]
        return try ha.post("/console/prepare", fixed + fields)
    }

    private func order(_ page: RawAnswer) throws -> Order {
        #expect(page.status == 200)
        let start = try #require(page.body.range(of: "<code>"))
        let end = try #require(page.body.range(of: "</code>"))
        return try #require(PreparedOrder.read(String(page.body[start.upperBound..<end.lowerBound]))).order
    }

    private func known(_ device: DeviceID) throws -> BrowsedDevice {
        try #require(try server.service.withCore { core throws(StoreError) in try core.browseDevice(device) })
    }

    @Test func aRefusedWrongAreaLeadsToAGrantThatHasIt() throws {
        defer { stop() }
        let admin = try join(.admin, "Quản trị", "06685")
        let lan = try join(.volunteer, "Lan")
        _ = try lan.commit(reportDraft("Đèn hỏng", area: "06685.05"), checksEarly: false)
        try http.sync(lan)
        let item = try ha.get(ItemPage.path("role/\(lan.device):1").text)
        #expect(item.body.contains("\"/console/device?id=\(lan.device)&amp;area=06685.05#orders\""))
        let page = try ha.get("/console/device?id=\(lan.device)&area=06685.05").body
        #expect(page.contains("value=\"06685.03, 06685.05\"") && page.contains("Đã thêm sẵn địa bàn 06685.05"))
        for other in ["06685.03", "07000", "%3Cb%3E"] {
            let plain = try ha.get("/console/device?id=\(lan.device)&area=\(other)").body
            #expect(plain.contains("value=\"06685.03\"") && !plain.contains("Đã thêm sẵn"))
        }
        let before = try known(lan.device).grant
        let end = LocalTime(seconds: before.validUntil).date.iso8601
        #expect(page.contains("value=\"\(end)\""))
        let given = try order(
            prepare(
                lan.device,
                [
                    ("action", "grant"), ("role", "volunteer"), ("areas", "06685.03, 06685.05"), ("until", end),
                    ("name", ""),
                ]))
        #expect(try known(lan.device).grant == before)
        _ = try admin.commit(given.draft)
        try http.sync(admin)
        let grant = try known(lan.device).grant
        #expect(grant.areas == ["06685.03", "06685.05"] && grant.role == .volunteer && grant.name == "Lan")
        #expect(LocalTime(seconds: grant.validUntil).date.iso8601 == end)
        try http.sync(lan)
        let report = try lan.commit(reportDraft("Đèn hỏng", area: "06685.05")).document
        try http.sync(lan)
        #expect(try server.service.withCore { core throws(StoreError) in try core.documentState(report) } != nil)
    }

    @Test func aRefusedWrongAreaIsClosedWithAReasonThatItsAuthorReads() throws {
        defer { stop() }
        let lan = try join(.volunteer, "Lan")
        _ = try lan.commit(reportDraft("Đèn hỏng", area: "06685.05"), checksEarly: false)
        try http.sync(lan)
        let path = ItemPage.path("role/\(lan.device):1").text
        let item = try ha.get(path)
        #expect(item.body.contains("value=\"decline\"") && item.body.contains("khép lại, vẫn không nhận"))
        #expect(!item.body.contains("value=\"release\"") && !item.body.contains("value=\"grant\""))
        #expect(try decide(item, "grant", "x").status == 400 && decide(item, "release", "x").status == 400)
        #expect(try decide(item, "decline", " ").status == 400)
        #expect(try ha.get("/console?kind=role").body.contains(path))
        #expect(try decide(item, "decline", "Tổ 5 đã ghi").status == 303)
        #expect(try !ha.get("/console?kind=role").body.contains(path))
        #expect(try ha.get("/console/activity").body.contains("Tổ 5 đã ghi — Hà"))
        #expect(try decide(item, "decline", "lại").status == 409)
        try http.sync(lan)
        let told = try lan.decisionsOnOwnWork(of: lan.device, since: 0)
        #expect(told.map(\.decision.reason) == ["Tổ 5 đã ghi — Hà"])
        #expect(try ward.command("audit").code == 0)
    }

    @Test func aGrantIsPreparedOnlyAsTheRulesLetItBeGiven() throws {
        defer { stop() }
        let admin = try join(.admin, "Quản trị", "06685")
        let lan = try join(.volunteer, "Lan")
        let good = ["action": "grant", "role": "lead", "areas": "06685.03 06685.04;06685.03", "until": "", "name": ""]
        func attempt(_ changes: [String: String]) throws -> RawAnswer {
            try prepare(lan.device, good.merging(changes) { $1 }.map { ($0.key, $0.value) })
        }
        let many = (1...65).map { "06685.\($0)" }.joined(separator: ",")
        for bad in [
            ["role": "ward"], ["role": ""], ["role": "made-up"], ["areas": ""], ["areas": "07000.01"],
            ["areas": "06685.03, Hà Tu"], ["areas": "066851"], ["areas": many], ["until": "2001-01-01"],
            ["until": "31-31"], ["name": "Bàn điều khiển"], ["name": "BAN DIEU KHIEN"],
            ["name": String(repeating: "a", count: 121)], ["name": "a\u{0}b"], ["name": "\u{2800}"],
        ] {
            let answer = try attempt(bad)
            #expect(answer.status == 400 && answer.body.contains("Chưa có gì thay đổi"), "\(bad)")
        }
        let plain = try order(attempt([:]))
        #expect(plain.role == .lead && plain.areas == ["06685.03", "06685.04"] && plain.until == 0)
        #expect(plain.name == nil)
        let resident = try order(attempt(["role": "resident", "areas": "", "name": "Lan"]))
        #expect(resident.role == .resident && resident.areas.isEmpty && resident.name == nil)
        // The console has a name of its own, and the ward's server no grant that anybody gives.
        let console = try #require(server.service.withCore { $0.consoleDevice })
        #expect(try prepare(console, [("action", "grant"), ("role", "admin"), ("areas", "06685")]).status == 409)

        // A revoked device is granted its work again.
        _ = try ward.ask(.revoke(device: "\(lan.device)", after: 0))
        let page = try ha.get("/console/device?id=\(lan.device)").body
        #expect(page.contains("id=\"grant-role\"") && !page.contains("prepare-revoke"))
        let again = try order(attempt(["name": "Lan Anh", "until": "2090-01-01"]))
        _ = try admin.commit(again.draft)
        try http.sync(admin)
        let found = try known(lan.device)
        #expect(found.revokedAfter == nil && found.grant.role == .lead && found.grant.name == "Lan Anh")
        #expect(LocalTime(seconds: found.grant.validUntil).text == "23:59 01/01/2090")
    }

    @Test func aCopiedPhoneLeadsToItsSuccessor() throws {
        defer { stop() }
        let admin = try join(.admin, "Quản trị", "06685")
        let lan = try join(.volunteer, "Lan")
        let old = lan.device
        #expect(try prepare(old, [("action", "succeed"), ("successor", "\(admin.device)")]).status == 409)
        _ = try lan.commit(reportDraft("Đèn hỏng"))
        try http.sync(lan)
        let phone = try copy(lan, "phone")
        _ = try lan.commit(reportDraft("Ổ gà"))
        try http.sync(lan)
        _ = try phone.commit(reportDraft("Cây đổ"))
        #expect(throws: SyncFailure.self) { try http.sync(phone) }
        let new = phone.device
        #expect(new != old)
        let item = try ha.get(ItemPage.path("fork/\(old)/2").text).body
        #expect(item.contains("Xác nhận thiết bị mới thay thiết bị này") && item.contains("id=\(old)#orders"))
        let page = try ha.get("/console/device?id=\(old)").body
        #expect(page.contains("name=\"successor\" value=\"\(new)\""))
        for bad in ["", "x", "\(admin.device)", "\(old)"] {
            #expect(try prepare(old, [("action", "succeed"), ("successor", bad)]).status == 400)
        }
        let given = try order(prepare(old, [("action", "succeed"), ("successor", "\(new)")]))
        #expect(given.action == .succeed && given.device == old && given.successor == new)
        _ = try admin.commit(given.draft)
        try http.sync(admin)
        try http.sync(phone)
        #expect(try known(new).grant.role == .volunteer && known(new).grant.name == "Lan")
        #expect(try known(old).revokedAfter != nil)
        #expect(try !ha.get("/console/device?id=\(old)").body.contains("name=\"successor\""))
    }
}
