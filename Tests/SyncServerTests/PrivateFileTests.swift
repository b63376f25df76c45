// Private files with the real programs: what stands in every file of the ward, of other phones and of a bundle.
import Foundation
import Glibc
import SyncKit
import Testing

@testable import SyncServer

@Suite(.serialized) struct PrivateFileTests {
    private let test: TestHome
    private static let mark = "Can cuoc cong dan 022099001234"
    /// A paper with a mark in each of its parts, and nothing in it that compresses.
    private static let paper: Bytes = {
        var bytes = Bytes("%PDF-1.7\n".utf8)
        while bytes.count < 180_000 {
            bytes += Bytes(mark.utf8) + SystemRandomSource().bytes(900)
        }
        return bytes
    }()

    init() throws { test = try TestHome() }

    private func number(_ run: ProgramRun, _ key: String) throws -> Int {
        let start = try #require(run.text.firstRange(of: "\"\(key)\":"), "\(key) in \(run.text) \(run.errors)")
        return try #require(Int(run.text[start.upperBound...].prefix { $0.isNumber }))
    }

    /// The files below a folder that hold a text.
    private func files(_ folder: String, holding text: String) throws -> [String] {
        let paths = try FileManager.default.subpathsOfDirectory(atPath: folder)
        return paths.filter { path in
            let bytes = FileManager.default.contents(atPath: folder + "/" + path) ?? Data()
            return bytes.range(of: Data(text.utf8)) != nil
        }
    }

