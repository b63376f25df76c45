// What is said of a document in the inbox without changing it: looked at, not the same, asked.

/// A remark is a resolution of the workflow's slot that settles no step: it names the document's creation, its value is
/// `[remark, reason]`, and the remark is an array that begins with a kind of the inbox (`docs/data-model.md`, "Inbox").
/// So it is signed, merges like every resolution, reaches everybody who has the document, and needs no field of its own.
package enum InboxRemark: Hashable, Sendable {
    /// The edits side by side that the author had seen were looked at.
    case looked
    /// The report is not about the same thing as this one.
    case notTheSame(Digest)
    /// The report is about the same thing as this one, to which it is linked in the same change set.
    case sameAs(Digest)
    /// Somebody is asked about a slot's conflict; the reason is the question.
    case asked(Slot)
    /// The document stays with the area code that it has.
    case areaStays(String)

    private static let question: UInt64 = 32
    private static let same: UInt64 = 33

    /// The value that a resolution chooses.
    package var value: CBORValue {
        switch self {
        case .looked: .array([.unsigned(UInt64(InboxKind.parallel.rawValue))])
        case .notTheSame(let other):
            .array([.unsigned(UInt64(InboxKind.duplicates.rawValue)), .bytes(other.bytes)])
        case .sameAs(let other): .array([.unsigned(Self.same), .bytes(other.bytes)])
        case .asked(let slot): .array([.unsigned(Self.question), .unsigned(slot.rawValue)])
        case .areaStays(let area): .array([.unsigned(UInt64(InboxKind.merged.rawValue)), .text(area)])
        }
    }

    /// Reads what a resolution chose; `nil` for anything else, of which there may be more in later versions.
    package init?(_ chosen: Bytes) {
        guard case .array(let parts)? = try? CBORValue(decoding: chosen), case .unsigned(let number)? = parts.first
        else { return nil }
        switch (number, parts.count > 1 ? parts[1] : nil) {
        case (UInt64(InboxKind.parallel.rawValue), nil): self = .looked
        case (UInt64(InboxKind.duplicates.rawValue), .bytes(let bytes)?):
            guard let other = Digest(bytes) else { return nil }
            self = .notTheSame(other)
        case (Self.same, .bytes(let bytes)?):
            guard let other = Digest(bytes) else { return nil }
            self = .sameAs(other)
        case (Self.question, .unsigned(let slot)?): self = .asked(Slot(rawValue: slot))
        case (UInt64(InboxKind.merged.rawValue), .text(let area)?): self = .areaStays(area)
        default: return nil
        }
    }

    /// What says it of a document; `nil` for a document without a workflow.
    package func draft(on state: DocumentState, reason: String) -> ChangeSetDraft? {
        guard Schema.field(state.kind, Schema.stateField)?.merge == .workflow else { return nil }
        var draft = ChangeSetDraft(kind: state.kind, document: state.id)
        draft.perform(
            .resolve(Slot(field: Schema.stateField), settled: [state.creation]), .array([value, .text(reason)]))
        return draft
    }
}

extension DocumentState {
    /// The remarks on the document, in the order of the log.
    package var remarks: [(entry: Entry, remark: InboxRemark, reason: String)] {
        entries(Schema.stateField).compactMap { entry in
            guard entry.action == .resolution, let remark = InboxRemark(entry.value) else { return nil }
            return (entry, remark, (try? CBORValue(decoding: entry.note))?.string ?? "")
        }
    }
}
