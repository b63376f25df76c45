// What must hold after the last sync: all replicas agree with the ward, and documents end where the rules say.

import SyncKit

extension Week {
    /// The ward's documents with their hashes.
    func wardStates() throws -> [Digest: DocumentState] {
        try service.withCore { core in
            var states: [Digest: DocumentState] = [:]
            for id in core.documentIDs { states[id] = try core.documentState(id) }
            return states
        }
    }

    /// Every device holds exactly what it may see, with the ward's hash.
    func disagreements(_ states: [Digest: DocumentState]) throws -> [String] {
        var hashes: [Digest: Digest] = [:]
        for (id, state) in states { hashes[id] = state.hash }
        let wide = Set(states.values.filter { expected.isEverywhere($0.kind) }.map(\.id))
        var found: [String] = []
        for person in people {
            var due = person.revokedAfter == nil ? wide : []
            for index in person.holds {
                if let id = expected.documents[index].id { due.insert(id) }
            }
            // Progress views have ids that nobody can tell; whose follow names them is who holds them.
            if person.revokedAfter == nil {
                for follow in person.follows {
                    if let state = states[follow.id] { due.formUnion(Follow.views(state)) }
                }
            }
            var held: Set<Digest> = []
            let rows = try person.replica.database.prepare("SELECT id,state FROM documents WHERE hidden=0")
            defer { rows.reset() }
            while try rows.step() {
                guard let id = rows.digest(0), !rows.isNull(1) else { continue }
                held.insert(id)
                if DocumentState.storedHash(rows.bytes(1)) != hashes[id] {
                    found.append("\(person.name) holds \(id.hex.prefix(8)) otherwise than the ward")
                }
            }
            let waiting = try person.replica.pendingCount()
            if waiting > 0 { found.append("\(person.name) still waits for \(waiting) receipts") }
            for id in due.subtracting(held) { found.append("\(person.name) lacks \(id.hex.prefix(8))") }
            for id in held.subtracting(due) { found.append("\(person.name) holds \(id.hex.prefix(8)) unasked") }
        }
        return found
    }

    /// Documents that ended otherwise than the rules say.
    func wrongEnds(_ states: [Digest: DocumentState]) -> [String] {
        var found: [String] = []
        for document in expected.documents {
            guard let id = document.id else { continue }
            let what = "\(document.kind.name) \(id.hex.prefix(8))"
            guard let state = states[id] else {
                found.append(what + " is not there")
                continue
            }
            func check(_ name: String, _ got: some Equatable, _ want: some Equatable) {
                if String(describing: got) != String(describing: want) {
                    found.append("\(what): \(name) is \(got) and should be \(want)")
                }
            }
            if rules.states[document.kind.name] != nil { check("the state", state.present.state, document.present.to) }
            check("the author", state.creation.device == person(document.creator)?.replica.device, true)
            check("areas", state.areas, document.areas)
            if document.kind == .task {
                check("the holder", state.holder(TaskField.claimant)?.dot.device, document.holder?.device)
                check("the stage", TaskStage(state).rawValue, stage(document))
            }
            if document.kind == .report {
                check("the steps", state.countedSteps.map(\.state), document.counted.dropFirst().map(\.to))
                check("the link", state.link(ReportField.duplicateOf)?.value, document.link?.target.bytes)
            }
            for (slot, standing) in document.registers {
                guard let field = rules.field(document.kind.name, slot.field), field.merge == "register",
                    field.disclosedTo == nil
                else { continue }
                let values = Set(standing.map(\.value))
                let got = Set(state.entries(slot).map { $0.action == .resolution ? chosen($0.value) : $0.value })
                if got != values {
                    found.append("\(what): \(field.name) holds \(shown(got)) for \(shown(values))")
                }
            }
        }
        let own = Set(expected.documents.compactMap(\.id))
        for state in states.values where !own.contains(state.id) {
            if ![.area, .progress, .publication].contains(state.kind) {
                found.append("\(state.kind.name) \(state.id.hex.prefix(8)) is nobody's")
            }
        }
        return found
    }

    private func shown(_ values: Set<Bytes>) -> String {
        values.map { (try? CBORValue(decoding: $0)).map { "\($0)" } ?? "?" }.sorted().joined(separator: ", ")
    }

    /// Where a task stands, as people name it.
    func stage(_ task: ExpectedDocument) -> String {
        guard task.present.to == 1 else { return rules.states["task"]?[task.present.to] ?? "" }
        return task.holder != nil ? "claimed" : task.wasReleased ? "released" : "open"
    }

    func person(_ number: Int) -> Person? { people.indices.contains(number) ? people[number] : nil }

    private func chosen(_ value: Bytes) -> Bytes {
        guard case .array(let parts)? = try? CBORValue(decoding: value), let first = parts.first else { return value }
        return first.encoded
    }
}
