// Publishing: an officer decides what everybody may read, sees exactly that, and can take it back.

import CommandLineKit
import SyncKit

/// A publication that is about to be made.
private struct PlannedPublication {
    let view: DocumentView
    let title: String
    let text: String?
    let draft: ChangeSetDraft
    let traces: [PersonalTrace]
}

extension CommandRun {
    private static let titleLimit = 400
    private static let textLimit = 16 * 1024
    private static let resolved: UInt8 = 6
    private static let published: UInt8 = 7
    private static let rated: UInt8 = 8

    /// `ward report publish ID…`
    func reportPublish() throws(ErrorReport) -> ExitCode {
        let title = try text(option: "title", limit: Self.titleLimit)
        let body = try text(option: "text", limit: Self.textLimit)
        let isAlone = parsed.arguments.count == 1
        guard isAlone || (title == nil && body == nil) else {
            throw bad(title == nil ? "--text" : "--title", "", PublicWord.oneTitle.message)
        }
        let replica = try replica()
        var planned: [PlannedPublication] = []
        var skipped: [(id: String, why: Phrase)] = []
        for typed in parsed.arguments {
            do throws(ErrorReport) { planned.append(try plan(replica, typed, title, body)) } catch {
                if isAlone { throw error }
                skipped.append((typed, error.happened))
            }
        }
        let isSure = parsed.flag("yes")
        if isSure {
            // Nobody looks: what seems personal stays out.
            for item in planned where !item.traces.isEmpty {
                skipped.append((ShortID.text(item.view.id), PublicWord.personal.with(words(item.traces))))
            }
            planned.removeAll { !$0.traces.isEmpty }
        } else if !planned.isEmpty {
            let settings = try attempt { () throws(ReplicaError) in try replica.settings() }
            for item in planned { preview(item, settings) }
            terminal.out.flush()
            let question = PublicWord.askPublish.message
            guard let answer = Prompt(terminal).confirm(question, String(planned.count), assumed: false) else {
                throw ErrorReport.cannotAsk(option: "--yes", helpCommand: name + " --help")
            }
            if !answer {
                terminal.print(PublicWord.nothingDone.message)
                return .ok
            }
        }
        for item in planned { _ = try attempt { () throws(ReplicaError) in try replica.commit(item.draft) } }
        return tell(planned.map(\.view.id), skipped, .published, .publishedNext)
    }

    private func plan(_ replica: Replica, _ typed: String, _ title: String?, _ body: String?) throws(ErrorReport)
        -> PlannedPublication
    {
        let view = try document(replica, .report, typed)
        let id = ShortID.text(view.id)
        let state = view.state
        guard [Self.resolved, Self.published, Self.rated].contains(state.present.state) else {
            throw ErrorReport(
                .refused, code: "publish.not-resolved", happened: PublicWord.notResolved.with(id),
                loss: .nothingChanged, next: PublicWord.notResolvedNext.with(id))
        }
        guard state.text(ReportField.visibility) != "limited" else {
            throw ErrorReport(
                .refused, code: "publish.limited", happened: PublicWord.isLimited.with(id), loss: .nothingChanged,
                next: PublicWord.isLimitedNext.with(id))
        }
        var chosen = title ?? state.text(ReportField.publicTitle)
        if chosen == nil { chosen = try askedTitle() }
        guard let chosen else { throw ErrorReport.cannotAsk(option: "--title", helpCommand: name + " --help") }
        let text = body ?? state.text(ReportField.publicText)
        var draft = ChangeSetDraft(kind: .report, document: view.id)
        // Set even where it stands so: the officer confirms these words now.
        draft.perform(.set(Slot(field: ReportField.publicTitle)), .text(chosen))
        if let text { draft.perform(.set(Slot(field: ReportField.publicText)), .text(text)) }
        if !state.isPublishedStep {
            draft.perform(
                .transition(Slot(field: Schema.stateField), to: Self.published, follows: state.present.dot))
        }
        let slot = Slot(field: ReportField.reporterName)
        var names: [String] = []
        if let entry = state.shown(slot),
            let name = try attempt({ () throws(ReplicaError) in try replica.disclosed(entry, slot) })
        {
            names.append(name)
        }
        let traces = PersonalText.traces(in: chosen + "\n" + (text ?? ""), names: names)
        return PlannedPublication(view: view, title: chosen, text: text, draft: draft, traces: traces)
    }

