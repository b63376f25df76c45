// CSV as exports really write it: separators, heads, quotation marks, and how what is broken is told and passed over.
import SyncKit
import Testing

@testable import SyncServer

@Suite struct CSVTests {
    private static let table = ColumnTable([
        Column("code", required: true, ["ma ho so"]), Column("step", required: true, ["buoc xu ly"]),
        Column("due", ["hen tra"]),
    ])

    private func read(_ csv: String) throws -> (rows: [SourceRow], source: CSVRows) { try read(Bytes(csv.utf8)) }

    private func read(_ csv: Bytes) throws -> (rows: [SourceRow], source: CSVRows) {
        var source = try CSVRows(try TextStream(bytes: csv), Self.table, longestCell: 16 * 1024)
        var found: [SourceRow] = []
        while let row = try source.next() { found.append(row) }
        return (found, source)
    }

    private func problems(_ csv: String) throws -> [String] {
        try read(csv).rows.map { row in
            switch row.content {
            case .success(let fields): "\(row.line) \(Self.text(fields["code"]))"
            case .failure(let problem): "\(row.line) \(problem.code)"
            }
        }
    }

    private static func text(_ value: FieldValue?) -> String {
        if case .text(let text)? = value { return text }
        return "?"
    }

    @Test func cellsHoldSeparatorsLineEndsAndQuotationMarks() throws {
        let rows = try read("\u{FEFF}code,step,extra\r\nA,\"hai, dòng\r\nvà \"\"nháy\"\"\",\r\n\r\nB,,x\nC,\"\",\"\"")
            .rows
        #expect(rows.map(\.line) == [2, 5, 6])
        let contents = try rows.map { try $0.content.get() }
        #expect(contents[0]["step"] == .text("hai, dòng\r\nvà \"nháy\""))
        #expect(contents[1] == ["code": .text("B"), "step": .text("")])
        #expect(contents[2]["step"] == .text(""))
    }

    @Test(arguments: ["\n", "\r\n", "\r"], [",", ";", "\t"])
    func everyLineEndAndEverySeparatorIsFoundOut(end: String, separator: String) throws {
        let lines = [["step", "code"], ["1.5", "A"], ["\"x\(end)y\"", "B"], ["đ", "C"]]
        let csv = lines.map { $0.joined(separator: separator) }.joined(separator: end)
        let rows = try read(csv).rows
        #expect(try rows.map { Self.text(try $0.content.get()["code"]) } == ["A", "B", "C"])
        #expect(rows.map(\.line) == [2, 3, 5])
    }

    @Test func theLineThatExcelNamesTheSeparatorInIsNoHead() throws {
        #expect(try problems("sep=;\ncode;step\nA;1,2\n") == ["3 A"])
        #expect(try problems("sep=,\ncode,step\nA,1\n") == ["3 A"])
        #expect(try problems("sep=\t\ncode\tstep\nA\t1\n") == ["3 A"])
    }

