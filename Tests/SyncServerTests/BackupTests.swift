// Backups of a served ward, restores of them, and files that are not what they should be.
import Glibc
import SyncKit
import Testing

@testable import SyncServer

@Suite(.serialized) struct BackupTests {
    private let test: TestHome

    init() throws { test = try TestHome() }

    private var backupPath: String { test.directory.path + "/ward.backup" }
    private var target: WardHome { WardHome(test.directory.path + "/restored") }

    private func file(_ replica: Replica, _ title: String) throws -> Digest {
        var draft = ChangeSetDraft(kind: .report)
        draft.perform(.set(Slot(field: ReportField.category)), .text("lighting"))
        draft.perform(.set(Slot(field: ReportField.title)), .text(title))
        draft.perform(.set(Slot(field: ReportField.area)), .text("06685.03"))
        return try replica.commit(draft).document
    }

    @discardableResult
    private func backUp() throws -> BackupFacts {
        let link = try ControlLink.open(test.home)
        defer { link.close() }
        return try BackupRun(home: test.home, link: link, random: SystemRandomSource()).write(to: backupPath) { _, _ in
        }
    }

    private func keys() throws -> (recovery: SealingKey, root: SigningKey) {
        let text = try HomeFiles.read(test.home.recoveryKey, max: 200, isSecret: true)
        return (
            try #require(RecoveryKey.read(String(decoding: text, as: UTF8.self))),
            try SigningKey(seed: try HomeFiles.read(test.home.rootKey, max: 32))
        )
    }

    @discardableResult
    private func restore(_ file: String? = nil, recovery: SealingKey? = nil, root: SigningKey? = nil) throws
        -> RestoreRun.Result
    {
        let keys = try keys()
        return try RestoreRun(target: target, random: SystemRandomSource(), time: SystemTimeSource()).run(
            file ?? backupPath, recovery: recovery ?? keys.recovery, root: root ?? keys.root, epoch: nil)
    }

    @Test func aServedWardIsBackedUpAndWhatCameLaterComesBackFromTheDevice() throws {
        let server = try test.serve()
        let device = try test.device()
        let first = try file(device, "Đèn đường hỏng")
        try TestRequest(port: server.port).sync(device)
        let facts = try backUp()
        #expect(facts.end.index == 3)
        let second = try file(device, "Ổ gà")
        try TestRequest(port: server.port).sync(device)
        server.inlets.close(drainSeconds: 0)

        #expect(try restore().epoch == 1)
        let restored = try WardServer(home: target, address: "127.0.0.1", port: 0)
        defer { restored.inlets.close(drainSeconds: 0) }
        try TestRequest(port: restored.port).sync(device)
        #expect(try device.pendingCount() == 0 && device.seen().position.epoch == 1)
        let held = try restored.service.withCore { (core: WardCore) throws(StoreError) in try core.stateHashes() }
        #expect(held.keys.contains(first) && held.keys.contains(second))
        #expect(try device.document(second)?.accepted?.hash == held[second])
        let lock = try HomeLock(target)
        #expect(lock == nil)
    }

    @Test func theKeyThatDevicesPinnedComesBackWithTheBackup() throws {
        let made = try test.home.ownTLS()
        try backUp()
        try restore()
        #expect(access(target.tlsKey, F_OK) == 0 && access(target.tlsCertificate, F_OK) == 0)
        let back = try target.ownTLS()
        #expect(back.privateKeyPEM == made.privateKeyPEM && back.certificatePEM == made.certificatePEM)
        var status = stat()
        #expect(stat(target.tlsKey, &status) == 0 && status.st_mode & 0o777 == 0o600)
    }

    @Test func aWardWithoutACertificateOfItsOwnIsBackedUpWithoutOne() throws {
        let facts = try backUp()
        #expect(facts.files.map(\.name) == BackupFacts.names)
        try restore()
        #expect(access(target.tlsKey, F_OK) != 0)
    }

    @Test func aBackupIsNothingToWhoHasNotTheRecoveryKey() throws {
        let link = try ControlLink.open(test.home)
        _ = try link.perform(
            .invite(role: .volunteer, areas: ["06685.03"], name: "Nguyễn Thị Bưởi", expiresDays: 1, validDays: 0))
        link.close()
        try backUp()
        let bytes = try HomeFiles.read(backupPath, max: 1 << 26)
        #expect(bytes.count > 50_000)
        for plain in ["SQLite format 3", "Nguyễn Thị Bưởi", "wardsync1-", "CREATE TABLE"] {
            #expect(String(decoding: bytes, as: UTF8.self).contains(plain) == false)
        }
        #expect(throws: BackupError.otherKey) { try restore(recovery: .generate(random: SystemRandomSource())) }
        let copies = ["", "-wal", "-shm", "-journal"].map { test.home.copyPath + $0 }
        #expect(copies.allSatisfy { access($0, F_OK) != 0 })
    }

    @Test func aBackupThatWasChangedOrCutAnywhereIsRefusedAndLeavesNothingBehind() throws {
        try backUp()
        let whole = try HomeFiles.read(backupPath, max: 1 << 26)
        var random = SystemRandomNumberGenerator()
        var places = [0, 17, 18, 97, 98, 121, 122, 125, 126, whole.count - 1]
        for _ in 0..<60 { places.append(Int.random(in: 0..<whole.count, using: &random)) }
        for place in places {
            var changed = whole
            changed[place] ^= 1
            let path = try test.directory.write("changed", changed)
            #expect(throws: BackupError.self) { try restore(path) }
        }
        for length in places + [whole.count - 17, whole.count - 22] {
            let path = try test.directory.write("cut", whole[..<length])
            #expect(throws: BackupError.self) { try restore(path) }
        }
        let longer = try test.directory.write("longer", whole + [0])
        #expect(throws: BackupError.damaged) { try restore(longer) }
        #expect(access(target.path, F_OK) != 0)
        try restore()
    }

    @Test func anotherWardsRootKeyAndATakenPlaceAreRefused() throws {
        try backUp()
        let stranger = SigningKey.generate(random: SystemRandomSource())
        #expect(throws: BackupError.home(.damaged("root.key"))) { try restore(root: stranger) }
        try restore()
        #expect(throws: BackupError.home(.exists(target.path))) { try restore() }
    }
}
