// Lists of documents: tables for people, arrays for programs.

import CommandLineKit
import SyncKit

/// Prints the documents of a kind.
struct ListPage {
    static let defaultLimit = 200
    /// The state of what the ward did not accept yet.
    static let queued = "queued"

    let kind: DocumentKind
    let reader: ReplicaReader
    let run: CommandRun
    private let now: Int64
    private let overdueWord: String
    private let incompleteWord: String

    init(kind: DocumentKind, reader: ReplicaReader, run: CommandRun) {
        self.kind = kind
        self.reader = reader
        self.run = run
        now = run.time.nowSeconds()
        overdueWord = run.terminal.say(.overdue)
        incompleteWord = run.terminal.word(AttachWord.incomplete.message)
    }

    private var terminal: Terminal { run.terminal }

    /// Reads `--area`, `--state`, `--limit` and `--all`, then prints.
    func print() throws(ErrorReport) -> ExitCode {
        var filter = ListFilter()
        if let area = run.parsed.option("area") {
            let ward = try run.attempt { () throws(ReplicaError) in try reader.descriptor() }.area
            try run.narrow(&filter, to: area, ward: ward)
        }
        if kind == .task { filter.tasks = try run.taskFilter(reader, &filter) }
        if kind != .area, kind != .task, let state = run.parsed.option("state") {
            if [Self.queued, SearchFold.fold(Say.waiting.message.vi)].contains(SearchFold.fold(state)) {
                filter.isQueued = true
            } else {
                filter.states = [try run.state("--state", state, kind)]
            }
        }
        let limit = run.parsed.flag("all") ? nil : Int(run.parsed.integer("limit") ?? Int64(Self.defaultLimit))
        if onlyOverdue, filter.states.isEmpty {
            filter.states = ReportStateNumber.allCases.filter { !$0.isClosed }.map(\.rawValue)
        }
        if terminal.isJSON { return try writeJSON(filter, limit) }
        let (table, fitting) = try readTable(filter, limit)
        let shown = table.rowCount
        var total = fitting
        if shown == limit, !onlyOverdue {
            total = try run.attempt { () throws(ReplicaError) in try reader.count(kind, filter) }
        }
        run.doneReading()
        if shown > 0 { terminal.print(table) } else { terminal.remark(Say.noItems.message) }
        if total > shown { terminal.remark(Say.moreItems.message, String(total - shown)) }
        return .ok
    }

    private var onlyOverdue: Bool { kind == .report && run.parsed.flag("overdue") }

    /// How the deadline of a row's report stands, which is asked only while the report is open.
    private struct Deadlines {
        let settings: WardSettings
        let calendar: WorkingCalendar
        let now: Int64

        func deadline(_ row: ListedRow) -> Deadline? {
            guard row.isAccepted, let state = ReportStateNumber(rawValue: row.status), !state.isClosed,
                let course = row.course
            else { return nil }
            return Deadline(course, settings, calendar: calendar, now: now)
        }
    }

    private func deadlines(_ settings: WardSettings) -> Deadlines? {
        guard kind == .report else { return nil }
        return Deadlines(settings: settings, calendar: settings.calendar, now: run.time.nowSeconds())
    }

    // MARK: For people

    private var columns: [Table.Column] {
        let id = Table.Column(Say.id.message)
        let state = Table.Column(Say.state.message)
        let area = Table.Column(Say.area.message)
        let marks = Table.Column(Say.marks.message)
        switch kind {
        case .task:
            return [
                id, state, Table.Column(Say.due.message), area, Table.Column(Say.holder.message, maximum: 24), marks,
                Table.Column(Say.task.message, minimum: 16, flexible: true),
            ]
        case .lookup:
            return [
                id, state, Table.Column(LookupSay.asOfHeading.message), marks,
                Table.Column(Say.dossier.message, flexible: true),
            ]
        default:
            return [
                id, state, Table.Column(Say.updated.message), area, Table.Column(Say.category.message, maximum: 24),
                marks,
                Table.Column(Say.report.message, minimum: 16, flexible: true),
            ]
        }
    }

