// How far the reports are that this device follows, with the age of what is known.

import CommandLineKit
import SyncKit

/// Prints follows with the progress views that are here.
struct TrackPage {
    let reader: ReplicaReader
    let run: CommandRun
    /// What the ward calls its agencies and states.
    let settings: WardSettings

    init(_ reader: ReplicaReader, _ run: CommandRun) throws(ErrorReport) {
        self.reader = reader
        self.run = run
        settings = try run.attempt { () throws(ReplicaError) in try reader.settings() }
    }

    private var terminal: Terminal { run.terminal }
    private var values: ValueText { ValueText(terminal: terminal) }

    func print(_ follows: [DocumentView], ratings: [Digest]) throws(ErrorReport) -> ExitCode {
        let asOf = try run.attempt { () throws(ReplicaError) in try reader.lastSync() }
        var judged: [DocumentView] = []
        for id in ratings {
            if let view = try run.attempt({ () throws(ReplicaError) in try reader.document(id) }) {
                judged.append(view)
            }
        }
        if terminal.isJSON {
            try writeJSON(follows, judged, asOf)
            return .ok
        }
        if follows.isEmpty { terminal.remark(PublicWord.noFollows.message) }
        for (index, follow) in follows.enumerated() {
            if index > 0 { terminal.print("") }
            try print(follow)
        }
        if !judged.isEmpty {
            terminal.print("")
            terminal.print(terminal.styled(terminal.word(PublicWord.ratings.message), .bold))
            for view in judged { printRating(view) }
        }
        if let asOf {
            terminal.remark(
                Say.age.message, LocalTime(seconds: asOf).text, values.ago(asOf, now: run.time.nowSeconds()))
        }
        return .ok
    }

    private func print(_ follow: DocumentView) throws(ErrorReport) {
        let code = try run.attempt { () throws(ReplicaError) in try reader.lookupCode(of: follow.id) }
        terminal.print(terminal.styled(code?.text ?? ShortID.text(follow.id), .bold))
        switch follow.state.text(FollowField.status) {
        case "following": break
        case "unknown": return terminal.print(PublicWord.unknownCode.message)
        case "limited": return terminal.print(PublicWord.limitedCode.message)
        default: return terminal.print(PublicWord.waitingForWard.message)
        }
        let views = try views(follow)
        if views.isEmpty { return terminal.print(PublicWord.noNews.message) }
        for (index, view) in views.enumerated() {
            if index > 0 { terminal.print(PublicWord.alsoAt.message) }
            print(view)
        }
    }

    /// The views of a follow that are here: the report's own first, then what it is a duplicate of.
    private func views(_ follow: DocumentView) throws(ErrorReport) -> [DocumentState] {
        var views: [DocumentState] = []
        for id in Follow.views(follow.state) {
            if let view = try run.attempt({ () throws(ReplicaError) in try reader.document(id) }) {
                views.append(view.state)
            }
        }
        func target(_ view: DocumentState) -> Digest? {
            guard case .bytes(let bytes)? = view.value(ProgressField.duplicateOf) else { return nil }
            return Digest(bytes)
        }
        let targets = Set(views.compactMap(target))
        var ordered: [DocumentState] = []
        var next = views.first { !targets.contains($0.id) }
        while let view = next, ordered.count < views.count {
            ordered.append(view)
            next = target(view).flatMap { id in views.first { $0.id == id } }
        }
        return ordered + views.filter { view in !ordered.contains { $0.id == view.id } }
    }

    private func line(_ label: Message, _ text: String) {
        if text.isEmpty { return }
        terminal.print("  " + terminal.styled(terminal.word(label) + ":", .dim) + " " + SafeText.line(text))
    }

    private func time(_ view: DocumentState, _ field: UInt8) -> Int64? { view.value(field)?.integer }

    private func stateWord(_ name: String) -> String {
        guard let place = WorkflowRules.stateNames(.report).firstIndex(of: name) else { return name }
        return terminal.word(settings.stateMessage(.report, UInt8(place + 1)))
    }

    private func isOverdue(_ view: DocumentState) -> Bool {
        guard let due = time(view, ProgressField.due) else { return false }
        let closed = ["resolved", "published", "rated", "rejected", "duplicate", "referred", "awaiting_info"]
        return due < run.time.nowSeconds() && !closed.contains(view.text(ProgressField.status) ?? "")
    }

