// Mode "breakdown": where the time of an upload goes, step by step, on one thread.

import Foundation
import SyncKit

/// Microseconds of processor time a change set for each step of receiving it, and of the answer; and what the commits
/// waited for the disk.
func runBreakdown(_ workload: Workload) throws -> String {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("ward-breakdown-\(getpid())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let field = try FieldDevices(workload, path: folder.appendingPathComponent("ward.db").path)
    var spent: [(String, Double)] = [("unpack", 0), ("verify", 0), ("receive", 0), ("answer", 0)]
    var waited = 0.0
    func timed<Result>(_ step: Int, _ body: () throws -> Result) rethrows -> Result {
        let begin = monotonicSeconds()
        let worked = processorSeconds()
        defer {
            let work = processorSeconds() - worked
            spent[step].1 += work
            if step == 2 { waited += monotonicSeconds() - begin - work }
        }
        return try body()
    }
    for upload in field.uploads {
        let device = DeviceID(upload.key.publicKey)
        let unpacked = try timed(0) {
            let opened = try OpenedFrame(upload.frame, dictionary: FrameDictionary.named)
            let references = opened.references
            return try field.service.withCore { core in core.look(up: references) }.unpack(opened)
        }
        let changes = unpacked.compactMap { item -> ChangeSet? in
            if case .change(let change) = item { return change }
            return nil
        }
        timed(1) { for change in changes { _ = change.verify(ward: field.ward, scheme: Ed25519Scheme()) } }
        _ = try timed(2) { try field.service.withCore { core in try core.receive(changes, from: device) } }
        let request = SyncRequest(
            ward: field.ward.prefix8, device: device, position: field.mark.position, scope: field.mark.position,
            checkpointSerial: 0, serial: 1, nonce: Bytes(repeating: 1, count: 16), time: 0, chain: 0, sealingKey: nil
        ).signed(by: upload.key, ward: field.ward, scheme: Ed25519Scheme())
        let session = try field.service.begin(request)
        try timed(3) { while try session.nextFrame() != nil {} }
    }
    let each = 1e6 / Double(workload.editCount)
    return jsonLine(
        [("system", "\"wardsync\""), ("mode", "\"breakdown\"")] + spent.map { ("\($0.0)_us", number($0.1 * each)) }
            + [("waiting_us", number(waited * each))])
}
