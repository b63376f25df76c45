// The search for what somebody may not have: in the decoded store, in the files, and in every body of a device.

@testable import SyncKit

/// Everything that stands on one device, or went to and from it.
struct DeviceFindings {
    /// The words in what the store holds, decoded: every value of every table, document, change set and disclosure.
    var decoded: Set<String> = []
    /// The words in the raw bytes of its files.
    var files: Set<String> = []
    /// The words in its bodies, raw and unpacked.
    var bodies: Set<String> = []

    static func of(_ person: Person, _ week: Week) throws -> DeviceFindings {
        var found = DeviceFindings()
        found.decoded = try decoded(person.replica.database, &week.decodedBefore)
        for suffix in ["", "-wal", "-journal", "-shm"] {
            found.files.formUnion(TokenSearch.tokens(in: TokenSearch.contents(person.path + suffix)))
        }
        for body in person.bodies { found.bodies.formUnion(try words(of: body, week)) }
        return found
    }

    /// What is no value of a document now: the full text's own indexes, which are searched as raw bytes of the file.
    private static let others = ["search_data", "search_idx", "search_docsize"]

    /// The words in every value of every table, and in the parts that those values are made of.
    /// - Parameter known: what was decoded on another device already, by its bytes.
    static func decoded(_ database: Database, _ known: inout [Bytes: Set<String>]) throws -> Set<String> {
        var found: Set<String> = []
        for table in try column("SELECT name FROM sqlite_master WHERE type='table'", database)
        where !others.contains(table) {
            let columns = try column("SELECT name FROM pragma_table_info('\(table)')", database)
            let list = columns.map { "CAST(\"\($0)\" AS BLOB)" }.joined(separator: ",")
            let rows = try database.prepare("SELECT \(list) FROM \"\(table)\"")
            defer { rows.reset() }
            while try rows.step() {
                for index in columns.indices {
                    found.formUnion(rows.withBytes(Int32(index)) { TokenSearch.tokens(in: $0) })
                }
                guard let part = ["changes": "body", "documents": "state", "bases": "state"][table],
                    let place = columns.firstIndex(of: part), !rows.isNull(Int32(place))
                else { continue }
                let bytes = rows.bytes(Int32(place))
                let words = try known[bytes] ?? words(decoding: bytes, isState: part == "state")
                known[bytes] = words
                found.formUnion(words)
            }
        }
        return found
    }

    private static func column(_ sql: String, _ database: Database) throws -> [String] {
        let statement = try database.prepare(sql)
        defer { statement.reset() }
        var values: [String] = []
        while try statement.step() { values.append(statement.text(0)) }
        return values
    }

    /// The words in the parts of a stored state or change set.
    private static func words(decoding bytes: Bytes, isState: Bool) throws -> Set<String> {
        guard isState else { return words(of: try ChangeSet(decoding: bytes)) }
        return words(of: try DocumentState(stored: bytes))
    }

    static func words(of state: DocumentState) -> Set<String> {
        var found: Set<String> = []
        for entry in state.slots.flatMap(\.entries) {
            found.formUnion(TokenSearch.tokens(in: entry.value + [0] + entry.note))
        }
        return found
    }

    private static func words(of change: ChangeSet) -> Set<String> {
        var found = TokenSearch.tokens(in: change.headerBytes + [0] + change.skeleton)
        let values = change.values
        for index in 0..<(values?.count ?? 0) { found.formUnion(TokenSearch.tokens(in: values?.value(index) ?? [])) }
        return found
    }

    /// The words in a body: as it went over the wire, and with every frame unpacked.
    static func words(of body: Person.Body, _ week: Week) throws -> Set<String> {
        var found = TokenSearch.tokens(in: body.bytes)
        guard let hash = body.hash else { return found }
        var reader = BlockReader()
        reader.append(body.bytes)
        while let block = try reader.next() {
            switch block.kind {
            case .frame:
                // Whose key is left out does not matter to what the frame says.
                let columns = try FrameEnvelope.decode(
                    block.payload, dictionary: FrameDictionary.named, sender: DeviceID(.zero))
                found.formUnion(TokenSearch.tokens(in: columns.encodedBody() + [0] + columns.raw))
            case .answer:
                let words = try week.decodedBefore[block.payload] ?? words(ofAnswer: block.payload, to: hash, week)
                week.decodedBefore[block.payload] = words
                found.formUnion(words)
            case .request, .refusal, .evidence, .succession, .part, .wish: break
            }
        }
        return found
    }
}

