// Tables, JSON, error reports, exit codes and the writing of output.

import Foundation
import Testing

@testable import CommandLineKit

@Suite struct TableTests {
    private let columns = [
        Table.Column(Message(vi: "Mã", en: "Code")),
        Table.Column(Message(vi: "Tiêu đề", en: "Title"), minimum: 6, flexible: true),
        Table.Column(Message(vi: "Số", en: "N"), right: true),
    ]

    @Test func columnsAlignByWhatIsSeen() {
        var table = Table(columns)
        for title in ["đường ngập", "đường ngập".decomposedStringWithCanonicalMapping, "日本 🙂", "plain"] {
            table.addRow(["K7", title, "12"])
        }
        let lines = rendered(table, columns: nil)
        #expect(lines[0] == "Code  Title        N")
        #expect(Set(lines.map { DisplayWidth.of($0) }) == [20])
        #expect(lines[3] == "K7    日本 🙂     12")
        #expect(rendered(table, columns: nil, language: .vi)[0] == "Mã  Tiêu đề     Số")
    }

    @Test func onATerminalCellsAreCutElsewhereNever() {
        var table = Table(columns)
        let long = "Đèn đường hỏng đã ba tuần ở ngõ 12"
        table.addRow(["K7M2", long, "1"])
        table.addRow(["K8", String(repeating: "dài ", count: 100), "2"])
        for width in 20...80 {
            #expect(rendered(table, columns: width).allSatisfy { DisplayWidth.of($0) <= width })
        }
        #expect(rendered(table, columns: 20)[1] == "K7M2  Đèn đường …  1")
        let piped = rendered(table, columns: nil)
        #expect(piped[1].contains(long))
        #expect(piped[2].contains(String(repeating: "dài ", count: 99)))
        #expect(DisplayWidth.of(piped[1]) < 80)
    }

    @Test func noLineEndsInSpacesAndMissingCellsAreEmpty() {
        var table = Table([Table.Column(.verbatim("A")), Table.Column(.verbatim("B")), Table.Column(.verbatim("C"))])
        table.addRow(["only"])
        table.addRow(["1", "2", "3", "too many"])
        table.addRow([])
        #expect(table.rowCount == 3)
        #expect(rendered(table, columns: nil) == ["A     B  C", "only", "1     2  3", ""])
        #expect(rendered(Table([]), columns: 80).isEmpty)
    }

    @Test func hostileCellsStayInTheirRow() {
        var table = Table(columns)
        table.addRow(["a\nb", "\u{1B}]0;x\u{7}", "\u{202E}1"])
        #expect(rendered(table, columns: nil)[1] == "a b   ]0;x   1")
    }

    @Test func stylesTakeNoColumns() {
        var table = Table([Table.Column(.verbatim("A")), Table.Column(.verbatim("B"))])
        table.add("x", .red)
        table.add("y")
        #expect(rendered(table, columns: nil, usesColor: true)[1] == "\u{1B}[31mx\u{1B}[0m  y")
        #expect(rendered(table, columns: nil)[1] == "x  y")
    }

    @Test func anyCellsFitAnyTerminal() {
        var generator = SeededGenerator(for: "anyCellsFitAnyTerminal")
        for _ in 0..<300 {
            var table = Table((0..<3).map { _ in Table.Column(.verbatim("H"), minimum: 4, flexible: true) })
            for _ in 0..<5 { table.addRow((0..<3).map { _ in generator.hostileText(upTo: 40) }) }
            let width = Int.random(in: 20...100, using: &generator)
            let lines = rendered(table, columns: width)
            #expect(lines.count == 6)
            #expect(lines.allSatisfy { DisplayWidth.of($0) <= width })
        }
    }
}

@Suite struct JSONWriterTests {
    @Test func membersStandAsWritten() {
        var json = JSONWriter()
        json.object { json in
            json.member("z", "Hạ Long")
            json.member("a", 7)
            json.member("min", Int64.min)
            json.member("none", nil as String?)
            json.member("yes", true)
            json.object("empty") { _ in }
            json.array("list") { json in
                json.element(1)
                json.element("x")
                json.object { $0.member("k", false) }
                json.array { _ in }
            }
            json.member("tags", ["a", "b"])
        }
        let expected =
            #"{"z":"Hạ Long","a":7,"min":-9223372036854775808,"none":null,"yes":true,"empty":{},"#
            + #""list":[1,"x",{"k":false},[]],"tags":["a","b"]}"#
        #expect(String(decoding: json.bytes, as: UTF8.self) == expected)
    }

