// Answers of many blocks: each block waits for its turn like the first one, and none is refused once the answer began.
import Glibc
import Testing

@testable import SyncKit
@testable import SyncServer

@Suite(.serialized) struct LongAnswerTests {
    let ward: TestHome

    init() throws { ward = try TestHome() }

    /// A resident's sync that is answered with all that it filed, up to where two blocks of the answer are out.
    private func begin(at server: WardServer) throws -> () -> Bytes? {
        let device = try ward.device()
        for number in 0..<20 {
            var draft = reportDraft("Đèn \(number)")
            draft.perform(
                .set(Slot(field: ReportField.description)), .text(Base32.encode(SystemRandomSource().bytes(9000))))
            _ = try device.commit(draft)
        }
        let body = try device.prepareRequest(ownChanges: true).body
        let exchange = SyncExchange(
            service: server.service, writeBehind: WriteBehind(server.service), traffic: server.traffic, address: nil)
        #expect(body.withUnsafeBytes { exchange.receive($0)?.status } == nil)
        guard case .stream(let next) = exchange.finish().body else {
            Issue.record("the answer is short")
            return { nil }
        }
        #expect(next() != nil && next() != nil)
        return next
    }

    /// False where so many do not come to wait within 20 seconds.
    private func waits(_ queue: WorkQueue, for count: Int) -> Bool {
        for _ in 0..<20_000 where queue.waiting < count { usleep(1000) }
        return queue.waiting == count
    }

    @Test func aVolunteerGoesAheadOfWhatResidentsLongAnswersStillLack() throws {
        let order = Monitor<[WorkQueue.Priority]>([])
        let server = try ward.serve { limits in
            (limits.workers, limits.queueLength) = (1, 1)
            limits.onEntry = { priority in order.change { $0.append(priority) } }
        }
        defer { server.inlets.close(drainSeconds: 0) }
        let http = TestRequest(port: server.port)
        let lan = try ward.device()
        let reply = try ward.ask(
            .invite(role: .volunteer, areas: ["06685.03"], name: "Lan", expiresDays: 7, validDays: 30))
        let code = try #require(reply["code"].string)
        #expect(try http.join(lan, code: code).status == 200)
        _ = try lan.commit(reportDraft("Của tình nguyện viên"))
        let answers = try (0..<6).map { _ in try begin(at: server) }
        let entriesBefore = order.withLock(\.count)
        let queue = server.traffic.queue
        try queue.enter(.staff)
        let blocks = Monitor<[[Bytes]]>([])
        for next in answers {
            nonisolated(unsafe) let next = next
            #expect(
                startThread {
                    var own: [Bytes] = []
                    while let block = next() { own.append(block) }
                    blocks.change { $0.append(own) }
                })
        }
        #expect(waits(queue, for: answers.count))
        let isDone = Monitor(false)
        nonisolated(unsafe) let device = lan
        #expect(
            startThread {
                _ = try? http.sync(device)
                isDone.change { $0 = true }
            })
        #expect(waits(queue, for: answers.count + 1))
        queue.leave()
        isDone.loop { $0 ? .done(()) : .wait }
        blocks.loop { $0.count == answers.count ? .done(()) : .wait }
        let entered = order.withLock { $0[entriesBefore...] }
        #expect(entered.prefix(2) == [.staff, .team])
        #expect(try lan.pendingCount() == 0)
        // Each block had a turn of its own, and the end of each answer; none was refused for a queue of one.
        let sent = blocks.withLock { $0 }
        #expect(sent.allSatisfy { $0.count >= 3 })
        #expect(entered.count { $0 == .resident } == sent.reduce(0) { $0 + $1.count + 1 })
        for bytes in sent.joined() {
            var reader = BlockReader()
            reader.append(bytes)
            #expect(try reader.next()?.kind == .answer)
        }
    }

    @Test func whatWasBegunWaitsHoweverLongItTakesAndTakesNoRoomFromOthers() throws {
        let queue = WorkQueue(workers: 1, length: 1, waitSeconds: 0)
        try queue.enter(.staff)
        let done = Monitor(0)
        for _ in 0..<3 {
            #expect(
                startThread {
                    try? queue.goOn(.resident) { done.change { $0 += 1 } }
                })
        }
        #expect(waits(queue, for: 3))
        // There is room for one who comes now, whose time is just over at once; and for one only.
        do throws(SyncRefusal) {
            try queue.enter(.resident)
            Issue.record("two were let in at the same time")
        } catch { #expect(error.code == .unavailable && error.number == 0) }
        #expect(queue.waiting == 3 && done.withLock { $0 } == 0)
        queue.leave()
        done.loop { $0 == 3 ? .done(()) : .wait }
    }
}
