// The report that figures are taken of: 300 bytes of Vietnamese text and three private values.

import SyncKit

/// A report as `ward report new` writes one, with what the program fills in by itself.
package enum FieldReport {
    package static let text =
        "Nắp cống trước số 12 ngõ 5 bị vỡ từ chiều qua, xe máy đi qua rất nguy hiểm, nhất là buổi tối khi đèn đường không sáng. Nhờ phường kiểm tra và cho thay nắp mới giúp bà con, có cháu nhỏ hay chơi gần đó. Cảm ơn cán bộ phường."

    /// Name, number, and one of the numbered ones.
    package static let privates: [(slot: Slot, value: String)] = [
        (Slot(field: ReportField.reporterName), "Nguyễn Thị Hoa"),
        (Slot(field: ReportField.reporterPhone), "0912345678"),
        (Slot(field: ReportField.fileKeys, key: 1), "số 12 ngõ 5"),
    ]

    /// The bytes that a person typed.
    package static var typed: Int { text.utf8.count + privates.reduce(0) { $0 + $1.value.utf8.count } }

    package static func draft(_ random: some RandomSource) -> ChangeSetDraft {
        var draft = ChangeSetDraft(kind: .report)
        draft.perform(.set(Slot(field: ReportField.title)), .text("Nắp cống vỡ trước số 12"))
        draft.perform(.set(Slot(field: ReportField.category)), .text("road"))
        draft.perform(.set(Slot(field: ReportField.description)), .text(text))
        draft.perform(.set(Slot(field: ReportField.area)), .text("06685.03"))
        draft.perform(.set(Slot(field: ReportField.source)), .text("resident"))
        let code = LookupCode(random: random.bytes)
        draft.perform(.set(Slot(field: ReportField.codeHash)), .bytes(code.hash.bytes))
        return draft
    }
}

extension LinkWard {
    /// What others file: the log gets longer.
    package func grow(by reports: Int) throws {
        guard reports > 0 else { return }
        let other = try device(.volunteer)
        for _ in 0..<reports { _ = try other.commit(FieldReport.draft(random)) }
        var client = SyncClient(other)
        var transport = DirectTransport(service: service)
        try client.run(&transport)
    }
}
