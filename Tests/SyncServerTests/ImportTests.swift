// Imports: again and again, with every oddity that exports have.
import Glibc
import SyncKit
import Testing

@testable import SyncServer

@Suite struct ImportTests {
    let ward: TestHome

    init() throws { ward = try TestHome() }

    /// NDJSON of made-up procedures.
    static func procedures(_ count: Int, bytes: Int, mark: String = "") -> String {
        (0..<count).map { number in
            let line = "Bước \(number): nộp hồ sơ\(mark), chờ kết quả."
            let steps = String(repeating: line + "\\n", count: max(1, bytes / (line.utf8.count + 1)))
            return "{\"code\": \"1.\(100_000 + number)\", \"name\": \"Thủ tục \(number)\", \"steps\": \"\(steps)\"}\n"
        }.joined()
    }

    private func totals(_ report: ImportReport) -> [Int] {
        [report.new, report.changed, report.unchanged, report.refused]
    }

    private func rows(_ csv: String) throws -> [SourceRow] { try rows(Bytes(csv.utf8)) }

    private func rows(_ csv: Bytes) throws -> [SourceRow] {
        var source = try CSVRows(
            try ByteStream(path: try ward.directory.write("rows.csv", csv)), required: ["code", "step"])
        var found: [SourceRow] = []
        while let row = try source.next() { found.append(row) }
        return found
    }

    @Test func theSamplesAreTakenOverOnceAndThenNothingChanges() throws {
        let samples = try #require(#filePath.firstRange(of: "/Tests/")).lowerBound
        let root = String(#filePath[..<samples])
        for (kind, file, count) in [
            (ImportKind.areas, "areas-06685.ndjson", 14), (.procedures, "procedures.ndjson", 10),
            (.dossiers, "dossiers.csv", 10),
        ] {
            let path = "\(root)/Samples/\(file)"
            #expect(totals(try ward.run(kind, path)) == [count, 0, 0, 0])
            let size = try ward.ask(.status(area: nil))["log_size"]
            #expect(totals(try ward.run(kind, path)) == [0, 0, count, 0])
            #expect(try ward.ask(.status(area: nil))["log_size"] == size)
        }
    }

    @Test func onlyWhatDiffersBecomesAChange() throws {
        func run(_ text: String) throws -> [Int] {
            totals(try ward.run(.procedures, try ward.directory.write("p.ndjson", text.utf8)))
        }
        let long = String(repeating: "Giấy tờ cần nộp\\n", count: 9000)
        #expect(try run("{\"code\":\"1\",\"name\":\"A\",\"level\":\"x\",\"papers\":\"\(long)\"}") == [1, 0, 0, 0])
        // A field that is not named is left alone; text that is written otherwise is the same text.
        #expect(try run("{\"code\":\"1\",\"name\":\" A \"}") == [0, 0, 1, 0])
        #expect(try run("{\"code\":\"1\",\"name\":\"A\",\"papers\":\"ít\",\"level\":null}") == [0, 1, 0, 0])
        #expect(try run("{\"code\":\"1\",\"name\":\"A\",\"papers\":\"ít\",\"level\":\"\"}") == [0, 0, 1, 0])
        #expect(try run("{\"code\":\"1\",\"name\":\"A\"}\n{\"code\":\"1\",\"name\":\"B\"}") == [0, 1, 1, 0])
        // Decomposed letters are the same text.
        #expect(
            try run("{\"code\":\"2\",\"name\":\"Phường\"}\n{\"code\":\"2\",\"name\":\"Phu\u{31B}\u{300}\u{6F}ng\"}")[3]
                == 0)
        #expect(try ward.ask(.status(area: nil))["documents"]["procedure"].integer == 2)
    }

