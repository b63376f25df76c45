// Asking the person at the terminal.

import Glibc

/// Questions on standard error, answers from standard input.
///
/// Only where both are terminals; elsewhere, and at end of input, every question gives nil, and the command says
/// which option to give instead (``ErrorReport/cannotAsk(option:helpCommand:)``).
package struct Prompt {
    /// The most bytes of an answer; the limit of a string in a change set.
    package static let longestAnswerBytes = 16 * 1024
    /// How often an answer that cannot be read is asked for again.
    private static let attempts = 3

    private let terminal: Terminal

    /// Questions in a terminal's language.
    package init(_ terminal: Terminal) { self.terminal = terminal }

    /// Whether there is a person to ask.
    package var isPossible: Bool { terminal.errIsTerminal && isatty(STDIN_FILENO) == 1 }

    /// Asks for a line of text, returned as typed without the line end.
    package func line(_ question: Message, _ arguments: String...) -> String? {
        ask(Phrase(question, arguments), reading: Self.readLine)
    }

    /// Asks for a secret; what is typed is not shown. Nil also when the terminal cannot hide it.
    package func secret(_ question: Message, _ arguments: String...) -> String? {
        ask(Phrase(question, arguments)) {
            guard let echo = HiddenEcho() else { return .ended }
            defer { echo.restore() }
            let answer = Self.readLine()
            // The line end that was typed is not shown either.
            if case .ended = answer {} else { terminal.writeError("\n") }
            return answer
        }
    }

    /// Asks for yes or no, in either language; an empty answer gives `assumed`.
    package func confirm(_ question: Message, _ arguments: String..., assumed: Bool) -> Bool? {
        let message = (assumed ? Wording.confirmYes : Wording.confirmNo).message
        guard isPossible else { return nil }
        for _ in 0..<Self.attempts {
            terminal.writeError(terminal.text(message, terminal.language.text(Phrase(question, arguments))))
            switch Self.readLine() {
            case .ended:
                terminal.writeError("\n")
                return nil
            case .line(let answer):
                if answer.isEmpty { return assumed }
                if let isYes = Self.meaning(of: answer) { return isYes }
            case .unreadable: break
            }
            terminal.writeError(terminal.text(Wording.confirmAgain.message) + "\n")
        }
        return nil
    }

    /// What an answer to a yes-or-no question means, nil if it is neither.
    static func meaning(of answer: String) -> Bool? {
        switch answer.lowercased().filter({ $0 != " " }) {
        case "c", "co", "có", "y", "yes": true
        case "k", "ko", "khong", "không", "n", "no": false
        default: nil
        }
    }

    // MARK: Reading

    private enum Answer {
        case line(String)
        case unreadable
        case ended
    }

    private func ask(_ question: Phrase, reading: () -> Answer) -> String? {
        guard isPossible else { return nil }
        for _ in 0..<Self.attempts {
            terminal.writeError(terminal.language.text(question) + " ")
            switch reading() {
            case .line(let line): return line
            case .unreadable: terminal.writeError(terminal.text(Wording.unreadableInput.message) + "\n")
            case .ended:
                terminal.writeError("\n")
                return nil
            }
        }
        return nil
    }

    /// Reads one line byte by byte, so that what follows stays for others. A line that is too long or is not UTF-8
    /// is read to its end and counts as unreadable.
    private static func readLine() -> Answer {
        var bytes: [UInt8] = []
        var isTooLong = false
        while true {
            var byte: UInt8 = 0
            let count = read(STDIN_FILENO, &byte, 1)
            if count < 0, errno == EINTR { continue }
            if count <= 0 { return .ended }
            if byte == 0x0A { break }
            if bytes.count < longestAnswerBytes { bytes.append(byte) } else { isTooLong = true }
        }
        guard !isTooLong, let line = String(validating: bytes, as: UTF8.self) else { return .unreadable }
        return .line(line)
    }
}

/// The terminal with echo turned off, turned on again also when a signal ends the program meanwhile.
private struct HiddenEcho {
    /// Signals that end a program; each restores the terminal first.
    private static let endingSignals = [SIGINT, SIGTERM, SIGHUP, SIGQUIT]
    /// What a signal handler restores. Allocated once and never freed, since a handler may not touch anything that
    /// the language guards; written only before the handlers are installed.
    nonisolated(unsafe) private static let saved = UnsafeMutablePointer<termios>.allocate(capacity: 1)

    private var previous: [(signal: Int32, action: sigaction)] = []

    /// Turns echo off; nil when standard input does not let itself be changed.
    init?() {
        guard tcgetattr(STDIN_FILENO, Self.saved) == 0 else { return nil }
        var hidden = Self.saved.pointee
        hidden.c_lflag &= ~tcflag_t(ECHO)
        for number in Self.endingSignals {
            replaceAction(of: number) { number in
                tcsetattr(STDIN_FILENO, TCSANOW, HiddenEcho.saved)
                signal(number, SIG_DFL)
                raise(number)
            }
        }
        // A stopped program would leave the shell without echo, and come back with it on.
        replaceAction(of: SIGTSTP, by: SIG_IGN)
        guard tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden) == 0 else {
            restore()
            return nil
        }
    }

    private mutating func replaceAction(of number: Int32, by handler: __sighandler_t?) {
        var action = sigaction()
        action.__sigaction_handler.sa_handler = handler
        var old = sigaction()
        if sigaction(number, &action, &old) == 0 { previous.append((number, old)) }
    }

    /// Turns echo on and gives the signals back.
    func restore() {
        tcsetattr(STDIN_FILENO, TCSAFLUSH, Self.saved)
        for (number, action) in previous {
            var action = action
            sigaction(number, &action, nil)
        }
    }
}
