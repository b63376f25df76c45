// One item of the conflict inbox: what it is about, since when, whose it is to decide, and what both sides knew.

/// One thing that a person should see and decide (`docs/data-model.md`, "Inbox"). Made from what the log says; nothing
/// of it is stored.
package struct InboxItem: Sendable {
    package let kind: InboxKind
    package var severity: InboxSeverity
    /// Why it is more severe than usual.
    package var raise: InboxRaise?
    package var owner: InboxOwner
    /// Since when it waits, in seconds since 1970 by the ward's clock where it is known, else by the effective time.
    package var since: Int64

    /// The document that it is about; for held and refused change sets the one that they would change.
    package var document: Digest?
    package var documentKind: DocumentKind?
    package var title = ""
    package var area = ""
    /// The field, where it is about one.
    package var slot: Slot?
    /// The encoded value that stood before the sides; for a crossing the number of the state that they followed.
    package var base: Bytes?
    /// What stands against each other; of claims the holder first.
    package var sides: [InboxSide] = []
    /// Earlier decisions on the same slot, or remarks of the same kind; the oldest first.
    package var history: [InboxDecision] = []
    /// Since when somebody was asked about it; `nil` where nobody was.
    package var asked: Int64?

    /// The other report, of two that may be the same.
    package var likeness: InboxLikeness?
    /// The unit that the document names, and the one that stands today.
    package var merger: (old: String, present: String)?
    /// The device that it is about, where it is about one.
    package var device: DeviceID?
    /// What the ward knows of that device.
    package var contact: DeviceContact?
    /// The change set that the ward held or refused.
    package var pending: InboxPending?
    /// The branches of a chain that was forked.
    package var fork: InboxFork?
    /// The file that the ward lacks.
    package var file: InboxFile?
    /// What failed, for errors of processing that are no change set.
    package var fault: String?

    package init(_ kind: InboxKind, owner: InboxOwner, since: Int64) {
        self.kind = kind
        severity = InboxRule.of(kind).severity
        self.owner = owner
        self.since = since
    }

    /// Makes it as severe as its kind's rule says for this reason, where the rule names the reason.
    package mutating func raise(for reason: InboxRaise) {
        let rule = InboxRule.of(kind)
        guard rule.raise == reason else { return }
        severity = rule.raised
        raise = reason
    }

    /// Makes it less severe than its kind is: a resident's device, whose work nobody counts on, shows no more by its
    /// clock or its copies than that it has them.
    package mutating func lower() {
        severity = .low
        raise = nil
    }

    /// Makes what is held or refused more severe once it is old.
    package mutating func age(at now: Int64) {
        if now - since >= InboxRule.oldSeconds { raise(for: .old) }
    }

    /// The change sets that an order about the item names: what is held, or what is left over of another branch.
    package var decidable: [(dot: Dot, id: Digest)] {
        if let pending { return [(pending.dot, pending.id)] }
        guard let fork, let device else { return [] }
        return fork.others.map { (Dot(device: device, sequence: $0.sequence), $0.id) }
    }

    /// A name for the item that stays the same as long as it waits: its kind, what it is about, and its field.
    package var key: String {
        var parts = [kind.name]
        if let pending {
            parts.append(pending.dot.text)
        } else if let document {
            parts.append(document.hex)
        } else if let device {
            parts.append("\(device)")
        }
        if let slot { parts.append(String(slot.rawValue)) }
        if let likeness { parts.append(likeness.document.hex) }
        if let fork { parts.append(String(fork.sequence)) }
        if let file { parts.append(String(file.root.hex.prefix(16))) }
        if let fault { parts.append(fault) }
        return parts.joined(separator: "/")
    }
}

/// Who is to decide: everybody with a role for an area, or one of them who has dealt with the document before.
package struct InboxOwner: Sendable, Hashable {
    package var role: Role
    /// Empty for the whole ward.
    package var area: String
    /// Who took the last step, or made the task.
    package var device: DeviceID?

    package init(role: Role, area: String = "", device: DeviceID? = nil) {
        self.role = role
        self.area = area
        self.device = device
    }

    /// Whether an item is this actor's: its own, or anybody's of its role whose areas reach that far.
    package func isMine(_ actor: Actor) -> Bool {
        if let device { return device == actor.device }
        guard actor.role == role else { return false }
        return area.isEmpty || role == .admin || AreaCode.anyCovers(actor.areas, [area])
    }
}

/// One side of a conflict.
package struct InboxSide: Sendable, Hashable {
    /// What the side did.
    package enum Deed: Sendable, Hashable {
        /// Wrote this encoded value.
        case value(Bytes)
        case claim
        /// Moved to this state.
        case step(UInt8)
        /// Changed these fields.
        case edit([Slot])
    }

    package let dot: Dot
    package let deed: Deed
    /// Whether the claim holds, the step moved, the value is the one shown.
    package var stands: Bool
    package var position: Position
    package var effective: HybridTime
    /// The device's own clock; `nil` where the change set is not at hand.
    package var deviceTime: HybridTime?
    /// When the ward received it, by the ward's clock; `nil` on a device, which knows only the effective time.
    package var serverTime: Int64?
    /// What the author had seen: the log up to here, and these change sets.
    package var seen: Position?
    package var seenDots: [Dot] = []
    /// How many steps, visits and notes hang on a claim.
    package var work = 0
}

