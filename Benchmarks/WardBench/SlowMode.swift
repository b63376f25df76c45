// Mode "slow": how long people's syncs take while a thousand connections say a byte a second.

import Foundation
import LinkSimulation
import SyncKit

/// A line for each number of addresses that the slow connections come from. Rounds without and with them take turns.
/// - Parameter program: the program `ward-server`.
func runSlow(server program: String) throws -> [String] {
    try raiseDescriptorLimit()
    return try [1, 20].map { try runSlow(server: program, addresses: $0) }
}

/// Slow connections at a time, syncs of a round, and rounds of each kind.
private let (connections, syncs, rounds) = (1000, 30, 4)

private func runSlow(server program: String, addresses: Int) throws -> String {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("ward-bench-\(getpid())").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try BenchServer.makeHome(folder + "/ward", with: program)
    let server = try BenchServer(program, home: folder + "/ward")
    defer { server.stop() }
    var people = SlowModePeople(port: server.port, descriptor: try server.descriptor(), folder: folder)
    try people.sync(10)
    let before = try server.figures()
    var (quiet, busy, cut) = ([Double](), [Double](), 0)
    for _ in 0..<rounds {
        quiet += try people.sync(syncs)
        let crowd = SlowCrowd(port: server.port, count: connections, addresses: addresses)
        // From one address most are sent away at once, and come again.
        crowd.waitFor(addresses == 1 ? 64 : 400)
        busy += try people.sync(syncs)
        cut += crowd.end().cut
    }
    let after = try server.figures()
    func milliseconds(_ times: [Double], _ share: Int) -> Double { times.sorted()[times.count * share / 100] * 1000 }
    return jsonLine([
        ("system", "\"wardsync\""), ("mode", "\"slow\""), ("connections", "\(connections)"),
        ("addresses", "\(addresses)"), ("usual_ms", number(milliseconds(quiet, 50))),
        ("usual_p90_ms", number(milliseconds(quiet, 90))), ("ms", number(milliseconds(busy, 50))),
        ("p90_ms", number(milliseconds(busy, 90))), ("cut", "\(cut)"), ("server_kb", "\(after.mostResidentKiB)"),
        ("server_kb_before", "\(before.residentKiB)"),
    ])
}

/// Residents who file a report each, every one of them from an address of their own.
private struct SlowModePeople {
    let port: UInt16
    let descriptor: String
    let folder: String
    private var count = 0

    init(port: UInt16, descriptor: String, folder: String) {
        self.port = port
        self.descriptor = descriptor
        self.folder = folder
    }

    /// - Returns: the seconds that each sync took.
    @discardableResult
    mutating func sync(_ count: Int) throws -> [Double] {
        var seconds: [Double] = []
        for _ in 0..<count {
            self.count += 1
            let device = FieldDevice(number: self.count, area: "06685.03", folder: folder)
            try device.make(descriptor: descriptor)
            let replica = try device.open()
            _ = try replica.commit(FieldReport.draft(SystemRandomSource()), privates: FieldReport.privates)
            let begin = monotonicSeconds()
            var client = SyncClient(replica)
            var transport = LoopbackTransport(port: port, device: self.count)
            do { try client.run(&transport) } catch { throw BenchError.failed("sync \(self.count): \(error)") }
            guard client.report.accepted == 1 else { throw BenchError.failed("a report was not accepted") }
            seconds.append(monotonicSeconds() - begin)
        }
        return seconds
    }
}
