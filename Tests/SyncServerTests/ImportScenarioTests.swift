// Imports from end to end: real files, the real program, a served ward and devices that sync with it.
import CommandLineKit
import Glibc
import SyncKit
import Testing

@testable import SyncServer

@Suite(.serialized) struct ImportScenarioTests {
    let ward: TestHome

    init() throws { ward = try TestHome() }

    private func totals(_ report: ImportReport) -> [Int] {
        [report.new, report.changed, report.unchanged, report.refused]
    }

    private func run(_ kind: ImportKind, _ text: String, _ options: ImportOptions = ImportOptions()) throws
        -> ImportReport
    {
        try ward.run(kind, try ward.directory.write("data", text.utf8), options)
    }

    static func dossiers(_ range: Range<Int>, status: Int = 4) -> String {
        range.map { "000.00.01.H49-261103-\($0),K\($0),\(status),Xác minh tại nơi cư trú,Tư pháp,,,,2026-11-05\n" }
            .joined()
    }
    static let head = "code,second_secret,status,step,agency,received,due,missing_papers,updated_at\n"

    // MARK: Areas

    @Test func anOldWardsNameFindsTheNewOneOnADevice() throws {
        let json = """
            [{"code":"22","name":"Tỉnh Quảng Ninh","wards":[{"code":"06685","name":"Phường Hồng Gai",
              "valid_from":"2025-07-01","merged_from":[{"code":"06685","name":"Phường Trần Hưng Đạo"},"06691 Phường Hồng Gai",
              "Phường Bạch Đằng"]}]}]
            """
        #expect(totals(try run(.areas, json)) == [2, 0, 0, 0])
        #expect(totals(try run(.areas, json)) == [0, 0, 2, 0])
        let server = try ward.serve()
        defer { server.inlets.close(drainSeconds: 0) }
        let device = try ward.device()
        try TestRequest(port: server.port).sync(device)
        for old in ["bach dang", "Trần Hưng", "HONG GAI"] {
            #expect(try device.search(.area, old).map(\.listing.title) == ["Phường Hồng Gai"])
        }
        let id = try #require(try device.search(.area, "bach dang").first?.id)
        var state = try #require(try device.document(id)).state
        func texts(_ field: UInt8) -> [String] {
            state.entries(field).compactMap { (try? CBORValue(decoding: $0.value))?.string }.sorted()
        }
        #expect(texts(AreaField.mergedFrom) == ["06685", "06691"])
        #expect(texts(AreaField.formerNames).count == 3)
        #expect(state.value(AreaField.validFrom)?.integer == CivilDate.parse("2025-07-01")?.startSeconds())
        #expect(state.text(AreaField.level) == "ward" && state.text(AreaField.parent) == "22")
        // What the source no longer says is taken away; what it does not name is left.
        let less = "mã,tên,sáp nhập từ\n06685,Phường Hồng Gai,06685 - Phường Trần Hưng Đạo + Phường Bạch Đằng\n"
        #expect(totals(try run(.areas, less)) == [0, 1, 0, 0])
        try TestRequest(port: server.port).sync(device)
        state = try #require(try device.document(id)).state
        #expect(texts(AreaField.mergedFrom) == ["06685"])
        #expect(texts(AreaField.formerNames) == ["Phường Bạch Đằng", "Phường Trần Hưng Đạo"])
        #expect(state.text(AreaField.parent) == "22")
    }

