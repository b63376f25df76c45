// From the words of a command line to a command with its values.

/// Understands command lines by a program's table.
///
/// Options may stand anywhere after their command's name, the global ones anywhere: `--name VALUE`, `--name=VALUE`,
/// `-n VALUE`, `-nVALUE`, `-ab` for two flags; `--` ends them. A value that looks like an option must be written with
/// `=`, so that a forgotten value never swallows the next option. Words are taken into the command's path as long as
/// they lead to one; `-5` and `-` alone are values.
package struct CommandParser {
    private let program: ProgramSpec
    private let environment: EnvironmentLookup

    /// A parser for a program; the environment stands in for options whose spec names a variable.
    package init(_ program: ProgramSpec, environment: @escaping EnvironmentLookup = Environment.value) {
        self.program = program
        self.environment = environment
    }

    /// Understands the words after the program's name. `--help` and `--version` win over errors, except over an
    /// unknown command; the first error is thrown, with all global options that the line holds.
    package func parse(_ arguments: [String]) throws(UsageError) -> ParsedCommand {
        var scan = CommandLineScan(program)
        scan.read(arguments[...])
        scan.takeHome(from: environment)
        if scan.wantsVersion { return scan.parsed(.version) }
        if case .unknownCommand = scan.failure { throw scan.error }
        if scan.wantsHelp { return scan.parsed(.help(scan.path)) }
        guard let command = scan.command else {
            if scan.failure != nil { throw scan.error }
            return scan.parsed(.help(scan.path))
        }
        scan.complete(command, environment)
        guard scan.failure == nil else { throw scan.error }
        return scan.parsed(command.run == ShellCommand.help.rawValue ? .help(try scan.explained()) : .run(command))
    }
}

/// The state of reading one command line.
struct CommandLineScan {
    private let program: ProgramSpec
    private let globalSpecs: [OptionSpec]
    private(set) var path: [String] = []
    private(set) var command: CommandSpec?
    private(set) var wantsHelp = false
    private(set) var wantsVersion = false
    /// The first thing that was wrong.
    private(set) var failure: UsageError.Kind?
    private var globals = GlobalOptions()
    private var values: [OptionValue] = []
    private var arguments: [String] = []
    /// Whether words no longer extend the path: an option of the command, an argument or `--` came before.
    private var pathIsClosed = false

    init(_ program: ProgramSpec) {
        self.program = program
        globalSpecs = GlobalOptions.specs(homeVariable: program.homeVariable)
    }

    func parsed(_ request: ParsedCommand.Request) -> ParsedCommand {
        ParsedCommand(request: request, globals: globals, arguments: arguments, values: values)
    }

    /// What `help` is asked to explain: the path of a command, or the name of a topic.
    func explained() throws(UsageError) -> [String] {
        if arguments.isEmpty || program.leadsSomewhere(arguments) { return arguments }
        if let topic = program.topic(arguments) { return [topic.name] }
        throw UsageError(
            kind: .unknownTopic(given: arguments.joined(separator: " "), nearest: program.nearestTopic(arguments)),
            helpCommand: program.name + " help", globals: globals)
    }

    var error: UsageError {
        let words = failureIsCommand ? [program.name, "--help"] : [program.name] + path + ["--help"]
        return UsageError(
            kind: failure ?? .unexpectedArgument(""), helpCommand: words.joined(separator: " "), globals: globals)
    }

    private var failureIsCommand: Bool {
        if case .unknownCommand = failure { return path.isEmpty }
        return false
    }

    private mutating func fail(_ kind: UsageError.Kind) { if failure == nil { failure = kind } }

    // MARK: Reading

    mutating func read(_ words: ArraySlice<String>) {
        var rest = words
        while let word = rest.popFirst() {
            if word == "--" {
                pathIsClosed = true
                for word in rest { readWord(word) }
                return
            }
            if word.utf8.starts(with: "--".utf8) {
                readLong(word, &rest)
            } else if isShort(word) {
                readShort(word, &rest)
            } else {
                readWord(word)
            }
        }
    }

    private mutating func readWord(_ word: String) {
        if !pathIsClosed, program.leadsSomewhere(path + [word]) {
            path.append(word)
            command = program.command(path)
        } else if command != nil {
            pathIsClosed = true
            arguments.append(word)
        } else {
            let nearest = Suggestion.nearest(to: word, among: program.words(after: path))
            fail(
                .unknownCommand(
                    given: (path + [word]).joined(separator: " "),
                    nearest: nearest.map { (path + [$0]).joined(separator: " ") }))
        }
    }

