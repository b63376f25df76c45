// audit: is every entry, signature and derived row of the store what the ward log says?
import CommandLineKit
import SyncKit

extension ServerProgram {
    static let auditCommand = CommandSpec(
        ["audit"], summary: Message(vi: "Kiểm toán toàn bộ sổ phường và kho", en: "Audit the whole log and store"),
        details: Message(
            vi:
                "Kiểm tra cây băm, đầu sổ đã ký, chữ ký và chuỗi của mọi gói thay đổi, mọi quyền đã cấp, và so mọi bảng suy ra "
                + "với sổ. Chỉ đọc; chạy được cả khi máy chủ đang phục vụ, không cần khoá bí mật. Mã thoát 0: không sai khác; "
                + "9: có sai khác.",
            en:
                "Checks the hash tree, the signed head, signature and chain of every change set and every grant, and compares "
                + "every derived table with the log. Only reads; works while the server runs, and needs no secret key. Exit "
                + "code 0: nothing differs; 9: something does."),
        examples: [
            .init(
                "ward-server audit --home DIR --json",
                Message(vi: "Kết quả cho chương trình khác đọc.", en: "The result for other programs."))
        ], run: ServerCommand.audit.rawValue)
}

extension CommandRun {
    /// How many findings are printed.
    private static let mostPrinted = 20

    func audit() throws(ErrorReport) -> ExitCode {
        let report: AuditReport
        do { report = try runAudit() } catch { throw ErrorReport(error) }
        if terminal.isJSON {
            printJSON(Self.json(report))
        } else {
            print(report)
        }
        return report.isSound ? .ok : .storeUnusable
    }

    /// Audits the store as it is at one moment: what a server writes meanwhile is not part of it.
    private func runAudit() throws(HomeError) -> AuditReport {
        let (descriptor, _) = try home.readDescriptor()
        let progress = Progress(terminal, label: Message(vi: "Đang kiểm toán", en: "Auditing"))
        defer { progress.finish() }
        var done = 0
        do throws(StoreError) {
            let database = try Database(path: home.store, mode: .read)
            guard try !StoreSchema.check(database) else {
                throw StoreError(.busy, "the store is of an older version; open it with the server once")
            }
            try database.run("BEGIN")
            return try WardAudit(database, descriptor: descriptor, scheme: Ed25519Scheme()) { _, _ in
                done += 512
                progress.advance(to: done)
            }.run()
        } catch { throw .store(error) }
    }

    // MARK: Telling

    private static func json(_ report: AuditReport) -> CBORValue {
        var checkpoint = CBORValue.null
        if let found = report.checkpoint {
            checkpoint = .object([
                "epoch": .unsigned(found.position.epoch), "size": .unsigned(found.position.index),
                "root": .text(found.root.hex), "serial": .unsigned(found.serial),
                "time": .text(LocalTime(seconds: found.time).iso8601),
            ])
        }
        return .object([
            "sound": .bool(report.isSound), "size": .unsigned(report.size), "root": .text(report.root.hex),
            "flushed": .unsigned(report.flushed), "checkpoint": checkpoint,
            "checked": .map(
                AuditSubject.allCases.map {
                    CBORValue.Pair(.text($0.rawValue), .count(report.checked[$0] ?? 0))
                }),
            "finding_count": .count(report.findingCount),
            "findings": .array(
                report.findings.map { finding in
                    .object([
                        "subject": .text(finding.subject.rawValue), "problem": .text(finding.problem.rawValue),
                        "place": .text(finding.place),
                    ])
                }),
        ])
    }

