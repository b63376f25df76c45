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
        case .procedure, .place, .notice, .alert, .area: nil
        }
    }

    private static let tables: [[FieldSpec?]] = {
        var tables: [[FieldSpec?]] = Array(repeating: [], count: 16)
        for (kind, fields) in [
            (DocumentKind.report, reportFields), (.task, taskFields), (.lookup, lookupFields),
            (.procedure, procedureFields), (.place, placeFields), (.notice, noticeFields), (.alert, alertFields),
            (.area, areaFields),
        ] {
            let count = 1 + fields.reduce(0) { max($0, Int($1.code)) }
            var table: [FieldSpec?] = Array(repeating: nil, count: count)
            for field in fields { table[Int(field.code)] = field }
            tables[Int(kind.rawValue)] = table
        }
        return tables
    }()
}

/// The numbers of a report's fields.
package enum ReportField {
    package static let state: UInt8 = 1
    package static let category: UInt8 = 2
    package static let title: UInt8 = 3
    package static let description: UInt8 = 4
    package static let area: UInt8 = 5
    package static let address: UInt8 = 6
    package static let location: UInt8 = 7
    package static let urgency: UInt8 = 8
    package static let agency: UInt8 = 9
    package static let due: UInt8 = 10
    package static let comments: UInt8 = 11
    package static let tags: UInt8 = 12
    package static let duplicateOf: UInt8 = 13
    package static let source: UInt8 = 14
    package static let reporterName: UInt8 = 15
    package static let reporterPhone: UInt8 = 16
    package static let result: UInt8 = 17
    package static let codeHash: UInt8 = 18
    package static let followers: UInt8 = 19
}

/// The numbers of a task's fields.
package enum TaskField {
    package static let state: UInt8 = 1
    package static let title: UInt8 = 2
    package static let area: UInt8 = 3
    package static let address: UInt8 = 4
    package static let household: UInt8 = 5
    package static let kind: UInt8 = 6
    package static let due: UInt8 = 7
    package static let priority: UInt8 = 8
    package static let claimant: UInt8 = 9
    package static let assignees: UInt8 = 10
    package static let checklist: UInt8 = 11
    package static let checked: UInt8 = 12
    package static let notes: UInt8 = 13
    package static let visits: UInt8 = 14
    package static let result: UInt8 = 15
    package static let report: UInt8 = 16
}

/// The numbers of a look-up's fields.
package enum LookupField {
    package static let state: UInt8 = 1
    package static let code: UInt8 = 2
    package static let secret: UInt8 = 3
    package static let area: UInt8 = 4
    package static let answer: UInt8 = 5
    package static let consent: UInt8 = 6
}

/// The numbers of a procedure's fields.
package enum ProcedureField {
    package static let code: UInt8 = 1
    package static let name: UInt8 = 2
    package static let level: UInt8 = 3
    package static let field: UInt8 = 4
    package static let applicants: UInt8 = 5
    package static let agency: UInt8 = 6
    package static let channels: UInt8 = 7
    package static let papers: UInt8 = 8
    package static let steps: UInt8 = 9
    package static let conditions: UInt8 = 10
    package static let result: UInt8 = 11
    package static let decision: UInt8 = 12
}

/// The numbers of an area's fields.
package enum AreaField {
    package static let code: UInt8 = 1
    package static let name: UInt8 = 2
    package static let level: UInt8 = 3
    package static let parent: UInt8 = 4
    package static let validFrom: UInt8 = 5
    package static let validTo: UInt8 = 6
    package static let mergedFrom: UInt8 = 7
}
