// Rating with the one-time code: once, for the result that it came with.

import Testing

@testable import SyncKit

@Suite struct RatingTests {
    private func resolve(_ world: FollowedWard, _ report: Digest) throws -> RatingCode {
        let code = RatingCode.make(random: world.ward.random)
        try world.step(report, 6) { draft in
            draft.perform(.set(Slot(field: ReportField.ratingCodeHash)), .bytes(code.hash.bytes))
        }
        return code
    }

    /// Sends a rating and tells what became of it.
    private func rate(_ world: FollowedWard, _ code: String, _ value: Int64, _ comment: String? = nil) throws
        -> RatingFinding?
    {
        var draft = ChangeSetDraft(kind: .rating)
        draft.perform(.set(Slot(field: RatingField.value)), CBORValue(value))
        if let comment { draft.perform(.set(Slot(field: RatingField.comment)), .text(comment)) }
        let slot = Slot(field: RatingField.code)
        let id = try world.follower.commit(draft, privates: [(slot, code)]).document
        try world.ward.sync(world.follower)
        try world.ward.sync(world.officer)
        #expect(try world.officer.document(id) == nil)
        return try world.follower.document(id)?.state.text(RatingField.status).flatMap(RatingFinding.init)
    }

    @Test func aResultIsRatedOnceByWhoHoldsItsCode() throws {
        let world = try FollowedWard(seed: 71)
        let report = try world.file(world.code())
        let code = try resolve(world, report)
        #expect(try rate(world, RatingCode.make(random: world.ward.random).canonical, 5) == .unknown)
        #expect(try rate(world, "không phải mã", 5) == .unknown)
        #expect(try rate(world, code.canonical, 9) == .unknown)
        #expect(try rate(world, code.canonical, 4, "Nhanh") == .counted)
        #expect(try rate(world, code.canonical, 1) == .used)
        let state = try #require(try world.officer.document(report)?.accepted)
        #expect(state.present.state == 8 && state.value(ReportField.rating)?.integer == 4)
        #expect(state.text(ReportField.ratingComment) == "Nhanh")
    }

    @Test func theCodeOfAnOlderResultIsLateAfterReopening() throws {
        let world = try FollowedWard(seed: 72)
        let report = try world.file(world.code())
        let old = try resolve(world, report)
        try world.step(report, 9)
        #expect(try rate(world, old.canonical, 1) == .late)
        // Resolved again without a code of its own: the old one still belongs to the older result.
        try world.step(report, 6)
        #expect(try rate(world, old.canonical, 1) == .late)
        try world.step(report, 9)
        let new = try resolve(world, report)
        #expect(try rate(world, old.canonical, 1) == .late)
        #expect(try rate(world, new.canonical, 5) == .counted)
    }

    @Test func theFilingDeviceRatesDirectlyAndTheCodeIsUsed() throws {
        let world = try FollowedWard(seed: 73)
        let report = try world.file(world.code())
        let code = try resolve(world, report)
        let view = try #require(try world.filer.document(report))
        _ = try world.filer.commit(Rating.draft(on: view, value: try #require(Rating(2)), comment: nil))
        try world.ward.sync(world.filer)
        #expect(try rate(world, code.canonical, 5) == .used)
        let state = try #require(try world.filer.document(report)?.accepted)
        #expect(state.present.state == 8 && state.value(ReportField.rating)?.integer == 2)
    }

    @Test func aCodeIsReadAsPeopleTypeItAndAFaultIsNamed() throws {
        var chance = SeededChance("typed codes")
        for _ in 0..<200 {
            let code = RatingCode(parsing: LookupCode(random: { chance.bytes($0) }).text)
            let text = try #require(code?.text)
            #expect(RatingCode(parsing: text.uppercased().replacingOccurrences("-", "")) == code)
            #expect(LookupCode.fault(in: text) == nil)
            var letters = Array(text.filter { $0 != "-" })
            let place = chance.below(15)
            if letters[place] != letters[place + 1] {
                letters.swapAt(place, place + 1)
                guard case .check(let suspects)? = LookupCode.fault(in: String(letters)) else {
                    Issue.record("an exchange was not noticed")
                    continue
                }
                #expect(suspects.isEmpty || suspects.contains(place + 1) || suspects.count <= 3)
            }
        }
        #expect(LookupCode.fault(in: "abc") == .length(3))
        #expect(LookupCode.fault(in: "u234-5678-9abc-defg") == .character(position: 1))
        #expect(LookupCode.fault(in: "1234-5678-9abc-đefg") == .character(position: 13))
    }
}

extension String {
    fileprivate func replacingOccurrences(_ character: Character, _ other: String) -> String {
        split(separator: character).joined(separator: other)
    }
}
