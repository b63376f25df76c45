// The history of a document: who did what, when, on which device, and what happened side by side.

import CommandLineKit
import SyncKit

/// One line of a history.
struct HistoryLine {
    let stored: LogTables.Stored
    /// Effective time; of what waits, the device's own.
    let time: HybridTime
    let actions: [String]
    /// Whether another accepted change was made without either knowing of the other.
    let isParallel: Bool
}

/// Makes a document's history.
struct History {
    /// The most changes whose parallels are looked for.
    private static let mostCompared = 2000

    let view: DocumentView
    let values: ValueText

    func lines() -> [HistoryLine] {
        let parallel = parallelDots()
        return view.history.map { stored in
            let isAccepted = stored.verdict == .accepted
            return HistoryLine(
                stored: stored, time: isAccepted ? stored.effective : stored.change.header.authorTime,
                actions: values.words.actions(stored.change, view.state.kind),
                isParallel: parallel.contains(stored.change.dot))
        }
    }

    private func parallelDots() -> Set<Dot> {
        let accepted = view.history.filter { $0.verdict == .accepted }.prefix(Self.mostCompared)
        var parallel: Set<Dot> = []
        for (index, later) in accepted.enumerated() {
            let header = later.change.header
            for earlier in accepted.prefix(index).reversed() {
                if earlier.position <= header.seen.position { break }
                let dot = earlier.change.dot
                guard dot.device != header.device, !header.seenDots.contains(dot) else { continue }
                parallel.insert(dot)
                parallel.insert(later.change.dot)
            }
        }
        return parallel
    }
}
