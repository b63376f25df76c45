// What the smallest things cost on the wire, in bytes of bodies.

import LinkSimulation
import Testing

@testable import SyncKit

@Suite struct SmallWireTests {
    /// What `ward report new` writes of a report of 300 bytes of text with three private values, and what the ward answers
    /// to it, its proof included. The log holds what a ward of some months holds, or nothing else.
    @Test(arguments: [0, 1000])
    func aReportAndItsReceiptTakeAtMost900Bytes(others: Int) throws {
        let ward = try LinkWard()
        let device = try ward.device(.resident)
        var transport = DirectTransport(service: ward.service)
        try ward.grow(by: others)
        var before = SyncClient(device)
        try before.run(&transport)
        let id = try device.commit(FieldReport.draft(ward.random), privates: FieldReport.privates).document
        var client = SyncClient(device)
        try client.run(&transport)
        print("one report beside \(others): \(client.report.bytesUp) up, \(client.report.bytesDown) down")
        #expect(client.report.rounds == 1 && client.report.accepted == 1)
        #expect(client.report.bytesUp + client.report.bytesDown <= 900)
        let receipt = try #require(try device.receipt(of: id))
        #expect(throws: Never.self) { try receipt.proven(scheme: Ed25519Scheme()) }

        var idle = SyncClient(device)
        try idle.run(&transport)
        print("nothing new: \(idle.report.bytesUp) up, \(idle.report.bytesDown) down")
        #expect(idle.report.rounds == 1)
        #expect(idle.report.bytesUp + idle.report.bytesDown <= 300)
    }

    /// A frame may leave its sender's key out; whose it is then, the request before it says.
    @Test func aFrameWithoutItsSendersKeyIsReadForThatSenderAlone() throws {
        var an = Author(1)
        let changes = [try an.report()]
        var encoder = FrameEncoder(dictionary: nil)
        encoder.isPlain = true
        let whole = encoder.encode(changes) { _ in nil }
        encoder.sender = changes[0].header.device
        let short = encoder.encode(changes) { _ in nil }
        #expect((33...35).contains(whole.count - short.count))
        let decoder = FrameTests.decoder()
        let own = try OpenedFrame(short, dictionary: { _ in nil }, sender: changes[0].header.device)
        #expect(FrameTests.changes(try decoder.decode(own))?.map(\.id) == changes.map(\.id))
        #expect(throws: ChangeSetError.self) { try decoder.decode(short) }
        // Taken for somebody else's it is another change set, which nobody signed.
        let other = try OpenedFrame(short, dictionary: { _ in nil }, sender: DeviceID(.zero))
        let taken = FrameTests.changes(try decoder.decode(other)) ?? []
        #expect(taken.allSatisfy { $0.id != changes[0].id && !$0.verify(ward: Author.ward, scheme: Ed25519Scheme()) })
    }
}
