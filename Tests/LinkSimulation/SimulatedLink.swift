// A link in the same process: it takes the time that bytes take, and breaks at bytes of its choice.

import SyncKit

/// What went over a link.
public struct LinkFigures: Sendable {
    /// Milliseconds of the link's own clock.
    public var milliseconds: Int64 = 0
    /// Bytes of bodies that left, also of those that did not arrive.
    public var bytesUp = 0
    /// The same, coming down.
    public var bytesDown = 0
    /// Requests, answered or not.
    public var exchanges = 0
    /// How many of them broke.
    public var faults = 0
    /// How many bursts of losses there were.
    public var bursts = 0

    /// Bodies both ways.
    public var bytes: Int { bytesUp + bytesDown }

    /// What HTTP/1.1 adds to an exchange here, up and down together: the heads of `ward` and `ward-server`.
    package static let headsOfAnExchange = 420
    /// What a TLS 1.3 handshake with an own certificate adds to each connection.
    package static let handshakeOfAConnection = 1900
    /// What heads and handshakes add. A connection serves a whole sync, and each break costs another one.
    public var headBytes: Int { exchanges * Self.headsOfAnExchange + (1 + faults) * Self.handshakeOfAConnection }
}

/// Carries bodies to a ward in the same process as a link would. Time is the link's own: nothing waits.
///
/// Parsers, sessions and stores are the real ones; the ward takes in what arrived before a break, block by block.
package final class SimulatedLink {
    package private(set) var figures = LinkFigures()
    private let profile: LinkProfile
    private let service: WardService
    private let chance: SeededRandomSource
    /// Bursts are drawn apart, so that the same seed breaks at the same bytes with and without them.
    private let losses: SeededRandomSource
    /// Bytes since the last segment that could be lost.
    private var unsegmented = 0
    /// What a packet carries, in bytes.
    private static let segment = 1400
    /// No fault from here on.
    package var isCalm = false

    package init(_ profile: LinkProfile, to service: WardService, seed: UInt64) {
        self.profile = profile
        self.service = service
        chance = SeededRandomSource(seed: seed)
        losses = SeededRandomSource(seed: ~seed)
    }

    /// The link's clock, in milliseconds.
    package var now: Int64 { figures.milliseconds }

    package func wait(milliseconds: Int64) { figures.milliseconds += milliseconds }

    package var transport: Transport { Transport(link: self) }

    /// One device's way over the link.
    package struct Transport: SyncTransport {
        fileprivate let link: SimulatedLink

        package mutating func exchange(_ body: Bytes, onChunk: (UnsafeRawBufferPointer) -> Bool) throws(TransportError)
        {
            try link.exchange(body, onChunk)
        }
    }

    private func strikes(_ permille: Int) -> Bool { !isCalm && Int(chance.next() % 1000) < permille }

    /// The time that bytes take, bursts of losses included.
    private func take(_ bytes: Int) {
        figures.milliseconds += Int64(bytes) * 8000 / Int64(profile.bitsPerSecond)
        unsegmented += bytes
        while unsegmented >= Self.segment {
            unsegmented -= Self.segment
            guard profile.burstMilliseconds > 0, !isCalm, Int(losses.next() % 1000) < profile.burstPermille else {
                continue
            }
            figures.bursts += 1
            figures.milliseconds += Int64(losses.next() % UInt64(profile.burstMilliseconds))
        }
    }

    private func exchange(_ body: Bytes, _ onChunk: (UnsafeRawBufferPointer) -> Bool) throws(TransportError) {
        figures.exchanges += 1
        figures.milliseconds += Int64(profile.roundTripMilliseconds)
        if strikes(profile.portalPermille) {
            figures.faults += 1
            throw TransportError(.notAWard, "portal")
        }
        // Where on the way it breaks: anywhere in the request, or, as often, in the answer.
        let isCut = strikes(profile.cutPermille)
        let breaksUp = isCut && chance.next() % 2 == 0
        let sent = breaksUp ? Bytes(body.prefix(Int(chance.next() % UInt64(body.count)))) : body
        figures.bytesUp += sent.count
        take(sent.count)
        let answer = answer(to: sent, isWhole: !breaksUp)
        if breaksUp || strikes(profile.halfOpenPermille) {
            figures.faults += 1
            // Nobody says that nothing comes any more.
            figures.milliseconds += breaksUp ? 0 : 60_000
            throw TransportError(breaksUp ? .cut : .timedOut)
        }
        var rest = (isCut ? Bytes(answer.prefix(Int(chance.next() % UInt64(max(1, answer.count))))) : answer)[...]
        while !rest.isEmpty {
            let piece = Bytes(rest.prefix(Self.segment))
            rest = rest.dropFirst(Self.segment)
            figures.bytesDown += piece.count
            take(piece.count)
            if !piece.withUnsafeBytes({ onChunk($0) }) { return }
        }
        if isCut {
            figures.faults += 1
            throw TransportError(.cut)
        }
    }

    /// What the ward makes of the bytes that arrived.
    private func answer(to body: Bytes, isWhole: Bool) -> Bytes {
        var reader = BlockReader()
        reader.append(body)
        var out = Bytes()
        do {
            var taken = WardBody(service, isCarried: false)
            while let block = try reader.next() { try taken.take(block) }
            guard isWhole else { return [] }
            while let block = try taken.session?.nextBlock() { out += block.encoded }
        } catch let refusal as SyncRefusal {
            out += Block(.refusal, refusal.encoded).encoded
        } catch { return [] }
        return out
    }
}

extension SimulatedLink {
    /// Syncs a device as `ward sync --watch` does, again and again after each fault, until nothing of its own waits.
    /// - Returns: how many tries it took; `nil` where it was not done after `most`.
    package func sync(_ replica: Replica, plan: LinkPlan = LinkPlan(), most: Int = 400) throws -> Int? {
        var failures = 0
        var plan = plan
        for attempt in 1...most {
            var client = SyncClient(replica)
            client.plan = plan
            client.clock = { [self] in now }
            switch outcome(&client) {
            case nil:
                failures = 0
                if try replica.pendingCount() == 0, try replica.unreceivedFiles().count == 0 { return attempt }
            case .transport:
                failures += 1
                // Twice as long after each failure, as the program waits in the middle.
                wait(milliseconds: min(300_000, 5000 << Int64(min(failures - 1, 6))) * 3 / 4)
            case .some(let error): throw error
            }
            // What was learnt of the link holds for the next try.
            plan = client.plan
        }
        return nil
    }

    private func outcome(_ client: inout SyncClient) -> SyncFailure? {
        var transport = transport
        do throws(SyncFailure) {
            try client.run(&transport)
            return nil
        } catch { return error }
    }
}
