// Fills a server's home with years of a ward's work, chunk by chunk, each chunk a week.

import Foundation
import LinkSimulation
import SyncKit

/// What a ward is filled with.
struct WardSize {
    var reports: Int
    var tasks: Int
    /// How many of them belong to the one neighborhood that is the same in wards of any size.
    var evenReports = 400
    var evenTasks = 200
    /// Reports in a chunk; all wards work at the same pace, a larger one has worked for longer.
    var pace = 400
    /// Published results and open conflicts, as many in wards of any size.
    var publications = 100
    var conflicts = 20
    /// The neighborhood of which a ward of any size has the same.
    static let evenNeighborhood = 13
}

/// Fills the ward of a home that `ward-server init` made, through the library: every change set is signed, decided and
/// logged as if a device had sent it, but the disk is not waited for.
func fillWard(home: String, size: WardSize) throws -> String {
    let files = try WardHomeFiles(home)
    let chunks = max(2, (size.reports + size.pace - 1) / size.pace)
    let clock = ManualTimeSource(seconds: SystemTimeSource().nowSeconds() - Int64(chunks + 1) * WardFiller.chunkSeconds)
    // The log that `init` began is of today, and no entry may be older than one before it.
    for end in ["", "-wal", "-shm"] { unlink(files.store + end) }
    let core = try files.core(time: clock, fast: true)
    let filler = try WardFiller(core, files.descriptor, clock, size, chunks: chunks)
    try filler.fill()
    return jsonLine([
        ("reports", "\(filler.filed)"), ("tasks", "\(filler.made)"), ("open_reports", "\(filler.openReports)"),
        ("open_tasks", "\(filler.openTasks)"), ("entries", "\(core.size)"), ("devices", "\(filler.deviceCount)"),
    ])
}

/// A device that writes, with the end of its chain.
private final class Author {
    let key: SigningKey
    let area: Int
    var link = ChainLink.start
    var waiting: [ChangeSet] = []

    init(_ key: SigningKey, area: Int) {
        self.key = key
        self.area = area
    }
}

/// A document that somebody is to go on with.
private struct Work {
    let document: Digest
    let creation: Dot
    let area: Int
}

/// Writes the ward's history.
final class WardFiller {
    static let chunkSeconds: Int64 = 7 * 86_400
    private static let neighborhoods = 12
    private static let categories = [
        "lighting", "road", "garbage", "flood", "tree", "pavement", "noise", "water", "power", "telecom", "equipment",
    ]
    private static let streets = [
        "Lê Thánh Tông", "Trần Hưng Đạo", "Cao Thắng", "25 Tháng 4", "Bến Đoan", "Nguyễn Văn Cừ", "Kênh Liêm",
        "Vườn Đào", "Bạch Đằng", "Long Tiên", "Văn Lang", "Đoàn Thị Điểm",
    ]
    private static let errands = [
        "Thăm hộ ông bà sống một mình", "Giúp cài định danh điện tử", "Hướng dẫn nộp hồ sơ trực tuyến",
        "Xác minh phản ánh", "Quét mã thanh toán ở quầy chợ", "Tra cứu hồ sơ giúp bà con",
    ]

    private let core: WardCore
    private let clock: ManualTimeSource
    private let size: WardSize
    private let chunks: Int
    private let random = SeededRandomSource(seed: 17)
    private let scheme = Ed25519Scheme()
    private var residents: [Author] = []
    private var volunteers: [[Author]] = []
    private var leads: [Author] = []
    private var officers: [Author] = []
    private let titles: [String]
    private let descriptions: [String]
    private let results: [String]
    private var state: UInt64 = 0x9E37_79B9_7F4A_7C15
    private var seen = SeenMark(position: .start, root: MerkleTree().root.prefix8)
    private var newReports: [Work] = []
    private var newTasks: [Work] = []
    private var published = 0
    private(set) var filed = 0
    private(set) var made = 0
    private(set) var openReports = 0
    private(set) var openTasks = 0
    var deviceCount: Int { residents.count + volunteers.joined().count + leads.count + officers.count }

    init(_ core: WardCore, _ descriptor: WardDescriptor, _ clock: ManualTimeSource, _ size: WardSize, chunks: Int)
        throws
    {
        self.core = core
        self.clock = clock
        self.size = size
        self.chunks = chunks
        let samples = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../Samples/dictionary")
        func lines(_ name: String) throws -> [String] {
            try String(contentsOf: samples.appendingPathComponent(name), encoding: .utf8).split(separator: "\n")
                .map(String.init)
        }
        titles = try lines("titles.txt")
        descriptions = try lines("descriptions.txt")
        results = try lines("comments.txt")
        for number in 0..<max(20, size.reports / 50) {
            residents.append(try admit(.resident, [], "", area: 1 + number % Self.neighborhoods))
        }
        for area in 1...(Self.neighborhoods + 1) {
            leads.append(try admit(.lead, [areaCode(area)], "Tổ trưởng \(area)", area: area))
            volunteers.append(
                try (1...4).map { try admit(.volunteer, [areaCode(area)], "Thành viên \(area).\($0)", area: area) })
        }
        for number in 1...3 { officers.append(try admit(.officer, [descriptor.area], "Cán bộ \(number)", area: 0)) }
    }

