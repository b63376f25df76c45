// The ward's disk dies while people restore their phones and use two of them.

import SyncKit

extension CopySchedule {
    func backUpWard() throws {
        guard mostRestores > 0 else { return }
        try server.backUp(isNoted: chance.oneIn(3))
        trace("the ward is backed up")
    }

    /// An older copy takes the place of the ward's store, whatever people did with their phones meanwhile.
    func restoreWard() throws {
        guard server.restores < mostRestores, let backup = chance.pick(server.backups) else { return }
        counts.add(.serverRestoreAmongCopies)
        try server.restore(from: backup)
        trace("the ward is restored from \(backup.end)")
        let received = try receivedWords()
        for word in typed.keys where !received.contains(word) && !isHeld(word) { typed[word]?.isForgotten = true }
    }

    /// Whether a living store has a word, of its own or as somebody's that counts.
    func isHeld(_ word: String, beside other: CopiedStore? = nil) -> Bool {
        stores.contains { $0 !== other && ($0.memory.words.contains(word) || $0.memory.read.contains(word)) }
    }
}
