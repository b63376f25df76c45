// The devices of the workload, with their edits signed and framed before anything is timed.

import Foundation
import LinkSimulation
import SyncKit

/// A ward with the workload's reports, and devices whose edits wait to be uploaded.
struct FieldDevices {
    struct Upload {
        let key: SigningKey
        let sealing: SealingKey
        let frame: Bytes
        let changes: [ChangeSet]
        let plainLength: Int
    }

    let service: WardService
    let uploads: [Upload]
    let mark: SeenMark
    let ward: Digest
    /// What a device begins with.
    let descriptor: String
    /// The reports of the workload by their id there.
    let documents: [String: Digest]

    /// - Parameter path: of the ward's store file; `nil`: in memory.
    init(_ workload: Workload, path: String?) throws {
        let random = SeededRandomSource(seed: 7)
        let new = NewWard(random: random, issued: SystemTimeSource().nowSeconds())
        let core = try WardCore(
            database: Database(path: path ?? "", mode: path == nil ? .memory : .exclusive), keys: new.keys,
            areaCode: "06685", time: SystemTimeSource(), random: random, scheme: Ed25519Scheme())
        try self.init(workload, core, descriptor: new.descriptor, random)
    }

    /// In the home of a server.
    init(_ workload: Workload, home: String) throws {
        let descriptor = try String(contentsOfFile: home + "/descriptor.txt", encoding: .utf8)
        try self.init(
            workload, try WardHomeFiles(home).core(), descriptor: descriptor.filter { !$0.isWhitespace },
            SeededRandomSource(seed: 7))
    }

    private init(
        _ workload: Workload, _ core: sending WardCore, descriptor: String, _ random: SeededRandomSource
    ) throws {
        let now = SystemTimeSource().nowSeconds()
        let scheme = Ed25519Scheme()
        let ward = core.ward
        let clerk = SigningKey.generate(random: random)
        func admit(_ key: SigningKey, _ sealing: SealingKey, _ area: String) throws {
            try core.admit(
                Grant(
                    device: DeviceID(key.publicKey), sealingKey: sealing.publicKey, role: .officer, areas: [area],
                    validFrom: 0, validUntil: 0, name: "bench"))
        }
        try admit(clerk, .generate(random: random), "06685")
        let start = now - 100_000
        var link = ChainLink.start
        var documents: [String: Digest] = [:]
        var creations: [Digest: Dot] = [:]
        var filed: [ChangeSet] = []
        let empty = SeenMark(position: .start, root: MerkleTree().root.prefix8)
        for report in workload.base {
            let change = try report.draft.signed(
                by: clerk, ward: ward, after: link, time: HybridTime(seconds: start, counter: 0), seen: empty,
                salt: random.bytes(16), scheme: scheme)
            link = ChainLink(sequence: change.header.sequence, id: change.id)
            documents[report.id] = change.id
            creations[change.id] = change.dot
            filed.append(change)
        }
        let received = try core.receive(filed, from: DeviceID(clerk.publicKey))
        guard received.accepted == filed.count else { throw BenchError.failed("base: \(received)") }
        try core.flush()
        var devices: [(SigningKey, SealingKey)] = []
        for device in workload.devices {
            let pair = (SigningKey.generate(random: random), SealingKey.generate(random: random))
            try admit(pair.0, pair.1, areaCode(device.neighborhood))
            devices.append(pair)
        }
        let mark = try core.headMark()
        var uploads: [Upload] = []
        for (number, device) in workload.devices.enumerated() {
            let (key, sealing) = devices[number]
            var link = ChainLink.start
            var seconds = start + 1000
            var changes: [ChangeSet] = []
            for edit in device.edits {
                guard let document = documents[edit.report] else { throw BenchError.badWorkload }
                var draft = ChangeSetDraft(kind: .report, document: document)
                draft.perform(edit.operation, .text(edit.value))
                seconds += 20 + Int64(random.next() % 280)
                let change = try draft.signed(
                    by: key, ward: ward, after: link, time: HybridTime(seconds: seconds, counter: 0), seen: mark,
                    salt: random.bytes(16), scheme: scheme)
                link = ChainLink(sequence: change.header.sequence, id: change.id)
                changes.append(change)
            }
            var encoder = FrameEncoder(dictionary: FrameDictionary.current)
            encoder.level = 19
            let frame = encoder.encode(changes) { creations[$0] }
            encoder.isPlain = true
            let plain = encoder.encode(changes) { creations[$0] }
            uploads.append(
                Upload(key: key, sealing: sealing, frame: frame, changes: changes, plainLength: plain.count))
        }
        self.descriptor = descriptor
        self.mark = mark
        self.ward = ward
        self.documents = documents
        self.uploads = uploads
        service = WardService(core)
    }
}
