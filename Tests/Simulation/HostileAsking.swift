// Who has a device's key asks as if the device stood somewhere else: nothing comes of it that it may not read.

import SyncKit

extension Schedule {
    /// Asks in the name of a device that reads no areas, or nothing any more, with numbers that somebody made up.
    func askForMore(_ device: SimulatedDevice, _ scope: Set<Digest>, _ grant: ModelGrant?) throws {
        let isIn = grant.map { $0.revokedAfter == nil } ?? false
        guard !isIn || grant?.role == .resident else { return }
        var chance = Chance(seed: seed ^ device.id.digest.prefix8)
        for _ in 0..<3 {
            let frames = try server.service.withCore { (core: WardCore) throws -> [SyncAnswer] in
                let size = Int(core.size)
                func somewhere() -> Position { chance.oneIn(3) ? .start : core.place(UInt64(chance.below(size + 1))) }
                var request = SyncRequest(
                    ward: core.ward.prefix8, device: device.id, position: somewhere(), scope: somewhere(),
                    backfill: somewhere(), backfillCursor: UInt64(chance.below(60)) | UInt64(chance.below(2)) << 32,
                    checkpointSerial: 0, serial: 0, nonce: [], time: 0, chain: 0, sealingKey: nil)
                for wish in [SyncRequest.Wishes.states, .ownChanges, .oversight, .holdsStates] where chance.oneIn(2) {
                    request.wishes.formUnion(wish)
                }
                request.histories = (0..<4).compactMap { _ in chance.pick(model.acts.values.map(\.document).sorted()) }
                var answer = try core.beginAnswer(request)
                var frames: [SyncAnswer] = []
                while let frame = try core.nextFrame(&answer), frames.count < 1000 { frames.append(frame) }
                return frames
            }
            count(.hostileAsking)
            for frame in frames {
                let told = frame.changes.filter { $0.header.device != device.id }.map(\.document)
                for id in told + frame.compacted.states.map(\.id) where !scope.contains(id) {
                    throw fail("\(device.name) gets document \(id.hex.prefix(8)) by asking from elsewhere")
                }
                let ofOthers = frame.disclosures.filter { $0.dot.device != device.id }
                try require(ofOthers.isEmpty, "\(device.name) gets a private value by asking from elsewhere")
                try require(isIn || frame.grant == nil, "\(device.name) gets a grant by asking from elsewhere")
                let cards = frame.cards.filter { $0.device != device.id }
                try require(isIn || cards.isEmpty, "\(device.name) gets cards by asking from elsewhere")
            }
        }
    }
}
