// A week in a ward, lived by everybody in it over patchy coverage, and everything that must hold at its end.

import Testing

@testable import SyncKit

@Suite struct WardWeekTests {
    @Test
    func `A ward lives a week: reports end where the rules say, figures are right, nobody reads what is not theirs`()
        throws
    {
        let week = try Week(seed: Chance.seed())
        print("a week in a ward: WARDSYNC_SEED=\(week.seed)")
        let size = Week.Size()
        try week.open(size)
        try week.live(size)
        try week.close()
        let states = try week.wardStates()
        week.tell(states)
        expectNone(try week.disagreements(states), week)
        expectNone(week.wrongEnds(states), week)
        expectNone(try week.wrongWords(states), week)
        expectNone(try week.wrongFigures(), week)
        #expect(week.figuresCompared > 5000)
        for person in week.people {
            let found = try DeviceFindings.of(person, week)
            expectNone(week.leaks(found, person), week)
            expectNone(try week.missing(found, person, states), week)
        }
        expectNone(week.leaksAtTheWard(), week)
        expectNone(week.whatNeverHappened(), week)

        #expect(try week.plantInStore() == ["in the store", "in a file"])
        #expect(try week.plantDisclosure() == ["in the store", "in a file"])
        #expect(try week.plantInBody() == ["goes open over the wire"])
        #expect(try week.plantDisagreement(states) == 2)
        #expect(try !week.plantInFigures().isEmpty)
        #expect(try week.plantWideGrant() == ["in the store", "in a file", "in a body"])
    }
}

private func expectNone(_ found: [some CustomStringConvertible], _ week: Week) {
    let shown = found.prefix(12).map(\.description).joined(separator: "\n")
    #expect(found.isEmpty, "\(found.count) times, WARDSYNC_SEED=\(week.seed):\n\(shown)")
}

extension Week {
    private func ends(_ kind: DocumentKind, _ name: (ExpectedDocument) -> String) -> [String: Int] {
        expected.documents.filter { $0.kind == kind }.reduce(into: [:]) { $0[name($1), default: 0] += 1 }
    }

    private var reportEnds: [String: Int] { ends(.report) { rules.states["report"]?[$0.present.to] ?? "" } }

    /// Says what happened, so that a quiet week is seen to be one.
    func tell(_ states: [Digest: DocumentState]) {
        let kinds = states.values.reduce(into: [String: Int]()) { $0[$1.kind.name, default: 0] += 1 }
        for (name, counts) in [
            ("documents", kinds), ("deeds", deedCounts), ("reports", reportEnds), ("tasks", ends(.task, stage)),
            ("look-ups", ends(.lookup) { rules.states["lookup"]?[$0.present.to] ?? "" }), ("the wire", wireCounts),
            ("the ward", expected.counts),
        ] {
            let shown = counts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
            print("  \(name): " + shown.joined(separator: ", "))
        }
        print("  people \(people.count), words \(book.canaries.count)")
    }

    /// What a week has to hold for its checks to mean something, and this one did not.
    func whatNeverHappened() -> [String] {
        var missing: [String] = []
        let taken = Set(expected.documents.filter { $0.kind == .report }.flatMap { $0.counted.map(\.to) })
        for (number, name) in rules.states["report"] ?? [:] where !taken.contains(number) {
            missing.append("no report was ever \(name)")
        }
        for event in [
            "clamped", "codes counted", "lost claims", "moved", "refused", "steps that do not count",
        ] where expected.counts[event] == nil {
            missing.append("no \(event)")
        }
        for event in ["answers cut", "requests cut", "no network"] where wireCounts[event, default: 0] < 20 {
            missing.append("hardly any: \(event)")
        }
        return missing
    }
}
