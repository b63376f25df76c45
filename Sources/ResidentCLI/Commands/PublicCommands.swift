// What the ward published: lists, pages and search.

import CommandLineKit
import SyncKit

extension CommandRun {
    private static let listLimit: Int64 = 200

    /// `ward public list`
    func publicList() throws(ErrorReport) -> ExitCode {
        let reader = try reader()
        let limit = parsed.flag("all") ? Int.max : Int(parsed.integer("limit") ?? Self.listLimit)
        var rows: [PublicRow] = []
        try attempt { () throws(ReplicaError) in
            try reader.eachRow(.publication, ListFilter(), limit: nil) { row in
                // One that was taken back has no title any more.
                if rows.count < limit, !row.title.isEmpty {
                    rows.append(PublicRow(id: row.id, updated: row.updated, category: row.detail, title: row.title))
                }
            }
        }
        let settings = try attempt { () throws(ReplicaError) in try reader.settings() }
        printPublic(rows, settings)
        return .ok
    }

    /// `ward public search WORDS…`
    func publicSearch() throws(ErrorReport) -> ExitCode {
        let words = try text("WORDS", parsed.arguments.joined(separator: " "), limit: 400)
        let reader = try reader()
        let limit = Int(parsed.integer("limit") ?? 20)
        let found = try attempt { () throws(ReplicaError) in try reader.search(.publication, words, limit: limit) }
        let rows = found.filter { !$0.listing.title.isEmpty }.map {
            PublicRow(id: $0.id, updated: $0.listing.updated, category: $0.listing.detail, title: $0.listing.title)
        }
        let settings = try attempt { () throws(ReplicaError) in try reader.settings() }
        printPublic(rows, settings)
        return rows.isEmpty ? .notFound : .ok
    }

    private func printPublic(_ rows: [PublicRow], _ settings: WardSettings) {
        if terminal.isJSON {
            terminal.printJSON { json in
                json.object { json in
                    json.array("items") { json in
                        for row in rows {
                            json.object { json in
                                json.member("id", row.id.hex)
                                json.member("short_id", ShortID.text(row.id))
                                json.member("title", row.title)
                                json.member("category", row.category)
                                json.member("updated", LocalTime(seconds: row.updated).iso8601)
                            }
                        }
                    }
                    json.member("shown", rows.count)
                }
            }
            return
        }
        guard !rows.isEmpty else { return terminal.remark(Say.noItems.message) }
        var table = Table([
            Table.Column(Say.id.message), Table.Column(Say.updated.message),
            Table.Column(Say.category.message, maximum: 24),
            Table.Column(Say.title.message, minimum: 16, flexible: true),
        ])
        for row in rows {
            let category = settings.categoryName(row.category, terminal)
            table.addRow([ShortID.text(row.id), LocalTime(seconds: row.updated).dateText, category, row.title])
        }
        terminal.print(table)
    }

    /// `ward public show ID`
    func publicShow() throws(ErrorReport) -> ExitCode {
        let reader = try reader()
        let view = try document(reader, .publication)
        let state = view.state
        let photos = try attempt { () throws(ReplicaError) in try reader.numberedFiles(of: view) }
        let settings = try attempt { () throws(ReplicaError) in try reader.settings() }
        let isWithdrawn = state.text(PublicationField.status) != "published"
        if terminal.isJSON {
            terminal.printJSON { json in
                json.object { json in
                    json.member("id", state.id.hex)
                    json.member("short_id", ShortID.text(state.id))
                    for spec in Schema.fields(of: .publication) {
                        let value = state.value(spec.code)
                        if spec.type == .attachment {
                            FileText.write(photos, as: spec.name, to: &json)
                        } else if spec.type == .time {
                            json.member(spec.name, value?.integer.map { LocalTime(seconds: $0).iso8601 })
                        } else {
                            DocumentJSON.writeValue(spec.name, value, to: &json)
                        }
                    }
                }
            }
            return .ok
        }
        terminal.print(
            terminal.styled(terminal.word(KindWord.publication.message) + " " + ShortID.text(state.id), .bold))
        if isWithdrawn {
            terminal.print(PublicWord.withdrawnLine.message)
            return .ok
        }
        for (label, text) in publicLines(state, settings) where !text.isEmpty {
            terminal.print(
                terminal.styled(terminal.word(label) + ":", .dim) + " "
                    + SafeText.lines(text).split(separator: "\n").joined(separator: "\n    "))
        }
        printPhotos(photos, of: view.id)
        return .ok
    }

    /// The photos that an officer released, and how to get at them.
    private func printPhotos(_ photos: [(number: Int, file: FileState)], of id: Digest) {
        guard !photos.isEmpty else { return }
        terminal.print(terminal.styled(terminal.word(PublicWord.photos.message) + ":", .dim) + " \(photos.count)")
        for (number, photo) in photos { terminal.print("    " + FileText(terminal: terminal).line(number, photo)) }
        let isHere = photos.allSatisfy(\.file.isHere)
        terminal.remark((isHere ? PublicWord.photosSave : .photosFetch).message, ShortID.text(id))
    }

    private func publicLines(_ state: DocumentState, _ settings: WardSettings) -> [(Message, String)] {
        func moment(_ field: UInt8) -> String {
            state.value(field)?.integer.map { LocalTime(seconds: $0).text } ?? ""
        }
        let category = state.text(PublicationField.category) ?? ""
        let resolution = state.text(PublicationField.resolution) ?? ""
        let rating = state.value(PublicationField.rating)?.integer
        return [
            (FieldWord.title.message, state.text(PublicationField.title) ?? ""),
            (FieldWord.text.message, state.text(PublicationField.text) ?? ""),
            (FieldWord.category.message, settings.categoryName(category, terminal)),
            (FieldWord.area.message, state.text(PublicationField.area) ?? ""),
            (FieldWord.filed.message, moment(PublicationField.filed)),
            (PublicWord.closed.message, moment(PublicationField.closed)),
            (FieldWord.agency.message, settings.agencyName(state.text(PublicationField.agency) ?? "")),
            (
                FieldWord.resolution.message,
                Resolution(rawValue: resolution).map { terminal.word($0.message) } ?? resolution
            ),
            (
                FieldWord.rating.message,
                rating.map { terminal.language.text(PublicWord.ratingLine.with(String($0))) } ?? ""
            ),
        ]
    }
}

/// A line of a list of publications.
private struct PublicRow {
    let id: Digest
    let updated: Int64
    let category: String
    let title: String
}
