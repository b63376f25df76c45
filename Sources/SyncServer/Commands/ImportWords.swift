// What imports say: why a file or a row was not taken over, and what it was read as.
import CommandLineKit
import SyncKit

extension RowProblem {
    /// The problem for a person.
    /// - Parameter column: what the file calls the column it is about.
    func phrase(column: String) -> Phrase {
        switch self {
        case .notText(let offset, let encoding):
            encoding == .utf8
                ? Message(
                    vi: "byte thứ {0} của tệp không đúng UTF-8; nếu tệp là Windows-1258, thêm --encoding windows-1258",
                    en: "byte {0} of the file is not UTF-8; if the file is Windows-1258, add --encoding windows-1258"
                ).with(String(offset + 1))
                : Message(
                    vi: "byte thứ {0} của tệp không có trong bảng mã {1}",
                    en: "byte {0} of the file does not exist in {1}"
                ).with(String(offset + 1), encoding.rawValue)
        case .notJSON:
            Message(
                vi: "không phải một đối tượng JSON đầy đủ, mỗi trường một lần",
                en: "not one whole JSON object with each member once"
            ).with()
        case .badQuotes:
            Message(
                vi: "dấu nháy kép nằm sai chỗ; trong ô phải viết đôi và cả ô đặt trong nháy",
                en: "a misplaced quotation mark; inside a cell it is doubled and the cell quoted"
            ).with()
        case .unclosedQuote:
            Message(
                vi: "dấu nháy kép mở ở dòng này không được đóng",
                en: "a quotation mark that opens in this line is not closed"
            ).with()
        case .wrongCellCount(let found, let wanted):
            Message(
                vi: "dòng có {0} ô, dòng tiêu đề có {1}", en: "the row has {0} cells, the head has {1}"
            ).with(String(found), String(wanted))
        case .tooLong(_, let most):
            column.isEmpty
                ? Message(vi: "dài quá {0} byte", en: "longer than {0} bytes").with(String(most))
                : Message(vi: "«{0}» dài quá {1} byte", en: "“{0}” is longer than {1} bytes").with(
                    column, String(most))
        case .missing: Message(vi: "thiếu «{0}»", en: "“{0}” is missing").with(column)
        case .badValue(_, let value):
            Message(vi: "«{0}» không nhận giá trị «{1}»", en: "“{0}” cannot be “{1}”").with(column, Self.short(value))
        case .badDate(_, let value):
            Message(
                vi: "«{0}»: không có ngày «{1}»; viết như 31/12/2026 hoặc 2026-12-31",
                en: "“{0}”: there is no day “{1}”; write 31/12/2026 or 2026-12-31"
            ).with(column, Self.short(value))
        case .badDegrees(_, let value, let most):
            Message(
                vi: "«{0}»: «{1}» không phải toạ độ từ -{2} đến {2} độ, viết như 20,9511",
                en: "“{0}”: “{1}” is not a coordinate from -{2} to {2} degrees, as in 20.9511"
            ).with(column, Self.short(value), String(most))
        case .controlCharacter(_, let code):
            Message(
                vi: "«{0}» chứa ký tự điều khiển U+{1}", en: "“{0}” holds the control character U+{1}"
            ).with(column, Self.hex(code))
        case .unknownArea(_, let value, let nearest):
            nearest.map {
                Message(
                    vi: "không có địa bàn «{0}»; gần nhất là {1}", en: "there is no area “{0}”; the nearest is {1}"
                ).with(Self.short(value), $0)
            } ?? Message(vi: "không có địa bàn «{0}»", en: "there is no area “{0}”").with(Self.short(value))
        case .repeated(let line):
            Message(
                vi: "dòng {0} đã nói khác về cùng mục này; giữ theo dòng {0}",
                en: "line {0} says otherwise of the same thing; line {0} was kept"
            ).with(String(line))
        case .refusedByWard:
            Message(vi: "quy tắc của phường không cho phép", en: "the ward's rules do not allow it").with()
        }
    }

    private static func short(_ value: String) -> String {
        value.count > 40 ? String(value.prefix(40)) + "…" : value
    }

