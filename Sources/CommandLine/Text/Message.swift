// What the programs say, in both languages, and how placeholders are filled.

/// One sentence in Vietnamese and in English, with positional placeholders `{0}` … `{9}`.
///
/// Both are always given: there is no literal form, so that no text can reach the screen in one language only.
/// Plurals are handled by wording ("số mục: {0}").
package struct Message: Sendable, Equatable {
    /// The Vietnamese text, in NFC.
    package let vi: String
    /// The English text.
    package let en: String

    /// A message from its two texts.
    package init(vi: String, en: String) {
        self.vi = vi
        self.en = en
    }

    /// A word that is the same in both languages, such as a name or an abbreviation.
    package static func verbatim(_ text: String) -> Message { Message(vi: text, en: text) }

    /// This message together with what stands in its placeholders.
    package func with(_ arguments: String...) -> Phrase { Phrase(self, arguments) }
}

/// A message and the values for its placeholders; it becomes text only when the language is known.
package struct Phrase: Sendable, Equatable {
    /// What is said.
    package let message: Message
    /// What stands for `{0}`, `{1}` …
    package let arguments: [String]

    /// A phrase from a message and its values.
    package init(_ message: Message, _ arguments: [String] = []) {
        self.message = message
        self.arguments = arguments
    }
}

extension Language {
    /// The message in this language, placeholders filled.
    ///
    /// Arguments are made safe for display first (``SafeText/line(_:)``), and are not searched for placeholders
    /// themselves: text that others wrote cannot steer the terminal nor pull in other arguments.
    package func text(_ message: Message, _ arguments: String...) -> String {
        fill(message, with: arguments)
    }

    /// The phrase in this language.
    package func text(_ phrase: Phrase) -> String { fill(phrase.message, with: phrase.arguments) }

    /// Replaces `{digit}`; any other brace, and a placeholder without an argument, stays as it is.
    private func fill(_ message: Message, with arguments: [String]) -> String {
        let template = self == .vi ? message.vi : message.en
        guard !arguments.isEmpty else { return template }
        let openBrace = UInt8(ascii: "{")
        let closeBrace = UInt8(ascii: "}")
        var result: [UInt8] = []
        var rest = template.utf8[...]
        while let open = rest.firstIndex(of: openBrace) {
            result.append(contentsOf: rest[..<open])
            rest = rest[open...]
            let head = Array(rest.prefix(3))
            if head.count == 3, head[2] == closeBrace, let digit = Character(Unicode.Scalar(head[1])).wholeNumberValue,
                arguments.indices.contains(digit)
            {
                SafeText.append(arguments[digit], to: &result, keepingLines: false)
                rest = rest.dropFirst(3)
            } else {
                result.append(openBrace)
                rest = rest.dropFirst()
            }
        }
        result.append(contentsOf: rest)
        return String(decoding: result, as: UTF8.self)
    }
}
