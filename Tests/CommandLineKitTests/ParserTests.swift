// How command lines are understood, and what is said when they are not.

import Testing

@testable import CommandLineKit

@Suite struct ParserTests {
    @Test func everyWayToGiveAnOptionMeansTheSame() throws {
        for words in [["--title", "Đèn"], ["--title=Đèn"], ["-t", "Đèn"], ["-tĐèn"], ["-abt", "Đèn"]] {
            let parsed = try CommandParser(sampleProgram) { _ in nil }.parse(["report", "new"] + words)
            #expect(parsed.option("title") == "Đèn")
            guard case .run(let spec) = parsed.request else {
                Issue.record("not a command")
                return
            }
            #expect(SampleCommand(rawValue: spec.run) == .reportNew)
        }
    }

    @Test func flagsRepeatedOptionsAndIntegersAreTyped() throws {
        let parsed = try parse("report", "new", "-t", "", "--tag", "a", "--tag=b=c", "-ab", "-d", "-5")
        #expect(parsed.options("tag") == ["a", "b=c"])
        #expect(parsed.flag("all") && parsed.flag("brief"))
        #expect(parsed.integer("days") == -5)
        #expect(parsed.option("title") == "")
        #expect(parsed.option("urgency") == nil)
        #expect(try !parse("report", "new", "-t", "x").flag("all"))
    }

    @Test func globalOptionsStandAnywhere() throws {
        let parsed = try parse("--lang", "vi", "report", "--home=/tmp/x", "list", "--json", "--no-color", "--quiet")
        #expect(parsed.globals.language == .vi)
        #expect(parsed.globals.home == "/tmp/x")
        #expect(parsed.globals.json && parsed.globals.noColor && parsed.globals.quiet)
    }

    @Test func theEnvironmentStandsInForOptionsNotGiven() throws {
        let environment = ["WARD_URGENCY": "high", "WARD_HOME": "/srv/ward"]
        let parsed = try parse("report", "new", "-t", "x", environment: environment)
        #expect(parsed.option("urgency") == "high")
        #expect(parsed.globals.home == "/srv/ward")
        #expect(try parse("report", "new", "-t", "x", "-u", "low", environment: environment).option("urgency") == "low")
        #expect(try parse("report", "list", "--home", "/a", environment: environment).globals.home == "/a")
        let error = usageError("report", "new", "-t", "x", environment: ["WARD_URGENCY": "now"])
        #expect(error?.text(in: .en).contains("WARD_URGENCY") == true)
    }

    @Test func afterTwoDashesEverythingIsAnArgument() throws {
        #expect(try parse("report", "show", "--", "--json", "-t").arguments == ["--json", "-t"])
        #expect(try parse("sync", "--", "status").argument(0) == "status")
        #expect(try parse("report", "show", "-", "-5").arguments == ["-", "-5"])
    }

    @Test func theLongestPathWins() throws {
        guard case .run(let spec) = try parse("sync", "status").request else {
            Issue.record("not a command")
            return
        }
        #expect(SampleCommand(rawValue: spec.run) == .syncStatus)
        #expect(try parse("sync", "example.vn").argument(0) == "example.vn")
        #expect(try parse("sync").argument(0) == nil)
    }

    @Test func helpAndVersionWinOverOtherMistakes() throws {
        for words in [["report", "new", "--help"], ["report", "new", "--bogus", "-h"], ["help", "report", "new"]] {
            let parsed = try CommandParser(sampleProgram, environment: { _ in nil }).parse(words)
            guard case .help(let path) = parsed.request else {
                Issue.record("no help for \(words)")
                continue
            }
            #expect(path == ["report", "new"])
        }
        guard case .help([]) = try parse().request, case .help(["report"]) = try parse("report").request,
            case .version = try parse("report", "--version").request
        else {
            Issue.record("no overview, topic or version")
            return
        }
    }

    @Test func aMistypedWordSuggestsTheNearest() {
        let cases: [(given: [String], nearest: String?)] = [
            (["rep"], "report"), (["reprot"], "report"), (["Report"], "report"), (["taks"], "task"),
            (["report", "nwe"], "report new"), (["report", "lst"], "report list"), (["xyzzy"], nil),
            (["rep", "--help"], "report"), ([String(repeating: "r", count: 100_000)], nil), ([""], nil),
        ]
        for (given, nearest) in cases {
            do throws(UsageError) {
                _ = try CommandParser(sampleProgram) { _ in nil }.parse(given)
                Issue.record("understood \(given)")
            } catch {
                guard case .unknownCommand(_, let found) = error.kind else {
                    Issue.record("\(error)")
                    continue
                }
                #expect(found == nearest)
            }
        }
    }

