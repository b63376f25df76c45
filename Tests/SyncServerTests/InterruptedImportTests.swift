// Ctrl-C while bundles are taken in, on a phone and at the office: what was taken is kept, and the next run does the rest.
import CommandLineKit
import Glibc
import Testing

@testable import SyncKit
@testable import SyncServer

@Suite(.serialized) struct InterruptedImportTests {
    private let test: TestHome

    init() throws { test = try TestHome() }

    /// A bundle of many small files, with a report and its paper in it.
    private func bundle(_ phone: WardDevice) throws -> [String] {
        let paper = try test.directory.write(
            "don.pdf", Bytes("%PDF-1.7\n".utf8) + SystemRandomSource().bytes(900_000))
        #expect(try phone.ward("report", "new", "-t", "Kèm đơn", "--area", "3", "--photo", paper).code == 0)
        let folder = test.directory.path + "/goi"
        try #require(mkdir(folder, 0o700) == 0)
        #expect(try phone.ward("bundle", "export", "--to", folder, "--size", "20K").code == 0)
        let files = test.directory.files(in: folder).map { folder + "/" + $0 }
        try #require(files.count > 40)
        return files
    }

    /// Runs a command and stops it from the keyboard, later each time, until it is too late.
    /// - Returns: how often it was stopped.
    private func stop(_ words: [String], program: String, doctor: () throws -> ProgramRun) throws -> Int {
        var stopped = 0
        var milliseconds: UInt32 = 4
        while true {
            let process = try ServerProcess(words, in: test.directory, program: program)
            usleep(milliseconds * 1000)
            process.signal(SIGINT)
            let code = process.wait()
            if code == 0 { return stopped }
            #expect(code == ExitCode.interrupted.rawValue || code == 128 + SIGINT, "\(code) \(process.errors)")
            stopped += 1
            milliseconds = milliseconds * 3 / 2
            #expect(try doctor().code == 0)
        }
    }

    @Test func anImportThatIsStoppedAnywhereIsDoneByTheNextOne() throws {
        let server = try test.serve()
        defer { server.inlets.close(drainSeconds: 0) }
        let http = TestRequest(port: server.port)
        let lan = try test.phone("Lan", http, role: "volunteer")
        let minh = try test.phone("Minh", http, role: "volunteer")
        let files = try bundle(lan)
        let onThePhone = try stop(["bundle", "import"] + files + ["--home", minh.path], program: "ward") {
            try minh.ward("doctor")
        }
        #expect(onThePhone > 0)
        let atTheOffice = try stop(
            ["bundle", "import"] + files + ["--home", test.home.path], program: "ward-server"
        ) { try test.server("doctor") }
        #expect(atTheOffice > 0)
        // Both ways brought the same.
        #expect(try minh.sync().code == 0)
        #expect(try lan.sync().code == 0)
        let ledger = try server.service.withCore { (core: WardCore) throws(StoreError) in try core.completeness() }
        #expect(ledger.permille == 1000 && ledger.files == 1 && ledger.documents == 1)
        #expect(try test.server("audit").code == 0)
    }
}
