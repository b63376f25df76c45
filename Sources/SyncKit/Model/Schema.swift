// The one table that says what every field of every kind is.

/// The schema table: every kind, every field, its merge kind, its conflict policy, its writers and readers.
/// `docs/data-model.md` prints it; a test holds the two together.
package enum Schema {
    /// The version that change sets of this program name.
    package static let version: UInt64 = 1

    /// The field with this number in this kind; `nil` for one that this version does not know.
    package static func field(_ kind: DocumentKind, _ code: UInt8) -> FieldSpec? {
        let table = tables[Int(kind.rawValue)]
        let index = Int(code)
        return index < table.count ? table[index] : nil
    }

    /// The field with this stable name in this kind.
    package static func field(_ kind: DocumentKind, named name: String) -> FieldSpec? {
        fields(of: kind).first { $0.name == name }
    }

    /// The fields of a kind in the order of the table.
    package static func fields(of kind: DocumentKind) -> [FieldSpec] {
        tables[Int(kind.rawValue)].compactMap { $0 }
    }

    /// The field that holds a kind's workflow state, if it has one.
    package static let stateField: UInt8 = 1

    /// The field that holds the areas a document belongs to, if the kind has one.
    package static func areaField(of kind: DocumentKind) -> UInt8? {
        switch kind {
        case .report: ReportField.area
        case .task: TaskField.area
        case .lookup: LookupField.area
        case .procedure, .place, .notice, .alert, .area, .publication, .progress, .follow, .rating, .settings,
            .order:
            nil
        }
    }

    private static let tables: [[FieldSpec?]] = {
        var tables: [[FieldSpec?]] = Array(repeating: [], count: 16)
        for (kind, fields) in [
            (DocumentKind.report, reportFields), (.task, taskFields), (.lookup, lookupFields),
            (.procedure, procedureFields), (.place, placeFields), (.notice, noticeFields), (.alert, alertFields),
            (.area, areaFields), (.publication, publicationFields), (.progress, progressFields),
            (.follow, followFields), (.rating, ratingFields), (.settings, settingsFields),
            (.order, orderFields),
        ] {
            let count = 1 + fields.reduce(0) { max($0, Int($1.code)) }
            var table: [FieldSpec?] = Array(repeating: nil, count: count)
            for field in fields { table[Int(field.code)] = field }
            tables[Int(kind.rawValue)] = table
        }
        return tables
    }()
}
