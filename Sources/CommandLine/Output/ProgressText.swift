// The words and the bar of a progress line.

/// One state of long work, in words.
struct ProgressText {
    let language: Language
    let label: String
    let done: Int
    let total: Int?
    let elapsedMilliseconds: UInt64
    var unit = Progress.Unit.steps

    /// The time before a rate means anything.
    private static let rateMilliseconds: UInt64 = 1000
    /// The bytes before it does: the first request waits for its answer more than for its bytes.
    private static let rateBytes = 2048
    private static let widestBar = 30
    private static let narrowestBar = 6

    /// All of it, for a log.
    var line: String {
        let parts = [percent.map { count + " (\($0) %)" } ?? count, rate, remaining].compactMap { $0 }
        return label + ": " + parts.joined(separator: " · ")
    }

    /// What fits into so many columns: the bar goes first, then the time that is left, the rate, and the label's end.
    func bar(columns: Int) -> String {
        for parts in [[count, rate, remaining], [count, rate], [count]] {
            let text = parts.compactMap { $0 }.joined(separator: " · ")
            let rest = columns - DisplayWidth.of(label) - DisplayWidth.of(text) - 2
            guard rest >= 0 else { continue }
            let bar = drawn(columns: min(rest - 2, Self.widestBar))
            return bar.isEmpty ? label + ": " + text : label + " " + bar + " " + text
        }
        let room = columns - DisplayWidth.of(count) - 1
        return room > 1
            ? DisplayWidth.truncating(label, to: room) + " " + count : DisplayWidth.truncating(count, to: columns)
    }

    private var fraction: Double? {
        guard let total else { return nil }
        return total == 0 ? 1 : min(1, Double(done) / Double(total))
    }

    private var percent: Int? { fraction.map { Int($0 * 100) } }

    private func drawn(columns: Int) -> String {
        guard let fraction, columns >= Self.narrowestBar else { return "" }
        let full = Int(Double(columns) * fraction)
        return String(repeating: "█", count: full) + String(repeating: "░", count: columns - full)
    }

    private var count: String {
        total.map { text(done) + "/" + text($0) } ?? text(done)
    }

    private func text(_ number: Int) -> String {
        switch unit {
        case .steps: language.grouped(number)
        case .bytes: ByteCount.text(number, language)
        }
    }

    private var perSecond: Double? {
        let least = unit == .bytes ? Self.rateBytes : 1
        guard elapsedMilliseconds >= Self.rateMilliseconds, done >= least else { return nil }
        return Double(done) * 1000 / Double(elapsedMilliseconds)
    }

    private var rate: String? {
        guard let perSecond, perSecond >= 1 else { return nil }
        return language.text(ProgressWording.rate.message, text(Int(min(perSecond, 1e12))))
    }

    private var remaining: String? {
        guard let perSecond, let total, done < total else { return nil }
        let seconds = Double(total - done) / perSecond
        switch seconds {
        case ..<10: return language.text(ProgressWording.moments.message)
        case ..<90: return language.text(ProgressWording.seconds.message, String(Int(seconds / 10 + 1) * 10))
        case ..<5400: return language.text(ProgressWording.minutes.message, String(Int((seconds / 60).rounded())))
        case ..<360_000: return language.text(ProgressWording.hours.message, String(Int((seconds / 3600).rounded())))
        default: return nil
        }
    }
}

/// What a progress line says; numbers may be one, so that English has no plurals either.
enum ProgressWording: CaseIterable {
    case rate, moments, seconds, minutes, hours

    var message: Message {
        switch self {
        case .rate: Message(vi: "{0}/giây", en: "{0}/s")
        case .moments: Message(vi: "sắp xong", en: "nearly done")
        case .seconds: Message(vi: "còn khoảng {0} giây", en: "about {0} s left")
        case .minutes: Message(vi: "còn khoảng {0} phút", en: "about {0} min left")
        case .hours: Message(vi: "còn khoảng {0} giờ", en: "about {0} h left")
        }
    }
}

extension Language {
    /// A number with its thousands apart: 12.345 in Vietnamese, 12,345 in English.
    package func grouped(_ number: Int) -> String {
        let digits = Array(String(number.magnitude).utf8)
        var bytes: [UInt8] = number < 0 ? [UInt8(ascii: "-")] : []
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { bytes.append(UInt8(ascii: self == .vi ? "." : ",")) }
            bytes.append(digit)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
