// Until when: moments as people type them.

import Testing

@testable import SyncKit

@Suite struct MomentTextTests {
    /// 22/11/2026 13:00 in Vietnam.
    static let now: Int64 = 1_795_327_200

    @Test(arguments: [
        ("22/11/2026", "23:59 22/11/2026"), ("2026-11-30", "23:59 30/11/2026"),
        ("30/11/2026 18:00", "18:00 30/11/2026"),
        ("18:00 30/11/2026", "18:00 30/11/2026"), ("2026-11-30T06:30", "06:30 30/11/2026"),
        ("18:00", "18:00 22/11/2026"), ("13:00", "13:00 23/11/2026"), ("9:15", "09:15 23/11/2026"),
        ("6h", "19:00 22/11/2026"), ("90m", "14:30 22/11/2026"), ("3d", "13:00 25/11/2026"),
    ])
    func momentsAreRead(typed: String, means: String) {
        #expect(MomentText.parse(typed, now: Self.now).map { LocalTime(seconds: $0).text } == means)
    }

    @Test(arguments: [
        "", " ", "31/02/2026", "00/00/0000", "24:00", "7:5", "12:60", "0h", "h", "99999d", "6w", "-6h", "6 h 7", "1e3h",
        "30/11/2026 25:00", "30/11/2026 18:00 x", "٣h", "tomorrow", "18:00:00",
    ])
    func anythingElseIsNot(typed: String) { #expect(MomentText.parse(typed, now: Self.now) == nil) }
}
