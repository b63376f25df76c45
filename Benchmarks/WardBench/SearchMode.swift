// Mode "search": how long a search takes in a home with a ward's procedures and ten thousand reports.

import Foundation
import LinkSimulation
import SyncKit

/// What people type: procedures by name and by what is in their text, reports by words that many and few have.
private let queries = [
    "dang ky khai sinh", "Đăng ký kết hôn", "giay chung sinh", "den duong", "rac thai chua thu gom", "ngap", "cap",
    "ho tro", "da", "d", "so 777", "1.001193", "khong co gi nhu the nay",
]

/// Fills a home with procedures and reports by a real sync, then searches it; the times are of one thread and hold
/// opening the store, searching and the pieces of text that are shown. With `program` also whole runs of `ward`.
func runSearch(home given: String?, procedures: String, reports: Int, program: String?) throws -> [String] {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("ward-search-\(getpid())")
    let home = given ?? folder.path
    defer { if given == nil { try? FileManager.default.removeItem(at: folder) } }
    if !FileManager.default.fileExists(atPath: ReplicaHome.storePath(home)) {
        try fillForSearch(home: home, procedures: procedures, reports: reports)
    }
    var lines: [String] = []
    for query in queries {
        var times: [Double] = []
        var count = 0
        for _ in 0..<15 {
            let begin = monotonicSeconds()
            let opened = try ReplicaHome.open(at: home, for: .reading)
            let reader = try ReplicaReader(opening: opened.database)
            guard let terms = SearchTerms(query) else { throw BenchError.usage }
            count = try reader.search(terms, kinds: DocumentKind.searched, limit: 20, now: 0).count
            times.append(monotonicSeconds() - begin)
            opened.release()
        }
        times.sort()
        var members = [
            ("system", "\"wardsync\""), ("mode", "\"search\""), ("query", "\"\(query)\""), ("hits", "\(count)"),
            ("best_ms", number(times[0] * 1000)), ("median_ms", number(times[times.count / 2] * 1000)),
        ]
        if let program {
            let search = try processMilliseconds(program, ["search", query, "--home", home])
            let start = try processMilliseconds(program, ["--version"])
            members += [
                ("process_ms", number(search.median)), ("start_ms", number(start.median)),
                ("process_best_ms", number(search.best)), ("start_best_ms", number(start.best)),
            ]
        }
        lines.append(jsonLine(members))
    }
    return lines
}

/// The times of a program's whole run, from its start until its end is seen.
private func processMilliseconds(_ program: String, _ arguments: [String]) throws -> (median: Double, best: Double) {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    for descriptor in [Int32(1), 2] {
        posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_WRONLY, 0)
    }
    defer { posix_spawn_file_actions_destroy(&actions) }
    var pointers: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) } + [nil]
    defer { for pointer in pointers { free(pointer) } }
    var times: [Double] = []
    for _ in 0..<31 {
        var child: pid_t = 0
        var status: Int32 = 0
        let begin = monotonicSeconds()
        guard posix_spawn(&child, program, &actions, nil, &pointers, environ) == 0 else {
            throw BenchError.failed(program)
        }
        while waitpid(child, &status, 0) < 0, errno == EINTR {}
        times.append((monotonicSeconds() - begin) * 1000)
    }
    times.sort()
    return (times[times.count / 2], times[0])
}

