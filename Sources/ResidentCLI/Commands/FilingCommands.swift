// Filing a report: look for what may be the same, ask, save.

import CommandLineKit
import Photos
import SyncKit

extension CommandRun {
    /// `ward report new`
    func reportNew() throws(ErrorReport) -> ExitCode {
        var form = ReportForm()
        try readForm(&form)
        if parsed.flag("draft") {
            for option in ["photo", "private-photo"] where !parsed.options(option).isEmpty {
                throw bad("--" + option, "--draft", AttachWord.noDraft.message)
            }
            return try keepDraft(form, as: nil)
        }
        return try file(
            form, draft: nil, photos: parsed.options("photo"), privatePhotos: parsed.options("private-photo"))
    }

    /// Reads the options with the ward's lists at hand, without a lock that would stay.
    func readForm(_ form: inout ReportForm) throws(ErrorReport) {
        let reader = try reader()
        let rules = try attempt { () throws(ReplicaError) in try WardRules(reader) }
        let ward = try attempt { () throws(ReplicaError) in try reader.descriptor() }.area
        let role = try attempt { () throws(ReplicaError) in try reader.grant() }?.role ?? .resident
        defer { doneReading() }
        try read(&form, rules, ward: ward, role: role)
    }

    /// Files what is on the form, unless the person finds it filed already.
    /// - Parameters:
    ///   - draft: the draft that it was, which goes with the same commit.
    ///   - photos: the files to attach.
    ///   - privatePhotos: the files to seal to the ward, and to attach behind them.
    func file(
        _ form: ReportForm, draft number: Int64?, photos: [String] = [], privatePhotos: [String] = []
    ) throws(ErrorReport) -> ExitCode {
        var form = form
        if form.title == nil {
            guard let typed = Prompt(terminal).line(Say.askTitle.message) else {
                throw ErrorReport.cannotAsk(option: "--title", helpCommand: name + " --help")
            }
            form.values[ReportField.title] = .text(try text("--title", typed, limit: Self.reportTitleLimit))
        }
        let files = try preparedFiles(photos + privatePhotos)
        // Before the search, which needs a place. Where a private photo was taken is nobody's business: it may be
        // somebody's home.
        offerPlace(of: Array(files.prefix(photos.count)), to: &form)
        let search = DuplicateSearch(run: self, form: form)
        let found = try search.find()
        if !found.isEmpty {
            switch search.ask(found) {
            case .file: break
            case .comment(let report): return try comment(form, on: report, draft: number, files, privatePhotos)
            case .stop:
                terminal.remark(OfficerSay.notFiled.message)
                return .ok
            }
        }
        let added = try addedFiles(files, privatePhotos)
        let replica = try replica()
        let role = try attempt { () throws(ReplicaError) in try replica.grant() }?.role ?? .resident
        if form.values[ReportField.area] == nil { form.values[ReportField.area] = .text(try grantedArea(replica)) }
        if form.values[ReportField.source] == nil {
            form.values[ReportField.source] = .text(Source.usual(role).rawValue)
        }
        let random = SystemRandomSource()
        let code = LookupCode(random: random.bytes)
        form.values[ReportField.codeHash] = .bytes(code.hash.bytes)
        var change = ChangeSetDraft(kind: .report)
        form.fill(&change)
        added.fill(&change, ReportField.attachments)
        let exit = try save(
            replica, change, privates: form.privates + added.privates, code: code, title: form.title,
            consuming: number, files: added.files, also: { json in DuplicateSearch.write(found, to: &json) })
        remarkPrivate(added.privates.count)
        return exit
    }

    /// The files of a report, the last of them sealed.
    /// - Parameters:
    ///   - privatePhotos: the names of those that are sealed.
    ///   - taken: the places in the report where keys of private files stand.
    private func addedFiles(
        _ files: [PreparedFile], _ privatePhotos: [String], taken: Set<UInt32> = []
    ) throws(ErrorReport) -> AddedFiles {
        var added = AddedFiles()
        for item in files.dropLast(privatePhotos.count) { added.add(item.file) }
        try seal(Array(files.suffix(privatePhotos.count)), privatePhotos, .report, taken: taken, into: &added)
        return added
    }