    private func print(_ report: AuditReport) {
        for subject in AuditSubject.allCases {
            guard let number = report.checked[subject], number > 0 else { continue }
            let wrong = report.findings.count { $0.subject == subject }
            let count = terminal.text(subject.message) + ": \(number)"
            guard wrong > 0 else {
                terminal.print(count)
                continue
            }
            let label = terminal.text(Message(vi: "sai khác: {0}", en: "wrong: {0}"), String(wrong))
            terminal.print(count + "  " + terminal.styled(label, .red))
        }
        for finding in report.findings.prefix(Self.mostPrinted) {
            terminal.print(
                "  " + terminal.text(finding.subject.message) + ", " + SafeText.line(finding.place) + ": "
                    + terminal.text(finding.problem.message))
        }
        let size = String(report.size)
        if report.isSound {
            terminal.print(
                Message(
                    vi: "Không có sai khác. Sổ phường có {0} mục, gốc {1}.",
                    en: "Nothing differs. The ward log has {0} entries, root {1}."), size,
                String(report.root.hex.prefix(16)))
            return
        }
        terminal.print(
            Message(
                vi: "Số sai khác: {0}. Sổ phường có {1} mục. Không có gì bị thay đổi.",
                en: "Findings: {0}. The ward log has {1} entries. Nothing was changed."),
            String(report.findingCount), size)
        terminal.print(
            Message(
                vi:
                    "Chép kho ra nơi khác trước. Nếu chỉ bảng suy ra sai: dừng máy chủ, rồi «ward-server doctor --rebuild». Nếu sổ "
                    + "hoặc gói thay đổi sai: khôi phục từ bản sao lưu.",
                en:
                    "Copy the store away first. Where only derived tables are wrong: stop the server, then “ward-server doctor "
                    + "--rebuild”. Where the log or change sets are wrong: restore a backup."))
    }
}

extension AuditSubject {
    /// What it is called.
    var message: Message {
        switch self {
        case .entries: Message(vi: "Mục của sổ phường", en: "Entries of the log")
        case .trees: Message(vi: "Cây băm đã lưu", en: "Stored trees")
        case .checkpoint: Message(vi: "Đầu sổ đã ký", en: "Signed head")
        case .epochs: Message(vi: "Kỳ sổ sau khi khôi phục", en: "Epochs after restores")
        case .grants: Message(vi: "Cấp và thu hồi quyền", en: "Grants and revocations")
        case .decisions: Message(vi: "Quyết định", en: "Decisions")
        case .changes: Message(vi: "Gói thay đổi", en: "Change sets")
        case .signatures: Message(vi: "Chữ ký", en: "Signatures")
        case .chains: Message(vi: "Chuỗi của thiết bị", en: "Links of devices' chains")
        case .seen: Message(vi: "Gốc mà người gửi đã thấy", en: "Roots that authors had seen")
        case .forks: Message(vi: "Nhánh rẽ", en: "Forks")
        case .documents: Message(vi: "Mục dữ liệu", en: "Documents")
        case .documentChanges: Message(vi: "Gói của mỗi mục", en: "Documents' change sets")
        case .areas: Message(vi: "Địa bàn của mỗi mục", en: "Documents' areas")
        case .followViews: Message(vi: "Tiến độ được theo dõi", en: "Followed views")
        case .files: Message(vi: "Tệp mà các mục nêu", en: "Files that documents name")
        case .contents: Message(vi: "Nội dung tệp", en: "Content of files")
        case .parallels: Message(vi: "Sửa song song chưa xem", en: "Edits side by side")
        case .codes: Message(vi: "Mã tra cứu và đánh giá", en: "Codes")
        case .views: Message(vi: "Bản công khai và tiến độ", en: "Views and publications")
        case .follows: Message(vi: "Lượt theo dõi", en: "Follows")
        case .reissues: Message(vi: "Gói gửi lại", en: "Reissues")
        case .devices: Message(vi: "Thiết bị", en: "Devices")
        case .store: Message(vi: "Kho", en: "Store")
        }
    }
}

extension AuditFinding.Problem {
    /// What is wrong, in words.
    var message: Message {
        switch self {
        case .missing: Message(vi: "thiếu", en: "missing")
        case .extra: Message(vi: "thừa, sổ phường không có", en: "there without the log saying so")
        case .differs: Message(vi: "khác với sổ phường", en: "not what the log says")
        case .unreadable: Message(vi: "không đọc được", en: "cannot be read")
        case .signature: Message(vi: "chữ ký không đúng", en: "the signature does not hold")
        case .hash: Message(vi: "nội dung không khớp mã băm", en: "the content does not have its hash")
        case .order: Message(vi: "sai thứ tự", en: "out of order")
        }
    }
}
