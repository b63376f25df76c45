// The one function that says who may do what. Default: nobody.

/// Who acts: what a device's grant says at the place in the ward log where the decision is made.
package struct Actor: Sendable, Hashable {
    package var device: DeviceID
    package var role: Role
    package var areas: [String]
    /// Whether it is the ward's console, which gives no order that needs a device.
    package var isConsole: Bool
    /// The same person's other devices: what they filed and claimed is this person's too.
    package var others: Set<DeviceID>

    package init(
        device: DeviceID, role: Role, areas: [String], isConsole: Bool = false, others: Set<DeviceID> = []
    ) {
        self.device = device
        self.role = role
        self.areas = areas
        self.isConsole = isConsole
        self.others = others
    }

    /// Whether a device is the same person's: the one question that authorship, claims and scope ask.
    package func isSamePerson(as other: DeviceID) -> Bool { other == device || others.contains(other) }
}

/// What is acted on, as far as permission depends on it.
package struct DocumentFacts: Sendable, Hashable {
    package var kind: DocumentKind
    /// The device that filed it.
    package var author: DeviceID
    /// The document's areas at the log prefix; for a creation those that it writes.
    package var areas: [String]
    /// Whether the change set that is decided creates it.
    package var isNew: Bool

    package init(kind: DocumentKind, author: DeviceID, areas: [String], isNew: Bool = false) {
        self.kind = kind
        self.author = author
        self.areas = areas
        self.isNew = isNew
    }
}

/// Permission: a pure function of who acts, on what, and which operation. The server decides with it; clients run
/// it to warn early.
package enum Permission {
    /// Why the actor may not create a document of this kind; `nil` if it may.
    package static func refusalToCreate(_ actor: Actor, _ facts: DocumentFacts) -> RefusalCode? {
        let roles: [Role]
        switch facts.kind {
        case .report, .lookup: roles = [.resident, .volunteer, .lead, .officer]
        case .task: roles = [.lead, .officer]
        case .place, .notice, .alert: roles = [.officer, .ward]
        case .follow, .rating: roles = [.resident, .volunteer, .lead, .officer]
        case .settings: roles = [.admin, .ward]
        case .order: roles = Role.allCases.filter { role in OrderAction.allCases.contains { $0.givers.contains(role) } }
        case .procedure, .area, .publication, .progress: roles = [.ward]
        }
        guard roles.contains(actor.role) else { return .notPermitted }
        if actor.role == .resident || actor.role == .ward || Schema.areaField(of: facts.kind) == nil { return nil }
        return AreaCode.anyCovers(actor.areas, facts.areas) ? nil : .outsideArea
    }

    /// Why the actor may not give an order that does this; `nil` if it may.
    package static func refusalToOrder(_ actor: Actor, _ action: OrderAction) -> RefusalCode? {
        if actor.isConsole, action.needsDevice { return .notPermitted }
        return action.givers.contains(actor.role) ? nil : .notPermitted
    }

    /// Why the actor may not perform an operation on a field; `nil` if it may.
    /// - Parameters:
    ///   - writers: who may write: the field's, or the workflow step's.
    ///   - claimant: for a release, the device whose claim it names.
    package static func refusal(
        _ actor: Actor, _ facts: DocumentFacts, _ operation: Operation, merge: MergeKind, writers: Writers,
        claimant: DeviceID? = nil
    ) -> RefusalCode? {
        let relation = relations(actor, facts)
        let allowed: Writers
        switch operation {
        // What an order says was carried out: nobody chooses it afterwards.
        case .resolve where facts.kind == .order: allowed = []
        case .resolve:
            var who = Writers.settlers
            if merge == .register, writers.contains(.author) { who.insert(.author) }
            if facts.kind == .task { who.insert(.lead) }
            allowed = who
        case .release(_, _, let successor):
            let own = claimant.map(actor.isSamePerson) ?? false && successor == nil
            let others: Writers = [.lead, .officer, .admin]
            allowed = own ? writers.union(.author).union(others) : others
        default: allowed = writers
        }
        if !relation.inside.isDisjoint(with: allowed) { return nil }
        return relation.outside.isDisjoint(with: allowed) ? .notPermitted : .outsideArea
    }

    /// Whether the actor sees the document at all: everybody's documents, its own, and those of its areas.
    package static func sees(_ actor: Actor, _ facts: DocumentFacts) -> Bool {
        if facts.kind.isWardWide || actor.isSamePerson(as: facts.author) { return true }
        return actor.role.readsItsAreas && AreaCode.anyCovers(actor.areas, facts.areas)
    }

    /// Whether the ward opens a private value of this field for the actor.
    package static func discloses(_ field: FieldSpec, to actor: Actor, _ facts: DocumentFacts) -> Bool {
        guard let readers = field.disclosedTo, readers.contains(actor.role) else { return false }
        return sees(actor, facts)
    }

    /// What the actor is to the document, and what it would be if the document were in its areas.
    private static func relations(_ actor: Actor, _ facts: DocumentFacts) -> (inside: Writers, outside: Writers) {
        var inside: Writers = []
        var outside: Writers = []
        if actor.isSamePerson(as: facts.author), actor.role != .auditor {
            inside.insert(.author)
            if facts.isNew { inside.insert(.creation) }
        }
        let byArea: Writers
        switch actor.role {
        case .volunteer: byArea = .volunteer
        case .lead: byArea = .lead
        case .officer: byArea = .officer
        case .admin:
            inside.insert(.admin)
            return (inside, outside)
        case .ward:
            inside.insert(.ward)
            return (inside, outside)
        case .resident, .auditor: return (inside, outside)
        }
        if facts.kind.isWardWide || AreaCode.anyCovers(actor.areas, facts.areas) {
            inside.formUnion(byArea)
        } else {
            outside = byArea
        }
        return (inside, outside)
    }
}
