// The audit of a ward's store: sound where the ward wrote it alone, and every damage is named.

import Glibc
import Testing

@testable import SyncKit

@Suite struct AuditTests {
    /// A ward with something in every table, in a file.
    private final class World {
        let ward: TestWard
        let path = "/tmp/wardsync-audit-\(getpid())-\(UInt64.random(in: 0 ... .max))"

        init(seed: UInt64) throws {
            ward = try TestWard(seed: seed, path: path)
            try fill()
        }

        deinit { for suffix in ["", "-wal", "-shm", ".copy", ".copy-wal", ".copy-shm"] { unlink(path + suffix) } }

        private func fill() throws {
            let officer = try ward.device(1, role: .officer, areas: ["06685"], name: "Cán bộ")
            let lan = try ward.device(2, role: .volunteer, areas: ["06685.03"], name: "Lan")
            let resident = try ward.device(3)
            let lost = try ward.device(4, role: .volunteer, areas: ["06685.03"], name: "Minh")
            func sync(_ replicas: Replica...) throws {
                for replica in replicas { try ward.sync(replica) }
                ward.time.advance(seconds: 60)
            }
            let code = LookupCode(random: SeededRandomSource(seed: 5).bytes)
            var draft = StandaloneReceiptTests.report("Đèn hỏng")
            draft.perform(.set(Slot(field: ReportField.codeHash)), .bytes(code.hash.bytes))
            let report = try resident.commit(draft).document
            for number in 0..<300 { _ = try resident.commit(StandaloneReceiptTests.report("Số \(number)")) }
            try sync(resident, officer)
            draft = ChangeSetDraft(kind: .report, document: report)
            draft.perform(.set(Slot(field: ReportField.area)), .text("06685.04"))
            _ = try officer.commit(draft)
            draft = ChangeSetDraft(kind: .follow)
            draft.perform(.set(Slot(field: FollowField.codeHash)), .bytes(code.hash.bytes))
            _ = try lan.commit(draft)
            _ = try lost.commit(StandaloneReceiptTests.report("Từ máy mất"))
            try ward.service.withCore { core in try core.revoke(lost.device, after: 0) }
            try sync(officer, lan, lost)
            // A copied store: the other copy's change set under the same number is a fork.
            let copy = try Database(path: "", mode: .memory)
            let random = SeededRandomSource(seed: 6 &* 7919)
            try Replica.create(
                in: copy, descriptor: ward.descriptor, time: ward.time, random: random, scheme: ward.scheme)
            let twin = try Replica(opening: copy, time: ward.time, random: random, scheme: ward.scheme)
            let original = try ward.device(6)
            _ = try original.commit(StandaloneReceiptTests.report("Bản một"))
            try sync(original)
            _ = try twin.commit(StandaloneReceiptTests.report("Bản hai"))
            _ = try? ward.sync(twin)
            try refuseAndReissue(officer, lan)
            try attach(resident, to: report)
            try editSideBySide(officer, lan, report)
            _ = try ward.service.withCore { core in
                try core.invite(
                    Invitation(role: .lead, areas: [], name: "X", expires: 2_000_000_000, validSeconds: 0))
            }
            try ward.service.withCore { core in try core.flush() }
        }

        /// A photo with its thumbnail, which the ward comes to hold.
        private func attach(_ resident: Replica, to report: Digest) throws {
            let random = SeededRandomSource(seed: 8)
            let made = NewFile(random.bytes(100_000), media: .jpeg, thumbnail: random.bytes(5000))
            let file = try #require(made)
            var draft = ChangeSetDraft(kind: .report, document: report)
            draft.perform(.add(Slot(field: ReportField.attachments)), file.attachment.value)
            _ = try resident.commit(draft, files: [file])
            try ward.sync(resident)
        }

        /// Two who do not know of each other change different fields of one report.
        private func editSideBySide(_ officer: Replica, _ lan: Replica, _ report: Digest) throws {
            try ward.sync(officer)
            var draft = ChangeSetDraft(kind: .report, document: report)
            draft.perform(.set(Slot(field: ReportField.area)), .text("06685.03"))
            _ = try officer.commit(draft)
            try ward.sync(officer)
            try ward.sync(lan)
            draft = ChangeSetDraft(kind: .report, document: report)
            draft.perform(.set(Slot(field: ReportField.title)), .text("Đèn hỏng hai ngày"))
            _ = try lan.commit(draft)
            draft = ChangeSetDraft(kind: .report, document: report)
            draft.perform(.set(Slot(field: ReportField.category)), .text("electric"))
            _ = try officer.commit(draft)
            try ward.sync(lan)
            try ward.sync(officer)
        }

