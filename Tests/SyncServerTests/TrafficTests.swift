// Floods, quotas and queues, over real sockets; and the table of limits.
import Glibc
import Testing

@testable import SyncKit
@testable import SyncServer

@Suite(.serialized) struct TrafficTests {
    let ward: TestHome

    init() throws { ward = try TestHome() }

    private func invite(_ role: Role, _ name: String) throws -> String {
        let reply = try ward.ask(.invite(role: role, areas: ["06685.03"], name: name, expiresDays: 7, validDays: 30))
        return try #require(reply["code"].string)
    }

    /// A request that a device signed, and what came back.
    private func ask(_ device: Replica, _ http: TestRequest) throws -> (answer: RawAnswer, refusal: SyncRefusal?) {
        let body = try device.prepareRequest(pullOnly: false, explicit: false, ownChanges: false).body
        let client = try #require(RawClient(port: http.port))
        client.send("POST /v1/sync HTTP/1.1\r\nHost: x\r\nContent-Length: \(body.count)\r\nConnection: close\r\n\r\n")
        client.send(body)
        let answer = client.readToEnd()
        var reader = BlockReader()
        reader.append(answer.bodyBytes ?? [])
        let block = try reader.next()
        return (answer, block?.kind == .refusal ? block.flatMap { SyncRefusal(decoding: $0.payload) } : nil)
    }

    @Test func aFloodOfGuessedInvitationsIsToldToWaitAndNobodyElseIs() throws {
        let server = try ward.serve(countsLoopback: true) {
            $0.joinsPerAddress = Rate(burst: 6, perHour: 60)
        }
        defer { server.inlets.close(drainSeconds: 0) }
        let http = TestRequest(port: server.port)
        let lan = try ward.device()
        #expect(try http.join(lan, code: invite(.volunteer, "Lan")).status == 200)
        let code = try invite(.officer, "Bình")
        var statuses: [Int] = []
        for number in 0..<40 {
            let guess = "\(code.dropLast(4))\(String(1000 + number))"
            statuses.append(try http.join(try ward.device(), code: guess).status)
        }
        #expect(statuses.prefix(5).allSatisfy { $0 == 403 } && statuses.dropFirst(5).allSatisfy { $0 == 429 })
        let client = try #require(RawClient(port: server.port))
        client.send("POST /v1/join HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx")
        let refused = client.readToEnd()
        let seconds = try #require(refused.header("retry-after").flatMap { Int($0) })
        #expect(refused.status == 429 && (1...60).contains(seconds))
        // Five wrong guesses did not use the invitation up, and a sync from the same address is served.
        #expect(try http.sync(lan).rounds == 1)
        let attempts = try server.service.withCore { core in
            try core.database.integer("SELECT max(attempts) FROM invitations") ?? -1
        }
        #expect(attempts == 5)
    }

    @Test func aFloodOfNewDevicesIsBoundedByAddress() throws {
        let server = try ward.serve(countsLoopback: true) {
            $0.newDevicesPerAddress = Rate(burst: 3, perHour: 6)
        }
        defer { server.inlets.close(drainSeconds: 0) }
        let http = TestRequest(port: server.port)
        let first = try ward.device()
        try http.sync(first)
        var statuses: [Int?] = []
        for _ in 0..<12 { statuses.append(try ask(try ward.device(), http).answer.status) }
        #expect(statuses == [200, 200] + [Int?](repeating: 429, count: 10))
        let (answer, refusal) = try ask(try ward.device(), http)
        #expect(refusal?.code == .tooMany && refusal?.number == answer.header("retry-after").flatMap { UInt64($0) })
        try http.sync(first)
        let residents = try ward.ask(.status(area: nil))["devices"]["resident"].integer
        #expect(residents == 3)
    }

    @Test func aDeviceThatAsksTooOftenWaitsAndOthersDoNot() throws {
        let server = try ward.serve { $0.requestsPerResident = Rate(burst: 4, perHour: 3600) }
        defer { server.inlets.close(drainSeconds: 0) }
        let http = TestRequest(port: server.port)
        let (eager, other) = (try ward.device(), try ward.device())
        _ = try eager.commit(reportDraft("Đèn hỏng"))
        var statuses: [Int?] = []
        for _ in 0..<30 { statuses.append(try ask(eager, http).answer.status) }
        #expect(statuses.prefix(4).allSatisfy { $0 == 200 } && statuses.contains(429))
        #expect(try ask(other, http).answer.status == 200)
        #expect(try eager.pendingCount() == 1)
    }

