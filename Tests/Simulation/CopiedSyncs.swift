// Syncs of copied stores under faults, and what must hold of them in the end.

import SyncKit

/// Carries bodies to the server of a schedule of copies, and loses some.
private struct CopyTransport: SyncTransport {
    let schedule: CopySchedule

    mutating func exchange(_ body: Bytes, onChunk: (UnsafeRawBufferPointer) -> Bool) throws(TransportError) {
        if strikes(9) { throw TransportError(.unreachable) }
        let handled: Handled
        do { handled = try schedule.server.service.handle(body) { true } } catch { throw TransportError(.unreachable) }
        if strikes(9) { throw TransportError(.timedOut) }
        for block in handled.answer {
            var bytes = block[...]
            let isCut = strikes(12)
            if isCut { bytes = bytes.prefix(schedule.chance.below(block.count)) }
            let go = bytes.withUnsafeBytes { onChunk($0) }
            if isCut { throw TransportError(.cut) }
            if !go { return }
        }
    }

    private func strikes(_ rarity: Int) -> Bool { schedule.hasFaults && schedule.chance.oneIn(rarity) }
}

extension CopySchedule {
    /// One sync, with whatever the network and the disk do to it.
    func sync(_ store: CopiedStore) throws {
        let before = try acceptedWords(of: store)
        var faults = 0
        if hasFaults, chance.oneIn(6) {
            var left = chance.below(6)
            store.replica.database.willCommit = { () throws(StoreError) in
                left -= 1
                if left < 0 {
                    faults += 1
                    throw StoreError(.full, "simulated")
                }
            }
        }
        defer { store.replica.database.willCommit = nil }
        let device = store.replica.device
        var client = SyncClient(store.replica)
        var transport = CopyTransport(schedule: self)
        let isRestored = store.memory.restoresMet < server.restores
        do {
            try client.run(&transport)
            store.memory.restoresMet = server.restores
        } catch {
            let isExpected: Bool
            switch error {
            case .transport: isExpected = hasFaults
            case .interrupted: isExpected = false
            case .replica(let inner):
                switch inner.reason {
                case .store(let reason): isExpected = faults > 0 && reason.code == .full
                case .refusedByWard(let refusal):
                    isExpected = refusal.code == .unconfirmed || (hasFaults && refusal.code == .staleRequest)
                default: isExpected = false
                }
            }
            try require(isExpected, "\(store.name): \(error)")
        }
        if client.report.recovered > 0 {
            counts.add(.ownWorkTakenBack)
            // What another copy wrote and this one took back may be sent again by both.
            for word in try words(of: store).subtracting(store.memory.words) { typed[word]?.isHeldTwice = true }
        }
        if client.report.renewal != nil { counts.add(.keysRenewed) }
        trace(
            "\(store.name) syncs: sent \(client.report.sent), accepted \(client.report.accepted), took back "
                + "\(client.report.recovered), new keys \(store.replica.device != device)")
        let after = try acceptedWords(of: store)
        store.memory.read.formUnion(after)
        // What a revoked device held leaves it; what the ward lost waits until it is there again.
        try require(
            hasRevoked || isRestored || before.isSubset(of: after),
            "\(store.name) lost what it knew to be accepted")
    }

    func heal() throws {
        hasFaults = false
        for _ in 0..<16 {
            let before = server.service.withCore { core in core.size }
            for store in stores { try sync(store) }
            try confirmAll()
            let after = server.service.withCore { core in core.size }
            let isQuiet = try stores.allSatisfy { store in
                try store.replica.pendingCount() == 0 || isGivenUp(store)
            }
            if before == after, isQuiet { return }
        }
        throw fail("stuck: not quiet")
    }

    /// Whether a store waits for a person who will not come: an admin revoked the device that it was.
    func isGivenUp(_ store: CopiedStore) throws -> Bool {
        guard hasRevoked, try store.replica.waitsForSuccession() else { return false }
        let device = store.replica.device
        return try server.service.withCore { (core: WardCore) throws(StoreError) in
            try core.waitingSuccessions().contains { $0.statement.new == device && $0.wasRevoked }
        }
    }

