// Mode "cold": what a new device needs until it holds a ward's reports, after all edits of the workload.

import Foundation
import SyncKit

/// A ward takes every device's edits and is backed up; then a new officer's device with an empty store file syncs for
/// the first time, in the same process and without a network. Measured is the sync alone, on both sides: bytes of
/// bodies, time, and what it took of the processors.
func runCold(_ workload: Workload) throws -> String {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("ward-bench-\(getpid())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let field = try FieldDevices(workload, path: folder.appendingPathComponent("ward.db").path)
    for upload in field.uploads {
        let received = try field.service.withCore { (core: WardCore) throws(StoreError) in
            try core.receive(upload.changes, from: DeviceID(upload.key.publicKey))
        }
        guard received.accepted == upload.changes.count else { throw BenchError.failed("edits: \(received)") }
    }
    let path = folder.appendingPathComponent("device.db").path
    let replica = try newDevice(field, path: path)
    var client = SyncClient(replica)
    var transport = DirectTransport(service: field.service)
    let worked = totalProcessorSeconds()
    let begin = monotonicSeconds()
    try client.run(&transport)
    let took = monotonicSeconds() - begin
    let work = totalProcessorSeconds() - worked
    try check(replica, against: field)
    let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
    return jsonLine([
        ("system", "\"wardsync\""), ("mode", "\"cold\""), ("workload", "\(workload.size)"),
        ("cold_bytes", "\(client.report.bytesDown)"), ("cold_bytes_up", "\(client.report.bytesUp)"),
        ("cold_s", number(took)), ("processor_s", number(work)), ("rounds", "\(client.report.rounds)"),
        ("store_bytes", "\(size)"),
    ])
}

private func newDevice(_ field: FieldDevices, path: String) throws -> Replica {
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
        try core.noteBackup(upTo: core.size)
    }
    return replica
}

/// The device holds every report, and each as the ward has it.
private func check(_ replica: Replica, against field: FieldDevices) throws {
    for id in field.documents.values {
        let held = try replica.document(id)?.accepted?.canonical
        let right = try field.service.withCore { (core: WardCore) throws(StoreError) in
            try core.documentState(id)?.canonical
        }
        guard held != nil, held == right else { throw BenchError.failed("document \(id.hex.prefix(8))") }
    }
}
