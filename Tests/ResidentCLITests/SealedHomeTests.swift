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
    @Test(arguments: [false, true]) func whateverIsDoneAtTheSameTimeIsKept(isSealing: Bool) async throws {
        let home = try ProtectedHome()
        let environment = [
            "WARD_HOME=" + home.home.path, "XDG_RUNTIME_DIR=" + home.session, "LANG=C.UTF-8",
            "WARD_PASSPHRASE=" + ProtectedHome.passphrase,
        ]
        let (program, root) = (TestHome.program, home.home.root)
        @Sendable func ward(_ words: String...) -> WardRun {
            spawn(program, words, environment: environment, root: root)
        }
        if !isSealing { #expect(ward("passphrase", "set").code == 0) }
        let saved = await withTaskGroup(of: Int.self) { group in
            for writer in 0..<3 {
                group.addTask {
                    var saved = 0
                    for number in 0..<8 {
                        let run = ward("report", "new", "-t", "Báo \(writer)-\(number)", "-c", "rac")
                        #expect(run.code == 0, "\(run.err)")
                        if run.code == 0 { saved += 1 }
                    }
                    return saved
                }
            }
            for _ in 0..<2 {
                group.addTask {
                    for _ in 0..<12 {
                        let run = ward("report", "list")
                        #expect(run.code == 0, "\(run.err)")
                    }
                    return 0
                }
            }
            if isSealing {
                group.addTask {
                    for command in ["set", "remove", "set", "remove", "set"] {
                        // Where others read all the time there is no moment for it: then it says so.
                        let run = ward("passphrase", command)
                        #expect([0, 1, 5].contains(run.code), "\(run.err)")
                    }
                    return 0
                }
            }
            return await group.reduce(0, +)
        }
        #expect(saved == 24)
        let list = ward("report", "list", "--json", "--limit", "100")
        #expect(list.out.contains("\"total\":24"), "\(list.out)\(list.err)")
        #expect(ward("doctor").code == 0)
    }
}
