// The progress line: what it says, how often, and that it goes away. Time is given by the test.

import Testing

@testable import CommandLineKit

@Suite struct ProgressTests {
    private let label = Message(vi: "Đang nhận", en: "Receiving")

    private final class Clock {
        var milliseconds: UInt64 = 1000
    }

    /// What a run of steps prints: each is a time in milliseconds since the beginning and what is done then.
    private func printed(
        _ steps: [(UInt64, Int)], total: Int?, redrawn: Bool, globals: GlobalOptions = GlobalOptions(),
        finishes: Bool = true
    ) -> String {
        var text = ""
        withPipe { reader, writer in
            let terminal = Terminal(globals, environment: { _ in nil }, output: -1, error: writer)
            let clock = Clock()
            let progress = Progress(
                terminal, label: label, total: total, isRedrawn: redrawn, now: { clock.milliseconds })
            for (time, done) in steps {
                clock.milliseconds = 1000 + time
                progress.advance(to: done)
            }
            if finishes { progress.finish() }
            terminal.writeError("|")
            text = readAvailable(reader)
        }
        return text
    }

    @Test func aTerminalGetsOneLineThatIsDrawnOverAndWiped() {
        let text = printed([(100, 1), (300, 20), (350, 30), (399, 31), (400, 40)], total: 100, redrawn: true)
        let drawn = text.split(separator: "\r\u{1B}[K", omittingEmptySubsequences: false)
        #expect(drawn.count == 4 && drawn.first == "" && drawn.last == "|")
        #expect(drawn[1].contains("20/100") && drawn[2].contains("40/100"))
        #expect(drawn.allSatisfy { DisplayWidth.of(String($0)) < 80 } && !text.contains("\n"))
    }

    @Test func workThatIsDoneAtOnceShowsNothing() {
        #expect(printed([(0, 1), (299, 100)], total: 100, redrawn: true) == "|")
        #expect(printed([(0, 1), (4999, 100)], total: 100, redrawn: false) == "|")
    }

    @Test func aLogGetsALineEveryFewSecondsAndALastOne() {
        let steps = (1...120).map { (UInt64($0) * 100, $0 * 10) }
        let lines = printed(steps, total: 2000, redrawn: false).split(separator: "\n").map(String.init)
        #expect(
            lines == [
                "Receiving: 500/2,000 (25 %) · 100/s · about 20 s left",
                "Receiving: 1,000/2,000 (50 %) · 100/s · about 20 s left",
                "Receiving: 1,200/2,000 (60 %) · 100/s · nearly done", "|",
            ])
    }

    @Test func programsAndQuietPeopleGetNothing() {
        var json = GlobalOptions()
        json.json = true
        var quiet = GlobalOptions()
        quiet.quiet = true
        for globals in [json, quiet] {
            for redrawn in [true, false] {
                #expect(printed([(60_000, 5)], total: 10, redrawn: redrawn, globals: globals) == "|")
            }
        }
    }

    @Test func theLineGoesAwayWhenNobodyFinishesIt() {
        #expect(printed([(500, 5)], total: 10, redrawn: true, finishes: false).hasSuffix("|"))
        var text = ""
        withPipe { reader, writer in
            let terminal = Terminal(GlobalOptions(), environment: { _ in nil }, output: -1, error: writer)
            let clock = Clock()
            do {
                let progress = Progress(
                    terminal, label: label, total: nil, isRedrawn: true, now: { clock.milliseconds })
                clock.milliseconds += 1000
                progress.advance(to: 3)
            }
            text = readAvailable(reader)
        }
        #expect(text.hasSuffix("\r\u{1B}[K") && text.contains("Receiving: 3"))
    }

    @Test func theLineFitsAnyWidthInBothLanguages() {
        for language in Language.allCases {
            for total in [nil, 0, 7, 1_234_567] as [Int?] {
                let text = ProgressText(
                    language: language, label: language.text(label), done: 1_234, total: total,
                    elapsedMilliseconds: 20_000)
                for columns in 1...120 {
                    let bar = text.bar(columns: columns)
                    #expect(DisplayWidth.of(bar) <= columns, "\(columns): \(bar)")
                    if columns >= 9 { #expect(bar.contains(language == .vi ? "1.2" : "1,2"), "\(columns): \(bar)") }
                }
            }
        }
        let text = ProgressText(language: .vi, label: "Đang nhập", done: 600, total: 10_000, elapsedMilliseconds: 6000)
        #expect(
            text.bar(columns: 90)
                == "Đang nhập █░░░░░░░░░░░░░░░░░░░░░░░░░░░░░ 600/10.000 · 100/giây · còn khoảng 2 phút")
    }

    @Test func bytesAreSaidAsPeopleReadThem() {
        let text = ProgressText(
            language: .vi, label: "Đang đồng bộ", done: 250_000, total: 1_500_000, elapsedMilliseconds: 20_000,
            unit: .bytes)
        #expect(text.line == "Đang đồng bộ: 250 kB/1,5 MB (16 %) · 13 kB/giây · còn khoảng 2 phút")
    }

    @Test func aTotalMayBecomeKnown() {
        var text = ""
        withPipe { reader, writer in
            let terminal = Terminal(GlobalOptions(), environment: { _ in nil }, output: -1, error: writer)
            let clock = Clock()
            let progress = Progress(
                terminal, label: label, total: nil, unit: .bytes, isRedrawn: false, now: { clock.milliseconds })
            clock.milliseconds += 6000
            progress.advance(to: 6000, of: nil)
            clock.milliseconds += 6000
            progress.advance(to: 12_000, of: 24_000)
            progress.finish()
            text = readAvailable(reader)
        }
        #expect(text.contains("Receiving: 6.0 kB · 1.0 kB/s\n"))
        #expect(text.contains("Receiving: 12 kB/24 kB (50 %) · 1.0 kB/s · about 20 s left\n"))
    }

    @Test func everyWordIsThereInBothLanguages() {
        for message in ProgressWording.allCases.map(\.message) + ManWording.all + ManHeading.allCases.map(\.message) {
            #expect(!message.vi.isEmpty && !message.en.isEmpty)
            #expect(message.vi.contains("{0}") == message.en.contains("{0}"))
        }
        #expect(Language.vi.grouped(-1_234_567) == "-1.234.567" && Language.en.grouped(999) == "999")
    }
}