    private static func hex(_ code: UInt32) -> String {
        let digits = String(code, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}

extension FoundEncoding {
    /// What the file was read as and why; nil for plain UTF-8, which needs no word.
    var phrase: Phrase? {
        let message: Message
        switch evidence {
        case .valid: return nil
        case .mark where encoding == .utf8: return nil
        case .given: message = Message(vi: "Đọc tệp theo {0}, như đã chọn.", en: "Read as {0}, as chosen.")
        case .mark:
            message = Message(
                vi: "Đọc tệp theo {0}: tệp có dấu thứ tự byte.", en: "Read as {0}: the file has a byte order mark.")
        case .zeros:
            message = Message(
                vi: "Đọc tệp theo {0}: cứ hai byte có một byte không.", en: "Read as {0}: every second byte is zero.")
        case .vietnamese:
            message = Message(
                vi:
                    "Đọc tệp theo {0}: tệp không phải UTF-8 và dấu thanh đứng sau chữ. Nếu chữ sai, chọn bằng --encoding.",
                en:
                    "Read as {0}: the file is not UTF-8, and tone marks stand behind letters. If letters come out wrong, "
                    + "choose with --encoding.")
        }
        return message.with(encoding.rawValue)
    }
}

extension FileKind {
    var name: Message {
        switch self {
        case .excel: Message(vi: "tệp Excel", en: "an Excel file")
        case .word: Message(vi: "tệp Word", en: "a Word file")
        case .zip: Message(vi: "tệp nén ZIP", en: "a ZIP archive")
        case .gzip: Message(vi: "tệp nén gzip", en: "a gzip archive")
        case .zstd: Message(vi: "tệp nén zstd", en: "a zstd archive")
        case .sevenZip: Message(vi: "tệp nén 7z hoặc RAR", en: "a 7z or RAR archive")
        case .pdf: Message(vi: "tệp PDF", en: "a PDF file")
        case .picture: Message(vi: "tệp ảnh", en: "a picture")
        case .web: Message(vi: "trang web (HTML hoặc XML)", en: "a web page (HTML or XML)")
        case .database: Message(vi: "cơ sở dữ liệu SQLite", en: "an SQLite database")
        }
    }

    /// What to do to get a file that can be imported.
    var advice: Message {
        switch self {
        case .excel, .web:
            Message(
                vi: "Mở bằng Excel hoặc LibreOffice, lưu lại dạng «CSV UTF-8», rồi nhập tệp đó.",
                en: "Open it in Excel or LibreOffice, save it as “CSV UTF-8”, and import that.")
        case .zip, .gzip, .zstd, .sevenZip:
            Message(vi: "Giải nén trước, rồi nhập tệp bên trong.", en: "Unpack it first, then import what is inside.")
        case .word, .pdf, .picture, .database:
            Message(
                vi: "Xin hệ thống một cửa xuất dữ liệu dạng CSV, rồi nhập tệp đó.",
                en: "Have the data exported as CSV, and import that.")
        }
    }
}

extension ErrorReport {
    init(_ error: ImportFailure) {
        let again = Message(
            vi: "Sửa tệp rồi chạy lại lệnh; xem docs/imports.md.",
            en: "Mend the file and run the command again; see docs/imports.md."
        ).with()
        switch error {
        case .file(let error): self.init(error)
        case .control(let error): self.init(error)
        case .interrupted:
            self.init(
                .interrupted, code: "import.interrupted",
                happened: Message(vi: "Đã dừng theo yêu cầu.", en: "Stopped as asked.").with(), next: again)
        case .notText(let kind):
            let names = Message(vi: "Đây là " + kind.name.vi + ".", en: "This is " + kind.name.en + ".")
            self.init(
                .refused, code: "import.\(kind.rawValue)", happened: names.with(), loss: .nothingChanged,
                next: kind.advice.with())
        case .unknownEncoding:
            self.init(
                .refused, code: "import.encoding",
                happened: Message(
                    vi: "Bảng mã của tệp không phải UTF-8, UTF-16 hay Windows-1258 (có thể là TCVN3 hoặc VNI).",
                    en: "The file is neither UTF-8 nor UTF-16 nor Windows-1258 (it may be TCVN3 or VNI)."
                ).with(),
                loss: .nothingChanged,
                next: Message(
                    vi: "Lưu lại tệp dạng UTF-8 (trong Excel: «CSV UTF-8»), hoặc chọn bảng mã bằng --encoding.",
                    en: "Save the file as UTF-8 (in Excel: “CSV UTF-8”), or choose with --encoding."
                ).with())
        case .noConverter(let encoding):
            self.init(
                .failure, code: "import.no-converter",
                happened: Message(
                    vi: "Máy này chưa có bộ chuyển mã {0} (gconv).",
                    en: "This machine has no converter for {0} (gconv)."
                ).with(encoding.rawValue),
                loss: .nothingChanged,
                next: Message(
                    vi: "Cài gói libc6 đầy đủ (hoặc libc-gconv-modules-extra), hoặc lưu lại tệp dạng UTF-8.",
                    en: "Install the whole of libc6 (or libc-gconv-modules-extra), or save the file as UTF-8."
                ).with())
        case .missingColumns(let columns): self.init(missing: columns, next: again)
        case .repeatedColumn(let first, let second):
            self.init(
                .refused, code: "import.repeated-column",
                happened: Message(
                    vi: "Hai cột «{0}» và «{1}» nói về cùng một điều.", en: "The columns “{0}” and “{1}” mean the same."
                ).with(first, second),
                loss: .nothingChanged, next: again)
        case .badHeader:
            self.init(
                .refused, code: "import.bad-header",
                happened: Message(
                    vi: "Không đọc được dòng tiêu đề của tệp CSV.", en: "The head of the CSV file cannot be read."
                ).with(),
                loss: .nothingChanged, next: again)
        case .empty:
            self.init(
                .refused, code: "import.empty",
                happened: Message(vi: "Tệp trống.", en: "The file is empty.").with(), loss: .nothingChanged,
                next: again)
        }
    }

    private init(missing columns: [MissingColumn], next: Phrase) {
        let names = columns.map(\.name).joined(separator: ", ")
        let meant = columns.compactMap { column in column.nearest.map { "«\($0)» → \(column.name)" } }
        let happened =
            meant.isEmpty
            ? Message(vi: "Tệp thiếu cột: {0}.", en: "The file lacks columns: {0}.").with(names)
            : Message(
                vi: "Tệp thiếu cột: {0}. Có thể là: {1}.", en: "The file lacks columns: {0}. Perhaps: {1}."
            ).with(names, meant.joined(separator: ", "))
        self.init(
            .refused, code: "import.missing-column", happened: happened, loss: .nothingChanged, next: next)
    }
}