    /// - Returns: the table, and how many rows it would have without the limit, as far as they were gone through.
    private func readTable(_ filter: ListFilter, _ limit: Int?) throws(ErrorReport) -> (table: Table, fitting: Int) {
        var fitting = 0
        var table = Table(columns)
        table.reserve(rows: limit ?? 4096)
        let settings = try run.attempt { () throws(ReplicaError) in try reader.settings() }
        let states = (0...20).map { terminal.word(settings.stateMessage(kind, UInt8($0))) }
        let claimed = terminal.say(.claimed)
        let provisional = terminal.say(.claimedProvisional)
        let released = terminal.word(TaskStageWord.released.message)
        let waiting = terminal.say(.waiting)
        let notAccepted = terminal.say(.notAccepted)
        let me = terminal.say(.me)
        let names = Dictionary(
            settings.categories.map { ($0.code, terminal.word($0.message)) }, uniquingKeysWith: { first, _ in first })
        var days: [Int64: String] = [:]
        let book = run.areaBook()
        var areas: [String: String] = [:]
        let deadlines = deadlines(settings)
        let onlyOverdue = onlyOverdue
        try run.attempt { () throws(ReplicaError) in
            try reader.eachRow(kind, filter, limit: onlyOverdue ? nil : limit) { row in
                let deadline = deadlines?.deadline(row)
                if onlyOverdue, deadline?.standing != .overdue { return }
                fitting += 1
                if onlyOverdue, limit.map({ table.rowCount >= $0 }) ?? false { return }
                row.withID { id in ShortID.bytes(id).withUnsafeBufferPointer { table.add(bytes: $0) } }
                let status = Int(row.status)
                if !row.isAccepted {
                    table.add(row.pending > 0 ? waiting : notAccepted)
                } else if kind == .task, status == 1, row.hasHolder {
                    table.add(row.flags.contains(.provisionalClaim) ? provisional : claimed)
                } else if kind == .task, row.flags.contains(.released) {
                    table.add(released)
                } else {
                    table.add(status < states.count ? states[status] : "?")
                }
                let seconds = kind == .task ? row.due : row.updated
                if kind == .lookup {
                    table.add(age(row.detail))
                } else if let seconds {
                    let day = (seconds &+ Int64(VietnamTime.offsetSeconds)) / 86_400
                    let text = days[day] ?? LocalTime(seconds: seconds).dateText
                    days[day] = text
                    table.add(text)
                } else {
                    table.add("")
                }
                if kind != .lookup {
                    let code = row.area
                    let name = areas[code] ?? book?.shortName(code) ?? code
                    areas[code] = name
                    table.add(name)
                }
                if kind == .task {
                    row.withHolder { holder in
                        if holder.isEmpty, row.hasHolder { table.add(me) } else { table.add(bytes: holder) }
                    }
                } else if kind == .report {
                    let category = row.detail
                    table.add(names[category] ?? settings.categoryName(category, terminal))
                }
                let mark = deadline.flatMap { terminal.deadlineMark($0, now: deadlines?.now ?? 0) }
                let isOverdue = deadline?.standing == .overdue
                table.add(marks(row, mark), isOverdue ? .red : row.flags.contains(.conflict) ? .yellow : nil)
                row.withTitle { table.add(bytes: $0) }
            }
        }
        return (table, fitting)
    }

    /// How old the answer to a look-up is, and whether it is out of date.
    private func age(_ times: String) -> String {
        let numbers = times.split(separator: " ").compactMap { Int64($0) }
        guard numbers.count == 2 else { return "" }
        let now = run.time.nowSeconds()
        let age = ValueText(terminal: terminal).ago(numbers[0], now: now)
        return now > numbers[1] ? age + ", " + terminal.word(LookupSay.outdated.message) : age
    }

