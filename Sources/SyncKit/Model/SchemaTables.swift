// The lines of the schema table, kind by kind.

extension Schema {
    private static let short = ValueType.text(max: 400)
    private static let long = ValueType.text(max: 16 * 1024)
    private static let everyone: Writers = [.author, .volunteer, .lead, .officer]
    private static let teamAndStaff: Writers = [.volunteer, .lead, .officer]

    static let reportFields: [FieldSpec] = [
        FieldSpec(ReportField.state, "state", .code, .workflow, .surface, writers: everyone),
        FieldSpec(ReportField.category, "category", .code, .register, .surface, writers: everyone),
        FieldSpec(ReportField.title, "title", short, .register, .surface, writers: everyone),
        FieldSpec(ReportField.description, "description", long, .register, .surface, writers: everyone),
        FieldSpec(ReportField.area, "area", .area, .register, .surface, writers: everyone),
        FieldSpec(ReportField.address, "address", short, .register, .surface, writers: everyone),
        FieldSpec(ReportField.location, "location", .location, .register, .surface, writers: everyone),
        FieldSpec(ReportField.urgency, "urgency", .code, .register, .surface, writers: everyone),
        FieldSpec(ReportField.agency, "agency", .code, .register, .decide, writers: .staff),
        FieldSpec(ReportField.due, "due", .time, .register, .decide, writers: .staff),
        FieldSpec(ReportField.comments, "comments", long, .log, writers: everyone),
        FieldSpec(ReportField.tags, "tags", .code, .set, writers: teamAndStaff),
        FieldSpec(ReportField.duplicateOf, "duplicate_of", .bytes(max: 32), .link, writers: .staff),
        FieldSpec(ReportField.source, "source", .code, writers: everyone),
        FieldSpec(
            ReportField.reporterName, "reporter_name", .sealed, writers: everyone,
            disclosedTo: [.lead, .officer, .admin]),
        FieldSpec(
            ReportField.reporterPhone, "reporter_phone", .sealed, writers: everyone,
            disclosedTo: [.lead, .officer, .admin]),
        FieldSpec(ReportField.result, "result", long, .register, .surface, writers: .staff),
        FieldSpec(ReportField.codeHash, "code_hash", .bytes(max: 32), writers: [.author]),
        FieldSpec(ReportField.followers, "followers", .bytes(max: 32), .set, writers: everyone),
    ]

    static let taskFields: [FieldSpec] = [
        FieldSpec(TaskField.state, "state", .code, .workflow, .surface, writers: teamAndStaff),
        FieldSpec(TaskField.title, "title", short, .register, .surface, writers: [.lead, .officer]),
        FieldSpec(TaskField.area, "area", .area, .register, .surface, writers: [.lead, .officer]),
        FieldSpec(TaskField.address, "address", short, .register, .surface, writers: teamAndStaff),
        FieldSpec(
            TaskField.household, "household", .sealed, writers: teamAndStaff,
            disclosedTo: [.volunteer, .lead, .officer, .admin]),
        FieldSpec(TaskField.kind, "kind", .code, .register, .surface, writers: [.lead, .officer]),
        FieldSpec(TaskField.due, "due", .time, .register, .surface, writers: [.lead, .officer]),
        FieldSpec(TaskField.priority, "priority", .integer, .register, .surface, writers: [.lead, .officer]),
        FieldSpec(
            TaskField.claimant, "claimant", .code, .claim, .surface, writers: [.volunteer, .lead, .officer, .admin]),
        FieldSpec(TaskField.assignees, "assignees", .bytes(max: 32), .set, writers: [.lead, .officer]),
        FieldSpec(TaskField.checklist, "checklist", short, .register, .surface, writers: teamAndStaff, keyed: true),
        FieldSpec(TaskField.checked, "checked", .boolean, .register, .surface, writers: teamAndStaff, keyed: true),
        FieldSpec(TaskField.notes, "notes", long, .log, writers: teamAndStaff),
        FieldSpec(TaskField.visits, "visits", long, .log, writers: teamAndStaff),
        FieldSpec(TaskField.result, "result", long, .register, .surface, writers: teamAndStaff),
        FieldSpec(TaskField.report, "report", .bytes(max: 32), writers: [.lead, .officer]),
    ]

