// A ward that was restored says so by hand as well, and gets back by hand what it lost.

import Testing

@testable import SyncKit

@Suite struct BundleRestoreTests {
    private func file(_ replica: Replica, _ title: String) throws -> Digest {
        var draft = ChangeSetDraft(kind: .report)
        draft.perform(.set(Slot(field: ReportField.title)), .text(title))
        draft.perform(.set(Slot(field: ReportField.area)), .text("06685.03"))
        return try replica.commit(draft).document
    }

    /// One bundle to the ward and its return.
    private func exchange(_ device: Replica, _ ward: TestWard) throws -> ReturnOutcome {
        ward.time.advance(seconds: 60)
        let bundle = try device.exportBundle(fileSize: 1 << 20)
        guard case .taken(let result) = try ward.service.take(bundle.parts[0]) else {
            throw BundleError(.unreadable)
        }
        let id = try #require(result.returned)
        let bytes = try ward.service.withCore { core in try core.shelf.part(id, 1) }
        guard case .answered(let outcome) = try device.take(try BundlePart(decoding: try #require(bytes))) else {
            throw BundleError(.unreadable)
        }
        return outcome
    }

    @Test func whatARestoredWardLostComesBackInBundles() throws {
        let folder = try RestoreFolder()
        let ward = try TestWard(seed: 61, path: folder.path + "/ward.db")
        let device = try ward.device(62)
        var ids = [try file(device, "Trước bản sao")]
        try ward.sync(device)
        try ward.copy(to: folder.path + "/copy.db")
        ids.append(try file(device, "Sau bản sao"))
        try ward.sync(device)
        try ward.restore(from: folder.path + "/copy.db")
        ids.append(try file(device, "Sau khi khôi phục"))

        #expect(try exchange(device, ward).result == .restored)
        var rounds = 0
        while try device.pendingCount() > 0 || device.dueEvidenceCount() > 0, rounds < 6 {
            rounds += 1
            #expect(try exchange(device, ward).result == .applied)
        }
        try RestoreTests.agree(ward, [device])
        for id in ids { #expect(try device.document(id)?.accepted != nil) }
        try ward.sync(device)
        #expect(try device.pendingCount() == 0 && device.logEvidence() == nil)
    }
}
