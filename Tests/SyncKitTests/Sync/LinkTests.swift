// Syncs over links that are slow, late and break: everything arrives once, and hardly a byte goes twice.

import LinkSimulation
import Testing

@testable import SyncKit

@Suite struct LinkTests {
    private static func hostile(_ profile: LinkProfile) -> LinkProfile {
        var profile = profile
        profile.portalPermille = 50
        profile.halfOpenPermille = 30
        return profile
    }

    @Test(arguments: [0, 1, 2, 3]) func aPhotoArrivesOverAnyLinkWithHardlyAByteTwice(index: Int) throws {
        let profile = LinkProfile.all[index]
        var (sent, payload) = (0, 0)
        for round in 0..<6 {
            let ward = try TestWard(seed: UInt64(900 + round))
            let device = try ward.device(901)
            try ward.sync(device)
            let file = try AttachmentSyncTests.file(300_000, seed: UInt64(round))
            let report = AttachmentSyncTests.attach(file, to: FieldScenarioTests.report("06685.03"))
            let id = try device.commit(report, files: [file]).document
            let link = SimulatedLink(profile, to: ward.service, seed: UInt64(77 + round))
            let tries = try link.sync(device)
            #expect(tries != nil, "\(profile.name) round \(round)")
            let isReceived = try AttachmentSyncTests.isReceived(id, by: device)
            #expect(isReceived, "\(profile.name) round \(round)")
            sent += link.figures.bytes
            payload += 303_000
        }
        let ratio = Double(sent) / Double(payload)
        print("\(profile.name): \(ratio) of the payload")
        #expect(ratio <= 1.1, "\(profile.name)")
    }

    @Test func burstsOfLossesCostTimeAndNoBytes() throws {
        var calm = LinkProfile.edge
        (calm.burstPermille, calm.burstMilliseconds) = (0, 0)
        var figures: [LinkFigures] = []
        for profile in [calm, .edge] {
            let ward = try TestWard(seed: 940)
            let device = try ward.device(941)
            try ward.sync(device)
            let file = try AttachmentSyncTests.file(100_000, seed: 942)
            _ = try device.commit(
                AttachmentSyncTests.attach(file, to: FieldScenarioTests.report("06685.03")), files: [file])
            let link = SimulatedLink(profile, to: ward.service, seed: 9)
            // Without a clock the plan stays as it is, and so do the bytes.
            var transport = link.transport
            var isDone = false
            while !isDone {
                var client = SyncClient(device)
                isDone = (try? client.run(&transport)) != nil
            }
            figures.append(link.figures)
        }
        #expect(figures[0].bursts == 0 && figures[1].bursts > 0)
        #expect(figures[1].milliseconds > figures[0].milliseconds)
        #expect(figures[0].bytes == figures[1].bytes && figures[0].faults == figures[1].faults)
    }

    @Test func portalsAndDeadConnectionsLoseNothing() throws {
        let ward = try TestWard(seed: 930)
        let device = try ward.device(931)
        var ids: [Digest] = []
        let link = SimulatedLink(Self.hostile(.edge), to: ward.service, seed: 5)
        for number in 0..<12 {
            let file = try AttachmentSyncTests.file(20_000, seed: UInt64(number), thumbnail: 0)
            let report = AttachmentSyncTests.attach(file, to: FieldScenarioTests.report("06685.03"))
            ids.append(try device.commit(report, files: [file]).document)
            _ = try link.sync(device, most: 3)
        }
        let tries = try link.sync(device)
        #expect(tries != nil)
        for id in ids {
            let isReceived = try AttachmentSyncTests.isReceived(id, by: device)
            #expect(isReceived)
        }
        #expect(link.figures.faults > 0)
        let held = try ward.service.withCore { (core: WardCore) throws(StoreError) in try core.completeness() }
        #expect(held.files == 12 && held.permille == 1000)
    }
}
