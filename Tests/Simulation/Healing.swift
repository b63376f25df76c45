// The end of a schedule: faults stop, everybody syncs until nothing moves any more.

import SyncKit

extension Schedule {
    /// How often everybody may have to sync until nothing moves.
    private static let maxRounds = 8

    func heal() throws {
        step += 1
        hasFaults = false
        server.gate.disarm()
        while !delayed.isEmpty { try deliverDelayed() }
        for _ in 0..<Self.maxRounds {
            let before = try size()
            for device in devices { try sync(device) }
            guard try size() == before else { continue }
            let isQuiet = try devices.allSatisfy {
                try $0.replica.pendingCount() == 0 && $0.replica.seen().position.index == before
            }
            if isQuiet { return }
        }
        for device in devices {
            try trace(
                "\(device.name): \(try device.replica.pendingCount()) pending, at "
                    + "\(try device.replica.seen().position.index) of \(try size())")
        }
        throw fail("stuck: not quiet after \(Self.maxRounds) rounds of everybody")
    }

    func size() throws -> UInt64 {
        server.service.withCore { core in core.size }
    }
}
