// A week in a ward: its people, their ledger, the real ward, and the ward that the rules expect.

import Glibc

@testable import SyncKit

/// What went wrong, with the seed to live it again.
struct WeekFailure: Error, CustomStringConvertible {
    let description: String
}

/// A ward with real decisions, signatures and stores in files, and everybody who works and lives in it.
final class Week {
    static let area = "06685"
    static let neighborhoods = (1...12).map { "06685." + ($0 < 10 ? "0" : "") + String($0) }

    let seed: UInt64
    let folder: String
    var chance: Chance
    let book: CanaryBook
    let rules: DomainRules
    let expected: ExpectedWard
    let service: WardService
    let descriptor: String
    let clock: ManualTimeSource
    let random: SeededRandomSource
    let wardDevice: DeviceID
    let signingKey: Digest
    var people: [Person] = []
    /// The ward's time now.
    var now: Int64
    var today = 0
    var deedCounts: [String: Int] = [:]
    var wireCounts: [String: Int] = [:]
    var figuresCompared = 0
    /// Words of stored parts by their bytes: most stand on many devices.
    var decodedBefore: [Bytes: Set<String>] = [:]
    var dossierCodes: [String] = []
    /// What the exports of the one-stop system said, which stands at the ward as it was imported.
    var registryWords: Set<String> = []
    /// Answers that officers wrote: the look-up and the word in it.
    var answeredByHand: [Dot: (question: Digest, word: String)] = [:]
    /// The first thing in a transfer that cannot be.
    var failure: WeekFailure?

    init(seed: UInt64) throws {
        self.seed = seed
        folder = (getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp") + "/ward-week-\(getpid())-\(seed)"
        mkdir(folder, 0o700)
        Self.allowManyFiles()
        chance = Chance(seed: seed)
        book = CanaryBook(seed: seed &+ 1)
        rules = DomainRules()
        expected = ExpectedWard(rules: rules, book: book)
        now = WeekCalendar.moment(0, 5)
        clock = ManualTimeSource(seconds: now)
        random = SeededRandomSource(seed: seed &+ 2)
        let root = SigningKey.generate(random: random)
        let keys = WardKeys(
            root: root.publicKey, signing: .generate(random: random), sealing: .generate(random: random),
            device: .generate(random: random))
        wardDevice = keys.deviceID
        signingKey = keys.signing.publicKey
        descriptor = WardDescriptor(
            name: "Phường Hồng Gai", area: Self.area, addresses: ["http://127.0.0.1:1"], rootKey: root.publicKey,
            signingKeys: [keys.signing.publicKey], sealingKey: keys.sealing.publicKey, device: keys.deviceID,
            issued: now
        ).signedText(by: root, scheme: Ed25519Scheme())
        service = WardService(
            try WardCore(
                database: Database(path: folder + "/ward.db", mode: .create, fast: true), keys: keys,
                areaCode: Self.area, time: clock, random: random, scheme: Ed25519Scheme()))
        expected.now = now
    }

    deinit {
        people = []
        if let directory = opendir(folder) {
            while let entry = readdir(directory) {
                let name = withUnsafePointer(to: entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                if name.hasPrefix("ward") || name.hasPrefix("device") { unlink(folder + "/" + name) }
            }
            closedir(directory)
        }
        rmdir(folder)
    }

    /// Every store is open all week: as many files as the machine allows.
    private static func allowManyFiles() {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        limit.rlim_cur = min(limit.rlim_max, max(limit.rlim_cur, 4096))
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }

    func fail(_ what: String) -> WeekFailure { WeekFailure(description: what + " (WARDSYNC_SEED=\(seed))") }

    func require(_ holds: Bool, _ what: @autoclosure () -> String) throws {
        if !holds { throw fail(what()) }
    }

    // MARK: Time

    /// The time goes on; it never goes back.
    func move(to seconds: Int64) {
        now = max(now, seconds)
        clock.set(seconds: now)
        expected.now = now
    }

    func setClock(_ person: Person) { person.clock.set(seconds: now + person.skew) }

    // MARK: People

    /// A person with a new device.
    func join(_ name: String, _ role: Role, _ areas: [String], home: String, _ coverage: Coverage) throws -> Person {
        let number = people.count
        let path = folder + "/device-\(number).db"
        let skew = role == .resident || role == .volunteer || role == .lead ? Coverage.skew(&chance) : 0
        let clock = ManualTimeSource(seconds: now + skew)
        let random = SeededRandomSource(seed: seed &+ 1000 &+ UInt64(number))
        let database = try Database(path: path, mode: .create, fast: true)
        try Replica.create(
            in: database, descriptor: descriptor, time: clock, random: random, scheme: Ed25519Scheme())
        let replica = try Replica(opening: database, time: clock, random: random, scheme: Ed25519Scheme())
        let person = Person(
            number: number, name: name, role: role, areas: areas, home: home, path: path, clock: clock, skew: skew,
            coverage: coverage, replica: replica)
        if role != .resident { try redeem(person) }
        people.append(person)
        return person
    }

    /// A member of the staff or of a team redeems an invitation.
    private func redeem(_ person: Person) throws {
        let invitation = Invitation(
            role: person.role, areas: person.areas, name: person.name, expires: now + 86_400, validSeconds: 0)
        let code = try service.withCore { core in try core.invite(invitation) }
        guard let request = person.replica.joinRequest(code: code) else { throw fail("an invitation is none") }
        let answer = try service.join(request)
        _ = try person.replica.keepGrant(answer)
        person.bodies.append(.init(isRequest: true, bytes: request, hash: nil))
        person.bodies.append(.init(isRequest: false, bytes: answer, hash: nil))
        noteHead()
    }

    func noteHead() {
        if let size = try? service.withCore({ core in try core.headMark().position.index }) {
            expected.noteHead(size)
        }
    }

    func of(_ role: Role) -> [Person] { people.filter { $0.role == role } }
    func person(_ device: DeviceID) -> Person? { people.first { $0.replica.device == device } }
}
