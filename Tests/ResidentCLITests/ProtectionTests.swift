// A home under a passphrase: what its files give away, which commands ask, and what is left after wiping.
import Glibc
import Testing

@testable import ResidentCLI
@testable import SyncKit

/// A home, and a session directory of its own.
struct ProtectedHome {
    let home = TestHome()
    let ward: LoopbackWard
    let session: String
    static let passphrase = "Mùa mưa ở Hồng Gai"

    init() throws {
        ward = try LoopbackWard()
        session = home.root + "/run"
        mkdir(session, 0o700)
        #expect(home.ward("init", ward.descriptor).code == 0)
    }

    func run(_ words: String..., lang: String = "en", passphrase: String? = nil, hasSession: Bool = true) -> WardRun {
        var environment: [String] = []
        if hasSession { environment.append("XDG_RUNTIME_DIR=" + session) }
        if let passphrase { environment.append("WARD_PASSPHRASE=" + passphrase) }
        return home.ward(words, lang: lang, environment: environment)
    }

    /// All bytes of all files below the home.
    func bytes() -> [(name: String, bytes: [UInt8])] {
        files(below: home.path).map { name in
            let file = open(home.path + "/" + name, O_RDONLY)
            defer { close(file) }
            var all: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 1 << 16)
            while file >= 0 {
                let count = read(file, &buffer, buffer.count)
                if count <= 0 { break }
                all += buffer[..<count]
            }
            return (name, all)
        }
    }

    /// The names of the files below a directory, whatever they are called.
    private func files(below directory: String) -> [String] {
        guard let stream = opendir(directory) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard name != ".", name != ".." else { continue }
            let inner = files(below: directory + "/" + name)
            names += inner.isEmpty ? [name] : inner.map { name + "/" + $0 }
        }
        return names.sorted()
    }

    func find(_ secret: [UInt8]) -> [String] {
        bytes().filter { !secret.isEmpty && $0.bytes.firstRange(of: secret) != nil }.map(\.name)
    }

    /// The file of the session; nil without one.
    var keyFile: String? {
        guard let stream = opendir(session) else { return nil }
        defer { closedir(stream) }
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name.hasSuffix(".key") { return session + "/" + name }
        }
        return nil
    }

    /// The keys of the home, by what they are; only while no passphrase protects it.
    func keys() throws -> [(String, [UInt8])] {
        let opened = try ReplicaHome.open(at: home.path, for: .reading)
        var found: [(String, [UInt8])] = []
        let rows = try opened.database.prepare("SELECT key,value FROM meta")
        while try rows.step() {
            let key = rows.text(0)
            if ["signing", "sealing"].contains(key) || key.hasPrefix("reply.") || key.hasPrefix("code.") {
                found.append((key, rows.bytes(1)))
            }
        }
        rows.reset()
        return found
    }
}

