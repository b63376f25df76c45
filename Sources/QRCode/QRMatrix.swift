// The light and dark modules of a QR code.

/// A QR code as a square of modules, without the quiet zone around it.
package struct QRMatrix: Sendable, Equatable {
    /// The width of the quiet zone that the standard asks for, in modules.
    package static let quietZone = 4

    /// How many modules a side has: 21 to 177.
    package let size: Int
    /// Row by row; true is dark.
    private let modules: [Bool]

    /// A square of modules, row by row; nil where they make none.
    package init?(size: Int, modules: [Bool]) {
        guard size > 0, size <= 177, modules.count == size * size else { return nil }
        self.size = size
        self.modules = modules
    }

    /// Whether a module is dark; those outside of the code are light.
    package func isDark(row: Int, column: Int) -> Bool {
        guard (0..<size).contains(row), (0..<size).contains(column) else { return false }
        return modules[row * size + column]
    }
}
