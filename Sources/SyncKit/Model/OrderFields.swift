// Orders: what somebody of the ward decided about devices and about what was held, as a document like others.

/// What an order does. The raw value is the code in its `action`.
package enum OrderAction: String, CaseIterable, Sendable, Hashable {
    /// A device counts no more: what it sends above the cut is held.
    case revoke
    /// A device has another role, other areas or another end.
    case grant
    /// A grant ends later; what was held because it had run out is decided again.
    case extend
    /// A held change set counts.
    case release
    /// A held change set does not count, for good.
    case decline
    /// The values of a change set are erased everywhere.
    case erase
    /// A device takes the place of another one.
    case succeed

    /// Whether it names one change set.
    package var namesChange: Bool {
        switch self {
        case .release, .decline, .erase: true
        case .revoke, .grant, .extend, .succeed: false
        }
    }

    /// Whether it lets a device or a change set count for more than before.
    package var givesAnything: Bool {
        switch self {
        case .grant, .extend, .release, .succeed: true
        case .revoke, .decline, .erase: false
        }
    }

    /// Whether it says what a device may do from then on. Of two on one device the later one stands.
    package var setsGrant: Bool {
        switch self {
        case .revoke, .grant, .extend, .succeed: true
        case .release, .decline, .erase: false
        }
    }

    /// Whether a person's device has to sign it, and not the ward's console: it says who may do what, or cannot be taken
    /// back.
    package var needsDevice: Bool {
        switch self {
        case .release, .decline: false
        case .revoke, .grant, .extend, .erase, .succeed: true
        }
    }

    /// The roles that may give it (`docs/data-model.md`, "Orders").
    package var givers: [Role] {
        switch self {
        case .release, .decline: [.officer, .admin, .ward]
        case .succeed: [.lead, .admin, .ward]
        case .revoke, .grant, .extend, .erase: [.admin, .ward]
        }
    }
}

/// What the ward made of an order. The raw value is the code in its `status`; an order without one waits.
package enum OrderStatus: String, CaseIterable, Sendable, Hashable {
    case done
    case refused
}

/// The numbers of an order's fields.
package enum OrderField {
    package static let action: UInt8 = 1
    package static let device: UInt8 = 2
    package static let sequence: UInt8 = 3
    package static let id: UInt8 = 4
    package static let role: UInt8 = 5
    package static let areas: UInt8 = 6
    package static let cut: UInt8 = 7
    package static let until: UInt8 = 8
    package static let reason: UInt8 = 9
    package static let name: UInt8 = 10
    package static let successor: UInt8 = 11
    package static let sealingKey: UInt8 = 12
    package static let status: UInt8 = 13
    package static let why: UInt8 = 14
    package static let entry: UInt8 = 15
}

extension Schema {
    static let orderFields: [FieldSpec] = [
        FieldSpec(OrderField.action, "action", .code, writers: .creation),
        FieldSpec(OrderField.device, "device", .bytes(max: 32), writers: .creation),
        FieldSpec(OrderField.sequence, "sequence", .integer, writers: .creation),
        FieldSpec(OrderField.id, "id", .bytes(max: 32), writers: .creation),
        FieldSpec(OrderField.role, "role", .code, writers: .creation),
        FieldSpec(OrderField.areas, "areas", .area, .set, writers: .creation),
        FieldSpec(OrderField.cut, "cut", .integer, writers: .creation),
        FieldSpec(OrderField.until, "until", .time, writers: .creation),
        FieldSpec(OrderField.reason, "reason", .text(max: 4000), writers: .creation),
        FieldSpec(OrderField.name, "name", .text(max: 120), writers: .creation),
        FieldSpec(OrderField.successor, "successor", .bytes(max: 32), writers: .creation),
        FieldSpec(OrderField.sealingKey, "sealing_key", .bytes(max: 32), writers: .creation),
        FieldSpec(OrderField.status, "status", .code, writers: .ward),
        FieldSpec(OrderField.why, "why", .code, writers: .ward),
        FieldSpec(OrderField.entry, "entry", .integer, writers: .ward),
    ]
}
