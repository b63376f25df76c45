// Mode "cold": what a new device needs until it holds a ward's reports, after all edits of the workload.

import Foundation
import LinkSimulation
import SyncKit

/// A ward takes every device's edits and is backed up. Then new officers' devices with empty store files sync for the
/// first time, each until it holds every report as the ward has it: one from `ward-server` in a process of its own over
/// a link of 10 Mbit/s and 50 ms; one in this process without a network, for what it takes of the processors on both
/// sides; and one over each simulated link, whose time is the link's alone.
/// - Parameter program: the program `ward-server`.
func runCold(_ workload: Workload, server program: String) throws -> [String] {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("ward-bench-\(getpid())").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let home = folder + "/ward"
    try BenchServer.makeHome(home, with: program)
    // Two cannot have the store of one home open: this process is done with it before the server begins.
    let (lines, replica, direct, unbacked, right) = try syncInProcess(workload, home: home, folder)
    let server = try BenchServer(program, home: home)
    defer { server.stop() }
    let real = try measured(
        PacedTransport(LoopbackTransport(port: server.port, device: 1), over: .fourG), replica, right)
    let size = try FileManager.default.attributesOfItem(atPath: folder + "/b.db")[.size] as? Int ?? 0
    let cold = jsonLine([
        ("system", "\"wardsync\""), ("mode", "\"cold\""), ("workload", "\(workload.size)"),
        ("cold_bytes", "\(real.report.bytesDown)"), ("cold_bytes_up", "\(real.report.bytesUp)"),
        ("cold_s", number(real.seconds)), ("in_process_s", number(direct.seconds)),
        ("processor_s", number(direct.processorSeconds)), ("rounds", "\(real.report.rounds)"),
        ("store_bytes", "\(size)"), ("unbacked_bytes", "\(unbacked.report.bytesDown)"),
    ])
    return [cold] + lines
}

private typealias Measured = (report: SyncReport, seconds: Double, processorSeconds: Double)

/// Fills the ward, and syncs the devices that need no server; makes the one that does.
private func syncInProcess(_ workload: Workload, home: String, _ folder: String) throws -> (
    lines: [String], replica: Replica, direct: Measured, unbacked: Measured, right: [Digest: Bytes]
) {
    let ward = try FieldDevices(workload, home: home)
    for upload in ward.uploads {
        let received = try ward.service.withCore { (core: WardCore) throws(StoreError) in
            try core.receive(upload.changes, from: DeviceID(upload.key.publicKey))
        }
        guard received.accepted == upload.changes.count else { throw BenchError.failed("edits: \(received)") }
    }
    let right = try states(of: ward)
    var lines: [String] = []
    // Before the first backup a device is given the newest histories in place of states.
    let unbacked = try measured(
        DirectTransport(service: ward.service), newDevice(ward, path: folder + "/0.db", isBackedUp: false), right)
    for profile in LinkProfile.all {
        let replica = try newDevice(ward, path: folder + "/\(profile.name).db")
        let link = SimulatedLink(profile, to: ward.service, seed: 7)
        guard try link.sync(replica) != nil else { throw BenchError.failed("\(profile.name) cold") }
        try check(replica, against: right)
        lines.append(linkLine(profile, "cold", link.figures, payload: 0))
    }
    let direct = try measured(DirectTransport(service: ward.service), newDevice(ward, path: folder + "/a.db"), right)
    return (lines, try newDevice(ward, path: folder + "/b.db"), direct, unbacked, right)
}

/// Syncs a device and checks what it holds; the check is not part of what is measured.
private func measured(_ transport: some SyncTransport, _ replica: Replica, _ right: [Digest: Bytes]) throws
    -> Measured
{
    var (client, transport) = (SyncClient(replica), transport)
    let worked = totalProcessorSeconds()
    let begin = monotonicSeconds()
    try client.run(&transport)
    let took = (monotonicSeconds() - begin, totalProcessorSeconds() - worked)
    try check(replica, against: right)
    return (client.report, took.0, took.1)
}

/// Lets an answer come no faster than a link does. What comes meanwhile waits in the sockets, as it would in the
/// machines on the way.
private struct PacedTransport<Base: SyncTransport>: SyncTransport {
    private var base: Base
    private let link: LinkProfile

    init(_ base: Base, over link: LinkProfile) {
        self.base = base
        self.link = link
    }

    mutating func exchange(_ body: Bytes, onChunk: (UnsafeRawBufferPointer) -> Bool) throws(TransportError) {
        func wait(until time: Double) {
            let rest = time - monotonicSeconds()
            if rest > 0 { usleep(UInt32(rest * 1_000_000)) }
        }
        let perByte = 8 / Double(link.bitsPerSecond)
        wait(until: monotonicSeconds() + Double(link.roundTripMilliseconds) / 1000 + Double(body.count) * perByte)
        let begin = monotonicSeconds()
        var count = 0
        try base.exchange(body) { chunk in
            count += chunk.count
            wait(until: begin + Double(count) * perByte)
            return onChunk(chunk)
        }
    }
}

private func newDevice(_ field: FieldDevices, path: String, isBackedUp: Bool = true) throws -> Replica {
    let database = try Database(path: path, mode: .create)
    let (time, random, scheme) = (SystemTimeSource(), SystemRandomSource(), Ed25519Scheme())
    try Replica.create(in: database, descriptor: field.descriptor, time: time, random: random, scheme: scheme)
    let replica = try Replica(opening: database, time: time, random: random, scheme: scheme)
    let grant = Grant(
        device: replica.device, sealingKey: replica.sealingKey.publicKey, role: .officer, areas: ["06685"],
        validFrom: 0, validUntil: 0, name: "Cán bộ mới")
    try field.service.withCore { (core: WardCore) throws(StoreError) in
        try core.admit(grant)
        try core.answerAndReact()
        try core.flush()
        if isBackedUp { try core.noteBackup(upTo: core.size) }
    }
    return replica
}

/// What the ward has of every report.
private func states(of field: FieldDevices) throws -> [Digest: Bytes] {
    var states: [Digest: Bytes] = [:]
    for id in field.documents.values {
        states[id] = try field.service.withCore { (core: WardCore) throws(StoreError) in
            try core.documentState(id)?.canonical
        }
    }
    return states
}

/// The device holds every report, and each as the ward has it.
private func check(_ replica: Replica, against right: [Digest: Bytes]) throws {
    for (id, state) in right {
        guard try replica.document(id)?.accepted?.canonical == state else {
            throw BenchError.failed("document \(id.hex.prefix(8))")
        }
    }
}
