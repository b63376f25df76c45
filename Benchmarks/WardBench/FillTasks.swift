// Fills a home with tasks that the ward accepted, for timing lists.

import Foundation
import LinkSimulation
import SyncKit

/// Makes a home whose replica holds `count` accepted tasks of its area, received by a real sync, and returns
/// their titles.
func fillTasks(home: String, count: Int) throws -> [String] {
    guard !home.isEmpty, count > 0 else { throw BenchError.usage }
    let random = SeededRandomSource(seed: 11)
    let scheme = Ed25519Scheme()
    let time = SystemTimeSource()
    let ward = NewWard(random: random, issued: time.nowSeconds(), address: "http://127.0.0.1:9")
    let core = try WardCore(
        database: Database(path: "", mode: .memory), keys: ward.keys, areaCode: "06685", time: time, random: random,
        scheme: scheme)
    let officer = SigningKey.generate(random: random)
    func admit(_ device: DeviceID, _ sealing: Digest, _ role: Role, _ area: String) throws {
        try core.admit(
            Grant(
                device: device, sealingKey: sealing, role: role, areas: [area], validFrom: 0, validUntil: 0,
                name: "bench"))
    }
    try admit(DeviceID(officer.publicKey), SealingKey.generate(random: random).publicKey, .officer, "06685")
    let made = try ReplicaHome.create(at: home)
    try Replica.create(
        in: made.database, descriptor: ward.descriptor, time: time, random: SystemRandomSource(), scheme: scheme)
    let replica = try Replica(opening: made.database, time: time, random: SystemRandomSource(), scheme: scheme)
    try admit(replica.device, replica.sealingKey.publicKey, .volunteer, areaCode(3))
    var titles: [String] = []
    var changes: [ChangeSet] = []
    var link = ChainLink.start
    let seen = try core.headMark()
    let start = time.nowSeconds() - 86_400
    for number in 1...count {
        let title = "Thăm hộ số \(number), hỗ trợ dịch vụ công trực tuyến"
        var draft = ChangeSetDraft(kind: .task)
        draft.perform(.set(Slot(field: TaskField.title)), .text(title))
        draft.perform(.set(Slot(field: TaskField.area)), .text(areaCode(3)))
        draft.perform(.set(Slot(field: TaskField.kind)), .text("visit"))
        draft.perform(.set(Slot(field: TaskField.due)), .unsigned(UInt64(start) + UInt64(number % 90) * 86_400))
        let change = try draft.signed(
            by: officer, ward: core.ward, after: link,
            time: HybridTime(seconds: start, counter: UInt16(number % 60_000)),
            seen: seen, salt: random.bytes(16), scheme: scheme)
        link = ChainLink(sequence: change.header.sequence, id: change.id)
        changes.append(change)
        titles.append(title)
    }
    let received = try core.receive(changes, from: DeviceID(officer.publicKey))
    guard received.accepted == count else { throw BenchError.failed("\(received)") }
    var client = SyncClient(replica)
    var transport = DirectTransport(service: WardService(core))
    do { try client.run(&transport) } catch { throw BenchError.failed("\(error)") }
    guard try replica.count(.task) == count else { throw BenchError.failed("tasks: \(try replica.count(.task))") }
    return titles
}
