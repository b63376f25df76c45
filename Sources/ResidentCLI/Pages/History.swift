// The history of a document: who did what, when, on which device, and what happened side by side.

import CommandLineKit
import SyncKit

/// One line of a history.
struct HistoryLine {
    let stored: LogTables.Stored
    /// Effective time; of what waits, the device's own.
    let time: HybridTime
    let actions: [String]
    /// Whether another accepted change was made without either knowing of the other.
    let isParallel: Bool
}

/// Makes a document's history.
struct History {
    /// The most changes whose parallels are looked for.
    private static let mostCompared = 2000

    let view: DocumentView
    let values: ValueText
    private var terminal: Terminal { values.terminal }

    func lines() -> [HistoryLine] {
        let parallel = parallelDots()
        return view.history.map { stored in
            let isAccepted = stored.verdict == .accepted
            return HistoryLine(
                stored: stored, time: isAccepted ? stored.effective : stored.change.header.authorTime,
                actions: actions(stored.change), isParallel: parallel.contains(stored.change.dot))
        }
    }

    private func parallelDots() -> Set<Dot> {
        let accepted = view.history.filter { $0.verdict == .accepted }.prefix(Self.mostCompared)
        var parallel: Set<Dot> = []
        for (index, later) in accepted.enumerated() {
            let header = later.change.header
            for earlier in accepted.prefix(index).reversed() {
                if earlier.position <= header.seen.position { break }
                let dot = earlier.change.dot
                guard dot.device != header.device, !header.seenDots.contains(dot) else { continue }
                parallel.insert(dot)
                parallel.insert(later.change.dot)
            }
        }
        return parallel
    }

    /// What a change set did, in words.
    private func actions(_ change: ChangeSet) -> [String] {
        let kind = view.state.kind
        var texts: [String] = []
        var nextValue = 0
        for operation in change.operations ?? [] {
            var value: CBORValue?
            if operation.takesValue {
                value = change.values.flatMap { try? CBORValue(decoding: $0.value(nextValue)) }
                nextValue += 1
            }
            guard let spec = Schema.field(kind, operation.slot.field), spec.name != "code_hash" else { continue }
            texts.append(action(operation, value, spec, kind))
        }
        return texts
    }

    private func action(_ operation: Operation, _ value: CBORValue?, _ spec: FieldSpec, _ kind: DocumentKind) -> String
    {
        var label = terminal.word(FieldWord.message(spec))
        if let key = operation.slot.key { label += " \(key)" }
        func short(_ value: CBORValue?) -> String {
            let text = SafeText.line(values.text(value, spec, kind))
            return text.isEmpty ? terminal.say(.nothingShown) : DisplayWidth.truncating(text, to: 100)
        }
        switch operation {
        case .set where spec.disclosedTo != nil: return terminal.say(.didSeal, label)
        case .set, .append: return terminal.say(.did, label, short(value))
        case .add: return terminal.say(.didAdd, label, short(value))
        case .remove: return terminal.say(.didRemove, label, short(value))
        case .claim: return terminal.say(.didClaim)
        case .release(_, _, let successor): return terminal.say(successor == nil ? .didRelease : .didReleaseTo)
        case .transition(_, let to, _): return terminal.say(.didMove, terminal.word(StateWord.message(kind, to)))
        case .link(_, let target): return terminal.say(.didLink, ShortID.text(target))
        case .unlink: return terminal.say(.didUnlink)
        case .resolve:
            guard case .array(let parts)? = value, parts.count == 2 else { return terminal.say(.didResolve, label, "") }
            let chosen = spec.merge == .register ? short(parts[0]) + " — " : ""
            return terminal.say(.didResolve, label, chosen + (parts[1].string ?? ""))
        }
    }
}
