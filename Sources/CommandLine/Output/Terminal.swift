// Everything that a command prints goes through here.

import Glibc

/// Standard output and standard error of one run, with its language and manner of output.
///
/// Results go to standard output, buffered; remarks, prompts and errors to standard error. Not for several threads.
package final class Terminal {
    /// The language of this run.
    package let language: Language
    /// `--json`: results as JSON, no remarks on standard output.
    package let isJSON: Bool
    /// `--quiet`: no remarks.
    package let isQuiet: Bool
    /// Standard output.
    package var out: OutputWriter
    /// Standard error; flushed by the methods that write to it.
    package var err: OutputWriter
    private let noColor: Bool
    private let environment: EnvironmentLookup

    /// A terminal for the given options. Ignores SIGPIPE for the whole process.
    ///
    /// Descriptors are given by tests only; whether they are terminals is asked when it is needed.
    package init(
        _ globals: GlobalOptions, environment: @escaping EnvironmentLookup = Environment.value,
        output: Int32 = STDOUT_FILENO, error: Int32 = STDERR_FILENO
    ) {
        signal(SIGPIPE, SIG_IGN)
        language = Language.choose(option: globals.language, environment: environment)
        isJSON = globals.json
        isQuiet = globals.quiet
        noColor = globals.noColor
        self.environment = environment
        out = OutputWriter(fileDescriptor: output)
        err = OutputWriter(fileDescriptor: error)
    }

    // MARK: What it is

    /// Whether standard output is a terminal.
    package private(set) lazy var outIsTerminal = isatty(out.fileDescriptor) == 1
    /// Whether standard error is a terminal.
    package private(set) lazy var errIsTerminal = isatty(err.fileDescriptor) == 1
    /// Whether standard output may have colour.
    package private(set) lazy var outUsesColor = Style.isAllowed(
        isTerminal: outIsTerminal, noColor: noColor, environment: environment)
    /// Whether standard error may have colour.
    package private(set) lazy var errUsesColor = Style.isAllowed(
        isTerminal: errIsTerminal, noColor: noColor, environment: environment)
    /// The columns of the terminal: as it says itself, else `COLUMNS`, else 80; from 20 to 1000.
    package private(set) lazy var columns = askedColumns()

    private func askedColumns() -> Int {
        var size = winsize()
        var columns = 0
        if ioctl(out.fileDescriptor, UInt(TIOCGWINSZ), &size) == 0 { columns = Int(size.ws_col) }
        if columns == 0 { columns = environment("COLUMNS").flatMap { Int($0) } ?? 0 }
        return columns <= 0 ? 80 : min(max(columns, 20), 1000)
    }

    // MARK: Printing

    /// The message in this run's language.
    package func text(_ message: Message, _ arguments: String...) -> String {
        language.text(Phrase(message, arguments))
    }

    /// The text in a style, if standard output may have colour.
    package func styled(_ text: String, _ style: Style) -> String { outUsesColor ? style.wrapping(text) : text }

    /// Prints a line of a result.
    package func print(_ line: String) { out.writeLine(line) }

    /// Prints a message as a line of a result.
    package func print(_ message: Message, _ arguments: String...) {
        out.writeLine(language.text(Phrase(message, arguments)))
    }

    /// Prints a table: fitted to the terminal's width, or in full when standard output is no terminal.
    package func print(_ table: Table) {
        table.write(to: &out, language: language, columns: outIsTerminal ? columns : nil, usesColor: outUsesColor)
    }

    /// Prints one JSON value and a line end. When the body throws, nothing of the value is printed.
    package func printJSON<Failure: Error>(_ body: (inout JSONWriter) throws(Failure) -> Void) throws(Failure) {
        var writer = JSONWriter()
        try body(&writer)
        out.bytes.append(contentsOf: writer.bytes)
        out.bytes.append(0x0A)
        out.flushIfLarge()
    }

    /// Prints a remark for a person, on standard output; not with `--quiet` or `--json`.
    package func remark(_ message: Message, _ arguments: String...) {
        if !isQuiet, !isJSON { out.writeLine(language.text(Phrase(message, arguments))) }
    }

    /// Prints a warning on standard error, also with `--quiet` and `--json`.
    package func warn(_ message: Message, _ arguments: String...) {
        let label = text(Wording.warningLabel.message) + ": "
        writeError(
            (errUsesColor ? Style.yellow.wrapping(label) : label) + language.text(Phrase(message, arguments)) + "\n")
    }

    /// Writes text to standard error at once, after what was printed before.
    package func writeError(_ text: String) {
        out.flush()
        err.write(text)
        err.flush()
    }

    // MARK: Ending

    /// Writes what is left, and gives the code to exit with: the command's own, or if that was ok and the output
    /// could not be written, what that means. A closed pipe is not worth a word; any other failure is reported.
    package func finish(_ code: ExitCode) -> ExitCode {
        out.flush()
        defer { err.flush() }
        switch out.failure {
        case nil: return code
        case .closed: return code == .ok ? .outputClosed : code
        case .system(let number):
            let what =
                number == ENOSPC || number == EDQUOT
                ? Phrase(Wording.diskFull.message) : Wording.outputFailed.message.with(String(number))
            let report = ErrorReport(
                .inputOutput, code: "output.failed", happened: what,
                loss: .nothingBut(Phrase(Wording.outputLoss.message)), next: Phrase(Wording.outputNext.message))
            err.write(report.text(in: language, usesColor: errUsesColor))
            return code == .ok ? .inputOutput : code
        }
    }
}
