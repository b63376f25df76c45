// import: files become documents or dossiers, and every row that does not is named with its reason.
import CommandLineKit
import Glibc
import SyncKit
import Synchronization

extension CommandRun {
    /// So many refused rows are shown on the screen.
    private static let shownRefusals = 20

    func importFiles(_ kind: ImportKind) throws(ErrorReport) -> ExitCode {
        let options = ImportOptions(
            encoding: parsed.option("encoding").flatMap(TextEncoding.init(rawValue:)),
            isTrial: parsed.flag("dry-run"), shouldStop: { Interrupt.isRequested })
        var totals = ImportTotals(isTrial: options.isTrial)
        var file: RefusalFile?
        if let path = parsed.option("report") {
            do { file = try RefusalFile(path: path) } catch { throw ErrorReport(error) }
        }
        Interrupt.watch()
        var failure: ErrorReport?
        let link: ControlLink
        do { link = try ControlLink.open(home) } catch { throw ErrorReport(error) }
        defer { link.close() }
        for path in parsed.arguments where !totals.isStopped {
            var refusals = 0
            var bar: Progress?
            var run = ImportRun(kind, options: options) { request throws(ControlFailure) in
                try link.perform(request)
            } refused: { refusal in
                file?.write(refusal, file: path)
                refusals += 1
                guard refusals <= Self.shownRefusals else { return }
                bar?.finish()
                bar = nil
                show(refusal, path)
            } progress: { report in
                let shown = bar ?? Progress(terminal, label: Self.progressLabel, total: report.expectedRows)
                bar = shown
                shown.advance(to: report.rows)
            }
            do throws(ImportFailure) { try run.run(path: path) } catch {
                let report = ErrorReport(error)
                if parsed.arguments.count > 1 { warn(path, report) }
                failure = failure ?? report
            }
            bar?.finish()
            explain(run.report, path)
            if refusals > Self.shownRefusals { showRest(refusals, hasFile: file != nil) }
            totals.add(run.report, path)
        }
        if !totals.isTrial, totals.rows > 0 {
            _ = try? link.perform(.noteImport(String(describing: kind), refused: Int64(totals.refused)))
        }
        do throws(FileError) { try file?.finish() } catch { failure = failure ?? ErrorReport(error) }
        if let failure, totals.rows == 0 { throw failure }
        tell(totals, kind)
        if let failure { throw failure.besidesOtherRows }
        return totals.isStopped ? .interrupted : totals.refused == 0 ? .ok : .refused
    }

    // MARK: On the way

    private static let progressLabel = Message(vi: "Đang nhập", en: "Importing")

    private func explain(_ report: ImportReport, _ path: String) {
        guard !terminal.isJSON, !terminal.isQuiet else { return }
        if let phrase = report.encoding?.phrase { terminal.writeError(terminal.language.text(phrase) + "\n") }
        for column in report.unknownColumns {
            if let nearest = column.nearest {
                terminal.warn(
                    Message(
                        vi: "Không đọc cột «{0}»; có phải là «{1}»?", en: "The column “{0}” is not read; is it “{1}”?"),
                    column.label, nearest)
            } else {
                terminal.warn(
                    Message(vi: "Không đọc cột «{0}».", en: "The column “{0}” is not read."), column.label)
            }
        }
    }

    private func show(_ refusal: ImportReport.Refusal, _ path: String) {
        guard !terminal.isJSON else { return }
        let reason = terminal.language.text(refusal.problem.phrase(column: refusal.column))
        let place = parsed.arguments.count > 1 ? "\(path):\(refusal.line)" : String(refusal.line)
        terminal.warn(
            Message(vi: "Dòng {0} ({1}): {2}", en: "Line {0} ({1}): {2}"), place,
            refusal.code.isEmpty ? "?" : refusal.code, reason)
    }

