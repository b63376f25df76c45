// Statistics as CSV for spreadsheets: quoted, with nothing in it that a spreadsheet would run.

extension WardStatistics {
    /// The table as CSV (RFC 4180): a line of names, a line for each group, and the total last.
    /// - Parameter mark: whether the UTF-8 byte order mark comes first, by which Excel knows the encoding.
    package func csv(mark: Bool) -> Bytes {
        var text = (["group", "name"] + Figure.allCases.map(\.rawValue)).joined(separator: ",") + "\r\n"
        for row in groups { text += Self.line(row, key: row.key) }
        text += Self.line(total, key: "total")
        return (mark ? [0xEF, 0xBB, 0xBF] : []) + Bytes(text.utf8)
    }

    private static func line(_ row: Row, key: String) -> String {
        ([cell(key), cell(row.name)] + row.values.map { $0.map(String.init) ?? "" }).joined(separator: ",") + "\r\n"
    }

    /// A text as one cell, without what a terminal would obey or nobody could see. What a spreadsheet would take for a
    /// formula begins with an apostrophe, also where the sign is a full-width one or stands behind blanks.
    package static func cell(_ text: String) -> String {
        var bytes = Bytes(DisplayText.safe(text).utf8)
        let signs = "=+-@＝＋－＠".unicodeScalars
        let first = String(decoding: bytes, as: UTF8.self).unicodeScalars.first { !$0.properties.isWhitespace }
        if let first, signs.contains(first) { bytes.insert(0x27, at: 0) }
        guard bytes.contains(where: { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }) else {
            return String(decoding: bytes, as: UTF8.self)
        }
        var quoted: Bytes = [0x22]
        for byte in bytes { quoted += byte == 0x22 ? [0x22, 0x22] : [byte] }
        return String(decoding: quoted + [0x22], as: UTF8.self)
    }
}
