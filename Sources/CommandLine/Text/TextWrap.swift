// Breaking a text into lines that fit the terminal.

/// Wraps text at spaces by display width.
package enum TextWrap {
    /// The lines of a text, none wider than `columns` unless a single word is. Line breaks in the text are kept.
    package static func lines(_ text: String, columns: Int) -> [String] {
        var lines: [String] = []
        for paragraph in text.split(separator: "\n", omittingEmptySubsequences: false) {
            var line = ""
            var lineColumns = 0
            for word in paragraph.split(separator: " ") {
                let word = String(word)
                let wordColumns = DisplayWidth.of(word)
                if !line.isEmpty, lineColumns + 1 + wordColumns > columns {
                    lines.append(line)
                    line = ""
                    lineColumns = 0
                }
                if !line.isEmpty {
                    line += " "
                    lineColumns += 1
                }
                line += word
                lineColumns += wordColumns
            }
            lines.append(line)
        }
        return lines
    }
}
