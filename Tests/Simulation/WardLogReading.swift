// The ward log read from its leaves, and what follows from it by the model alone.

import SyncKit

/// What the simulator finds in the log with its own eyes.
struct LogFindings {
    /// The accepted change sets in the order of the log.
    var accepted: [Dot] = []
    var positions: [Dot: UInt64] = [:]
    /// Where each accepted change set stands in the order.
    var places: [Dot: Position] = [:]
    var effective: [Dot: HybridTime] = [:]
    /// Whose values were erased.
    var erased: [Dot: Digest] = [:]
    /// Every acceptance in the order in which the ward decided.
    var decisions: [LoggedDecision] = []
    /// Who was granted what, by the log alone.
    var grants: [DeviceID: ModelGrant] = [:]
    var revocations: [(position: Position, device: DeviceID, time: Int64)] = []
    /// Where change sets came back after a restore, and the places that they keep.
    var readmitted: [Dot: (place: Position, logged: Position)] = [:]
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
                let logged = server.service.withCore { [index = tree.size] core in core.place(index) }
                var place = logged
                if case .readmit(_, let old) = record.entry {
                    place = old
                    found.readmitted[dot] = (old, logged)
                    count(.readmitted)
                } else {
                    try require(found.positions[dot] == nil, "\(name(dot)) is accepted twice")
                    // The clock of a restored ward may be behind that of the lost one.
                    try require(
                        acceptance.effective.seconds <= record.time, "\(name(dot)) counts from after its acceptance")
                }
                if let act = model.acts[dot] {
                    try require(act.id == acceptance.id, "\(name(dot)) is accepted with another id")
                } else {
                    try require(server.ownDevices.contains(dot.device), "\(name(dot)) was accepted and never saved")
                }
                found.positions[dot] = tree.size
                found.effective[dot] = acceptance.effective
                if let authored = model.acts[dot]?.authored, authored > acceptance.effective { count(.clockClamped) }
                found.places[dot] = place
                found.decisions.append(
                    LoggedDecision(
                        dot: dot, place: place, effective: acceptance.effective, outcomes: acceptance.outcomes,
                        isReadmitted: place != logged, role: found.grants[dot.device]?.role))
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
            case .grant(let bytes):
                let grant = Grant(
                    verifying: bytes, ward: server.keys.ward, keys: server.signingKeys, scheme: server.scheme)
                guard let grant else { throw fail("a grant of the log does not verify") }
                found.grants[grant.device] = ModelGrant(
                    role: grant.role, areas: grant.areas, validUntil: grant.validUntil, since: grant.validFrom)
            case .revoke(let device, let last):
                found.grants[device]?.revokedAfter = last
                let place = server.service.withCore { [index = tree.size] core in core.place(index) }
                found.revocations.append((place, device, record.time))
            case .move, .succession, .key: continue
            }
        }
        found.accepted = found.places.sorted { $0.value < $1.value }.map(\.key)
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

    init(_ model: Model, _ log: LogFindings, wardSteps: [Dot: Act]) {
        var gone: [Place: Set<Dot>] = [:]
        for dot in log.accepted {
            guard let act = model.acts[dot] else { continue }
            if act.creates {
                documents[act.document] = (act.kind, dot.device)
                steps[act.document] = (1, dot)
            }
            for deed in act.deeds {
                switch deed {
                case .write(let slot, _, let knows), .remove(let slot, _, let knows):
                    gone[Place(document: act.document, slot: slot), default: []].formUnion(
                        knows.filter { !Self.isDoubted($0, by: dot, act, log, model) })
                default: continue
                }
            }
        }
        for dot in log.accepted {
            guard let act = model.acts[dot] ?? wardSteps[dot] else { continue }
            for deed in act.deeds { apply(log.erased[dot] == nil ? deed : deed.erased, dot, act, gone) }
        }
    }

    /// What came back only after what the author had seen of the log: it stands beside what replaces it, also where
    /// somebody remembers it from before it was lost, or saw it in an epoch between two losses. So does what nobody could
    /// prove to have been there before: who saw it in a state alone did not keep the ward's word on it.
    private static func isDoubted(_ dot: Dot, by other: Dot, _ act: Act, _ log: LogFindings, _ model: Model) -> Bool {
        if dot.device == other.device { return false }
        guard let back = log.readmitted[dot] else {
            guard let place = log.places[dot], let epoch = model.knownByState[other.device]?[dot] else { return false }
            return place.epoch > epoch && place > act.seen
        }
        return back.place.epoch < act.seen.epoch && act.seen < back.logged
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
