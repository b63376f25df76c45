// Who may do what to a document that is there, by the tables of the document alone.

import SyncKit

extension ExpectedWard {
    /// Whether every part of a deed is allowed where the document stands now.
    func mayDo(_ deed: Deed, _ person: Person, _ document: ExpectedDocument) -> Bool {
        let who = relations(person, document)
        return deed.parts.allSatisfy { part in
            switch part {
            case .decide: return !who.isDisjoint(with: ["officer", "admin"])
            case .set(let slot, _, _, _), .append(let slot), .element(let slot):
                return may(who, slot.field, document)
            case .settle: return !who.isDisjoint(with: settlers(document))
            case .claim: return may(who, TaskField.claimant, document)
            case .release(let claim, let successor):
                guard document.claims.contains(claim), successor.map(document.claims.contains) ?? true else {
                    return false
                }
                if !who.isDisjoint(with: ["lead", "officer", "admin"]) { return true }
                let isOwn = claim.device == person.replica.device && successor == nil
                return isOwn && (may(who, TaskField.claimant, document) || who.contains("author"))
            case .step(let to, let follows): return mayStep(who, to, follows, person, document)
            case .link(let target): return may(who, ReportField.duplicateOf, document) && self.document(target) != nil
            case .unlink: return may(who, ReportField.duplicateOf, document)
            }
        }
    }

    private func mayStep(
        _ who: Set<String>, _ to: UInt8, _ follows: StepName, _ person: Person, _ document: ExpectedDocument
    ) -> Bool {
        guard let from = document.step(follows),
            let writers = rules.writers(document.kind.name, from: from.to, to: to), !writers.isDisjoint(with: who)
        else { return false }
        // A result is rated once.
        if document.kind == .report, to == 8, document.hasTaken(8, since: 6) { return false }
        // A volunteer does a task with a claim of its own, even a lost one.
        if document.kind == .task, to == 2 || to == 3, person.role == .volunteer {
            return document.claims.contains { $0.device == person.replica.device }
        }
        return true
    }

    private func may(_ who: Set<String>, _ field: UInt8, _ document: ExpectedDocument) -> Bool {
        guard let field = rules.field(document.kind.name, field) else { return false }
        return !field.writers.isDisjoint(with: who)
    }

    /// Who settles a conflict.
    private func settlers(_ document: ExpectedDocument) -> Set<String> {
        document.kind == .task ? ["officer", "admin", "lead"] : ["officer", "admin"]
    }

    /// What a person is to a document, in the words of the tables.
    private func relations(_ person: Person, _ document: ExpectedDocument) -> Set<String> {
        var who: Set<String> = []
        if document.creator == person.number, person.role != .auditor { who.insert("author") }
        switch person.role {
        case .volunteer, .lead, .officer:
            let isInside = document.areas.contains { DomainRules.covers(person.areas, $0) }
            if isEverywhere(document.kind) || isInside { who.insert(person.role.name) }
        case .admin: who.insert("admin")
        case .resident, .auditor, .ward: break
        }
        return who
    }

    // MARK: Scope

    /// Whether a device is to hold a document, by where it stands now.
    func isInScope(_ document: ExpectedDocument, _ person: Person) -> Bool {
        if person.revokedAfter != nil { return false }
        if isEverywhere(document.kind) || document.creator == person.number { return true }
        switch person.role {
        case .resident, .ward: return false
        case .admin, .auditor: return document.areas.contains { DomainRules.covers([Week.area], $0) }
        case .volunteer, .lead, .officer:
            return document.areas.contains { DomainRules.covers(person.areas, $0) }
        }
    }

    /// The ward answers a device: what is in its scope now, it may have from here on.
    func show(_ person: Person) {
        while person.looked < appearances.count {
            let document = documents[appearances[person.looked]]
            person.looked += 1
            if isInScope(document, person) { person.shown[document.index, default: []].insert(person.role.name) }
        }
    }

    /// Notes what everybody is to hold at the end.
    func settle(_ people: [Person]) {
        for person in people {
            person.holds = Set(documents.filter { isInScope($0, person) }.map(\.index))
        }
    }

    /// Who may ever have read a word: its writers, and whoever was shown a document with it in a fitting role.
    func mayHaveRead(_ canary: Canary, _ person: Person) -> Bool {
        if canary.writers.contains(person.number) || isTold(canary, person) { return true }
        return canary.documents.contains { index in
            person.shown[index]?.contains { canary.isRead(by: $0) } ?? false
        }
    }

    /// Who is told what the ward holds and refuses: admins, auditors, and officers of the whole ward. What is sealed
    /// stays sealed.
    func isTold(_ canary: Canary, _ person: Person) -> Bool {
        guard case .open = canary.place, canary.documents.isEmpty else { return false }
        switch person.role {
        case .admin, .auditor: return true
        case .officer: return person.areas.contains("06685")
        default: return false
        }
    }

    /// Who must be able to read a word at the end: whoever holds a document with it in a fitting role.
    func reads(_ canary: Canary, _ person: Person) -> Bool {
        canary.isRead(by: person.role.name) && !canary.documents.isDisjoint(with: person.holds)
    }
}
