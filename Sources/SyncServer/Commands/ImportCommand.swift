// import: a file becomes documents or dossiers, and every row that does not is named with its reason.
import CommandLineKit
import SyncKit

extension CommandRun {
    private static let progressRows = 500

    func importFile(_ kind: ImportKind) throws(ErrorReport) -> ExitCode {
        let path = parsed.argument(0) ?? "-"
        let report = try withLink { link throws(ErrorReport) in
            var run = ImportRun(kind)
            var told = 0
            do throws(ImportFailure) {
                try run.run(path: path) { request throws(ControlFailure) in
                    try link.perform(request)
                } progress: { report in
                    guard report.rows - told >= Self.progressRows, !terminal.isJSON, !terminal.isQuiet else { return }
                    told = report.rows
                    terminal.writeError(
                        terminal.text(Message(vi: "Đã xử lý số dòng: {0}", en: "Rows done: {0}"), String(told)) + "\n")
                }
                return run.report
            } catch {
                if run.report.rows > 0 { tell(run.report, kind) }
                throw ErrorReport(error)
            }
        }
        tell(report, kind)
        return report.refused == 0 ? .ok : .refused
    }

    private func tell(_ report: ImportReport, _ kind: ImportKind) {
        if terminal.isJSON {
            printJSON(
                .object([
                    "kind": .text(kind.rawValue), "new": .count(report.new), "changed": .count(report.changed),
                    "unchanged": .count(report.unchanged), "refused": .count(report.refused),
                    "rows": .array(
                        report.refusals.map { item in
                            .object([
                                "line": .count(item.line), "code": .text(item.code), "reason": .text(item.problem.code),
                                "field": .optional(item.problem.field),
                            ])
                        }),
                ]))
            return
        }
        for item in report.refusals {
            let reason = terminal.text(item.problem.message, item.problem.field ?? "")
            terminal.warn(
                Message(vi: "Dòng {0} ({1}): {2}", en: "Line {0} ({1}): {2}"), String(item.line),
                item.code.isEmpty ? "?" : item.code, reason)
        }
        terminal.print(
            Message(
                vi: "Mới: {0}, thay đổi: {1}, giữ nguyên: {2}, từ chối: {3}",
                en: "New: {0}, changed: {1}, unchanged: {2}, refused: {3}"),
            String(report.new), String(report.changed), String(report.unchanged), String(report.refused))
    }
}
