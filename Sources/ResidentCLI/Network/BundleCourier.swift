// A courier with a network: what is carried for others goes to the ward, and what the ward answers is fetched.

import CommandLineKit
import SyncKit

/// What a sync did for others.
struct Delivery: Equatable {
    var handed = 0
    var waiting = 0
    var refused = 0
    var fetched = 0
    /// Whether the network gave up before all was handed over.
    var isCut = false
    /// Bundles for which this sync's bounds left no room.
    var left = 0
    /// The bytes of parts that went each way.
    var bytesUp = 0
    var bytesDown = 0
}

/// Hands over what a device carries. What the ward has is not sent again: not the parts that it names no more, and of a
/// part that broke off not the bytes that it kept (`docs/protocol.md`, "Bundles").
struct BundleCourier {
    let replica: Replica
    var transport: WardTransport
    private(set) var delivery = Delivery()
    /// The bytes that parts may still take, both ways; `nil` for as many as there are.
    private var remaining: Int?

    /// - Parameter plan: what files may take; parts of bundles are files to a link.
    init(_ replica: Replica, _ transport: WardTransport, _ plan: LinkPlan) {
        (self.replica, self.transport) = (replica, transport)
        remaining = plan.isTextOnly ? 0 : plan.remaining
    }

    /// A part is not begun, or gone on with, for fewer bytes.
    private static let leastRoom = 4096

    /// Why handing over ended early.
    private enum Halt: Error {
        /// The network gave up, the ward takes no more now, or a person stopped it.
        case network
        /// What this sync may move is spent.
        case noRoom
        /// This device's store failed.
        case store(ReplicaError)
    }

    /// Hands over and fetches. Failures of the network end it early; what was not handed over is kept, and the next
    /// time goes on.
    mutating func deliver() throws(ReplicaError) {
        for row in try replica.carried(.toWard) {
            do throws(Halt) {
                if Interrupt.isRequested { throw .network }
                if row.state == .kept { try hand(row) }
                let id = row.id
                if try shelved({ replica throws(ReplicaError) in try replica.wantsReturn(of: id) }) { try fetch(id) }
            } catch {
                switch error {
                case .store(let failure): throw failure
                case .noRoom: delivery.left += 1
                case .network:
                    delivery.isCut = true
                    return
                }
            }
        }
    }

    private func shelved<Result>(_ body: (Replica) throws(ReplicaError) -> Result) throws(Halt) -> Result {
        do { return try body(replica) } catch { throw .store(error) }
    }

    private mutating func hand(_ row: BundleShelf.Row) throws(Halt) {
        let id = row.id
        var newest: PartReceipt?
        var begun: PartReceipt?
        if row.isBegun {
            do { begun = try transport.standing(of: id) } catch { throw .network }
            newest = begun
        } else {
            try shelved { replica throws(ReplicaError) in try replica.noteHanding(id) }
        }
        for number in row.parts where newest?.mayLack(number) ?? true {
            let file = try shelved { replica throws(ReplicaError) in try replica.carriedPart(id, number) }
            guard let file else { continue }
            let place = PartPlace(bundle: id, part: number)
            let known = min(begun?.held(number) ?? 0, file.count)
            newest = try send(file, place, from: known)
            if newest?.state == .anew { newest = try send(file, place, from: 0) }
        }
        guard let newest else { return }
        switch newest.state {
        case .taken: delivery.handed += 1
        case .waiting: delivery.waiting += 1
        case .refused: delivery.refused += 1
        // Who says so of a whole part is none that knows what it has.
        case .anew: throw .network
        }
        let receipt = newest
        try shelved { replica throws(ReplicaError) in try replica.settleCarried(id, receipt) }
    }

    /// Sends what the ward lacks of a part. Where there is less room than that, what there is room for goes now and the
    /// rest another time: else a part that is longer than every budget never arrived.
    private mutating func send(_ file: Bytes, _ place: PartPlace, from known: Int) throws(Halt) -> PartReceipt {
        let rest = file.count - known
        let room = min(rest, remaining ?? .max)
        guard room == rest || room >= Self.leastRoom else { throw .noRoom }
        delivery.bytesUp += room
        remaining = remaining.map { $0 - room }
        let receipt: PartReceipt?
        do {
            receipt = try transport.hand(file, place, from: known, most: room)
        } catch { throw .network }
        guard let receipt else { throw .noRoom }
        return receipt
    }

