// Colours and weights of text, and when they may be used.

/// A way to set text apart in a terminal; never the only carrier of a meaning.
package enum Style: UInt8, Sendable, CaseIterable {
    case bold = 1
    case dim = 2
    case red = 31
    case green = 32
    case yellow = 33

    /// The escape sequence that begins the style.
    var start: String {
        switch self {
        case .bold: "\u{1B}[1m"
        case .dim: "\u{1B}[2m"
        case .red: "\u{1B}[31m"
        case .green: "\u{1B}[32m"
        case .yellow: "\u{1B}[33m"
        }
    }

    /// The escape sequence that ends every style.
    static let end = "\u{1B}[0m"

    /// The text in this style.
    package func wrapping(_ text: String) -> String { start + text + Style.end }

    /// Whether colour may be used: on a terminal, unless `--no-color`, a `NO_COLOR` that is not empty, or a `TERM`
    /// that is missing or `dumb` speaks against it.
    package static func isAllowed(isTerminal: Bool, noColor: Bool, environment: EnvironmentLookup) -> Bool {
        guard isTerminal, !noColor, (environment("NO_COLOR") ?? "").isEmpty else { return false }
        let terminal = environment("TERM") ?? ""
        return !terminal.isEmpty && terminal != "dumb"
    }
}
