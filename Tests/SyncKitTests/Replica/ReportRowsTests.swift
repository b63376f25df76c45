// The derived table of reports: candidates for duplicates against a plain search, rebuild, and an older store.
import Glibc
import Testing

@testable import SyncKit

@Suite struct ReportRowsTests {
    private struct Filed {
        let id: Digest
        let category: String
        let place: GeoPoint?
        let time: Int64
    }

    private func file(
        _ replica: Replica, category: String, _ place: (latitude: Int64, longitude: Int64)?, title: String = "Ổ gà"
    ) throws -> Digest {
        var draft = ChangeSetDraft(kind: .report)
        draft.perform(.set(Slot(field: ReportField.title)), .text(title))
        draft.perform(.set(Slot(field: ReportField.area)), .text("06685.03"))
        draft.perform(.set(Slot(field: ReportField.category)), .text(category))
        if let place {
            draft.perform(
                .set(Slot(field: ReportField.location)),
                .array([CBORValue(place.latitude), CBORValue(place.longitude), CBORValue(10)]))
        }
        return try replica.commit(draft).document
    }

    @Test func reportsNearbyAreThoseThatAPlainSearchFindsNearestFirst() throws {
        var chance = SeededChance("nearby reports")
        let ward = try TestWard()
        let officer = try ward.device(1, role: .officer, areas: ["06685"])
        var filed: [Filed] = []
        for _ in 0..<400 {
            ward.time.advance(seconds: Int64(chance.below(9000)))
            let place: (Int64, Int64)? =
                chance.below(10) == 0
                ? nil : (209_500_000 + Int64(chance.below(60_000)), 1_070_700_000 + Int64(chance.below(60_000)))
            let category = ["road", "tree"][chance.below(2)]
            let id = try file(officer, category: category, place)
            filed.append(
                Filed(
                    id: id, category: category,
                    place: place.flatMap { GeoPoint(latitude: $0.0, longitude: $0.1) }, time: ward.time.nowSeconds()))
        }
        for _ in 0..<60 {
            let here = try #require(
                GeoPoint(
                    latitude: 209_500_000 + Int64(chance.below(60_000)),
                    longitude: 1_070_700_000 + Int64(chance.below(60_000))))
            let radius = 20 + chance.below(300)
            let since = ward.time.nowSeconds() - Int64(chance.below(2_000_000))
            let plain = filed.filter { item in
                guard item.category == "road", item.time >= since, let place = item.place else { return false }
                return here.metres(to: place) <= radius
            }
            let found = try officer.nearby(
                category: "road", here, radiusMetres: radius, filedFrom: since, limit: .max)
            #expect(Set(found.map(\.id)) == Set(plain.map(\.id)))
            #expect(found.map(\.metres) == found.map(\.metres).sorted())
        }
    }

    @Test func distancesOnTheGroundAreRight() throws {
        // Known by hand: a thousandth of a degree of latitude is 111.2 m; of longitude at 20.95° 103.8 m.
        let here = try #require(GeoPoint(latitude: 209_500_000, longitude: 1_070_700_000))
        let north = try #require(GeoPoint(latitude: 209_510_000, longitude: 1_070_700_000))
        let east = try #require(GeoPoint(latitude: 209_500_000, longitude: 1_070_710_000))
        #expect(here.metres(to: north) == 111 && here.metres(to: east) == 104 && here.metres(to: here) == 0)
        let dateLine = try #require(GeoPoint(latitude: 0, longitude: 1_799_999_000))
        let beyond = try #require(GeoPoint(latitude: 0, longitude: -1_799_999_000))
        #expect(dateLine.metres(to: beyond) == 22)
        let pole = try #require(GeoPoint(latitude: 900_000_000, longitude: 0))
        #expect(pole.box(radiusMetres: .max).longitudes.contains(1_800_000_000))
        #expect(GeoPoint(latitude: 900_000_001, longitude: 0) == nil)
        #expect(GeoPoint(.array([.text("x"), .null, .null])) == nil && GeoPoint(nil) == nil)
    }

    @Test func whatWaitsFollowsTheReportAndSurvivesARebuild() throws {
        let ward = try TestWard()
        let officer = try ward.device(1, role: .officer, areas: ["06685"])
        let resident = try ward.device(2)
        let volunteer = try ward.device(3, role: .volunteer, areas: ["06685.03"])
        let id = try file(resident, category: "road", nil)
        let twin = try file(resident, category: "road", nil, title: "Ổ gà nữa")
        func syncAll() throws {
            for _ in 0..<2 {
                for replica in [resident, volunteer, officer] {
                    ward.time.advance(seconds: 60)
                    try ward.sync(replica)
                }
            }
        }
        func needs() throws -> ReportFacts.Needs? {
            let number = try #require(try officer.document(id)).number
            return try officer.waitingReports(ReportFilter()).first { $0.number == number }?.needs
        }
        func move(_ replica: Replica, _ id: Digest, _ to: UInt8, _ more: (inout ChangeSetDraft) -> Void = { _ in })
            throws
        {
            var draft = ChangeSetDraft(kind: .report, document: id)
            let view = try #require(try replica.document(id))
            more(&draft)
            draft.perform(.transition(Slot(field: Schema.stateField), to: to, follows: view.state.present.dot))
            _ = try replica.commit(draft)
            try syncAll()
        }
        func append(_ replica: Replica, _ field: UInt8, _ value: CBORValue) throws {
            var draft = ChangeSetDraft(kind: .report, document: id)
            draft.perform(.append(Slot(field: field)), value)
            _ = try replica.commit(draft)
            try syncAll()
        }
        try syncAll()
        #expect(try needs() == .new)
        try move(officer, id, ReportStateNumber.classified.rawValue)
        #expect(try needs() == [])
        try move(officer, id, ReportStateNumber.awaitingInfo.rawValue)
        try append(officer, ReportField.comments, .text("Gấp nhé"))
        #expect(try needs() == [])
        try append(resident, ReportField.comments, .text("Cột 12"))
        #expect(try needs() == .answered)
        try move(officer, id, ReportStateNumber.resolved.rawValue)
        #expect(try needs() == nil)
        try append(volunteer, ReportField.proposals, .array([.text("flag"), .text("Vẫn tối")]))
        #expect(try needs() == .proposal)
        try move(resident, id, ReportStateNumber.reopened.rawValue)
        #expect(try needs() == .reopened)
        try move(officer, twin, ReportStateNumber.duplicate.rawValue) { draft in
            draft.perform(.link(Slot(field: ReportField.duplicateOf), target: id))
        }
        #expect(try officer.duplicates(of: id).map(\.author) == [resident.device])
        let before = try table(officer)
        #expect(before.count == 2)
        try officer.rebuild()
        #expect(try table(officer) == before)
        try move(resident, twin, ReportStateNumber.reopened.rawValue)
        #expect(try officer.duplicates(of: id).isEmpty)
    }

    @Test func aStoreOfTheFirstVersionIsBroughtUpWithEverythingInIt() throws {
        let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        let path = base + "/wardsync-upgrade-\(UInt64.random(in: 0 ... .max)).db"
        defer { for suffix in ["", "-wal", "-shm"] { unlink(path + suffix) } }
        let ward = try TestWard()
        let random = SeededRandomSource(seed: 77)
        var rows: [[String]] = []
        var hash: Digest?
        do {
            let database = try Database(path: path, mode: .create)
            try Replica.create(
                in: database, descriptor: ward.descriptor, time: ward.time, random: random, scheme: ward.scheme)
            let replica = try Replica(opening: database, time: ward.time, random: random, scheme: ward.scheme)
            for number in 0..<5 {
                _ = try file(replica, category: "road", (209_500_000 + Int64(number), 1_070_700_000))
                if number == 2 { try ward.sync(replica) }
            }
            rows = try table(replica)
            hash = try replica.stateHash(.own(replica.device)).hash
            for index in ["documents_asked"] { try database.run("DROP INDEX \(index)") }
            try database.run("DROP TABLE reports")
            try database.run("DROP TABLE drafts")
            try database.run("ALTER TABLE changes DROP COLUMN logged")
            for table in ["part_beginnings", "part_pieces"] { try database.run("DROP TABLE \(table)") }
            try database.run("ALTER TABLE bundles DROP COLUMN begun")
            try database.run("PRAGMA user_version=1")
        }
        let database = try Database(path: path, mode: .write)
        #expect(try StoreSchema.check(database))
        let replica = try Replica(opening: database, time: ward.time, random: random, scheme: ward.scheme)
        #expect(try !StoreSchema.check(database))
        #expect(try table(replica) == rows && rows.count == 5)
        #expect(try replica.stateHash(.own(replica.device)).hash == hash)
        #expect(try replica.list(.report).count == 5)
        #expect(try replica.keepDraft(.report, [0x80]) == 1)
        #expect(try replica.unsoundDocuments().isEmpty)
    }

    /// Every row of the derived table as text.
    private func table(_ replica: Replica) throws -> [[String]] {
        let statement = try replica.database.prepare("SELECT * FROM reports ORDER BY document")
        defer { statement.reset() }
        var rows: [[String]] = []
        while try statement.step() {
            rows.append(
                (0..<15).map { $0 == 13 ? hexText(statement.bytes(13)) : statement.text(Int32($0)) })
        }
        return rows
    }
}
