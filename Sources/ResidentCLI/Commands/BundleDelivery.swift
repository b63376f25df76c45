// What is carried for others goes to the ward with a sync, and what the ward answers is fetched to be carried back.

import CommandLineKit
import SyncKit

/// What a sync did for others.
struct Delivery {
    var handed = 0
    var waiting = 0
    var refused = 0
    var fetched = 0
    /// Whether the network gave up before all was handed over.
    var isCut = false
}

/// Why handing over ended early.
private enum Halt: Error {
    /// The network gave up, the ward takes no more now, or a person stopped it.
    case network
    /// This device's store failed.
    case store(ReplicaError)
}

extension CommandRun {
    /// Hands over what is carried and fetches returns. Failures of the network end it early; what was not handed over
    /// is kept, and the next sync goes on.
    func deliver(_ replica: Replica, _ transport: inout WardTransport) throws(ErrorReport) -> Delivery {
        var delivery = Delivery()
        for row in try attempt({ () throws(ReplicaError) in try replica.carried(.toWard) }) {
            do throws(Halt) {
                if Interrupt.isRequested { throw .network }
                if row.state == .kept { try hand(row, replica, &transport, &delivery) }
                let isThere = try shelved { () throws(ReplicaError) in try replica.wantsReturn(of: row.id) }
                if isThere { try fetch(row.id, replica, &transport, &delivery) }
            } catch {
                if case .store(let failure) = error { throw Faults.report(failure, home: home) }
                delivery.isCut = true
                return delivery
            }
        }
        return delivery
    }

    private func shelved<Result>(_ body: () throws(ReplicaError) -> Result) throws(Halt) -> Result {
        do { return try body() } catch { throw .store(error) }
    }

    private func hand(
        _ row: BundleShelf.Row, _ replica: Replica, _ transport: inout WardTransport, _ delivery: inout Delivery
    ) throws(Halt) {
        var newest: PartReceipt?
        for number in row.parts {
            let bytes = try shelved { () throws(ReplicaError) in try replica.carriedPart(row.id, number) }
            guard let bytes else { continue }
            do { newest = try transport.hand(bytes) } catch { throw .network }
            if newest?.state != .waiting { break }
        }
        guard let newest else { return }
        let state: BundleShelf.State
        switch newest.state {
        case .taken:
            delivery.handed += 1
            state = .done
        case .waiting:
            delivery.waiting += 1
            state = .handed
        case .refused:
            delivery.refused += 1
            state = .refused
        }
        try shelved { () throws(ReplicaError) in try replica.settleCarried(row.id, state) }
    }

    private func fetch(
        _ bundle: Digest, _ replica: Replica, _ transport: inout WardTransport, _ delivery: inout Delivery
    ) throws(Halt) {
        var number = 1
        var count = 1
        while number <= count {
            let fetched: Bytes?
            do { fetched = try transport.fetchReturn(of: bundle, part: number) } catch { throw .network }
            guard let bytes = fetched else { return }
            guard let part = try? BundlePart(decoding: bytes), part.head.direction == .toDevice,
                part.head.answers == bundle, part.head.part == number
            else { throw .network }
            count = part.head.count
            do { _ = try replica.take(part) } catch let error as ReplicaError { throw .store(error) } catch {
                // What is no part of a bundle is not carried.
                throw .network
            }
            number += 1
        }
        try shelved { () throws(ReplicaError) in try replica.noteReturnFetched(of: bundle) }
        delivery.fetched += 1
    }

    func tell(_ delivery: Delivery) {
        if delivery.handed > 0 { terminal.print(BundleSay.handed.message, String(delivery.handed)) }
        if delivery.waiting > 0 { terminal.print(BundleSay.handedWaits.message, String(delivery.waiting)) }
        if delivery.refused > 0 { terminal.warn(BundleSay.handedRefused.message, String(delivery.refused)) }
        if delivery.fetched > 0 { terminal.print(BundleSay.fetched.message, String(delivery.fetched)) }
        if delivery.isCut { terminal.warn(BundleSay.handingStopped.message) }
    }
}
