// What devices that hold states in place of histories are sent: frames of states, and histories on demand.

extension WardAnswer {
    /// The histories that the device asked for, and the next of them.
    struct Histories: Sendable {
        /// All that it asked for; `nil` as a document's number where it may not have it.
        var asked: [(id: Digest, number: Int64?)] = []
        var next = 0
    }
}

extension WardCore {
    /// How many bytes of states go into the first frame before compression: a block holds them uncompressed, too.
    static let stateRoom = 96 * 1024
    /// What they should come to in a frame, compressed; and the most that is sent: what is cut on the way goes again.
    static let packedStates = 52 * 1024
    static let mostPackedStates = 60 * 1024
    /// The most before compression, however well they compress.
    static let mostRoom = 512 * 1024
    /// The most beside states in one frame.
    static let besideStates = 24 * 1024

    /// Documents of a new device's scope, as states or with their change sets: as many as make a frame.
    func deliverStates(_ answer: inout WardAnswer, _ frame: inout SyncAnswer, _ sink: inout FrameSink)
        throws(StoreError)
    {
        if answer.cold?.isBegun == false {
            // The grant comes first, in a frame that is small to keep as evidence: who was cut off after it can work with
            // what arrived.
            answer.cold?.isBegun = true
            return try beginEntering(answer, &frame)
        }
        if let looked = answer.cold?.looked, looked < index.count {
            answer.cold?.young.formUnion(index.documents[looked...])
            answer.cold?.looked = index.count
        }
        while let room = answer.cold?.room {
            var trial = (answer: answer, frame: frame, sink: sink)
            try deliverEntering(&trial.answer, &trial.frame, &trial.sink)
            let states = trial.sink.states
            let packed = states.isEmpty ? [] : StateFrame.encode(states)
            // Only a full frame tells what share is left of the room.
            if trial.sink.stateWeight > room / 2, packed.count > 1024 {
                let fitting = trial.sink.stateWeight / 1024 * Self.packedStates / (packed.count / 1024)
                trial.answer.cold?.room = min(max(Self.stateRoom / 4, fitting), Self.mostRoom)
            }
            guard packed.count <= Self.mostPackedStates || room <= Self.stateRoom / 4 else {
                answer.cold?.room = max(Self.stateRoom / 4, min(trial.answer.cold?.room ?? 0, room / 4 * 3))
                continue
            }
            trial.frame.compacted.give(states, packed: packed)
            (answer, frame, sink) = trial
            return
        }
    }

    /// A document's state, where that is all a new device needs of it.
    func settledState(of document: WardDocument, _ cold: WardAnswer.ColdStart, _ device: DeviceID)
        throws(StoreError) -> DocumentState?
    {
        guard !cold.inFull.contains(document.number),
            !cold.young.contains(Int32(truncatingIfNeeded: document.number)), let state = try state(of: document)
        else { return nil }
        return state.tops.contains { $0.device == device } || state.weight > Self.stateRoom / 4 ? nil : state
    }

    /// The accepted change sets of a document up to a position.
    /// - Returns: false where it goes on in the next frame.
    func deliverWhole(
        _ document: WardDocument, upTo position: UInt64, _ answer: inout WardAnswer, _ frame: inout SyncAnswer,
        _ sink: inout FrameSink
    ) throws(StoreError) -> Bool {
        var changes = try acceptedChanges(of: document, upTo: position)
        if planted(.halfDocument) { changes = Array(changes.suffix(max(1, changes.count / 2))) }
        while answer.sentOfDocument < changes.count {
            let stored = changes[answer.sentOfDocument]
            guard try sink.add(stored, at: logged(stored)) else {
                frame.open = document.id
                return false
            }
            answer.sentOfDocument += 1
        }
        answer.sentOfDocument = 0
        return true
    }

    // MARK: Histories

    /// Notes the histories that a device asked for; what it may not have is told at once.
    func beginHistories(_ answer: inout WardAnswer) {
        let request = answer.request
        guard !request.histories.isEmpty, request.position.index > 0 else { return }
        let view = scope(of: request.device, at: answer.head)
        answer.histories.asked = request.histories.map { id in
            let document = documents[id].flatMap {
                view.contains($0) && $0.created <= request.position.index ? $0 : nil
            }
            return (id, document?.number)
        }
    }

