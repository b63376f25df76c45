// Derived tables made anew, and own work on documents that leave and come back.

import Testing

@testable import SyncKit

@Suite struct RebuildTests {
    /// Every derived row of a store, to compare.
    private func dump(_ replica: Replica) throws -> [String] {
        var rows: [String] = []
        for sql in [
            """
            SELECT number||'|'||hex(id)||'|'||kind||'|'||creator||'|'||sequence||'|'||coalesce(hex(state),'-')||'|'||
            position||'|'||hidden||'|'||pending||'|'||flags||'|'||status||'|'||area||'|'||sort||'|'||updated||'|'||
            title||'|'||detail||'|'||holder FROM documents ORDER BY id
            """,
            "SELECT document||'|'||device||'|'||sequence FROM document_changes ORDER BY document,device,sequence",
            "SELECT rowid||'|'||title||'|'||body FROM search ORDER BY rowid",
            "SELECT kind||'|'||status||'|'||queued||'|'||area||'|'||count FROM document_counts WHERE count<>0 ORDER BY 1",
            "SELECT word FROM search_words ORDER BY word",
            "SELECT scope||'|'||hex(sum)||'|'||count FROM state_sums WHERE count<>0 ORDER BY 1",
        ] {
            let statement = try replica.database.prepare(sql)
            while try statement.step() { rows.append(statement.text(0)) }
        }
        return rows
    }

    @Test func aRebuiltStoreIsTheSameToTheByte() throws {
        let ward = try TestWard(seed: 41)
        let officer = try ward.device(42, role: .officer, areas: ["06685"], name: "Officer")
        let lan = try ward.device(43, role: .volunteer, areas: ["06685.03"], name: "Lan")
        let resident = try ward.device(44)
        try ward.sync(officer)
        try ward.sync(lan)
        var ids: [Digest] = []
        for number in 0..<12 {
            let area = number % 3 == 0 ? "06685.04" : "06685.03"
            let author = number % 2 == 0 ? resident : lan
            if number % 2 == 1, area == "06685.04" { continue }
            ids.append(try author.commit(FieldScenarioTests.report(area)).document)
        }
        for replica in [resident, lan, officer, lan, resident] { try ward.sync(replica) }
        for (index, id) in ids.enumerated() where try lan.document(id) != nil {
            var edit = ChangeSetDraft(kind: .report, document: id)
            edit.perform(.set(Slot(field: ReportField.category)), .text("road"))
            _ = try lan.commit(edit)
            edit = ChangeSetDraft(kind: .report, document: id)
            edit.perform(.set(Slot(field: ReportField.category)), .text("power"))
            if index % 2 == 0 { edit.perform(.set(Slot(field: ReportField.area)), .text("06685.05")) }
            _ = try officer.commit(edit)
        }
        for replica in [lan, officer, resident, lan, officer] { try ward.sync(replica) }
        _ = try lan.commit(FieldScenarioTests.report("06685.03"))
        for replica in [lan, officer, resident] {
            let before = try dump(replica)
            #expect(try replica.unsoundDocuments().isEmpty)
            try replica.rebuild()
            #expect(try dump(replica) == before)
            #expect(try replica.unsoundDocuments().isEmpty)
            try replica.rebuild()
            #expect(try dump(replica) == before)
        }
        for replica in [lan, officer, resident] { try ward.sync(replica) }
        #expect(try lan.stateHash(.area("06685.03")).hash == officer.stateHash(.area("06685.03")).hash)
    }

    @Test func ownWorkOnADocumentThatLeftAndCameBackStillCounts() throws {
        let ward = try TestWard(seed: 51)
        let officer = try ward.device(52, role: .officer, areas: ["06685"], name: "Officer")
        let lan = try ward.device(53, role: .volunteer, areas: ["06685.03"], name: "Lan")
        try ward.sync(officer)
        try ward.sync(lan)
        let id = try officer.commit(FieldScenarioTests.report("06685.03")).document
        try ward.sync(officer)
        try ward.sync(lan)
        var edit = ChangeSetDraft(kind: .report, document: id)
        edit.perform(.append(Slot(field: ReportField.comments)), .text("Đã xem tại chỗ"))
        _ = try lan.commit(edit)
        try ward.sync(lan)
        for area in ["06685.05", "06685.03"] {
            try ward.sync(officer)
            var move = ChangeSetDraft(kind: .report, document: id)
            move.perform(.set(Slot(field: ReportField.area)), .text(area))
            _ = try officer.commit(move)
            try ward.sync(officer)
            try ward.sync(lan)
            #expect(try (lan.document(id) == nil) == (area == "06685.05"))
        }
        #expect(try lan.document(id)?.accepted?.hash == officer.document(id)?.accepted?.hash)
        let before = try dump(lan)
        try lan.rebuild()
        #expect(try dump(lan) == before)
    }
}
