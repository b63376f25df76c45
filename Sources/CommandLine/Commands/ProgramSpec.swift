// A program: its commands in groups, and the checks that its table is sound.

/// A whole program as plain data.
package struct ProgramSpec: Sendable {
    /// What it is called on the command line.
    package let name: String
    /// Its version, for `--version`.
    package let version: String
    /// One line about it.
    package let summary: Message
    /// The environment variable that stands in for `--home`.
    package let homeVariable: String
    /// The commands, in the groups and the order of the overview.
    package let groups: [CommandGroup]
    /// What `help` explains beside the commands.
    package let topics: [HelpTopic]
    /// The values that completion offers from the program's data.
    package let lists: ValueLists

    /// A program from its parts; help, completion and manual pages come on top as a last group.
    package init(
        name: String, version: String, summary: Message, homeVariable: String, groups: [CommandGroup],
        topics: [HelpTopic] = [], lists: ValueLists = .none
    ) {
        self.name = name
        self.version = version
        self.summary = summary
        self.homeVariable = homeVariable
        self.groups = groups + [ShellCommand.group(of: name)]
        self.topics = topics + [.exitCodes]
        self.lists = lists
    }
}

/// Commands that the overview shows together.
package struct CommandGroup: Sendable {
    /// The heading.
    package let title: Message
    /// The words that lead to several commands.
    package let topics: [TopicSpec]
    /// The commands.
    package let commands: [CommandSpec]

    /// A group from its parts.
    package init(_ title: Message, topics: [TopicSpec] = [], commands: [CommandSpec]) {
        self.title = title
        self.topics = topics
        self.commands = commands
    }
}

/// A word that several commands begin with, such as `report`; given alone it prints them.
package struct TopicSpec: Sendable {
    /// The words, such as `["report"]`.
    package let path: [String]
    /// One line about it.
    package let summary: Message

    /// A topic from its parts.
    package init(_ path: [String], summary: Message) {
        self.path = path
        self.summary = summary
    }
}

extension ProgramSpec {
    /// The command with exactly this path.
    package func command(_ path: [String]) -> CommandSpec? {
        for group in groups {
            if let found = group.commands.first(where: { $0.path == path }) { return found }
        }
        return nil
    }

    /// Whether a command's path begins with these words, or is them.
    func leadsSomewhere(_ path: [String]) -> Bool {
        groups.contains { group in group.commands.contains { $0.path.starts(with: path) } }
    }

    /// The words that can follow a path, each once, in table order.
    func words(after path: [String]) -> [String] {
        var words: [String] = []
        for group in groups {
            for command in group.commands where command.path.count > path.count && command.path.starts(with: path) {
                let word = command.path[path.count]
                if !words.contains(word) { words.append(word) }
            }
        }
        return words
    }

    /// The line about a path: the topic's, else the command's.
    func summary(of path: [String]) -> Message? {
        for group in groups {
            if let topic = group.topics.first(where: { $0.path == path }) { return topic.summary }
        }
        return command(path)?.summary
    }

    /// What is wrong with the table, for a test of each program: names that clash, topics without a line, arguments
    /// that can never be filled, texts in one language only. Empty when it is sound.
    package func flaws() -> [String] {
        var flaws: [String] = []
        var seen: [[String]] = []
        let globals = GlobalOptions.specs(homeVariable: homeVariable)
        for command in groups.flatMap(\.commands) {
            let name = command.path.joined(separator: " ")
            if command.path.isEmpty || seen.contains(command.path) {
                flaws.append("\(name): path is empty or used twice")
            }
            seen.append(command.path)
            for length in 1..<max(1, command.path.count)
            where summary(of: Array(command.path.prefix(length))) == nil {
                flaws.append("\(name): no topic for \(command.path.prefix(length).joined(separator: " "))")
            }
            let options = command.options + globals
            if Set(options.map(\.name)).count != options.count { flaws.append("\(name): option name used twice") }
            let shorts = options.compactMap(\.short)
            if Set(shorts).count != shorts.count { flaws.append("\(name): one-letter option used twice") }
            if command.arguments.dropLast().contains(where: \.repeats) {
                flaws.append("\(name): repeats in the middle")
            }
            let required = command.arguments.map(\.isRequired)
            if required != required.sorted(by: { $0 && !$1 }) { flaws.append("\(name): required after optional") }
            let texts =
                [command.summary, command.details].compactMap { $0 } + command.examples.map(\.explanation)
                + command.arguments.flatMap { [$0.label, $0.summary] }
                + command.options.flatMap { [$0.label, $0.summary].compactMap { $0 } }
            if texts.contains(where: { $0.vi.isEmpty || $0.en.isEmpty }) { flaws.append("\(name): a text is missing") }
        }
        for topic in topics {
            if topic.names.isEmpty || !topic.names.joined().utf8.allSatisfy({ $0 == 0x2D || (0x61...0x7A) ~= $0 }) {
                flaws.append("\(topic.name): a topic's name is lower case ASCII and dashes")
            }
        }
        let names = topics.flatMap(\.names)
        if Set(names).count != names.count { flaws.append("two topics have the same name") }
        let runs = groups.flatMap(\.commands).map(\.run)
        if Set(runs).count != runs.count { flaws.append("two commands run the same thing") }
        return flaws
    }
}
