// The lines of the schema table for what people do: reports, tasks, look-ups.

extension Schema {
    static let short = ValueType.text(max: 400)
    static let long = ValueType.text(max: 16 * 1024)
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
        FieldSpec(ReportField.duplicateOf, "duplicate_of", .bytes(max: 32), .link, writers: .settlers),
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
        FieldSpec(ReportField.visibility, "visibility", .code, .register, .surface, writers: everyone),
        FieldSpec(ReportField.proposals, "proposals", .coded(max: 4000), .log, writers: .team),
        FieldSpec(ReportField.resolution, "resolution", .code, .register, .surface, writers: .staff),
        FieldSpec(ReportField.publicTitle, "public_title", short, .register, .surface, writers: .staff),
        FieldSpec(ReportField.publicText, "public_text", long, .register, .surface, writers: .staff),
        FieldSpec(ReportField.ratingCodeHash, "rating_code_hash", .bytes(max: 32), writers: .staff),
        FieldSpec(ReportField.rating, "rating", .integer, .register, .surface, writers: [.author, .ward]),
        FieldSpec(ReportField.ratingComment, "rating_comment", short, .register, .surface, writers: [.author, .ward]),
        FieldSpec(ReportField.question, "question", .text(max: 4000), .log, writers: .staff),
        FieldSpec(ReportField.attachments, "attachments", .attachment, .set, writers: everyone),
        FieldSpec(ReportField.received, "received", .bytes(max: 32), .set, writers: [.ward]),
        FieldSpec(ReportField.publicPhotos, "public_photos", .bytes(max: 32), .set, writers: .staff),
        FieldSpec(
            ReportField.fileKeys, "file_keys", .sealed, writers: everyone, keyed: true,
            disclosedTo: [.lead, .officer, .admin]),
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
            TaskField.claimant, "claimant", .code, .claim, .surface, writers: .team),
        FieldSpec(TaskField.assignees, "assignees", .bytes(max: 32), .set, writers: [.lead, .officer, .admin]),
        FieldSpec(TaskField.checklist, "checklist", short, .register, .surface, writers: teamAndStaff, keyed: true),
        FieldSpec(TaskField.checked, "checked", .boolean, .register, .surface, writers: .team, keyed: true),
        FieldSpec(TaskField.notes, "notes", long, .log, writers: teamAndStaff),
        FieldSpec(TaskField.visits, "visits", .coded(max: 8000), .log, writers: .team),
        FieldSpec(TaskField.result, "result", long, .register, .surface, writers: .team),
        FieldSpec(TaskField.report, "report", .bytes(max: 32), writers: [.lead, .officer]),
        FieldSpec(TaskField.lookup, "lookup", .bytes(max: 32), writers: teamAndStaff),
        FieldSpec(TaskField.starts, "starts", .time, .register, .surface, writers: [.lead, .officer]),
        FieldSpec(
            TaskField.attendance, "attendance", .sealed, writers: .team, keyed: true,
            disclosedTo: [.lead, .officer, .admin]),
        FieldSpec(
            TaskField.contact, "contact", .sealed, writers: teamAndStaff,
            disclosedTo: [.volunteer, .lead, .officer, .admin]),
        FieldSpec(TaskField.attachments, "attachments", .attachment, .set, writers: teamAndStaff),
        FieldSpec(TaskField.received, "received", .bytes(max: 32), .set, writers: [.ward]),
        FieldSpec(
            TaskField.fileKeys, "file_keys", .sealed, writers: teamAndStaff, keyed: true,
            disclosedTo: [.lead, .officer, .admin]),
    ]

    static let lookupFields: [FieldSpec] = [
        FieldSpec(LookupField.state, "state", .code, .workflow, .surface, writers: [.ward, .officer]),
        FieldSpec(LookupField.code, "code", .text(max: 64), writers: [.author]),
        FieldSpec(LookupField.secret, "secret", .sealed, writers: [.author], disclosedTo: []),
        FieldSpec(LookupField.area, "area", .area, writers: [.author]),
        FieldSpec(LookupField.answer, "answer", .answer, .log, writers: [.ward, .officer]),
        FieldSpec(LookupField.consent, "consent", short, writers: [.author]),
        FieldSpec(LookupField.replyKey, "reply_key", .bytes(max: 32), writers: [.author]),
        FieldSpec(LookupField.attachments, "attachments", .attachment, .set, writers: [.author]),
        FieldSpec(LookupField.received, "received", .bytes(max: 32), .set, writers: [.ward]),
        FieldSpec(
            LookupField.fileKeys, "file_keys", .sealed, writers: [.author], keyed: true, disclosedTo: [.officer]),
    ]
}