    /// Whole histories up to the device's position; neither that nor its scope moves.
    func deliverHistories(_ answer: inout WardAnswer, _ frame: inout SyncAnswer, _ sink: inout FrameSink)
        throws(StoreError)
    {
        let request = answer.request
        try repeatPlace(of: request, in: &frame)
        while answer.histories.next < answer.histories.asked.count {
            let asked = answer.histories.asked[answer.histories.next]
            if let document = asked.number.flatMap({ documentsByNumber[$0] }) {
                let isWhole = try deliverWhole(
                    document, upTo: request.position.index, &answer, &frame, &sink)
                guard isWhole else { return }
            }
            frame.compacted.whole.append(asked.id)
            answer.histories.next += 1
            if sink.isFull(Self.framePayload, Self.frameChanges) { return }
        }
    }
}

extension FrameSink {
    /// Adds a document's state.
    /// - Parameter room: the most bytes of states, before compression.
    /// - Returns: false where it does not fit any more.
    mutating func add(_ state: DocumentState, of document: WardDocument, room: Int) -> Bool {
        let weight = state.weight
        if stateWeight + weight > room, !states.isEmpty || payload > 0 { return false }
        if payload > WardCore.besideStates { return false }
        stateWeight += weight
        states.append(state)
        let known = authors.count
        authors.insert(state.creation.device)
        authors.formUnion(state.tops.lazy.map(\.device))
        payload += 48 * (authors.count - known)
        disclose(state, document)
        return true
    }

    /// The ward opens private values that stand in a state for the devices that the schema table names.
    private mutating func disclose(_ state: DocumentState, _ document: WardDocument) {
        guard let reader = PrivateReader(core, device, document) else { return }
        for slot in state.slots {
            guard Schema.field(state.kind, slot.slot.field)?.disclosedTo != nil else { continue }
            for entry in slot.entries {
                guard let item = reader.disclosure(of: entry.value, dot: entry.dot, slot: slot.slot) else { continue }
                disclosures.append(item)
                payload += item.box.count + 60
            }
        }
    }
}

extension DocumentState {
    /// About how many bytes it takes uncompressed.
    var weight: Int {
        var weight = 80 + 48 * (listed.count + readmitted.count)
        for slot in slots {
            for entry in slot.entries { weight += entry.value.count + entry.note.count + 20 }
        }
        return weight
    }
}

/// What a device may read of a document's private values.
struct PrivateReader {
    private let core: WardCore
    private let kind: DocumentKind
    private let actor: Actor
    private let facts: DocumentFacts
    private let sealingKey: Digest

    /// - Returns: `nil` for a device without a grant. One that was revoked reads what its person wrote.
    init?(_ core: WardCore, _ device: DeviceID, _ document: WardDocument) {
        guard let record = core.grants[device]?.last else { return nil }
        let (grant, isIn) = (record.grant, record.revokedAfter == nil)
        self.core = core
        kind = document.kind
        actor = Actor(
            device: device, role: isIn ? grant.role : .resident, areas: isIn ? core.readAreas(of: grant) : [],
            others: core.persons.others(than: device))
        facts = DocumentFacts(
            kind: document.kind, author: document.creation.device,
            areas: core.knownUnits.standing(document.areas.last?.areas ?? [], core.wardTime))
        sealingKey = grant.sealingKey
    }

    /// A private value sealed to the device; `nil` where it may not read it or nothing is sealed.
    func disclosure(of value: Bytes, dot: Dot, slot: Slot) -> SyncAnswer.Disclosure? {
        guard let spec = Schema.field(kind, slot.field),
            actor.isSamePerson(as: dot.device) || Permission.discloses(spec, to: actor, facts),
            let plain = core.openPrivate(value, dot: dot, slot: slot), let text = plain.string,
            text.utf8.count <= PrivateValue.maxTextLength
        else { return nil }
        let box = PrivateValue.seal(
            plain, ward: core.ward, dot: dot, slot: slot, to: sealingKey, random: core.random)
        return box.isEmpty ? nil : SyncAnswer.Disclosure(dot: dot, slot: slot, box: box)
    }
}
