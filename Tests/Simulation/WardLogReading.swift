// The ward log read from its leaves, and what follows from it by the model alone.

import SyncKit

/// What the simulator finds in the log with its own eyes.
struct LogFindings {
    /// The accepted change sets in the order of the log.
    var accepted: [Dot] = []
    var positions: [Dot: UInt64] = [:]
    var effective: [Dot: HybridTime] = [:]
    /// Whose values were erased.
    var erased: [Dot: Digest] = [:]
    /// The root over the first n leaves stands at n.
    var roots: [Digest] = [MerkleTree().root]
}

extension Schedule {
    /// Reads the whole log and checks what holds for it alone.
    func readLog() throws -> LogFindings {
        var found = LogFindings()
        var tree = MerkleTree()
        var lastTime = Int64.min
        let leaves = try server.service.withCore { (core: WardCore) throws(StoreError) in try core.leaves() }
        for leaf in leaves {
            tree.append(leaf: MerkleTree.leaf(leaf))
            found.roots.append(tree.root)
            let record = try LogRecord(decoding: leaf)
            try require(record.time >= lastTime, "the log's time goes back at \(tree.size)")
            lastTime = record.time
            switch record.entry {
            case .accept(let acceptance), .release(let acceptance, _), .readmit(let acceptance, _):
                let dot = acceptance.dot
                try require(found.positions[dot] == nil, "\(name(dot)) is accepted twice")
                if let act = model.acts[dot] {
                    try require(act.id == acceptance.id, "\(name(dot)) is accepted with another id")
                } else {
                    try require(dot.device == server.keys.deviceID, "\(name(dot)) was accepted and never saved")
                }
                try require(
                    acceptance.effective.seconds <= record.time, "\(name(dot)) counts from after its acceptance")
                found.positions[dot] = tree.size
                found.effective[dot] = acceptance.effective
                if let authored = model.acts[dot]?.authored, authored > acceptance.effective { count(.clockClamped) }
                found.accepted.append(dot)
                count(.accepted)
                if case .release = record.entry { count(.released) }
                if acceptance.outcomes.contains(.lost) { count(.claimLost) }
                if acceptance.outcomes.contains(.crossing) { count(.crossing) }
            case .hold(_, _, let code):
                switch code {
                case .grantExpired: count(.heldExpired)
                case .revoked: count(.heldRevoked)
                case .missingDocument: count(.heldMissingDocument)
                case .missingReference: count(.heldMissingReference)
                default: continue
                }
            case .refuse(_, _, let code): count(code == .declined ? .declined : .refused)
            case .erase(let dot, let id, _):
                found.erased[dot] = id
                count(.erased)
            case .grant, .revoke, .move, .key: continue
            }
        }
        return found
    }
}

/// What stands in the documents according to the model: who had seen what decides, nothing else.
struct ModelDocuments {
    struct Standing: Hashable {
        let dot: Dot
        let value: Bytes
    }

    /// Every accepted document with its kind and the device that made it.
    var documents: [Digest: (kind: DocumentKind, creator: DeviceID)] = [:]
    var standing: [Place: Set<Standing>] = [:]
    var items: [Place: Set<Standing>] = [:]
    var holders: [Place: Dot] = [:]
    var links: [Place: (dot: Dot, target: Digest)] = [:]
    /// Where each report's workflow is, and what moved it there.
    var steps: [Digest: (state: UInt8, dot: Dot)] = [:]

    init(_ model: Model, accepted: [Dot], wardSteps: [Dot: Act], erased: [Dot: Digest]) {
        var gone: [Place: Set<Dot>] = [:]
        for dot in accepted {
            guard let act = model.acts[dot] else { continue }
            if act.creates {
                documents[act.document] = (act.kind, dot.device)
                steps[act.document] = (1, dot)
            }
            for deed in act.deeds {
                switch deed {
                case .write(let slot, _, let knows):
                    gone[Place(document: act.document, slot: slot), default: []].formUnion(knows)
                case .remove(let slot, _, let knows):
                    gone[Place(document: act.document, slot: slot), default: []].formUnion(knows)
                default: continue
                }
            }
        }
        for dot in accepted {
            guard let act = model.acts[dot] ?? wardSteps[dot] else { continue }
            for deed in act.deeds { apply(erased[dot] == nil ? deed : deed.erased, dot, act, gone) }
        }
    }

    private mutating func apply(_ deed: Deed, _ dot: Dot, _ act: Act, _ gone: [Place: Set<Dot>]) {
        func place(_ slot: Slot) -> Place { Place(document: act.document, slot: slot) }
        switch deed {
        case .write(let slot, let value, _), .add(let slot, let value):
            if gone[place(slot)]?.contains(dot) != true {
                standing[place(slot), default: []].insert(Standing(dot: dot, value: value))
            }
        case .append(let slot, let value): items[place(slot), default: []].insert(Standing(dot: dot, value: value))
        case .claim(let slot): if holders[place(slot)] == nil { holders[place(slot)] = dot }
        case .release(let slot, let claim, let successor):
            if holders[place(slot)] == claim { holders[place(slot)] = successor }
        case .link(let slot, let target): if links[place(slot)] == nil { links[place(slot)] = (dot, target) }
        case .unlink(let slot, let link): if links[place(slot)]?.dot == link { links[place(slot)] = nil }
        case .transition(let to, let follows):
            guard act.kind == .report, let present = steps[act.document] else { return }
            let reopensClosed = to == 9 && [6, 7, 8, 10, 11].contains(present.state)
            if follows == present.dot || reopensClosed { steps[act.document] = (to, dot) }
        case .remove, .other: return
        }
    }

    /// The areas that a document belongs to.
    func areas(_ id: Digest) -> [String] {
        guard let document = documents[id] else { return [] }
        let field: UInt8
        switch document.kind {
        case .report: field = ReportField.area
        case .task: field = TaskField.area
        case .lookup: field = LookupField.area
        default: return []
        }
        return (standing[Place(document: id, slot: Slot(field: field))] ?? []).compactMap {
            (try? CBORValue(decoding: $0.value))?.string
        }
    }

    /// The documents that a device should hold.
    func scope(_ device: DeviceID, _ grant: ModelGrant?, wardWide: [Digest]) -> Set<Digest> {
        guard let grant, grant.revokedAfter == nil else { return [] }
        let readsAll = grant.role == .admin || grant.role == .auditor
        let readsAreas = grant.role != .resident
        var scope = Set(wardWide)
        for (id, document) in documents {
            let isWide = document.kind == .notice
            let isInside = areas(id).contains { area in
                readsAll || grant.areas.contains { area == $0 || area.hasPrefix($0 + ".") }
            }
            let concerned = standing[Place(document: id, slot: Slot(field: OrderField.device))]?.first?.value
            if document.kind == .order, readsAll || concerned == CBORValue.bytes(device.digest.bytes).encoded {
                scope.insert(id)
            }
            if isWide || document.creator == device || (readsAreas && isInside) { scope.insert(id) }
        }
        return scope
    }
}
