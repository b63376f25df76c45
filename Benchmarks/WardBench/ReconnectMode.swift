// Mode "reconnect": many devices with a day's work each come back to a real server at the same moment.

import Foundation
import LinkSimulation
import SyncKit

/// A line with what a reconnect of `devices` came to. A loss is a failure of the run.
/// - Parameter server: the program `ward-server`.
func runReconnect(devices: Int, server program: String) throws -> String {
    try raiseDescriptorLimit()
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("ward-bench-\(getpid())").path
    try FileManager.default.createDirectory(atPath: folder + "/devices", withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try BenchServer.makeHome(folder + "/ward", with: program)
    let server = try BenchServer(program, home: folder + "/ward")
    defer { server.stop() }
    let run = ReconnectRun(
        home: server.home, port: server.port, folder: folder + "/devices", size: ReconnectSize(devices: devices))
    let waiting = try run.prepare { role, area, name in try server.invite(role, area, name) }
    let before = try server.figures()
    let found = run.reconnect()
    let after = try server.figures()
    guard found.problems.isEmpty, found.changes == waiting else {
        throw BenchError.failed("reconnect: " + found.problems.prefix(5).joined(separator: "; "))
    }
    try run.settle()
    guard server.stop() == 0 else { throw BenchError.failed("the server did not end in order") }
    let losses = try run.losses()
    guard losses.isEmpty else { throw BenchError.failed("lost: " + losses.prefix(5).joined(separator: "; ")) }
    let slowest = found.seconds.last ?? 0
    let processor = after.processorSeconds - before.processorSeconds
    func share(_ permille: Int) -> Double {
        found.seconds[min(found.seconds.count - 1, (found.seconds.count * permille + 999) / 1000 - 1)]
    }
    return jsonLine([
        ("system", "\"wardsync\""), ("mode", "\"reconnect\""), ("devices", "\(devices)"),
        ("change_sets", "\(found.changes)"), ("change_sets_per_s", number(Double(found.changes) / slowest)),
        ("median_s", number(share(500))), ("p99_s", number(share(990))), ("slowest_s", number(slowest)),
        ("waits", "\(found.waits)"), ("most_waits", "\(found.mostWaits)"), ("server_kb", "\(after.mostResidentKiB)"),
        ("server_kb_before", "\(before.residentKiB)"),
        ("server_processor_s", number(processor)),
        ("change_sets_per_processor_s", number(Double(found.changes) / max(processor, 0.01))), ("lost", "0"),
    ])
}

/// Each device has a socket and the files of its store open.
func raiseDescriptorLimit() throws {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
    limit.rlim_cur = limit.rlim_max
    _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
}
