// Completion as a person has it: the real shells, the real program, a real store, and no network.
import Glibc
import Testing

@testable import SyncKit

@Suite struct CompletionShellTests {
    /// A home with three reports; the shells find the program on their path.
    private final class Shell {
        let home = TestHome()
        let ids: [String]

        init() throws {
            let ward = try LoopbackWard()
            #expect(home.ward("init", input: ward.descriptor).code == 0)
            let titles = ["Đèn đường hỏng", "Đèn ngõ 12 chập chờn", "Rác chưa lấy \u{1B}[31m\u{202E}gnor"]
            let home = home
            ids = try titles.map { try TestHome.filed($0, in: [], of: home) }
            symlink(TestHome.program, home.root + "/ward")
        }

        /// What a shell prints for a script; the scripts stand beside the home.
        func run(_ shell: String, _ arguments: [String]) -> WardRun {
            let found = ["/bin/", "/usr/bin/"].first { access($0 + shell, X_OK) == 0 } ?? "/bin/"
            for name in ["bash", "zsh", "fish"] {
                writeFile(home.root + "/ward." + name, Array(home.ward("completion", name).out.utf8))
            }
            return spawn(
                found + shell, arguments,
                environment: [
                    "PATH=\(home.root):/usr/bin:/bin", "HOME=" + home.root, "WARD_HOME=" + home.path, "TERM=dumb",
                    "LC_ALL=C.UTF-8", "ROOT=" + home.root,
                ], root: home.root)
        }

        static func isInstalled(_ shell: String) -> Bool {
            if ["/bin/", "/usr/bin/"].contains(where: { access($0 + shell, X_OK) == 0 }) { return true }
            Issue.record("\(shell) is not installed: scripts/install-dependencies")
            return false
        }
    }

    // MARK: bash

    /// What bash's completion function leaves for a line that is split as bash splits it.
    private func bash(_ shell: Shell, _ words: String...) -> [String] {
        let quoted = words.map { "'" + $0 + "'" }.joined(separator: " ")
        let script = """
            source "$ROOT/ward.bash"
            COMP_WORDS=(\(quoted)) COMP_CWORD=\(words.count - 1) COMP_TYPE=9
            _ward
            printf '%s\\n' "${COMPREPLY[@]}"
            """
        let run = shell.run("bash", ["--norc", "--noprofile", "-c", script])
        #expect(run.code == 0 && run.err.isEmpty, "\(run.err)")
        return run.out.split(separator: "\n").map(String.init)
    }

    @Test func bashCompletesCommandsOptionsWordsAndDocuments() throws {
        let shell = try Shell()
        #expect(bash(shell, "ward", "rep") == ["report"])
        #expect(bash(shell, "ward", "report", "sh") == ["show"])
        #expect(bash(shell, "ward", "report", "new", "--cat") == ["--category"])
        #expect(bash(shell, "ward", "report", "show", String(shell.ids[0].prefix(4))) == [shell.ids[0]])
        // By name, without accents: the whole word is replaced.
        #expect(bash(shell, "ward", "report", "show", "chap chon") == [shell.ids[1]])
        #expect(bash(shell, "ward", "report", "new", "--category", "chieu") == ["lighting"])
        #expect(bash(shell, "ward", "report", "new", "-c", "đư") == ["road"])
        #expect(bash(shell, "ward", "report", "new", "--urgency", "=", "h") == ["high"])
        #expect(bash(shell, "ward", "report", "new", "--urgency", "=").count == 3)
        #expect(bash(shell, "ward", "report", "list", "--area", "") == ["06685"])
        #expect(bash(shell, "ward", "completion", "z") == ["zsh"])
        #expect(bash(shell, "ward", "help", "riengtu").isEmpty)
        #expect(bash(shell, "ward", "help", "rieng") == ["privacy"])
    }

