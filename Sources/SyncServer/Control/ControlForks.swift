// Copied stores, as an operator sees them: both branches side by side, who goes on as whom, and what is left over.
import SyncKit

extension ControlTable {
    /// The most characters of a value in a list of what a change set says.
    private static let longestValue = 400

    func forks(_ digits: String?) throws(ControlFailure) -> CBORValue {
        var one: DeviceID?
        if let digits { one = try device(digits) }
        let asked = one
        let found = try inCore { core throws(StoreError) in
            let waiting = try core.waitingSuccessions()
            return (
                devices: try core.forked(asked).map { Self.value($0, withContent: asked != nil) },
                waiting: waiting.filter { asked == nil || $0.statement.old == asked || $0.statement.new == asked }
                    .map(Self.value)
            )
        }
        return .object([
            "devices": .array(Array(found.devices.prefix(Self.longestList))),
            "waiting": .array(Array(found.waiting.prefix(Self.longestList))), "total": .count(found.devices.count),
        ])
    }

    func forkProof(_ digits: String) throws(ControlFailure) -> CBORValue {
        let device = try device(digits)
        let text: String
        do { text = try home.readDescriptor().text } catch { throw ControlFailure(.unavailable) }
        guard let descriptor = WardDescriptor.decodeText(text) else { throw ControlFailure(.unavailable) }
        let proof = try inCore { core throws(StoreError) in
            try core.forkProof(of: device, descriptor: descriptor)
        }
        guard let proof else { throw ControlFailure(.noFork) }
        return .object([
            "device": .text(device.description), "text": .text(ProofFile.fork(proof).text),
        ])
    }

    func confirmSuccession(_ digits: String, _ reason: String?) throws(ControlFailure) -> CBORValue {
        let waiting = try inCore { core throws(StoreError) in try core.waitingSuccessions() }
        let fitting = waiting.filter { $0.statement.new.description.hasPrefix(digits.lowercased()) }
        guard let first = fitting.first else { throw ControlFailure(.notWaiting, digits) }
        guard fitting.count == 1 else { throw ControlFailure(.deviceAmbiguous, digits) }
        let new = first.statement.new
        let why = reason ?? Self.operatorsReason
        let given = try inCore { core throws(StoreError) in try core.confirmSuccession(of: new, reason: why) }
        guard let given else { throw ControlFailure(.notWaiting, digits) }
        guard given.status == .done else { throw ControlFailure(.notReleasable, given.why ?? "") }
        return .object([
            "device": .text(new.description), "succeeds": .text(first.statement.old.description),
            "name": .text(first.grant?.name ?? ""),
        ])
    }

    private static func value(_ item: WaitingSuccession) -> CBORValue {
        .object([
            "device": .text(item.statement.new.description), "succeeds": .text(item.statement.old.description),
            "role": .optional(item.grant?.role.name), "name": .optional(item.grant?.name),
            "received": .text(LocalTime(seconds: item.received).iso8601), "was_revoked": .bool(item.wasRevoked),
        ])
    }

    private static func value(_ item: ForkedDevice, withContent: Bool) -> CBORValue {
        let branch = item.branch.map { change in
            value(
                change.change, withContent: withContent, replacedBy: change.replacedBy,
                verdict: change.isDeclined ? "declined" : nil)
        }
        let chain = item.chain.map { stored in
            value(stored.change, withContent: withContent, replacedBy: nil, verdict: "\(stored.verdict)")
        }
        return .object([
            "device": .text(item.device.description),
            "successors": .array(item.successors.map { .text($0.description) }),
            "left": .count(item.branch.count(where: \.isLeft)), "branch": .array(branch),
            "chain": .array(chain),
        ])
    }

    private static func value(
        _ change: ChangeSet, withContent: Bool, replacedBy: Dot?, verdict: String?
    ) -> CBORValue {
        let header = change.header
        let kind = UInt8(exactly: header.kind).flatMap(DocumentKind.init(rawValue:))
        return .object([
            "sequence": .unsigned(header.sequence), "id": .text(change.id.hex),
            "kind": .text(kind?.name ?? "unknown"), "document": .text(ShortID.text(change.document)),
            "written": .text(LocalTime(header.authorTime).iso8601), "verdict": .optional(verdict),
            "replaced_by": .optional(replacedBy.map { "\($0.device):\($0.sequence)" }),
            "says": withContent ? .array(says(change, kind)) : .null,
        ])
    }

    /// What a change set does, for somebody who enters it again; private values stay sealed.
    private static func says(_ change: ChangeSet, _ kind: DocumentKind?) -> [CBORValue] {
        var lines: [CBORValue] = []
        var next = 0
        for operation in change.operations ?? [] {
            let bytes = operation.takesValue ? change.values?.value(next) : nil
            if operation.takesValue { next += 1 }
            let spec = kind.flatMap { Schema.field($0, operation.slot.field) }
            lines.append(
                .object([
                    "operation": .text(word(operation)), "field": .text(spec?.name ?? "\(operation.slot.field)"),
                    "value": .optional(text(operation, bytes, isPrivate: spec?.disclosedTo != nil)),
                ]))
        }
        return lines
    }

    private static func word(_ operation: Operation) -> String {
        switch operation {
        case .set: "set"
        case .add: "add"
        case .remove: "remove"
        case .append: "append"
        case .claim: "claim"
        case .release: "release"
        case .transition: "step"
        case .link: "link"
        case .unlink: "unlink"
        case .resolve: "resolve"
        }
    }

    private static func text(_ operation: Operation, _ bytes: Bytes?, isPrivate: Bool) -> String? {
        switch operation {
        case .transition(_, let to, _): return String(to)
        case .link(_, let target): return ShortID.text(target)
        default: break
        }
        guard let bytes, !isPrivate, let value = try? CBORValue(decoding: bytes) else { return nil }
        if let text = value.string { return String(text.prefix(longestValue)) }
        if let number = value.integer { return String(number) }
        let parts = value.elements.compactMap(\.string)
        return parts.isEmpty ? nil : String(parts.joined(separator: ": ").prefix(longestValue))
    }
}
