// Looking after the store: check the file, the states and the permissions; rebuild what is derived.

import CommandLineKit
import Glibc
import SyncKit

extension CommandRun {
    /// `ward doctor`
    func doctor() throws(ErrorReport) -> ExitCode {
        let mended = mendPermissions()
        let replica = try replica()
        let faults = try attempt { () throws(ReplicaError) in try replica.storeFaults() }
        var rebuilt: Int?
        if parsed.flag("rebuild") { rebuilt = try rebuild(replica) }
        var compacted: (documents: Int, changes: Int)?
        if parsed.flag("compact") { compacted = try compact(replica) }
        let unsound = try attempt { () throws(ReplicaError) in try replica.unsoundDocuments() }
        let lastSync = try attempt { () throws(ReplicaError) in try replica.lastSync() }
        let skew = try attempt { () throws(ReplicaError) in try replica.clockSkewSeconds() }
        let isSound = faults.isEmpty && unsound.isEmpty
        if terminal.isJSON {
            terminal.printJSON { json in
                json.object { json in
                    json.member("sound", isSound)
                    json.member("store_faults", faults)
                    json.member("unsound_documents", unsound.map(\.hex))
                    json.member("rebuilt", rebuilt.map { Int64($0) })
                    json.member("compacted", compacted.map { Int64($0.documents) })
                    json.member("permissions_mended", mended)
                    json.member("last_sync", lastSync.map { LocalTime(seconds: $0).iso8601 })
                    json.member("skew_seconds", lastSync == nil ? nil : skew)
                }
            }
            return isSound ? .ok : .storeUnusable
        }
        let sound = terminal.say(.doctorSound)
        terminal.print(
            Say.doctorStore.message,
            faults.isEmpty ? sound : terminal.say(.doctorFault, faults.prefix(3).joined(separator: "; ")))
        terminal.print(Say.doctorPermissions.message, mended ? terminal.say(.doctorMended) : sound)
        if let rebuilt { terminal.print(Say.doctorRebuilt.message, String(rebuilt)) }
        if let compacted {
            terminal.print(
                (compacted.documents > 0 ? HistorySay.freed : .nothingToFree).message, String(compacted.documents),
                String(compacted.changes))
        }
        terminal.print(
            Say.doctorStates.message,
            unsound.isEmpty ? sound : terminal.say(.doctorUnsound, String(unsound.count)))
        terminal.print(
            Say.doctorSync.message, lastSync.map { LocalTime(seconds: $0).text } ?? terminal.say(.neverSynced))
        if lastSync != nil {
            terminal.print(Say.doctorClock.message, String(skew))
            warnOfSkew(skew)
        }
        if !isSound, rebuilt == nil { terminal.print(Say.doctorAdvice.message) }
        return isSound ? .ok : .storeUnusable
    }

    /// Rebuilds with a line that says how far it is. Ctrl-C ends it, and leaves the store as it was before.
    private func rebuild(_ replica: Replica) throws(ErrorReport) -> Int {
        var progress: Progress?
        defer { progress?.finish() }
        return try attempt { () throws(ReplicaError) in
            try replica.rebuild { done, total in
                let shown = progress ?? Progress(terminal, label: SyncWord.rebuilding.message, total: total)
                progress = shown
                shown.advance(to: done)
            }
        }
    }

    /// Makes the home and its files the owner's alone.
    /// - Returns: whether something had to be changed.
    private func mendPermissions() -> Bool {
        var mended = false
        for (path, mode) in [
            (home, mode_t(0o700)), (ReplicaHome.storePath(home), 0o600), (ReplicaHome.storePath(home) + "-wal", 0o600),
            (ReplicaHome.storePath(home) + "-shm", 0o600), (home + "/lock", 0o600),
        ] {
            var info = stat()
            guard lstat(path, &info) == 0, info.st_mode & S_IFMT != S_IFLNK, info.st_mode & 0o077 != 0 else { continue }
            if chmod(path, mode) == 0 { mended = true }
        }
        return mended
    }
}