@Suite(.serialized) struct ProtectionTests {
    @Test func aLockedHomesFilesHoldNoKeyNoDraftAndNothingPrivate() throws {
        let home = try ProtectedHome()
        #expect(
            home.run(
                "report", "new", "-t", "Đèn hỏng", "-c", "lighting", "--area", "06685.03", "--phone", "0912345678"
            )
            .code == 0)
        #expect(home.run("report", "new", "--draft", "-t", "Bản nháp riêng tư", "-d", "Tôi chưa muốn gửi").code == 0)
        #expect(home.run("lookup", "ask", "H05.17.26-261122-0001", "--secret", "9876543210").code == 0)
        // Something that was thrown away before stands on free pages.
        #expect(home.run("report", "new", "--draft", "-t", "Nháp đã bỏ").code == 0)
        #expect(home.run("report", "draft", "delete", "2", "--yes").code == 0)
        let keys = try home.keys()
        #expect(keys.count == 4, "\(keys.map(\.0))")
        var secrets = keys.map { ($0.0, $0.1) }
        let texts = [
            "0912345678", "Bản nháp riêng tư", "chưa muốn gửi", "9876543210", "Đèn hỏng", "H05.17.26-261122-0001",
            "06685.03", "SQLite", "CREATE TABLE",
        ]
        for text in texts { secrets.append((text, Array(text.utf8))) }
        for (name, secret) in secrets { #expect(home.find(secret) == ["replica.db"], "\(name)") }
        secrets.append(("deleted", Array("Nháp đã bỏ".utf8)))
        secrets += keys.map { ("hex of " + $0.0, Array($0.1.flatMap { byte in Array(String(byte, radix: 16).utf8) })) }

        #expect(home.run("passphrase", "set", passphrase: ProtectedHome.passphrase).code == 0)
        for (name, secret) in secrets { #expect(home.find(secret).isEmpty, "\(name)") }
        #expect(home.find(Array(ProtectedHome.passphrase.utf8)).isEmpty)
        // What is written from now on is sealed as well.
        let later = home.run("report", "new", "--draft", "-t", "Nháp viết sau", passphrase: ProtectedHome.passphrase)
        #expect(later.code == 0, "\(later.err)")
        #expect(
            home.run(
                "report", "new", "-t", "Rác", "-c", "rac", "--phone", "0987654321",
                passphrase: ProtectedHome.passphrase
            )
            .code == 0)
        for text in ["Nháp viết sau", "0987654321", "Rác"] { #expect(home.find(Array(text.utf8)).isEmpty, "\(text)") }
        let list = home.run("report", "draft", "list", passphrase: ProtectedHome.passphrase)
        #expect(list.out.contains("Bản nháp riêng tư") && list.out.contains("Nháp viết sau"), "\(list.out)\(list.err)")
        #expect(home.keyFile == nil)

        #expect(home.run("sync", "--address", home.ward.url, passphrase: ProtectedHome.passphrase).code == 0)
        for (name, secret) in secrets { #expect(home.find(secret).isEmpty, "\(name)") }

        #expect(home.run("passphrase", "remove", passphrase: ProtectedHome.passphrase).code == 0)
        #expect(home.run("report", "draft", "list").out.contains("Bản nháp riêng tư"))
        let again = try home.keys()
        #expect(keys.allSatisfy { key in again.contains { $0.0 == key.0 && $0.1 == key.1 } })
    }

    /// Who works for the ward holds what others told in confidence: it is as closed as their own.
    @Test(arguments: [Role.volunteer, .lead, .officer]) func aLockedHomeOfTheTeamHoldsNothingThatWasDisclosedToIt(
        role: Role
    ) throws {
        let home = try ProtectedHome()
        let code = try home.ward.invite(role, [role == .officer ? "06685" : "06685.03"], "Lan")
        #expect(home.run("join", code).code == 0)
        let (resident, other) = (
            try FieldDayTests.home(home.ward), try FieldDayTests.home(home.ward, .lead, ["06685.03"], "Hạnh")
        )
        /// Somebody tells something, and the home is shown it.
        func tell(_ turn: Int, passphrase: String? = nil) throws -> [String] {
            let said = ["Bà Hoa nhà số \(turn)", "09123456\(turn)0", "Hộ ông Năm \(turn)", "Gọi con gái, số \(turn)77"]
            #expect(
                resident.ward(
                    "report", "new", "-t", "Đèn hỏng", "--area", "3", "--name", said[0], "--phone", said[1]
                ).code == 0)
            #expect(
                other.ward(
                    "task", "new", "-t", "Thăm hộ", "--area", "3", "--household", said[2], "--contact", said[3]
                ).code == 0)
            for teller in [resident, other] { #expect(teller.ward("sync").code == 0) }
            let synced = home.run("sync", "--address", home.ward.url, passphrase: passphrase)
            #expect(synced.code == 0, "\(synced.err)")
            // Names and phones of reports are disclosed from leads on.
            return role == .volunteer ? Array(said[2...]) : said
        }
        let draft = home.run("report", "new", "--draft", "-t", "Nháp của tổ", "-d", "Chưa chắc là ai")
        #expect(draft.code == 0, "\(draft.err)")
        let secrets = try tell(1) + ["Nháp của tổ", "Chưa chắc là ai"]
        for secret in secrets {
            #expect(home.find(Array(secret.utf8)).contains { $0.hasPrefix("replica.db") }, "\(secret)")
        }
        #expect(home.run("passphrase", "set", passphrase: ProtectedHome.passphrase).code == 0)
        let later = try tell(2, passphrase: ProtectedHome.passphrase)
        #expect(home.run("lock").code == 0)
        for secret in secrets + later { #expect(home.find(Array(secret.utf8)).isEmpty, "\(secret)") }
        // To whoever knows the passphrase nothing of it is lost.
        var pages = home.run("report", "draft", "show", "1", passphrase: ProtectedHome.passphrase).out
        for kind in ["report", "task"] {
            let list = home.run(kind, "list", "--json", passphrase: ProtectedHome.passphrase).out
            for rest in list.split(separator: "\"short_id\":\"").dropFirst() {
                let id = String(rest.prefix { $0 != "\"" })
                pages += home.run(kind, "show", id, passphrase: ProtectedHome.passphrase).out
            }
        }
        for secret in secrets + later { #expect(pages.contains(secret), "\(secret): \(pages)") }
    }

    /// Of a private file there is a ciphertext, and its key is sealed with everything else.
    @Test func aLockedHomesPrivateFilesOpenWithThePassphraseAlone() throws {
        let home = try ProtectedHome()
        let mark = Array("Can cuoc cong dan 022099001234".utf8)
        let plain = Array("%PDF-1.7\n".utf8) + mark
        let (paper, out) = (home.home.root + "/can-cuoc.pdf", home.home.root + "/ra.pdf")
        writeFile(paper, plain)
        let new = home.run("report", "new", "-t", "Xin xác nhận", "--private-photo", paper, "--json")
        let id = try #require(new.json("short_id"), "\(new.err)")
        let root = try #require(home.run("attachment", "list", id, "--json").json("root"))
        let key = Array((root + ":").utf8)
        #expect(home.find(key) == ["replica.db"] && home.find(mark).isEmpty)
        #expect(home.run("passphrase", "set", passphrase: ProtectedHome.passphrase).code == 0)
        #expect(home.find(key).isEmpty && home.find(mark).isEmpty)
        #expect(home.run("attachment", "save", id, "1", "--out", out).code == 5)
        let saved = home.run("attachment", "save", id, "1", "--out", out, passphrase: ProtectedHome.passphrase)
        #expect(saved.code == 0, "\(saved.err)")
        #expect(BoundedFile.bytes(out, most: 1000) == plain)
    }

    @Test func aLockedHomeOpensNothingWithoutThePassphraseAndSaysSo() throws {
        let home = try ProtectedHome()
        #expect(home.run("report", "new", "-t", "Đèn hỏng").code == 0)
        #expect(home.run("passphrase", "set", passphrase: ProtectedHome.passphrase).code == 0)
        for words in [["status"], ["report", "list"], ["sync"], ["report", "new", "-t", "x"], ["doctor"], ["whoami"]] {
            for (lang, text) in [("en", "is locked"), ("vi", "đang khoá")] {
                let run = home.home.ward(words, lang: lang, environment: ["XDG_RUNTIME_DIR=" + home.session])
                #expect(run.code == 5 && run.out.isEmpty && run.err.contains(text), "\(words) \(run.err)")
            }
        }
        for words in [["--help"], ["--version"], ["help", "privacy"], ["__complete", "report", "show", ""]] {
            #expect(spawn(TestHome.program, words, environment: ["WARD_HOME=" + home.home.path], root: nil).code == 0)
        }
        let wrong = home.run("status", passphrase: "Mùa mưa ở Hồng Gaj")
        #expect(wrong.code == 5 && wrong.err.contains("not the passphrase"))
        let short = home.run("passphrase", "set", passphrase: "ngắn")
        #expect(short.code == 5 && short.err.contains("protects this data already"))
        #expect(home.run("status", passphrase: ProtectedHome.passphrase).code == 0)
        #expect(home.keyFile == nil)
    }

    @Test func anUnlockedHomeStaysOpenUntilItsTimeIsOver() throws {
        let home = try ProtectedHome()
        #expect(home.run("lock").err.contains("No passphrase"))
        #expect(home.run("passphrase", "set", "--auto-lock", "5", passphrase: ProtectedHome.passphrase).code == 0)
        let unlocked = home.run("unlock", passphrase: ProtectedHome.passphrase)
        #expect(unlocked.code == 0 && unlocked.out.contains("after 5 minutes"), "\(unlocked.err)")
        let file = try #require(home.keyFile)
        var info = stat()
        #expect(stat(file, &info) == 0 && info.st_mode & 0o777 == 0o600)
        #expect(home.run("report", "new", "-t", "Đèn hỏng").code == 0)
        #expect(home.run("status").code == 0)
        #expect(home.run("lock").code == 0)
        #expect(home.keyFile == nil && home.run("status").code == 5)

        #expect(home.run("unlock", passphrase: ProtectedHome.passphrase).code == 0)
        let key = open(try #require(home.keyFile), O_RDWR)
        var past = [UInt8](repeating: 0, count: 8)
        past[7] = 1
        #expect(pwrite(key, past, 8, 0) == 8)
        close(key)
        #expect(home.run("status").code == 5)
        #expect(home.keyFile == nil)

        // Without a place for it nothing is kept, and a directory that others may read is no place.
        let none = home.run("unlock", passphrase: ProtectedHome.passphrase, hasSession: false)
        #expect(none.code == 1 && none.err.contains("XDG_RUNTIME_DIR"))
        chmod(home.session, 0o755)
        #expect(home.run("unlock", passphrase: ProtectedHome.passphrase).code == 1)
    }

    @Test func aChangedPassphraseIsTheOnlyOneThatOpens() throws {
        let home = try ProtectedHome()
        #expect(home.run("passphrase", "set", passphrase: "12345").err.contains("at least 8"))
        #expect(home.run("passphrase", "set", passphrase: ProtectedHome.passphrase).code == 0)
        #expect(home.run("unlock", passphrase: ProtectedHome.passphrase).code == 0)
        let (old, new) = (home.home.root + "/old", home.home.root + "/new")
        writeFile(old, Array((ProtectedHome.passphrase + "\n").utf8))
        writeFile(new, Array("một cụm khác\r\n".utf8))
        #expect(home.run("passphrase", "change", "--passphrase-file", new, "--new-passphrase-file", new).code == 5)
        #expect(home.run("passphrase", "change", "--passphrase-file", old, "--new-passphrase-file", new).code == 0)
        #expect(home.run("status").code == 5)
        #expect(home.run("status", passphrase: ProtectedHome.passphrase).code == 5)
        #expect(home.run("status", passphrase: "một cụm khác").code == 0)
        #expect(home.run("unlock", "--passphrase-file", new).code == 0)
        #expect(home.run("status").code == 0)
    }

    @Test func aStoreThatAsksForSixtyFourGibibytesIsRefusedAtOnce() throws {
        let home = try ProtectedHome()
        #expect(home.run("passphrase", "set", passphrase: ProtectedHome.passphrase).code == 0)
        var writer = CBORWriter(reserving: 256)
        writer.arrayHeader(count: 3)
        writer.unsigned(1)
        var lock = CBORWriter(reserving: 160)
        lock.arrayHeader(count: 6)
        for number: UInt64 in [1, 3, 64 << 30] { lock.unsigned(number) }
        lock.byteString(Bytes(repeating: 1, count: 16))
        lock.byteString(Bytes(repeating: 2, count: 72))
        lock.unsigned(0)
        writer.byteString(lock.bytes)
        writer.byteString(Bytes(repeating: 3, count: 40))
        let file = open(home.home.path + "/replica.db", O_WRONLY)
        let head = Bytes("WSYNSEAL".utf8) + [0, UInt8(writer.bytes.count)] + writer.bytes
        #expect(pwrite(file, head, head.count, 0) == head.count)
        close(file)
        let run = home.run("status", passphrase: ProtectedHome.passphrase)
        #expect(run.code == 9, "\(run.err)")
    }

    @Test func wipingSaysWhatWasNotSentAndLeavesNothing() throws {
        let home = try ProtectedHome()
        #expect(home.run("report", "new", "-t", "Đèn hỏng").code == 0)
        #expect(home.run("report", "new", "--draft", "-t", "Nháp").code == 0)
        let asked = home.run("wipe")
        #expect(asked.code != 0 && asked.out.contains("1 changes; drafts: 1"), "\(asked.out)\(asked.err)")
        #expect(home.run("status").code == 0)
        #expect(home.run("passphrase", "set", passphrase: ProtectedHome.passphrase).code == 0)
        #expect(home.run("unlock", passphrase: ProtectedHome.passphrase).code == 0)
        // A second name of the file shows what became of its bytes.
        let shadow = home.home.root + "/shadow"
        #expect(link(home.home.path + "/replica.db", shadow) == 0)
        let wiped = home.run("wipe", "--yes")
        #expect(wiped.code == 0 && wiped.out.contains("1 changes; drafts: 1"), "\(wiped.err)")
        #expect(access(home.home.path, F_OK) != 0 && home.keyFile == nil)
        #expect(readFile(shadow).utf8.allSatisfy { $0 == 0 } && !readFile(shadow).isEmpty)
        #expect(home.run("wipe", "--yes").code == 8)
    }

    @Test func aLockedHomeIsWipedWithoutThePassphrase() throws {
        let home = try ProtectedHome()
        #expect(home.run("report", "new", "-t", "Đèn hỏng").code == 0)
        #expect(home.run("passphrase", "set", passphrase: ProtectedHome.passphrase).code == 0)
        #expect(home.run("lock").code == 0)
        let wiped = home.run("wipe", "--yes")
        #expect(wiped.code == 0 && wiped.out.contains("nobody knows"), "\(wiped.out)\(wiped.err)")
        #expect(access(home.home.path, F_OK) != 0)
    }

    @Test func aDamagedStoreCanStillBeWiped() throws {
        let home = try ProtectedHome()
        writeFile(home.home.path + "/replica.db", [UInt8](repeating: 0x41, count: 9000))
        let wiped = home.run("wipe", "--yes")
        #expect(wiped.code == 0 && wiped.out.contains("nobody knows"), "\(wiped.out)\(wiped.err)")
        #expect(access(home.home.path, F_OK) != 0)
    }
}