    @Test func anAreaThatDoesNotExistIsToldWithTheNearestWhateverTheOrderOfTheFile() throws {
        let csv = """
            mã;tên;cấp;thuộc
            06685.03.1;Tổ 1;tổ dân phố;06685.03
            06685.03;Khu phố 3;khu phố;06685
            06687.04;Khu phố 4;khu phố;06687
            06685.05;Khu phố 5;khu phố;phuong hong gai
            06685.06;Khu phố 6;khu phố;06687.04
            """
        let report = try run(.areas, csv)
        #expect(totals(report) == [2, 0, 0, 3])
        #expect(report.refusals.map(\.line) == [4, 5, 6])
        #expect(
            report.refusals.map(\.problem) == [
                .unknownArea(field: "parent", value: "06687", nearest: "06685 (Phường Hồng Gai)"),
                .unknownArea(field: "parent", value: "phuong hong gai", nearest: "06685 (Phường Hồng Gai)"),
                .unknownArea(field: "parent", value: "06687.04", nearest: report.refusals.last?.problem.nearest),
            ])
        #expect(report.refusals.first?.column == "thuộc")
    }

    // MARK: Places

    @Test func placesAreFoundAgainByNameAndWhereNamesRepeatByAddressToo() throws {
        let head = "tên,loại,địa chỉ,vĩ độ,kinh độ,sđt\n"
        let station = "Trạm y tế,trạm y tế,Số 15,\"20,94981234\",107.0811,0203\n"
        let wifi = "Wifi,wifi,Bến tàu,,,\nWifi,wifi,Chợ,20.9,107,\n"
        #expect(totals(try run(.places, head + station + wifi)) == [3, 0, 0, 0])
        #expect(totals(try run(.places, head + station + wifi)) == [0, 0, 3, 0])
        // It moved; one spot has a new one beside it.
        let moved = station.split(separator: "Số 15").joined(separator: "Số 18")
        #expect(totals(try run(.places, head + moved + wifi + "Wifi,wifi,Trường,,,\n")) == [1, 1, 2, 0])
        #expect(totals(try run(.places, "name,phone\ntram y te,0204\n")) == [0, 1, 0, 0])
        let twice = try run(.places, head + "Chợ,,Số 1,,,1\nChợ,,Số 1,,,1\nChợ,,số 1,,,2\n")
        #expect(totals(twice) == [1, 0, 1, 1] && twice.refusals.first?.problem == .repeated(line: 2))
    }

    @Test(arguments: [
        ("91", "107", "lat"), ("abc", "107", "lat"), ("20.9", "-180.00001", "lon"), ("20.9", "1e2", "lon"),
        ("20.9.1", "107", "lat"), ("9999999", "107", "lat"), ("--20", "107", "lat"), ("20.", "107", "lat"),
    ])
    func impossibleCoordinatesAreRefusedByTheirColumn(lat: String, lon: String, field: String) throws {
        let report = try run(.places, "name,lat,lon\nA,\(lat),\(lon)\nB,20.9,\n")
        #expect(report.refusals.map(\.problem.field) == [field, "lon"])
        #expect(Decimal7.parse("20,95112345") == 209_511_235 && Decimal7.parse("-0.5") == -5_000_000)
    }

    // MARK: Dossiers

    @Test func aDossierIsFoundHoweverItsCodeIsTyped() throws {
        #expect(
            totals(try run(.dossiers, Self.head + Self.dossiers(1..<3) + "A-1,k,4,,,,,,2026-11-05\n")) == [3, 0, 0, 0])
        let again = "000.00.01.h49 - 261103 - 0001,K1,4,Xác minh tại nơi cư trú,Tư pháp,,,,2026-11-05\n"
        #expect(totals(try run(.dossiers, Self.head + again)) == [0, 0, 1, 0])
        let server = try ward.serve()
        defer { server.inlets.close(drainSeconds: 0) }
        let device = try ward.device()
        func ask(_ code: String, _ secret: String) throws -> UInt8 {
            var draft = ChangeSetDraft(kind: .lookup)
            draft.perform(.set(Slot(field: LookupField.code)), .text(code))
            let id = try device.commit(draft, privates: [(Slot(field: LookupField.secret), secret)]).document
            try TestRequest(port: server.port).sync(device)
            return try #require(try device.document(id)).state.present.state
        }
        #expect(try ask(" 000.00.01.h49 261103 1", "k1") == UInt8(2))
        #expect(try ask("000.00.01.H49-261103-0002", "K2") == UInt8(2))
        #expect(try ask("000.00.01.H49-261103-0002", "K1") == UInt8(4))
        #expect(try ask("A-1", "K") == UInt8(2))
        #expect(try ask("a-1", "K") == UInt8(3))
    }

    @Test(arguments: [false, true])
    func everyEncodingGivesTheSameDossiersServedOrNot(isServed: Bool) throws {
        let server = isServed ? try ward.serve() : nil
        defer { server?.inlets.close(drainSeconds: 0) }
        let csv =
            "Mã hồ sơ;Mã tra cứu;Trạng thái;Bước xử lý;Cập nhật\r\n000.00.01.H49-261103-0001;K1;Đang xử lý;"
            + "\"Chờ công dân; mang \"\"căn cước\"\"\";05/11/2026 09:12\r\n"
        let little = EncodingTests.utf16(csv, bigEndian: false)
        let files: [Bytes] = [
            Bytes(csv.utf8), [0xEF, 0xBB, 0xBF] + Bytes(csv.utf8), [0xFF, 0xFE] + little, little,
            EncodingTests.utf16(csv, bigEndian: true), try EncodingTests.windows1258(csv),
        ]
        for (place, bytes) in files.enumerated() {
            let report = try ward.run(.dossiers, try ward.directory.write("d.csv", bytes))
            #expect(totals(report) == (place == 0 ? [1, 0, 0, 0] : [0, 0, 1, 0]), "file \(place)")
        }
    }

    @Test func whatATerminalWouldObeyIsRefusedOrTakenOut() throws {
        let csv =
            Self.head + "A\u{1B}[2J,k,4,,,,,,2026-11-05\nB,k,4,\u{202E}đảo 😀\u{200B},,,,,2026-11-05\n"
            + "C,k,4,x\0y,,,,,2026-11-05\nD,k,\u{1B}]0;title\u{07},,,,,,2026-11-05\n=1+1,k,99,,,,,,2026-11-05\n"
        let path = try ward.directory.write("d.csv", csv.utf8)
        let report = ward.directory.path + "/report.csv"
        let run = try ward.command("import", "dossiers", path, "--report", report, "--json")
        #expect(run.code == ExitCode.refused.rawValue)
        let answer = try #require(JSONValue(Bytes(run.text.utf8)))
        #expect(answer["new"] == .number("1") && answer["refused"] == .number("4"))
        let bytes = try HomeFiles.read(report, max: 1 << 20)
        #expect(!bytes.contains { $0 < 0x20 && $0 != 0x0A })
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        #expect(lines.count == 5 && lines[1].contains("control-character") && lines[1].contains("U+001B"))
        #expect(lines.last?.contains(",'=1+1,") == true)
        #expect(totals(try self.run(.dossiers, Self.head + "B,k,4,đảo 😀,,,,,2026-11-05\n")) == [0, 0, 1, 0])
    }

    // MARK: The command

    @Test func aTrialWritesNothingAndSaysTheSame() throws {
        let options = ImportOptions(isTrial: true)
        let areas = "code,name\n06685.01,Khu phố 1\n06685.02\n"
        let size = try ward.ask(.status(area: nil))["log_size"]
        for _ in 0..<2 {
            #expect(totals(try run(.areas, areas, options)) == [1, 0, 0, 1])
            #expect(totals(try run(.dossiers, Self.head + Self.dossiers(0..<700), options)) == [700, 0, 0, 0])
        }
        #expect(try ward.ask(.status(area: nil))["log_size"] == size)
        #expect(totals(try run(.dossiers, Self.head + Self.dossiers(0..<700))) == [700, 0, 0, 0])
        let changed = Self.dossiers(0..<650) + Self.dossiers(650..<701, status: 9)
        #expect(totals(try run(.dossiers, Self.head + changed, options)) == [1, 50, 650, 0])
        #expect(totals(try run(.dossiers, Self.head + changed)) == [1, 50, 650, 0])
        let path = try ward.directory.write("a.csv", areas.utf8)
        let command = try ward.command("import", "areas", path, "--dry-run", "--lang", "vi")
        #expect(command.text.hasPrefix("Chạy thử, chưa ghi gì vào kho.\nMới: 1,"))
        #expect(try ward.ask(.status(area: nil))["documents"]["area"].integer == 0)
    }

    @Test func severalFilesAreImportedTogetherAndABadOneDoesNotStopTheOthers() throws {
        let first = try ward.directory.write("1.csv", (Self.head + Self.dossiers(0..<3)).utf8)
        let second = try ward.directory.write("2.csv", Bytes("PK\u{3}\u{4}xl/workbook.xml".utf8))
        let third = try ward.directory.write("3.csv", (Self.head + Self.dossiers(3..<5)).utf8)
        let run = try ward.command("import", "dossiers", first, second, third, "--lang", "en")
        #expect(run.code == ExitCode.refused.rawValue && run.text.hasPrefix("New: 5, changed: 0"))
        #expect(try ward.command("import", "dossiers", first, third).text.hasPrefix("New: 0, changed: 0, unchanged: 5"))
        #expect(try ward.command("import", "dossiers", second).text == "")
        #expect(try ward.command("import", "dossiers", first + "x").code == ExitCode.notFound.rawValue)
    }

    @Test func aReportOfRefusedRowsNeverTakesThePlaceOfAnotherFile() throws {
        let data = try ward.directory.write("d.csv", (Self.head + "x\n" + Self.dossiers(0..<1)).utf8)
        let before = try HomeFiles.read(data, max: 1000)
        #expect(try ward.command("import", "dossiers", data, "--report", data).code == ExitCode.refused.rawValue)
        #expect(try HomeFiles.read(data, max: 1000) == before)
        let report = ward.directory.path + "/report.csv"
        for _ in 0..<2 {
            _ = try ward.command("import", "dossiers", data, "--report", report)
            let lines = try HomeFiles.read(report, max: 10_000).split(separator: 0x0A)
            #expect(lines.count == 2)
        }
        let many = try ward.directory.write("m.csv", (Self.head + String(repeating: "x\n", count: 1500)).utf8)
        _ = try ward.command("import", "dossiers", many, "--report", report)
        #expect(try HomeFiles.read(report, max: 1 << 20).split(separator: 0x0A).count == 1501)
    }

    @Test func anInterruptedImportKeepsWhatItTookOverAndTheNextOneGoesOn() throws {
        let count = 12_000
        let text = Bytes((Self.head + Self.dossiers(0..<count)).utf8)
        let pipe = ward.directory.path + "/pipe"
        #expect(mkfifo(pipe, 0o600) == 0)
        let process = try ServerProcess(
            ["import", "dossiers", pipe, "--home", ward.home.path, "--lang", "en"], in: ward.directory)
        let writing = open(pipe, O_WRONLY)
        defer { close(writing) }
        var rest = text[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { write(writing, $0.baseAddress, $0.count) }
            try #require(written > 0)
            rest = rest.dropFirst(written)
        }
        // The pipe stays open: the import waits for more, or is still at work.
        process.signal(SIGINT)
        #expect(process.wait() == ExitCode.interrupted.rawValue)
        let kept = try #require(process.text.split(separator: " ").dropFirst().first.flatMap { Int($0.dropLast()) })
        #expect(process.text.contains("Stopped as asked after \(kept) rows"))
        #expect(kept > 0 && kept <= count && kept.isMultiple(of: ImportRun.batchRows))
        let path = try ward.directory.write("d.csv", text)
        let again = try #require(
            JSONValue(Bytes(try ward.command("import", "dossiers", path, "--json").text.utf8)))
        #expect(again["unchanged"] == .number(String(kept)) && again["new"] == .number(String(count - kept)))
        #expect(again["stopped"] == .bool(false))
    }

    @Test(.enabled(if: getenv("WARDSYNC_REAL_DATA") != nil))
    func theRealRegistersAreTakenOverOnceAndThenNothingChanges() throws {
        let folder = try #require(getenv("WARDSYNC_REAL_DATA").map { String(cString: $0) })
        for (kind, file, count) in [
            (ImportKind.areas, "areas-vn.json", 3355), (.procedures, "procedures-ward-vn.ndjson", 588),
        ] {
            #expect(totals(try ward.run(kind, "\(folder)/\(file)")) == [count, 0, 0, 0])
            #expect(totals(try ward.run(kind, "\(folder)/\(file)")) == [0, 0, count, 0])
        }
    }
}

extension RowProblem {
    fileprivate var nearest: String? {
        if case .unknownArea(_, _, let nearest) = self { return nearest }
        return nil
    }
}
