// Units that were merged: whoever has the unit that stands today has, may change and is told what is under an older code.

import Testing

@testable import SyncKit

@Suite struct MergedUnitsTests {
    private static func report(_ area: String, _ title: String) -> ChangeSetDraft {
        var draft = ChangeSetDraft(kind: .report)
        draft.perform(.set(Slot(field: ReportField.category)), .text("lighting"))
        draft.perform(.set(Slot(field: ReportField.title)), .text(title))
        draft.perform(.set(Slot(field: ReportField.area)), .text(area))
        return draft
    }

    private static func unit(_ code: String, of old: [String], from: Int64? = nil) -> ChangeSetDraft {
        var draft = ChangeSetDraft(kind: .area)
        draft.perform(.set(Slot(field: AreaField.code)), .text(code))
        draft.perform(.set(Slot(field: AreaField.name)), .text("Đơn vị \(code)"))
        if let from { draft.perform(.set(Slot(field: AreaField.validFrom)), CBORValue(from)) }
        for code in old { draft.perform(.add(Slot(field: AreaField.mergedFrom)), .text(code)) }
        return draft
    }

    private static func titled(_ id: Digest, _ text: String) -> ChangeSetDraft {
        var draft = ChangeSetDraft(kind: .report, document: id)
        draft.perform(.set(Slot(field: ReportField.title)), .text(text))
        return draft
    }

    @Test func whatIsUnderAnOldCodeIsThatOfTheUnitThatStandsFromItsDayOn() throws {
        let folder = try RestoreFolder()
        let ward = try TestWard(seed: 910, path: folder.path + "/ward.db")
        let officer = try ward.device(911, role: .officer, areas: ["06685"], name: "Bình")
        let lead = try ward.device(912, role: .lead, areas: ["06685.03"], name: "Hạnh")
        let other = try ward.device(913, role: .lead, areas: ["06685.04"], name: "Mai")
        let resident = try ward.device(914)
        let name = (slot: Slot(field: ReportField.reporterName), value: "Nguyễn Thị Hoa")
        let whole = try resident.commit(Self.report("06688", "Ở phường cũ"), privates: [name]).document
        let part = try resident.commit(Self.report("06688.02", "Ở khu phố của phường cũ")).document
        let street = try resident.commit(Self.report("06685.09", "Ở khu phố cũ")).document
        let all = [officer, lead, other, resident]
        for replica in all { try ward.sync(replica) }
        let day = ward.time.nowSeconds() + 86_400
        let units = [Self.unit("06685", of: ["06688"], from: day), Self.unit("06685.03", of: ["06685.09"])]
        _ = try ward.service.withCore { core in try core.author(units) }
        for replica in all { try ward.sync(replica) }

        // The neighborhood stands at once, the ward from the next day on.
        #expect(try officer.document(whole) == nil && officer.document(part) == nil)
        #expect(try officer.document(street) != nil && lead.document(street) != nil && other.document(street) == nil)
        #expect(throws: ReplicaError.self) { try officer.commit(Self.titled(whole, "Chưa đến ngày")) }
        _ = try officer.commit(Self.titled(whole, "Chưa đến ngày"), checksEarly: false)
        let early = try ward.sync(officer)
        #expect(early.refused.count + early.held.count == 1)

        ward.time.advance(seconds: 86_500)
        _ = try resident.commit(Self.report("06688.02", "Ngày hôm sau"))
        for replica in all + all { try ward.sync(replica) }
        for id in [whole, part] {
            #expect(try officer.document(id) != nil)
            #expect(try lead.document(id) == nil && other.document(id) == nil)
        }
        // The private values of what came are theirs to read, and their word counts.
        let state = try #require(try officer.document(whole)?.state)
        let entry = try #require(state.entries(name.slot).first)
        #expect(try officer.disclosed(entry, name.slot) == name.value)
        _ = try officer.commit(Self.titled(part, "Đã xem"))
        _ = try lead.commit(Self.titled(street, "Đã đến xem"))
        for replica in [officer, lead, resident] {
            let report = try ward.sync(replica)
            #expect(report.held.isEmpty && report.refused.isEmpty)
        }
        try ward.sync(resident)
        #expect(try resident.document(part)?.state.text(ReportField.title) == "Đã xem")
        #expect(try resident.document(street)?.state.text(ReportField.title) == "Đã đến xem")

        // A device that comes new has the same.
        let fresh = try ward.device(915, role: .officer, areas: ["06685"], name: "Tâm")
        try ward.sync(fresh)
        for id in [whole, part, street] { #expect(try fresh.document(id) != nil) }
        // And a server that starts again says the same.
        try ward.reopen()
        let after = try ward.device(916, role: .lead, areas: ["06685.03"], name: "Thu")
        try ward.sync(after)
        #expect(try after.document(street) != nil && after.document(whole) == nil)
        _ = try officer.commit(Self.titled(whole, "Sau khi khởi động lại"))
        #expect(try ward.sync(officer).accepted == 1)
    }

    @Test func whoHadAUnitKeepsWhatIsUnderAnOlderCodeWhenItIsMergedAgain() throws {
        let ward = try TestWard(seed: 920)
        let first = try ward.device(921, role: .lead, areas: ["06685.03"], name: "Hạnh")
        let second = try ward.device(922, role: .lead, areas: ["06685.04"], name: "Mai")
        let resident = try ward.device(923)
        let id = try resident.commit(Self.report("06685.09", "Ở khu phố cũ")).document
        try ward.sync(resident)
        for units in [[Self.unit("06685.03", of: ["06685.09"])], [Self.unit("06685.04", of: ["06685.03"])]] {
            _ = try ward.service.withCore { core in try core.author(units) }
            for replica in [first, second] { try ward.sync(replica) }
            #expect(try first.document(id) != nil)
        }
        #expect(try second.document(id) != nil)
        for lead in [first, second] {
            _ = try lead.commit(Self.titled(id, "Đã xem"))
            #expect(try ward.sync(lead).accepted == 1)
        }
    }
}
