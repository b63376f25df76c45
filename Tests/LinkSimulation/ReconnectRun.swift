// Many devices that come back to a network at the same moment, each with a day's work.

import Foundation
import SyncKit
import Synchronization

/// How many devices, and where they work.
package struct ReconnectSize: Sendable {
    package var devices: Int
    /// Devices of one neighborhood; what one of them did, the others are told.
    package var ofANeighborhood = 8

    package init(devices: Int) { self.devices = devices }

    fileprivate var neighborhoods: Int { (devices + ofANeighborhood - 1) / ofANeighborhood }
}

/// What a reconnect came to.
package struct ReconnectFigures: Sendable {
    /// Change sets that waited on all devices together.
    package var changes = 0
    /// From the common start until each device was done, in seconds, ascending.
    package var seconds: [Double] = []
    /// How often devices were asked to wait, or not let in: all together, and the one that was most often.
    package var waits = 0
    package var mostWaits = 0
    /// What went wrong; empty where every device was done.
    package var problems: [String] = []
}

/// Devices of the teams of a ward that a real `ward-server` serves on loopback.
package struct ReconnectRun: Sendable {
    private let home: String
    private let port: UInt16
    private let size: ReconnectSize
    private let devices: [FieldDevice]
    private let officer: FieldDevice
    private static let ward = "06685"

    /// - Parameters:
    ///   - home: the server's.
    ///   - port: where it listens on 127.0.0.1.
    ///   - folder: for the stores of the devices.
    package init(home: String, port: UInt16, folder: String, size: ReconnectSize) {
        self.home = home
        self.port = port
        self.size = size
        devices = (0..<size.devices).map {
            FieldDevice(number: $0, area: Self.area($0 / size.ofANeighborhood), folder: folder)
        }
        officer = FieldDevice(number: size.devices, area: Self.ward, folder: folder)
    }

    private static func area(_ number: Int) -> String { "\(ward).\(number < 9 ? "0" : "")\(number + 1)" }

    /// Enrols the devices over the network, tells them of their tasks, and lets each work for a day without it.
    /// - Parameter invite: makes an invitation with a role and an area for a name, and gives its code.
    /// - Returns: the change sets that wait then.
    package func prepare(invite: (Role, String, String) throws -> String) throws -> Int {
        let descriptor = try String(contentsOfFile: home + "/descriptor.txt", encoding: .utf8)
        try officer.make(descriptor: descriptor)
        try officer.join(code: invite(.officer, officer.area, officer.name), port: port)
        let replica = try officer.open(fast: true)
        for number in 0..<size.neighborhoods {
            try officer.plan(tasks: 5 * size.ofANeighborhood, in: Self.area(number), on: replica)
        }
        _ = try PatientSync.run(replica, LoopbackTransport(port: port, device: officer.number))
        var waiting = 0
        for device in devices {
            try device.make(descriptor: descriptor)
            try device.join(code: invite(.volunteer, device.area, device.name), port: port)
            waiting += try device.work(share: device.number % size.ofANeighborhood)
        }
        return waiting
    }

    /// All devices sync at the same moment, each in a thread of its own with its store open, and wait when they are
    /// asked to.
    package func reconnect() -> ReconnectFigures {
        let found = Mutex(ReconnectFigures())
        let (ready, start) = (DispatchGroup(), DispatchSemaphore(value: 0))
        let done = DispatchGroup()
        let began = Atomic<UInt64>(0)
        for device in devices {
            ready.enter()
            done.enter()
            let thread = Thread {
                defer { done.leave() }
                let replica = Result { (try device.open(), ()).0 }
                let waiting = (try? replica.get().pendingCount()) ?? 0
                ready.leave()
                start.wait()
                do {
                    let waits = try PatientSync.run(
                        try replica.get(), LoopbackTransport(port: port, device: device.number))
                    let took = Double(monotonicNanoseconds() - began.load(ordering: .acquiring)) / 1e9
                    let left = try replica.get().pendingCount()
                    found.withLock {
                        $0.changes += waiting
                        $0.seconds.append(took)
                        $0.waits += waits
                        $0.mostWaits = max($0.mostWaits, waits)
                        if left > 0 { $0.problems.append("device \(device.number) still waits for \(left) receipts") }
                    }
                } catch { found.withLock { $0.problems.append("device \(device.number): \(error)") } }
            }
            thread.stackSize = 1 << 20
            thread.start()
        }
        ready.wait()
        began.store(monotonicNanoseconds(), ordering: .releasing)
        for _ in devices { start.signal() }
        done.wait()
        return found.withLock { figures in
            figures.seconds.sort()
            return figures
        }
    }

    /// Syncs the devices once more, one after the other: then each knows what the others of its neighborhood did.
    package func settle() throws {
        for device in devices {
            _ = try PatientSync.run(device.open(fast: true), LoopbackTransport(port: port, device: device.number))
        }
    }

    /// Reads the server's store, after the server ended, and holds every device against it.
    /// - Returns: what is lost or otherwise than at the ward; empty where nothing is.
    package func losses() throws -> [String] {
        let core = try WardHomeFiles(home).core()
        let hashes = try core.stateHashes()
        var areas: [String: Set<Digest>] = [:]
        for id in core.documentIDs {
            for area in try core.documentState(id)?.areas ?? [] { areas[area, default: []].insert(id) }
        }
        var found: [String] = []
        for device in devices {
            let replica = try device.open(fast: true)
            let chain = try replica.chain().sequence
            let count = try replica.database.prepare(
                "SELECT count(*) FROM changes c JOIN devices d ON d.number=c.device WHERE c.verdict=1 AND d.key=?1"
            ).bind(1, replica.device.digest)
            let accepted = try count.step() ? count.integer(0) : 0
            count.reset()
            if accepted != Int64(chain) {
                found.append("device \(device.number): \(accepted) of \(chain) accepted")
            }
            if try core.lastSequence(of: replica.device) != chain {
                found.append("device \(device.number): the ward's chain ends elsewhere")
            }
            let states = try device.states()
            for id in (areas[device.area] ?? []).subtracting(states.keys) {
                found.append("device \(device.number) lacks \(id.hex.prefix(8))")
            }
            for (id, hash) in states where hashes[id] != hash {
                found.append("device \(device.number) holds \(id.hex.prefix(8)) otherwise than the ward")
            }
        }
        return found
    }
}

/// Nanoseconds of a clock that only goes forward.
private func monotonicNanoseconds() -> UInt64 { DispatchTime.now().uptimeNanoseconds }