    private mutating func fetch(_ bundle: Digest) throws(Halt) {
        // Parts that came before a break are here.
        var here = try shelved { replica throws(ReplicaError) in try replica.carriedReturn(of: bundle) }
        var number = 1
        var count = here?.count ?? 1
        while number <= count {
            if here?.parts.contains(number) ?? false {
                number += 1
                continue
            }
            let place = PartPlace(bundle: bundle, part: number)
            guard let bytes = try fetch(place) else {
                return try shelved { replica throws(ReplicaError) in try replica.noteReturn(of: bundle, isHere: false) }
            }
            guard let part = try? BundlePart(decoding: bytes), part.head.direction == .toDevice,
                part.head.answers == bundle, part.head.part == number
            else { throw .network }
            count = part.head.count
            let outcome: PartOutcome
            do { outcome = try replica.take(part) } catch let error as ReplicaError { throw .store(error) } catch {
                // What is no part of a bundle is not carried.
                throw .network
            }
            // What found no place here is asked for again.
            if case .full = outcome { throw .noRoom }
            try shelved { replica throws(ReplicaError) in try replica.dropBeginning(of: place) }
            if let held = here, held.id != part.head.id {
                // The ward made it anew: what is here is of the other one.
                (here, number) = (nil, 1)
                continue
            }
            number += 1
        }
        try shelved { replica throws(ReplicaError) in try replica.noteReturn(of: bundle, isHere: true) }
        delivery.fetched += 1
    }

    /// The file of a part of a return, from where an earlier fetch of it broke off; `nil` where the ward has none.
    private mutating func fetch(_ place: PartPlace) throws(Halt) -> Bytes? {
        let beginning = try shelved { replica throws(ReplicaError) in try replica.beginning(of: place) }
        let found = try fetch(place, after: beginning)
        if beginning.isEmpty { return found }
        if let found, (try? BundlePart(decoding: found)) != nil { return found }
        // The ward made the return anew meanwhile, or what was kept was damaged.
        try shelved { replica throws(ReplicaError) in try replica.dropBeginning(of: place) }
        return try fetch(place, after: [])
    }

    /// How long a part is the ward says only with it: one that would take more than there is room for is broken off
    /// with what came at once, and goes on the next time.
    /// - Returns: what is no part where more came than its head says.
    private mutating func fetch(_ place: PartPlace, after beginning: Bytes) throws(Halt) -> Bytes? {
        guard remaining != 0 else { throw .noRoom }
        guard var arrival = try? PartArrival(after: beginning) else { return [] }
        var failure: ReplicaError?
        var (isKeeping, isDamaged) = (true, false)
        let replica = replica
        func keep(atLeast least: Int) {
            guard isKeeping, failure == nil, let piece = arrival.unkept(atLeast: least) else { return }
            do throws(ReplicaError) {
                isKeeping = try replica.keep(piece.bytes, at: piece.start, of: place, length: arrival.fileLength)
            } catch { failure = error }
            arrival.noteKept()
        }
        var isThere = false
        var isBroken = false
        var isBrokenOff = false
        let room = remaining ?? .max
        var received = 0
        defer {
            delivery.bytesDown += received
            remaining = remaining.map { max(0, $0 - received) }
        }
        do throws(TransportError) {
            isThere = try transport.fetchReturn(of: place.bundle, part: place.part, from: beginning.count) { chunk in
                received += chunk.count
                do throws(BundleError) { try arrival.append(chunk) } catch {
                    isDamaged = true
                    return false
                }
                keep(atLeast: PartArrival.step)
                isBrokenOff = received >= room && arrival.file.count != arrival.fileLength
                return failure == nil && !isBrokenOff
            }
        } catch {
            isBroken = !isDamaged
            if isBroken { keep(atLeast: 1) }
        }
        if isDamaged { return [] }
        if let failure { throw .store(failure) }
        if isBrokenOff { throw .noRoom }
        if isBroken { throw .network }
        return isThere ? arrival.file : nil
    }
}