extension DeviceFindings {
    /// The words in an answer's frame, unpacked.
    private static func words(ofAnswer frame: Bytes, to request: Digest, _ week: Week) throws -> Set<String> {
        let decoder = FrameDecoder(
            dictionary: FrameDictionary.named, document: { _ in nil }, previous: { _, _ in nil })
        let answer = try SyncAnswer(
            verifying: frame, request: request, ward: week.service.ward, keys: [week.signingKey],
            scheme: Ed25519Scheme(), dictionary: FrameDictionary.named, decoder: decoder)
        let entries = answer.entries.map(\.bytes) + answer.disclosures.map(\.box)
        let names = answer.cards.map { Bytes($0.name.utf8) }
        var found = TokenSearch.tokens(in: Bytes((entries + names).joined(separator: [0])))
        for change in answer.changes { found.formUnion(words(of: change)) }
        for state in answer.compacted.states { found.formUnion(words(of: state)) }
        return found
    }
}

/// A word where it may not be, or one that is missing.
struct Leak: CustomStringConvertible {
    let token: String
    let person: String
    let place: String

    var description: String { "\(token) \(place), \(person)" }
}

extension Week {
    /// Holds what was found on a device against the table of who may see what.
    func leaks(_ found: DeviceFindings, _ person: Person) -> [Leak] {
        var leaks: [Leak] = []
        func leak(_ token: String, _ place: String) {
            leaks.append(Leak(token: token, person: person.name, place: place))
        }
        for token in found.decoded {
            guard let canary = book.canary(token) else {
                leak(token, "is nobody's word in the store")
                continue
            }
            let may = expected.reads(canary, person) || expected.isTold(canary, person)
            if !may, !canary.writers.contains(person.number) { leak(token, "in the store") }
        }
        for token in found.files {
            if let canary = book.canary(token), !expected.mayHaveRead(canary, person) { leak(token, "in a file") }
        }
        for token in found.bodies {
            guard let canary = book.canary(token) else { continue }
            // What is sealed goes sealed, to whomever it goes.
            guard case .open = canary.place else {
                leak(token, "goes open over the wire")
                continue
            }
            if !expected.mayHaveRead(canary, person) { leak(token, "in a body") }
        }
        return leaks
    }

    /// What a device should hold and does not. Of a document that it was given as a state it holds what stands.
    func missing(_ found: DeviceFindings, _ person: Person, _ states: [Digest: DocumentState]) throws -> [Leak] {
        let bases = try person.replica.bases()
        let (given, kinds) = (Set(bases.keys), Set(bases.values.map(\.state.kind)))
        let standing = try given.reduce(into: Set<String>()) { words, id in
            if let state = states[id] { words.formUnion(try openWords(of: state)) }
        }
        return book.canaries.filter { canary in
            guard expected.reads(canary, person), !found.decoded.contains(canary.token) else { return false }
            let whole = canary.documents.intersection(person.holds).contains { index in
                // Nobody can tell the ids of what the ward makes.
                let document = expected.documents[index]
                return document.id.map { !given.contains($0) } ?? !kinds.contains(document.kind)
            }
            return whole || standing.contains(canary.token)
        }.map { Leak(token: $0.token, person: person.name, place: "is missing in the store") }
    }

    /// The words that stand in a state, those too that are sealed to the ward.
    private func openWords(of state: DocumentState) throws -> Set<String> {
        var found = DeviceFindings.words(of: state)
        for slot in state.slots where Schema.field(state.kind, slot.slot.field)?.disclosedTo != nil {
            for entry in slot.entries {
                let plain = service.withCore { core in core.openPrivate(entry.value, dot: entry.dot, slot: slot.slot) }
                found.formUnion(TokenSearch.tokens(in: plain?.encoded ?? []))
            }
        }
        return found
    }

    /// What stands in the ward's own files and may be read by nobody but those to whom it is sealed.
    func leaksAtTheWard() -> [Leak] {
        var found: Set<String> = []
        for suffix in ["", "-wal"] {
            found.formUnion(TokenSearch.tokens(in: TokenSearch.contents(folder + "/ward.db" + suffix)))
        }
        return found.compactMap { token in
            guard let canary = book.canary(token), !registryWords.contains(token) else { return nil }
            if case .open = canary.place { return nil }
            return Leak(token: token, person: "the ward", place: "in a file")
        }
    }
}
