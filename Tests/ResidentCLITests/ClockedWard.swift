// A ward and its devices in this process with a clock that the test moves, and pages read as text.

import Glibc
import LinkSimulation

@testable import CommandLineKit
@testable import ResidentCLI
@testable import SyncKit

/// A ward with real SQLite in memory whose time stands still.
final class ClockedWard {
    let service: WardService
    let descriptor: String
    let time: ManualTimeSource
    let random: SeededRandomSource

    /// - Parameter now: Thursday, 12/03/2026, 08:30 in Vietnam.
    init(now: Int64 = 1_773_279_000) throws {
        time = ManualTimeSource(seconds: now)
        random = SeededRandomSource(seed: 77)
        let ward = NewWard(random: random, issued: now)
        descriptor = ward.descriptor
        service = WardService(
            try WardCore(
                database: Database(path: "", mode: .memory), keys: ward.keys, areaCode: "06685", time: time,
                random: random,
                scheme: Ed25519Scheme()))
    }

    func device(_ role: Role? = nil, _ areas: [String] = [], _ name: String = "", until: Int64 = 0) throws -> Replica {
        let database = try Database(path: "", mode: .memory)
        try Replica.create(in: database, descriptor: descriptor, time: time, random: random, scheme: Ed25519Scheme())
        let replica = try Replica(opening: database, time: time, random: random, scheme: Ed25519Scheme())
        if let role {
            let grant = Grant(
                device: replica.device, sealingKey: replica.sealingKey.publicKey, role: role, areas: areas,
                validFrom: 0, validUntil: until, name: name)
            try service.withCore { core in try core.admit(grant) }
            try sync(replica)
        }
        return replica
    }

    func sync(_ replicas: Replica...) throws {
        for replica in replicas {
            var client = SyncClient(replica)
            var transport = DirectTransport(service: service)
            try client.run(&transport)
        }
    }

    /// The neighborhoods of the ward, as its import makes them.
    func importUnits(_ count: Int) throws {
        var drafts: [ChangeSetDraft] = []
        for number in 1...count {
            var draft = ChangeSetDraft(kind: .area)
            draft.perform(.set(Slot(field: AreaField.code)), .text("06685.0\(number)"))
            draft.perform(.set(Slot(field: AreaField.name)), .text("Khu phố \(number)"))
            drafts.append(draft)
        }
        let all = drafts
        _ = try service.withCore { core in try core.author(all) }
    }

    /// A day from now, at its end, as `--due` takes it.
    func day(_ offset: Int64) -> Int64 {
        LocalTime(seconds: time.nowSeconds()).date.startSeconds() + offset * 86_400 + 86_399
    }

    func task(_ title: String, area: String = "06685.03", due: Int64? = nil, priority: Int64? = nil) -> ChangeSetDraft {
        var draft = ChangeSetDraft(kind: .task)
        draft.perform(.set(Slot(field: TaskField.title)), .text(title))
        draft.perform(.set(Slot(field: TaskField.area)), .text(area))
        if let due { draft.perform(.set(Slot(field: TaskField.due)), CBORValue(due)) }
        if let priority { draft.perform(.set(Slot(field: TaskField.priority)), CBORValue(priority)) }
        return draft
    }

    func facts(_ replica: Replica, near: String? = nil) throws -> TodayFacts {
        try TodayFacts(
            replica, device: replica.device, grant: try replica.grant(), ward: "06685", near: near,
            now: time.nowSeconds())
    }

    /// What `ward today` prints, in Vietnamese.
    func today(_ replica: Replica, near: String? = nil, json: Bool = false) throws -> String {
        var globals = GlobalOptions()
        globals.json = json
        globals.language = .vi
        let path = "/tmp/ward-page-\(getpid())-\(UInt64.random(in: 0 ... .max))"
        let file = open(path, O_RDWR | O_CREAT | O_TRUNC, 0o600)
        defer {
            close(file)
            unlink(path)
        }
        let terminal = Terminal(globals, output: file, error: file)
        let page = TodayPage(
            facts: try facts(replica, near: near), people: People(replica, terminal), terminal: terminal, limit: 5)
        if json { terminal.printJSON { page.write(to: &$0) } } else { page.print() }
        _ = terminal.finish(.ok)
        return readFile(path)
    }
}
