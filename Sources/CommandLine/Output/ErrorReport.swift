// How an error is told: what happened, whether anything was lost, what to do next.

/// An error for a person, in three parts; every failing command prints exactly one.
package struct ErrorReport: Error, Sendable, Equatable {
    /// What the error means for the person's data.
    package enum Loss: Sendable, Equatable {
        /// No data was lost.
        case nothing
        /// The command stopped before it saved or changed anything.
        case nothingChanged
        /// No data was lost, with what is to be said about it.
        case nothingBut(Phrase)
        /// Something was lost; the phrase says what.
        case some(Phrase)
    }

    /// The code that the program exits with.
    package let exit: ExitCode
    /// A stable word for programs, such as `report.not-found`.
    package let code: String
    /// What happened.
    package let happened: Phrase
    /// Whether anything was lost.
    package let loss: Loss
    /// What the person can do now.
    package let next: Phrase

    /// A report from its parts; without a code the exit code's name stands for it.
    package init(_ exit: ExitCode, code: String? = nil, happened: Phrase, loss: Loss = .nothing, next: Phrase) {
        self.exit = exit
        self.code = code ?? exit.name
        self.happened = happened
        self.loss = loss
        self.next = next
    }

    /// When a command needed to ask and could not: names the option to give instead, such as `--title`.
    package static func cannotAsk(option: String, helpCommand: String) -> ErrorReport {
        ErrorReport(
            .usage, code: "usage.missing-option", happened: Wording.needsOption.message.with(option),
            loss: .nothingChanged, next: Wording.seeHelp.message.with(helpCommand))
    }

    private var lossPhrase: Phrase {
        switch loss {
        case .nothing: Phrase(Wording.nothingLost.message)
        case .nothingChanged: Phrase(Wording.nothingChanged.message)
        case .nothingBut(let phrase), .some(let phrase): phrase
        }
    }

    /// Three lines for a person.
    package func text(in language: Language, usesColor: Bool) -> String {
        func line(_ label: Wording, _ style: Style, _ phrase: Phrase) -> String {
            let label = language.text(label.message) + ":"
            return (usesColor ? style.wrapping(label) : label) + " " + language.text(phrase) + "\n"
        }
        return line(.errorLabel, .red, happened) + line(.lossLabel, .bold, lossPhrase) + line(.nextLabel, .bold, next)
    }

    /// One JSON object for a program: `{"error":{"code","exit","message","lost","loss","next"}}`.
    package func write(to json: inout JSONWriter, language: Language) {
        json.object { json in
            json.object("error") { json in
                json.member("code", code)
                json.member("exit", Int64(exit.rawValue))
                json.member("message", language.text(happened))
                if case .some = loss { json.member("lost", true) } else { json.member("lost", false) }
                json.member("loss", language.text(lossPhrase))
                json.member("next", language.text(next))
            }
        }
    }
}

extension Terminal {
    /// Prints an error and gives its exit code.
    ///
    /// Without `--json` on standard error, after what was printed. With `--json` on **standard output**, where the
    /// program that asked for JSON reads its answer, in place of what is not written yet of the result.
    package func report(_ error: ErrorReport) -> ExitCode {
        if isJSON {
            out.discard()
            printJSON { error.write(to: &$0, language: language) }
        } else {
            writeError(error.text(in: language, usesColor: errUsesColor))
        }
        return error.exit
    }
}
