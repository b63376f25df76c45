// Searching a real store: the real register of procedures where it is beside the clone, the sample elsewhere.

import Foundation
import Testing

@testable import SyncKit

@Suite struct SearchTests {
    /// A ward's resident with every procedure, some reports of an officer, places and areas.
    struct Home {
        let ward: TestWard
        let replica: Replica
        let isReal: Bool
        let count: Int

        init(seed: UInt64 = 71) throws {
            ward = try TestWard(seed: seed)
            let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
                .appendingPathComponent("../../..").standardized
            let real = root.appendingPathComponent("../shared/data/procedures-ward-vn.ndjson").standardized
            let path = ProcessInfo.processInfo.environment["WARDSYNC_PROCEDURES"] ?? real.path
            isReal = FileManager.default.fileExists(atPath: path)
            let file = isReal ? path : root.appendingPathComponent("Samples/procedures.ndjson").path
            let rows = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n")
            count = rows.count
            var items: [ImportItem] = []
            for row in rows {
                let fields = try #require(try JSONSerialization.jsonObject(with: Data(row.utf8)) as? [String: Any])
                func text(_ name: String) -> String { String((fields[name] as? String ?? "").prefix(3000)) }
                items.append(
                    ImportItem(
                        kind: .procedure, code: text("code"),
                        values: [
                            (Slot(field: ProcedureField.code), .text(text("code"))),
                            (Slot(field: ProcedureField.name), .text(text("name"))),
                            (Slot(field: ProcedureField.field), .text(text("field"))),
                            (Slot(field: ProcedureField.papers, key: 0), .text(text("papers"))),
                            (Slot(field: ProcedureField.steps, key: 0), .text(text("steps"))),
                        ]))
            }
            let taken = items
            try ward.service.withCore { core in
                for start in stride(from: 0, to: taken.count, by: 50) {
                    _ = try core.importItems(Array(taken[start..<min(start + 50, taken.count)]))
                }
            }
            replica = try ward.device(seed + 1, role: .officer, areas: ["06685"], name: "O")
            try ward.sync(replica)
        }

        func titles(_ words: String, _ kinds: [DocumentKind] = DocumentKind.searched, limit: Int = 20) throws
            -> [String]
        {
            guard let terms = SearchTerms(words) else { return [] }
            return try replica.search(terms, kinds: kinds, limit: limit, now: 0).map(\.listing.title)
        }

        @discardableResult
        func add(_ kind: DocumentKind, _ values: [(UInt8, CBORValue)]) throws -> Digest {
            var draft = ChangeSetDraft(kind: kind)
            for (field, value) in values { draft.perform(.set(Slot(field: field)), value) }
            return try replica.commit(draft).document
        }
    }

    @Test func birthRegistrationIsFirstAmongAllProceduresHoweverItIsTyped() throws {
        let home = try Home()
        #expect(!home.isReal || home.count == 588)
        #expect(try home.replica.count(.procedure) == home.count)
        let name = home.isReal ? "Thủ tục đăng ký khai sinh" : "Đăng ký khai sinh"
        for typed in [
            "dang ky khai sinh", "Đăng ký khai sinh", "ĐĂNG KÝ KHAI SINH",
            "đăng kí khai sinh".replacing("kí", with: "ký"),
            "  dang   ky,khai-sinh ", "thu tuc dang ky khai sinh", "da\u{306}ng ky\u{301} khai sinh",
        ] {
            #expect(try home.titles(typed).first == name, "\(typed)")
        }
        for typed in ["khai sinh dang ky", "sinh khai ky dang", "dang ky khai si", "dan ky kha sin"] {
            #expect(try home.titles(typed, limit: 5).contains(name), "\(typed)")
        }
    }

    @Test func titlesComeBeforeTextsAndTextsSayWhereTheyMatched() throws {
        let home = try Home()
        let terms = try #require(SearchTerms("giay chung sinh"))
        let hits = try home.replica.search(terms, kinds: [.procedure], limit: 20, now: 0)
        #expect(!hits.isEmpty && hits.map(\.tier) == hits.map(\.tier).sorted())
        for hit in hits where hit.tier >= .bodyPhrase {
            let excerpt = try #require(hit.excerpt)
            let words = FoldedWords.of(excerpt.excerpt.text)
            #expect(words.contains { terms.fits($0) })
        }
        if let body = hits.first(where: { $0.tier == .bodyPhrase }) {
            #expect(SearchFold.fold(try #require(body.excerpt).excerpt.text).contains("giay chung sinh"))
        }
    }

