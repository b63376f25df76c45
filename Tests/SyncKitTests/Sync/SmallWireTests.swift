// What the smallest things cost on the wire, in bytes of bodies.

import LinkSimulation
import Testing

@testable import SyncKit

@Suite struct SmallWireTests {
    private static let text =
        "Nắp cống trước số 12 ngõ 5 bị vỡ từ chiều qua, xe máy đi qua rất nguy hiểm, nhất là buổi tối khi đèn đường không sáng. Nhờ phường kiểm tra và cho thay nắp mới giúp bà con, có cháu nhỏ hay chơi gần đó. Cảm ơn cán bộ phường."

    /// A report of 300 bytes of text and three private values, and what the ward answers to it, its proof included.
    @Test func aReportAndItsReceiptTakeAtMost900Bytes() throws {
        let ward = try LinkWard()
        let device = try ward.device(.resident)
        var draft = ChangeSetDraft(kind: .report)
        draft.perform(.set(Slot(field: ReportField.title)), .text("Nắp cống vỡ trước số 12"))
        draft.perform(.set(Slot(field: ReportField.category)), .text("road"))
        draft.perform(.set(Slot(field: ReportField.description)), .text(Self.text))
        draft.perform(.set(Slot(field: ReportField.area)), .text("06685.03"))
        let privates: [(slot: Slot, value: String)] = [
            (Slot(field: ReportField.reporterName), "Nguyễn Thị Hoa"),
            (Slot(field: ReportField.reporterPhone), "0912345678"),
            (Slot(field: ReportField.fileKeys, key: 1), "số 12 ngõ 5"),
        ]
        let id = try device.commit(draft, privates: privates).document
        var client = SyncClient(device)
        var transport = DirectTransport(service: ward.service)
        try client.run(&transport)
        print("one report: \(client.report.bytesUp) up, \(client.report.bytesDown) down")
        #expect(client.report.rounds == 1 && client.report.accepted == 1)
        #expect(client.report.bytesUp + client.report.bytesDown <= 900)
        let receipt = try device.receipt(of: id)
        #expect(receipt != nil)

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
