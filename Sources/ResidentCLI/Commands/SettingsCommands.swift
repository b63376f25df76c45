// The ward's configuration: see it, set a list, take the standard one back.

import CommandLineKit
import SyncKit

extension CommandRun {
    /// `ward settings list`
    func settingsList() throws(ErrorReport) -> ExitCode {
        let reader = try reader()
        let found = try attempt { () throws(ReplicaError) in try reader.configuredSettings() }
        if terminal.isJSON {
            terminal.printJSON { json in
                json.object { json in
                    json.array("items") { json in
                        for topic in SettingsTopic.allCases {
                            json.object { json in
                                json.member("topic", topic.rawValue)
                                json.member("lines", topic.lines(of: found.settings).count)
                                let source = found.sources[topic]
                                json.member("standard", source?.text == nil)
                                json.member("changed", source.map { LocalTime($0.changed).iso8601 })
                            }
                        }
                    }
                    Self.write(found.problems, to: &json)
                }
            }
            return .ok
        }
        var table = Table([
            Table.Column(SettingsSay.topic.message), Table.Column(SettingsSay.about.message),
            Table.Column(SettingsSay.entries.message, right: true), Table.Column(SettingsSay.source.message),
        ])
        for topic in SettingsTopic.allCases {
            let source = found.sources[topic].flatMap { $0.text == nil ? nil : $0 }
            table.addRow([
                topic.rawValue, terminal.word(topic.title.message), String(topic.lines(of: found.settings).count),
                source.map { terminal.text(SettingsSay.ofWard.message, LocalTime($0.changed).dateText) }
                    ?? terminal.word(SettingsSay.standardList.message),
            ])
        }
        terminal.print(table)
        warn(of: found.problems)
        return .ok
    }

    /// `ward settings show TOPIC`
    func settingsShow() throws(ErrorReport) -> ExitCode {
        guard let topic = parsed.argument(0).flatMap(SettingsTopic.init(rawValue:)) else { return .usage }
        let reader = try reader()
        let found = try attempt { () throws(ReplicaError) in try reader.configuredSettings() }
        let lines = topic.lines(of: found.settings)
        let problems = found.problems.filter { $0.topic == topic }
        if terminal.isJSON {
            terminal.printJSON { json in
                json.object { json in
                    json.member("topic", topic.rawValue)
                    json.member("standard", found.sources[topic]?.text == nil)
                    json.member("lines", lines)
                    Self.write(problems, to: &json)
                }
            }
            return .ok
        }
        for line in lines { terminal.print(SafeText.line(line)) }
        warn(of: problems)
        return .ok
    }

    /// `ward settings set TOPIC FILE`
    func settingsSet() throws(ErrorReport) -> ExitCode {
        guard let topic = parsed.argument(0).flatMap(SettingsTopic.init(rawValue:)) else { return .usage }
        let file = parsed.argument(1) ?? "-"
        guard let typed = BoundedFile.read(file) else {
            throw ErrorReport(
                .inputOutput, code: "file.unreadable", happened: FaultWord.fileUnreadable.with(file),
                loss: .nothingChanged, next: FaultWord.fileUnreadableNext.with())
        }
        let text = TextNormalization.nfc(typed)
        let problems = WardSettings.problems(of: text, topic)
        guard problems.isEmpty else {
            if !terminal.isJSON { for problem in problems { terminal.writeError(line(problem) + "\n") } }
            let named = problems.map { String($0.line) }.joined(separator: ", ")
            throw ErrorReport(
                .refused, code: "settings.bad-lines",
                happened: Phrase(SettingsSay.refused.message, [topic.rawValue, named]), loss: .nothingChanged,
                next: Phrase(SettingsSay.refusedNext.message))
        }
        return try configure(topic, text: text)
    }

    /// `ward settings reset TOPIC`
    func settingsReset() throws(ErrorReport) -> ExitCode {
        guard let topic = parsed.argument(0).flatMap(SettingsTopic.init(rawValue:)) else { return .usage }
        return try configure(topic, text: nil)
    }

    private func configure(_ topic: SettingsTopic, text: String?) throws(ErrorReport) -> ExitCode {
        let replica = try replica()
        let found = try attempt { () throws(ReplicaError) in try replica.configuredSettings() }
        let draft = found.draft(topic, text: text)
        if let draft { _ = try attempt { () throws(ReplicaError) in try replica.commit(draft) } }
        let settings = try attempt { () throws(ReplicaError) in try replica.settings() }
        let count = topic.lines(of: settings).count
        if terminal.isJSON {
            terminal.printJSON { json in
                json.object { json in
                    json.member("topic", topic.rawValue)
                    json.member("changed", draft != nil)
                    json.member("lines", count)
                }
            }
        } else if draft == nil {
            terminal.print(SettingsSay.unchanged.message, topic.rawValue)
        } else {
            let say = text == nil ? SettingsSay.resetDone : .setDone
            terminal.print(say.message, topic.rawValue, String(count))
            terminal.remark(Say.savedWaiting.message)
        }
        return .ok
    }

    private func line(_ problem: SettingsProblem) -> String {
        let say = problem.line == 0 ? SettingsSay.badList : .badLine
        return terminal.text(say.message, String(problem.line), terminal.word(problem.reason.words.message))
    }

    private func warn(of problems: [SettingsProblem]) {
        for problem in problems {
            terminal.warn(
                SettingsSay.problemsHere.message, problem.topic.rawValue, String(problem.line),
                terminal.word(problem.reason.words.message))
        }
    }

    private static func write(_ problems: [SettingsProblem], to json: inout JSONWriter) {
        json.array("problems") { json in
            for problem in problems {
                json.object { json in
                    json.member("topic", problem.topic.rawValue)
                    json.member("line", problem.line)
                    json.member("reason", problem.reason.rawValue)
                }
            }
        }
    }
}
