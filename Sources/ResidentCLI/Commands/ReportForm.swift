// What a person writes of a report: read from options, kept as a draft, made into operations.

import CommandLineKit
import SyncKit

/// The fields of a report as they were written, before anything is signed.
struct ReportForm: Equatable {
    var values: [UInt8: CBORValue] = [:]
    /// Private fields in plain text; sealed when they are signed, or kept in a draft on this device.
    var secrets: [UInt8: String] = [:]

    var isEmpty: Bool { values.isEmpty && secrets.isEmpty }
    var title: String? { values[ReportField.title]?.string }
    var category: String? { values[ReportField.category]?.string }
    var place: GeoPoint? { GeoPoint(values[ReportField.location]) }

    /// The private fields as `commit` takes them.
    var privates: [(slot: Slot, value: String)] {
        secrets.keys.sorted().map { (Slot(field: $0), secrets[$0] ?? "") }
    }

    func fill(_ draft: inout ChangeSetDraft) {
        for field in values.keys.sorted() {
            if let value = values[field] { draft.perform(.set(Slot(field: field)), value) }
        }
    }

    // MARK: As a draft

    /// `[[field, value], …]`, private fields as text.
    var encoded: Bytes {
        let plain = values.keys.sorted().map { CBORValue.array([.unsigned(UInt64($0)), values[$0] ?? .null]) }
        let secret = secrets.keys.sorted().map { CBORValue.array([.unsigned(UInt64($0)), .text(secrets[$0] ?? "")]) }
        return CBORValue.array(plain + secret).encoded
    }

    init() {}

    /// Nil for what no version of this form writes.
    init?(decoding bytes: Bytes) {
        guard case .array(let items)? = try? CBORValue(decoding: bytes) else { return nil }
        for item in items {
            guard case .array(let parts) = item, parts.count == 2, case .unsigned(let number) = parts[0],
                let field = UInt8(exactly: number), let spec = Schema.field(.report, field)
            else { return nil }
            if spec.disclosedTo != nil {
                guard let text = parts[1].string else { return nil }
                secrets[field] = text
            } else {
                guard spec.merge == .register, spec.type.fits(parts[1].encoded) else { return nil }
                values[field] = parts[1]
            }
        }
    }
}

extension CommandRun {
    static let reportTitleLimit = 400
    static let reportTextLimit = 16 * 1024

    /// Reads the options that describe a report.
    /// - Parameter ward: the ward's area code, for neighborhoods given by their number.
    func read(_ form: inout ReportForm, _ rules: WardRules, ward: String, role: Role) throws(ErrorReport) {
        for (option, field, limit) in [
            ("title", ReportField.title, Self.reportTitleLimit),
            ("description", ReportField.description, Self.reportTextLimit),
            ("address", ReportField.address, Self.reportTitleLimit),
        ] {
            if let text = try text(option: option, limit: limit) { form.values[field] = .text(text) }
        }
        if let category = parsed.option("category") {
            form.values[ReportField.category] = .text(try rules.category(self, "--category", category))
        }
        if let urgency = parsed.option("urgency") { form.values[ReportField.urgency] = .text(urgency) }
        if let given = parsed.option("area") {
            form.values[ReportField.area] = .text(try area("--area", given, ward: ward))
        }
        if let place = parsed.option("at") {
            guard let value = ValueWords.location(place) else { throw bad("--at", place, Say.expectPlace.message) }
            form.values[ReportField.location] = value
        }
        if let visibility = parsed.option("visibility") {
            guard case .one(let found) = Visibility.match(visibility) else {
                throw bad("--visibility", visibility, Self.listed(OfficerSay.expectVisibility, Visibility.allCases))
            }
            form.values[ReportField.visibility] = .text(found.rawValue)
        }
        if let source = parsed.option("source") {
            let allowed = Source.allowed(role)
            guard case .one(let found) = Source.match(source), allowed.contains(found) else {
                throw bad("--source", source, Self.listed(OfficerSay.expectSource, allowed))
            }
            form.values[ReportField.source] = .text(found.rawValue)
        }
        for (option, field, limit) in [
            ("name", ReportField.reporterName, 200), ("phone", ReportField.reporterPhone, 64),
        ] {
            if let value = try text(option: option, limit: limit) { form.secrets[field] = value }
        }
    }

    private static func listed<Table: CodedTable>(_ say: OfficerSay, _ entries: [Table]) -> Message {
        filled(say.message, entries.map(\.rawValue).joined(separator: ", "))
    }
}

extension Source {
    /// Where somebody of a role may say that a report came from.
    static func allowed(_ role: Role) -> [Source] {
        switch role {
        case .resident: [.resident]
        case .volunteer, .lead: [.volunteer, .resident, .paper, .social]
        default: [.ward, .resident, .volunteer, .paper, .social, .open311]
        }
    }

    /// What stands there where nobody says anything.
    static func usual(_ role: Role) -> Source { allowed(role).first ?? .resident }
}
