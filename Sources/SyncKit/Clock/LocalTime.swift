// A moment as people at one place write it.

/// The time zone of the wards; Vietnam has had no other since 1975 and no summer time.
package enum VietnamTime {
    /// Seconds east of UTC.
    package static let offsetSeconds = 7 * 3600
}

/// Date and time of day at a fixed distance from UTC.
package struct LocalTime: Hashable, Sendable {
    package let date: CivilDate
    package let hour: Int
    package let minute: Int
    package let second: Int
    /// Seconds east of UTC.
    package let offsetSeconds: Int

    /// - Parameters:
    ///   - seconds: since 1970; outside of the years 1 to 9999 the date is the nearest in them.
    ///   - offsetSeconds: east of UTC, within a day either way; more is taken as a day.
    package init(seconds: Int64, offsetSeconds: Int = VietnamTime.offsetSeconds) {
        let offset = min(max(offsetSeconds, -86_399), 86_399)
        let (shifted, overflow) = seconds.addingReportingOverflow(Int64(offset))
        let local = overflow ? (offset > 0 ? Int64.max : Int64.min) : shifted
        let (quotient, remainder) = local.quotientAndRemainder(dividingBy: 86_400)
        let secondOfDay = Int(remainder < 0 ? remainder + 86_400 : remainder)
        date = CivilDate(daysSince1970: remainder < 0 ? quotient - 1 : quotient)
        hour = secondOfDay / 3600
        minute = secondOfDay / 60 % 60
        second = secondOfDay % 60
        self.offsetSeconds = offset
    }

    package init(_ time: HybridTime, offsetSeconds: Int = VietnamTime.offsetSeconds) {
        self.init(seconds: time.seconds, offsetSeconds: offsetSeconds)
    }

    /// `dd/MM/yyyy`.
    package var dateText: String { date.text }

    /// `HH:mm`.
    package var timeText: String { "\(padded(hour, 2)):\(padded(minute, 2))" }

    /// `HH:mm dd/MM/yyyy`.
    package var text: String { "\(timeText) \(date.text)" }

    /// ISO 8601 with the distance from UTC, such as `2026-03-12T08:30:00+07:00`; `Z` where there is none.
    package var iso8601: String {
        let moment = "\(date.iso8601)T\(timeText):\(padded(second, 2))"
        guard offsetSeconds != 0 else { return moment + "Z" }
        let minutes = abs(offsetSeconds) / 60
        return "\(moment)\(offsetSeconds < 0 ? "-" : "+")\(padded(minutes / 60, 2)):\(padded(minutes % 60, 2))"
    }
}