    @Test func aDeviceOverItsQuotaKeepsTheRestUntilSomebodyLookedAtIt() throws {
        let server = try ward.serve { $0.intake?.changeSets = 5 }
        defer { server.inlets.close(drainSeconds: 0) }
        let http = TestRequest(port: server.port)
        let (resident, lan) = (try ward.device(), try ward.device())
        #expect(try http.join(lan, code: invite(.volunteer, "Lan")).status == 200)
        for number in 1...12 { _ = try resident.commit(reportDraft("Phản ánh \(number)")) }
        for _ in 0..<2 {
            do throws(SyncFailure) {
                var client = SyncClient(resident)
                var transport = http
                try client.run(&transport)
                Issue.record("everything was taken")
            } catch {
                guard case .replica(let inner) = error, case .refusedByWard(let refusal) = inner.reason else {
                    Issue.record("\(error)")
                    return
                }
                #expect(refusal.code == .overQuota && refusal.number == 3600)
            }
            #expect(try resident.pendingCount() == 7)
            #expect(try ward.ask(.status(area: nil))["documents"]["report"].integer == 5)
        }
        // Others are not concerned.
        let other = try ward.device()
        _ = try other.commit(reportDraft("Của người khác"))
        #expect(try http.sync(other).accepted == 1)

        try http.sync(lan)
        let report = try #require(try lan.list(.report, limit: 20).first { $0.listing.title.hasPrefix("Phản ánh") })
        var edit = ChangeSetDraft(kind: .report, document: report.id)
        edit.perform(.set(Slot(field: ReportField.category)), .text("power"))
        _ = try lan.commit(edit)
        try http.sync(lan)
        try server.service.withCore { core in try core.flush() }
        #expect(try http.sync(resident).accepted == 7)
        #expect(try resident.pendingCount() == 0)
    }

    @Test func theQuotaCountsBytesToo() throws {
        let server = try ward.serve { $0.intake?.bytes = 4000 }
        defer { server.inlets.close(drainSeconds: 0) }
        let http = TestRequest(port: server.port)
        let resident = try ward.device()
        for _ in 1...10 { _ = try resident.commit(reportDraft(String(repeating: "x", count: 200))) }
        #expect(throws: SyncFailure.self) { try http.sync(resident) }
        let left = try resident.pendingCount()
        #expect((1..<10).contains(left))
        let kept = try server.service.withCore { core in
            try core.database.integer("SELECT sum(length(body)) FROM changes") ?? 0
        }
        #expect(kept > 0 && kept <= 4000)
    }

    @Test func aVolunteerIsServedWhileResidentsQueue() throws {
        let order = Monitor<[WorkQueue.Priority]>([])
        let server = try ward.serve { limits in
            limits.workers = 1
            limits.onEntry = { priority in order.change { $0.append(priority) } }
        }
        defer { server.inlets.close(drainSeconds: 0) }
        let http = TestRequest(port: server.port)
        let lan = try ward.device()
        #expect(try http.join(lan, code: invite(.volunteer, "Lan")).status == 200)
        _ = try lan.commit(reportDraft("Của tình nguyện viên"))
        let residents = try (0..<6).map { _ in try ward.device() }
        for resident in residents { _ = try resident.commit(reportDraft("Của người dân")) }
        let done = Monitor(0)
        func start(_ device: Replica) {
            nonisolated(unsafe) let device = device
            #expect(
                startThread {
                    _ = try? http.sync(device)
                    done.change { $0 += 1 }
                })
        }
        let queue = server.traffic.queue
        // She has joined by now, which had a turn of its own.
        order.change { $0 = [] }
        try queue.enter(.staff)
        for (number, resident) in residents.enumerated() {
            start(resident)
            while queue.waiting <= number { usleep(1000) }
        }
        start(lan)
        while queue.waiting <= residents.count { usleep(1000) }
        #expect(order.withLock { $0 } == [.staff])
        queue.leave()
        done.loop { $0 == residents.count + 1 ? .done(()) : .wait }
        let entered = order.withLock { $0 }
        #expect(entered[1] == .team && entered.contains(.resident))
        for device in residents + [lan] { #expect(try device.pendingCount() == 0) }
    }

    @Test func aFullQueueAnswersAtOnceAndLosesNothing() throws {
        let server = try ward.serve {
            $0.workers = 1
            $0.queueLength = 0
        }
        defer { server.inlets.close(drainSeconds: 0) }
        let resident = try ward.device()
        _ = try resident.commit(reportDraft("Đèn hỏng"))
        let (answer, refusal) = try ask(resident, TestRequest(port: server.port))
        #expect(answer.status == 503 && answer.header("retry-after") != nil && refusal?.code == .unavailable)
        #expect(try resident.pendingCount() == 1)
    }

    @Test func whoFindsAFullQueueIsToldWhenItWillBeWorkedOff() throws {
        var pace = WorkPace()
        #expect(pace.seconds(for: 240) == 5)
        // A turn ends every 25 milliseconds; in a quiet hour nothing is learnt.
        for turn in 0..<200 { pace.finished(at: Int64(turn) * 25, isBusy: turn < 199) }
        pace.finished(at: 3_600_000, isBusy: true)
        #expect(pace.seconds(for: 240) == 6 && pace.seconds(for: 40) == 5 && pace.seconds(for: 4000) == 15)
        // Said in the head, which is what a client goes by.
        let told = HTTPResponse.refusal(SyncRefusal(.unavailable, number: 12)).headers
        #expect(told.contains { $0 == ("Retry-After", "12") })
        let unknown = HTTPResponse.refusal(SyncRefusal(.unavailable)).headers
        #expect(unknown.contains { $0 == ("Retry-After", "5") })
    }

