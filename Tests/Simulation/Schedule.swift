// One schedule: a ward and its people under faults, healed at the end and checked. A pure function of its seed.

import SyncKit

/// A run of the real code from a seed: what people, clocks, networks, processes and admins do, step by step.
public final class Schedule {
    /// The least that a schedule holds.
    static let minDevices = 3
    static let minActions = 40
    static let minFaults = 10
    private static let maxSteps = 1500
    static let start: Int64 = 1_790_000_000

    /// The number that everything follows from.
    public let seed: UInt64
    /// What happened.
    public internal(set) var counts = EventCounts()
    var chance: Chance
    let files: Files
    let server: SimulatedServer
    var devices: [SimulatedDevice] = []
    var model = Model()
    /// Bodies that were sent, for replays; and those that are on their way.
    var history: [Bytes] = []
    var delayed: [Bytes] = []
    var step = 0
    var actions = 0
    var hasFaults = true
    /// Something that went wrong where it could not be thrown.
    var failure: SimulationFailure?
    /// Whether the present exchange met a fault that explains a failed sync.
    var wasCorrupted = false
    /// Whether a body of it was cut: the server says so where that was between two blocks.
    var wasCut = false
    var serverFailed = false
    var isInterleaving = false
    /// In how many exchanges of a hundred something goes wrong.
    let trouble: Int
    let isBulky: Bool
    let usesFiles: Bool
    private let isVerbose: Bool
    private let scheme: any SignatureScheme
    private var nextName = 0
    var wardDocuments: [Digest: DocumentKind] = [:]
    var book = CodeBook()
    /// Up to where the log was read for orders.
    var ordersRead: UInt64 = 0
    var lost = LostLogs()
    /// A copy of the ward's store and keys in other hands.
    var stolen: ServerBackup?

    /// - Parameters:
    ///   - worker: keeps the files of several at the same time apart.
    ///   - isVerbose: prints every step.
    public init(seed: UInt64, worker: Int = 0, isVerbose: Bool = false) throws {
        self.seed = seed
        self.isVerbose = isVerbose
        chance = Chance(seed: seed)
        let isReal = chance.below(10) < 3
        scheme = isReal ? Ed25519Scheme() : SimulatedScheme()
        trouble = chance.within(5...60)
        isBulky = chance.oneIn(12)
        usesFiles = chance.oneIn(2)
        files = Files(seed: seed, worker: worker)
        server = try SimulatedServer(seed: chance.next(), time: Self.start, scheme: scheme, files: files)
        if isReal { count(.realSignatures) }
        if isBulky { count(.bulky) }
        if usesFiles { count(.storesInFiles) }
    }

    func count(_ event: Event) { counts.add(event) }

    func trace(_ text: @autoclosure () throws -> String) rethrows {
        if isVerbose { print("\(step): \(try text())") }
    }

    func fail(_ text: String) -> SimulationFailure { SimulationFailure(seed: seed, step: step, text: text) }

    func require(_ holds: Bool, _ text: @autoclosure () -> String) throws {
        if !holds { throw fail(text()) }
    }

    /// Runs the schedule, heals it and checks it.
    public func run() throws {
        do {
            try populate()
            while actions < Self.minActions || counts.faults < Self.minFaults {
                step += 1
                if step == 20 + Int(seed % 60) { server.keepOlder() }
                if step > Self.maxSteps { throw fail("no end: \(actions) actions, \(counts.faults) faults") }
                try takeStep()
                if let failure { throw failure }
            }
            try heal()
            try check()
            try checkTrust()
        } catch let failure as SimulationFailure {
            throw failure
        } catch {
            throw fail("unexpected: \(error)")
        }
    }

    private func populate() throws {
        var few = chance.within(Self.minDevices...7)
        if chance.oneIn(25) { few = chance.within(8...19) }
        try addDevice(role: .officer, areas: [SimulatedServer.area])
        try addAdmins()
        for _ in 1..<few { try join() }
        for device in devices where chance.oneIn(2) { try sync(device) }
    }

    private func takeStep() throws {
        pass(seconds: Int64(chance.below(chance.oneIn(20) ? 400_000 : 4000)))
        let choice = chance.below(100)
        guard let device = chance.pick(devices) else { return }
        if choice < 50 {
            if try act(device) { actions += 1 }
        } else if choice < 84 {
            if device.rarity > 1, !chance.oneIn(device.rarity) {
                count(.longOffline)
            } else {
                try sync(device)
            }
        } else {
            try disturb(device)
        }
    }

    /// Lets time pass for everybody.
    func pass(seconds: Int64) {
        server.clock.advance(seconds: seconds)
        for device in devices { device.clock.advance(seconds: seconds) }
    }

    // MARK: Who comes

    static let areas = [area(1), area(2), area(3)]

    static func area(_ number: Int) -> String { "\(SimulatedServer.area).0\(number)" }

    /// A device of a role that chance gives.
    func join() throws {
        let role = chance.weighted([
            (30, Role.resident), (35, .volunteer), (12, .lead), (15, .officer), (5, .admin), (3, .auditor),
        ])
        guard let role else { return }
        try addDevice(role: role, areas: someAreas(role))
    }

    func someAreas(_ role: Role) -> [String] {
        if role == .officer, !chance.oneIn(4) { return [SimulatedServer.area] }
        let first = Self.areas[chance.below(3)]
        let second = Self.areas[chance.below(3)]
        return chance.oneIn(3) && first != second ? [first, second] : [first]
    }

    @discardableResult
    func addDevice(role: Role, areas: [String]) throws -> SimulatedDevice {
        nextName += 1
        let device = try SimulatedDevice(
            name: "\(role.name)\(nextName)", seed: chance.next(), descriptor: server.descriptor,
            time: server.clock.nowSeconds(), scheme: scheme, files: usesFiles ? files : nil)
        if chance.oneIn(5) { device.rarity = chance.within(3...8) }
        devices.append(device)
        trace("\(device.name) joins, \(areas)")
        if role == .resident { return device }
        if chance.oneIn(3) {
            try invite(device, role: role, areas: areas)
        } else {
            try admit(device, role: role, areas: areas)
        }
        return device
    }

    /// The model's view of a resident that nobody granted anything: it is admitted at its first sync.
    func noteAdmission(_ device: SimulatedDevice) {
        if model.grants[device.id] == nil { model.grant(device.id, role: .resident, areas: []) }
    }
}