private func fillForSearch(home: String, procedures: String, reports: Int) throws {
    let random = SeededRandomSource(seed: 13)
    let scheme = Ed25519Scheme()
    let time = SystemTimeSource()
    let ward = NewWard(random: random, issued: time.nowSeconds(), address: "http://127.0.0.1:9")
    let core = try WardCore(
        database: Database(path: "", mode: .memory), keys: ward.keys, areaCode: "06685", time: time, random: random,
        scheme: scheme)
    let made = try ReplicaHome.create(at: home)
    try Replica.create(
        in: made.database, descriptor: ward.descriptor, time: time, random: SystemRandomSource(), scheme: scheme)
    let replica = try Replica(opening: made.database, time: time, random: SystemRandomSource(), scheme: scheme)
    let officer = SigningKey.generate(random: random)
    for (device, sealing) in [
        (DeviceID(officer.publicKey), SealingKey.generate(random: random).publicKey),
        (replica.device, replica.sealingKey.publicKey),
    ] {
        try core.admit(
            Grant(
                device: device, sealingKey: sealing, role: .officer, areas: ["06685"], validFrom: 0, validUntil: 0,
                name: "bench"))
    }
    let items = try importedProcedures(procedures)
    for start in stride(from: 0, to: items.count, by: 50) {
        let outcomes = try core.importItems(Array(items[start..<min(start + 50, items.count)]))
        guard !outcomes.contains(.refused) else { throw BenchError.failed("procedures") }
    }
    let samples = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../Samples/dictionary")
    func lines(_ name: String) throws -> [String] {
        try String(contentsOf: samples.appendingPathComponent(name), encoding: .utf8).split(separator: "\n")
            .map(String.init)
    }
    let titles = try lines("titles.txt")
    let descriptions = try lines("descriptions.txt")
    var changes: [ChangeSet] = []
    var link = ChainLink.start
    let seen = try core.headMark()
    let start = time.nowSeconds() - 86_400
    for number in 0..<reports {
        var draft = ChangeSetDraft(kind: .report)
        draft.perform(.set(Slot(field: ReportField.category)), .text("lighting"))
        draft.perform(
            .set(Slot(field: ReportField.title)),
            .text(titles[Int(random.next() % UInt64(titles.count))] + " số \(number)"))
        draft.perform(
            .set(Slot(field: ReportField.description)),
            .text(descriptions[Int(random.next() % UInt64(descriptions.count))]))
        draft.perform(.set(Slot(field: ReportField.area)), .text(areaCode(1 + number % 12)))
        let change = try draft.signed(
            by: officer, ward: core.ward, after: link,
            time: HybridTime(seconds: start, counter: UInt16(number % 60_000)), seen: seen, salt: random.bytes(16),
            scheme: scheme)
        link = ChainLink(sequence: change.header.sequence, id: change.id)
        changes.append(change)
    }
    let received = try core.receive(changes, from: DeviceID(officer.publicKey))
    guard received.accepted == reports else { throw BenchError.failed("\(received)") }
    var client = SyncClient(replica)
    var transport = DirectTransport(service: WardService(core))
    do { try client.run(&transport) } catch { throw BenchError.failed("\(error)") }
}

/// The procedures of a register, one JSON object a line.
private func importedProcedures(_ path: String) throws -> [ImportItem] {
    let fields: [(String, UInt8, Bool)] = [
        ("code", ProcedureField.code, false), ("name", ProcedureField.name, false),
        ("level", ProcedureField.level, false), ("field", ProcedureField.field, false),
        ("applicants", ProcedureField.applicants, false), ("agency", ProcedureField.agency, false),
        ("channels_time_fee", ProcedureField.channels, true), ("papers", ProcedureField.papers, true),
        ("steps", ProcedureField.steps, true), ("conditions", ProcedureField.conditions, true),
        ("result", ProcedureField.result, false),
    ]
    return try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map { line in
        guard let row = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any],
            let code = row["code"] as? String
        else { throw BenchError.badWorkload }
        var item = ImportItem(kind: .procedure, code: code, values: [])
        for (name, field, isKeyed) in fields {
            guard let text = row[name] as? String, !text.isEmpty else { continue }
            let characters = Array(text)
            let parts = stride(from: 0, to: characters.count, by: 3000).map {
                String(characters[$0..<min($0 + 3000, characters.count)])
            }
            for (key, part) in (isKeyed ? parts : Array(parts.prefix(1))).enumerated() {
                item.values.append((isKeyed ? Slot(field: field, key: UInt32(key)) : Slot(field: field), .text(part)))
            }
        }
        return item
    }
}
