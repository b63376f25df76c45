// Mode "signed": every edit is one signed change set; the hub verifies, decides, merges and stores each.

import Foundation
import SyncKit
import Synchronization

/// Uploads every device's edits through the sync handler, several devices at once, one commit a device.
func runSigned(_ workload: Workload, threads: Int) throws -> String {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("ward-bench-\(getpid())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let field = try FieldDevices(workload, path: folder.appendingPathComponent("ward.db").path)
    let next = Atomic<Int>(0)
    let down = Atomic<Int>(0)
    let accepted = Atomic<Int>(0)
    let worked = totalProcessorSeconds()
    let begin = monotonicSeconds()
    runThreads(threads) {
        while true {
            let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
            guard index < field.uploads.count else { return }
            let upload = field.uploads[index]
            let request = SyncRequest(
                ward: field.ward.prefix8, device: DeviceID(upload.key.publicKey), position: field.mark.position,
                scope: field.mark.position, checkpointSerial: 0, serial: 1, nonce: Bytes(repeating: 1, count: 16),
                time: 0, chain: 0, sealingKey: nil
            ).signed(by: upload.key, ward: field.ward, scheme: Ed25519Scheme())
            guard let session = try? field.service.begin(request) else { return }
            guard (try? session.receive(upload.frame)) != nil else { return }
            while let frame = (try? session.nextFrame()) ?? nil {
                down.wrappingAdd(frame.count, ordering: .relaxed)
            }
            accepted.wrappingAdd(session.received.accepted, ordering: .relaxed)
        }
    }
    let took = monotonicSeconds() - begin
    let work = totalProcessorSeconds() - worked
    let edits = workload.editCount
    guard accepted.load(ordering: .relaxed) == edits else {
        throw BenchError.failed("accepted \(accepted.load(ordering: .relaxed)) of \(edits)")
    }
    let plain = field.uploads.reduce(0) { $0 + $1.plainLength }
    let wire = field.uploads.reduce(0) { $0 + $1.frame.count }
    return jsonLine([
        ("system", "\"wardsync\""), ("mode", "\"signed\""), ("workload", "\(workload.size)"),
        ("edits_per_s", number(Double(edits) / took)), ("bytes_per_edit", number(Double(plain) / Double(edits))),
        ("bytes_per_edit_zstd", number(Double(wire) / Double(edits))), ("threads", "\(threads)"),
        ("processor_us", number(1e6 * work / Double(edits))),
        ("bytes_down_per_edit", number(Double(down.load(ordering: .relaxed)) / Double(edits))),
    ])
}