    /// Adds what is on a form, and the files that came with it, to a report that is there already.
    private func comment(
        _ form: ReportForm, on report: Digest, draft number: Int64?, _ files: [PreparedFile], _ privatePhotos: [String]
    ) throws(ErrorReport) -> ExitCode {
        let parts = [form.title, form.values[ReportField.description]?.string].compactMap { $0 }
        let replica = try replica()
        let state = try attempt { () throws(ReplicaError) in try replica.document(report) }?.state
        let added = try addedFiles(files, privatePhotos, taken: state?.fileKeyPlaces ?? [])
        try checkRoom(for: added.files.count, beside: state?.attachments.count ?? 0)
        var change = ChangeSetDraft(kind: .report, document: report)
        let text = parts.joined(separator: "\n")
        change.perform(
            .append(Slot(field: ReportField.comments)), .text(try self.text("TEXT", text, limit: Self.reportTextLimit)))
        added.fill(&change, ReportField.attachments)
        let exit = try save(replica, change, privates: added.privates, consuming: number, files: added.files)
        remarkPrivate(added.privates.count)
        return exit
    }
}

/// Looks for reports that may be about the same thing, among what this device holds.
struct DuplicateSearch {
    enum Choice {
        case file
        case comment(Digest)
        case stop
    }

    let run: CommandRun
    let form: ReportForm

    private var terminal: Terminal { run.terminal }

    /// The same category, near, and not long ago; the nearest first. Nothing without a category and a place.
    func find() throws(ErrorReport) -> [NearbyReport] {
        guard let category = form.category, let place = form.place else { return [] }
        let reader = try run.reader()
        defer { run.doneReading() }
        let since = run.time.nowSeconds() - WardRules.duplicateDays * 86_400
        return try run.attempt { () throws(ReplicaError) in
            let rules = try WardRules(reader)
            run.keptSettings = rules.settings
            let radius = rules.duplicateRadius(category)
            return try reader.nearby(category: category, place, radiusMetres: radius, filedFrom: since)
        }
    }

    /// Shows what was found and asks; where nobody can be asked it is listed, and filed all the same.
    func ask(_ found: [NearbyReport]) -> Choice {
        terminal.warn(OfficerSay.candidates.message, String(found.count))
        for (index, report) in found.enumerated() { terminal.writeError("  " + line(index + 1, report) + "\n") }
        let prompt = Prompt(terminal)
        guard prompt.isPossible, !terminal.isJSON else {
            terminal.writeError(terminal.say(.candidateHint) + "\n")
            return .file
        }
        for _ in 0..<3 {
            guard let typed = prompt.line(OfficerSay.candidateAsk.message, String(found.count)) else { return .stop }
            switch SearchFold.fold(typed) {
            case "", "g", "ghi", "f", "file": return .file
            case "t", "thoi", "s", "stop": return .stop
            case let answer:
                if let number = Int(answer), found.indices.contains(number - 1) {
                    return .comment(found[number - 1].id)
                }
                terminal.writeError(terminal.say(.candidateAsk2) + "\n")
            }
        }
        return .stop
    }

    private func line(_ number: Int, _ report: NearbyReport) -> String {
        let state =
            report.isAccepted
            ? terminal.word(run.ownSettings.stateMessage(.report, report.status)) : terminal.say(.waiting)
        let age = ValueText(terminal: terminal).ago(report.filed, now: run.time.nowSeconds())
        return terminal.say(
            .candidate, String(number), ShortID.text(report.id), String(report.metres), age, state, report.title)
    }

    static func write(_ found: [NearbyReport], to json: inout JSONWriter) {
        json.array("duplicates") { json in
            for report in found {
                json.object { json in
                    json.member("id", report.id.hex)
                    json.member("short_id", ShortID.text(report.id))
                    json.member("title", report.title)
                    json.member(
                        "state", report.isAccepted ? WorkflowRules.name(.report, report.status) : ListPage.queued)
                    json.member("metres", report.metres)
                    json.member("filed", LocalTime(seconds: report.filed).iso8601)
                }
            }
        }
    }
}