        /// The ward refuses what the device did not know to be forbidden, and gets it corrected.
        private func refuseAndReissue(_ officer: Replica, _ lan: Replica) throws {
            var draft = ChangeSetDraft(kind: .report)
            draft.perform(.set(Slot(field: ReportField.agency)), .text("ubnd"))
            draft.perform(.set(Slot(field: ReportField.area)), .text("06685.03"))
            let refused = try lan.commit(draft, checksEarly: false)
            try ward.sync(lan)
            draft = ChangeSetDraft(kind: .report, document: refused.document)
            draft.perform(.set(Slot(field: ReportField.title)), .text("Sửa lại"))
            draft.perform(.set(Slot(field: ReportField.area)), .text("06685.03"))
            draft.reissues = refused.document
            _ = try lan.commit(draft, checksEarly: false)
            try ward.sync(lan)
        }

        var descriptor: WardDescriptor {
            get throws {
                let found = WardDescriptor(verifying: ward.descriptor, scheme: ward.scheme)
                return try #require(found)
            }
        }

        /// Audits the store, or a copy of it that was changed.
        func audit(_ damage: String...) throws -> AuditReport {
            var place = path
            if !damage.isEmpty {
                place = path + ".copy"
                for suffix in ["", "-wal", "-shm"] { unlink(place + suffix) }
                try Database(path: path, mode: .read).prepareCopy(to: place)
                let copy = try Database(path: place, mode: .write)
                for sql in damage {
                    try copy.run(sql)
                    try #require(copy.changedRows > 0, "\(sql) changed nothing")
                }
            }
            let database = try Database(path: place, mode: .read)
            try database.run("BEGIN")
            return try WardAudit(database, descriptor: descriptor, scheme: ward.scheme).run()
        }
    }

    /// An SQL expression that flips a byte of a blob.
    private static func flipped(_ column: String, _ place: String) -> String {
        "CAST(substr(\(column),1,\(place)-1) || CASE substr(\(column),\(place),1) WHEN x'A5' THEN x'5A' ELSE x'A5' END "
            + "|| substr(\(column),\(place)+1) AS BLOB)"
    }

    private static func flipped(_ column: String, _ place: Int) -> String { flipped(column, String(place)) }

    @Test func aStoreThatTheWardWroteAloneIsSoundAndEverythingInItIsCounted() throws {
        let world = try World(seed: 91)
        let report = try world.audit()
        #expect(report.findings == [])
        #expect(report.isSound && report.checkpoint?.position.index == report.size)
        for subject in AuditSubject.allCases where subject != .epochs {
            #expect(report.checked[subject] ?? 0 > 0, "\(subject)")
        }
        #expect(report.checked[.entries] == Int(report.size))
        #expect(report.checked[.signatures] == report.checked[.changes])
    }

