// Values that nobody wrote yet, typed at the console: what fits a field, and nothing else.
import SyncKit
import Testing
import WardWords

@testable import SyncServer

@Suite struct ConsoleValueTests: ConsoleWardTests {
    let served: ServedConsole

    init() throws { served = try ServedConsole() }

    private struct Typed {
        var kind = DocumentKind.report
        var field: UInt8
        var good: [(String, CBORValue)]
        var bad: [String]
    }

    private static let table: [Typed] = [
        Typed(
            field: ReportField.area, good: [("06685.05", .text("06685.05")), (" 06685 ", .text("06685"))],
            bad: ["", "07000.01", "066851", "Hà Tu", "06685/5", "06685." + String(repeating: "1", count: 40)]),
        Typed(
            field: ReportField.location,
            good: [
                ("20.9511, 107.08", .array([.unsigned(209_511_000), .unsigned(1_070_800_000), .unsigned(0)])),
                ("-20.5,107,15", .array([CBORValue(-205_000_000), .unsigned(1_070_000_000), .unsigned(15)])),
            ], bad: ["", "20.95", "91,0", "0,181", "20.95, 107.08, -1", "1e1,2", "20,95, 107,08, 3"]),
        Typed(
            field: ReportField.visibility, good: [("limited", .text("limited"))], bad: ["", "Limited", "made-up"]),
        Typed(field: ReportField.urgency, good: [("high", .text("high"))], bad: ["highest"]),
        Typed(
            kind: .task, field: TaskField.priority, good: [("1", .unsigned(1)), ("5", .unsigned(5))],
            bad: ["", "0", "6", "-1", "1.5", "9999", "x"]),
        Typed(kind: .task, field: TaskField.checked, good: [("yes", .bool(true)), ("no", .bool(false))], bad: ["1"]),
        Typed(kind: .task, field: TaskField.household, good: [], bad: ["x"]),
    ]

    @Test func whatIsTypedFitsItsFieldOrIsRefused() throws {
        defer { stop() }
        let context = ConsoleContext(
            wardName: "Hồng Gai", wardArea: "06685", words: ValueWords(.vi), session: nil,
            page: PagePath("/console"), now: 0)
        for row in Self.table {
            let spec = try #require(Schema.field(row.kind, row.field))
            let other = OtherValue(context: context, kind: row.kind)
            #expect(other.isPossible(spec) == !row.good.isEmpty, "\(spec.name)")
            func read(_ typed: String) -> CBORValue? {
                FormFields(("other=" + PercentCoding.encode(typed)).utf8).flatMap { other.read($0, spec) }
            }
            for (typed, value) in row.good {
                #expect(read(typed) == value, "\(spec.name): \(typed)")
                #expect(spec.type.fits(value.encoded))
            }
            for typed in row.bad { #expect(read(typed) == nil, "\(spec.name): \(typed)") }
        }
        // Every field that a person can be asked about has a control, private ones and lists apart.
        for kind in DocumentKind.allCases {
            for spec in Schema.fields(of: kind) where spec.merge == .register && spec.policy != .auto {
                #expect(OtherValue(context: context, kind: kind).isPossible(spec), "\(kind) \(spec.name)")
            }
        }
    }

    @Test func anotherAreaIsWrittenForEverybody() throws {
        defer { stop() }
        let officer = try join(.officer, "Cán bộ", "06685")
        let other = try join(.officer, "Cán bộ hai", "06685")
        let report = try officer.commit(reportDraft("Đèn hỏng")).document
        for device in [officer, other] { try http.sync(device) }
        for (device, area) in [(officer, "06685.04"), (other, "06685.05")] {
            var draft = ChangeSetDraft(kind: .report, document: report)
            draft.perform(.set(Slot(field: ReportField.area)), .text(area))
            _ = try device.commit(draft)
            try http.sync(device)
        }
        let page = try ha.get(path(report, ReportField.area))
        #expect(page.body.contains("id=\"other\"") && page.body.contains("Mã địa bàn trong phường, ví dụ 06685.03"))
        let fields = form(page, choose: "edit", reason: "Theo bản đồ")
        #expect(try ha.post("/console/decide", fields + [("other", "07000.01")]).status == 400)
        #expect(try ha.post("/console/decide", fields + [("other", "06685.06")]).status == 303)
        try http.sync(officer)
        let state = try #require(try officer.document(report)?.state)
        #expect(state.text(ReportField.area) == "06685.06" && state.conflicts.isEmpty)
    }
}
