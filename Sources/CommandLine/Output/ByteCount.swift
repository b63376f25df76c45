// Bytes as people read them.

/// A number of bytes for people: with the decimal sign of their language, in units of 1,000.
package enum ByteCount {
    package static func text(_ bytes: Int, _ language: Language) -> String {
        if bytes < 1000 { return "\(bytes) B" }
        let (unit, scale) = bytes < 1_000_000 ? ("kB", 1000) : ("MB", 1_000_000)
        let tenths = (bytes + scale / 20) / (scale / 10)
        if tenths >= 100 { return "\((bytes + scale / 2) / scale) \(unit)" }
        return "\(tenths / 10)\(language == .vi ? "," : ".")\(tenths % 10) \(unit)"
    }
}
