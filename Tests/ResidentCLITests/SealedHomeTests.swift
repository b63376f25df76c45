// Homes that are sealed as a whole, from those of before, and whatever ends the command that does it.
import Glibc
import LinkSimulation
import Testing

@testable import ResidentCLI
@testable import SyncKit

extension ProtectedHome {
    /// Seals the home's secrets as versions before did.
    func sealInPlace() throws {
        let opened = try ReplicaHome.open(at: home.path, for: .writing)
        let (database, random) = (opened.database, SystemRandomSource())
        let vault = try Vault.make(random: random)
        let lock = try #require(PassphraseLock(vault, passphrase: Self.passphrase, idleMinutes: 0, random: random))
        try database.run("PRAGMA secure_delete=ON")
        for name in try Replica.secretKeys(database) {
            let value = try LogTables(database).meta(name) ?? []
            try LogTables(database).setMeta(name, vault.seal(value, at: "meta." + name))
        }
        let values = try database.prepare("SELECT device,sequence,slot,value FROM disclosures")
        var rows: [(sequence: Int64, slot: Int64, value: Bytes)] = []
        while try values.step() { rows.append((values.integer(1), values.integer(2), values.bytes(3))) }
        values.reset()
        for row in rows {
            let sealed = vault.seal(row.value, at: "disclosures.\(row.sequence).\(row.slot)")
            try database.prepare("UPDATE disclosures SET value=?1 WHERE sequence=?2 AND slot=?3").bind(1, sealed)
                .bind(2, row.sequence).bind(3, row.slot).run()
        }
        let drafts = try database.prepare("SELECT body FROM drafts")
        #expect(try drafts.step())
        let body = drafts.bytes(0)
        drafts.reset()
        try database.prepare("UPDATE drafts SET body=?1").bind(1, vault.seal(body, at: "drafts.body")).run()
        try LogTables(database).setMeta("vault", lock.encoded)
        try database.run("VACUUM")
        try database.run("PRAGMA wal_checkpoint(TRUNCATE)")
    }
}

@Suite(.serialized) struct SealedHomeTests {
    /// Starts `ward`; nobody reads what it says.
    private func start(_ words: [String], _ environment: [String]) -> pid_t? {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        for number in 0...2 as ClosedRange<Int32> {
            posix_spawn_file_actions_addopen(&actions, number, "/dev/null", O_RDWR, 0)
        }
        var argv: [UnsafeMutablePointer<CChar>?] = ([TestHome.program] + words).map { strdup($0) } + [nil]
        var env: [UnsafeMutablePointer<CChar>?] =
            (environment + SanitizerOptions.environment).map { strdup($0) } + [nil]
        var child: pid_t = 0
        let failed = posix_spawn(&child, TestHome.program, &actions, nil, &argv, &env)
        for pointer in argv + env { free(pointer) }
        posix_spawn_file_actions_destroy(&actions)
        return failed == 0 ? child : nil
    }

    /// Versions before sealed the secrets where they stood: such a home opens with its passphrase, and is sealed whole then.
    @Test func aHomeThatWasSealedInPlaceIsSealedAsAWhole() throws {
        let home = try ProtectedHome()
        #expect(home.run("report", "new", "-t", "Đèn hỏng", "-c", "lighting", "--phone", "0912345678").code == 0)
        #expect(home.run("report", "new", "--draft", "-t", "Bản nháp riêng tư").code == 0)
        let keys = try home.keys()
        try home.sealInPlace()
        #expect(home.find(Array("0912345678".utf8)).isEmpty && !home.find(Array("Đèn hỏng".utf8)).isEmpty)
        let locked = home.run("report", "list")
        #expect(locked.code == 5 && locked.err.contains("is locked"), "\(locked.err)")
        #expect(home.run("passphrase", "set", passphrase: ProtectedHome.passphrase).err.contains("already"))
        let list = home.run("report", "draft", "list", passphrase: ProtectedHome.passphrase)
        #expect(list.code == 0 && list.out.contains("Bản nháp riêng tư"), "\(list.err)")
        #expect(home.find(Array("Đèn hỏng".utf8)).isEmpty)
        #expect(home.run("status").code == 5)
        #expect(home.run("passphrase", "remove", passphrase: ProtectedHome.passphrase).code == 0)
        #expect(!home.find(Array("0912345678".utf8)).isEmpty)
        #expect(try home.keys().map(\.1) == keys.map(\.1))
    }

