// What fits where the cursor stands, as lines that the shells' own functions read.

/// Answers `__complete`: the words of a command line in, candidates out.
///
/// One line for each: the value, and after tabs what it is and another spelling of it. A line that begins with a colon
/// is a request to the shell: `:file` and `:directory` for names of its own. Nothing that is typed can make it fail,
/// and nothing of what others wrote gets out that a terminal would obey.
package struct Completion {
    /// The hidden command's name.
    package static let command = "__complete"
    /// The most columns that are said about a value.
    private static let aboutColumns = 60
    /// Longer lines than this are not completed.
    private static let mostWords = 1000

    private let program: ProgramSpec
    private let environment: EnvironmentLookup

    /// Completion for a program.
    package init(_ program: ProgramSpec, environment: @escaping EnvironmentLookup = Environment.value) {
        self.program = program
        self.environment = environment
    }

    /// The lines for a command line without the program's name; its last word is the one that is being typed.
    package func lines(for words: [String]) -> [String] {
        guard words.count <= Self.mostWords else { return [] }
        let typed = words.last ?? ""
        let scan = CompletionScan(program, before: words.dropLast())
        if let option = scan.pending { return values(of: option, scan, typed, lead: "") }
        if !scan.optionsEnded, typed.utf8.starts(with: "--".utf8),
            let equals = typed.utf8.firstIndex(of: UInt8(ascii: "="))
        {
            let lead = typed[...equals]
            guard let option = scan.option(named: String(lead.dropFirst(2).dropLast())), option.value != nil else {
                return []
            }
            return values(of: option, scan, String(typed[equals...].dropFirst()), lead: String(lead))
        }
        if !scan.optionsEnded, typed.utf8.first == UInt8(ascii: "-") {
            return lines(options(scan.options, scan, typed), lead: "")
        }
        return places(scan, typed)
    }

    /// The command's words, or what stands for an argument; where nothing else may follow, the command's options.
    private func places(_ scan: CompletionScan, _ typed: String) -> [String] {
        let language = language(scan)
        let words = scan.words.filter { $0.utf8.starts(with: typed.utf8) }.map { word in
            Candidate(word, about: program.summary(of: scan.path + [word]).map { language.text($0) } ?? "")
        }
        var lines = lines(words, lead: "")
        if let argument = scan.argument {
            lines += values(argument.kind, list: argument.completion, scan, typed, lead: "")
        } else if let command = scan.command, lines.isEmpty, !scan.optionsEnded {
            lines += self.lines(options(command.options, scan, typed), lead: "")
        }
        return lines
    }

    private func options(_ options: [OptionSpec], _ scan: CompletionScan, _ typed: String) -> [Candidate] {
        let language = language(scan)
        return options.filter { option in
            ("--" + option.name).utf8.starts(with: typed.utf8)
                && (!scan.given.contains(option.name) || option.repeats && option.value != nil)
        }.map { Candidate("--" + $0.name, about: language.text($0.summary)) }
    }

    private func values(of option: OptionSpec, _ scan: CompletionScan, _ typed: String, lead: String) -> [String] {
        if option.name == "home", scan.command?.options.contains(where: { $0.name == "home" }) != true {
            return [":directory"]
        }
        return values(option.value, list: option.completion ?? option.name, scan, typed, lead: lead)
    }

    private func values(
        _ kind: ValueKind?, list: String?, _ scan: CompletionScan, _ typed: String, lead: String
    ) -> [String] {
        if case .file = kind { return [":file"] }
        if list == HelpTopic.list { return lines(helpTopics(scan, typed), lead: lead) }
        var found: [Candidate] = []
        if let list {
            let variable = environment(program.homeVariable)
            let home = scan.home ?? variable.flatMap { $0.isEmpty ? nil : $0 }
            found = program.lists.candidates(
                ValueQuery(list: list, path: scan.path, typed: typed, home: home, language: language(scan)))
        }
        if case .choice(let words) = kind {
            found = found.filter { words.contains($0.value) }
            if found.isEmpty { found = words.filter { $0.utf8.starts(with: typed.utf8) }.map { Candidate($0) } }
        }
        return lines(found, lead: lead)
    }

    /// Topics and commands that `help` explains.
    private func helpTopics(_ scan: CompletionScan, _ typed: String) -> [Candidate] {
        let language = language(scan)
        var found: [Candidate] = []
        if scan.arguments.isEmpty {
            found = program.topics.filter { topic in
                topic.names.contains { $0.utf8.starts(with: program.lists.folding(typed).utf8) }
            }.map { Candidate($0.name, about: language.text($0.title)) }
        }
        found += program.words(after: scan.arguments).filter { $0.utf8.starts(with: typed.utf8) }.map { word in
            Candidate(word, about: program.summary(of: scan.arguments + [word]).map { language.text($0) } ?? "")
        }
        return found
    }

    private func language(_ scan: CompletionScan) -> Language {
        Language.choose(option: scan.language.flatMap { Language(rawValue: $0) }, environment: environment)
    }

    private func lines(_ candidates: [Candidate], lead: String) -> [String] {
        candidates.prefix(ValueLists.most).compactMap { candidate in
            let value = lead + candidate.value
            guard !candidate.value.isEmpty, value.utf8.first != UInt8(ascii: ":"),
                SafeText.line(value).utf8.elementsEqual(value.utf8)
            else { return nil }
            var line = value
            let about = DisplayWidth.truncating(SafeText.line(candidate.about), to: Self.aboutColumns)
            if !about.isEmpty {
                line += "\t" + about
                if let spoken = candidate.spoken { line += "\t" + lead + SafeText.line(spoken) }
            }
            return line
        }
    }
}