    @Test func whatCouldHarmIsEscapedAndNothingIsLost() {
        var json = JSONWriter()
        json.element("\"\\/\u{8}\t\n\u{C}\r\u{0}\u{1B}\u{7F}\u{9B}\u{202E}\u{2028}\u{E0041}🙂é")
        let expected =
            #""\"\\/\b\t\n\f\r\u0000\u001b\u007f\u009b\u202e\u2028\udb40\udc41🙂é""#
        #expect(String(decoding: json.bytes, as: UTF8.self) == expected)
    }

    @Test func anyTextIsReadBackTheSame() throws {
        var generator = SeededGenerator(for: "anyTextIsReadBackTheSame")
        for _ in 0..<1000 {
            let text = generator.hostileText(upTo: 40)
            var json = JSONWriter()
            json.array { $0.element(text) }
            let read = try JSONSerialization.jsonObject(with: Data(json.bytes)) as? [String]
            #expect(read?.first.map { $0.utf8.elementsEqual(text.utf8) } == true)
        }
    }
}

@Suite struct ExitCodeTests {
    @Test func numbersAndNamesAreUniqueAndFixed() {
        #expect(Set(ExitCode.allCases.map(\.rawValue)).count == ExitCode.allCases.count)
        #expect(Set(ExitCode.allCases.map(\.name)).count == ExitCode.allCases.count)
        #expect(ExitCode.allCases.map(\.rawValue) == Array(0...11) + [130, 141])
        #expect(ExitCode.allCases.allSatisfy { (0...255).contains($0.rawValue) })
    }
}

@Suite struct TerminalTests {
    @Test func colourNeedsATerminalThatWantsIt() {
        func allowed(_ isTerminal: Bool, _ noColor: Bool, _ environment: [String: String]) -> Bool {
            Style.isAllowed(isTerminal: isTerminal, noColor: noColor) { environment[$0] }
        }
        #expect(allowed(true, false, ["TERM": "xterm"]))
        #expect(allowed(true, false, ["TERM": "xterm", "NO_COLOR": ""]))
        #expect(!allowed(true, false, ["TERM": "xterm", "NO_COLOR": "1"]))
        #expect(!allowed(true, true, ["TERM": "xterm"]))
        #expect(!allowed(true, false, ["TERM": "dumb"]))
        #expect(!allowed(true, false, [:]))
        #expect(!allowed(false, false, ["TERM": "xterm"]))
    }

    @Test func theWidthHasADefaultAndBounds() {
        withPipe { _, output in
            func columns(_ value: String?) -> Int {
                Terminal(GlobalOptions(), environment: { $0 == "COLUMNS" ? value : nil }, output: output).columns
            }
            for unusable in [nil, "x", "-4", "0"] { #expect(columns(unusable) == 80) }
            #expect(columns("132") == 132)
            #expect(columns("1") == 20)
            #expect(columns("99999999999999999999") == 80)
            #expect(columns("1000000") == 1000)
        }
    }

    @Test func anErrorHasThreeParts() {
        let report = ErrorReport(
            .notFound, code: "report.not-found", happened: Message(vi: "Không có «{0}».", en: "No “{0}”.").with("K7"),
            next: Message(vi: "Xem danh sách.", en: "See the list.").with())
        #expect(
            report.text(in: .vi, usesColor: false)
                == "Lỗi: Không có «K7».\nDữ liệu: Không mất dữ liệu nào.\nViệc cần làm: Xem danh sách.\n")
        withPipe { reading, writing in
            var globals = GlobalOptions()
            globals.json = true
            let terminal = Terminal(globals, environment: { _ in nil }, output: writing, error: -1)
            terminal.print("half a result")
            #expect(terminal.finish(terminal.report(report)) == .notFound)
            let expected =
                #"{"error":{"code":"report.not-found","exit":3,"message":"No “K7”.","lost":false,"#
                + #""loss":"No data was lost.","next":"See the list."}}"#
            #expect(readAvailable(reading) == expected + "\n")
        }
    }

    @Test func aLossIsNamed() {
        var json = JSONWriter()
        ErrorReport(
            .inputOutput, happened: Phrase(.verbatim("x")), loss: .some(Phrase(.verbatim("y"))),
            next: Phrase(.verbatim("z"))
        )
        .write(to: &json, language: .en)
        let text = String(decoding: json.bytes, as: UTF8.self)
        #expect(text.contains(#""code":"input-output""#) && text.contains(#""lost":true,"loss":"y""#))
    }