    private func askedTitle() throws(ErrorReport) -> String? {
        guard let typed = Prompt(terminal).line(PublicWord.askTitle.message) else { return nil }
        return try text("--title", typed, limit: Self.titleLimit)
    }

    private func words(_ traces: [PersonalTrace]) -> String {
        traces.map { terminal.word($0.word.message) }.joined(separator: ", ")
    }

    /// Exactly what becomes public.
    private func preview(_ item: PlannedPublication, _ settings: WardSettings) {
        guard !terminal.isJSON else { return }
        let state = item.view.state
        terminal.print(PublicWord.previewHead.message)
        var lines: [(Message, String)] = [
            (FieldWord.title.message, item.title), (FieldWord.text.message, item.text ?? ""),
        ]
        let shown: [(FieldWord, UInt8)] = [
            (.category, ReportField.category), (.area, ReportField.area), (.agency, ReportField.agency),
            (.resolution, ReportField.resolution),
        ]
        for (word, field) in shown { lines.append((word.message, publicWord(field, state.text(field), settings))) }
        lines.append((FieldWord.filed.message, LocalTime(state.creationTime).text))
        if let step = state.entries(Schema.stateField).last(where: { $0.state == Self.resolved }) {
            lines.append((PublicWord.closed.message, LocalTime(step.effective).text))
        }
        terminal.print("  " + terminal.styled(ShortID.text(item.view.id), .bold))
        for (label, text) in lines where !text.isEmpty {
            terminal.print("  " + terminal.word(label) + ": " + SafeText.line(text))
        }
        if !item.traces.isEmpty {
            terminal.print(
                terminal.styled(terminal.language.text(PublicWord.personal.with(words(item.traces))), .yellow))
        }
    }

    private func publicWord(_ field: UInt8, _ code: String?, _ settings: WardSettings) -> String {
        guard let code else { return "" }
        switch field {
        case ReportField.category: return settings.categoryName(code, terminal)
        case ReportField.agency: return settings.agencyName(code)
        case ReportField.resolution: return Resolution(rawValue: code).map { terminal.word($0.message) } ?? code
        default: return code
        }
    }

    /// `ward report unpublish ID…`
    func reportUnpublish() throws(ErrorReport) -> ExitCode {
        let replica = try replica()
        let isAlone = parsed.arguments.count == 1
        var done: [Digest] = []
        var skipped: [(id: String, why: Phrase)] = []
        for typed in parsed.arguments {
            do throws(ErrorReport) { done.append(try unpublish(replica, typed)) } catch {
                if isAlone { throw error }
                skipped.append((typed, error.happened))
            }
        }
        return tell(done, skipped, .unpublished, .unpublishNote)
    }

    private func unpublish(_ replica: Replica, _ typed: String) throws(ErrorReport) -> Digest {
        let view = try document(replica, .report, typed)
        guard view.state.publicText != nil else {
            let id = ShortID.text(view.id)
            throw ErrorReport(
                .refused, code: "publish.none", happened: PublicWord.notPublic.with(id), loss: .nothingChanged,
                next: PublicWord.notPublicNext.with(id))
        }
        var draft = ChangeSetDraft(kind: .report, document: view.id)
        draft.perform(.set(Slot(field: ReportField.publicTitle)), .null)
        draft.perform(.set(Slot(field: ReportField.publicText)), .null)
        let ready = draft
        _ = try attempt { () throws(ReplicaError) in try replica.commit(ready) }
        return view.id
    }

    private func tell(
        _ done: [Digest], _ skipped: [(id: String, why: Phrase)], _ word: PublicWord, _ next: PublicWord
    ) -> ExitCode {
        if terminal.isJSON {
            terminal.printJSON { json in
                json.object { json in
                    json.array("saved") { json in for id in done { json.element(id.hex) } }
                    json.array("left_out") { json in
                        for item in skipped {
                            json.object { json in
                                json.member("id", item.id)
                                json.member("why", terminal.language.text(item.why))
                            }
                        }
                    }
                }
            }
        } else {
            if !done.isEmpty { terminal.print(word.message, String(done.count)) }
            for item in skipped {
                terminal.print(PublicWord.skipped.message, SafeText.line(item.id), terminal.language.text(item.why))
            }
            if !skipped.isEmpty, word == .published { terminal.remark(PublicWord.personalNext.message) }
            if !done.isEmpty { terminal.remark(next.message) }
        }
        return skipped.isEmpty ? .ok : .refused
    }
}
