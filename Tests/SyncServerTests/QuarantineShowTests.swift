// One item of the inbox at the server's terminal, whatever it is about: what a lost phone held back, what a file lacks.
import CommandLineKit
import Testing

@testable import SyncKit
@testable import SyncServer

@Suite struct QuarantineShowTests {
    private let test: TestHome

    init() throws { test = try TestHome() }

    @Test func aSilentPhoneAndALateFileAreShownWithWhatIsMissing() throws {
        _ = quiet
        let time = ManualTimeSource(seconds: SystemTimeSource().nowSeconds())
        let server = try WardServer(home: test.home, address: "127.0.0.1", port: 0, time: time)
        defer { server.inlets.close(drainSeconds: 0) }
        let lan = try test.phone("Lan", TestRequest(port: server.port), role: "volunteer")
        var made = ["report", "new", "--title", "Đèn hỏng", "--area", "3"]
        for name in ["mot.pdf", "hai.pdf"] {
            let bytes = Bytes("%PDF-1.7\n".utf8) + SystemRandomSource().bytes(9000)
            made += ["--photo", try test.directory.write(name, bytes)]
        }
        #expect(try lan.ward(made).code == 0)
        #expect(try lan.ward("sync", "--text-only", "--address", lan.address).code == 6)
        let device = DeviceID(try #require(Digest(hex: try lan.id())))
        // Its last request said that it had written three more.
        server.service.withCore { core in core.contacts[device]?.chain += 3 }
        time.advance(seconds: 20 * 86_400)
        let items = try server.service.inbox(InboxFilter()).items
        let late = items.filter { $0.kind == .attachment }
        let silent = try #require(items.first { $0.kind == .lostDevice })
        try #require(late.count == 2 && silent.device == device)

        for name in [silent.key, String(try lan.id().prefix(16))] {
            let phone = try test.server("quarantine", "show", name)
            #expect(
                phone.code == 0 && phone.text.contains("Device: Lan; waiting since"), "\(phone.text)\(phone.errors)")
            #expect(
                phone.text.contains("on that device alone: 3") && phone.text.contains("Last seen: "), "\(phone.text)")
            #expect(phone.text.contains("Tasks that it holds: 0"), "\(phone.text)")
        }
        let file = try test.server("quarantine", "show", late[0].key)
        #expect(file.code == 0 && file.text.contains("3 of 3 parts of 4 KiB are missing: 1–3"), "\(file.text)")
        #expect(file.text.contains("Document: Đèn hỏng"), "\(file.text)")
        let json = try test.server("quarantine", "show", late[1].key, "--json")
        #expect(json.json("key") == late[1].key && json.text.contains("\"missing_leaves\":3"), "\(json.text)")
        // Both files are of one report: its id alone is not enough.
        let both = try test.server("quarantine", "show", ShortID.text(try #require(late[0].document)))
        #expect(both.code == ExitCode.ambiguous.rawValue && both.errors.contains(late[1].key), "\(both.errors)")
        for name in ["attachment/00", "values/\(silent.key)", "x", "lost-device/" + String(repeating: "0", count: 300)]
        {
            #expect(try test.server("quarantine", "show", name).code == ExitCode.notFound.rawValue, "\(name)")
        }
    }
}
