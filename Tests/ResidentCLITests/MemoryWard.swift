// A ward and its devices in memory, for tests of what stands right under the commands.
import Glibc
import LinkSimulation
import Testing

@testable import SyncKit

/// A ward with real decisions, signatures and SQLite, whose time stands still until a test moves it.
final class MemoryWard {
    let service: WardService
    let descriptor: String
    let time = ManualTimeSource(seconds: 1_790_000_000)
    private let scheme = Ed25519Scheme()

    init() throws {
        let random = SystemRandomSource()
        let ward = NewWard(random: random, issued: time.nowSeconds())
        descriptor = ward.descriptor
        service = WardService(
            try WardCore(
                database: Database(path: "", mode: .memory), keys: ward.keys, areaCode: "06685", time: time,
                random: random, scheme: scheme))
    }

    func device(_ role: Role? = nil, _ areas: [String] = [], _ name: String = "") throws -> Replica {
        let database = try Database(path: "", mode: .memory)
        let random = SystemRandomSource()
        try Replica.create(in: database, descriptor: descriptor, time: time, random: random, scheme: scheme)
        let replica = try Replica(opening: database, time: time, random: random, scheme: scheme)
        if let role { try admit(replica, role, areas, name) }
        return replica
    }

    func admit(_ replica: Replica, _ role: Role, _ areas: [String], _ name: String = "") throws {
        let grant = Grant(
            device: replica.device, sealingKey: replica.sealingKey.publicKey, role: role, areas: areas, validFrom: 0,
            validUntil: 0, name: name)
        try service.withCore { core in try core.admit(grant) }
    }

    @discardableResult
    func sync(_ replica: Replica) throws -> SyncReport {
        time.advance(seconds: 1)
        var client = SyncClient(replica)
        var transport = DirectTransport(service: service)
        try client.run(&transport)
        return client.report
    }

    /// Files a report; `more` puts further fields into it.
    func file(
        _ replica: Replica, _ title: String = "Đèn hỏng", area: String = "06685.03",
        _ more: (inout ChangeSetDraft) -> Void = { _ in }
    ) throws -> Digest {
        var draft = ChangeSetDraft(kind: .report)
        draft.perform(.set(Slot(field: ReportField.title)), .text(title))
        draft.perform(.set(Slot(field: ReportField.area)), .text(area))
        more(&draft)
        return try replica.commit(draft).document
    }
}

/// The rows of a table of `docs/data-model.md`, without its two head rows.
func documentTable(_ name: String) -> [[String]] {
    let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    var rows: [[String]] = []
    var isInside = false
    for line in readFile("/" + root + "/docs/data-model.md").split(separator: "\n", omittingEmptySubsequences: false) {
        if line == "<!-- table: \(name) -->" {
            isInside = true
        } else if isInside, line.hasPrefix("|") {
            let cells = line.dropFirst().dropLast().split(separator: "|", omittingEmptySubsequences: false)
            rows.append(cells.map { $0.split(separator: " ").joined(separator: " ") })
        } else {
            isInside = false
        }
    }
    return Array(rows.dropFirst(2))
}