    @Test func aReaderThatWentAwayIsNotWorthAWord() {
        withPipe { reading, writing in
            withPipe { errorReading, errorWriting in
                let terminal = Terminal(
                    GlobalOptions(), environment: { _ in nil }, output: writing, error: errorWriting)
                close(reading)
                terminal.print("x")
                #expect(terminal.finish(.ok) == .outputClosed)
                #expect(terminal.finish(.notFound) == .notFound)
                terminal.err.write("end")
                terminal.err.flush()
                #expect(readAvailable(errorReading) == "end")
            }
        }
    }

    @Test func aFullDiskIsReportedOnce() {
        let full = open("/dev/full", O_WRONLY)
        withPipe { reading, writing in
            let terminal = Terminal(GlobalOptions(), environment: { _ in nil }, output: full, error: writing)
            terminal.print(String(repeating: "x", count: 200_000))
            terminal.print("y")
            #expect(terminal.finish(.ok) == .inputOutput)
            #expect(readAvailable(reading).hasPrefix("Error: The output could not be written: no space is left.\n"))
        }
        close(full)
    }

    @Test func remarksAreLeftOutWhenNotWanted() {
        withPipe { reading, writing in
            var globals = GlobalOptions()
            globals.quiet = true
            let quiet = Terminal(globals, environment: { _ in nil }, output: writing, error: writing)
            quiet.remark(.verbatim("remark"))
            quiet.print(.verbatim("{0}"), "result\u{1B}")
            quiet.warn(.verbatim("careful"))
            #expect(quiet.finish(.ok) == .ok)
            #expect(readAvailable(reading) == "result\nNote: careful\n")
        }
    }

    @Test func withoutATerminalNothingIsAsked() {
        withPipe { _, writing in
            let prompt = Prompt(Terminal(GlobalOptions(), environment: { _ in nil }, output: writing, error: writing))
            #expect(!prompt.isPossible)
            #expect(prompt.line(.verbatim("?")) == nil)
            #expect(prompt.secret(.verbatim("?")) == nil)
            #expect(prompt.confirm(.verbatim("?"), assumed: true) == nil)
        }
        #expect(Prompt.meaning(of: "Có".decomposedStringWithCanonicalMapping) == true)
        #expect(Prompt.meaning(of: " K") == false)
        #expect(Prompt.meaning(of: "maybe") == nil)
    }
}

@Suite struct HelpTests {
    @Test func theOverviewGroupsTheCommands() {
        let text = HelpPage(sampleProgram, language: .vi).text(for: [])
        let expected = """
            ward – Sổ tay của phường

            Cách dùng
              ward <lệnh> [tuỳ chọn]

            Phản ánh
              report      Gửi và theo dõi phản ánh

            Đồng bộ
              sync        Đồng bộ
              task        Nhiệm vụ

            Trợ giúp
              help        Giải thích một lệnh hoặc một chủ đề
              completion  In phần gợi ý lệnh cho trình vỏ
              man         Ghi các trang hướng dẫn man

            Chủ đề
              rain        Khi trời mưa
              exit-codes  Mã thoát của chương trình

            Xem hướng dẫn của một lệnh: ward <lệnh> --help
            Đọc một chủ đề: ward help <chủ đề>

            """
        #expect(text == expected)
    }

    @Test func aTopicListsItsCommandsAndACommandItsParts() {
        let topic = HelpPage(sampleProgram, language: .en).text(for: ["report"])
        for word in ["ward report – File and follow reports", "  new ", "  list ", "  show "] {
            #expect(topic.contains(word))
        }
        let command = HelpPage(sampleProgram, language: .en).text(for: ["report", "new"])
        for part in [
            "ward report new --title <value> [options]", "Saved at once", "-t, --title <value>", "title (required)",
            "low|normal|high", "(default: $WARD_URGENCY)", "(may be repeated)", "--home <dir>", "Examples",
        ] {
            #expect(command.contains(part), "\(part)")
        }
        #expect(HelpPage(sampleProgram, language: .en).text(for: ["report", "show"]).contains("show <code> [<more>…]"))
        #expect(HelpPage(sampleProgram, language: .en).text(for: ["sync"]).contains("status"))
    }

    @Test func pagesFitTheTerminal() {
        for language in Language.allCases {
            for columns in [40, 60, 80, 200] {
                let text = HelpPage(sampleProgram, language: language, columns: columns).text(for: [])
                #expect(text.split(separator: "\n").allSatisfy { DisplayWidth.of(String($0)) <= min(columns, 100) })
            }
        }
    }
}