    // MARK: Words

    /// The words in a change set that were typed in the open.
    static func words(in change: ChangeSet) -> [String] {
        var found: [String] = []
        var next = 0
        for operation in change.operations ?? [] where operation.takesValue {
            let value = change.values?.value(next) ?? []
            next += 1
            guard case .text(let text)? = try? CBORValue(decoding: value), text.hasPrefix("w") else { continue }
            found.append(text)
        }
        return found
    }

    /// What a store knows the ward to have accepted.
    private func acceptedWords(of store: CopiedStore) throws -> Set<String> {
        try words(of: store) { $0 == .accepted }
    }

    private func words(of store: CopiedStore, _ isMeant: (StoredVerdict) -> Bool = { _ in true }) throws -> Set<String>
    {
        var words: Set<String> = []
        for row in try store.replica.list(.report, limit: 500) {
            for stored in try store.replica.document(row.id)?.history ?? [] where isMeant(stored.verdict) {
                words.formUnion(Self.words(in: stored.change))
            }
        }
        return words
    }

    /// Everything that the ward received, on whatever branch.
    func receivedWords() throws -> Set<String> { Set(try received().flatMap { $0.words }) }

    /// A change set at the ward: what it says, and what the ward said of it.
    struct Received {
        var dot: Dot
        var words: [String]
        var verdict: StoredVerdict
        var code: RefusalCode?
        var isReplaced: Bool
    }

    func received() throws -> [Received] {
        try server.service.withCore { (core: WardCore) throws(StoreError) in
            var found: [Received] = []
            for stored in try core.everyChange() {
                found.append(
                    Received(
                        dot: stored.change.dot, words: Self.words(in: stored.change), verdict: stored.verdict,
                        code: stored.code, isReplaced: stored.code == .replaced))
            }
            for device in try core.forked() {
                for item in device.branch {
                    found.append(
                        Received(
                            dot: item.change.dot, words: Self.words(in: item.change), verdict: .held, code: .fork,
                            isReplaced: item.replacedBy != nil))
                }
            }
            return found
        }
    }

    // MARK: What must hold

    func check() throws {
        let all = try received()
        var byWord: [String: [Received]] = [:]
        for item in all { for word in item.words { byWord[word, default: []].append(item) } }
        for word in typed.keys.sorted() {
            guard let said = typed[word] else { continue }
            let items = byWord[word] ?? []
            let accepted = items.filter { $0.verdict == .accepted }
            // Where the ward lost that it was sent again, both may count.
            try require(accepted.count <= 1 || server.restores > 0, "\(word) counts \(accepted.count) times")
            if !accepted.isEmpty { continue }
            if items.isEmpty {
                let isWaiting = try stores.contains { try $0.memory.words.contains(word) && isGivenUp($0) }
                try require(said.isForgotten || isWaiting, "\(word) is lost")
                continue
            }
            // What is left of it is visible, and says why it does not count.
            let open = items.filter { !$0.isReplaced }
            try require(!open.isEmpty, "\(word) was replaced by nothing")
            for item in open {
                let isExplained: Bool
                switch item.code {
                case .fork: isExplained = said.isAbandoned || hasRevoked || said.isForgotten
                case .revoked: isExplained = hasRevoked || said.isAbandoned
                case .missingDocument, .missingReference, .notReissuable, .outsideArea, .notPermitted:
                    isExplained =
                        said.isAbandoned || typed.values.contains { $0.isAbandoned || $0.isForgotten } || hasRevoked
                default: isExplained = false
                }
                // What is sent again may come when the ward does not know yet what for, or that two devices are one
                // person's.
                try require(
                    isExplained || server.restores > 0,
                    "\(word) is \(item.verdict) for \(String(describing: item.code))")
            }
            counts.add(.branchLeftOver)
        }
        try checkTitles(Set(byWord.filter { $0.value.contains { $0.verdict == .accepted } }.keys))
        try checkReplicas()
        try checkStore()
    }