    @Test func aLongTextComesBackWholeOnADevice() throws {
        let text = (0..<9000).map { "Giấy tờ số \($0)" }.joined(separator: "\n")
        let line =
            "{\"code\":\"1.1\",\"name\":\"A\",\"papers\":\"\(text.split(separator: "\n").joined(separator: "\\n"))\"}"
        #expect(text.utf8.count > 130_000)
        #expect(totals(try ward.run(.procedures, try ward.directory.write("p.ndjson", line.utf8))) == [1, 0, 0, 0])
        let server = try ward.serve()
        defer { server.inlets.close(drainSeconds: 0) }
        let device = try ward.device()
        let report = try TestRequest(port: server.port).sync(device)
        let id = try #require(report.documents.first)
        let state = try #require(try device.document(id)).state
        var whole = ""
        var key: UInt32 = 0
        while let entry = state.shown(Slot(field: ProcedureField.papers, key: key)) {
            let part = try #require(try CBORValue(decoding: entry.value).string)
            whole += part
            #expect(part.utf8.count <= TextParts.longest)
            #expect(part.hasSuffix("\n") || whole.utf8.count == text.utf8.count)
            key += 1
        }
        #expect(whole.utf8.elementsEqual(text.utf8) && key > 10)
    }

    @Test func partsAreCutAtLinesThenBetweenCharacters() {
        #expect(TextParts.split("", longest: 10).isEmpty)
        #expect(TextParts.split("một\nhai\nba", longest: 11) == ["một\nhai\n", "ba"])
        let word = String(repeating: "ườ", count: 50)
        let parts = TextParts.split("a\n" + word, longest: 16)
        #expect(parts.joined().utf8.elementsEqual("a\n\(word)".utf8) && parts.allSatisfy { $0.utf8.count <= 16 })
        let stack = "o" + String(repeating: "\u{301}", count: 40)
        #expect(TextParts.split(stack, longest: 16).allSatisfy { $0.utf8.count <= 16 })
    }

