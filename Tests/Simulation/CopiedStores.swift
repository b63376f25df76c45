// Stores that are copied and restored at any point: everything typed on any branch counts once, or is visibly held.

import SyncKit

/// What a person typed, found again by a word that nobody else typed.
struct Typed {
    var document: Digest
    /// The title words that its author knew in this place, where it is a title.
    var knows: Set<String>?
    /// Whether a store that held it still does, as far as nothing else brought it to the ward.
    var isForgotten = false
    /// Whether the store that sent it was set back since, so that nobody sends it again.
    var isAbandoned = false
    /// Whether it was in two stores while it did not count: it may be sent again by one of them, and what the other one
    /// writes later cannot name that.
    var isHeldTwice = false
}

/// What a store's people typed and saw on it: a copy of the store has the same.
struct StoreMemory {
    /// The words that its person typed or had on the screen in the place of each document's title.
    var known: [Digest: Set<String>] = [:]
    /// The words that were typed on it or on what it was copied from.
    var words: Set<String> = []
    /// What it knew to count, of whomever.
    var read: Set<String> = []
    /// How many restores of the ward it was told of.
    var restoresMet = 0
}

/// A living store: a phone, or a copy of one.
final class CopiedStore {
    let name: String
    var path: String
    var replica: Replica
    var memory: StoreMemory

    init(_ name: String, path: String, replica: Replica, memory: StoreMemory) {
        self.name = name
        self.path = path
        self.replica = replica
        self.memory = memory
    }
}

/// An older copy that lies in a drawer.
struct KeptCopy {
    let path: String
    let name: String
    let memory: StoreMemory
}

/// A ward whose people restore their phones and use two of them: a pure function of its seed.
final class CopySchedule {
    static let actions = 40...110
    static let maxStores = 8

    let seed: UInt64
    var counts = EventCounts()
    var chance: Chance
    let files: Files
    let server: SimulatedServer
    var stores: [CopiedStore] = []
    var kept: [KeptCopy] = []
    var typed: [String: Typed] = [:]
    var step = 0
    var hasFaults = true
    var hasRevoked = false
    /// How often the ward's disk may die, beside what people do with their phones.
    let mostRestores: Int
    let isVerbose: Bool
    private let scheme: any SignatureScheme
    private var nextWord = 0

    init(seed: UInt64, worker: Int, isVerbose: Bool) throws {
        self.seed = seed
        self.isVerbose = isVerbose
        chance = Chance(seed: seed ^ 0xC0_971E_D570_7E5)
        scheme = chance.oneIn(8) ? Ed25519Scheme() : SimulatedScheme()
        mostRestores = chance.oneIn(2) ? chance.within(1...2) : 0
        files = Files(seed: seed ^ 0xC0, worker: worker)
        server = try SimulatedServer(seed: chance.next(), time: Schedule.start, scheme: scheme, files: files)
    }

    func fail(_ text: String) -> SimulationFailure {
        SimulationFailure(seed: seed, step: step, text: "copies: " + text)
    }

    func require(_ holds: Bool, _ text: @autoclosure () -> String) throws { if !holds { throw fail(text()) } }

    func trace(_ text: @autoclosure () -> String) { if isVerbose { print("copies \(step): \(text())") } }

    func run() throws {
        do {
            for role in [Role.officer, .resident, .volunteer, chance.oneIn(2) ? .resident : .lead] { try join(role) }
            let actions = chance.within(Self.actions)
            while step < actions {
                step += 1
                server.clock.advance(seconds: Int64(chance.below(4000)))
                try takeStep()
            }
            try heal()
            try check()
        } catch let failure as SimulationFailure {
            throw failure
        } catch { throw fail("unexpected: \(error)") }
    }

    private func takeStep() throws {
        guard let store = chance.pick(stores) else { return }
        switch chance.below(100) {
        case 0..<47: try write(store)
        case 47..<77: try sync(store)
        case 77..<80: try backUpWard()
        case 80..<82: try restoreWard()
        case 82..<87: try keepCopy(store)
        case 87..<91: try setBack(store)
        case 91..<95: try useTwo(store)
        case 95..<97: try confirmAll()
        case 97: try server.reopen()
        case 98: try revoke(store)
        default: if !kept.isEmpty { kept.remove(at: chance.below(kept.count)) }
        }
    }

    // MARK: Stores

    private func open(_ path: String) throws -> Replica {
        try Replica(
            opening: try Database(path: path, mode: .create, fast: true), time: server.clock,
            random: SeededRandomSource(seed: chance.next()), scheme: scheme)
    }

    private func join(_ role: Role) throws {
        let path = files.path()
        let database = try Database(path: path, mode: .create, fast: true)
        let random = SeededRandomSource(seed: chance.next())
        try Replica.create(
            in: database, descriptor: server.descriptor, time: server.clock, random: random, scheme: scheme)
        let replica = try Replica(opening: database, time: server.clock, random: random, scheme: scheme)
        let store = CopiedStore(
            "\(role.name)\(stores.count)", path: path, replica: replica,
            memory: StoreMemory(restoresMet: server.restores))
        if role != .resident {
            let grant = Grant(
                device: replica.device, sealingKey: replica.sealingKey.publicKey, role: role,
                areas: [role == .officer ? SimulatedServer.area : Schedule.area(1)], validFrom: 0, validUntil: 0,
                name: store.name)
            try server.service.withCore { (core: WardCore) throws(StoreError) in try core.admit(grant) }
        }
        stores.append(store)
    }

