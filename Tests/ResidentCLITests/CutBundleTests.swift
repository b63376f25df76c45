// Bundles over real sockets that break at random, and a server that is killed: each part arrives once, and of a part of
// 1 MiB little goes twice.
import Glibc
import LinkSimulation
import Testing

@testable import ResidentCLI
@testable import SyncKit
@testable import SyncServer

/// The courier of `ward sync` with its store in a file, a proxy that cuts, and `ward-server` as a process. The parts are
/// those that `ward bundle export` makes.
@Suite struct CutBundleTests {
    private static let mostRepeated = FileCuts.mostRepeated
    private static let rounds = getenv("WARDSYNC_CUTS").flatMap { Int(String(cString: $0)) } ?? 170
    private static let partSize = 1 << 20

    /// A bundle of one part of 1 MiB and one of some hundred KiB, on the shelf of somebody who carries it.
    private struct Carried {
        let author: Replica
        let courier: Replica
        let bundle: Digest
        /// The bytes of each part's file.
        let files: [Int: Int]
        let names: [ContentName]
        let documents: [Digest]
        var total: Int { files.values.reduce(0, +) }

        init(_ ward: CutWard, _ chance: SeededDice) throws {
            let author = try ward.device(.volunteer)
            let courier = try ward.device(.volunteer)
            var (names, documents) = ([ContentName](), [Digest]())
            for _ in 0..<5 {
                let file = try #require(NewFile(chance.bytes(FileCuts.length), media: .jpeg))
                documents.append(try author.commit(FileCuts.report(with: file), files: [file]).document)
                names.append(file.attachment.content)
            }
            let made = try author.exportBundle(fileSize: CutBundleTests.partSize, content: 8 << 20)
            var files: [Int: Int] = [:]
            for part in made.parts {
                files[part.head.part] = part.encoded.count
                _ = try courier.take(part)
            }
            let first = files[1] ?? 0
            try #require(files.count == 2 && first > CutBundleTests.partSize - 1000 && first <= CutBundleTests.partSize)
            (self.author, self.courier, self.files) = (author, courier, files)
            (self.names, self.documents, bundle) = (names, documents, made.id)
        }

        /// One try to hand over.
        func handOver(_ ward: CutWard) throws -> Delivery {
            var run = BundleCourier(courier, ward.transport, LinkPlan())
            try run.deliver()
            return run.delivery
        }

        /// The courier has nothing of the return, and goes to fetch it.
        func forget(_ returned: Digest) throws {
            try courier.database.transaction { () throws(StoreError) in
                try courier.shelf.remove(returned)
                try courier.shelf.settle(bundle, .done, now: SystemTimeSource().nowSeconds())
            }
        }

        /// The return brings the author the ward's word on everything.
        func returnArrives() throws {
            for row in try courier.carried(.toDevice) where row.answers == bundle {
                for number in row.parts {
                    let file = try #require(try courier.carriedPart(row.id, number))
                    _ = try author.take(try BundlePart(decoding: file))
                }
            }
            #expect(try author.pendingCount() == 0)
            for (document, name) in zip(documents, names) {
                let state = try #require(try author.document(document)?.state)
                #expect(state.receivedContents.contains(name.root))
            }
        }
    }

    @Test func bundlesAreHandedInOnceOverConnectionsThatBreak() throws {
        let ward = try CutWard()
        let chance = SeededDice("socket cuts, bundles")
        var (names, most, cuts) = ([ContentName](), 0, 0)
        while cuts < Self.rounds {
            let carried = try Carried(ward, chance)
            names += carried.names
            var (tries, held, repeated) = (0, 0, 0)
            while true {
                // Near the beginning, the middle of pieces, the end of a part, or anywhere.
                let place = [chance.below(1500), chance.below(40_000), chance.below(carried.total)][tries % 3]
                let cut: SocketCut = tries % 7 == 6 ? .down(chance.below(200)) : .up(1 + place)
                ward.proxy.expect(cut, isReset: chance.below(2) == 0, isSpanning: true)
                let delivery = try carried.handOver(ward)
                tries += 1
                var figures = ward.proxy.figures
                // Who was cut off may know of it before the proxy has noted it.
                for _ in 0..<100 where delivery.isCut && !figures.isCut {
                    usleep(20_000)
                    figures = ward.proxy.figures
                }
                cuts += figures.isCut ? 1 : 0
                // A break behind the last byte of an answer breaks nothing.
                try #require((figures.isCut || !delivery.isCut) && tries < 100, "\(delivery) \(figures)")
                let now = try ward.held(carried.bundle, carried.files)
                // What went up and is not there has to go again, heads and questions included.
                most = max(most, figures.up - (now - held))
                repeated += figures.up - (now - held)
                try #require(now >= held)
                held = now
                if !delivery.isCut {
                    #expect(delivery.fetched == 1 && held == carried.total)
                    break
                }
            }
            #expect(repeated <= tries * Self.mostRepeated)
            try carried.returnArrives()
        }
        #expect(most <= Self.mostRepeated)
        print("\(cuts) cuts of bundles: at most \(most) bytes went twice or were heads")
        try ward.holds(names)
    }

