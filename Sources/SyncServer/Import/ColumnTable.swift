// The columns of each import: their names in documents, and what exports call them in Vietnamese.
import CommandLineKit
import SyncKit

/// What can be imported.
enum ImportKind: String, CaseIterable, Sendable {
    case areas
    case procedures
    case dossiers
    case places
}

/// One column of an import.
struct Column: Sendable {
    /// Its name in documents, which every file may use.
    let name: String
    let isRequired: Bool
    /// What else it may be called, folded: without accents, in lower case, with single spaces.
    let aliases: [String]

    init(_ name: String, required: Bool = false, _ aliases: [String] = []) {
        self.name = name
        isRequired = required
        self.aliases = aliases
    }
}

/// The columns of one kind of import (`docs/imports.md`, "Columns"; a test holds the two together).
struct ColumnTable: Sendable {
    let columns: [Column]
    private let names: [String: String]

    init(_ columns: [Column]) {
        self.columns = columns
        var names: [String: String] = [:]
        for column in columns {
            for name in [column.name] + column.aliases { names[Self.folded(name)] = column.name }
        }
        self.names = names
    }

    var required: [String] { columns.filter(\.isRequired).map(\.name) }

    /// The column that a header means; nil for one that is not known.
    func name(of header: String) -> String? { names[Self.folded(header)] }

    /// The header, of those given, that a missing column may be misspelt as.
    func nearest(to missing: String, among headers: [String]) -> String? {
        guard let column = columns.first(where: { $0.name == missing }) else { return nil }
        let known = ([column.name] + column.aliases).map(Self.folded)
        return headers.first { Suggestion.nearest(to: Self.folded($0), among: known) != nil }
    }

    /// The known column that an unknown header may be a misspelling of.
    func nearest(to header: String) -> String? {
        let folded = Self.folded(header)
        for column in columns {
            let known = ([column.name] + column.aliases).map(Self.folded)
            if Suggestion.nearest(to: folded, among: known) != nil { return column.name }
        }
        return nil
    }

    /// A header as it is compared: letters and digits without accents in lower case, anything else as one space.
    static func folded(_ header: String) -> String {
        let words = SearchFold.fold(header).utf8.split { byte in
            !((0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte) || byte >= 0x80)
        }
        return words.map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
    }
}

extension ImportKind {
    var columns: ColumnTable {
        switch self {
        case .areas: Self.areaColumns
        case .procedures: Self.procedureColumns
        case .dossiers: Self.dossierColumns
        case .places: Self.placeColumns
        }
    }

    private static let dossierColumns = ColumnTable([
        Column("code", required: true, ["ma ho so", "so ho so", "ma hs", "ma bien nhan", "so bien nhan"]),
        Column("second_secret", required: true, ["ma tra cuu", "ma bao mat", "ma xac thuc", "secret"]),
        Column("status", required: true, ["trang thai", "trang thai ho so", "tinh trang", "tinh trang ho so"]),
        Column("step", ["buoc", "buoc xu ly", "cong doan", "noi dung xu ly"]),
        Column("agency", ["co quan", "co quan xu ly", "don vi", "don vi xu ly", "phong ban"]),
        Column("received", ["ngay tiep nhan", "ngay nhan", "tiep nhan", "ngay nhan ho so"]),
        Column("due", ["hen tra", "ngay hen tra", "hen tra ket qua", "ngay hen tra ket qua", "han tra"]),
        Column(
            "missing_papers", ["giay to con thieu", "giay to thieu", "giay to can bo sung", "ho so can bo sung"]),
        Column(
            "updated_at", required: true,
            ["cap nhat", "ngay cap nhat", "cap nhat luc", "thoi diem cap nhat", "thoi gian cap nhat", "as of"]),
    ])

    private static let procedureColumns = ColumnTable([
        Column("code", required: true, ["ma thu tuc", "ma tthc", "ma"]),
        Column("name", required: true, ["ten thu tuc", "ten tthc", "ten"]),
        Column("level", ["cap", "cap thuc hien"]),
        Column("field", ["linh vuc"]),
        Column("applicants", ["doi tuong", "doi tuong thuc hien"]),
        Column("agency", ["co quan", "co quan thuc hien"]),
        Column("channels_time_fee", ["channels", "cach thuc thuc hien", "cach nop"]),
        Column("papers", ["giay to", "thanh phan ho so"]),
        Column("steps", ["trinh tu", "trinh tu thuc hien"]),
        Column("conditions", ["dieu kien", "yeu cau dieu kien", "yeu cau dieu kien thuc hien"]),
        Column("result", ["ket qua", "ket qua thuc hien"]),
        Column("decision", ["quyet dinh", "so quyet dinh", "quyet dinh cong bo"]),
    ])

    private static let areaColumns = ColumnTable([
        Column("code", required: true, ["ma", "ma dia ban", "ma don vi", "ma dvhc"]),
        Column("name", required: true, ["ten", "ten dia ban", "ten don vi", "ten dvhc"]),
        Column("level", ["cap"]),
        Column("parent", ["thuoc", "truc thuoc", "cap tren", "ma cap tren"]),
        Column("valid_from", ["hieu luc tu", "tu ngay", "ngay hieu luc"]),
        Column("valid_to", ["hieu luc den", "den ngay", "het hieu luc", "ngay het hieu luc"]),
        Column("merged_from", ["sap nhap tu", "hop nhat tu", "gop tu", "hinh thanh tu", "don vi cu"]),
        Column("former_names", ["ten cu"]),
    ])

    private static let placeColumns = ColumnTable([
        Column("name", required: true, ["ten", "ten dia diem"]),
        Column("category", ["loai", "loai hinh", "phan loai", "nhom"]),
        Column("address", ["dia chi"]),
        Column("area", ["dia ban", "ma dia ban", "khu pho", "to dan pho"]),
        Column("lat", ["latitude", "vi do"]),
        Column("lon", ["lng", "long", "longitude", "kinh do"]),
        Column("phone", ["dien thoai", "so dien thoai", "sdt"]),
        Column("hours", ["gio mo cua", "gio lam viec", "thoi gian lam viec"]),
    ])
}
