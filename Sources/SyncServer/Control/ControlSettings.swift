// Control operations on the ward's configuration.
import SyncKit

extension ControlTable {
    /// Every list: its lines in force, where they come from, and what could not be read.
    func settings() throws(ControlFailure) -> CBORValue {
        let found = try inCore { core throws(StoreError) in try core.configuredSettings() }
        let topics = SettingsTopic.allCases.map { topic in
            let source = found.sources[topic]
            return CBORValue.object([
                "topic": .text(topic.rawValue), "lines": .array(topic.lines(of: found.settings).map { .text($0) }),
                "standard": .bool(source?.text == nil),
                "changed": .optional(source.map { LocalTime($0.changed).iso8601 }),
            ])
        }
        return .object(["topics": .array(topics), "problems": .array(found.problems.map(Self.value))])
    }

    /// Sets a list; with a bad line in it nothing changes.
    func configure(_ topic: SettingsTopic, _ text: String?) throws(ControlFailure) -> CBORValue {
        let result = try inCore { core throws(StoreError) in
            let outcome = try core.configure(topic, text: text)
            return (outcome: outcome, lines: topic.lines(of: try core.settings()).count)
        }
        var isChanged = false
        var problems: [SettingsProblem] = []
        switch result.outcome {
        case .success(let changed): isChanged = changed
        case .failure(let refusal): problems = refusal.problems
        }
        return .object([
            "topic": .text(topic.rawValue), "changed": .bool(isChanged), "lines": .count(result.lines),
            "problems": .array(problems.map(Self.value)),
        ])
    }

    private static func value(_ problem: SettingsProblem) -> CBORValue {
        .object([
            "topic": .text(problem.topic.rawValue), "line": .count(problem.line),
            "reason": .text(problem.reason.rawValue),
        ])
    }
}
