// The simulator's command: many schedules, one again, or a planted fault until it is found.

import Glibc
import Simulation

/// What the arguments ask for.
struct Options {
    var schedules = 3000
    var seed = UInt64.random(in: 1 ... .max)
    var replay: UInt64?
    var fault: String?
    var threads = 2
    var untilFound = false

    /// - Returns: `nil` for arguments that are not known.
    init?(_ arguments: [String]) {
        var rest = arguments[...]
        while let flag = rest.popFirst() {
            if flag == "--until-found" {
                untilFound = true
                continue
            }
            guard let value = rest.popFirst() else { return nil }
            switch (flag, UInt64(value), Int(value)) {
            case ("--schedules", _, .some(let count)) where count > 0: schedules = count
            case ("--seed", .some(let number), _): seed = number
            case ("--replay", .some(let number), _): replay = number
            case ("--threads", _, .some(let count)) where count > 0: threads = count
            case ("--fault", _, _): fault = value
            default: return nil
            }
        }
    }
}

/// Runs the simulator. Exits with 0 where nothing was wrong, or where the planted fault was found.
@main
struct Simulate {
    static func main() async {
        guard let options = Options(Array(CommandLine.arguments.dropFirst())) else {
            print(
                """
                usage: simulate [--schedules N] [--seed S] [--threads N] [--fault NAME] [--until-found]
                       simulate --replay SEED [--fault NAME]
                faults: \(Runner.faults.joined(separator: " "))
                """)
            exit(64)
        }
        if let fault = options.fault, !Runner.plant(fault) {
            print("simulate: no fault \(fault), or a build without planted faults")
            exit(64)
        }
        if let seed = options.replay { replay(seed) }
        await run(options)
    }

    private static func replay(_ seed: UInt64) -> Never {
        let result = Runner.replay(seed, isVerbose: true)
        if let failure = result.failure {
            print("schedule \(seed) fails at step \(failure.step): \(failure.text)")
            exit(1)
        }
        print("schedule \(seed) holds")
        exit(0)
    }

    private static func run(_ options: Options) async -> Never {
        let fault = options.fault.map { " with fault \($0)" } ?? ""
        print("simulate: \(options.schedules) schedules, seed \(options.seed)\(fault)")
        let report = await Runner.run(
            options.seed, schedules: options.schedules, threads: options.threads,
            maxFailures: options.untilFound ? 1 : 10,
            onFailure: { failure in
                print("FAILED --replay \(failure.seed) at step \(failure.step): \(failure.text)")
                fflush(nil)
            },
            onThousand: { done, failed in
                print("  \(done) done, \(failed) failed")
                fflush(nil)
            })
        if options.untilFound {
            print(report.failures.isEmpty ? "not found in \(report.schedules)" : "found after \(report.schedules)")
            exit(report.failures.isEmpty ? 1 : 0)
        }
        for event in Event.allCases { print("  \(event.rawValue): \(report.counts[event])") }
        var isGood = report.failures.isEmpty
        if report.schedules >= Runner.completeFrom {
            for event in report.counts.missing {
                print("FAILED: \(event.rawValue) never happened")
                isGood = false
            }
            if report.counts[.realSignatures] * 5 < report.schedules {
                print("FAILED: fewer than one in five schedules with real signatures")
                isGood = false
            }
        }
        print("\(report.schedules) schedules, seed \(options.seed): \(isGood ? "all hold" : "FAILED")")
        exit(isGood ? 0 : 1)
    }
}
