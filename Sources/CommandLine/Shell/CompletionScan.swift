// Reading an unfinished command line: what may stand where the cursor is.

/// Reads the words before the cursor as the parser would, without complaining about any of them.
struct CompletionScan {
    private let program: ProgramSpec
    private let globals: [OptionSpec]
    /// The words of the command's name so far.
    private(set) var path: [String] = []
    private(set) var command: CommandSpec?
    private(set) var arguments: [String] = []
    /// The option whose value comes next.
    private(set) var pending: OptionSpec?
    /// Whether `--` came.
    private(set) var optionsEnded = false
    /// Names of the options that were given.
    private(set) var given: Set<String> = []
    private(set) var home: String?
    private(set) var language: String?
    private var pathIsClosed = false

    init(_ program: ProgramSpec, before words: ArraySlice<String>) {
        self.program = program
        globals = GlobalOptions.specs(homeVariable: program.homeVariable)
        for word in words { read(word) }
    }

    /// The options that may stand here: the command's, then the global ones.
    var options: [OptionSpec] { (command?.options ?? []) + globals }

    /// The words that may continue the command's name.
    var words: [String] { pathIsClosed || optionsEnded ? [] : program.words(after: path) }

    /// The argument that stands where the cursor is.
    var argument: ArgumentSpec? {
        guard let specs = command?.arguments else { return nil }
        if specs.indices.contains(arguments.count) { return specs[arguments.count] }
        return specs.last.flatMap { $0.repeats ? $0 : nil }
    }

    func option(named name: String) -> OptionSpec? { options.first { $0.name == name } }

    private mutating func read(_ word: String) {
        if let option = pending {
            pending = nil
            take(option, word)
        } else if optionsEnded {
            arguments.append(word)
        } else if word == "--" {
            optionsEnded = true
        } else if word.utf8.starts(with: "--".utf8) {
            readLong(word)
        } else if word.utf8.count > 1, word.utf8.first == UInt8(ascii: "-") {
            readShort(word)
        } else if !pathIsClosed, program.leadsSomewhere(path + [word]) {
            path.append(word)
            command = program.command(path)
        } else {
            pathIsClosed = true
            arguments.append(word)
        }
    }

    private mutating func readLong(_ word: String) {
        let body = word.utf8.dropFirst(2)
        let name = body.prefix { $0 != UInt8(ascii: "=") }
        guard let option = option(named: String(decoding: name, as: UTF8.self)) else { return }
        if option.value != nil, name.count == body.count {
            pending = option
        } else {
            take(option, String(decoding: body.dropFirst(name.count + 1), as: UTF8.self))
        }
    }

    private mutating func readShort(_ word: String) {
        var letters = word.dropFirst()
        while let letter = letters.popFirst() {
            guard let option = options.first(where: { $0.short == letter }) else { return }
            if option.value == nil {
                take(option, "")
            } else if letters.isEmpty {
                pending = option
            } else {
                return take(option, String(letters))
            }
        }
    }

    private mutating func take(_ option: OptionSpec, _ value: String) {
        given.insert(option.name)
        if command?.options.contains(where: { $0.name == option.name }) == true {
            pathIsClosed = true
        } else if option.name == "home" {
            home = value
        } else if option.name == "lang" {
            language = value
        }
    }
}