    @Test func rowsThatAreNotRightAreNamedAndTheRestGoesOn() throws {
        let text = """
            {"code": "06685", "name": "Phường", "level": "ward", "parent": null}
            {"code": "06685.01", "name": "Khu phố 1"
            {"code": "không phải mã", "name": "Khu phố 2"}
            {"code": "06685.03"}

            {"code": "06685.04", "name": "\(String(repeating: "x", count: 401))"}
            {"code": "06685.05", "code": "06685.06", "name": "hai mã"}
            {"code": "06685.07", "name": ["danh sách"]}
            {"code": "06685.08", "name": "Khu \\u0070h\\u1ed1 8", "level": garbage}
            {"code": "06685.09", "name": "Khu \\u0070h\\u1ed1 9", "level": "neighborhood"} x
            {"code": "06685.10", "name": "Khu \\u0070h\\u1ed1 10 \\ud83d\\ude00"}
            """
        let report = try ward.run(.areas, try ward.directory.write("a.ndjson", text.utf8))
        #expect(totals(report) == [2, 0, 0, 8])
        #expect(report.refusals.map(\.line) == [2, 3, 4, 6, 7, 8, 9, 10])
        #expect(
            report.refusals.map(\.problem) == [
                .notJSON, .badValue(field: "code"), .missing(field: "name"), .tooLong(field: "name"), .notJSON,
                .notJSON,
                .notJSON, .notJSON,
            ])
    }

    @Test func csvIsReadAsItIsMeant() throws {
        let found = try rows(
            "\u{FEFF}code,step,extra\r\nA,\"hai, dòng\r\nvà \"\"nháy\"\"\",\r\n\r\nB,,x\nC,\"\",\"\"")
        #expect(found.map(\.line) == [2, 5, 6])
        let contents = try found.map { try $0.content.get() }
        #expect(contents[0]["step"] == "hai, dòng\r\nvà \"nháy\"")
        #expect(contents[1] == ["code": "B", "step": "", "extra": "x"])
        #expect(contents[2] == ["code": "C", "step": "", "extra": ""])
        #expect(try rows("code;step\nA;1,5\n").first?.content.get() == ["code": "A", "step": "1,5"])
        #expect(try rows("code\tstep\nA\t1\n").first?.content.get()["step"] == "1")
    }

    @Test func csvThatCouldMeanTwoThingsIsRefusedRowByRow() throws {
        let found = try rows(
            "code,step\nA,x\"y\nB,\"x\"y\nC,1,2\nD\nE,ok\n\"F\",\"\(String(repeating: "z", count: 20_000))\"\nG,ok\nH,\"open\nI,ok\n"
        )
        let problems = found.map { row -> RowProblem? in
            if case .failure(let problem) = row.content { return problem }
            return nil
        }
        #expect(
            problems == [
                .badQuotes, .badQuotes, .wrongCellCount, .wrongCellCount, nil, .tooLong(field: "cell"), nil, .badQuotes,
            ])
        let foreign = try rows(Bytes("code,step\nA,".utf8) + [0xD5, 0xE2] + Bytes("\nB,ok\n".utf8))
        #expect(foreign.count == 2)
        #expect(throws: RowProblem.notUTF8) { try foreign[0].content.get() }
        #expect(try foreign[1].content.get()["code"] == "B")
    }

    @Test func wholeFilesInOtherFormsAreRefusedClearly() throws {
        #expect(throws: ImportFailure.encoding("UTF-16")) { try rows([0xFF, 0xFE, 0x63, 0x00]) }
        #expect(throws: ImportFailure.encoding("UTF-16/UTF-32")) { try rows([0x63, 0x00, 0x6F, 0x00]) }
        #expect(throws: ImportFailure.missingColumn("step")) { try rows("code,other\nA,b\n") }
        #expect(throws: ImportFailure.repeatedColumn("code")) { try rows("code,step,CODE\n") }
        #expect(throws: ImportFailure.badHeader) { try rows("co\"de,step\n") }
        let nothing = ward.directory.path + "/nothing.csv"
        #expect(throws: ImportFailure.file(FileError(.missing, nothing))) { try ward.run(.dossiers, nothing) }
        let empty = try ward.directory.write("empty.csv", [])
        #expect(throws: ImportFailure.empty) { try ward.run(.dossiers, empty) }
    }

    @Test func randomBytesNeverTrapAReader() throws {
        var chance = ServerChance("csv and json fuzz")
        let alphabet = Array("\"\"\"\\,;\n\r{}:u0ad\u{301}".utf8) + [0xFF, 0x00]
        for _ in 0..<300 {
            let bytes = (0..<chance.below(80)).map { _ in alphabet[chance.below(alphabet.count)] }
            _ = try? rows(Bytes("code,step\n".utf8) + bytes)
            var json = FlatJSON(String(decoding: bytes, as: UTF8.self))
            _ = json.object()
        }
    }

    @Test func dossiersAreReadWithinTheirBounds() throws {
        let header = Dossier.columns.joined(separator: ",")
        let text = """
            \(header)
            000.1,K7,10,Xong,Phường,2026-11-03,04/11/2026,,2026-11-04T09:12:00+07:00
            000.2,K7,11,x,y,,,,2026-11-04
            000.3,--,4,x,y,,,,2026-11-04
            000.4,K7,4,x,y,31/02/2026,,,2026-11-04
            000.5,K7,4,x,y,,,,hôm qua
            ,K7,4,x,y,,,,2026-11-04
            """
        let path = try ward.directory.write("d.csv", text.utf8)
        let report = try ward.run(.dossiers, path)
        #expect(totals(report) == [1, 0, 0, 5])
        #expect(
            report.refusals.compactMap(\.problem.field) == [
                "status", "second_secret", "received", "updated_at", "code",
            ])
        #expect(Dossier.moment("2026-11-04T09:12:00+07:00") == 1_793_758_320)
        #expect(Dossier.moment("2026-11-04T02:12:00Z") == 1_793_758_320)
        #expect(Dossier.moment("2026-11-04 09:12") == 1_793_758_320)
        #expect(Dossier.moment("2026-11-04T25:12:00Z") == nil)
        let ndjson =
            "{\"code\":\"000.1\",\"second_secret\":\"K7\",\"status\":9,\"step\":\"Xong\",\"updated_at\":\"2026-11-05\"}"
        #expect(totals(try ward.run(.dossiers, try ward.directory.write("d.ndjson", ndjson.utf8))) == [0, 1, 0, 0])
    }
}
