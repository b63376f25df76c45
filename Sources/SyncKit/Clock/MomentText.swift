// Moments in the future as people type them.

/// Reads until when something is to be valid.
package enum MomentText {
    /// The longest time from now that can be given, in seconds: ten years.
    private static let mostSeconds: Int64 = 10 * 366 * 86_400

    /// Seconds since 1970 of `dd/MM/yyyy` (the end of that day), `dd/MM/yyyy HH:mm` in either order, `HH:mm` (the next
    /// time that it is so), and of a time from now such as `6h`, `90m`, `3d`. Nil for anything else.
    package static func parse(_ typed: String, now: Int64) -> Int64? {
        guard typed.utf8.count <= 40 else { return nil }
        let parts = typed.split { $0 == " " || $0 == "T" }.map(String.init)
        switch parts.count {
        case 1:
            if let date = CivilDate.parse(parts[0]) { return date.startSeconds() + 86_399 }
            if let clock = clock(parts[0]) {
                let today = LocalTime(seconds: now).date.startSeconds() + clock
                return today > now ? today : today + 86_400
            }
            return span(parts[0]).map { now + $0 }
        case 2:
            for (day, time) in [(parts[0], parts[1]), (parts[1], parts[0])] {
                if let date = CivilDate.parse(day), let clock = clock(time) { return date.startSeconds() + clock }
            }
            return nil
        default: return nil
        }
    }

    /// The seconds of a day at `HH:mm` or `H:mm`.
    private static func clock(_ text: String) -> Int64? {
        let parts = text.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard parts.count == 2, (1...2).contains(parts[0].count), parts[1].count == 2,
            let hour = number(parts[0]), let minute = number(parts[1]), hour < 24, minute < 60
        else { return nil }
        return hour * 3600 + minute * 60
    }

    private static func span(_ text: String) -> Int64? {
        guard let unit = text.utf8.last, (2...6).contains(text.utf8.count), let count = number(text.utf8.dropLast())
        else { return nil }
        let seconds: Int64
        switch unit {
        case UInt8(ascii: "m"): seconds = count * 60
        case UInt8(ascii: "h"): seconds = count * 3600
        case UInt8(ascii: "d"): seconds = count * 86_400
        default: return nil
        }
        return (1...mostSeconds).contains(seconds) ? seconds : nil
    }

    /// A short number in ASCII digits.
    private static func number(_ digits: some Collection<UInt8>) -> Int64? {
        guard (1...5).contains(digits.count), digits.allSatisfy({ 0x30...0x39 ~= $0 }) else { return nil }
        return digits.reduce(0) { $0 * 10 + Int64($1 - 0x30) }
    }
}
