// Publications: what everybody reads of a report, and what nobody but its people ever does.

import Testing

@testable import SyncKit

@Suite struct PublicationTests {
    private func publish(_ world: FollowedWard, _ report: Digest, _ title: String, _ text: String) throws {
        try world.step(report, 7) { draft in
            draft.perform(.set(Slot(field: ReportField.publicTitle)), .text(title))
            draft.perform(.set(Slot(field: ReportField.publicText)), .text(text))
        }
    }

    private func publications(_ replica: Replica) throws -> [DocumentState] {
        var ids: [Digest] = []
        try replica.eachRow(.publication, ListFilter(), limit: nil) { ids.append($0.id) }
        return try ids.compactMap { try replica.document($0)?.accepted }
    }

    @Test func aReportWithoutAnyCodeIsPublishedWithATitleAlone() throws {
        let world = try FollowedWard(seed: 80)
        let report = try world.filer.commit(FieldScenarioTests.report("06685.03")).document
        try world.ward.sync(world.filer)
        try world.step(report, 6)
        try world.step(report, 7) { $0.perform(.set(Slot(field: ReportField.publicTitle)), .text("Đã sửa đèn")) }
        let found = try #require(try publications(world.follower).first)
        #expect(found.text(PublicationField.title) == "Đã sửa đèn" && found.text(PublicationField.text) == nil)
    }

    @Test func everybodyReadsAPublicationUntilItIsTakenBack() throws {
        let world = try FollowedWard(seed: 81)
        let code = world.code()
        let report = try world.file(code)
        let follow = try world.follow(code)
        try world.step(report, 6) { $0.perform(.set(Slot(field: ReportField.resolution)), .text("fixed")) }
        #expect(try publications(world.follower).isEmpty)
        try publish(world, report, "Đã sửa đèn", "Đã thay 3 bóng ở ngõ 4.")
        let stranger = try world.ward.device(8101)
        try world.ward.sync(stranger)
        for replica in [world.follower, world.officer, world.filer, stranger] {
            let found = try #require(try publications(replica).first)
            #expect(found.text(PublicationField.status) == "published" && found.id != report)
            #expect(found.text(PublicationField.title) == "Đã sửa đèn")
            #expect(found.text(PublicationField.resolution) == "fixed")
            #expect(found.text(PublicationField.area) == "06685.03")
            #expect(found.value(PublicationField.closed)?.integer != nil)
        }
        #expect(try world.views(follow).first?.digest(ProgressField.publication) == publications(stranger).first?.id)
        // A title for the public is taken away: withdrawn; given again: the same document comes back.
        let id = try #require(try publications(stranger).first?.id)
        try world.office(report) { draft, _ in
            draft.perform(.set(Slot(field: ReportField.publicTitle)), .null)
            draft.perform(.set(Slot(field: ReportField.publicText)), .null)
        }
        try world.ward.sync(stranger)
        var state = try #require(try stranger.document(id)?.accepted)
        #expect(state.text(PublicationField.status) == "withdrawn" && state.text(PublicationField.text) == nil)
        #expect(try world.views(follow).first?.digest(ProgressField.publication) == nil)
        try world.office(report) { draft, _ in
            draft.perform(.set(Slot(field: ReportField.publicTitle)), .text("Đã sửa"))
        }
        try world.ward.sync(stranger)
        state = try #require(try stranger.document(id)?.accepted)
        #expect(state.text(PublicationField.status) == "published" && state.text(PublicationField.title) == "Đã sửa")
        try world.step(report, 9)
        try world.ward.sync(stranger)
        #expect(try stranger.document(id)?.accepted?.text(PublicationField.status) == "withdrawn")
    }

    @Test func aReportThatIsKeptToFewIsNotPublished() throws {
        let world = try FollowedWard(seed: 82)
        let report = try world.file(world.code()) { draft in
            draft.perform(.set(Slot(field: ReportField.visibility)), .text("limited"))
        }
        try world.step(report, 6)
        try publish(world, report, "Đã xử lý", "Đã xử lý.")
        #expect(try publications(world.follower).isEmpty)
    }

    @Test func nothingPrivateReachesAFollowerOrTheRestOfTheWard() throws {
        let world = try FollowedWard(seed: 83)
        let canary = "CHIMHOANGYEN"
        let code = world.code()
        var draft = FieldScenarioTests.report("06685.03")
        draft.perform(.set(Slot(field: ReportField.codeHash)), .bytes(code.hash.bytes))
        for field in [ReportField.title, ReportField.description, ReportField.address] {
            draft.perform(.set(Slot(field: field)), .text(canary))
        }
        draft.perform(.append(Slot(field: ReportField.comments)), .text(canary))
        let report = try world.filer.commit(
            draft,
            privates: [
                (Slot(field: ReportField.reporterName), canary), (Slot(field: ReportField.reporterPhone), canary),
            ]
        ).document
        try world.ward.sync(world.filer)
        try world.follow(code)
        try world.step(report, 5) { $0.perform(.append(Slot(field: ReportField.question)), .text(canary)) }
        try world.step(report, 6) { $0.perform(.set(Slot(field: ReportField.result)), .text(canary)) }
        try publish(world, report, "Đã sửa", "Đã sửa xong.")
        let view = try #require(try world.filer.document(report))
        let rating = Rating.draft(on: view, value: try #require(Rating(5)), comment: canary)
        _ = try world.filer.commit(rating)
        for replica in [world.filer, world.officer, world.follower] { try world.ward.sync(replica) }
        let stranger = try world.ward.device(8301)
        try world.ward.sync(stranger)
        for replica in [world.follower, stranger] {
            #expect(try publications(replica).count == 1)
            for sql in [
                "SELECT body FROM changes", "SELECT state FROM documents", "SELECT title FROM documents",
                "SELECT body FROM search", "SELECT value FROM disclosures", "SELECT value FROM meta",
            ] {
                let statement = try replica.database.prepare(sql)
                while try statement.step() {
                    let bytes = statement.bytes(0)
                    #expect(!bytes.contains(Bytes(canary.utf8)), "in \(sql)")
                    #expect(!bytes.contains(report.bytes), "the report's id in \(sql)")
                }
            }
        }
        let officer = try #require(try world.officer.document(report)?.state)
        #expect(officer.text(ReportField.ratingComment) == canary)
    }

    @Test func aTextThatNamesAPersonIsNoticed() {
        let names = ["Nguyễn Thị Hoa"]
        func traces(_ text: String) -> [PersonalTrace] { PersonalText.traces(in: text, names: names) }
        #expect(traces("Đã thay 3 bóng đèn ngày 03/11/2026, ngõ 12.").isEmpty)
        #expect(traces("Gọi 0912 345 678 để biết thêm") == [.number])
        #expect(traces("CCCD 022.190.001.234") == [.number])
        #expect(traces("Thư: hoa.nt@example.vn") == [.email])
        #expect(traces("Cảm ơn chị NGUYEN THI HOA") == [.name] && traces("nhà bà thi hoa") == [.name])
        #expect(traces("vườn hoa @ ngõ 3").isEmpty)
    }
}

extension Array where Element == UInt8 {
    fileprivate func contains(_ part: [UInt8]) -> Bool { firstRange(of: part) != nil }
}
