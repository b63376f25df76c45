// A server whose store went back: it is shown so, stops answering, and says what to do.
import CommandLineKit
import Glibc
import SyncKit
import Testing

@testable import SyncServer

@Suite(.serialized) struct OlderStoreTests {
    private let test: TestHome

    init() throws { test = try TestHome() }

    private func file(_ replica: Replica, _ title: String) throws {
        var draft = ChangeSetDraft(kind: .report)
        draft.perform(.set(Slot(field: ReportField.category)), .text("lighting"))
        draft.perform(.set(Slot(field: ReportField.title)), .text(title))
        draft.perform(.set(Slot(field: ReportField.area)), .text("06685.03"))
        _ = try replica.commit(draft)
    }

    /// Files a report and syncs it, with a server of its own.
    private func visit(_ device: Replica, _ title: String) throws {
        let server = try test.serve()
        defer { server.inlets.close(drainSeconds: 0) }
        try file(device, title)
        try TestRequest(port: server.port).sync(device)
    }

    @Test func aStoreOlderThanWhatTheWardSignedIsSaidEverywhereUntilItIsRestored() throws {
        let device = try test.device()
        try visit(device, "Đèn đường hỏng")
        let yesterday = try HomeFiles.read(test.home.store, max: 1 << 26)
        try visit(device, "Ổ gà")
        for suffix in ["", "-wal", "-shm"] { unlink(test.home.store + suffix) }
        try HomeFiles.create(test.home.store, yesterday)

        let signed = try #require(try device.newestCheckpoint()).position.index
        do {
            let server = try test.serve()
            defer { server.inlets.close(drainSeconds: 0) }
            let http = TestRequest(port: server.port)
            #expect(try http.get("/healthz").status == 200)
            #expect(throws: SyncFailure.self) { try http.sync(device) }
            // What the device shows of it may be lost on a busy machine; then the next sync shows it.
            for _ in 0..<50 where try http.get("/healthz").status == 200 {
                _ = try? http.sync(device)
                usleep(100_000)
            }
            let health = try http.get("/healthz")
            #expect(health.status == 503 && health.body.contains("\"status\":\"log-behind\""))
            let newer = try test.ask(.status(area: nil))["newer_checkpoint"]
            #expect(newer["log_size"] == .unsigned(signed) && newer["epoch"] == .unsigned(0))
            // A device that knows of nothing is not answered either.
            #expect(throws: SyncFailure.self) { try http.sync(try test.device()) }
        }
        #expect(try StoreCheck.run(test.home, store: test.home.store).isSound == false)
        for (command, code) in [("status", 0), ("doctor", ExitCode.storeUnusable.rawValue)] {
            let run = try ServerProcess([command, "--json", "--home", test.home.path], in: test.directory)
            #expect(run.wait() == Int32(code), "\(command)")
            #expect(
                run.text.contains("newer_checkpoint") && !run.text.contains("newer_checkpoint\":null"), "\(command)")
        }
    }
}