    @Test func oneSearchFindsEveryKindAndOnlyTheKindsThatAreAskedFor() throws {
        let home = try Home()
        try home.add(.report, [(ReportField.title, .text("Đèn hoà bình hỏng")), (ReportField.area, .text("06685.03"))])
        try home.add(.task, [(TaskField.title, .text("Thăm hộ ở phố Hòa Bình")), (TaskField.area, .text("06685.03"))])
        try home.add(.place, [(PlaceField.name, .text("Trạm y tế Hoà Bình")), (PlaceField.category, .text("health"))])
        try home.add(.notice, [(NoticeField.title, .text("HOÀ BÌNH: lịch cắt nước"))])
        try home.ward.sync(home.replica)
        for typed in ["hoà bình", "hòa bình", "HOA BINH", "hoa b"] {
            let kinds: [DocumentKind] = [.report, .task, .place, .notice]
            #expect(try home.titles(typed, kinds).count == 4, "\(typed)")
            #expect(try home.titles(typed, [.place]) == ["Trạm y tế Hoà Bình"])
        }
    }

    @Test func aCodeFindsItsProcedureFirst() throws {
        let home = try Home()
        let rows = try home.replica.list(.procedure, limit: 1000)
        for row in [rows.first, rows.last].compactMap({ $0 }) {
            #expect(try home.titles(row.listing.detail).first == row.listing.title)
        }
    }

    @Test func accentsThatAreTypedChooseBetweenEqualTitles() throws {
        let home = try Home()
        for title in ["Bán đồ cũ", "Bàn đồ cũ", "Bản đồ cũ"] {
            try home.add(.report, [(ReportField.title, .text(title)), (ReportField.area, .text("06685.03"))])
        }
        for title in ["bán đồ cũ", "bàn đồ cũ", "bản đồ cũ"] {
            #expect(try home.titles(title, [.report]).first.map { TextNormalization.nfc($0.lowercased()) } == title)
            #expect(try home.titles(title, [.report]).count == 3)
        }
    }

    @Test func hostileQueriesAreWordsOrNothing() throws {
        let home = try Home()
        try home.add(
            .report, [(ReportField.title, .text("title body kind report OR NOT")), (ReportField.area, .text("06685"))])
        #expect(try home.titles("title OR NOT", [.report]).count == 1)
        for typed in [
            "\"", "a\"b", "khai* OR sinh", "title:khai", "NEAR(khai sinh)", "^khai", "khai - sinh", "{title}: x", "(((",
            "khai AND", "NOT khai", "'; DROP TABLE search; --", "\u{0}khai\u{0}", "*", "%", "_", "k\\", "\u{202E}sinh",
            String(repeating: "khai ", count: 5000), String(repeating: "\"", count: 5000), "水", "ก็", "\u{301}",
        ] {
            _ = try home.titles(typed)
        }
        var chance = SeededChance("hostile search")
        let pieces = [
            "khai", "\"", "*", "(", ")", ":", "^", "-", "+", "{", "}", "AND", "OR", "NOT", "NEAR", " ", "\u{0}", "đ",
            "水", "\\", "'",
        ]
        for _ in 0..<500 {
            _ = try home.titles((0..<(1 + chance.below(12))).map { _ in pieces[chance.below(pieces.count)] }.joined())
        }
        #expect(try home.titles("khai sinh").isEmpty == false)
    }

    @Test func aSearchStaysInsideWhatTheDeviceMaySee() throws {
        let home = try Home()
        let name = Slot(field: ReportField.reporterName)
        var draft = FieldScenarioTests.report("06685.04")
        draft.perform(.set(Slot(field: ReportField.description)), .text("chim canarivang trong mo ta"))
        let id = try home.replica.commit(draft, privates: [(name, "Bà Canaririeng")]).document
        let lan = try home.ward.device(900, role: .volunteer, areas: ["06685.03", "06685.04"], name: "Lan")
        let minh = try home.ward.device(901, role: .volunteer, areas: ["06685.05"], name: "Minh")
        try home.ward.sync(home.replica)
        for replica in [lan, minh] { try home.ward.sync(replica) }
        func count(_ replica: Replica, _ words: String) throws -> Int {
            try replica.search(try #require(SearchTerms(words)), kinds: DocumentKind.searched, limit: 20, now: 0).count
        }
        #expect(try count(lan, "canarivang") == 1 && count(minh, "canarivang") == 0)
        for replica in [home.replica, lan, minh] { #expect(try count(replica, "canaririeng") == 0) }
        var move = ChangeSetDraft(kind: .report, document: id)
        move.perform(.set(Slot(field: ReportField.area)), .text("06685.06"))
        _ = try home.replica.commit(move)
        try home.ward.sync(home.replica)
        try home.ward.sync(lan)
        #expect(try count(lan, "canarivang") == 0)
        try lan.rebuild()
        #expect(try count(lan, "canarivang") == 0 && count(home.replica, "canarivang") == 1)
    }
}