    @Test func theHeadIsReadInVietnameseInAnyOrderBelowATitle() throws {
        let csv = """
            DANH SÁCH HỒ SƠ;;;
            Từ ngày 01/11/2026 đến ngày 30/11/2026;;;

            STT;HẸN TRẢ;Mã hồ sơ (*);Buoc xu ly
            1;01/12/2026;A;Xong
            ;;;
            """
        let (rows, source) = try read(csv)
        #expect(rows.count == 1 && rows.first?.line == 5)
        #expect(
            try rows.first?.content.get() == ["code": .text("A"), "step": .text("Xong"), "due": .text("01/12/2026")])
        #expect(source.label("code") == "Mã hồ sơ (*)")
        #expect(source.unknownColumns.map(\.label) == ["STT"])
    }

    @Test func aHeadThatDoesNotFitIsToldWithWhatMayBeMeant() throws {
        #expect(throws: ImportFailure.missingColumns([MissingColumn(name: "step", nearest: nil)])) {
            try read("code,other\nA,b\n")
        }
        #expect(throws: ImportFailure.missingColumns([MissingColumn(name: "step", nearest: "Buớc xử lí")])) {
            try read("Mã hồ sơ,Buớc xử lí\nA,b\n")
        }
        #expect(throws: ImportFailure.repeatedColumn("code", "Mã hồ sơ")) { try read("code,step,Mã hồ sơ\n") }
        #expect(throws: ImportFailure.badHeader) { try read("co\"de,step\n") }
        #expect(throws: ImportFailure.empty) { try read(Bytes()) }
        #expect(throws: ImportFailure.empty) { try read([0xEF, 0xBB, 0xBF]) }
    }

    @Test func whatCouldMeanTwoThingsIsRefusedRowByRow() throws {
        let csv = """
            code,step
            A,x"y
            B,"x"y
            C,1,2
            D
            E,ok,
            "F","\(String(repeating: "z", count: 20_000))"
            G,ok
            """
        #expect(
            try problems(csv) == [
                "2 bad-quotes", "3 bad-quotes", "4 wrong-cell-count", "5 wrong-cell-count", "6 E", "7 too-long", "8 G",
            ])
    }

    @Test func aFieldOfAHundredThousandCharactersGoesAndTheRestGoesOn() throws {
        let long = String(repeating: "ộ", count: 100_000)
        let rows = try read("code,step\nA,\"\(long)\n\(long)\"\nB,\(long)\nC,ok\n").rows
        #expect(rows.map(\.line) == [2, 4, 5])
        for row in rows.prefix(2) {
            #expect(throws: RowProblem.tooLong(field: "step", most: 16 * 1024)) { try row.content.get() }
        }
        #expect(try rows[2].content.get()["code"] == .text("C"))
    }

    @Test func aQuotationThatIsNotClosedCostsItsOwnLineOnly() throws {
        #expect(try problems("code,step\nA,\"open\nB,ok\nC,ok\n") == ["2 unclosed-quote", "3 B", "4 C"])
        #expect(
            try problems("code,step\nA,\"open\nB,ok\nC,\"fine\"\nD,ok") == ["2 unclosed-quote", "3 B", "4 C", "5 D"])
        #expect(try problems("code,step\nA,ok\nB,\"open") == ["2 A", "3 unclosed-quote"])
        let many = (0..<300).map { "A\($0),\"open \($0)" }.joined(separator: "\r\n")
        #expect(try problems("code,step\r\n\(many)").allSatisfy { $0.hasSuffix("unclosed-quote") })
        #expect(try problems("code,step\r\n\(many)").count == 300)
        let far = String(repeating: "B,ok\n", count: 500_000)
        #expect(try problems("code,step\nA,\"open\n\(far)").prefix(2) == ["2 unclosed-quote", "3 B"])
    }

    @Test func bytesThatAreNoTextAreNamedByTheirPlace() throws {
        let csv = Bytes("code,step\nA,\"x\"\"".utf8) + [0xD5, 0xE2] + Bytes("\"\nB,ố ok\n".utf8)
        let rows = try read(csv).rows
        #expect(rows.count == 2)
        #expect(throws: RowProblem.notText(offset: 16, .utf8)) { try rows[0].content.get() }
        #expect(csv[16] == 0xD5)
        #expect(try rows[1].content.get()["code"] == .text("B"))
    }

    @Test func randomChangesOfRealFilesNeverTrapTheReaderNorLoseRowsUntold() throws {
        var chance = ServerChance("csv fuzz")
        let seeds = [
            "code,step\nA,\"một, hai\"\nB,\"ba\"\"bốn\"\nC,\nD,ok\n",
            "Mã hồ sơ;Bước xử lý;Hẹn trả\r\nA;\"x\r\ny\";01/02/2026\r\nB;z;\r\n",
        ].map { Bytes($0.utf8) }
        let pieces =
            ["\"", ",", ";", "\t", "\n", "\r", "\"\"", "\0", "\u{1B}[2J", "\u{202E}", "😀", "sep=;\n", "ộ"]
            .map { Bytes($0.utf8) } + [[0xFF], [0xD5], [0xFF, 0xFE], [0xEF, 0xBB, 0xBF], [0xCC]]
        for _ in 0..<100_000 {
            var bytes = seeds[chance.below(seeds.count)]
            for _ in 0...chance.below(4) {
                let place = chance.below(bytes.count)
                switch chance.below(3) {
                case 0: bytes.insert(contentsOf: pieces[chance.below(pieces.count)], at: place)
                case 1: bytes.remove(at: place)
                default: bytes[place] = UInt8(truncatingIfNeeded: chance.next())
                }
                if bytes.isEmpty { bytes = [0x41] }
            }
            guard let (rows, _) = try? read(bytes) else { continue }
            // Each row begins in a line of its own, and no line is told twice.
            for (row, following) in zip(rows, rows.dropFirst()) where row.line >= following.line {
                Issue.record("\(row.line) before \(following.line): \(bytes)")
            }
        }
    }
}