    private func copied(_ store: CopiedStore) throws -> String {
        try noteHeldTwice(store.memory.words)
        let place = files.path()
        Files.copyStore(from: store.path, to: place)
        return place
    }

    private func keepCopy(_ store: CopiedStore) throws {
        counts.add(.storeCopied)
        kept.append(KeptCopy(path: try copied(store), name: store.name, memory: store.memory))
        trace("\(store.name) is backed up")
    }

    /// A phone is set back to an older copy: what was typed since is there only as far as the ward has it.
    private func setBack(_ store: CopiedStore) throws {
        guard let old = chance.pick(kept.filter { $0.name == store.name }) else { return }
        counts.add(.storeSetBack)
        trace("\(store.name) is set back")
        let received = try receivedWords()
        for word in store.memory.words.subtracting(old.memory.words) {
            // Another copy may have it too, and send it.
            let isElsewhere = stores.contains { $0 !== store && $0.memory.words.contains(word) }
            if isElsewhere { continue }
            if received.contains(word) { typed[word]?.isAbandoned = true } else { typed[word]?.isForgotten = true }
        }
        // What only it could have brought back to the ward.
        for word in store.memory.read.subtracting(old.memory.read).subtracting(received)
        where !isHeld(word, beside: store) {
            typed[word]?.isForgotten = true
        }
        let path = files.path()
        Files.copyStore(from: old.path, to: path)
        store.replica = try open(path)
        store.path = path
        store.memory = old.memory
    }

    /// A copy is used beside the store, the present one or an older one.
    private func useTwo(_ store: CopiedStore) throws {
        guard stores.count < Self.maxStores else { return }
        counts.add(.storeUsedTwice)
        var (path, memory) = (files.path(), store.memory)
        if chance.oneIn(2), let old = chance.pick(kept.filter { $0.name == store.name }) {
            Files.copyStore(from: old.path, to: path)
            memory = old.memory
        } else {
            path = try copied(store)
        }
        let name = store.name + "+"
        stores.append(CopiedStore(name, path: path, replica: try open(path), memory: memory))
        trace("\(name) is used beside \(store.name)")
    }

    /// What a copy takes of what does not count yet is in two stores, also later.
    private func noteHeldTwice(_ words: Set<String>) throws {
        let counts = Set(try received().filter { $0.verdict == .accepted }.flatMap(\.words))
        for word in words.subtracting(counts) { typed[word]?.isHeldTwice = true }
    }

    // MARK: What people type

    private func word() -> String {
        nextWord += 1
        return "w\(nextWord)x\(String(seed, radix: 36))"
    }

    private func write(_ store: CopiedStore) throws {
        let word = word()
        let role = try store.replica.actor().role
        let ids = try visible(store)
        var draft = ChangeSetDraft(kind: .report)
        var privates: [(slot: Slot, value: String)] = []
        var knows: Set<String>?
        let title = Slot(field: ReportField.title)
        // Often one of a few: that people write of the same thing at the same time is what goes wrong.
        let id = chance.oneIn(3) ? nil : chance.pick(chance.oneIn(2) ? Array(ids.prefix(3)) : ids)
        if let id, let view = try store.replica.document(id), view.state.kind == .report {
            draft.document = id
            if chance.oneIn(2) {
                draft.perform(.append(Slot(field: ReportField.comments)), .text(word))
            } else {
                let shown = view.state.entries(title).compactMap { (try? CBORValue(decoding: $0.value))?.string }
                knows = store.memory.known[id, default: []].union(shown)
                draft.perform(.set(title), .text(word))
            }
        } else {
            guard role != .admin, role != .auditor else { return }
            draft.perform(.set(title), .text(word))
            draft.perform(.set(Slot(field: ReportField.category)), .text("road"))
            draft.perform(.set(Slot(field: ReportField.area)), .text(Schedule.area(1)))
            if chance.oneIn(3) { privates = [(Slot(field: ReportField.reporterPhone), word)] }
            knows = []
        }
        do {
            let saved = try store.replica.commit(draft, privates: privates)
            typed[word] = Typed(document: saved.document, knows: knows)
            if let knows { store.memory.known[saved.document, default: []].formUnion(knows.union([word])) }
            store.memory.words.insert(word)
            trace("\(store.name) \(saved.dot.sequence): \(word)")
        } catch {
            guard case .refused = error.reason else { throw error }
        }
    }

    /// The reports that its lists show and that the ward did not refuse.
    private func visible(_ store: CopiedStore) throws -> [Digest] {
        try store.replica.list(.report, limit: 50).map(\.id).sorted()
    }

    // MARK: The office

    func confirmAll() throws {
        let confirmed = try server.service.withCore { (core: WardCore) throws(StoreError) in
            var count = 0
            for waiting in try core.waitingSuccessions() where !waiting.wasRevoked {
                let given = try core.confirmSuccession(of: waiting.statement.new, reason: "Đã hỏi")
                if given?.status == .done { count += 1 }
            }
            return count
        }
        for _ in 0..<confirmed { counts.add(.successionConfirmed) }
    }

    private func revoke(_ store: CopiedStore) throws {
        guard try store.replica.actor().role == .volunteer, !hasRevoked else { return }
        let device = store.replica.device
        // New keys that nobody confirmed are nobody's yet.
        guard server.service.role(of: device) != nil else { return }
        hasRevoked = true
        trace("\(store.name) is revoked")
        try server.service.withCore { (core: WardCore) throws(StoreError) in
            try core.revoke(device, after: try core.lastSequence(of: device))
        }
    }
}
