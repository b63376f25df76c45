// From the fields of a row to what the ward keeps: areas, procedures and dossiers.
import SyncKit

/// The fields of one row, read within the schema's bounds.
struct RowFields {
    private let fields: [String: String?]

    init(_ fields: [String: String?]) { self.fields = fields }

    /// Whether the source says anything of a field, be it that it is empty.
    func says(_ name: String) -> Bool { fields[name] != nil }

    /// A field's text, cleaned; empty where it is null or not there.
    func text(_ name: String, max: Int) throws(RowProblem) -> String {
        guard let raw = fields[name] ?? nil else { return "" }
        guard let text = TextParts.cleaned(raw) else { throw .badValue(field: name) }
        guard text.utf8.count <= max else { throw .tooLong(field: name) }
        return text
    }

    /// A field that must not be empty.
    func required(_ name: String, max: Int) throws(RowProblem) -> String {
        let text = try text(name, max: max)
        guard !text.isEmpty else { throw .missing(field: name) }
        return text
    }

    func area(_ name: String) throws(RowProblem) -> String {
        let code = try text(name, max: AreaCode.maxLength)
        guard code.isEmpty || AreaCode.isValid(code) else { throw .badValue(field: name) }
        return code
    }

    /// A day in ISO 8601; empty where there is none.
    func day(_ name: String) throws(RowProblem) -> String {
        let text = try text(name, max: 32)
        if text.isEmpty { return "" }
        guard let date = CivilDate.parse(text) else { throw .badValue(field: name) }
        return date.iso8601
    }
}

extension ImportItem {
    /// An administrative unit: code, name, level, parent.
    static func area(_ fields: RowFields) throws(RowProblem) -> ImportItem {
        let code = try fields.area("code")
        guard !code.isEmpty else { throw .missing(field: "code") }
        var values: [(slot: Slot, value: CBORValue)] = [(Slot(field: AreaField.code), .text(code))]
        values.append((Slot(field: AreaField.name), .text(try fields.required("name", max: 400))))
        if fields.says("level") {
            let level = try fields.text("level", max: 60)
            values.append((Slot(field: AreaField.level), level.isEmpty ? .null : .text(level)))
        }
        if fields.says("parent") {
            let parent = try fields.area("parent")
            values.append((Slot(field: AreaField.parent), parent.isEmpty ? .null : .text(parent)))
        }
        return ImportItem(kind: .area, code: code, values: values)
    }

    /// The names that the register of procedures gives its fields.
    private static let procedureNames: [(name: String, field: UInt8)] = [
        ("code", ProcedureField.code), ("name", ProcedureField.name), ("level", ProcedureField.level),
        ("field", ProcedureField.field), ("applicants", ProcedureField.applicants), ("agency", ProcedureField.agency),
        ("channels_time_fee", ProcedureField.channels), ("papers", ProcedureField.papers),
        ("steps", ProcedureField.steps), ("conditions", ProcedureField.conditions), ("result", ProcedureField.result),
        ("decision", ProcedureField.decision),
    ]
    /// The longest text of a field that is kept in parts, in bytes.
    private static let longestParted = 1024 * 1024

    /// A procedure of the register. Long fields become parts under the keys 0, 1, 2 …
    static func procedure(_ fields: RowFields) throws(RowProblem) -> ImportItem {
        let code = try fields.required("code", max: 64)
        _ = try fields.required("name", max: 16 * 1024)
        var item = ImportItem(kind: .procedure, code: code, values: [])
        for (name, field) in procedureNames where fields.says(name) {
            guard let spec = Schema.field(.procedure, field), case .text(let max) = spec.type else { continue }
            if spec.isKeyed {
                let parts = TextParts.split(try fields.text(name, max: longestParted))
                for (key, part) in parts.enumerated() {
                    item.values.append((Slot(field: field, key: UInt32(key)), .text(part)))
                }
                item.wholeFields.append(field)
            } else {
                let text = try fields.text(name, max: max)
                item.values.append((Slot(field: field), text.isEmpty ? .null : .text(text)))
            }
        }
        return item
    }

    /// About how much of a batch it takes, in bytes.
    var weight: Int { values.reduce(100) { $0 + ($1.value.string?.utf8.count ?? 8) + 16 } }
}

extension Dossier {
    /// The columns of the one-stop system's export.
    static let columns = [
        "code", "second_secret", "status", "step", "agency", "received", "due", "missing_papers", "updated_at",
    ]

    /// A dossier of the one-stop system's export.
    static func read(_ fields: RowFields) throws(RowProblem) -> Dossier {
        let code = try fields.required("code", max: 64)
        let secret = try fields.required("second_secret", max: 64)
        guard !normalizedSecret(secret).isEmpty else { throw .badValue(field: "second_secret") }
        guard let status = Int64(try fields.required("status", max: 2)), (1...10).contains(status) else {
            throw .badValue(field: "status")
        }
        guard let asOf = moment(try fields.required("updated_at", max: 40)) else {
            throw .badValue(field: "updated_at")
        }
        return Dossier(
            code: code, secret: secret, status: status, step: try fields.text("step", max: 400),
            agency: try fields.text("agency", max: 400), received: try fields.day("received"),
            due: try fields.day("due"), missing: try fields.text("missing_papers", max: 4096), asOf: asOf)
    }

    /// Seconds since 1970 of `2026-11-04T09:12:00+07:00`; without an offset Vietnam's time, without a time of day the
    /// day's beginning.
    static func moment(_ text: String) -> Int64? {
        let parts = text.split(maxSplits: 1) { $0 == "T" || $0 == " " }
        guard let date = parts.first.flatMap({ CivilDate.parse(String($0)) }) else { return nil }
        guard parts.count == 2 else { return date.startSeconds() }
        var clock = parts[1]
        var offset = VietnamTime.offsetSeconds
        if clock.last == "Z" {
            clock.removeLast()
            offset = 0
        } else if let sign = clock.lastIndex(where: { $0 == "+" || $0 == "-" }) {
            guard let distance = dayNumbers(clock[clock.index(after: sign)...], count: 2...2) else { return nil }
            offset = (distance[0] * 3600 + distance[1] * 60) * (clock[sign] == "-" ? -1 : 1)
            clock = clock[..<sign]
        }
        if let dot = clock.firstIndex(of: ".") { clock = clock[..<dot] }
        guard let time = dayNumbers(clock, count: 2...3) else { return nil }
        let seconds = time[0] * 3600 + time[1] * 60 + (time.count == 3 ? time[2] : 0)
        return date.startSeconds(offsetSeconds: offset) + Int64(seconds)
    }

    /// Hours, minutes and perhaps seconds, of two digits each.
    private static func dayNumbers(_ text: Substring, count: ClosedRange<Int>) -> [Int]? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard count.contains(parts.count) else { return nil }
        var numbers: [Int] = []
        for (part, limit) in zip(parts, [23, 59, 59]) {
            guard part.utf8.count == 2, part.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(part),
                number <= limit
            else { return nil }
            numbers.append(number)
        }
        return numbers
    }
}