    private func showRest(_ count: Int, hasFile: Bool) {
        guard !terminal.isJSON else { return }
        let rest = String(count - Self.shownRefusals)
        if hasFile {
            terminal.warn(
                Message(
                    vi: "Còn {0} dòng bị từ chối nữa, xem tệp báo cáo.",
                    en: "{0} more rows were refused, see the report."),
                rest)
        } else {
            terminal.warn(
                Message(
                    vi: "Còn {0} dòng bị từ chối nữa; thêm --report TỆP để xem hết.",
                    en: "{0} more rows were refused; add --report FILE to see all."), rest)
        }
    }

    private func warn(_ path: String, _ report: ErrorReport) {
        guard !terminal.isJSON else { return }
        terminal.warn(
            Message(vi: "Không nhập được tệp «{0}»: {1}", en: "The file “{0}” was not imported: {1}"), path,
            terminal.language.text(report.happened))
    }

    // MARK: At the end

    private func tell(_ totals: ImportTotals, _ kind: ImportKind) {
        if terminal.isJSON {
            printJSON(totals.value(kind))
            return
        }
        if totals.isTrial {
            terminal.print(Message(vi: "Chạy thử, chưa ghi gì vào kho.", en: "A trial: nothing was written."))
        }
        terminal.print(
            Message(
                vi: "Mới: {0}, thay đổi: {1}, giữ nguyên: {2}, từ chối: {3}",
                en: "New: {0}, changed: {1}, unchanged: {2}, refused: {3}"),
            String(totals.new), String(totals.changed), String(totals.unchanged), String(totals.refused))
        if totals.isStopped {
            terminal.print(
                Message(
                    vi: "Đã dừng theo yêu cầu sau {0} dòng. Phần đã nhập được giữ lại; chạy lại lệnh để làm tiếp.",
                    en: "Stopped as asked after {0} rows. What was imported is kept; run the command again to go on."),
                String(totals.rows))
        }
    }
}

extension ErrorReport {
    /// The failure of one file, where rows of others, or earlier ones of the same, were told before.
    fileprivate var besidesOtherRows: ErrorReport {
        ErrorReport(
            exit, code: code, happened: happened,
            loss: .nothingBut(
                Message(vi: "Các dòng đã báo ở trên vẫn được giữ.", en: "The rows told above are kept.").with()),
            next: next)
    }
}

/// The reports of all files of one command together.
private struct ImportTotals {
    let isTrial: Bool
    var new = 0
    var changed = 0
    var unchanged = 0
    var refused = 0
    var isStopped = false
    private var rejected: [(file: String, refusal: ImportReport.Refusal)] = []
    private var encodings: [String] = []

    init(isTrial: Bool) { self.isTrial = isTrial }

    var rows: Int { new + changed + unchanged + refused }

    mutating func add(_ report: ImportReport, _ path: String) {
        new += report.new
        changed += report.changed
        unchanged += report.unchanged
        refused += report.refused
        isStopped = isStopped || report.isStopped
        rejected += report.refusals.map { (path, $0) }
        if let found = report.encoding { encodings.append(found.encoding.rawValue) }
    }

    func value(_ kind: ImportKind) -> CBORValue {
        .object([
            "kind": .text(kind.rawValue), "new": .count(new), "changed": .count(changed),
            "unchanged": .count(unchanged), "refused": .count(refused), "dry_run": .bool(isTrial),
            "stopped": .bool(isStopped), "encodings": .array(encodings.map { .text($0) }),
            "rows": .array(
                rejected.map { item in
                    let phrase = item.refusal.problem.phrase(column: item.refusal.column)
                    return .object([
                        "file": .text(item.file), "line": .count(item.refusal.line),
                        "column": .text(item.refusal.column), "code": .text(item.refusal.code),
                        "reason": .text(item.refusal.problem.code), "field": .optional(item.refusal.problem.field),
                        "vi": .text(Language.vi.text(phrase)), "en": .text(Language.en.text(phrase)),
                    ])
                }),
        ])
    }
}