    @Test func aServerThatIsKilledInTheMiddleOfAPartGoesOnWhereItWas() throws {
        let ward = try CutWard()
        let chance = SeededDice("killed servers, bundles")
        let carried = try Carried(ward, chance)
        var held = 0
        for _ in 0..<6 {
            // Whoever passes the bytes on waits until the server has read them, then kills it.
            let place = 70_000 + chance.below(150_000)
            let kill = ward.kill
            ward.proxy.expect(.up(place), isReset: true, isSpanning: true) {
                usleep(300_000)
                kill()
            }
            let delivery = try carried.handOver(ward)
            try #require(delivery.isCut)
            let up = ward.proxy.figures.up
            ward.proxy.expect(nil)
            try ward.startAgain()
            let now = try ward.held(carried.bundle, carried.files)
            #expect(up - (now - held) <= Self.mostRepeated, "\(up) bytes went up, \(now - held) of them are there")
            held = now
        }
        ward.proxy.expect(nil)
        let delivery = try carried.handOver(ward)
        #expect(delivery.handed == 1 && delivery.fetched == 1 && !delivery.isCut)
        #expect(ward.proxy.figures.up <= carried.total - held + 3000)
        try carried.returnArrives()
        try ward.holds(carried.names)
    }

    @Test func aPartOfAReturnGoesOnWhereItBroke() throws {
        let ward = try CutWard()
        let chance = SeededDice("socket cuts, returns")
        let carried = try Carried(ward, chance)
        // Much that the author does not know of: the ward's answer is long.
        let other = try ward.device(.volunteer)
        for number in 0..<40 {
            var draft = ChangeSetDraft(kind: .report)
            draft.perform(.set(Slot(field: ReportField.title)), .text("Phản ánh \(number)"))
            draft.perform(.set(Slot(field: ReportField.category)), .text("lighting"))
            draft.perform(.set(Slot(field: ReportField.area)), .text("06685.03"))
            draft.perform(.set(Slot(field: ReportField.description)), .text(Base32.encode(chance.bytes(8000))))
            _ = try other.commit(draft)
        }
        ward.proxy.expect(nil)
        #expect(try ward.sync(other, 2))
        ward.proxy.expect(.down(3000), isSpanning: true)
        #expect(try carried.handOver(ward).isCut)
        var (down, tries) = (ward.proxy.figures.down, 1)
        while true {
            // No resets: those throw away what the system took in and the program did not read yet.
            ward.proxy.expect(.down(40_000 + chance.below(100_000)), isSpanning: true)
            let delivery = try carried.handOver(ward)
            down += ward.proxy.figures.down
            tries += 1
            try #require(tries < 50)
            if !delivery.isCut { break }
        }
        let returned = try #require(try carried.courier.carried(.toDevice).first { $0.answers == carried.bundle })
        let length = try returned.parts.reduce(0) { sum, number in
            sum + (try carried.courier.carriedPart(returned.id, number)?.count ?? 0)
        }
        #expect(length > 200_000 && tries > 2, "\(length) bytes in \(tries) tries")
        // Nothing was lost but heads: what came before a break was kept to the last byte.
        #expect(down <= length + tries * 1500, "\(down) bytes for \(length)")
        try carried.returnArrives()
    }

    @Test func aDamagedBeginningOfAReturnIsThrownAwayAndTheReturnFetchedWhole() throws {
        let ward = try CutWard()
        let carried = try Carried(ward, SeededDice("damaged beginnings"))
        let place = PartPlace(bundle: carried.bundle, part: 1)
        let file = try #require(try carried.courier.carriedPart(carried.bundle, 2))
        // No head at all; a head of another part with nothing of it behind; more than the return has.
        let damaged = [Bytes(repeating: 7, count: 500), Bytes(file[..<119]) + Bytes(repeating: 0, count: 40), file]
        for bytes in damaged {
            #expect(try carried.courier.keep(bytes, at: 0, of: place, length: bytes.count + 10))
            #expect(try carried.handOver(ward).fetched == 1)
            #expect(try carried.courier.beginning(of: place).isEmpty)
            let id = try #require(try carried.courier.carriedReturn(of: carried.bundle)?.id)
            try carried.returnArrives()
            // As if it had not come yet.
            try carried.forget(id)
        }
    }
}
