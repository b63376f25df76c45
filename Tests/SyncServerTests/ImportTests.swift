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

    @Test func theSamplesAreTakenOverOnceAndThenNothingChanges() throws {
        let samples = try #require(#filePath.firstRange(of: "/Tests/")).lowerBound
        let root = String(#filePath[..<samples])
        for (kind, file, count) in [
            (ImportKind.areas, "areas-06685.ndjson", 14), (.procedures, "procedures.ndjson", 10),
            (.dossiers, "dossiers.csv", 10), (.places, "places.csv", 5),
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
        #expect(try run("{\"code\":\"1\",\"name\":\"A\"}\n{\"code\":\"1\",\"name\":\"B\"}") == [0, 0, 1, 1])
        #expect(try run("{\"code\":\"1\",\"name\":\"A\"}\n{\"code\":\"1\",\"name\":\" A\"}") == [0, 0, 2, 0])
        // Decomposed letters are the same text.
        let decomposed = "Phu\u{31B}o\u{31B}\u{300}ng"
        #expect(!decomposed.utf8.elementsEqual("Phường".utf8))
        #expect(
            try run("{\"code\":\"2\",\"name\":\"Phường\"}\n{\"code\":\"2\",\"name\":\"\(decomposed)\"}") == [
                1, 0, 1, 0,
            ])
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
                .notJSON, .badValue(field: "code", value: "không phải mã"), .missing(field: "name"),
                .tooLong(field: "name", most: 400), .notJSON, .badValue(field: "name", value: "danh sách"), .notJSON,
                .notJSON,
            ])
    }

    @Test func dossiersAreReadWithinTheirBounds() throws {
        let header = ImportKind.dossiers.columns.columns.map(\.name).joined(separator: ",")
        let text = """
            \(header)
            000.1,K7,10,Xong,Phường,2026-11-03,04/11/2026,,2026-11-04T09:12:00+07:00
            000.2,K7,11,x,y,,,,2026-11-04
            000.3,--,4,x,y,,,,2026-11-04
            000.4,K7,4,x,y,31/02/2026,,,2026-11-04
            000.5,K7,4,x,y,,,,hôm qua
            ,K7,4,x,y,,,,2026-11-04
            000.6,K7,Đã trả kết quả,x,y,2026-13-40,,,2026-11-04
            000.7,K7,4 - Đang xử lý,x,y,3/11/2026 08:30,00/00/0000,,2026-11-04
            000.8,K7,5. Đang xử lý,x,y,,,,2026-11-04
            """
        let path = try ward.directory.write("d.csv", text.utf8)
        let report = try ward.run(.dossiers, path)
        #expect(totals(report) == [1, 0, 0, 8])
        #expect(
            report.refusals.map(\.problem) == [
                .badValue(field: "status", value: "11"), .badValue(field: "second_secret", value: "***"),
                .badDate(field: "received", value: "31/02/2026"), .badDate(field: "updated_at", value: "hôm qua"),
                .missing(field: "code"), .badDate(field: "received", value: "2026-13-40"),
                .badDate(field: "due", value: "00/00/0000"), .badValue(field: "status", value: "5. Đang xử lý"),
            ])
        let ndjson =
            "{\"code\":\"000.1\",\"second_secret\":\"K7\",\"status\":9,\"step\":\"Xong\",\"updated_at\":\"2026-11-05\"}"
        #expect(totals(try ward.run(.dossiers, try ward.directory.write("d.ndjson", ndjson.utf8))) == [0, 1, 0, 0])
    }

    @Test(
        arguments: [
            ("2026-11-04T09:12:00+07:00", 1_793_758_320), ("2026-11-04T02:12:00Z", 1_793_758_320),
            ("2026-11-04 09:12", 1_793_758_320), ("04/11/2026 9:12", 1_793_758_320),
            ("09:12 04/11/2026", 1_793_758_320),
            ("04/11/2026", 1_793_725_200), ("2026-11-04T25:12:00Z", nil), ("2026-11-04T09:12:00+7", nil),
            ("04/11/2026 09:12:00.000", 1_793_758_320), ("29/02/2027", nil), ("", nil), ("T", nil), ("::", nil),
        ] as [(String, Int64?)])
    func momentsAreReadAsExportsWriteThem(text: String, seconds: Int64?) {
        #expect(Moment(text)?.seconds == seconds)
    }
}