    @Test func theLastOfTheDiskIsKeptForThoseWhoWorkForTheWard() throws {
        let server = try ward.serve { $0.reservedDiskBytes = .max }
        defer { server.inlets.close(drainSeconds: 0) }
        let http = TestRequest(port: server.port)
        let member = try ward.device()
        #expect(try http.join(member, code: invite(.volunteer, "Lan")).status == 200)
        _ = try member.commit(reportDraft("Đèn hỏng"))
        #expect(try http.sync(member).accepted == 1)
        let stranger = try ward.device()
        #expect(try ask(stranger, http).answer.status == 503)
    }

    @Test func aRateGivesBackWhatItTookAndItsMemoryIsBounded() {
        let table = RateTable<UInt64>(Rate(burst: 3, perHour: 60))
        #expect((0..<3).allSatisfy { _ in table.take(1, now: 1000) == nil })
        #expect(table.take(1, now: 1000) == 60 && table.take(2, now: 1000) == nil)
        // Asking does not put the next one off.
        for second in 1..<60 { #expect(table.take(1, now: 1000 + Int64(second) * 1000) == UInt64(60 - second)) }
        #expect(table.take(1, now: 61_000) == nil && table.take(1, now: 61_000) == 60)
        #expect(table.take(1, now: 61_000 + 100_000_000) == nil)
        let crowded = RateTable<UInt64>(Rate(burst: 1, perHour: 3600))
        let keys = UInt64(RateTable<UInt64>.mostKeys)
        #expect((0..<keys).allSatisfy { crowded.take($0, now: 5000) == nil })
        // All that come now share one place.
        #expect(crowded.take(keys, now: 5001) == nil && crowded.take(keys + 1, now: 5001) == 1)
        #expect(crowded.take(keys + 1, now: 7000) == nil)
    }

    @Test func theDocumentNamesTheLimitsOfTheProgram() throws {
        let folder = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let text = String(decoding: try HomeFiles.read("/\(folder)/docs/limits.md", max: 1 << 20), as: UTF8.self)
        let rows = text.split(separator: "\n").filter { $0.hasPrefix("| ") }.dropFirst()
            .map { $0.split(separator: "|").map { $0.drop { $0 == " " }.description } }
        let numbers = rows.compactMap { row in row.count > 1 ? Int(row[1].filter(\.isNumber)) : nil }
        let (http, traffic) = (HTTPLimits(), TrafficLimits())
        let intake = try #require(traffic.intake)
        let lobby = try ward.home.open(time: SystemTimeSource(), random: SystemRandomSource()).lobbyLimit
        var wanted = [http.maxConnections, http.maxConnectionsPerAddress, http.maxHeaderBytes, http.maxHeaders]
        wanted += [http.maxBodyBytes, http.headerSeconds, http.bodySeconds, http.responseSeconds]
        wanted += [traffic.requestsPerAddress.burst, traffic.requestsPerAddress.perHour]
        wanted += [traffic.joinsPerAddress.burst, traffic.joinsPerAddress.perHour]
        wanted += [traffic.signInsPerAddress.burst, traffic.signInsPerAddress.perHour, Int(Invitation.maxAttempts)]
        wanted += [Int(WardCore.wrongSecretsPerDossier), Int(WardCore.wrongSecretsPerDevice)]
        wanted += [traffic.newDevicesPerAddress.burst, traffic.newDevicesPerAddress.perHour, lobby]
        wanted += [traffic.requestsPerResident.burst, traffic.requestsPerResident.perHour]
        wanted += [traffic.requestsPerMember.burst, traffic.requestsPerMember.perHour]
        wanted += [
            intake.changeSets, intake.bytes, intake.contentBytes, intake.knownChangeSets, intake.knownBytes,
            intake.knownContentBytes, traffic.workers, traffic.queueLength, traffic.queueSeconds,
        ]
        wanted += [Int(traffic.reservedDiskBytes), Int(traffic.sparedDiskBytes)]
        wanted += [traffic.bundleParts, traffic.partGraceSeconds, traffic.partBytesPerSecond]
        wanted += [BundleLimits.parts, BundleLimits.payload, BundleLimits.total]
        let begun = PartBeginnings.Limits.ward
        for shelf in [BundleShelf.Limits.ward, .returns, .device] {
            let whole = BundleShelf.Limits.whole
            wanted += [shelf.bundles, shelf.bytes] + (shelf == .ward ? [whole.bundles, whole.bytes] : [])
            wanted += [Int(shelf.days)]
            if shelf != .ward { continue }
            wanted += [begun.parts, begun.bytes, begun.partsOfOrigin, begun.bytesOfOrigin, Int(begun.days)]
        }
        wanted += [Replica.mostExports, BundleText.most]
        #expect(numbers == wanted)
    }
}