    static let lookupFields: [FieldSpec] = [
        FieldSpec(LookupField.state, "state", .code, .workflow, .surface, writers: [.ward, .officer]),
        FieldSpec(LookupField.code, "code", .text(max: 64), writers: [.author]),
        FieldSpec(LookupField.secret, "secret", .sealed, writers: [.author], disclosedTo: []),
        FieldSpec(LookupField.area, "area", .area, writers: [.author]),
        FieldSpec(LookupField.answer, "answer", .answer, .log, writers: [.ward]),
        FieldSpec(LookupField.consent, "consent", short, writers: [.author]),
    ]

    static let procedureFields: [FieldSpec] = [
        FieldSpec(ProcedureField.code, "code", .text(max: 64), writers: .ward),
        FieldSpec(ProcedureField.name, "name", long, writers: .ward),
        FieldSpec(ProcedureField.level, "level", short, writers: .ward),
        FieldSpec(ProcedureField.field, "field", short, writers: .ward),
        FieldSpec(ProcedureField.applicants, "applicants", long, writers: .ward),
        FieldSpec(ProcedureField.agency, "agency", long, writers: .ward),
        FieldSpec(ProcedureField.channels, "channels", long, writers: .ward, keyed: true),
        FieldSpec(ProcedureField.papers, "papers", long, writers: .ward, keyed: true),
        FieldSpec(ProcedureField.steps, "steps", long, writers: .ward, keyed: true),
        FieldSpec(ProcedureField.conditions, "conditions", long, writers: .ward, keyed: true),
        FieldSpec(ProcedureField.result, "result", long, writers: .ward),
        FieldSpec(ProcedureField.decision, "decision", short, writers: .ward),
    ]

    static let placeFields: [FieldSpec] = [
        FieldSpec(1, "name", short, writers: [.ward, .officer]),
        FieldSpec(2, "category", .code, writers: [.ward, .officer]),
        FieldSpec(3, "address", short, writers: [.ward, .officer]),
        FieldSpec(4, "location", .location, writers: [.ward, .officer]),
        FieldSpec(5, "phone", .text(max: 64), writers: [.ward, .officer]),
        FieldSpec(6, "hours", short, writers: [.ward, .officer]),
    ]

    static let noticeFields: [FieldSpec] = [
        FieldSpec(1, "title", short, writers: [.ward, .officer]),
        FieldSpec(2, "body", long, writers: [.ward, .officer]),
        FieldSpec(3, "valid_until", .time, writers: [.ward, .officer]),
    ]

    static let alertFields: [FieldSpec] = [
        FieldSpec(1, "title", short, writers: [.ward, .officer]),
        FieldSpec(2, "body", long, writers: [.ward, .officer]),
        FieldSpec(3, "valid_until", .time, writers: [.ward, .officer]),
        FieldSpec(4, "level", .integer, writers: [.ward, .officer]),
        FieldSpec(5, "category", .code, writers: [.ward, .officer]),
    ]

    static let areaFields: [FieldSpec] = [
        FieldSpec(AreaField.code, "code", .area, writers: .ward),
        FieldSpec(AreaField.name, "name", short, writers: .ward),
        FieldSpec(AreaField.level, "level", .code, writers: .ward),
        FieldSpec(AreaField.parent, "parent", .area, writers: .ward),
        FieldSpec(AreaField.validFrom, "valid_from", .time, writers: .ward),
        FieldSpec(AreaField.validTo, "valid_to", .time, writers: .ward),
        FieldSpec(AreaField.mergedFrom, "merged_from", .area, .set, writers: .ward),
    ]
}
