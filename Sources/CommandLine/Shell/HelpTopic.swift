// Explanations that belong to no single command, for `help TOPIC`.

/// A topic of the help: a name that people type, a title, and a text of paragraphs.
package struct HelpTopic: Sendable {
    /// The list that `help` completes its argument from.
    static let list = "help-topic"

    /// The names in ASCII, lower case, words joined by dashes; the first is the one that is shown.
    package let names: [String]
    /// One line about it, without a full stop.
    package let title: Message
    private let makeText: @Sendable () -> Message

    /// Paragraphs, each on a line of its own; a paragraph that begins with two spaces is shown as it is.
    package var text: Message { makeText() }

    /// A topic from its parts; the text is made when it is read.
    package init(_ names: [String], title: Message, text: @autoclosure @escaping @Sendable () -> Message) {
        self.names = names
        self.title = title
        makeText = text
    }

    /// The name that is shown.
    package var name: String { names.first ?? "" }

    /// The exit codes of both programs, from their table.
    package static let exitCodes = HelpTopic(
        ["exit-codes", "ma-thoat"], title: Message(vi: "Mã thoát của chương trình", en: "What the exit codes mean"),
        text: Message(vi: exitCodesText(.vi), en: exitCodesText(.en)))

    private static func exitCodesText(_ language: Language) -> String {
        let codes = ExitCode.allCases.map { code in
            DisplayWidth.padding("  \(code.rawValue)", to: 7) + DisplayWidth.padding(code.name, to: 17)
                + language.text(code.meaning)
        }
        return language.text(exitCodesIntroduction) + "\n" + codes.joined(separator: "\n")
    }

    private static let exitCodesIntroduction = Message(
        vi: "Chương trình kết thúc bằng một trong các mã sau, để tệp lệnh biết việc đã xong hay chưa. "
            + "Ý nghĩa của các số không bao giờ đổi.",
        en: "The program ends with one of these codes, so that a script knows what came of it. "
            + "The numbers never change their meaning.")
}

extension ProgramSpec {
    /// The topic with this name or another of its names, as it was typed: accents and blanks do not matter.
    package func topic(_ words: [String]) -> HelpTopic? {
        let typed = lists.folding(words.joined(separator: "-")).split(separator: " ").joined(separator: "-")
        return topics.first { $0.names.contains(typed) }
    }

    /// The name that was most likely meant: of a topic, or the first word of a command.
    func nearestTopic(_ words: [String]) -> String? {
        let typed = lists.folding(words.joined(separator: "-"))
        return Suggestion.nearest(to: typed, among: topics.flatMap(\.names) + self.words(after: []))
    }
}
