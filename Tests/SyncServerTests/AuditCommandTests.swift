// The audit as an operator runs it: beside a server under load, after a stop, and on a store that somebody changed.
import CommandLineKit
import Glibc
import SyncKit
import Testing

@testable import SyncServer

@Suite(.serialized) struct AuditCommandTests {
    let ward: TestHome

    init() throws { ward = try TestHome() }

    @Test func anAuditBesideAServerUnderLoadSeesOneMomentAndFindsNothing() throws {
        let (process, http) = try ward.serveProcess()
        let device = try ward.device()
        let tally = Monitor((synced: 0, isDone: false, isEnded: false))
        nonisolated(unsafe) let author = device
        let started = startThread {
            var number = 0
            while !tally.withLock({ $0.isDone }), (try? author.commit(reportDraft("Phản ánh \(number)"))) != nil {
                number += 1
                guard (try? http.sync(author)) != nil else { break }
                tally.change { $0.synced += 1 }
            }
            tally.change { $0.isEnded = true }
        }
        #expect(started)
        var sizes: [String] = []
        for goal in [5, 15, 30] {
            tally.loop { $0.synced >= goal || $0.isEnded ? .done(()) : .wait }
            let run = try ward.command("audit", "--json")
            #expect(run.code == ExitCode.ok.rawValue, "\(run.text)")
            let report = try #require(JSONValue(Bytes(run.text.utf8)))
            #expect(report["sound"] == .bool(true) && report["finding_count"] == .number("0"))
            guard case .number(let size)? = report["size"], case .object? = report["checked"] else {
                Issue.record("no counts: \(run.text)")
                continue
            }
            sizes.append(size)
            #expect(report["checkpoint"]?["size"] == .number(size))
            #expect(report["checked"]?["entries"] == .number(size))
        }
        tally.change { $0.isDone = true }
        tally.loop { $0.isEnded ? .done(()) : .wait }
        #expect(Set(sizes).count == 3)
        process.signal(SIGTERM)
        #expect(process.wait() == ExitCode.ok.rawValue)
        let stopped = try ward.command("audit", "--lang", "vi")
        #expect(stopped.code == ExitCode.ok.rawValue && stopped.text.contains("Không có sai khác"))
    }

    @Test func whatSomebodyChangedInTheStoreIsNamedWithoutSayingWhatStandsThere() throws {
        let (process, http) = try ward.serveProcess()
        let device = try ward.device()
        _ = try device.commit(reportDraft("Bà Hoa gọi 0912345678"))
        try http.sync(device)
        process.signal(SIGTERM)
        #expect(process.wait() == ExitCode.ok.rawValue)
        do {
            let database = try Database(path: ward.home.store, mode: .write)
            try database.run("UPDATE documents SET title='Bà Lan' WHERE number=1")
            try database.run("UPDATE changes SET verdict=3 WHERE sequence=1")
        }
        let run = try ward.command("audit")
        #expect(run.code == ExitCode.storeUnusable.rawValue)
        for word in ["Documents: 1  wrong: 1", "Decisions", "Nothing was changed", "backup"] {
            #expect(run.text.contains(word), "\(run.text)")
        }
        #expect(!run.text.contains("Hoa") && !run.text.contains("Lan") && !run.text.contains("0912"))
        let json = try #require(JSONValue(Bytes(try ward.command("audit", "--json").text.utf8)))
        #expect(json["sound"] == .bool(false) && json["finding_count"] != .number("0"))
        let empty = TestHome.none(in: ward.directory)
        #expect(
            try ServerProcess(["audit", "--home", empty], in: ward.directory).wait() == ExitCode.notInitialised.rawValue
        )
    }
}

extension TestHome {
    /// A place where no ward is.
    fileprivate static func none(in directory: TemporaryDirectory) -> String { directory.path + "/none" }
}
