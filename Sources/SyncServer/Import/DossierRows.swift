// Dossiers of the one-stop system's export.
import SyncKit

extension Dossier {
    /// The statuses by their numbers, folded (`docs/data-model.md`, "Dossier statuses").
    private static let statuses = [
        "moi dang ky", "duoc tiep nhan", "khong duoc tiep nhan", "dang xu ly", "yeu cau bo sung giay to",
        "yeu cau thuc hien nghia vu tai chinh", "cong dan yeu cau rut ho so", "dung xu ly", "da xu ly xong",
        "da tra ket qua",
    ]

    /// Reads a row.
    static func read(_ fields: RowFields) throws(RowProblem) -> Dossier {
        let code = try fields.required("code", most: DossierCode.maxLength)
        let secret = try fields.required("second_secret", most: 64)
        guard !normalizedSecret(secret).isEmpty else { throw .badValue(field: "second_secret", value: "***") }
        let status = try fields.required("status", most: 400)
        guard let number = Self.status(status) else { throw .badValue(field: "status", value: status) }
        guard let asOf = try fields.moment("updated_at") else { throw .missing(field: "updated_at") }
        return Dossier(
            code: code, secret: secret, status: number, step: try fields.text("step", most: 400),
            agency: try fields.text("agency", most: 400), received: try fields.day("received")?.iso8601 ?? "",
            due: try fields.day("due")?.iso8601 ?? "", missing: try fields.text("missing_papers", most: 4096),
            asOf: asOf)
    }

    /// A status by its number, its name, or both: `4`, `Đang xử lý`, `4. Đang xử lý`.
    private static func status(_ text: String) -> Int64? {
        let words = ColumnTable.folded(text)
        if let place = statuses.firstIndex(of: words) { return Int64(place) + 1 }
        let parts = words.split(separator: " ", maxSplits: 1)
        guard let first = parts.first, first.utf8.count <= 2, let number = Int(first),
            statuses.indices.contains(number - 1)
        else { return nil }
        return parts.count == 1 || parts[1] == statuses[number - 1] ? Int64(number) : nil
    }
}
