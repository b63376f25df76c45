// The numbers of the fields that the code names, kind by kind.

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
    package static let visibility: UInt8 = 20
    package static let proposals: UInt8 = 21
    package static let resolution: UInt8 = 22
    package static let publicTitle: UInt8 = 23
    package static let publicText: UInt8 = 24
    package static let ratingCodeHash: UInt8 = 25
    package static let rating: UInt8 = 26
    package static let ratingComment: UInt8 = 27
    package static let question: UInt8 = 28
    package static let attachments: UInt8 = 29
    package static let received: UInt8 = 30
    package static let publicPhotos: UInt8 = 31
    package static let fileKeys: UInt8 = 32
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
    package static let lookup: UInt8 = 17
    package static let starts: UInt8 = 18
    package static let attendance: UInt8 = 19
    package static let contact: UInt8 = 20
    package static let attachments: UInt8 = 21
    package static let received: UInt8 = 22
    package static let fileKeys: UInt8 = 23
}

/// The numbers of a look-up's fields.
package enum LookupField {
    package static let state: UInt8 = 1
    package static let code: UInt8 = 2
    package static let secret: UInt8 = 3
    package static let area: UInt8 = 4
    package static let answer: UInt8 = 5
    package static let consent: UInt8 = 6
    package static let replyKey: UInt8 = 7
    package static let attachments: UInt8 = 8
    package static let received: UInt8 = 9
    package static let fileKeys: UInt8 = 10
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
    package static let formerNames: UInt8 = 8
}

/// The numbers of a place's fields.
package enum PlaceField {
    package static let name: UInt8 = 1
    package static let category: UInt8 = 2
    package static let address: UInt8 = 3
    package static let location: UInt8 = 4
    package static let phone: UInt8 = 5
    package static let hours: UInt8 = 6
    package static let area: UInt8 = 7
}

/// The numbers of a notice's fields.
package enum NoticeField {
    package static let title: UInt8 = 1
    package static let body: UInt8 = 2
    package static let validUntil: UInt8 = 3
    package static let area: UInt8 = 4
}

/// The numbers of an alert's fields.
package enum AlertField {
    package static let title: UInt8 = 1
    package static let body: UInt8 = 2
    package static let validUntil: UInt8 = 3
    package static let level: UInt8 = 4
    package static let category: UInt8 = 5
    package static let area: UInt8 = 6
    package static let station: UInt8 = 7
}

/// The numbers of a public view's fields.
package enum PublicationField {
    package static let status: UInt8 = 1
    package static let title: UInt8 = 2
    package static let text: UInt8 = 3
    package static let category: UInt8 = 4
    package static let area: UInt8 = 5
    package static let filed: UInt8 = 6
    package static let closed: UInt8 = 7
    package static let agency: UInt8 = 8
    package static let resolution: UInt8 = 9
    package static let rating: UInt8 = 10
    package static let photos: UInt8 = 11
}

/// The numbers of a progress view's fields.
package enum ProgressField {
    package static let status: UInt8 = 1
    package static let changed: UInt8 = 2
    package static let filed: UInt8 = 3
    package static let due: UInt8 = 4
    package static let agency: UInt8 = 5
    package static let resolution: UInt8 = 6
    package static let steps: UInt8 = 7
    package static let duplicateOf: UInt8 = 8
    package static let publication: UInt8 = 9
}

/// The numbers of a follow's fields.
package enum FollowField {
    package static let codeHash: UInt8 = 1
    package static let progress: UInt8 = 2
    package static let status: UInt8 = 3
}

/// The numbers of a rating's fields.
package enum RatingField {
    package static let code: UInt8 = 1
    package static let value: UInt8 = 2
    package static let comment: UInt8 = 3
    package static let status: UInt8 = 4
}

/// The numbers of a configured list's fields.
package enum SettingsField {
    package static let topic: UInt8 = 1
    package static let lines: UInt8 = 2
}
