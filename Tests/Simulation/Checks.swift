// What must hold after healing, whatever happened before.

import SyncKit

extension Schedule {
    func check() throws {
        let log = try readLog()
        let steps = try wardSteps(log)
        let documents = ModelDocuments(model, log, wardSteps: steps)
        try forgetLostPublications()
        try checkGrants(log)
        try checkComeBack(log)
        try checkHead(log)
        try checkOutcomes(log, wardSteps: steps)
        try checkDecisions(log, documents)
        let states = try serverStates()
        let views = states.values.filter { $0.kind == .progress || $0.kind == .publication }.map(\.id)
        let expected = Set(documents.documents.keys).union(wardDocuments.keys).union(views)
        try require(Set(states.keys) == expected, "the ward has other documents than were accepted")
        for id in states.keys.sorted() {
            if let state = states[id], documents.documents[id] != nil { try check(state, documents, log) }
        }
        try checkViews(states, documents, log)
        try checkOrders(states, log)
        for device in devices {
            try check(device, states, documents, log)
            try checkOversight(device)
            let isSettled = try device.replica.logEvidence()?.isSettled ?? true
            try require(isSettled, "\(device.name) still doubts a ward that goes on as it should")
        }
        try checkRebuilt(states, log)
    }

    private func serverStates() throws -> [Digest: DocumentState] {
        try server.service.withCore { (core: WardCore) throws(StoreError) in
            var states: [Digest: DocumentState] = [:]
            for id in core.documentIDs { states[id] = try core.documentState(id) }
            return states
        }
    }

    /// The signed heads are those of the log, at the server and at every device.
    private func checkHead(_ log: LogFindings) throws {
        func check(_ bytes: Bytes?, _ who: String) throws {
            guard let bytes else { return }
            let found = Checkpoint(
                verifying: bytes, ward: server.keys.ward, keys: server.signingKeys,
                scheme: server.scheme)
            guard let found else { throw fail("\(who)'s checkpoint does not verify") }
            let index = Int(found.position.index)
            try require(
                index < log.roots.count && log.roots[index] == found.root, "\(who)'s checkpoint is not the log's")
        }
        let newest = server.service.withCore { core in core.newestCheckpoint }
        try check(newest, "the ward")
        for device in devices {
            try check(try device.replica.tables.meta("checkpoint"), device.name)
            let seen = try device.replica.seen()
            try require(
                log.roots[Int(seen.position.index)].prefix8 == seen.root, "\(device.name) saw a root that never was")
        }
    }

    /// Every saved change set was decided, the author knows it, and what is held has a reason.
    private func checkDecisions(_ log: LogFindings, _ documents: ModelDocuments) throws {
        for (dot, id) in model.acknowledged {
            try require(
                log.positions[dot] != nil && model.acts[dot]?.id == id, "\(name(dot)) was acknowledged and is not there"
            )
        }
        for dot in model.acts.keys.sorted() {
            guard let act = model.acts[dot] else { continue }
            let decided = try server.service.withCore { (core: WardCore) throws(StoreError) in
                try core.verdict(of: dot)
            }
            guard let decided else { throw fail("\(name(dot)) never reached the ward") }
            try require((decided.verdict == .accepted) == (log.positions[dot] != nil), "\(name(dot)) is half accepted")
            if decided.verdict == .held, let code = decided.code {
                let grant = model.grants[dot.device]
                let isExplained: Bool
                switch code {
                case .grantExpired: isExplained = grant?.couldExpire == true
                case .revoked: isExplained = grant?.wasRevoked == true
                case .missingDocument: isExplained = documents.documents[act.document] == nil
                case .missingReference: isExplained = true
                default: isExplained = false
                }
                try require(isExplained, "\(name(dot)) is held without a reason: \(code)")
            }
        }
        for device in devices {
            try checkSaved(device)
            for item in try device.ownChanges() {
                let dot = item.change.dot
                let decided = try server.service.withCore { (core: WardCore) throws(StoreError) in
                    try core.verdict(of: dot)
                }
                try require(
                    decided?.verdict == item.verdict && decided?.code == item.code,
                    "\(name(dot)) is \(item.verdict) at its author and \(String(describing: decided)) at the ward")
            }
        }
    }

