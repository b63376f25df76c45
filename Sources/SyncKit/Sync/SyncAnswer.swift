// One frame of the ward's answer: it verifies alone, and moves the device's position.

/// A frame of an answer (`docs/protocol.md`, "Answers").
package struct SyncAnswer: Sendable {
    /// An entry of the log that concerns the device.
    package struct Entry: Hashable, Sendable {
        package var position: Position
        /// The bytes of the leaf (`LogRecord`).
        package var bytes: Bytes

        package init(position: Position, bytes: Bytes) {
            self.position = position
            self.bytes = bytes
        }
    }

    /// Who a device is, as others may see it.
    package struct Card: Hashable, Sendable {
        package var device: DeviceID
        package var role: Role
        package var name: String
        /// Where the person works for the ward; empty for residents and for those whose device was revoked.
        package var areas: [String]

        package init(device: DeviceID, role: Role, name: String, areas: [String] = []) {
            self.device = device
            self.role = role
            self.name = name
            self.areas = areas
        }
    }

    /// A private value, sealed to the device.
    package struct Disclosure: Hashable, Sendable {
        package var dot: Dot
        package var slot: Slot
        package var box: Bytes

        package init(dot: Dot, slot: Slot, box: Bytes) {
            self.dot = dot
            self.slot = slot
            self.box = box
        }
    }

    package struct Flags: OptionSet, Hashable, Sendable {
        package let rawValue: UInt64
        package init(rawValue: UInt64) { self.rawValue = rawValue }
        /// The last frame of the answer.
        package static let last = Flags(rawValue: 1)
        /// There is more; ask again.
        package static let more = Flags(rawValue: 2)
        /// Send change sets in the explicit form.
        package static let explicit = Flags(rawValue: 4)
        /// The device has seen more of the log than the ward holds: nothing is delivered.
        package static let behind = Flags(rawValue: 8)
    }

    package var index: UInt64 = 0
    package var changes: [ChangeSet] = []
    package var entries: [Entry] = []
    /// Acceptances of the device's own change sets, in the compact form; in the order of positions.
    package var receipts: [ReceiptRun] = []
    /// Once the frame is applied, the device has applied the log up to here.
    package var upTo = SeenMark(position: .start, root: 0)
    package var backfill: Position = .start
    package var backfillCursor: UInt64 = 0
    /// A document that goes on in the next frame, and is not to be shown before it is whole.
    package var open: Digest?
    /// The position whose scope the device holds wholly once the frame is applied.
    package var scope: Position = .start
    /// Documents that left the device's scope.
    package var left: [Digest] = []
    package var cards: [Card] = []
    package var disclosures: [Disclosure] = []
    package var checkpoint: Bytes?
    package var grant: Bytes?
    package var serverTime: Int64 = 0
    package var flags: Flags = []
    /// The sequence from which the device should send its chain again; 0 for nothing.
    package var need: UInt64 = 0
    /// Up to where the ward's log is in a backup: what proves it may be forgotten.
    package var backedUp: Position = .start
    /// The frame as it came, with the hash of the request that it answers; `nil` unless it was read.
    package var evidence: (request: Digest, frame: Bytes)?
    /// What the device wanted proven, against the checkpoint of this frame.
    package var proofs: AnsweredProofs?
    /// What the ward lacks of the files that the device's person attached; in the last frame.
    package var needs: [ContentNeed] = []

    package init() {}
}
