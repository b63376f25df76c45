// Rows that become documents: areas with what they were made from, procedures, places.
import SyncKit

extension ImportItem {
    /// About how much of a batch it takes, in bytes.
    var weight: Int {
        let texts = values.reduce(100) { $0 + ($1.value.string?.utf8.count ?? 8) + 16 }
        return sets.reduce(texts) { $0 + $1.elements.reduce(0) { $0 + ($1.string?.utf8.count ?? 8) + 16 } }
    }

    private mutating func set(_ field: UInt8, _ text: String) {
        values.append((Slot(field: field), text.isEmpty ? .null : .text(text)))
    }

    // MARK: Areas

    private static let levels: [String: String] = [
        "tinh": "province", "thanh pho": "province", "cap tinh": "province", "phuong": "ward", "xa": "ward",
        "dac khu": "ward", "cap xa": "ward", "khu pho": "neighborhood", "to dan pho": "neighborhood",
        "thon": "neighborhood", "khu": "neighborhood",
    ]

    /// An administrative unit. What it was made from is a list of codes, names, or codes with their names.
    static func area(_ fields: RowFields) throws(RowProblem) -> ImportItem {
        let code = try fields.area("code")
        guard !code.isEmpty else { throw .missing(field: "code") }
        var item = ImportItem(kind: .area, code: code, values: [])
        item.set(AreaField.code, code)
        item.set(AreaField.name, try fields.required("name", most: 400))
        if fields.says("level") {
            let level = try fields.text("level", most: ValueType.maxCodeLength)
            item.set(AreaField.level, levels[ColumnTable.folded(level)] ?? level)
        }
        if fields.says("parent") { item.set(AreaField.parent, try fields.text("parent", most: 400)) }
        for (name, field) in [("valid_from", AreaField.validFrom), ("valid_to", AreaField.validTo)]
        where fields.says(name) {
            let day = try fields.day(name)
            item.values.append((Slot(field: field), day.map { CBORValue($0.startSeconds()) } ?? .null))
        }
        if fields.says("merged_from") || fields.says("former_names") { try item.addOrigins(fields) }
        return item
    }

    private mutating func addOrigins(_ fields: RowFields) throws(RowProblem) {
        var codes: [String] = []
        var names = try fields.list("former_names", most: 400)
        for origin in try fields.list("merged_from", most: 432) {
            let words = origin.split(separator: " ", maxSplits: 1)
            // A code has a digit; the first word of a name has none.
            guard let first = words.first.map(String.init), AreaCode.isValid(first),
                first.utf8.contains(where: { (0x30...0x39).contains($0) })
            else {
                names.append(origin)
                continue
            }
            codes.append(first)
            let name = words.count == 2 ? String(words[1].drop { "-–: ".contains($0) }) : ""
            if !name.isEmpty { names.append(name) }
        }
        for name in names where name.utf8.count > 400 { throw .tooLong(field: "former_names", most: 400) }
        sets.append((AreaField.mergedFrom, Self.distinct(codes)))
        sets.append((AreaField.formerNames, Self.distinct(names)))
    }

    private static func distinct(_ texts: [String]) -> [CBORValue] {
        var seen: Set<CBORValue> = []
        return texts.map { .text($0) }.filter { seen.insert($0).inserted }
    }

    /// The area that it names, with the column: an area's parent, a place's area.
    var namedArea: (column: String, code: String)? {
        let (column, field) = kind == .area ? ("parent", AreaField.parent) : ("area", PlaceField.area)
        guard kind == .area || kind == .place else { return nil }
        return values.first { $0.slot == Slot(field: field) }?.value.string.map { (column, $0) }
    }

    /// The area's name.
    var areaName: String { values.first { $0.slot == Slot(field: AreaField.name) }?.value.string ?? "" }

    // MARK: Procedures

    /// The names that the register of procedures gives its fields.
    private static let procedureNames: [(name: String, field: UInt8)] = [
        ("code", ProcedureField.code), ("name", ProcedureField.name), ("level", ProcedureField.level),
        ("field", ProcedureField.field), ("applicants", ProcedureField.applicants), ("agency", ProcedureField.agency),
        ("channels_time_fee", ProcedureField.channels), ("papers", ProcedureField.papers),
        ("steps", ProcedureField.steps), ("conditions", ProcedureField.conditions), ("result", ProcedureField.result),
        ("decision", ProcedureField.decision),
    ]
    /// The longest text of a field that is kept in parts, in bytes.
    static let longestParted = 1024 * 1024

    /// A procedure of the register. Long fields become parts under the keys 0, 1, 2 …
    static func procedure(_ fields: RowFields) throws(RowProblem) -> ImportItem {
        let code = try fields.required("code", most: 64)
        _ = try fields.required("name", most: 16 * 1024)
        var item = ImportItem(kind: .procedure, code: code, values: [])
        for (name, field) in procedureNames where fields.says(name) {
            guard let spec = Schema.field(.procedure, field), case .text(let most) = spec.type else { continue }
            guard spec.isKeyed else {
                item.set(field, try fields.text(name, most: most))
                continue
            }
            let parts = TextParts.split(try fields.text(name, most: longestParted))
            for (key, part) in parts.enumerated() {
                item.values.append((Slot(field: field, key: UInt32(key)), .text(part)))
            }
            item.wholeFields.append(field)
        }
        return item
    }

    // MARK: Places

    private static let placeTexts: [(column: String, field: UInt8)] = [
        ("name", PlaceField.name), ("category", PlaceField.category), ("address", PlaceField.address),
        ("phone", PlaceField.phone), ("hours", PlaceField.hours),
    ]

    /// A health station, an office, a wifi spot. It is found again by its name, and by its address where others of
    /// the source have the same name.
    static func place(_ fields: RowFields) throws(RowProblem) -> ImportItem {
        let name = try fields.required("name", most: 400)
        var item = ImportItem(kind: .place, code: ImportItem.placeKey(name: name, address: nil), values: [])
        for (column, field) in placeTexts where fields.says(column) {
            guard let spec = Schema.field(.place, field) else { continue }
            item.set(field, try fields.text(column, most: spec.type.longestText))
        }
        if fields.says("area") { item.set(PlaceField.area, try fields.text("area", most: 400)) }
        guard fields.says("lat") || fields.says("lon") else { return item }
        let latitude = try fields.degrees("lat", most: 90)
        let longitude = try fields.degrees("lon", most: 180)
        switch (latitude, longitude) {
        case (nil, nil): item.values.append((Slot(field: PlaceField.location), .null))
        case (nil, _?): throw .missing(field: "lat")
        case (_?, nil): throw .missing(field: "lon")
        case (let latitude?, let longitude?):
            let value = CBORValue.array([CBORValue(latitude), CBORValue(longitude), .unsigned(0)])
            item.values.append((Slot(field: PlaceField.location), value))
        }
        return item
    }

    /// The place's own address; empty where the source says none.
    var placeAddress: String {
        values.first { $0.slot == Slot(field: PlaceField.address) }?.value.string ?? ""
    }
}

extension ValueType {
    /// The longest text that fits, in bytes.
    fileprivate var longestText: Int {
        if case .text(let most) = self { return most }
        return Self.maxCodeLength
    }
}
