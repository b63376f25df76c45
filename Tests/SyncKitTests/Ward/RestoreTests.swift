// A ward restored from an older copy: what was acknowledged comes back from the devices that hold it.

import Glibc
import Testing

@testable import SyncKit

/// A folder that goes with its test.
final class RestoreFolder {
    let path: String

    init() throws {
        var template = Array("/tmp/wardsync-restore-XXXXXX".utf8CString)
        path = try #require(mkdtemp(&template).map { String(cString: $0) })
    }

    deinit {
        for file in [
            "ward.db", "ward.db-wal", "ward.db-shm", "copy.db", "copy.db-wal", "copy.db-shm", "copy.db2",
            "copy.db2-wal",
            "copy.db2-shm",
        ] {
            unlink(path + "/" + file)
        }
        rmdir(path)
    }
}

@Suite struct RestoreTests {
    static func claim(_ task: Digest) -> ChangeSetDraft {
        var draft = ChangeSetDraft(kind: .task, document: task)
        draft.perform(.claim(Slot(field: TaskField.claimant)))
        return draft
    }

    static func step(_ kind: DocumentKind, _ id: Digest, _ to: UInt8, by replica: Replica) throws -> ChangeSetDraft {
        var draft = ChangeSetDraft(kind: kind, document: id)
        let present = try #require(try replica.document(id)).state.present
        draft.perform(.transition(Slot(field: Schema.stateField), to: to, follows: present.dot))
        return draft
    }

    static func comment(_ id: Digest, _ text: String) -> ChangeSetDraft {
        var draft = ChangeSetDraft(kind: .report, document: id)
        draft.perform(.append(Slot(field: ReportField.comments)), .text(text))
        return draft
    }

    /// Everything that the devices hold is what the ward holds.
    static func agree(_ ward: TestWard, _ replicas: [Replica]) throws {
        let states = try ward.service.withCore { (core: WardCore) throws(StoreError) in try core.stateHashes() }
        for replica in replicas {
            #expect(try replica.pendingCount() == 0)
            #expect(try replica.dueEvidenceCount() == 0)
            for (id, hash) in states {
                if let state = try replica.document(id)?.accepted { #expect(state.hash == hash) }
            }
        }
    }

    @Test func claimsStepsAndReportsFromAfterTheBackupStandWhoeverComesFirst() throws {
        for order in 0..<6 {
            let folder = try RestoreFolder()
            let ward = try TestWard(seed: 5, path: folder.path + "/ward.db")
            let lan = try ward.device(11, role: .volunteer, areas: ["06685.03"], name: "Lan")
            let minh = try ward.device(12, role: .volunteer, areas: ["06685.03"], name: "Minh")
            let officer = try ward.device(13, role: .officer, areas: ["06685"], name: "Bình")
            let resident = try ward.device(14)
            for replica in [lan, minh, officer, resident] { try ward.sync(replica) }
            var task = ChangeSetDraft(kind: .task)
            task.perform(.set(Slot(field: TaskField.title)), .text("Thăm hộ số 12"))
            task.perform(.set(Slot(field: TaskField.area)), .text("06685.03"))
            let taskID = try officer.commit(task).document
            let first = try resident.commit(FieldScenarioTests.report("06685.03")).document
            for replica in [officer, resident, lan, minh] { try ward.sync(replica) }
            try ward.copy(to: folder.path + "/copy.db")

            // From here on the backup knows nothing.
            _ = try lan.commit(Self.claim(taskID))
            try ward.sync(lan)
            let second = try resident.commit(FieldScenarioTests.report("06685.03")).document
            try ward.sync(resident)
            try ward.sync(officer)
            _ = try officer.commit(Self.step(.report, first, 2, by: officer))
            try ward.sync(officer)
            try ward.sync(lan)
            _ = try lan.commit(Self.comment(second, "Đã xem tại chỗ"))
            try ward.sync(lan)
            let late = try ward.device(15, role: .volunteer, areas: ["06685.03"], name: "Mai")
            try ward.sync(late)
            let third = try late.commit(FieldScenarioTests.report("06685.03")).document
            try ward.sync(late)
            let lost = try #require(try lan.document(second)?.accepted?.hash)
            let seenByLan = try lan.seen()

            try ward.restore(from: folder.path + "/copy.db")
            // One who was away all the time claims the same task, and comes first.
            _ = try minh.commit(Self.claim(taskID))
            try ward.sync(minh)
            #expect(try minh.document(taskID)?.accepted?.holder(TaskField.claimant)?.dot.device == minh.device)
            // One edits on top of what the ward has lost.
            _ = try lan.commit(Self.comment(second, "Thêm một ý"))
            var coming = [lan, officer, resident, late]
            for turn in 0..<order { coming.swapAt(turn % 4, (turn * 3 + 1) % 4) }
            for _ in 0..<3 { for replica in coming + [minh] { try ward.sync(replica) } }

            let everyone = [lan, minh, officer, resident, late]
            try Self.agree(ward, everyone)
            let state = try #require(try officer.document(taskID)?.accepted)
            #expect(state.holder(TaskField.claimant)?.dot.device == lan.device)
            #expect(state.conflicts.first?.entries.map(\.dot.device) == [lan.device, minh.device])
            #expect(try officer.document(first)?.accepted?.present.state == 2)
            #expect(try officer.document(third) != nil && late.document(third) != nil)
            let comments = try #require(try officer.document(second)?.accepted).entries(ReportField.comments)
            #expect(comments.count == 2)
            #expect(try lan.document(second)?.accepted?.hash != lost)
            #expect(try lan.seen().position > seenByLan.position)
            try ward.service.withCore { (core: WardCore) throws(StoreError) in try core.flush() }
        }
    }
}
