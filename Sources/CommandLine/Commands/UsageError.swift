// What was wrong with a command line, and how to say it.

/// A command line that was not understood. Nothing has been done when it is thrown.
package struct UsageError: Error, Sendable, Equatable {
    /// What was wrong.
    package enum Kind: Sendable, Equatable {
        /// No such command; the nearest is the whole path, such as `report new`.
        case unknownCommand(given: String, nearest: String?)
        /// `help` knows no such topic; the nearest is the name of one, or a command's first word.
        case unknownTopic(given: String, nearest: String?)
        /// No such option here; names carry their dashes.
        case unknownOption(given: String, nearest: String?)
        /// An option stands without its value.
        case missingValue(option: String)
        /// A required argument is missing.
        case missingArgument(Message)
        /// A required option is missing.
        case missingOption(String)
        /// More arguments than the command takes.
        case unexpectedArgument(String)
        /// A flag was given a value.
        case unexpectedValue(option: String)
        /// An option that may be given once was given again.
        case repeatedOption(String)
        /// A value that its option does not take; `variable` says where it came from if not from the command line.
        case badValue(option: Message, given: String, expected: ValueKind, variable: String? = nil)
    }

    /// What was wrong.
    package let kind: Kind
    /// What to type for help, such as `ward report new --help`.
    package let helpCommand: String
    /// The global options as far as they were understood, so that the error is printed as the person asked.
    package let globals: GlobalOptions

    /// A stable word for programs.
    package var code: String {
        switch kind {
        case .unknownCommand: "usage.unknown-command"
        case .unknownTopic: "usage.unknown-topic"
        case .unknownOption: "usage.unknown-option"
        case .missingValue: "usage.missing-value"
        case .missingArgument: "usage.missing-argument"
        case .missingOption: "usage.missing-option"
        case .unexpectedArgument: "usage.unexpected-argument"
        case .unexpectedValue: "usage.unexpected-value"
        case .repeatedOption: "usage.repeated-option"
        case .badValue: "usage.bad-value"
        }
    }

    /// What was wrong, in words, with what was probably meant.
    package func text(in language: Language) -> String {
        switch kind {
        case .unknownCommand(let given, let nearest):
            return join(language, .unknownCommand, given, nearest)
        case .unknownTopic(let given, let nearest):
            return join(language, .unknownTopic, given, nearest)
        case .unknownOption(let given, let nearest):
            return join(language, .unknownOption, given, nearest)
        case .missingValue(let option): return language.text(Wording.missingValue.message, option)
        case .missingArgument(let label): return language.text(Wording.missingArgument.message, language.text(label))
        case .missingOption(let option): return language.text(Wording.missingOption.message, option)
        case .unexpectedArgument(let given):
            return language.text(Wording.unexpectedArgument.message, Self.shortened(given))
        case .unexpectedValue(let option): return language.text(Wording.unexpectedValue.message, option)
        case .repeatedOption(let option): return language.text(Wording.repeatedOption.message, option)
        case .badValue(let option, let given, let expected, let variable):
            var name = language.text(option)
            if let variable { name = language.text(Wording.environmentSource.message, name, variable) }
            return language.text(Wording.badValue.message, name, Self.shortened(given), expected.text(in: language))
        }
    }

    /// The error as a report: nothing was changed, and how to get help.
    package func report(in language: Language) -> ErrorReport {
        ErrorReport(
            .usage, code: code, happened: Phrase(.verbatim(text(in: language))), loss: .nothingChanged,
            next: Wording.seeHelp.message.with(helpCommand))
    }

    private func join(_ language: Language, _ wording: Wording, _ given: String, _ nearest: String?) -> String {
        let what = language.text(wording.message, Self.shortened(given))
        return nearest.map { what + " " + language.text(Wording.perhaps.message, $0) } ?? what
    }

    /// What was typed, at most 60 columns of it.
    private static func shortened(_ given: String) -> String { DisplayWidth.truncating(SafeText.line(given), to: 60) }
}

extension ValueKind {
    /// What the value may be, in words.
    func text(in language: Language) -> String {
        switch self {
        case .text(let maximum): language.text(Wording.expectedText.message, String(maximum))
        case .integer(let range):
            language.text(Wording.expectedInteger.message, String(range.lowerBound), String(range.upperBound))
        case .file: language.text(Wording.expectedFile.message)
        case .choice(let words): language.text(Wording.expectedChoice.message, words.joined(separator: ", "))
        }
    }

    /// Whether a value is of this kind.
    func accepts(_ value: String) -> Bool {
        switch self {
        case .text(let maximum): value.utf8.count <= maximum
        case .integer(let range): Int64(value).map(range.contains) ?? false
        case .file: !value.isEmpty && value.utf8.count <= 4096
        case .choice(let words): words.contains { $0.utf8.elementsEqual(value.utf8) }
        }
    }
}