/// An earlier decision.
package struct InboxDecision: Sendable, Hashable {
    package let dot: Dot
    package let effective: HybridTime
    /// The encoded value that was chosen; `nil` where nothing is chosen.
    package let chosen: Bytes?
    package let remark: InboxRemark?
    package let reason: String
}

/// Another report that may be about the same thing.
package struct InboxLikeness: Sendable, Hashable {
    package let document: Digest
    package let title: String
    package let category: String
    package let metres: Int
    /// When each was filed, in seconds since 1970.
    package let filed: Int64
    package let otherFiled: Int64

    package init(document: Digest, title: String, category: String, metres: Int, filed: Int64, otherFiled: Int64) {
        self.document = document
        self.title = title
        self.category = category
        self.metres = metres
        self.filed = filed
        self.otherFiled = otherFiled
    }
}

/// A change set that does not count.
package struct InboxPending: Sendable, Hashable {
    package let dot: Dot
    package let id: Digest
    package let code: RefusalCode
    package let isHeld: Bool
    package let deviceTime: HybridTime
    package let seen: Position
    /// What it names and the ward does not have: change sets, and perhaps the document.
    package var missing: [Dot] = []
    package var isDocumentMissing = false
    /// The areas that it is in: its document's, or where the ward does not have that, those that it names.
    package var areas: [String] = []

    /// Whether it was refused for what its author's grant does not reach, so that a wider one lets it be sent again.
    package var isBeyondGrant: Bool { !isHeld && (code == .outsideArea || code == .notPermitted) }

    package init(dot: Dot, id: Digest, code: RefusalCode, isHeld: Bool, deviceTime: HybridTime, seen: Position) {
        self.dot = dot
        self.id = id
        self.code = code
        self.isHeld = isHeld
        self.deviceTime = deviceTime
        self.seen = seen
    }
}

/// Where a chain was forked.
package struct InboxFork: Sendable, Hashable {
    /// The first number that stands for two change sets.
    package let sequence: UInt64
    /// The branch that the ward goes on with: the id at that number, and its newest number.
    package let main: Digest
    package let mainEnd: UInt64
    /// The ids of the other branch, by number.
    package let others: [Branch]

    package struct Branch: Sendable, Hashable {
        package let sequence: UInt64
        package let id: Digest
        package let deviceTime: HybridTime

        package init(sequence: UInt64, id: Digest, deviceTime: HybridTime) {
            self.sequence = sequence
            self.id = id
            self.deviceTime = deviceTime
        }
    }

    package init(sequence: UInt64, main: Digest, mainEnd: UInt64, others: [Branch]) {
        self.sequence = sequence
        self.main = main
        self.mainEnd = mainEnd
        self.others = others
    }
}

/// A file of which the ward lacks something; the device that added it is the item's.
package struct InboxFile: Sendable, Hashable {
    package let root: Digest
    package let length: Int
    /// The leaves of 4 KiB that the ward lacks: their number, and which. Only the ward knows; a device, which is told of
    /// whole files alone, has `nil` and none.
    package let missing: Int?
    package let runs: [Range<Int>]

    package init(root: Digest, length: Int, missing: Int?, runs: [Range<Int>]) {
        self.root = root
        self.length = length
        self.missing = missing
        self.runs = runs
    }
}

/// What the ward knows of a device from its syncs.
package struct DeviceContact: Sendable, Hashable {
    /// When it synced last, in seconds since 1970 by the ward's clock; 0 for never.
    package var seen: Int64 = 0
    /// Its clock minus the ward's then, in seconds.
    package var skew: Int64 = 0
    /// Since when its clock was wrong at every sync, by the ward's clock; `nil` while it is right.
    package var wrongSince: Int64?
    /// The newest change set that it said it has.
    package var chain: UInt64 = 0
    /// The newest one that the ward received.
    package var received: UInt64 = 0
    /// Unfinished tasks that it holds.
    package var heldTasks = 0

    package init() {}

    /// How many of its change sets the ward is known to lack.
    package var unsent: UInt64 { chain > received ? chain - received : 0 }

    /// Whether its clock was wrong at the last sync.
    package var isWrong: Bool { skew.magnitude > UInt64(Self.skewLimit) }

    /// A clock is wrong beyond this many seconds.
    package static let skewLimit: Int64 = 120
    /// A device of the team that was not seen for so long may be lost.
    package static let silentSeconds: Int64 = 14 * 86_400
}
