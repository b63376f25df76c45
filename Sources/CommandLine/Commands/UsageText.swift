// How a command and its options are written in help and manual pages.

extension Language {
    /// One line: the command's name, its arguments, its required options.
    func usage(of command: CommandSpec, _ name: String) -> String {
        var parts = [name]
        for argument in command.arguments {
            let label = bracketed(argument.label) + (argument.repeats ? "…" : "")
            parts.append(argument.isRequired ? label : "[\(label)]")
        }
        for option in command.options where option.isRequired {
            parts.append("--\(option.name) \(placeholder(option))")
        }
        if command.options.contains(where: { !$0.isRequired }) {
            parts.append("[\(text(Wording.optionsPlaceholder.message))]")
        }
        return parts.joined(separator: " ")
    }

    /// What stands for an option's value.
    func placeholder(_ option: OptionSpec) -> String {
        if let label = option.label { return bracketed(label) }
        switch option.value {
        case .integer: return bracketed(Wording.numberPlaceholder.message)
        case .file: return bracketed(Wording.filePlaceholder.message)
        case .choice(let words): return words.joined(separator: "|")
        case .text, nil: return bracketed(Wording.valuePlaceholder.message)
        }
    }

    /// What follows an option's line in brackets.
    func notes(_ option: OptionSpec) -> [Phrase] {
        var notes: [Phrase] = []
        if option.isRequired { notes.append(Phrase(Wording.optionRequired.message)) }
        if option.repeats, option.value != nil { notes.append(Phrase(Wording.optionRepeats.message)) }
        if let variable = option.environment { notes.append(Wording.optionEnvironment.message.with(variable)) }
        return notes
    }

    /// A line about something, with its notes in brackets.
    func line(_ summary: Phrase, _ notes: [Phrase]) -> String {
        notes.isEmpty ? text(summary) : text(summary) + " (" + notes.map { text($0) }.joined(separator: "; ") + ")"
    }

    func bracketed(_ label: Message) -> String { "<" + text(label) + ">" }
}

extension ValueKind {
    /// A note with the choices, for help.
    var choices: [Phrase] {
        guard case .choice(let words) = self else { return [] }
        return [Wording.optionChoices.message.with(words.joined(separator: ", "))]
    }
}