    private mutating func readLong(_ word: String, _ rest: inout ArraySlice<String>) {
        let body = word.utf8.dropFirst(2)
        let equals = body.firstIndex(of: UInt8(ascii: "="))
        let name = String(decoding: equals.map { body[..<$0] } ?? body, as: UTF8.self)
        let attached = equals.map { String(decoding: body[$0...].dropFirst(), as: UTF8.self) }
        guard let spec = specs.first(where: { $0.name == name }) else { return failUnknown("--" + name, name) }
        guard spec.value != nil else {
            if attached != nil { return fail(.unexpectedValue(option: "--" + name)) }
            return store(spec, "")
        }
        if let value = attached ?? takeValue(&rest) {
            store(spec, value)
        } else {
            fail(.missingValue(option: "--" + name))
        }
    }

    private mutating func readShort(_ word: String, _ rest: inout ArraySlice<String>) {
        var letters = word.dropFirst()
        // `-title` is a slip for `--title`, not `-t` with the value "itle", which would be saved unnoticed.
        if letters.count > 1, specs.contains(where: { $0.name == String(letters) }) {
            return fail(.unknownOption(given: word, nearest: "--" + letters))
        }
        while let letter = letters.popFirst() {
            guard let spec = specs.first(where: { $0.short == letter }) else {
                return failUnknown("-" + String(letter), String(word.dropFirst()))
            }
            if spec.value == nil {
                store(spec, "")
                continue
            }
            if !letters.isEmpty { return store(spec, String(letters)) }
            if let value = takeValue(&rest) { return store(spec, value) }
            return fail(.missingValue(option: "-" + String(letter)))
        }
    }

    private var specs: [OptionSpec] { (command?.options ?? []) + globalSpecs }

    private mutating func failUnknown(_ given: String, _ name: String) {
        let nearest = Suggestion.nearest(to: name, among: specs.map(\.name))
        fail(.unknownOption(given: given, nearest: nearest.map { "--" + $0 }))
    }

    /// Whether a word is one or more one-letter options, and not `-` or a negative number.
    private func isShort(_ word: String) -> Bool {
        let bytes = word.utf8
        guard bytes.count > 1, bytes.first == UInt8(ascii: "-"), let second = word.dropFirst().first else {
            return false
        }
        return !second.isNumber || specs.contains { $0.short == second }
    }

    /// The next word as a value, unless it is an option itself.
    private func takeValue(_ rest: inout ArraySlice<String>) -> String? {
        guard let next = rest.first, !next.utf8.starts(with: "--".utf8) else { return nil }
        if isShort(next), let letter = next.dropFirst().first, specs.contains(where: { $0.short == letter }) {
            return nil
        }
        return rest.popFirst()
    }

    // MARK: Values

    private mutating func store(_ spec: OptionSpec, _ value: String) {
        check(value, spec.value, .verbatim("--" + spec.name))
        if let command, command.options.contains(where: { $0.name == spec.name }) {
            pathIsClosed = true
            if !spec.repeats, values.contains(where: { $0.name == spec.name }) {
                return fail(.repeatedOption("--" + spec.name))
            }
            values.append(OptionValue(name: spec.name, text: value))
            return
        }
        switch spec.name {
        case "home": globals.home = value
        case "lang": globals.language = Language(rawValue: value)
        case "json": globals.json = true
        case "no-color": globals.noColor = true
        case "quiet": globals.quiet = true
        case "help": wantsHelp = true
        case "version": wantsVersion = true
        default: break
        }
    }

    private mutating func check(_ value: String, _ kind: ValueKind?, _ name: Message, variable: String? = nil) {
        if let kind, !kind.accepts(value) {
            fail(.badValue(option: name, given: value, expected: kind, variable: variable))
        }
    }

    mutating func takeHome(from environment: EnvironmentLookup) {
        if globals.home == nil, let home = environment(program.homeVariable), !home.isEmpty { globals.home = home }
    }

    /// Checks the arguments, and fills options that were not given from the environment.
    mutating func complete(_ command: CommandSpec, _ environment: EnvironmentLookup) {
        for (index, argument) in arguments.enumerated() {
            let last = command.arguments.last
            let spec = index < command.arguments.count ? command.arguments[index] : last?.repeats == true ? last : nil
            guard let spec else {
                fail(.unexpectedArgument(argument))
                break
            }
            check(argument, spec.kind, spec.label)
        }
        if let missing = command.arguments.dropFirst(arguments.count).first, missing.isRequired {
            fail(.missingArgument(missing.label))
        }
        for spec in command.options where spec.value != nil && !values.contains(where: { $0.name == spec.name }) {
            if let variable = spec.environment, let value = environment(variable), !value.isEmpty {
                check(value, spec.value, .verbatim("--" + spec.name), variable: variable)
                values.append(OptionValue(name: spec.name, text: value))
            } else if spec.isRequired {
                fail(.missingOption("--" + spec.name))
            }
        }
    }
}
