// The completeness ledger on the command line: 100 %, or which file is missing, on whose device, since when.
import Glibc
import Testing

@testable import SyncKit
@testable import SyncServer

@Suite(.serialized) struct CompletenessTests {
    private let test: TestHome

    init() throws { test = try TestHome() }

    @Test func whatIsMissingIsNamedWithItsDeviceAndSinceWhenUntilItCame() throws {
        let server = try test.serve()
        defer { server.inlets.close(drainSeconds: 0) }
        let http = TestRequest(port: server.port)
        let none = try test.server("completeness")
        #expect(none.code == 0 && none.text.contains("100.0 % complete"), "\(none.text)")
        let lan = try test.phone("Lan", http, role: "volunteer")
        func paper(_ name: String, _ bytes: Int) throws -> String {
            try test.directory.write(name, Bytes("%PDF-1.7\n".utf8) + SystemRandomSource().bytes(bytes))
        }
        for (title, name, bytes) in [("Đèn hỏng", "mot.pdf", 9000), ("Cống vỡ", "hai.pdf", 200_000)] {
            let made = try lan.ward(
                "report", "new", "--title", title, "--area", "3", "--photo", try paper(name, bytes))
            #expect(made.code == 0, "\(made.errors)")
        }
        let filed = SystemTimeSource().nowSeconds()
        // Text alone: both are named, nothing of them is there.
        #expect(try lan.ward("sync", "--text-only", "--address", lan.address).code == 6)
        let empty = try test.server("completeness")
        #expect(empty.code == 6 && empty.text.contains("0.0 % complete: 0 of 2 files in 2 documents"), "\(empty.text)")
        // The small one, and a part of the other.
        #expect(try lan.ward("sync", "--budget", "100K", "--address", lan.address).code == 6)
        let part = try test.server("completeness")
        #expect(part.code == 6 && part.text.contains("50.0 % complete: 1 of 2 files in 2 documents"), "\(part.text)")
        let row = try #require(part.text.split(separator: "\n").first { $0.contains("Cống vỡ") })
        #expect(row.contains("Lan") && !part.text.contains("Đèn hỏng"), "\(part.text)")
        let share = row.split(separator: " ").enumerated().first { $0.element == "%" }?.offset ?? 0
        let held = try #require(Int(row.split(separator: " ")[max(0, share - 1)]), "\(row)")
        #expect(held > 0 && held < 100)

        let json = try test.server("completeness", "--json")
        #expect(json.code == 6 && json.text.contains("\"complete\":false") && json.text.contains("\"permille\":500"))
        #expect(json.text.contains("\"missing_count\":1") && json.json("name") == "Lan")
        #expect(json.json("device") == (try lan.id()))
        for key in ["since", "device_seen"] {
            let moment = try #require(json.json(key))
            let isNow = (filed - 60...filed + 60).contains { LocalTime(seconds: $0).iso8601 == moment }
            #expect(isNow, "\(key): \(moment)")
        }
        #expect(try lan.sync().code == 0)
        let whole = try test.server("completeness")
        #expect(whole.code == 0 && whole.text.contains("100.0 % complete: 2 of 2 files"), "\(whole.text)")
    }

    /// The photo of a report that is held is on a phone alone: that is not 100 %.
    @Test func filesOfHeldChangeSetsAreMissingUntilTheyAreDecided() throws {
        let server = try test.serve()
        defer { server.inlets.close(drainSeconds: 0) }
        let http = TestRequest(port: server.port)
        let lan = try test.phone("Lan", http, role: "volunteer")
        #expect(try test.server("revoke", lan.id(), "--after", "0", "--reason", "lost").code == 0)
        let paper = try test.directory.write("don.pdf", Bytes("%PDF-1.7\n".utf8) + SystemRandomSource().bytes(9000))
        #expect(try lan.ward("report", "new", "--title", "Đèn hỏng", "--area", "3", "--photo", paper).code == 0)
        #expect(try lan.sync().code == 6)
        let told = try test.server("completeness")
        #expect(told.code == 6, "\(told.errors)")
        #expect(told.text.contains("0.0 % complete: 0 of 1 files") && told.text.contains("(held)"), "\(told.text)")
        #expect(told.text.contains("files of change sets that are held, still on their devices: 1;"), "\(told.text)")
        #expect(told.text.contains("Lan"), "\(told.text)")
        let json = try test.server("completeness", "--json")
        #expect(json.text.contains("\"complete\":false") && json.text.contains("\"held_back_files\":1"), "\(json.text)")
    }
}
