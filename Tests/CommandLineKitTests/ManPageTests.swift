// Manual pages of the whole table, in both languages, that the readers of such pages take without a warning.

import Glibc
import Testing

@testable import CommandLineKit

@Suite struct ManPageTests {
    @Test func everyCommandTopicAndHelpTopicHasAPageInBothLanguages() {
        let paths = ManPages(sampleProgram).pages.map(\.path)
        for name in ["ward", "ward-report", "ward-report-new", "ward-sync", "ward-sync-status", "ward-task-done"] {
            #expect(paths.contains("man1/\(name).1") && paths.contains("vi/man1/\(name).1"))
        }
        #expect(paths.contains("man7/ward-rain.7") && paths.contains("vi/man7/ward-exit-codes.7"))
        #expect(Set(paths).count == paths.count)
    }

    @Test func nothingInATextIsTakenForARequest() {
        var roff = Roff()
        roff.line(".so /etc/passwd")
        roff.line("'tis \\fBnot\\fR - it\u{1B}[2J")
        roff.line("")
        roff.request("TH", "a \"b\" \\c\nd")
        #expect(
            roff.text
                == "\\&.so /etc/passwd\n\\(aqtis \\efBnot\\efR \\- it[2J\n\\&\n.TH \"a \\(dqb\\(dq \\ec d\"\n")
    }

    @Test func theReadersOfManualPagesFindNothingToComplainAbout() throws {
        var template = Array("/tmp/ward-man.XXXXXX".utf8CString)
        let folder = try #require(mkdtemp(&template).map { String(cString: $0) })
        defer { system("rm -rf '\(folder)'") }
        let terminal = Terminal(GlobalOptions(), output: -1, error: -1)
        try ManPages(sampleProgram).write(to: folder, terminal)
        terminal.out.discard()
        let pages = ManPages(sampleProgram).pages
        for page in pages { #expect(access("\(folder)/\(page.path)", R_OK) == 0, "\(page.path)") }
        let isChecked = [
            ("/usr/bin/man", "LC_ALL=C.UTF-8 MANROFFOPT= man --warnings -E UTF-8 -l -Tutf8 -Z '%' 2>&1 >/dev/null"),
            ("/usr/bin/mandoc", "mandoc -Tlint -Wwarning '%' 2>&1 | grep -v 'missing date'"),
        ].filter { tool, command in
            guard access(tool, X_OK) == 0 else { return false }
            for page in pages {
                let parts = command.split(separator: "%", omittingEmptySubsequences: false)
                let said = output(of: parts.joined(separator: "\(folder)/\(page.path)"))
                #expect(said.isEmpty, "\(page.path): \(said)")
            }
            return true
        }
        #expect(isChecked.count == 2, "man and mandoc: scripts/install-dependencies")
    }

    /// What a shell command prints.
    private func output(of command: String) -> String {
        guard let pipe = popen(command, "r") else { return "popen" }
        defer { pclose(pipe) }
        var bytes: [UInt8] = []
        while case let byte = fgetc(pipe), byte != EOF { bytes.append(UInt8(truncatingIfNeeded: byte)) }
        return String(decoding: bytes, as: UTF8.self)
    }
}
