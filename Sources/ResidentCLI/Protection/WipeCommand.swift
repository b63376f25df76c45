// Removing everything that this device holds: keys first, then the files.

import CommandLineKit
import Glibc
import SyncKit

extension CommandRun {
    /// What stands in a home.
    private static let files =
        ["replica.db", "replica.db-wal", "replica.db-shm", "replica.db-journal"] + ReplicaHome.passingFiles + ["lock"]

    /// `ward wipe`
    func wipe() throws(ErrorReport) -> ExitCode {
        guard access(ReplicaHome.storePath(home), F_OK) == 0 else {
            throw Faults.report(StoreError(.missing, "replica.db"), home: home)
        }
        let opened = try openToWipe()
        let lock = opened == nil ? try inHome { () throws(StoreError) in try ReplicaHome.holdLock(at: home) } : nil
        defer { withExtendedLifetime(lock) {} }
        let (waiting, drafts) = counts(opened)
        if !terminal.isJSON {
            switch (opened == nil, waiting + drafts) {
            case (true, _): terminal.print(LockWord.wipeUnknown.message)
            case (false, 0): terminal.print(LockWord.wipeNothingWaits.message)
            case (false, _): terminal.print(LockWord.wipeWaits.message, String(waiting), String(drafts))
            }
        }
        if !parsed.flag("yes") {
            switch Prompt(terminal).confirm(LockWord.wipeAsk.message, home, assumed: false) {
            case true?: break
            case false?: return .ok
            case nil: throw ErrorReport.cannotAsk(option: "--yes", helpCommand: name + " --help")
            }
        }
        if let opened { try? Replica.destroyKeys(in: opened.database) }
        KeySession.end(home)
        var left: [String] = []
        for name in Self.files where !ReplicaHome.erase(home + "/" + name) { left.append(name) }
        rmdir(home)
        guard left.isEmpty else {
            throw ErrorReport(
                .inputOutput, code: "wipe.left", happened: LockWord.wipeLeft.with(left.joined(separator: ", ")),
                next: LockWord.wipeLeftNext.with(home))
        }
        if terminal.isJSON {
            terminal.printJSON { json in
                json.object { json in
                    json.member("wiped", home)
                    json.member("unsent", opened == nil ? nil : Int64(waiting))
                    json.member("drafts", opened == nil ? nil : Int64(drafts))
                }
            }
        } else {
            terminal.print(LockWord.wiped.message, home)
            terminal.remark(LockWord.wipedNext.message)
        }
        return .ok
    }

    /// The home with its lock; nil where the store is damaged or locked, which is no reason to keep it.
    private func openToWipe() throws(ErrorReport) -> ReplicaHome? {
        do throws(StoreError) {
            let opened = try ReplicaHome.open(at: home, for: .writing, vault: knownVault())
            _ = try StoreSchema.check(opened.database)
            hold(opened)
            return opened
        } catch {
            if error.code == .busy || error.code == .readOnly { throw Faults.report(error, home: home) }
            return nil
        }
    }

    private func counts(_ opened: ReplicaHome?) -> (waiting: Int, drafts: Int) {
        guard let database = opened?.database else { return (0, 0) }
        let waiting = (try? StoreView(database).pendingCount()) ?? 0
        return (waiting, Int((try? database.integer("SELECT count(*) FROM drafts")) ?? 0))
    }
}
