// How many columns a text takes in a terminal.

/// Measures and cuts text by columns: East Asian wide characters and emoji take two, combining marks none, so that
/// Vietnamese is measured alike whether its letters are composed or not.
package enum DisplayWidth {
    /// The columns of a text; controls and invisible characters count as none.
    package static func of(_ text: String) -> Int {
        withBytes(of: text) { bytes in
            var reader = ScalarReader(bytes)
            var counter = ColumnCounter()
            var columns = 0
            while let value = reader.next() { columns += counter.columns(of: value) }
            return columns
        }
    }

    /// The text cut to at most `columns` columns, with `…` for what was left out. Never splits a letter from its marks.
    package static func truncating(_ text: String, to columns: Int) -> String {
        guard columns > 0 else { return "" }
        guard of(text) > columns else { return text }
        let count = withBytes(of: text) { cut($0, to: columns - 1).bytes }
        return String(decoding: Array(text.utf8.prefix(count)), as: UTF8.self) + "…"
    }

    /// The text with spaces behind it up to `columns` columns.
    package static func padding(_ text: String, to columns: Int) -> String {
        text + String(repeating: " ", count: max(0, columns - of(text)))
    }

    /// The longest beginning that fits, in bytes and columns.
    static func cut(_ source: UnsafeBufferPointer<UInt8>, to limit: Int) -> (bytes: Int, columns: Int) {
        var reader = ScalarReader(source)
        var counter = ColumnCounter()
        var columns = 0
        var end = 0
        while let value = reader.next() {
            let added = counter.columns(of: value)
            if columns + added > limit { break }
            columns += added
            end = reader.index
        }
        return (end, columns)
    }

    private static func withBytes<Result>(
        of text: String, _ body: (UnsafeBufferPointer<UInt8>) -> Result
    ) -> Result {
        if let result = text.utf8.withContiguousStorageIfAvailable(body) { return result }
        return Array(text.utf8).withUnsafeBufferPointer(body)
    }
}