    private func print(_ view: DocumentState) {
        var status = stateWord(view.text(ProgressField.status) ?? "")
        if let changed = time(view, ProgressField.changed) {
            status += " (" + terminal.language.text(PublicWord.since.with(LocalTime(seconds: changed).text)) + ")"
        }
        line(FieldWord.state.message, status)
        if let filed = time(view, ProgressField.filed) {
            line(PublicWord.filed.message, LocalTime(seconds: filed).text)
        }
        if let due = time(view, ProgressField.due) {
            let mark = isOverdue(view) ? " («" + terminal.word(PublicWord.overdue.message) + "»)" : ""
            line(FieldWord.due.message, LocalTime(seconds: due).dateText + mark)
        }
        line(FieldWord.agency.message, view.text(ProgressField.agency).map(settings.agencyName) ?? "")
        if let resolution = view.text(ProgressField.resolution) {
            line(
                FieldWord.resolution.message,
                Resolution(rawValue: resolution).map { terminal.word($0.message) } ?? resolution)
        }
        let steps = Follow.steps(view)
        if !steps.isEmpty {
            terminal.print("  " + terminal.styled(terminal.word(PublicWord.steps.message) + ":", .dim))
            for step in steps {
                terminal.print(
                    "    " + LocalTime(seconds: step.seconds).text + "  " + SafeText.line(stateWord(step.state)))
            }
        }
        if case .bytes(let bytes)? = view.value(ProgressField.publication), let id = Digest(bytes) {
            terminal.print("  " + terminal.language.text(PublicWord.isPublic.with(ShortID.text(id))))
        }
    }

    private func printRating(_ view: DocumentView) {
        let value = view.state.value(RatingField.value)?.integer ?? 0
        let status = view.state.text(RatingField.status)
        let word = status.flatMap { RatingWord(rawValue: $0)?.message } ?? PublicWord.waitingForWard.message
        let score = terminal.language.text(PublicWord.ratingLine.with(String(value)))
        terminal.print("  " + LocalTime(view.state.creationTime).text + "  " + score + ": " + terminal.word(word))
    }

    // MARK: For programs

    private func writeJSON(_ follows: [DocumentView], _ ratings: [DocumentView], _ asOf: Int64?) throws(ErrorReport) {
        var items: [(follow: DocumentView, code: LookupCode?, views: [DocumentState])] = []
        for follow in follows {
            let code = try run.attempt { () throws(ReplicaError) in try reader.lookupCode(of: follow.id) }
            items.append((follow, code, try views(follow)))
        }
        terminal.printJSON { json in
            json.object { json in
                json.array("items") { json in
                    for item in items {
                        json.object { json in
                            json.member("id", item.follow.id.hex)
                            json.member("lookup_code", item.code?.text)
                            json.member("status", item.follow.state.text(FollowField.status) ?? ListPage.queued)
                            json.array("progress") { json in for view in item.views { write(view, to: &json) } }
                        }
                    }
                }
                json.array("ratings") { json in
                    for view in ratings {
                        json.object { json in
                            json.member("id", view.id.hex)
                            json.member("value", view.state.value(RatingField.value)?.integer)
                            json.member("status", view.state.text(RatingField.status) ?? ListPage.queued)
                        }
                    }
                }
                json.member("as_of", asOf.map { LocalTime(seconds: $0).iso8601 })
            }
        }
    }

    private func write(_ view: DocumentState, to json: inout JSONWriter) {
        func moment(_ field: UInt8) -> String? { time(view, field).map { LocalTime(seconds: $0).iso8601 } }
        json.object { json in
            json.member("id", view.id.hex)
            json.member("state", view.text(ProgressField.status))
            json.member("changed", moment(ProgressField.changed))
            json.member("filed", moment(ProgressField.filed))
            json.member("due", moment(ProgressField.due))
            json.member("overdue", isOverdue(view))
            json.member("agency", view.text(ProgressField.agency))
            json.member("resolution", view.text(ProgressField.resolution))
            DocumentJSON.writeValue("duplicate_of", view.value(ProgressField.duplicateOf), to: &json)
            DocumentJSON.writeValue("publication", view.value(ProgressField.publication), to: &json)
            json.array("steps") { json in
                for step in Follow.steps(view) {
                    json.object { json in
                        json.member("state", step.state)
                        json.member("time", LocalTime(seconds: step.seconds).iso8601)
                    }
                }
            }
        }
    }
}