    @Test func nobodyOnTheWayHoldsAnythingOfAPrivateFileAndTheOfficerOpensIt() throws {
        let server = try test.serve()
        defer { server.inlets.close(drainSeconds: 0) }
        let http = TestRequest(port: server.port)
        let resident = try test.phone("resident", http)
        let officer = try test.phone("officer", http, role: "officer", area: "06685")
        let volunteer = try test.phone("volunteer", http, role: "volunteer")
        let paper = try test.directory.write("can-cuoc.pdf", Self.paper)
        // Filing asks no network.
        let made = try resident.ward(
            "report", "new", "--title", "Xin xác nhận cư trú", "--area", "3", "--private-photo", paper, "--json")
        #expect(made.code == 0, "\(made.text)\(made.errors)")
        let id = try #require(made.json("short_id"))
        unlink(paper)
        #expect(try files(test.directory.path, holding: Self.mark) == [])
        // What is here already opens, with its author alone.
        let own = test.directory.path + "/own.pdf"
        #expect(try resident.ward("attachment", "save", id, "1", "--out", own).code == 0)
        #expect(FileManager.default.contents(atPath: own).map { Bytes($0) } == Self.paper)
        unlink(own)
        // A bundle for a courier, with the files in it.
        let bundle = test.directory.path + "/bundle"
        #expect(mkdir(bundle, 0o700) == 0)
        let exported = try resident.ward("bundle", "export", "--to", bundle, "--size", "1M", "--json")
        #expect(exported.code == 0, "\(exported.text)\(exported.errors)")
        #expect(try resident.sync().code == 0)
        for phone in [officer, volunteer] {
            #expect(try phone.sync().code == 0)
            let listed = try phone.ward("attachment", "list", id, "--json")
            #expect(listed.text.contains("\"private\":true") && listed.text.contains("\"type\":\"application/pdf\""))
            #expect(listed.text.contains("\"opens\":\(phone.path == officer.path)"), "\(listed.text)")
            #expect(listed.text.contains("\"state\":\"received\""))
        }
        // The officer asks for it; the volunteer's data is not spent on what it could not open.
        let wanted = try officer.ward("attachment", "fetch", id, "--json")
        #expect(try number(wanted, "wanted") == 1 && number(wanted, "private_passed_over") == 0)
        let passed = try volunteer.ward("attachment", "fetch", id, "--json")
        #expect(try number(passed, "wanted") == 0 && number(passed, "private_passed_over") == 1)
        for command in [["fetch", id, "1"], ["save", id, "1", "--out", test.directory.path + "/no.pdf"]] {
            let refused = try run(volunteer, ["attachment"] + command)
            #expect(refused.code == 5 && refused.errors.contains("no key to open it"), "\(refused.errors)")
            #expect(refused.errors.contains("ward sync"))
        }
        #expect(try volunteer.ward("sync", "--all", "--address", volunteer.address).code == 0)
        #expect(try volunteer.ward("attachment", "list", id, "--json").text.contains("\"here\":false"))
        #expect(try officer.sync().code == 0)
        server.service.withCore { core in _ = try? core.flush() }
        #expect(try files(test.directory.path, holding: Self.mark) == [])

        let out = test.directory.path + "/officer.pdf"
        let saved = try officer.ward("attachment", "save", id, "1", "--out", out, "--json")
        #expect(saved.code == 0 && saved.text.contains("\"private\":true"), "\(saved.text)\(saved.errors)")
        #expect(FileManager.default.contents(atPath: out).map { Bytes($0) } == Self.paper)
        #expect(try files(test.directory.path, holding: Self.mark) == ["officer.pdf"])
        // Nor does anything that is shown hold a key.
        for phone in [resident, officer] {
            for words in [["report", "show", id], ["report", "show", id, "--json"], ["attachment", "list", id]] {
                let shown = try run(phone, words)
                #expect(shown.code == 0 && shown.text.contains("private file (PDF)"), "\(shown.text)")
                for word in ["file_keys", "Private files' keys"] { #expect(!shown.text.contains(word)) }
            }
        }
        let complete = try test.server("completeness", "--json")
        #expect(complete.code == 0 && complete.text.contains("\"files\":1"), "\(complete.text)\(complete.errors)")
    }

    private func run(_ device: WardDevice, _ words: [String]) throws -> ProgramRun {
        let process = try ServerProcess(
            words + ["--home", device.path, "--lang", "en"], in: test.directory, program: "ward")
        return ProgramRun(code: process.wait(), text: process.text, errors: process.errors)
    }

    @Test func theConsolesListMarksDocumentsWhoseFilesAreNotAllThere() throws {
        let server = try test.serve()
        defer { server.inlets.close(drainSeconds: 0) }
        let http = TestRequest(port: server.port)
        let device = try test.device()
        let file = try #require(NewFile(Bytes("%PDF-1.4\n".utf8) + Bytes(repeating: 0x20, count: 300), media: .pdf))
        func report(_ title: String, _ files: [NewFile]) throws -> Digest {
            var draft = reportDraft(title)
            draft.perform(.add(Slot(field: ReportField.attachments)), file.attachment.value)
            return try device.commit(draft, files: files).document
        }
        // A report whose file stayed somewhere else.
        let first = try report("Đèn A", [])
        try http.sync(device)
        let ha = ConsoleClient(port: server.port)
        try ha.signIn(test)
        func pages() throws -> [String] {
            // Lists are written behind.
            try server.service.withCore { core throws(StoreError) in try core.flush() }
            return try ["/console/documents", "/console/documents?q=\(ShortID.text(first))"].map {
                try ha.get($0).body
            }
        }
        for page in try pages() { #expect(page.contains("Đèn A") && page.contains("chưa đủ tệp"), "\(page)") }
        // The same file comes with another report, and the ward says in both that it has it.
        _ = try report("Đèn B", [file])
        try http.sync(device)
        for page in try pages() { #expect(page.contains("Đèn A") && !page.contains("chưa đủ tệp"), "\(page)") }
    }

    @Test func theConsoleSaysThatAFileIsPrivateAndNeverServesIt() throws {
        let server = try test.serve()
        defer { server.inlets.close(drainSeconds: 0) }
        let http = TestRequest(port: server.port)
        let device = try test.device()
        let picture = Bytes("%PDF-1.4\n".utf8) + Bytes(repeating: 0x20, count: 3_000)
        let open = try #require(NewFile(picture, media: .pdf))
        let sealed = try #require(SealedFile(picture, type: .pdf, random: SystemRandomSource()))
        var draft = reportDraft("Xin xác nhận cư trú")
        for file in [open, sealed.file] {
            draft.perform(.add(Slot(field: ReportField.attachments)), file.attachment.value)
        }
        let slot = try #require(FileKey.slot(of: sealed.key.root, in: .report))
        let report = try device.commit(
            draft, privates: [(slot, sealed.key.text)], files: [open, sealed.file]
        ).document
        try http.sync(device)
        let ha = ConsoleClient(port: server.port)
        try ha.signIn(test)
        let page = try ha.get("/console/document?id=\(report.hex)")
        #expect(page.status == 200)
        #expect(page.body.contains("tệp kín (tệp PDF)") && page.body.contains("3,1 kB"), "\(page.body)")
        #expect(page.body.contains("/console/photo?root=\(open.attachment.content.root.hex)"))
        #expect(!page.body.contains("root=\(sealed.key.root.hex)") && !page.body.contains(sealed.key.text))
        #expect(!page.body.contains("Khoá của tệp kín"))
        #expect(try ha.get("/console/photo?root=\(open.attachment.content.root.hex)").status == 200)
        for path in ["/console/photo", "/public/photo"] {
            let answer = try ha.get("\(path)?root=\(sealed.key.root.hex)")
            #expect(answer.status == 404, "\(path)")
        }
    }
}
