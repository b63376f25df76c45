// What a change set did to a document, in words: histories in the terminal and on web pages.

import CommandLineKit
import SyncKit

/// Sentences of a history.
package enum ActionWord: MessageTable {
    case did, claimed, released, releasedTo, moved, linked, unlinked, added, removed, resolved, sealed

    package var message: Message {
        switch self {
        case .did: m("{0}: {1}", "{0}: {1}")
        case .claimed: m("nhận việc", "claimed it")
        case .released: m("trả lại", "released it")
        case .releasedTo: m("giao lại cho người khác", "gave it to another")
        case .moved: m("chuyển sang «{0}»", "moved it to “{0}”")
        case .linked: m("liên kết với {0}", "linked it to {0}")
        case .unlinked: m("bỏ liên kết", "took the link away")
        case .added: m("thêm {0}: {1}", "added {0}: {1}")
        case .removed: m("bỏ {0}: {1}", "removed {0}: {1}")
        case .resolved: m("giải quyết xung đột «{0}»: {1}", "resolved the conflict on “{0}”: {1}")
        case .sealed: m("{0}: (riêng tư)", "{0}: (private)")
        }
    }
}

extension ValueWords {
    /// How many columns of a value stand in a line of a history.
    private static let shortColumns = 100

    package func say(_ word: ActionWord, _ arguments: String...) -> String {
        language.text(Phrase(word.message, arguments))
    }

    /// What a change set did, one text for each operation that says something to people.
    package func actions(_ change: ChangeSet, _ kind: DocumentKind) -> [String] {
        var texts: [String] = []
        var nextValue = 0
        for operation in change.operations ?? [] {
            var value: CBORValue?
            if operation.takesValue {
                value = change.values.flatMap { try? CBORValue(decoding: $0.value(nextValue)) }
                nextValue += 1
            }
            guard let spec = Schema.field(kind, operation.slot.field), spec.name != "code_hash",
                !Schema.isFileKeys(spec.code, of: kind)
            else { continue }
            texts.append(action(operation, value, spec, kind))
        }
        return texts
    }

    private func action(_ operation: Operation, _ value: CBORValue?, _ spec: FieldSpec, _ kind: DocumentKind) -> String
    {
        var label = word(FieldWord.message(spec))
        if let key = operation.slot.key { label += " \(key)" }
        func short(_ value: CBORValue?) -> String {
            let text = SafeText.line(self.text(value, spec, kind))
            return text.isEmpty
                ? word(ValueWord.empty.message) : DisplayWidth.truncating(text, to: Self.shortColumns)
        }
        switch operation {
        case .set where spec.disclosedTo != nil: return say(.sealed, label)
        case .set, .append: return say(.did, label, short(value))
        case .add: return say(.added, label, short(value))
        case .remove: return say(.removed, label, short(value))
        case .claim: return say(.claimed)
        case .release(_, _, let successor): return say(successor == nil ? .released : .releasedTo)
        case .transition(_, let to, _): return say(.moved, word(StateWord.message(kind, to)))
        case .link(_, let target): return say(.linked, ShortID.text(target))
        case .unlink: return say(.unlinked)
        case .resolve:
            guard case .array(let parts)? = value, parts.count == 2 else { return say(.resolved, label, "") }
            if spec.merge == .workflow, let remark = InboxRemark(parts[0].encoded) {
                return say(.did, language.text(remark.word.phrase), parts[1].string ?? "")
            }
            let chosen = spec.merge == .register ? short(parts[0]) + " — " : ""
            return say(.resolved, label, chosen + (parts[1].string ?? ""))
        }
    }
}
