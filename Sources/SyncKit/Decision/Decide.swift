// The decision: permission, fit and outcome of every operation against the log prefix. Made once, by the server.

/// Decides change sets. Pure: the same change set, state and actor give the same verdict.
package struct Decider {
    /// The change set; its signature and chain were checked before.
    package let change: ChangeSet
    package let kind: DocumentKind
    package let operations: [Operation]
    package let actor: Actor
    /// The document at the log prefix; `nil` for a creation.
    package let state: DocumentState?
    private let isNew: Bool
    /// The device that filed the document.
    package let facts: DocumentFacts

    /// - Returns: `nil` where this version does not know the kind or an operation: to be held as newer.
    /// - Parameters:
    ///   - areas: the document's areas at the log prefix, where the caller knows them already.
    ///   - standing: areas together with the units that stand in the place of merged ones.
    package init?(
        _ change: ChangeSet, actor: Actor, state: DocumentState?, areas known: [String]? = nil,
        standing: ([String]) -> [String] = { $0 }
    ) {
        guard let kind = UInt8(exactly: change.header.kind).flatMap(DocumentKind.init(rawValue:)),
            let operations = change.operations, change.header.schemaVersion <= Schema.version
        else { return nil }
        self.change = change
        self.kind = kind
        self.operations = operations
        self.actor = actor
        self.state = state
        let areas: [String]
        if case .none = state {
            isNew = true
            areas = Self.writtenAreas(kind, operations, change.values)
        } else {
            isNew = false
            areas = known ?? state?.areas ?? []
        }
        facts = DocumentFacts(
            kind: kind, author: state?.creation.device ?? change.header.device, areas: standing(areas), isNew: isNew)
    }

    /// Decides every operation; the first that may not be makes the whole change set not count.
    /// - Parameter linkTarget: what a document is linked to at the log prefix, to find circles; the second value is
    ///   false for a document that the ward does not have.
    package func decide(linkTarget: (Digest) -> (target: Digest?, exists: Bool)) -> Verdict {
        if !isNew, state?.kind != kind { return .refuse(.wrongOperation) }
        if isNew, let code = Permission.refusalToCreate(actor, facts) { return Verdict(code) }
        var outcomes: [Outcome] = []
        var sealed = SealedTally()
        var nextValue = 0
        for (number, operation) in operations.enumerated() {
            guard let spec = Schema.field(kind, operation.slot.field) else { return .hold(.newerSchema) }
            var value: Bytes?
            if operation.takesValue {
                value = change.values?.value(nextValue)
                nextValue += 1
            }
            if let code = refusal(of: operation, value, spec) { return Verdict(code) }
            if spec.type == .sealed, case .set(let slot) = operation, let value, !sealed.take(slot, value) {
                return .refuse(.wrongValue)
            }
            if operation.isPlainWrite { continue }
            switch outcome(of: operation, spec, linkTarget: linkTarget) {
            case .success(.none): continue
            case .success(let outcome):
                while outcomes.count < number { outcomes.append(.none) }
                outcomes.append(outcome)
            case .failure(let refusal): return Verdict(refusal.code)
            }
        }
        while !outcomes.isEmpty, outcomes.count < operations.count { outcomes.append(.none) }
        if isNew, kind == .order, let code = refusalOfOrder() { return Verdict(code) }
        return .accept(outcomes)
    }

    struct Refusal: Error {
        let code: RefusalCode
    }

    private func refusal(of operation: Operation, _ value: Bytes?, _ spec: FieldSpec) -> RefusalCode? {
        guard spec.isKeyed == (operation.slot.key != nil) else { return .wrongOperation }
        if let merge = operation.mergeKind, merge != spec.merge { return .wrongOperation }
        var writers = spec.writers
        var claimant: DeviceID?
        switch operation {
        case .transition(_, let to, let follows):
            guard let state, let from = stateAfter(follows, in: state) else {
                return state == nil ? .wrongOperation : .missingReference
            }
            guard let step = WorkflowRules.step(kind, from: from, to: to) else { return .stepNotAllowed }
            writers = step.writers
        case .release(_, let claim, _):
            claimant = claim.device
        case .resolve:
            guard [.register, .claim, .workflow].contains(spec.merge) else { return .wrongOperation }
            guard let value, resolutionFits(value, spec) else { return .wrongValue }
        default:
            if let value, !spec.type.fits(value) { return .wrongValue }
            if let value, spec.merge != .register, CBORReader(value).isNull() { return .wrongValue }
            if value == nil, operation.takesValue { return .wrongValue }
        }
        return Permission.refusal(
            actor, facts, operation, merge: spec.merge, writers: writers, claimant: claimant)
    }

    private func resolutionFits(_ value: Bytes, _ spec: FieldSpec) -> Bool {
        let parts = ResolutionValue(decoding: value)
        guard ValueType.text(max: 4096).fits(parts.reason), !parts.reason.isEmpty,
            !CBORReader(parts.reason).isNull()
        else { return false }
        return spec.merge == .register ? spec.type.fits(parts.chosen) : parts.chosen.count <= 4096
    }

    /// The state that a transition (or the creation) moved to, as an author may follow it.
    private func stateAfter(_ dot: Dot, in state: DocumentState) -> UInt8? {
        if dot == state.creation { return WorkflowRules.initial(kind) }
        return state.entries(Schema.stateField).first { $0.dot == dot && $0.action == .transition }?.state
    }

    /// The areas that a creation writes.
    private static func writtenAreas(_ kind: DocumentKind, _ operations: [Operation], _ values: ChangeValues?)
        -> [String]
    {
        guard let field = Schema.areaField(of: kind) else { return [] }
        var nextValue = 0
        for operation in operations where operation.takesValue {
            if case .set(let slot) = operation, slot == Slot(field: field), let value = values?.value(nextValue),
                case .text(let area)? = try? CBORValue(decoding: value)
            {
                return [area]
            }
            nextValue += 1
        }
        return []
    }
}
