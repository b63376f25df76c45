// A QR code for a wall: an SVG with a title above it and a line of what to do below.

/// A poster to print.
package struct QRPoster: Sendable {
    /// The side of a module in the units of the drawing.
    private static let module = 10
    /// The height of a line of text, and the width of a letter as a share of it.
    private static let letterShare = 0.6

    private let matrix: QRMatrix
    private let title: String
    private let instruction: String

    /// A poster from a code and two lines of text; the texts are escaped here.
    package init(_ matrix: QRMatrix, title: String, instruction: String) {
        self.matrix = matrix
        self.title = title
        self.instruction = instruction
    }

    /// The drawing as SVG: one path for all dark modules, on white.
    package var svg: String {
        let side = (matrix.size + 2 * QRMatrix.quietZone) * Self.module
        let head = title.isEmpty ? 0 : side / 8
        let foot = instruction.isEmpty ? 0 : side / 10
        let height = head + side + foot
        var text = """
            <?xml version="1.0" encoding="UTF-8"?>
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(side) \(height)" width="\(side)" height="\(height)">
            <rect width="\(side)" height="\(height)" fill="#fff"/>

            """
        text += line(title, side: side, at: head * 7 / 10, largest: head / 2, weight: "bold")
        let start = QRMatrix.quietZone * Self.module
        text +=
            "<path fill=\"#000\" shape-rendering=\"crispEdges\" transform=\"translate(\(start) \(head + start))\" d=\""
        for row in 0..<matrix.size {
            for run in darkRuns(row) {
                let (x, y, width) = (run.lowerBound * Self.module, row * Self.module, run.count * Self.module)
                text += "M\(x) \(y)h\(width)v\(Self.module)h-\(width)z"
            }
        }
        text += "\"/>\n"
        text += line(instruction, side: side, at: head + side + foot * 4 / 10, largest: foot / 3, weight: "normal")
        return text + "</svg>\n"
    }

    /// Runs of dark modules of a row, as columns.
    private func darkRuns(_ row: Int) -> [Range<Int>] {
        var runs: [Range<Int>] = []
        var start: Int?
        for column in 0...matrix.size {
            if matrix.isDark(row: row, column: column) {
                start = start ?? column
            } else if let first = start {
                runs.append(first..<column)
                start = nil
            }
        }
        return runs
    }

    /// A centred line, as large as fits.
    private func line(_ text: String, side: Int, at height: Int, largest: Int, weight: String) -> String {
        guard !text.isEmpty else { return "" }
        let fitting = Int(Double(side) * 0.92 / (Double(text.count) * Self.letterShare))
        let size = max(1, min(largest, fitting))
        return "<text x=\"\(side / 2)\" y=\"\(height)\" font-family=\"sans-serif\" font-weight=\"\(weight)\""
            + " font-size=\"\(size)\" text-anchor=\"middle\">\(Self.escaped(text))</text>\n"
    }

    /// Text as XML takes it; controls, which it does not take at all, are left out.
    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            default:
                let isControl = scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value)
                if !isControl, scalar.value & 0xFFFE != 0xFFFE { escaped.unicodeScalars.append(scalar) }
            }
        }
        return escaped
    }
}
