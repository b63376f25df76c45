// What a report's page says beyond its fields: the steps with who and when, what is open, what is next.

import CommandLineKit
import SyncKit

/// What can be said about a report besides its fields.
struct ReportPage {
    let view: DocumentView
    let people: People
    let terminal: Terminal
    let actor: Actor
    let duplicates: [(row: DocumentRow, author: DeviceID)]

    init(_ view: DocumentView, _ reader: ReplicaReader, _ people: People, _ run: CommandRun) throws(ErrorReport) {
        self.view = view
        self.people = people
        terminal = run.terminal
        duplicates = try run.attempt { () throws(ReplicaError) in try reader.duplicates(of: view.id) }
        actor = try run.actor(reader)
    }

    private var state: DocumentState { view.state }
    private var status: UInt8 { state.present.state }

    private var nextSteps: [UInt8] { view.isNotAccepted ? [] : Permission.steps(actor, state) }

    private var openQuestion: Entry? {
        status == ReportStateNumber.awaitingInfo.rawValue ? state.entries(ReportField.question).last : nil
    }

    /// Devices that follow it: those on its list and, derived, those that filed its duplicates.
    private var followerCount: Int {
        var all = Set(state.entries(ReportField.followers).map(\.value))
        for item in duplicates { all.insert(CBORValue.bytes(item.author.digest.bytes).encoded) }
        return all.count
    }

    // MARK: For people

    /// The lines below the heading: what is open, and what can be done.
    func printSummary() {
        if let question = openQuestion, state.answer == nil { line(.openQuestion, text(question)) }
        if let answer = state.answer {
            line(.answeredBy, LocalTime(answer.effective).text + " " + people.name(answer.dot.device))
        }
        if view.isNotAccepted { return }
        let steps = nextSteps
        line(
            .nextSteps,
            steps.isEmpty
                ? terminal.language.text(ReportMove(view: view, actor: actor, settings: people.settings).possible)
                : terminal.word(StepWord.list(steps)))
    }

    /// The sections between the fields and the history.
    func printSections() {
        let steps = state.countedSteps
        if !steps.isEmpty {
            section(.steps)
            for step in steps {
                terminal.print(
                    "  " + LocalTime(step.effective).text + "  "
                        + terminal.word(people.settings.stateMessage(.report, step.state)) + " – "
                        + SafeText.line(people.name(step.dot.device)))
            }
        }
        let proposals = state.openProposals
        if !proposals.isEmpty {
            section(.proposalsOpen)
            for entry in proposals {
                terminal.print("  " + SafeText.line(people.name(entry.dot.device)) + ": " + SafeText.line(text(entry)))
            }
        }
        guard !duplicates.isEmpty else { return }
        section(.duplicatesHere)
        for item in duplicates {
            terminal.print("  " + ShortID.text(item.row.id) + "  " + SafeText.line(item.row.listing.title))
        }
        line(.followersHere, String(followerCount))
    }

    private func section(_ say: OfficerSay) {
        terminal.print("")
        terminal.print(terminal.styled(terminal.say(say), .bold))
    }

    private func line(_ label: OfficerSay, _ text: String) {
        terminal.print(terminal.styled(terminal.say(label) + ":", .dim) + " " + text)
    }

    private func text(_ entry: Entry) -> String {
        guard let value = try? CBORValue(decoding: entry.value) else { return "" }
        guard case .array = value, let spec = Schema.field(.report, ReportField.proposals) else {
            return SafeText.line(value.string ?? "")
        }
        return people.values.text(value, spec, .report)
    }

    // MARK: For programs

    func write(to json: inout JSONWriter) {
        json.member("question_open", openQuestion != nil && state.answer == nil)
        json.member("answered", state.answer != nil)
        json.member("proposals_open", state.openProposals.count)
        json.member("next", nextSteps.map { WorkflowRules.name(.report, $0) })
        json.member("followers", followerCount)
        json.array("steps") { json in
            for step in state.countedSteps {
                json.object { json in
                    json.member("state", WorkflowRules.name(.report, step.state))
                    json.member("time", LocalTime(step.effective).iso8601)
                    json.member("who", people.programName(step.dot.device))
                }
            }
        }
        json.array("duplicates") { json in
            for item in duplicates {
                json.object { json in
                    json.member("id", item.row.id.hex)
                    json.member("short_id", ShortID.text(item.row.id))
                    json.member("title", item.row.listing.title)
                }
            }
        }
    }
}

extension CommandRun {
    /// `ward report show ID`
    func reportShow() throws(ErrorReport) -> ExitCode {
        let reader = try reader()
        let view = try document(reader, .report)
        let code = try attempt { () throws(ReplicaError) in try reader.lookupCode(of: view.id) }
        let people = try People(reader, self)
        let report = try ReportPage(view, reader, people, self)
        if terminal.isJSON {
            terminal.printJSON { json in
                DocumentJSON(view: view, people: people, terminal: terminal, code: code).write(to: &json) { json in
                    report.write(to: &json)
                }
            }
            return .ok
        }
        let page = DocumentPage(view: view, people: people, terminal: terminal, code: code)
        page.heading()
        report.printSummary()
        page.body(sections: report.printSections)
        return .ok
    }
}