    private func admit(_ role: Role, _ areas: [String], _ name: String, area: Int) throws -> Author {
        let key = SigningKey.generate(random: random)
        try core.admit(
            Grant(
                device: DeviceID(key.publicKey), sealingKey: SealingKey.generate(random: random).publicKey, role: role,
                areas: areas, validFrom: 0, validUntil: 0, name: name))
        return Author(key, area: area)
    }

    /// A small quick generator for choices; keys come from another one.
    private func pick(_ count: Int) -> Int {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Int(state % UInt64(count))
    }

    private func write(_ author: Author, _ draft: ChangeSetDraft) throws -> ChangeSet {
        let change = try draft.signed(
            by: author.key, ward: core.ward, after: author.link,
            time: HybridTime(seconds: clock.nowSeconds(), counter: 0), seen: seen, salt: random.bytes(16),
            scheme: scheme)
        author.link = ChainLink(sequence: change.header.sequence, id: change.id)
        author.waiting.append(change)
        return change
    }

    /// Uploads what an author wrote.
    private func send(_ author: Author) throws {
        let changes = author.waiting
        if changes.isEmpty { return }
        author.waiting = []
        let received = try core.receive(changes, from: DeviceID(author.key.publicKey))
        guard received.accepted == changes.count else { throw BenchError.failed("fill: \(received)") }
    }

    func fill() throws {
        for chunk in 0..<chunks {
            clock.advance(seconds: Self.chunkSeconds)
            seen = try core.headMark()
            let (oldReports, oldTasks) = (newReports, newTasks)
            (newReports, newTasks) = ([], [])
            try handle(oldReports)
            try carryOut(oldTasks)
            try file(chunk)
            try core.answerAndReact()
            try core.flush()
        }
        openReports += newReports.count
        openTasks += newTasks.count
        try disagree()
        clock.set(seconds: SystemTimeSource().nowSeconds())
        try core.answerAndReact()
        try core.flush()
    }

    /// Whether one of `few` falls on the place `number` of `all`, evenly.
    private static func falls(_ few: Int, on number: Int, of all: Int) -> Bool {
        number * few / all != (number + 1) * few / all
    }

    // MARK: Filing

    private func file(_ chunk: Int) throws {
        let lastReport = chunk == chunks - 1 ? size.reports : min(size.reports, (chunk + 1) * size.pace)
        var writers: [Author] = []
        while filed < lastReport {
            let isEven = Self.falls(size.evenReports, on: filed, of: size.reports)
            if filed % 20 == 0 || writers.isEmpty { writers = [residents[filed / 20 % residents.count]] }
            let area = isEven ? WardSize.evenNeighborhood : 1 + pick(Self.neighborhoods)
            let writer = filed % 3 == 0 ? volunteers[area - 1][filed % 4] : writers[0]
            let change = try write(writer, reportDraft(area))
            newReports.append(Work(document: change.id, creation: change.dot, area: area))
            filed += 1
            if filed % 20 == 0 { try send(writers[0]) }
        }
        for author in writers + volunteers.joined() { try send(author) }
        let lastTask = chunk == chunks - 1 ? size.tasks : min(size.tasks, (chunk + 1) * size.tasks / chunks)
        while made < lastTask {
            let isEven = Self.falls(size.evenTasks, on: made, of: size.tasks)
            let area = isEven ? WardSize.evenNeighborhood : 1 + pick(Self.neighborhoods)
            let change = try write(leads[area - 1], taskDraft(area))
            newTasks.append(Work(document: change.id, creation: change.dot, area: area))
            made += 1
        }
        for lead in leads { try send(lead) }
    }

    private func place() -> String { "số \(1 + pick(400)) đường \(Self.streets[pick(Self.streets.count)])" }

