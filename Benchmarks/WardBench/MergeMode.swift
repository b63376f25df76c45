// Mode "merge": the hub merges one unsigned update a device, in memory.

import Foundation
import SyncKit

/// Merges every device's frame into the documents in memory: unpack, fold. No signatures, no store.
func runMerge(_ workload: Workload) throws -> String {
    let field = try FieldDevices(workload, path: nil)
    var merger = FrameMerger()
    let base = try field.service.withCore { core throws(StoreError) in try core.snapshotStates() }
    for state in base { merger.insert(state) }
    var frames: [Bytes] = []
    for upload in field.uploads {
        frames.append(FrameMerger.encodeUnsigned(upload.changes, creation: { merger.creation(of: $0) }))
    }
    let edits = workload.editCount
    let begin = monotonicSeconds()
    var position = field.mark.position.index
    for frame in frames { position = try merger.merge(frame, from: position) }
    let took = monotonicSeconds() - begin
    guard Int(position - field.mark.position.index) == edits else { throw BenchError.failed("merged \(position)") }
    let bytes = frames.reduce(0) { $0 + $1.count }
    let packed = frames.reduce(0) { $0 + ZstdCodec.compress($1, level: 9, dictionary: nil).count }
    let cold = merger.states.map(\.canonical)
    let coldPlain = cold.reduce(Bytes()) { $0 + $1 }
    let coldBegin = monotonicSeconds()
    for bytes in merger.states.map(\.stored) { _ = try DocumentState(stored: bytes) }
    let coldTook = monotonicSeconds() - coldBegin
    return jsonLine([
        ("system", "\"wardsync\""), ("mode", "\"merge\""), ("workload", "\(workload.size)"),
        ("edits_per_s", number(Double(edits) / took)), ("bytes_per_edit", number(Double(bytes) / Double(edits))),
        ("bytes_per_edit_zstd", number(Double(packed) / Double(edits))), ("cold_bytes", "\(coldPlain.count)"),
        ("cold_bytes_zstd", "\(ZstdCodec.compress(coldPlain, level: 9, dictionary: nil).count)"),
        ("cold_s", number(coldTook)),
    ])
}