    /// However a command ends while it puts a passphrase on the home, changes or removes it, nothing is lost.
    @Test func aPassphraseThatWasCutOffLeavesAWholeHome() throws {
        let home = try ProtectedHome()
        for number in 1...5 { #expect(home.run("report", "new", "-t", "Báo \(number)").code == 0) }
        var isProtected = false
        for turn in 0..<12 {
            let command = isProtected ? "remove" : "set"
            var environment = ["WARD_HOME=" + home.home.path, "XDG_RUNTIME_DIR=" + home.session]
            environment.append("WARD_PASSPHRASE=" + ProtectedHome.passphrase)
            let child = try #require(start(["passphrase", command], environment))
            // Argon2id takes most of it; the files are written at its end.
            usleep(UInt32(turn % 6) * 60_000 + 20_000)
            kill(child, SIGKILL)
            var status: Int32 = 0
            waitpid(child, &status, 0)
            let with = home.run("report", "list", "--json", passphrase: ProtectedHome.passphrase)
            #expect(with.code == 0 && with.out.contains("\"total\":5"), "\(turn): \(with.err)")
            isProtected = home.run("status").code == 5
            // A writer clears what is left.
            #expect(home.run("report", "new", "--draft", "-t", "x", passphrase: ProtectedHome.passphrase).code == 0)
            #expect(!home.bytes().contains { $0.name.contains("-sealing-") })
        }
    }

    /// Commands that write and commands that read, at the same time, on a home with a passphrase and one without; others
    /// set and remove the passphrase meanwhile.
    @Test(arguments: [false, true]) func whateverIsDoneAtTheSameTimeIsKept(isSealing: Bool) throws {
        let home = try ProtectedHome()
        if !isSealing { #expect(home.run("passphrase", "set", passphrase: ProtectedHome.passphrase).code == 0) }
        // A sealing that finds somebody at the store says so, and is done again.
        let script = """
            for w in 1 2 3; do (for i in 1 2 3 4 5 6 7 8; do
              "$WARD" report new -t "Báo $w-$i" -c rac 2>>"$OUT" >/dev/null || echo "new $?" >>"$OUT.failed"; done) & done
            for r in 1 2; do (for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
              "$WARD" report list 2>>"$OUT" >/dev/null || echo "list $?" >>"$OUT.failed"; done) & done
            for c in $CHANGES; do "$WARD" passphrase $c 2>>"$OUT" >/dev/null || echo "$c $?" >>"$OUT.changes"; done
            wait
            """
        let out = home.home.root + "/said"
        let changes = isSealing ? "set remove set remove set" : ""
        let environment = [
            "WARD_HOME=" + home.home.path, "XDG_RUNTIME_DIR=" + home.session, "PATH=/usr/bin:/bin", "OUT=" + out,
            "WARD_PASSPHRASE=" + ProtectedHome.passphrase, "WARD=" + TestHome.program, "CHANGES=" + changes,
        ]
        let run = spawn("/bin/bash", ["-c", script], environment: environment, root: home.home.root)
        #expect(run.code == 0 && readFile(out + ".failed").isEmpty, "\(readFile(out + ".failed")): \(readFile(out))")
        let list = home.run("report", "list", "--json", "--limit", "100", passphrase: ProtectedHome.passphrase)
        #expect(list.out.contains("\"total\":24"), "\(list.out)\(list.err)")
        #expect(home.run("doctor", passphrase: ProtectedHome.passphrase).code == 0)
    }

    /// What a command left in the store's log when it ended is not left to read once a passphrase is set.
    @Test func theLogThatAnEndedCommandLeftIsOverwritten() throws {
        let home = try ProtectedHome()
        let store = home.home.path + "/replica.db"
        do {
            let opened = try ReplicaHome.open(at: home.home.path, for: .writing)
            opened.database.keepLog()
            let replica = try Replica(
                opening: opened.database, time: SystemTimeSource(), random: SystemRandomSource(),
                scheme: Ed25519Scheme())
            _ = try replica.keepDraft(.report, Bytes("Bà Hoa nhà số 7".utf8))
        }
        let shadow = home.home.root + "/shadow"
        #expect(link(store + "-wal", shadow) == 0)
        let secret = Array("Bà Hoa nhà số 7".utf8)
        #expect(home.find(secret) == ["replica.db-wal"])
        #expect(home.run("passphrase", "set", passphrase: ProtectedHome.passphrase).code == 0)
        #expect(home.find(secret).isEmpty)
        let left = BoundedFile.bytes(shadow, most: 1 << 20) ?? []
        #expect(!left.isEmpty && left.allSatisfy { $0 == 0 })
    }

    /// A command that waits to write keeps nobody from putting a passphrase on the home.
    @Test func whoWaitsToWriteLetsAPassphraseBeSet() throws {
        let home = try ProtectedHome()
        let environment = [
            "WARD_HOME=" + home.home.path, "XDG_RUNTIME_DIR=" + home.session, "LANG=C.UTF-8",
            "WARD_PASSPHRASE=" + ProtectedHome.passphrase,
        ]
        // Both come while somebody writes: the one waits to write, the other to seal.
        var held: ReplicaHome? = try ReplicaHome.open(at: home.home.path, for: .writing)
        var children: [pid_t] = []
        for words in [["report", "new", "-t", "Báo", "-c", "rac"], ["passphrase", "set"]] {
            children.append(try #require(start(words, environment)))
            usleep(500_000)
        }
        withExtendedLifetime(held) {}
        held = nil
        for child in children {
            var status: Int32 = -1
            waitpid(child, &status, 0)
            #expect(status == 0)
        }
        let list = home.run("report", "list", "--json", passphrase: ProtectedHome.passphrase)
        #expect(list.out.contains("\"total\":1"), "\(list.err)")
        #expect(home.run("status").code == 5)
    }
}
