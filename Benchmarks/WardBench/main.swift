// The product's side of the benchmarks: one mode a run, JSON lines on standard output.

import Foundation
import SyncKit

var options: [String: String] = [:]
var rest = CommandLine.arguments.dropFirst()
while let name = rest.popFirst() {
    guard name.hasPrefix("--"), let value = rest.popFirst() else { break }
    options[String(name.dropFirst(2))] = value
}
let beside = (CommandLine.arguments[0] as NSString).deletingLastPathComponent + "/ward-server"
let cores = ProcessInfo.processInfo.activeProcessorCount

do {
    switch options["mode"] {
    case "merge": print(try runMerge(Workload(path: options["workload"] ?? "")))
    case "signed":
        let threads = options["threads"].flatMap(Int.init) ?? 2 * cores + 2
        print(try runSigned(Workload(path: options["workload"] ?? ""), threads: threads))
    case "breakdown": print(try runBreakdown(Workload(path: options["workload"] ?? "")))
    case "limits": for line in try runLimits(threads: cores) { print(line) }
    case "links":
        for line in try runLinks(rounds: options["rounds"].flatMap(Int.init) ?? 5) { print(line) }
    case "dictionary":
        let trained = try trainDictionary(
            samples: options["samples"] ?? "Samples/dictionary", length: options["length"].flatMap(Int.init) ?? 16_384)
        print(Base32.encode(trained))
    case "cold":
        let lines = try runCold(Workload(path: options["workload"] ?? ""), server: options["server"] ?? beside)
        for line in lines { print(line) }
    case "reconnect":
        print(
            try runReconnect(
                devices: options["devices"].flatMap(Int.init) ?? 500, server: options["server"] ?? beside))
    case "slow":
        for line in try runSlow(server: options["server"] ?? beside) { print(line) }
    case "cuts":
        for line in try runCuts(stride: options["stride"].flatMap(Int.init) ?? 1) { print(line) }
    case "fill-tasks":
        for title in try fillTasks(home: options["home"] ?? "", count: options["count"].flatMap(Int.init) ?? 10_000) {
            print(title)
        }
    case "search":
        let lines = try runSearch(
            home: options["home"], procedures: options["procedures"] ?? "Samples/procedures.ndjson",
            reports: options["reports"].flatMap(Int.init) ?? 10_000, program: options["program"])
        for line in lines { print(line) }
    case "fill-ward":
        let size = WardSize(
            reports: options["reports"].flatMap(Int.init) ?? 10_000, tasks: options["tasks"].flatMap(Int.init) ?? 5000)
        print(try fillWard(home: options["home"] ?? "", size: size))
    default: throw BenchError.usage
    }
} catch {
    FileHandle.standardError.write(Data("ward-bench: \(error)\n".utf8))
    exit(1)
}