    @Test func everyDamageIsNamedWhereItIs() throws {
        let world = try World(seed: 92)
        let damages: [(sql: String, subject: AuditSubject, problem: AuditFinding.Problem)] = [
            ("UPDATE entries SET bytes=\(Self.flipped("bytes", 60)) WHERE position=100", .decisions, .differs),
            ("UPDATE entries SET bytes=\(Self.flipped("bytes", 1)) WHERE position=100", .entries, .unreadable),
            ("UPDATE entries SET bytes=\(Self.flipped("bytes", 60)) WHERE position=100", .trees, .differs),
            ("UPDATE entries SET bytes=\(Self.flipped("bytes", 100)) WHERE position=2", .grants, .signature),
            ("UPDATE entries SET document=document+1 WHERE position=100", .documents, .differs),
            ("DELETE FROM entries WHERE position=100", .entries, .missing),
            ("DELETE FROM entries WHERE position=(SELECT max(position) FROM entries)", .checkpoint, .differs),
            ("UPDATE entries SET position=-5 WHERE position=100", .entries, .missing),
            ("UPDATE entries SET position=9000000000000000000 WHERE position=100", .entries, .order),
            ("UPDATE trees SET tree=\(Self.flipped("tree", 12)) WHERE size=256", .trees, .differs),
            ("DELETE FROM trees WHERE size=256", .trees, .missing),
            ("INSERT INTO trees(size,tree) VALUES(300,x'00')", .trees, .extra),
            ("UPDATE meta SET value=\(Self.flipped("value", 70)) WHERE key='checkpoint'", .checkpoint, .signature),
            ("DELETE FROM meta WHERE key='checkpoint'", .checkpoint, .missing),
            ("UPDATE meta SET value=x'00000000000000FF' WHERE key='checkpoint.serial'", .checkpoint, .differs),
            ("UPDATE meta SET value=x'00000000FFFFFFFF' WHERE key='flushed'", .store, .differs),
            ("UPDATE changes SET verdict=3 WHERE sequence=100", .decisions, .differs),
            ("UPDATE changes SET effective=effective+1 WHERE sequence=100", .decisions, .differs),
            ("UPDATE changes SET code=4 WHERE sequence=100", .decisions, .differs),
            ("UPDATE changes SET position=position+1 WHERE sequence=100", .decisions, .missing),
            ("UPDATE changes SET outcomes=x'01' WHERE sequence=100", .decisions, .differs),
            ("UPDATE changes SET document=document+1 WHERE sequence=100", .documents, .differs),
            ("UPDATE changes SET id=\(Self.flipped("id", 5)) WHERE sequence=100", .changes, .hash),
            ("UPDATE changes SET body=\(Self.flipped("body", 30)) WHERE sequence=100", .signatures, .signature),
            (
                "UPDATE changes SET body=\(Self.flipped("body", "length(body)-3")) WHERE sequence=100", .changes, .hash
            ),
            ("UPDATE changes SET body=x'80' WHERE sequence=100", .changes, .unreadable),
            ("DELETE FROM changes WHERE sequence=100", .changes, .missing),
            ("DELETE FROM changes WHERE sequence=100", .chains, .missing),
            (
                "INSERT INTO changes(device,sequence,id,document,verdict,position,body) "
                    + "SELECT device,sequence+1000,id,document,verdict,position,body FROM changes WHERE sequence=100",
                .decisions, .missing
            ),
            ("UPDATE devices SET key=\(Self.flipped("key", 7)) WHERE number=3", .devices, .missing),
            ("UPDATE devices SET key=x'00' WHERE number=3", .devices, .unreadable),
            ("DELETE FROM forks", .forks, .missing),
            ("UPDATE forks SET body=\(Self.flipped("body", 30))", .forks, .signature),
            ("UPDATE forks SET sequence=sequence+1", .forks, .hash),
            ("UPDATE documents SET state=\(Self.flipped("state", 80)) WHERE number=100", .documents, .differs),
            ("UPDATE documents SET title='Khác' WHERE number=100", .documents, .differs),
            ("UPDATE documents SET area='06685.09' WHERE number=100", .documents, .differs),
            ("UPDATE documents SET status=6 WHERE number=100", .documents, .differs),
            ("UPDATE documents SET hidden=1 WHERE number=100", .documents, .differs),
            ("DELETE FROM documents WHERE number=100", .documents, .missing),
            ("INSERT INTO documents(id,kind,creator,sequence) VALUES(zeroblob(32),1,1,1)", .documents, .extra),
            ("DELETE FROM document_changes WHERE document=100", .documentChanges, .missing),
            ("INSERT INTO document_changes VALUES(100,1,1)", .documentChanges, .extra),
            ("INSERT INTO document_changes VALUES(100000,1,1)", .documentChanges, .extra),
            ("UPDATE document_areas SET areas='06685.09' WHERE document=100", .areas, .differs),
            ("DELETE FROM document_areas WHERE document=100", .areas, .missing),
            ("INSERT INTO document_areas VALUES(100,200,'06685')", .areas, .extra),
            ("INSERT INTO document_areas VALUES(100000,200,'06685')", .areas, .extra),
            ("UPDATE follow_views SET views='1'", .followViews, .differs),
            ("DELETE FROM follow_views", .followViews, .missing),
            ("INSERT INTO follow_views VALUES(100000,1,'1')", .followViews, .extra),
            ("UPDATE attachments SET length=length+1", .files, .differs),
            ("UPDATE attachments SET held=1-held WHERE part=1", .files, .differs),
            ("UPDATE attachments SET received=1-received WHERE part=1", .files, .differs),
            ("DELETE FROM attachments", .files, .missing),
            ("UPDATE attachments SET root=zeroblob(32) WHERE part=1", .files, .extra),
            ("UPDATE attachments SET document=100000 WHERE part=1", .files, .missing),
            ("UPDATE content_pieces SET bytes=zeroblob(length(bytes))", .contents, .hash),
            ("DELETE FROM content_pieces", .contents, .hash),
            ("UPDATE contents SET leaves=x'00'", .contents, .unreadable),
            ("UPDATE contents SET missing=missing+1", .contents, .differs),
            ("DELETE FROM contents", .contents, .extra),
            ("DELETE FROM contents", .files, .differs),
            ("DELETE FROM parallels", .parallels, .missing),
            ("INSERT INTO parallels VALUES(100000)", .parallels, .extra),
            ("UPDATE codes SET hash=zeroblob(32)", .codes, .differs),
            ("DELETE FROM codes", .codes, .missing),
            ("UPDATE views SET view=report", .views, .differs),
            ("DELETE FROM views", .views, .missing),
            ("UPDATE follows SET standing=2", .follows, .differs),
            ("UPDATE follows SET hash=x'01'", .follows, .differs),
            ("DELETE FROM follows", .follows, .missing),
            ("UPDATE meta SET value=zeroblob(32) WHERE key LIKE 'reissued.%'", .reissues, .differs),
            ("UPDATE invitations SET device=zeroblob(32)", .grants, .missing),
            ("INSERT INTO reports VALUES(1,'',NULL,NULL,0,'','',NULL,NULL,'',0,0,0,NULL,0)", .store, .extra),
            ("INSERT INTO search(title,body,kind) VALUES('x','y','z')", .store, .extra),
        ]
        for damage in damages {
            let report = try world.audit(damage.sql)
            #expect(
                report.findings.contains { $0.subject == damage.subject && $0.problem == damage.problem },
                "\(damage.sql): \(report.findings.prefix(5))")
            // One damage is told in few places, not on every line that follows it.
            #expect(report.findingCount < 40, "\(damage.sql): \(report.findings.prefix(12))")
            for finding in report.findings { #expect(!finding.place.contains("Số")) }
        }
    }

