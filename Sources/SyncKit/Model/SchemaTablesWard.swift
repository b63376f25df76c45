// The lines of the schema table for what the ward says: reference records, public views, answers, configuration.

extension Schema {
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
        FieldSpec(PlaceField.name, "name", short, writers: [.ward, .officer]),
        FieldSpec(PlaceField.category, "category", .code, writers: [.ward, .officer]),
        FieldSpec(PlaceField.address, "address", short, writers: [.ward, .officer]),
        FieldSpec(PlaceField.location, "location", .location, writers: [.ward, .officer]),
        FieldSpec(PlaceField.phone, "phone", .text(max: 64), writers: [.ward, .officer]),
        FieldSpec(PlaceField.hours, "hours", short, writers: [.ward, .officer]),
        FieldSpec(PlaceField.area, "area", .area, writers: [.ward, .officer]),
    ]

    static let noticeFields: [FieldSpec] = [
        FieldSpec(NoticeField.title, "title", short, writers: [.ward, .officer]),
        FieldSpec(NoticeField.body, "body", long, writers: [.ward, .officer]),
        FieldSpec(NoticeField.validUntil, "valid_until", .time, writers: [.ward, .officer]),
        FieldSpec(NoticeField.area, "area", .area, writers: [.ward, .officer]),
    ]

    static let alertFields: [FieldSpec] = [
        FieldSpec(AlertField.title, "title", short, writers: [.ward, .officer]),
        FieldSpec(AlertField.body, "body", long, writers: [.ward, .officer]),
        FieldSpec(AlertField.validUntil, "valid_until", .time, writers: [.ward, .officer]),
        FieldSpec(AlertField.level, "level", .integer, writers: [.ward, .officer]),
        FieldSpec(AlertField.category, "category", .code, writers: [.ward, .officer]),
        FieldSpec(AlertField.area, "area", .area, writers: [.ward, .officer]),
        FieldSpec(AlertField.station, "station", short, writers: [.ward, .officer]),
    ]

    static let areaFields: [FieldSpec] = [
        FieldSpec(AreaField.code, "code", .area, writers: .ward),
        FieldSpec(AreaField.name, "name", short, writers: .ward),
        FieldSpec(AreaField.level, "level", .code, writers: .ward),
        FieldSpec(AreaField.parent, "parent", .area, writers: .ward),
        FieldSpec(AreaField.validFrom, "valid_from", .time, writers: .ward),
        FieldSpec(AreaField.validTo, "valid_to", .time, writers: .ward),
        FieldSpec(AreaField.mergedFrom, "merged_from", .area, .set, writers: .ward),
        FieldSpec(AreaField.formerNames, "former_names", short, .set, writers: .ward),
    ]

    static let publicationFields: [FieldSpec] = [
        FieldSpec(PublicationField.status, "status", .code, writers: .ward),
        FieldSpec(PublicationField.title, "title", short, writers: .ward),
        FieldSpec(PublicationField.text, "text", long, writers: .ward),
        FieldSpec(PublicationField.category, "category", .code, writers: .ward),
        FieldSpec(PublicationField.area, "area", .area, writers: .ward),
        FieldSpec(PublicationField.filed, "filed", .time, writers: .ward),
        FieldSpec(PublicationField.closed, "closed", .time, writers: .ward),
        FieldSpec(PublicationField.agency, "agency", .code, writers: .ward),
        FieldSpec(PublicationField.resolution, "resolution", .code, writers: .ward),
        FieldSpec(PublicationField.rating, "rating", .integer, writers: .ward),
        FieldSpec(PublicationField.photos, "photos", .attachment, .set, writers: .ward),
    ]

    static let progressFields: [FieldSpec] = [
        FieldSpec(ProgressField.status, "status", .code, writers: .ward),
        FieldSpec(ProgressField.changed, "changed", .time, writers: .ward),
        FieldSpec(ProgressField.filed, "filed", .time, writers: .ward),
        FieldSpec(ProgressField.due, "due", .time, writers: .ward),
        FieldSpec(ProgressField.agency, "agency", .code, writers: .ward),
        FieldSpec(ProgressField.resolution, "resolution", .code, writers: .ward),
        FieldSpec(ProgressField.steps, "steps", .coded(max: 64), .log, writers: .ward),
        FieldSpec(ProgressField.duplicateOf, "duplicate_of", .bytes(max: 32), writers: .ward),
        FieldSpec(ProgressField.publication, "publication", .bytes(max: 32), writers: .ward),
    ]

    static let followFields: [FieldSpec] = [
        FieldSpec(FollowField.codeHash, "code_hash", .bytes(max: 32), writers: .author),
        FieldSpec(FollowField.progress, "progress", .bytes(max: 32), .set, writers: .ward),
        FieldSpec(FollowField.status, "status", .code, writers: .ward),
    ]

    static let ratingFields: [FieldSpec] = [
        FieldSpec(RatingField.code, "code", .sealed, writers: .author, disclosedTo: []),
        FieldSpec(RatingField.value, "value", .integer, writers: .author),
        FieldSpec(RatingField.comment, "comment", short, writers: .author),
        FieldSpec(RatingField.status, "status", .code, writers: .ward),
    ]

    static let settingsFields: [FieldSpec] = [
        FieldSpec(SettingsField.topic, "topic", .code, writers: [.admin, .ward]),
        FieldSpec(SettingsField.lines, "lines", long, writers: [.admin, .ward]),
    ]
}
