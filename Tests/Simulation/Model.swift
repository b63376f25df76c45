// What the simulator itself knows of the ward: who was granted what, and what each person wrote and had seen.

import SyncKit

/// A field of a document.
struct Place: Hashable {
    let document: Digest
    let slot: Slot
}

/// What one operation meant, in the words of the model.
enum Deed {
    /// A register's value; `knows`: the values that its author had seen in its place.
    case write(Slot, Bytes, knows: Set<Dot>)
    case add(Slot, Bytes)
    case remove(Slot, Bytes, knows: Set<Dot>)
    case append(Slot, Bytes)
    case claim(Slot)
    case release(Slot, claim: Dot, successor: Dot?)
    case link(Slot, Digest)
    case unlink(Slot, Dot)
    case transition(to: UInt8, follows: Dot)
    case other

    /// The same once its value was erased.
    var erased: Deed {
        switch self {
        case .write(let slot, _, let knows): .write(slot, [], knows: knows)
        case .append(let slot, _): .append(slot, [])
        default: self
        }
    }
}

/// A change set as its author meant it.
struct Act {
    let id: Digest
    let document: Digest
    let kind: DocumentKind
    let creates: Bool
    /// The time by the author's clock.
    let authored: HybridTime
    /// The log as its author had applied it.
    let seen: Position
    /// Whether its author read the document from a state, which proves nothing of what stands in it.
    var isUponState = false
    /// What it names as seen beside that.
    var listed: [Dot] = []
    let deeds: [Deed]
    let privates: [(slot: Slot, value: String)]
}

/// How a change set was decided, and where it stands in the order.
struct Told: Hashable {
    let place: Position
    let effective: HybridTime
    let outcomes: [Outcome]
}

/// A device's grant as the admin gave it.
struct ModelGrant {
    var role: Role
    var areas: [String]
    var validUntil: Int64 = 0
    var revokedAfter: UInt64?
    /// By the log: when the grant began, by the ward's clock.
    var since: Int64 = 0
    var wasRevoked = false
    var couldExpire = false
    var roles: Set<Role> = []
}

/// The simulator's own books. Nothing in here asks the code under test.
struct Model {
    var grants: [DeviceID: ModelGrant] = [:]
    /// Everything that a device reported as saved.
    var acts: [Dot: Act] = [:]
    /// What a device was told to be accepted.
    var acknowledged: [Dot: Digest] = [:]
    /// What its author was told of how it was decided; where it was told several things, what stands first in the order.
    var told: [Dot: Told] = [:]
    /// What the people at a device have seen or written at a place, as far as they wrote there.
    private var known: [DeviceID: [Memory: Set<Dot>]] = [:]
    /// What the people at a device have seen in a state, and the epoch of the log of that.
    private(set) var knownByState: [DeviceID: [Dot: UInt64]] = [:]

    /// What is remembered at a place: a register, or one element of a set.
    private struct Memory: Hashable {
        let document: Digest
        let slot: Slot
        let element: Bytes
    }

    /// Notes a saved change set.
    mutating func save(_ dot: Dot, _ act: Act) {
        acts[dot] = act
        for deed in act.deeds {
            switch deed {
            case .write(let slot, _, let knows): remember(dot, act.document, slot, [], knows)
            case .remove(let slot, let value, let knows): remember(dot, act.document, slot, value, knows)
            case .add(let slot, let value): remember(dot, act.document, slot, value, [])
            default: continue
            }
        }
    }

    private mutating func remember(_ dot: Dot, _ document: Digest, _ slot: Slot, _ element: Bytes, _ knows: Set<Dot>) {
        let memory = Memory(document: document, slot: slot, element: element)
        known[dot.device, default: [:]][memory, default: []].formUnion(knows.union([dot]))
        guard let act = acts[dot], act.isUponState else { return }
        for known in knows.subtracting(act.listed) {
            knownByState[dot.device, default: [:]][known] = act.seen.epoch
        }
    }

    /// What a device's people know at a place, beside what they see now.
    /// - Parameter element: which one of a set; empty for a register.
    func known(_ device: DeviceID, _ document: Digest, _ slot: Slot, element: Bytes = []) -> Set<Dot> {
        known[device]?[Memory(document: document, slot: slot, element: element)] ?? []
    }

    mutating func grant(_ device: DeviceID, role: Role, areas: [String], validUntil: Int64 = 0) {
        var grant = grants[device] ?? ModelGrant(role: role, areas: areas)
        grant.role = role
        grant.areas = areas
        grant.validUntil = validUntil
        grant.revokedAfter = nil
        grant.roles.insert(role)
        if validUntil != 0 { grant.couldExpire = true }
        grants[device] = grant
    }

    mutating func revoke(_ device: DeviceID, after sequence: UInt64) {
        grants[device]?.revokedAfter = sequence
        grants[device]?.wasRevoked = true
    }
}