    private func reportDraft(_ area: Int) -> ChangeSetDraft {
        var draft = ChangeSetDraft(kind: .report)
        draft.perform(
            .set(Slot(field: ReportField.category)), .text(Self.categories[pick(Self.categories.count)]))
        draft.perform(.set(Slot(field: ReportField.title)), .text(titles[pick(titles.count)] + ", " + place()))
        draft.perform(
            .set(Slot(field: ReportField.description)),
            .text(descriptions[pick(descriptions.count)] + " " + descriptions[pick(descriptions.count)]))
        draft.perform(.set(Slot(field: ReportField.area)), .text(areaCode(area)))
        draft.perform(.set(Slot(field: ReportField.address)), .text(place()))
        draft.perform(
            .set(Slot(field: ReportField.location)),
            .array([
                .unsigned(UInt64(209_400_000 + pick(300_000))), .unsigned(UInt64(1_070_600_000 + pick(400_000))),
                .unsigned(10),
            ]))
        draft.perform(
            .set(Slot(field: ReportField.urgency)), .text(pick(10) == 0 ? "high" : "normal"))
        draft.perform(.set(Slot(field: ReportField.codeHash)), .bytes(random.bytes(32)))
        return draft
    }

    private func taskDraft(_ area: Int) -> ChangeSetDraft {
        var draft = ChangeSetDraft(kind: .task)
        draft.perform(
            .set(Slot(field: TaskField.title)), .text(Self.errands[pick(Self.errands.count)] + ", " + place()))
        draft.perform(.set(Slot(field: TaskField.area)), .text(areaCode(area)))
        draft.perform(.set(Slot(field: TaskField.kind)), .text(["visit", "service", "digital_id"][pick(3)]))
        draft.perform(
            .set(Slot(field: TaskField.due)), .unsigned(UInt64(clock.nowSeconds() + Int64(5 + pick(20)) * 86_400)))
        return draft
    }

    // MARK: Going on

    private static let agencies = ["kinh_te_ha_tang", "moi_truong", "dien_luc", "cap_nuoc"]

    /// Officers close what came in the week before; two in a thousand stay open for good.
    private func handle(_ reports: [Work]) throws {
        for work in reports {
            if pick(500) == 0 {
                openReports += 1
                continue
            }
            let officer = officers[pick(officers.count)]
            var last = work.creation
            if pick(3) == 0 {
                var draft = ChangeSetDraft(kind: .report, document: work.document)
                draft.perform(.set(Slot(field: ReportField.agency)), .text(Self.agencies[pick(4)]))
                draft.perform(.transition(Slot(field: ReportField.state), to: 3, follows: last))
                last = try write(officer, draft).dot
            }
            var draft = ChangeSetDraft(kind: .report, document: work.document)
            draft.perform(.set(Slot(field: ReportField.result)), .text(results[pick(results.count)]))
            draft.perform(
                .transition(
                    Slot(field: ReportField.state), to: pick(20) == 0 ? 10 : 6, follows: last))
            let closing = try write(officer, draft)
            if work.area != WardSize.evenNeighborhood, published < size.publications, pick(4) == 0,
                draft.operations.contains(.transition(Slot(field: ReportField.state), to: 6, follows: last))
            {
                published += 1
                var draft = ChangeSetDraft(kind: .report, document: work.document)
                draft.perform(.set(Slot(field: ReportField.publicTitle)), .text(titles[pick(titles.count)]))
                draft.perform(.transition(Slot(field: ReportField.state), to: 7, follows: closing.dot))
                _ = try write(officer, draft)
            }
        }
        for officer in officers { try send(officer) }
    }

    /// Volunteers do the tasks of the week before, and their leads say that it is so.
    private func carryOut(_ tasks: [Work]) throws {
        var done: [(work: Work, step: Dot)] = []
        for work in tasks {
            if pick(500) == 0 {
                openTasks += 1
                continue
            }
            let volunteer = volunteers[work.area - 1][pick(4)]
            var draft = ChangeSetDraft(kind: .task, document: work.document)
            draft.perform(.claim(Slot(field: TaskField.claimant)))
            _ = try write(volunteer, draft)
            draft = ChangeSetDraft(kind: .task, document: work.document)
            draft.perform(.transition(Slot(field: TaskField.state), to: 3, follows: work.creation))
            done.append((work, try write(volunteer, draft).dot))
        }
        for author in volunteers.joined() { try send(author) }
        for (work, step) in done {
            var draft = ChangeSetDraft(kind: .task, document: work.document)
            draft.perform(.transition(Slot(field: TaskField.state), to: 4, follows: step))
            _ = try write(leads[work.area - 1], draft)
        }
        for lead in leads { try send(lead) }
    }

    /// Two officers correct the same reports without knowing of each other.
    private func disagree() throws {
        seen = try core.headMark()
        for (number, work) in newReports.prefix(size.conflicts).enumerated() {
            for (officer, category) in [(officers[0], "tree"), (officers[1], "road")] {
                var draft = ChangeSetDraft(kind: .report, document: work.document)
                draft.perform(.set(Slot(field: ReportField.title)), .text("Báo lại \(number): " + category))
                _ = try write(officer, draft)
            }
        }
        for officer in officers { try send(officer) }
    }
}