    @Test func aMistypedOptionSuggestsTheNearest() {
        #expect(
            usageError("report", "new", "--titel", "x")?.kind == .unknownOption(given: "--titel", nearest: "--title"))
        #expect(usageError("report", "new", "--titel=x")?.kind == .unknownOption(given: "--titel", nearest: "--title"))
        #expect(usageError("report", "new", "-title", "x")?.kind == .unknownOption(given: "-title", nearest: "--title"))
        #expect(usageError("report", "list", "--jsno")?.kind == .unknownOption(given: "--jsno", nearest: "--json"))
        #expect(usageError("report", "list", "-z")?.kind == .unknownOption(given: "-z", nearest: nil))
    }

    @Test func everyOtherMistakeIsNamed() {
        #expect(usageError("report", "new", "-t")?.kind == .missingValue(option: "-t"))
        #expect(usageError("report", "new", "--title", "--all")?.kind == .missingValue(option: "--title"))
        #expect(usageError("report", "new", "--title", "-a")?.kind == .missingValue(option: "--title"))
        #expect(usageError("report", "new")?.kind == .missingOption("--title"))
        #expect(usageError("report", "show")?.kind == .missingArgument(Message(vi: "mã", en: "code")))
        #expect(usageError("report", "list", "x")?.kind == .unexpectedArgument("x"))
        #expect(usageError("sync", "a", "b")?.kind == .unexpectedArgument("b"))
        #expect(usageError("report", "list", "--json=yes")?.kind == .unexpectedValue(option: "--json"))
        #expect(usageError("report", "new", "-t", "a", "-t", "b")?.kind == .repeatedOption("--title"))
        let bad: [(String, String, ValueKind)] = [
            ("--days", "16", .integer(-5...15)), ("--days", "1e1", .integer(-5...15)),
            ("--days", "99999999999999999999", .integer(-5...15)), ("--photo", "", .file),
            ("--urgency", "HIGH", .choice(["low", "normal", "high"])),
            ("--title", String(repeating: "a", count: 41), .text(maximumBytes: 40)),
        ]
        for (option, value, expected) in bad {
            let error = usageError("report", "new", option, value)
            #expect(error?.kind == .badValue(option: .verbatim(option), given: value, expected: expected))
        }
        #expect(usageError("--lang", "fr")?.code == "usage.bad-value")
        #expect(usageError("report", "show", "ok", "far too long")?.code == "usage.bad-value")
    }

    @Test func anErrorKnowsTheLanguageThatStandsBehindIt() {
        let error = usageError("report", "new", "--bogus", "--lang", "vi", "--json")
        #expect(error?.globals.language == .vi)
        #expect(error?.globals.json == true)
        #expect(error?.helpCommand == "ward report new --help")
        #expect(usageError("nonsense")?.helpCommand == "ward --help")
    }

    @Test func errorsAreSaidInBothLanguages() {
        let error = usageError("rep")
        #expect(error?.text(in: .vi) == "Không có lệnh «rep». Có lẽ cần dùng «report».")
        #expect(error?.text(in: .en) == "There is no command “rep”. Perhaps “report” was meant.")
        let hostile = usageError("\u{1B}[2J\u{202E}" + String(repeating: "x", count: 500))
        #expect(hostile?.text(in: .en).unicodeScalars.contains("\u{1B}") == false)
        #expect((hostile?.text(in: .en).count ?? 1000) < 100)
    }

    @Test func anyWordsAreEitherUnderstoodOrRefused() {
        var generator = SeededGenerator(for: "anyWordsAreEitherUnderstoodOrRefused")
        let known = [
            "report", "new", "list", "show", "sync", "status", "task", "help", "--", "-", "--title", "-t", "-abt",
            "--json",
            "--lang", "vi", "--home=", "--tag=x", "-d", "-5", "--=", "-=", "---", "--help",
        ]
        for _ in 0..<5000 {
            var words: [String] = []
            for _ in 0..<Int.random(in: 0...7, using: &generator) {
                let isKnown = Int.random(in: 0..<5, using: &generator) > 0
                words.append(
                    isKnown ? known[Int.random(in: known.indices, using: &generator)] : generator.hostileText(upTo: 12))
            }
            do throws(UsageError) {
                let parsed = try CommandParser(sampleProgram) { _ in nil }.parse(words)
                #expect(parsed.arguments.count <= words.count)
            } catch {
                let text = error.text(in: .vi) + error.text(in: .en)
                #expect(SafeText.line(text) == text)
            }
        }
    }

    @Test func theTableOfAProgramIsChecked() {
        #expect(sampleProgram.flaws().isEmpty)
        let option = OptionSpec(flag: "json", "h", summary: .verbatim("x"))
        let command = CommandSpec(
            ["a", "b"], summary: Message(vi: "", en: "x"),
            arguments: [
                ArgumentSpec(.verbatim("x"), summary: .verbatim("x"), required: false, repeats: true),
                ArgumentSpec(.verbatim("y"), summary: .verbatim("y")),
            ], options: [option], run: 1)
        let broken = ProgramSpec(
            name: "x", version: "1", summary: .verbatim("x"), homeVariable: "X",
            groups: [CommandGroup(.verbatim("x"), commands: [command, command])])
        #expect(broken.flaws().count == 14)
    }

    @Test func distanceCountsASwapAsOneSlip() {
        #expect(Suggestion.distance(Array("list".utf8), Array("lsit".utf8)) == 1)
        #expect(Suggestion.distance(Array("".utf8), Array("abc".utf8)) == 3)
        #expect(Suggestion.distance(Array("kitten".utf8), Array("sitting".utf8)) == 3)
        #expect(Suggestion.distance(Array("same".utf8), Array("same".utf8)) == 0)
    }
}
