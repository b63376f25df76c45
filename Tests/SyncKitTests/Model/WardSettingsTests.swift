// A ward's configured lists: read line by line, bad lines named, the rest taken over; the same on every replica.
import Testing

@testable import SyncKit

@Suite struct WardSettingsTests {
    @Test func everyStandardListReadsBackAsItself() {
        for topic in SettingsTopic.allCases where topic != .states {
            let text = topic.lines(of: .standard).joined(separator: "\n")
            var settings = WardSettings.standard
            #expect(settings.apply(topic, text).isEmpty, "\(topic)")
            #expect(settings == .standard, "\(topic)")
            #expect(text.utf8.count < WardSettings.maxListBytes)
        }
        var named = WardSettings.standard
        #expect(named.apply(.states, "report.in_progress = đang làm; en=under way").isEmpty)
        #expect(named.stateName(.report, 4) == .init(vi: "đang làm", en: "under way"))
        #expect(named.stateName(.report, 1) == nil)
        var again = WardSettings.standard
        #expect(again.apply(.states, SettingsTopic.states.lines(of: named).joined(separator: "\n")).isEmpty)
        #expect(again == named)
    }

    @Test(arguments: [
        (SettingsTopic.categories, "lighting", SettingsProblem.Reason.noEquals),
        (.categories, "Đèn = x", .badKey), (.categories, " = x", .badKey), (.categories, "a =  ; en=b", .emptyValue),
        (.categories, "a = b; radius=0", .badOption), (.categories, "a = b; radius=٣", .badOption),
        (.categories, "a = b; colour=red", .unknownOption), (.categories, "a = b; en", .badOption),
        (.categories, "a = " + String(repeating: "x", count: 300), .tooLong),
        (.categories, String(repeating: "x", count: 700), .tooLong), (.deadlines, "urgent = 1", .unknownKey),
        (.deadlines, "high = 0", .badNumber), (.deadlines, "high = 61", .badNumber),
        (.deadlines, "high = -1", .badNumber), (.deadlines, "high = 99999999999999999999", .badNumber),
        (.holidays, "31/02/2026 = x", .badDate), (.holidays, "Tết = x", .badDate),
        (.holidays, "01/02/2026 = x; work=maybe", .badOption), (.lookups, "days = 3", .unknownKey),
        (.lookups, "retention_days = ∞", .badNumber), (.states, "report.flying = x", .unknownKey),
        (.states, "report = x", .unknownKey), (.states, "notice.received = x", .unknownKey),
    ])
    func aBadLineIsNamedAndLeftOut(topic: SettingsTopic, line: String, reason: SettingsProblem.Reason) {
        var settings = WardSettings.standard
        let good = topic.lines(of: .standard).first ?? "report.received = mới nhận"
        #expect(
            settings.apply(topic, "# một dòng ghi chú\r\n\(good)\r\n\n\(line)\n") == [.init(topic, line: 4, reason)])
        var other = WardSettings.standard
        #expect(other.apply(topic, good) == [])
        #expect(settings == other)
    }

    @Test func aKeyCountsOnceAndEmptyOrEndlessListsAreNamed() {
        var settings = WardSettings.standard
        #expect(settings.apply(.agencies, "a = A\na = B") == [.init(.agencies, line: 2, .repeated)])
        #expect(settings.agencies == [.init("a", "A")])
        #expect(
            settings.apply(.holidays, "1/1/2027 = A\n01/01/2027 = B") == [.init(.holidays, line: 2, .repeated)])
        #expect(settings.apply(.categories, "\n# nothing\n") == [.init(.categories, line: 0, .empty)])
        #expect(settings.categories == WardSettings.standard.categories)
        let many = (0..<700).map { "c\($0) = x" }.joined(separator: "\n")
        #expect(settings.apply(.categories, many) == [.init(.categories, line: 0, .tooMany)])
        #expect(settings.categories.count == 600)
        let long = String(repeating: "a = b\n", count: 4000)
        #expect(settings.apply(.agencies, long) == [.init(.agencies, line: 0, .tooLong)])
    }

    @Test func textThatSteersATerminalOrIsNoUTF8DoesNotGetIn() {
        var settings = WardSettings.standard
        let bytes =
            Array("a = x\u{1B}[31m\u{202E}y".utf8) + [0xFF, 0x0A] + Array("b = Đu\u{31B}o\u{31B}\u{300}ng".utf8)
        #expect(settings.apply(.agencies, String(decoding: bytes, as: UTF8.self)).isEmpty)
        #expect(
            settings.agencies.first?.name.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x202E } == false)
        // Decomposed letters come in as they are stored everywhere else.
        #expect(Array(settings.agencies[1].name.utf8) == Array("Đường".utf8))
    }

    @Test func aYearOfTheCalendarIsTheWardsOwnAndTheOthersStay() throws {
        var settings = WardSettings.standard
        let text = "01/01/2026 = Tết Dương lịch\n02/01/2026 = Nghỉ hoán đổi\n10/01/2026 = Làm bù; work=yes"
        #expect(settings.apply(.holidays, text).isEmpty)
        let calendar = settings.calendar
        let working = try #require(CivilDate.parse("10/01/2026"))
        let off = try #require(CivilDate.parse("02/01/2026"))
        let tet = try #require(CivilDate.parse("17/02/2026"))
        let later = try #require(CivilDate.parse("02/09/2027"))
        #expect(calendar.isWorkingDay(working) && !calendar.isWorkingDay(off))
        #expect(calendar.isWorkingDay(tet) && !calendar.isWorkingDay(later))
    }

    @Test func anyTextIsReadWithoutHarm() {
        var chance = SeededChance("settings text")
        let parts = [
            "=", ";", "\n", " ", "a", "01/01/2026", "high", "1", "radius", "đ", "\u{0301}", "#", "\r", ".", "x",
        ]
        for _ in 0..<200 {
            var settings = WardSettings.standard
            let text = (0..<chance.below(40)).map { _ in parts[chance.below(parts.count)] }.joined()
            for topic in SettingsTopic.allCases {
                let problems = settings.apply(topic, text)
                // What was taken over can be shown and set again without a complaint.
                let shown = topic.lines(of: settings).joined(separator: "\n")
                var again = settings
                if !shown.isEmpty { #expect(again.apply(topic, shown).isEmpty, "\(shown)") }
                #expect(problems.allSatisfy { $0.topic == topic })
            }
        }
    }

    // MARK: In a ward

    @Test func theServerAndAnAdminConfigureTheWardAndEveryDeviceHasIt() throws {
        let ward = try TestWard(seed: 71)
        let admin = try ward.device(72, role: .admin, areas: ["06685"], name: "Admin")
        let resident = try ward.device(73)
        let refused = try ward.service.withCore { core in try core.configure(.deadlines, text: "high = 2\nlow = x") }
        #expect(refused == .failure(.init(problems: [.init(.deadlines, line: 2, .badNumber)])))
        #expect(try ward.service.withCore { core in try core.settings() } == .standard)
        let done = try ward.service.withCore { core in try core.configure(.deadlines, text: "high = 2") }
        #expect(done == .success(true))
        let again = try ward.service.withCore { core in try core.configure(.deadlines, text: "high = 2") }
        #expect(again == .success(false))
        for device in [admin, resident] {
            #expect(try device.settings() == .standard)
            try ward.sync(device)
            #expect(try device.settings().deadlines.high == 2)
        }
        let draft = try #require(try admin.configuredSettings().draft(.deadlines, text: "high = 4"))
        _ = try admin.commit(draft)
        #expect(try admin.settings().deadlines.high == 4)
        try ward.sync(admin)
        try ward.sync(resident)
        #expect(try resident.settings().deadlines.high == 4)
        #expect(try ward.service.withCore { core in try core.settings() }.deadlines.high == 4)
        #expect(throws: ReplicaError(.refused(.notPermitted))) {
            try resident.commit(try #require(try resident.configuredSettings().draft(.deadlines, text: "high = 9")))
        }
        let reset = try ward.service.withCore { core in try core.configure(.deadlines, text: nil) }
        #expect(reset == .success(true))
        try ward.sync(resident)
        #expect(try resident.settings() == .standard)
    }

    @Test func twoListsOfOneTopicMadeApartCountTheSameEverywhere() throws {
        let ward = try TestWard(seed: 81)
        let admins = try [82, 83].map { try ward.device($0, role: .admin, areas: ["06685"], name: "Admin \($0)") }
        let resident = try ward.device(84)
        for admin in admins { try ward.sync(admin) }
        for (index, admin) in admins.enumerated() {
            let draft = try #require(
                try admin.configuredSettings().draft(.lookups, text: "retention_days = \(5 + index)"))
            _ = try admin.commit(draft)
            ward.time.advance(seconds: 10)
        }
        for replica in admins + [resident] + admins { try ward.sync(replica) }
        for replica in admins + [resident] { #expect(try replica.settings().lookupRetentionDays == 6) }
        #expect(try ward.service.withCore { core in try core.settings() }.lookupRetentionDays == 6)
        let reset = try ward.service.withCore { core in try core.configure(.lookups, text: nil) }
        #expect(reset == .success(true))
        try ward.sync(resident)
        #expect(try resident.settings().lookupRetentionDays == WardSettings.standard.lookupRetentionDays)
    }
}