    private func marks(_ row: ListedRow, _ deadline: String?) -> String {
        let flags = row.flags
        var words = [deadline].compactMap { $0 }
        if kind == .task { words += taskMarks(row) }
        if row.isIncomplete { words.append(incompleteWord) }
        if flags.isDisjoint(with: [.conflict, .disputed]), row.pending == 0 { return words.joined(separator: ", ") }
        if row.pending > 0 { words.append(terminal.say(.waiting)) }
        if flags.contains(.disputed) {
            words.append(terminal.say(.disputed))
        } else if flags.contains(.conflict) {
            words.append(terminal.say(.conflict))
        }
        return words.joined(separator: ", ")
    }

    private func isOverdue(_ row: ListedRow) -> Bool {
        guard row.status < 3, let due = row.due else { return false }
        return due < now
    }

    private func taskMarks(_ row: ListedRow) -> [String] {
        var words: [String] = []
        if isOverdue(row) { words.append(overdueWord) }
        if row.flags.contains(.sentBack) { words.append(terminal.say(.sentBack)) }
        if row.flags.contains(.lostClaim) { words.append(terminal.say(.alsoClaimed)) }
        return words
    }

    // MARK: For programs

    private func writeJSON(_ filter: ListFilter, _ limit: Int?) throws(ErrorReport) -> ExitCode {
        var total = try run.attempt { () throws(ReplicaError) in try reader.count(kind, filter) }
        let settings = try run.attempt { () throws(ReplicaError) in try reader.settings() }
        let deadlines = deadlines(settings)
        let onlyOverdue = onlyOverdue
        try terminal.printJSON { (json: inout JSONWriter) throws(ErrorReport) in
            try json.object { (json: inout JSONWriter) throws(ErrorReport) in
                var shown = 0
                try json.array("items") { (json: inout JSONWriter) throws(ErrorReport) in
                    try run.attempt { () throws(ReplicaError) in
                        try reader.eachRow(kind, filter, limit: onlyOverdue ? nil : limit) { row in
                            let deadline = deadlines?.deadline(row)
                            if onlyOverdue, deadline?.standing != .overdue {
                                total -= 1
                                return
                            }
                            if limit.map({ shown >= $0 }) ?? false { return }
                            shown += 1
                            write(row, deadline, to: &json)
                        }
                    }
                }
                json.member("shown", shown)
                json.member("total", total)
            }
        }
        return .ok
    }

    private func write(_ row: ListedRow, _ deadline: Deadline?, to json: inout JSONWriter) {
        json.object { json in
            let id = row.id
            json.member("id", id.hex)
            json.member("short_id", ShortID.text(id))
            json.member("title", row.title)
            json.member("state", row.isAccepted ? WorkflowRules.name(kind, row.status) : Self.queued)
            json.member("area", row.area)
            json.member("area_name", run.areaBook()?.shortName(row.area))
            json.member("updated", LocalTime(seconds: row.updated).iso8601)
            switch kind {
            case .task:
                json.member("due", row.due.map { LocalTime(seconds: $0).iso8601 })
                json.member("priority", row.priority)
                json.member("overdue", isOverdue(row))
                json.member("mine", row.flags.contains(.own))
                json.member("kind", row.detail)
                json.member("claimed", row.hasHolder)
                json.member("holder", row.holder.isEmpty ? nil : row.holder)
            case .lookup:
                let numbers = row.detail.split(separator: " ").compactMap { Int64($0) }
                json.member("as_of", numbers.first.map { LocalTime(seconds: $0).iso8601 })
                json.member("stale", numbers.count == 2 ? run.time.nowSeconds() > numbers[1] : nil)
            case .report:
                json.member("category", row.detail)
                deadline?.write(to: &json)
            default: break
            }
            json.member("pending", row.pending)
            json.member("files_incomplete", row.isIncomplete)
            json.member("conflict", row.flags.contains(.conflict))
            json.member("disputed", row.flags.contains(.disputed))
        }
    }
}
