// What completion offers for a half-typed line, and that nothing typed or stored can disturb the shell.

import Testing

@testable import CommandLineKit

@Suite struct CompletionTests {
    private func complete(_ words: String..., environment: [String: String] = [:]) -> [String] {
        Completion(sampleProgram) { environment[$0] }.lines(for: words)
    }

    private func values(_ lines: [String]) -> [String] {
        lines.map { String($0.prefix { $0 != "\t" }) }
    }

    @Test func commandsAreOfferedWithALineAboutEach() {
        #expect(complete("rep") == ["report\tFile and follow reports"])
        #expect(complete("rep", environment: ["LANG": "vi_VN.UTF-8"]) == ["report\tGửi và theo dõi phản ánh"])
        #expect(complete("--lang", "vi", "rep") == ["report\tGửi và theo dõi phản ánh"])
        #expect(values(complete("report", "")) == ["new", "list", "show"])
        #expect(values(complete("")) == ["report", "sync", "task", "help", "completion", "man"])
        #expect(complete("xyz").isEmpty && complete().count == 6)
    }

    @Test func optionsAreOfferedOnceUnlessTheyRepeat() {
        #expect(values(complete("report", "new", "--t")) == ["--title", "--tag"])
        #expect(values(complete("report", "new", "--title", "x", "--t")) == ["--tag"])
        #expect(values(complete("report", "new", "--tag=x", "--ta")) == ["--tag"])
        #expect(values(complete("report", "new", "-t", "x", "--ti")).isEmpty)
        #expect(values(complete("--j")) == ["--json"])
        // Where no argument follows, an empty word asks for the command's options.
        #expect(values(complete("report", "new", "")).contains("--title"))
        #expect(complete("report", "new", "--", "--t").isEmpty)
    }

    @Test func valuesAreOfferedBehindTheirOption() {
        #expect(complete("report", "new", "--urgency", "") == ["low", "normal", "high"])
        #expect(complete("report", "new", "-u", "n") == ["normal"])
        #expect(complete("report", "new", "--urgency=h") == ["--urgency=high"])
        #expect(complete("report", "new", "--photo", "x") == [":file"])
        #expect(complete("--home", "/t") == [":directory"])
        #expect(complete("report", "new", "--title", "").isEmpty)
        #expect(complete("completion", "z") == ["zsh"])
    }

    @Test func helpOffersTopicsAndCommands() {
        #expect(values(complete("help", "r")) == ["rain", "report"])
        #expect(values(complete("help", "report", "")) == ["new", "list", "show"])
        #expect(values(complete("help", "troi")) == ["rain"])
    }

    @Test func whatOthersWroteCannotSteerTheTerminalNorAddLines() {
        #expect(complete("report", "new", "--tag", "") == ["wet\tướt[31m"])
    }

    @Test func anyWordsAreAnsweredWithSafeLines() {
        var generator = SeededGenerator(for: "anyWordsAreAnsweredWithSafeLines")
        let known = [
            "report", "new", "list", "show", "help", "--", "-", "--title", "-t", "-abt", "--lang", "vi", "--home=",
            "--tag=", "--tag", "--urgency=", "-d", "--=", "-=", "completion", "man", "",
        ]
        for _ in 0..<3000 {
            var words: [String] = []
            for _ in 0..<Int.random(in: 0...6, using: &generator) {
                let isKnown = Int.random(in: 0..<5, using: &generator) > 0
                words.append(
                    isKnown ? known[Int.random(in: known.indices, using: &generator)] : generator.hostileText(upTo: 9))
            }
            for line in Completion(sampleProgram, environment: { _ in nil }).lines(for: words) {
                for part in line.split(separator: "\t") { #expect(SafeText.line(String(part)) == part) }
            }
        }
        #expect(Completion(sampleProgram).lines(for: Array(repeating: "report", count: 100_000)).isEmpty)
    }

    @Test func everyScriptNamesTheProgramAndAsksTheHiddenCommand() {
        for shell in CompletionScript.allCases {
            let text = shell.text(for: "ward-server")
            #expect(text.contains("ward-server") && text.contains("__complete"))
            #expect(!text.contains("PROGRAM") && !text.contains("FUNCTION"))
        }
    }
}

@Suite struct HelpTopicTests {
    @Test func aTopicIsExplainedByAnyOfItsNames() throws {
        for words in [["rain"], ["troi-mua"], ["Troi", "mua"]] {
            guard case .help(let path) = try CommandParser(sampleProgram).parse(["help"] + words).request else {
                Issue.record("no help for \(words)")
                continue
            }
            let text = HelpPage(sampleProgram, language: .en).text(for: path)
            #expect(text == "rain – When it rains\n\nKeep the device dry.\n  ward sync\n")
        }
    }

    @Test func anUnknownTopicNamesTheNearest() {
        #expect(usageError("help", "rian")?.kind == .unknownTopic(given: "rian", nearest: "rain"))
        #expect(usageError("help", "reprot")?.kind == .unknownTopic(given: "reprot", nearest: "report"))
        let text = usageError("help", "exitcodes")?.text(in: .vi)
        #expect(text == "Không có chủ đề «exitcodes». Có lẽ cần dùng «exit-codes».")
    }

    @Test func theExitCodesAreThoseOfTheTable() {
        for language in Language.allCases {
            let text = HelpPage(sampleProgram, language: language).text(for: ["exit-codes"])
            for code in ExitCode.allCases { #expect(text.contains(language.text(code.meaning))) }
        }
    }
}
