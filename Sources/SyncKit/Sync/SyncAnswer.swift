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

    /// What a frame tells devices that hold states in place of histories.
    package struct CompactedPart: Sendable {
        /// Documents as they stood at `asOf`.
        package private(set) var states: [DocumentState] = []
        /// The same as they go over the wire (`StateFrame`); empty for none.
        package private(set) var packed = Bytes()
        /// Whatever the log says up to here of the documents is in their states.
        package var asOf: Position = .start
        /// The documents of which something was erased by an entry of this frame.
        package var erased: [Digest] = []
        /// The documents that were asked for: all that the device may have of their histories is there, once the frame
        /// is applied.
        package var whole: [Digest] = []

        package var isEmpty: Bool { packed.isEmpty && erased.isEmpty && whole.isEmpty }

        package init() {}

        /// Takes states that go out.
        package mutating func give(_ states: [DocumentState], packed: Bytes) {
            self.states = states
            self.packed = packed
        }

        /// Takes states as they came in.
        mutating func take(packed: Bytes) throws(CBORError) {
            states = try StateFrame.decode(packed)
            self.packed = packed
        }
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
    /// Whether the checkpoint is written without what the device knows.
    package var shortensCheckpoint = false
    /// Whether the device's tree gives the checkpoint's root, which then is not written.
    package var leavesOutRoot = false
    /// A checkpoint that was read without its root, until that is found.
    package var rootless: ShortCheckpoint?
    package var grant: Bytes?
    package var serverTime: Int64 = 0
    package var flags: Flags = []
    /// The sequence from which the device should send its chain again; 0 for nothing.
    package var need: UInt64 = 0
    /// Up to where the ward's log is in a backup: what proves it may be forgotten.
    package var backedUp: Position = .start
    /// The frame as it came, with the request that it answers; `nil` unless a device read it.
    package var evidence: (request: SignedRequest, frame: Bytes)?
    /// What the device wanted proven, against the checkpoint of this frame.
    package var proofs: AnsweredProofs?
    /// What the ward lacks of the files that the device's person attached; in the last frame.
    package var needs: [ContentNeed] = []
    /// States of documents in place of their histories, and what is told of histories.
    package var compacted = CompactedPart()

    package init() {}
}