    /// A document's state against the model: what nobody who saw it replaced still stands, and nothing else.
    private func check(_ state: DocumentState, _ documents: ModelDocuments, _ log: LogFindings) throws {
        let who = "document \(state.id.hex.prefix(8))"
        try require(documents.documents[state.id]?.creator == state.creation.device, "\(who) has another author")
        if !state.conflicts.isEmpty { count(.valuesInConflict) }
        if state.kind == .lookup {
            try require(state.present.state != 1, "\(who) was asked and never answered")
            count(.lookupAnswered)
        }
        for slotState in state.slots {
            let place = Place(document: state.id, slot: slotState.slot)
            guard let spec = Schema.field(state.kind, slotState.slot.field) else { continue }
            for entry in slotState.entries {
                if let time = log.effective[entry.dot] {
                    try require(time == entry.effective, "\(who) shows another time than the log")
                }
            }
            let entries = slotState.entries.filter { !server.ownDevices.contains($0.dot.device) }
            let found = Set(entries.map { ModelDocuments.Standing(dot: $0.dot, value: $0.value) })
            switch spec.merge {
            case .register, .set:
                let expected = documents.standing[place] ?? []
                for lost in expected.subtracting(found) {
                    throw fail("\(who), \(spec.name): a value of \(name(lost.dot)) that nobody replaced is gone")
                }
                for extra in found.subtracting(expected) {
                    throw fail("\(who), \(spec.name): a replaced value of \(name(extra.dot)) still stands")
                }
            case .log:
                try require(
                    found == documents.items[place] ?? [], "\(who), \(spec.name): items are missing or too many")
                for (first, second) in zip(slotState.entries, slotState.entries.dropFirst()) {
                    let inOrder =
                        (first.effective.rawValue, first.position.rawValue, first.index)
                        < (second.effective.rawValue, second.position.rawValue, second.index)
                    try require(inOrder, "\(who), \(spec.name): items are out of order")
                }
            case .claim:
                let holder = state.holder(slotState.slot.field)?.dot
                try require(holder == documents.holders[place], "\(who): the first claim does not hold")
            case .link:
                let link = state.link(slotState.slot.field)
                try require(
                    link?.dot == documents.links[place]?.dot && link?.value == documents.links[place]?.target.bytes,
                    "\(who): the first link does not stand")
            case .workflow:
                guard state.kind == .report, let step = documents.steps[state.id] else { continue }
                try require(state.present == step, "\(who) is in another state than its steps lead to")
            }
        }
        for place in documents.standing.keys where place.document == state.id {
            try require(state.slots.contains { $0.slot == place.slot }, "\(who): field \(place.slot.field) is gone")
        }
        for place in documents.items.keys where place.document == state.id {
            try require(state.slots.contains { $0.slot == place.slot }, "\(who): items are gone")
        }
    }

    /// A device holds exactly the documents of its scope, each as the ward has it.
    private func check(
        _ device: SimulatedDevice, _ states: [Digest: DocumentState], _ documents: ModelDocuments, _ log: LogFindings
    ) throws {
        let grant = model.grants[device.id]
        let publications = states.values.filter { $0.kind == .publication }.map(\.id)
        var expected = documents.scope(device.id, grant, wardWide: Array(wardDocuments.keys) + publications)
        // Of progress views exactly those that its own follows name.
        for id in expected {
            if let state = states[id], state.kind == .follow { expected.formUnion(Follow.views(state)) }
        }
        try askForMore(device, expected, grant)
        let visible = Set(try device.visible())
        let waiting = try device.replica.database.integer("SELECT count(*) FROM documents WHERE pending<>0")
        try require(waiting == 0, "\(device.name) lists something as waiting")
        for id in expected.subtracting(visible).sorted() {
            throw fail("\(device.name) lacks document \(id.hex.prefix(8)) of \(documents.areas(id))")
        }
        for id in visible.subtracting(expected).sorted() {
            throw fail("\(device.name) sees document \(id.hex.prefix(8)), which is not in its scope")
        }
        for id in expected.sorted() {
            guard let view = try device.replica.document(id), let accepted = view.accepted, let state = states[id]
            else { throw fail("\(device.name) lists document \(id.hex.prefix(8)) and has no state of it") }
            try require(
                accepted.canonical == state.canonical,
                "\(device.name) has another state of document \(id.hex.prefix(8)) than the ward")
            try require(view.state == accepted, "\(device.name) shows what is not accepted")
            try checkDisclosures(device, view, grant, documents)
        }
    }

    /// Private values can be read by their author and by the roles of the table, and by nobody who never had one.
    private func checkDisclosures(
        _ device: SimulatedDevice, _ view: DocumentView, _ grant: ModelGrant?, _ documents: ModelDocuments
    ) throws {
        guard let grant else { return }
        for slotState in view.state.slots {
            guard let readers = Schema.field(view.state.kind, slotState.slot.field)?.disclosedTo else { continue }
            for entry in slotState.entries {
                let typed = model.acts[entry.dot]?.privates.first { $0.slot == slotState.slot }?.value
                let read = try device.replica.disclosed(entry, slotState.slot)
                let may = entry.dot.device == device.id || readers.contains(grant.role)
                let could = may || !grant.roles.isDisjoint(with: readers)
                if may { try require(read == typed, "\(device.name) cannot read a private value that it may") }
                if !could { try require(read == nil, "\(device.name) reads a private value of others") }
            }
        }
    }

    /// The server, opened anew with every derived table made from the log, is the same.
    private func checkRebuilt(_ states: [Digest: DocumentState], _ log: LogFindings) throws {
        for isRebuilding in [false, true] {
            try server.reopen(rebuilding: isRebuilding)
            let what = isRebuilding ? "rebuilt" : "opened again"
            let again = try serverStates()
            try require(Set(again.keys) == Set(states.keys), "the ward \(what) has other documents")
            for (id, state) in states {
                try require(
                    again[id]?.canonical == state.canonical, "the ward \(what) has another \(id.hex.prefix(8))")
            }
            try require(try size() == UInt64(log.roots.count - 1), "the ward \(what) has another log")
        }
        guard let device = chance.pick(devices) else { return }
        let before = try device.replica.seen().position
        try sync(device)
        try require(try device.replica.seen().position == before, "the log moves after a rebuild")
    }
}
