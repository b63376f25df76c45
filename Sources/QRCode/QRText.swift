// A QR code in a terminal: two modules to a character, or plain characters.

extension QRMatrix {
    /// True black on true white, of the 256 colours: the 16 first ones are whatever a theme makes of them.
    private static let colours = "\u{1B}[38;5;16;48;5;231m"
    private static let end = "\u{1B}[0m"

    /// How many columns the code takes with its quiet zone.
    package func columns(plain: Bool) -> Int { (size + 2 * Self.quietZone) * (plain ? 2 : 1) }

    /// Lines of half blocks with both colours set, so that it scans on dark and on light terminals alike.
    package var halfBlocks: String {
        var text = ""
        let quiet = Self.quietZone
        for row in stride(from: -quiet, to: size + quiet, by: 2) {
            text += Self.colours
            for column in -quiet..<(size + quiet) {
                switch (isDark(row: row, column: column), isDark(row: row + 1, column: column)) {
                case (false, false): text += " "
                case (true, false): text += "▀"
                case (false, true): text += "▄"
                case (true, true): text += "█"
                }
            }
            text += Self.end + "\n"
        }
        return text
    }

    /// Lines of `##` and blanks, for a terminal without colours: dark writing on light ground scans best.
    package var plain: String {
        var text = ""
        let quiet = Self.quietZone
        for row in -quiet..<(size + quiet) {
            for column in -quiet..<(size + quiet) { text += isDark(row: row, column: column) ? "##" : "  " }
            text += "\n"
        }
        return text
    }
}