    @Test func bashShowsTitlesBesideIdsAndNothingThatATerminalObeys() throws {
        let shell = try Shell()
        let shown = bash(shell, "ward", "report", "show", "")
        #expect(shown.count == 3)
        for id in shell.ids { #expect(shown.contains { $0.hasPrefix(id + "  (") }) }
        #expect(shown.allSatisfy { line in line.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x202E } })
        #expect(shown.contains { $0.contains("Rác chưa lấy [31mgnor") })
        // Found by name: an empty word keeps bash from putting in what the ids have in common.
        #expect(bash(shell, "ward", "report", "show", "den").filter { $0 == " " }.count == 1)
    }

    @Test func bashCompletesFileNamesOfItsOwn() throws {
        let shell = try Shell()
        writeFile(shell.home.root + "/ban mo ta.txt", [])
        let found = bash(shell, "ward", "init", "--descriptor", shell.home.root + "/ban")
        #expect(found == [shell.home.root + "/ban mo ta.txt"])
    }

    // MARK: zsh

    @Test func zshPutsInWhatIsMeant() throws {
        guard Shell.isInstalled("zsh") else { return }
        let shell = try Shell()
        let lines = [
            ("ward rep", "ward report "), ("ward report new --cat", "ward report new --category "),
            ("ward report new --category chieu", "ward report new --category lighting "),
            ("ward report new --urgency=h", "ward report new --urgency=high "),
            ("ward report show \(shell.ids[0].prefix(5))", "ward report show \(shell.ids[0]) "),
            ("ward report show chap", "ward report show \(shell.ids[1]) "),
            ("ward report show den", "ward report show den"),
            ("ward completion f", "ward completion fish "),
        ]
        let typed = lines.map { "type '\($0.0)'" }.joined(separator: "\n")
        // A shell in a terminal of its own; ^T puts what stands on the line between marks.
        writeFile(
            shell.home.root + "/inner.zsh",
            Array(
                """
                autoload -U compinit; compinit -D -u
                source $ROOT/ward.zsh
                PS1=''; unsetopt prompt_cr prompt_sp
                show() { print -r -- "<<$BUFFER>>"; BUFFER=; zle redisplay }
                zle -N show; bindkey '^T' show
                print READY

                """.utf8))
        writeFile(
            shell.home.root + "/outer.zsh",
            Array(
                #"""
                zmodload zsh/zpty
                zpty inner 'zsh -f -i'
                zpty -w inner 'source $ROOT/inner.zsh'
                zpty -r inner seen $'*READY\r\n*'
                type() { zpty -w -n inner "$1"$'\t\C-T'; zpty -r inner seen '*<<*>>*'; print -r -- ${${seen##*<<}%%>>*} }

                """#.utf8) + Array(typed.utf8))
        let run = shell.run("timeout", ["60", "zsh", "-f", shell.home.root + "/outer.zsh"])
        #expect(run.out.split(separator: "\n").map(String.init) == lines.map(\.1), "\(run.err)")
    }

    // MARK: fish

    @Test func fishOffersWordsWithWhatTheyAre() throws {
        guard Shell.isInstalled("fish") else { return }
        let shell = try Shell()
        func fish(_ line: String) -> [String] {
            let run = shell.run(
                "fish", ["--no-config", "-c", "source $ROOT/ward.fish; complete -C'\(line)'"])
            #expect(run.code == 0, "\(run.err)")
            return run.out.split(separator: "\n").map(String.init)
        }
        #expect(fish("ward rep") == ["report\tFile and follow reports"])
        #expect(fish("ward report new --cat").map { $0.prefix { $0 != "\t" } } == ["--category"])
        #expect(fish("ward report new --urgency=h").map { $0.prefix { $0 != "\t" } } == ["--urgency=high"])
        #expect(fish("ward report new --category lig") == ["lighting\tstreet lighting"])
        // Fish shows only continuations: then the name, which the command takes as well.
        #expect(fish("ward report new --category chieu") == ["chieu sang\tstreet lighting"])
        #expect(
            fish("ward report show \(shell.ids[0].prefix(4))").first?.hasPrefix(shell.ids[0] + "\tĐèn đường hỏng")
                == true)
        let all = fish("ward report show ")
        #expect(all.count == 3 && all.allSatisfy { !$0.contains("\u{1B}") && !$0.contains("\u{202E}") })
    }

    // MARK: The hidden command

    @Test func completionNeedsNoHomeNoNetworkAndNeverFails() throws {
        let home = TestHome()
        for words in [["report", "show", ""], ["report", "new", "--area", ""], ["\u{1B}", "\u{202E}"], []] {
            let run = spawn(
                TestHome.program, ["__complete"] + words,
                environment: ["HOME=" + home.root, "WARD_HOME=" + home.path, "LD_DEBUG=libs"], root: home.root)
            #expect(run.code == 0)
            #expect(!run.err.contains("libcurl") && !run.err.contains("libqrencode") && !run.err.contains("libz."))
        }
        // A damaged store is no reason to disturb who is typing.
        mkdir(home.path, 0o700)
        writeFile(home.path + "/replica.db", Array("not a store, but long enough to look at".utf8))
        let run = spawn(
            TestHome.program, ["__complete", "report", "show", ""],
            environment: ["HOME=" + home.root, "WARD_HOME=" + home.path], root: home.root)
        #expect(run.code == 0 && run.out.isEmpty && run.err.isEmpty, "\(run.out)\(run.err)")
    }

    @Test func agenciesAreThoseThatReportsWereGivenTo() throws {
        let ward = try LoopbackWard()
        let officer = try FieldDayTests.home(ward, .officer, ["06685"], "Bình")
        let id = try TestHome.filed("Đèn hỏng", in: ["--area", "3"], of: officer)
        #expect(officer.ward("report", "edit", id, "--agency", "dien_luc").code == 0)
        #expect(officer.ward("sync").code == 0)
        let run = spawn(
            TestHome.program, ["__complete", "report", "edit", id, "--agency", "di"],
            environment: ["WARD_HOME=" + officer.path], root: officer.root)
        #expect(run.out == "dien_luc\tĐiện lực\n")
    }

    @Test func helpAndManualPagesComeFromTheProgram() throws {
        let home = TestHome()
        #expect(home.ward("help", "riêng", "tư", lang: "vi").out.hasPrefix("privacy – Điều gì được giữ kín"))
        #expect(home.ward("help", "report", "new").out.hasPrefix("ward report new – File a report"))
        let unknown = home.ward("help", "offlin")
        #expect(unknown.code == 2 && unknown.err.contains("“offline”"))
        let written = home.ward("man", home.root + "/man")
        #expect(written.code == 0, "\(written.err)")
        #expect(readFile(home.root + "/man/vi/man1/ward-report-new.1").contains("Ghi một phản ánh"))
        #expect(readFile(home.root + "/man/man7/ward-offline.7").contains("Working without a network"))
        let refused = home.ward("man", "/proc/man")
        #expect(refused.code == 10 && refused.err.contains("/proc/man/"))
    }

    @Test func theLookUpCodeIsHandedOverAsAQRCode() throws {
        let ward = try LoopbackWard()
        let resident = try FieldDayTests.home(ward)
        let new = resident.ward("report", "new", "-t", "Đèn hỏng", "--json")
        let id = try #require(new.json("short_id"))
        let code = try #require(new.json("lookup_code"))
        let shown = resident.ward("report", "show", id, "--qr")
        #expect(shown.code == 0 && shown.out.contains("##############") && shown.out.contains("\n" + code + "\n"))
        #expect(resident.ward("report", "show", id, "--qr", "--json").json("lookup_code") == code)
        #expect(resident.ward("sync").code == 0)
        let officer = try FieldDayTests.home(ward, .officer, ["06685"], "Bình")
        #expect(officer.ward("sync").code == 0)
        let other = officer.ward("report", "show", id, "--qr")
        #expect(other.code == 3 && other.err.contains("only on the device that filed it"))
    }
}

extension TestHome {
    /// Files a report and gives its short id.
    static func filed(_ title: String, in area: [String], of home: TestHome) throws -> String {
        let new = home.ward(["report", "new", "-t", title, "--json"] + area)
        return try #require(new.json("short_id"), "\(new.out)\(new.err)")
    }
}
