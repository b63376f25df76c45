// A ward that is restored while phones are copies of others: what its tests ask of it and do with it.

import Testing

@testable import SyncKit

protocol RestoredCopies {
    var stores: CopiedStores { get }
}

extension RestoredCopies {
    func core<Result: Sendable>(_ body: (WardCore) throws(StoreError) -> Result) throws -> Result {
        try stores.ward.service.withCore { (core: WardCore) throws(StoreError) in try body(core) }
    }

    /// What the ward says of a change set, and where that stands in the order of its log.
    func verdict(on dot: Dot) throws -> (verdict: StoredVerdict, code: RefusalCode?, position: Position)? {
        try core { core throws(StoreError) in
            guard let number = try core.tables.knownDeviceNumber(dot.device),
                let stored = try core.tables.change(device: number, sequence: dot.sequence)
            else { return nil }
            return (stored.verdict, stored.code, stored.position)
        }
    }

    /// Where something that counts stands in the order of the ward's log.
    func place(of dot: Dot) throws -> Position? {
        guard let found = try verdict(on: dot), found.verdict == .accepted else { return nil }
        return found.position
    }

    /// Somebody who was asked says that a device goes on as the one that it names.
    func confirm(_ device: DeviceID) throws {
        let given = try core { core throws(StoreError) in try core.confirmSuccession(of: device, reason: "Đã hỏi") }
        #expect(given?.status == .done)
    }

    /// A phone whose copy was used first, so that it took new keys that nobody confirmed yet.
    func phoneWithNewKeys() throws -> (phone: Replica, copy: Replica, old: DeviceID) {
        let phone = try stores.device(role: .volunteer)
        _ = try stores.file(phone, "Đèn hỏng")
        try stores.ward.sync(phone)
        let (copy, old) = try takeNewKeys(phone)
        return (phone, copy, old)
    }

    /// A copy of the phone is used before it, so that it goes on under new keys.
    func takeNewKeys(_ phone: Replica) throws -> (copy: Replica, old: DeviceID) {
        let (copy, old) = (try stores.copy(phone), phone.device)
        _ = try stores.file(copy, "Rác tràn")
        try stores.ward.sync(copy)
        _ = try stores.file(phone, "Ổ gà")
        #expect(throws: SyncFailure.self) { try stores.ward.sync(phone) }
        #expect(phone.device != old)
        return (copy, old)
    }

    /// Somebody's device has what the ward once told another one, and brings that to it.
    func give(evidenceOf owner: Replica, to other: Replica) throws {
        let kept = try owner.database.prepare("SELECT position,box FROM evidence ORDER BY number")
        defer { kept.reset() }
        var count = 0
        while try kept.step() {
            count += 1
            try other.database.prepare("INSERT INTO evidence(position,box,due) VALUES(?1,?2,1)")
                .bind(1, kept.integer(0)).bind(2, kept.bytes(1)).run()
        }
        #expect(count > 0)
    }
}
