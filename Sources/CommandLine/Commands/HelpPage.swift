// The help of a program, a topic and a command, derived from the table.

/// Writes help pages. They are wrapped to the terminal's width, at most 100 columns.
package struct HelpPage {
    private let program: ProgramSpec
    private let language: Language
    private let columns: Int
    private let usesColor: Bool
    private var text = ""

    /// A page for a terminal of so many columns.
    package init(_ program: ProgramSpec, language: Language, columns: Int = 80, usesColor: Bool = false) {
        self.program = program
        self.language = language
        self.columns = min(max(columns, 40), 100)
        self.usesColor = usesColor
    }

    /// The page of a command, of a topic, or for the empty path the overview.
    package func text(for path: [String]) -> String {
        var page = self
        let topic = path.count == 1 ? program.topic(path) : nil
        if let command = program.command(path) {
            page.add(command)
        } else if topic == nil || program.leadsSomewhere(path) {
            page.addList(path)
        }
        if let topic {
            if !page.text.isEmpty { page.line("") }
            page.add(topic)
        }
        return page.text
    }

    private mutating func add(_ command: CommandSpec) {
        let name = ([program.name] + command.path).joined(separator: " ")
        title(name, command.summary)
        heading(.usage)
        line("  " + language.usage(of: command, name))
        if let details = command.details {
            line("")
            for detail in TextWrap.lines(language.text(details), columns: columns) { line(detail) }
        }
        let subcommands = program.words(after: command.path)
        if !subcommands.isEmpty {
            heading(.commands)
            entries(subcommands.map { ($0, program.summary(of: command.path + [$0])) })
        }
        if !command.arguments.isEmpty {
            heading(.arguments)
            entries(command.arguments.map { (bracketed($0.label), Phrase($0.summary), $0.kind.choices) })
        }
        if !command.options.isEmpty {
            heading(.options)
            options(command.options)
        }
        heading(.globalOptions)
        options(GlobalOptions.specs(homeVariable: program.homeVariable))
        if !command.examples.isEmpty {
            heading(.examples)
            for example in command.examples {
                line("  " + example.command)
                for detail in TextWrap.lines(language.text(example.explanation), columns: columns - 6) {
                    line("      " + detail)
                }
            }
        }
    }

    private mutating func add(_ topic: HelpTopic) {
        title(topic.name, topic.title)
        for paragraph in language.text(topic.text).split(separator: "\n", omittingEmptySubsequences: false) {
            if paragraph.hasPrefix("  ") {
                line(String(paragraph))
            } else {
                line("")
                for part in TextWrap.lines(String(paragraph), columns: columns) { line(part) }
            }
        }
    }

    /// The commands under a path, by group.
    private mutating func addList(_ path: [String]) {
        let name = ([program.name] + path).joined(separator: " ")
        title(name, path.isEmpty ? program.summary : program.summary(of: path) ?? program.summary)
        heading(.usage)
        line("  \(name) \(bracketed(Wording.commandPlaceholder.message)) [\(word(.optionsPlaceholder))]")
        let widest = program.words(after: path).map { DisplayWidth.of($0) }.max() ?? 0
        var shown: [String] = []
        for group in program.groups {
            var words: [String] = []
            for command in group.commands where command.path.count > path.count && command.path.starts(with: path) {
                let word = command.path[path.count]
                if !words.contains(word), !shown.contains(word) { words.append(word) }
            }
            if words.isEmpty { continue }
            shown += words
            line("")
            line(styled(language.text(path.isEmpty ? group.title : Wording.commands.message)))
            entries(words.map { ($0, program.summary(of: path + [$0])) }, atLeast: widest)
        }
        if path.isEmpty {
            heading(.topics)
            entries(program.topics.map { ($0.name, $0.title) }, atLeast: widest)
        }
        line("")
        let hint = "\(name) \(bracketed(Wording.commandPlaceholder.message)) --help"
        for part in TextWrap.lines(language.text(Wording.helpHint.message, hint), columns: columns) { line(part) }
        guard path.isEmpty else { return }
        line(language.text(Wording.topicHint.message, "\(name) help \(bracketed(Wording.topicPlaceholder.message))"))
    }

    private mutating func options(_ options: [OptionSpec]) {
        entries(
            options.map { option in
                let short = option.short.map { "-\($0), " } ?? "    "
                let name = short + "--" + option.name + (option.value == nil ? "" : " " + language.placeholder(option))
                return (name, Phrase(option.summary), language.notes(option))
            })
    }

    // MARK: Lines

    private mutating func entries(_ entries: [(String, Message?)], atLeast: Int = 0) {
        self.entries(entries.map { ($0.0, $0.1.map { Phrase($0) } ?? Phrase(.verbatim("")), []) }, atLeast: atLeast)
    }

    /// Two columns: names in at least so many columns, and lines about them with notes in brackets, wrapped.
    private mutating func entries(
        _ entries: [(name: String, summary: Phrase, notes: [Phrase])], atLeast: Int = 0
    ) {
        let widest = entries.map { DisplayWidth.of($0.name) }.reduce(atLeast, max)
        let indent = min(widest, 28) + 4
        for entry in entries {
            let summary = language.line(entry.summary, entry.notes)
            var details = TextWrap.lines(summary, columns: columns - indent)[...]
            if DisplayWidth.of(entry.name) + 4 > indent {
                line("  " + entry.name)
            } else {
                line(DisplayWidth.padding("  " + entry.name, to: indent) + (details.popFirst() ?? ""))
            }
            for detail in details { line(String(repeating: " ", count: indent) + detail) }
        }
    }

    private mutating func title(_ name: String, _ summary: Message) {
        for part in TextWrap.lines(name + " – " + language.text(summary), columns: columns) {
            line(part.hasPrefix(name) ? styled(name) + part.dropFirst(name.count) : part)
        }
    }

    private mutating func heading(_ wording: Wording) {
        line("")
        line(styled(word(wording)))
    }

    private mutating func line(_ line: String) { text += line + "\n" }
    private func styled(_ text: String) -> String { usesColor ? Style.bold.wrapping(text) : text }
    private func word(_ wording: Wording) -> String { language.text(wording.message) }
    private func bracketed(_ label: Message) -> String { language.bracketed(label) }
}
