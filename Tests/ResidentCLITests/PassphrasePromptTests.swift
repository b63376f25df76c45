// A passphrase typed at a terminal: asked for, not shown, and asked for again where it is wrong.
import Glibc
import Testing

@testable import SyncKit

@Suite(.serialized) struct PassphrasePromptTests {
    @Test func aPersonTypesThePassphraseUnseenAndStaysUnlocked() throws {
        let home = try ProtectedHome()
        func start(_ words: String...) throws -> TerminalRun {
            try #require(
                TerminalRun(
                    words + ["--home", home.home.path, "--lang", "en"],
                    environment: ["PATH=/usr/bin", "TERM=dumb", "XDG_RUNTIME_DIR=" + home.session]))
        }
        let differs = try start("passphrase", "set")
        #expect(differs.answer("New passphrase", "mười hai con giáp") && differs.answer("once more", "mười hai"))
        #expect(differs.end() == 5 && differs.shown.contains("not the same"))
        let set = try start("passphrase", "set")
        #expect(set.answer("New passphrase", "mười hai con giáp") && set.answer("once more", "mười hai con giáp"))
        #expect(set.end() == 0, "\(set.shown)")
        let wrong = try start("status")
        for _ in 0..<3 { #expect(wrong.answer("Passphrase:", "một hai ba bốn")) }
        #expect(wrong.end() == 5 && home.keyFile == nil)
        let status = try start("status")
        #expect(status.answer("Passphrase:", "mười hai ba bốn") && status.answer("Passphrase:", "mười hai con giáp"))
        #expect(status.end() == 0 && status.shown.contains("Hồng Gai"), "\(status.shown)")
        for run in [differs, set, wrong, status] {
            #expect(!run.shown.contains("con giáp") && !run.shown.contains("bốn"))
        }
        // The next command does not ask.
        #expect(home.run("status").code == 0)
        let wipe = try start("wipe")
        #expect(wipe.answer("for good?", "k", isSecret: false))
        #expect(wipe.end() == 0 && access(home.home.path + "/replica.db", F_OK) == 0)
    }
}
