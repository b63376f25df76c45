// Mode "cuts": a file of 256 KiB, sent and fetched with a break after every byte of its way, and a bundle of that size and
// its return, against real stores.

import LinkSimulation
import Synchronization

/// A line for each way: at how many places it broke, what that cost at most. Something lost or doubled is a failure.
/// - Parameter stride: 1 breaks after every byte: of what stands before the file with a transfer for each break, of the
///   file in one transfer that goes on each time. More: a transfer of its own for one place in so many.
func runCuts(stride: Int) throws -> [String] {
    guard stride > 0 else { throw BenchError.usage }
    let ways: [CutWay?] = [nil] + CutWay.allCases
    let lines = Mutex<[String: String]>([:])
    let problems = Mutex<[String]>([])
    let next = Atomic<Int>(0)
    runThreads(ways.count) {
        let way = ways[next.wrappingAdd(1, ordering: .relaxed).oldValue]
        let name = way?.rawValue ?? "bundle"
        do {
            let began = monotonicSeconds()
            var tally = CutTally()
            if let way {
                try tally.breakTransfers(way, stride: stride)
                if stride == 1 { try tally.climb(way) }
            } else {
                try tally.climbBundle(stride: stride)
            }
            let line = tally.line(name, seconds: monotonicSeconds() - began)
            lines.withLock { $0[name] = line }
            problems.withLock { $0 += tally.problems }
        } catch { problems.withLock { $0.append("\(name): \(error)") } }
    }
    let found = problems.withLock { $0 }
    guard found.isEmpty else { throw BenchError.failed("cuts: " + found.prefix(5).joined(separator: "; ")) }
    return lines.withLock { $0.sorted { $0.key > $1.key }.map(\.value) }
}

/// What breaks came to so far.
private struct CutTally {
    private(set) var problems: [String] = []
    /// How often a transfer broke, and how many transfers that were.
    private var breaks = 0
    private var transfers = 0
    private var mostRepeated = 0
    /// The size of parts where each break is of one transfer.
    private static let level = 1

    /// A transfer for each break: up to the file where every byte is meant, else to the end.
    mutating func breakTransfers(_ way: CutWay, stride: Int) throws {
        let cuts = FileCuts(way)
        var offset = 0
        while let outcome = try cuts.transfer(cut: .byte(offset), level: transfers % FileCuts.levels.count) {
            breaks += 1
            transfers += 1
            mostRepeated = max(mostRepeated, outcome.repeated)
            if !outcome.problem.isEmpty { problems.append("\(way), byte \(offset): \(outcome.problem)") }
            if outcome.repeated > FileCuts.mostRepeated { problems.append("\(way), byte \(offset): went twice") }
            if stride == 1, offset >= outcome.partsStart { return }
            offset += stride
        }
    }

    /// One transfer that breaks at every byte of the file.
    mutating func climb(_ way: CutWay) throws {
        let outcome = try FileCuts(way).ladder(level: Self.level)
        breaks += outcome.breaks
        transfers += 1
        mostRepeated = max(mostRepeated, outcome.mostLost)
        problems += outcome.problems
        if outcome.breaks != outcome.partBytes { problems.append("\(way): \(outcome.breaks) breaks") }
    }

    /// A part of a bundle to the ward, and of its return, each breaking at every byte.
    mutating func climbBundle(stride: Int) throws {
        let outcome = try BundleLadder().climb(stride: stride)
        breaks += outcome.breaks
        transfers += outcome.wholeParts
        mostRepeated = max(mostRepeated, outcome.mostLost)
        problems += outcome.problems
    }

    func line(_ way: String, seconds: Double) -> String {
        jsonLine([
            ("system", "\"wardsync\""), ("mode", "\"cuts\""), ("way", "\"\(way)\""),
            ("file_bytes", "\(FileCuts.length)"), ("breaks", "\(breaks)"), ("transfers", "\(transfers)"),
            ("most_repeated_bytes", "\(mostRepeated)"), ("lost", "\(problems.count)"), ("seconds", number(seconds)),
        ])
    }
}
