// Several devices at the ward at once: what one may do while another one's commit waits for the disk.

import Foundation
import Synchronization
import Testing

@testable import SyncKit

@Suite struct ConcurrentSyncTests {
    @Test func aFrameIsUnpackedWhileAnotherOnesCommitWaitsForTheDisk() throws {
        let ward = try TestWard(seed: 21)
        let first = try ward.device(31, role: .officer, areas: ["06685"], name: "Officer")
        let second = try ward.device(32, role: .volunteer, areas: ["06685.03"], name: "Lan")
        for replica in [first, second] { try ward.sync(replica) }
        _ = try first.commit(FieldScenarioTests.report("06685.03"))
        _ = try second.commit(FieldScenarioTests.report("06685.03"))
        let blocks = try ExchangeVectors.blocks(second.prepareRequest().body)
        let service = ward.service
        var known: WardCore.Known?
        var stranger: Bool?
        try service.withCore { core in
            let around = try #require(core.database.aroundCommit)
            core.database.aroundCommit = { commit in
                around {
                    // With the lock of the core held as before, this would wait for itself.
                    let session = try? service.begin(blocks[0].payload)
                    let opened = try? OpenedFrame(
                        blocks[1].payload, dictionary: FrameDictionary.named, sender: second.device)
                    if session != nil, let opened {
                        known = service.withMemory { core in core.lookInMemory(up: opened.references) }
                    }
                    var references = OpenedFrame.References()
                    references.firsts = [Dot(device: DeviceID(.zero), sequence: 1)]
                    let unknown = references
                    stranger = service.withMemory { core in core.lookInMemory(up: unknown) } == nil
                    commit()
                }
            }
        }
        try ward.sync(first)
        let unpacked = try #require(known).unpack(
            OpenedFrame(blocks[1].payload, dictionary: FrameDictionary.named, sender: second.device))
        guard case .change(let change)? = unpacked.first else {
            Issue.record("\(unpacked)")
            return
        }
        let isSigned = change.verify(ward: service.ward, scheme: ward.scheme)
        #expect(isSigned)
        #expect(stranger == true)
    }

    @Test func aGrantThatIsNotDurableChecksNobodyIn() throws {
        let ward = try TestWard(seed: 22)
        let resident = try ward.device(33)
        let request = try #require(ExchangeVectors.blocks(resident.prepareRequest().body).first?.payload)
        let parsed = try SyncRequest(verifying: request, ward: ward.service.ward, scheme: ward.scheme)
        ward.service.withCore { core in
            core.database.willCommit = { () throws(StoreError) in throw StoreError(.full, "planned") }
        }
        #expect(throws: SyncRefusal.self) { try ward.service.begin(request) }
        let durable = ward.service.withCore { core in
            core.database.willCommit = nil
            #expect(core.grants[parsed.device] == nil)
            return core.durableSize == core.size
        }
        #expect(durable)
        _ = try ward.service.begin(request)
    }

    @Test func eightDevicesAtOnceEndWithTheSameState() throws {
        let ward = try TestWard(seed: 23)
        let officer = try ward.device(40, role: .officer, areas: ["06685"], name: "Officer")
        try ward.sync(officer)
        let report = try officer.commit(FieldScenarioTests.report("06685.03")).document
        try ward.sync(officer)
        let volunteers = try (0..<8).map { number in
            try ward.device(UInt64(41 + number), role: .volunteer, areas: ["06685.03"], name: "Lan \(number)")
        }
        for replica in volunteers { try ward.sync(replica) }
        nonisolated(unsafe) let all = volunteers
        let service = ward.service
        let failures = Mutex<[String]>([])
        DispatchQueue.concurrentPerform(iterations: volunteers.count) { number in
            let replica = all[number]
            do {
                for round in 0..<6 {
                    for place in 0...round {
                        var edit = ChangeSetDraft(kind: .report, document: report)
                        edit.perform(.append(Slot(field: ReportField.comments)), .text("\(number).\(round).\(place)"))
                        edit.perform(.set(Slot(field: ReportField.category)), .text("road"))
                        _ = try replica.commit(edit)
                    }
                    var client = SyncClient(replica)
                    var transport = DirectTransport(service: service)
                    try client.run(&transport)
                }
            } catch { failures.withLock { $0.append("\(error)") } }
        }
        #expect(failures.withLock { $0 } == [])
        for replica in volunteers + [officer] { try ward.sync(replica) }
        let hashes = try (volunteers + [officer]).map { try #require(try $0.document(report)?.accepted?.hash) }
        #expect(Set(hashes).count == 1)
        let comments = try officer.document(report)?.accepted?.entries(ReportField.comments).count
        #expect(comments == 8 * 21)
        #expect(try volunteers.allSatisfy { try $0.pendingCount() == 0 })
    }
}