    @Test func whatWasNotWrittenBehindYetIsNoFinding() throws {
        let world = try World(seed: 93)
        let late = try world.ward.device(9)
        _ = try late.commit(StandaloneReceiptTests.report("Muộn"))
        try world.ward.sync(late)
        let report = try world.audit()
        #expect(report.isSound && report.flushed < report.size)
        try world.ward.reopen(rebuilding: true)
        try world.ward.service.withCore { core in try core.flush() }
        let rebuilt = try world.audit()
        #expect(rebuilt.findings == [] && rebuilt.flushed == rebuilt.size)
    }

    @Test func aDamagedFileIsAFindingAndNoCrash() throws {
        let world = try World(seed: 94)
        let copy = world.path + ".copy"
        try Database(path: world.path, mode: .read).prepareCopy(to: copy)
        var chance = SeededChance("damaged files")
        let file = open(copy, O_RDWR)
        let size = lseek(file, 0, SEEK_END)
        for _ in 0..<60 {
            let junk = chance.bytes(64)
            _ = junk.withUnsafeBytes { pwrite(file, $0.baseAddress, 64, off_t(4096 + chance.below(Int(size) - 4200))) }
        }
        close(file)
        let descriptor = try world.descriptor
        do throws(StoreError) {
            let database = try Database(path: copy, mode: .read)
            try database.run("BEGIN")
            let report = try WardAudit(database, descriptor: descriptor, scheme: world.ward.scheme).run()
            #expect(!report.isSound)
        } catch {
            #expect(error.code == .damaged || error.code == .notAStore)
        }
    }
}

extension Database {
    /// Copies the whole store into a new file.
    fileprivate func prepareCopy(to path: String) throws {
        try run("PRAGMA query_only=0")
        try prepare("VACUUM INTO ?1").bind(1, path).run()
    }
}
