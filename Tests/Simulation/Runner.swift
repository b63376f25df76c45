// Many schedules on every core, until one fails or all are done.

import SyncKit
import Synchronization

/// What a run of schedules found.
public struct RunReport: Sendable {
    /// How many schedules were run.
    public var schedules = 0
    /// What happened in all of them.
    public var counts = EventCounts()
    /// How many made every signature and verified it.
    public var failures: [SimulationFailure] = []
}

/// Runs schedules.
public enum Runner {
    /// From how many schedules on every kind of event has to happen.
    public static let completeFrom = 500

    /// The seed of the `index`-th schedule of a run.
    public static func seed(_ index: Int, of run: UInt64) -> UInt64 {
        var chance = Chance(seed: run &+ UInt64(index) &* 0x632B_E59B_D9B4_E019)
        return chance.next()
    }

    /// Activates a planted fault for the whole process.
    /// - Returns: false where there is no such fault, or where this build has none.
    public static func plant(_ name: String) -> Bool {
        guard let fault = PlantedFault(rawValue: name) else { return false }
        #if PLANTED_FAULTS
            plantedFault = fault
            return true
        #else
            _ = fault
            return false
        #endif
    }

    /// The names of the faults that a build can plant.
    public static var faults: [String] { PlantedFault.allCases.map(\.rawValue) }

    /// Runs one schedule.
    /// - Returns: what happened, and what was wrong.
    public static func replay(_ seed: UInt64, worker: Int = 0, isVerbose: Bool = false) -> (
        counts: EventCounts, failure: SimulationFailure?
    ) {
        do {
            let schedule = try Schedule(seed: seed, worker: worker, isVerbose: isVerbose)
            do {
                try schedule.run()
            } catch let failure as SimulationFailure {
                return (schedule.counts, failure)
            }
            return try replayCopies(seed, worker: worker, isVerbose: isVerbose, after: schedule.counts)
        } catch {
            return (EventCounts(), SimulationFailure(seed: seed, step: 0, text: "\(error)"))
        }
    }

    /// The same ward's people with copies of their stores.
    private static func replayCopies(
        _ seed: UInt64, worker: Int, isVerbose: Bool, after counts: EventCounts
    ) throws -> (counts: EventCounts, failure: SimulationFailure?) {
        let copies = try CopySchedule(seed: seed, worker: worker, isVerbose: isVerbose)
        var failure: SimulationFailure?
        do { try copies.run() } catch let found as SimulationFailure { failure = found }
        var counts = counts
        counts.add(copies.counts)
        return (counts, failure)
    }

    /// How far the threads are together.
    private final class Progress: Sendable {
        let next = Atomic<Int>(0)
        let done = Atomic<Int>(0)
        let failed = Atomic<Int>(0)
    }

    /// Runs the schedules of a run on several threads.
    /// - Parameters:
    ///   - maxFailures: stops after so many.
    ///   - onFailure: told of each failure when it is found.
    ///   - onThousand: told each time that another thousand schedules are done, with how many are done and failed.
    public static func run(
        _ run: UInt64, schedules: Int, threads: Int, maxFailures: Int,
        onFailure: @escaping @Sendable (SimulationFailure) -> Void = { _ in },
        onThousand: @escaping @Sendable (_ done: Int, _ failed: Int) -> Void = { _, _ in }
    ) async -> RunReport {
        let progress = Progress()
        return await withTaskGroup(of: RunReport.self) { group in
            for worker in 0..<max(1, threads) {
                group.addTask {
                    var report = RunReport()
                    while progress.failed.load(ordering: .relaxed) < maxFailures {
                        let index = progress.next.wrappingAdd(1, ordering: .relaxed).oldValue
                        if index >= schedules { break }
                        let result = replay(seed(index, of: run), worker: worker)
                        report.schedules += 1
                        report.counts.add(result.counts)
                        if let failure = result.failure {
                            report.failures.append(failure)
                            onFailure(failure)
                            progress.failed.wrappingAdd(1, ordering: .relaxed)
                        }
                        let done = progress.done.wrappingAdd(1, ordering: .relaxed).newValue
                        if done % 1000 == 0 { onThousand(done, progress.failed.load(ordering: .relaxed)) }
                    }
                    return report
                }
            }
            var whole = RunReport()
            for await part in group {
                whole.schedules += part.schedules
                whole.counts.add(part.counts)
                whole.failures += part.failures
            }
            return whole
        }
    }
}
