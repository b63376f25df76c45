// Files over real sockets that break at random: each arrives once, and little of it goes twice.
import Glibc
import LinkSimulation
import Testing

@testable import ResidentCLI
@testable import SyncKit
@testable import SyncServer

/// The client's own transport and store files, a proxy that cuts, and `ward-server` as a process.
@Suite struct CutSocketTests {
    private static let (length, mostRepeated) = (FileCuts.length, FileCuts.mostRepeated)
    /// How many breaks of each kind; WARDSYNC_CUTS asks for more or fewer.
    private static let rounds = getenv("WARDSYNC_CUTS").flatMap { Int(String(cString: $0)) } ?? 170
    /// A device asks for so little in an hour that the ward never tells it to wait.
    private static let roundsOfADevice = 100

    @Test func filesGoUpOnceOverConnectionsThatBreak() throws {
        let ward = try CutWard()
        let chance = SeededDice("socket cuts, up")
        var (device, names, most, cuts) = (try ward.device(.volunteer), [ContentName](), 0, 0)
        var documents = 0
        while cuts < Self.rounds {
            if documents == Self.roundsOfADevice { (device, documents) = (try ward.device(.volunteer), 0) }
            let file = try #require(NewFile(chance.bytes(Self.length), media: .jpeg))
            let saved = try device.commit(FileCuts.report(with: file), files: [file])
            names.append(file.attachment.content)
            documents += 1
            let level = cuts % FileCuts.levels.count
            // The whole body is a little longer than the file.
            let cut = SocketCut.up(chance.below(Self.length + 4000))
            let figures = try ward.syncTwice(device, cut, isReset: chance.below(2) == 0, level: level)
            cuts += figures.isCut ? 1 : 0
            most = max(most, figures.up - Self.length)
            try #require(try device.pendingCount() == 0 && device.chain().sequence == UInt64(documents))
            let state = try #require(try device.document(saved.document)?.state)
            try #require(state.receivedContents.contains(file.attachment.content.root))
        }
        #expect(most <= Self.mostRepeated)
        print("\(cuts) cuts on the way up: at most \(most) bytes more than the file")
        try ward.holds(names)
    }

    @Test func aSyncTakesOneConnectionHoweverManyRoundsItTakes() throws {
        let ward = try CutWard()
        let device = try ward.device(.volunteer)
        let file = try #require(NewFile(SeededDice("one connection").bytes(Self.length), media: .jpeg))
        _ = try device.commit(FileCuts.report(with: file), files: [file])
        ward.proxy.expect(nil)
        var client = SyncClient(device)
        client.plan.fit(rate: 2000)
        var transport = ward.transport
        try client.run(&transport)
        #expect(client.report.rounds > 2 && client.report.contentUp >= Self.length)
        #expect(ward.proxy.figures.connections == 1)
        // What the tables of links count for the heads of an exchange.
        let (figures, report) = (ward.proxy.figures, client.report)
        let heads = figures.up + figures.down - report.bytesUp - report.bytesDown
        #expect(heads > 0 && heads <= report.rounds * LinkFigures.headsOfAnExchange, "\(heads) of \(report.rounds)")
    }

    /// What the tables of links count for a handshake, and for the heads of an exchange, holds for real ones.
    @Test func aHandshakeTakesNoMoreThanTheTablesOfLinksSay() throws {
        let ward = try CutWard(isSecured: true)
        let device = try ward.device(.volunteer)
        ward.proxy.expect(nil)
        var client = SyncClient(device)
        var transport = ward.transport
        try client.run(&transport)
        // The last bytes of a connection may still be on their way.
        var (figures, tries) = (ward.proxy.figures, 0)
        while figures.up == 0 || tries < 10 {
            usleep(20_000)
            (figures, tries) = (ward.proxy.figures, tries + 1)
        }
        let report = client.report
        let beside = figures.up + figures.down - report.bytesUp - report.bytesDown
        #expect(figures.connections == 1 && report.rounds == 1)
        let most = LinkFigures.handshakeOfAConnection + LinkFigures.headsOfAnExchange
        #expect(beside > most / 2 && beside <= most, "\(beside) bytes of heads and TLS")
    }

    @Test func filesComeDownOnceOverConnectionsThatBreak() throws {
        let ward = try CutWard()
        let chance = SeededDice("socket cuts, down")
        let author = try ward.device(.volunteer)
        let file = try #require(NewFile(chance.bytes(Self.length), media: .jpeg))
        _ = try author.commit(FileCuts.report(with: file), files: [file])
        #expect(try ward.sync(author, 2))
        let name = file.attachment.content
        var (device, most, cuts, rounds) = (try ward.device(.volunteer), 0, 0, 0)
        while cuts < Self.rounds {
            if rounds == Self.roundsOfADevice { (device, rounds) = (try ward.device(.volunteer), 0) }
            rounds += 1
            try FileCuts.begin(fetching: name, on: device)
            let level = cuts % FileCuts.levels.count
            let cut = SocketCut.down(chance.below(Self.length + 4000))
            let figures = try ward.syncTwice(device, cut, isReset: chance.below(2) == 0, level: level)
            cuts += figures.isCut ? 1 : 0
            most = max(most, figures.down - Self.length)
            let isTheSame = try device.content(name.root) == file.content
            try #require(isTheSame)
        }
        #expect(most <= Self.mostRepeated)
        print("\(cuts) cuts on the way down: at most \(most) bytes more than the file")
        try ward.holds([name])
    }
}
