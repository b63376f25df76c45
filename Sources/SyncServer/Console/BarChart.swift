// Bars as inline SVG: a picture for the eye, whose figures stand in a table beside it.
import SyncKit

/// One bar.
struct Bar {
    var label: String
    var value: Int64
    /// What stands at its end.
    var text: String
    var style: StaticString = "bar"
}

/// Horizontal bars, the longest as wide as the picture. Nothing in it but rectangles and text; no style and no script.
struct BarChart {
    let id: String
    let title: String
    let bars: [Bar]

    private static let labelWidth = 190
    private static let barWidth = 190
    private static let valueWidth = 60
    private static let step = 26
    /// Letters of a label that find room.
    private static let longestLabel = 28

    func write(_ html: inout HTML) {
        let height = bars.count * Self.step + 10
        let width = Self.labelWidth + Self.barWidth + Self.valueWidth
        let most = max(1, bars.map(\.value).max() ?? 1)
        html.tag(
            "svg", .style("chart"), .a("viewBox", "0 0 \(width) \(height)"), .a("role", "img"),
            .a("aria-labelledby", id + "-title")
        ) { html in
            html.tag("title", .id(id + "-title"), text: title + ": " + spoken)
            for (index, bar) in bars.enumerated() {
                let top = index * Self.step + 5
                let length = Self.length(bar.value, of: most)
                html.tag(
                    "text", .a("x", Self.labelWidth - 8), .a("y", top + 15), .a("text-anchor", "end"),
                    text: Self.cut(bar.label))
                html.tag(
                    "rect", .style(bar.style), .a("x", Self.labelWidth), .a("y", top), .a("width", length),
                    .a("height", Self.step - 6), .a("rx", 2), text: "")
                html.tag("text", .a("x", Self.labelWidth + length + 6), .a("y", top + 15), text: bar.text)
            }
            html.tag(
                "line", .style("axis"), .a("x1", Self.labelWidth), .a("x2", Self.labelWidth), .a("y1", 0),
                .a("y2", height), text: "")
        }
    }

    /// All bars in words, for whoever does not see the picture.
    private var spoken: String { bars.map { "\($0.label) \($0.text)" }.joined(separator: "; ") }

    private static func length(_ value: Int64, of most: Int64) -> Int {
        guard value > 0 else { return 0 }
        let (product, overflow) = value.multipliedReportingOverflow(by: Int64(barWidth))
        return max(2, overflow ? barWidth : Int(product / most))
    }

    private static func cut(_ label: String) -> String {
        label.count <= longestLabel ? label : label.prefix(longestLabel - 1) + "…"
    }
}
