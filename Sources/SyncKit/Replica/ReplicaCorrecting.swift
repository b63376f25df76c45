// Correcting what the ward refused: the same action with other values, sent in place of the first.

/// An own change set that the ward refused and that was not sent again yet.
package struct RefusedChange {
    package let change: ChangeSet
    package let kind: DocumentKind
    package let code: RefusalCode
    /// What it did, each operation with its encoded value; private values are in `privates`.
    package let operations: [(operation: Operation, value: Bytes?)]
    /// The plain values that it sealed, as this device kept them.
    package let privates: [(slot: Slot, value: String)]

    package var sequence: UInt64 { change.header.sequence }
}

extension LocalDocuments {
    /// A device's change sets that the ward refused and that can be corrected, the oldest first.
    /// - Parameter document: only those on this document.
    package func refused(of device: DeviceID, on document: Digest? = nil) throws(ReplicaError) -> [RefusedChange] {
        var found: [RefusedChange] = []
        for problem in try problems(of: device) {
            guard problem.stored.verdict == .refused, let code = problem.stored.code, let kind = problem.kind,
                document == nil || problem.document == document
            else { continue }
            let change = problem.stored.change
            var operations: [(operation: Operation, value: Bytes?)] = []
            var privates: [(slot: Slot, value: String)] = []
            var nextValue = 0
            for operation in change.operations ?? [] {
                let value = operation.takesValue ? change.values?.value(nextValue) : nil
                if operation.takesValue { nextValue += 1 }
                guard Schema.field(kind, operation.slot.field)?.disclosedTo == nil else {
                    if let plain = try disclosed(change.dot, operation.slot) {
                        privates.append((operation.slot, plain))
                    }
                    continue
                }
                operations.append((operation, value))
            }
            found.append(
                RefusedChange(change: change, kind: kind, code: code, operations: operations, privates: privates))
        }
        return found
    }
}

extension RefusedChange {
    /// The action again, to be sent in place of the refused one.
    /// - Parameters:
    ///   - values: other values for registers, and more of them.
    ///   - secrets: other plain values for private fields, and more of them.
    ///   - step: another state to move to.
    ///   - present: the step that the document stands at now, which a transition follows.
    package func corrected(
        values: [UInt8: CBORValue], secrets: [UInt8: String], step: UInt8? = nil, after present: Dot?
    ) -> (draft: ChangeSetDraft, privates: [(slot: Slot, value: String)]) {
        var draft = ChangeSetDraft(kind: kind, document: change.document)
        draft.reissues = change.id
        var rest = values
        var step = step
        for (operation, value) in operations {
            switch operation {
            case .set(let slot) where slot.key == nil && rest[slot.field] != nil:
                if let value = rest.removeValue(forKey: slot.field) { draft.perform(operation, value) }
            case .transition(let slot, let to, let follows):
                draft.perform(.transition(slot, to: step ?? to, follows: present ?? follows))
                step = nil
            default:
                guard operation.takesValue else {
                    draft.perform(operation)
                    continue
                }
                if let value = value.flatMap({ try? CBORValue(decoding: $0) }) { draft.perform(operation, value) }
            }
        }
        for field in rest.keys.sorted() {
            if let value = rest[field] { draft.perform(.set(Slot(field: field)), value) }
        }
        if let step, let present {
            draft.perform(.transition(Slot(field: Schema.stateField), to: step, follows: present))
        }
        var again: [(slot: Slot, value: String)] = privates.filter { secrets[$0.slot.field] == nil }
        again += secrets.keys.sorted().map { (Slot(field: $0), secrets[$0] ?? "") }
        return (draft, again)
    }
}