    /// Of titles stand exactly those that nobody replaced who knew them.
    private func checkTitles(_ accepted: Set<String>) throws {
        var standing: [Digest: Set<String>] = [:]
        var gone: [Digest: Set<String>] = [:]
        for (word, said) in typed where accepted.contains(word) {
            guard let knows = said.knows else { continue }
            standing[said.document, default: []].insert(word)
            gone[said.document, default: []].formUnion(knows)
        }
        for (id, words) in standing {
            let state = try server.service.withCore { (core: WardCore) throws(StoreError) in try core.documentState(id)
            }
            let found = Set(
                (state?.entries(Slot(field: ReportField.title)) ?? []).compactMap {
                    (try? CBORValue(decoding: $0.value))?.string
                })
            let expected = words.subtracting(gone[id] ?? [])
            // Both stand, for a person to see.
            let shared = found.subtracting(expected).filter { typed[$0]?.isHeldTwice == true || server.restores > 0 }
            // A person's own title may be written again under new keys behind a later one.
            let stands =
                server.restores > 0 ? expected.isEmpty || !found.isEmpty : found.subtracting(shared) == expected
            try require(
                stands,
                "a title is \(found.sorted()) and should be \(expected.sorted())")
            if found.count > 1 { counts.add(.valuesInConflict) }
        }
    }

    private func checkReplicas() throws {
        for store in stores {
            if try isGivenUp(store) || store.replica.waitsForSuccession() { continue }
            for row in try store.replica.list(.report, limit: 500) {
                let state = try server.service.withCore { (core: WardCore) throws(StoreError) in
                    try core.documentState(row.id)
                }
                let held = try store.replica.document(row.id)?.accepted
                // What the ward does not know to be this person's it does not give to it, and nothing to a device that
                // an admin revoked.
                let isGiven = try held != nil || (server.restores == 0 && !store.replica.isRevoked())
                try require(
                    held?.canonical == state?.canonical || !isGiven,
                    "\(store.name) has another state of \(row.id.hex.prefix(8)) than the ward: "
                        + Self.difference(held, state))
            }
            // What the store wrote in its life is there, as far as the ward took it: its documents are its own. A restored
            // ward may not know any more that two devices are one person's.
            let shown = Set(try store.replica.list(.report, limit: 500).map(\.id))
            if server.restores == 0, try !store.replica.isRevoked() {
                for word in store.memory.words {
                    guard let said = typed[word], said.knows != nil else { continue }
                    let exists = try server.service.withCore { (core: WardCore) throws(StoreError) in
                        try core.documentState(said.document) != nil
                    }
                    try require(!exists || shown.contains(said.document), "\(store.name) lacks what it wrote: \(word)")
                }
            }
            try require(try store.replica.unsoundDocuments().isEmpty, "\(store.name) is unsound")
        }
    }

    /// What stands in one of two states only.
    private static func difference(_ held: DocumentState?, _ state: DocumentState?) -> String {
        func entries(_ state: DocumentState?) -> Set<String> {
            var found: Set<String> = ["created by \(state?.creation.device.digest.hex.prefix(6) ?? "nobody")"]
            for slot in state?.slots ?? [] {
                for entry in slot.entries {
                    let value = (try? CBORValue(decoding: entry.value))?.string ?? "-"
                    let dot = "\(entry.dot.device.digest.hex.prefix(6)):\(entry.dot.sequence)"
                    found.insert("\(slot.slot.field) \(dot) at \(entry.position.index) \(value)")
                }
            }
            return found
        }
        let (here, there) = (entries(held), entries(state))
        return "here \(here.subtracting(there).sorted()), there \(there.subtracting(here).sorted())"
    }

    private func checkStore() throws {
        for isRebuilding in [false, true] {
            let before = server.service.withCore { core in core.root }
            try server.reopen(rebuilding: isRebuilding)
            try require(server.service.withCore { core in core.root } == before, "the log changes when it is opened")
        }
        let descriptor = server.descriptor
        let scheme = server.scheme
        let report = try server.service.withCore { (core: WardCore) throws(StoreError) in
            try core.flush()
            return try core.audit(descriptor: descriptor, scheme: scheme)
        }
        try require(report?.isSound == true, "the audit finds \(report?.findings.prefix(5).map { "\($0)" } ?? [])")
    }
}
