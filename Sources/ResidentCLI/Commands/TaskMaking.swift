// Making and correcting tasks: fields, usual checklists, what a report or a look-up brings along.

import CommandLineKit
import SyncKit

extension CommandRun {
    private static let itemLimit = 200
    private static let householdLimit = 2000

    /// `ward task new`
    func taskNew() throws(ErrorReport) -> ExitCode {
        let replica = try replica()
        var source = TaskSource()
        if let typed = parsed.option("report") { source.take(try document(replica, .report, typed), .verify) }
        if let typed = parsed.option("lookup") { source.take(try document(replica, .lookup, typed), .lookup) }
        var kind = source.kind
        if let typed = parsed.option("kind") {
            kind = TaskKind(rawValue: try code("--kind", typed, TaskKind.self, .expectKind))
        }
        let title = try newTitle(source)
        var draft = ChangeSetDraft(kind: .task)
        draft.perform(.set(Slot(field: TaskField.title)), .text(title))
        if let kind { draft.perform(.set(Slot(field: TaskField.kind)), .text(kind.rawValue)) }
        try setTaskFields(&draft)
        if parsed.option("address") == nil, let address = source.address {
            draft.perform(.set(Slot(field: TaskField.address)), .text(address))
        }
        for (index, item) in try newItems(kind).enumerated() {
            draft.perform(.set(Slot(field: TaskField.checklist, key: UInt32(index + 1))), .text(item))
        }
        let area = parsed.option("area") == nil ? source.area : nil
        if let area {
            draft.perform(.set(Slot(field: TaskField.area)), .text(area))
        } else {
            draft.perform(.set(Slot(field: TaskField.area)), .text(try newArea(replica)))
        }
        for (field, id) in source.links { draft.perform(.set(Slot(field: field)), .bytes(id.bytes)) }
        return try save(replica, draft, privates: try taskPrivates(), title: title)
    }

    private func newTitle(_ source: TaskSource) throws(ErrorReport) -> String {
        if let title = try text(option: "title", limit: Self.taskTitleLimit) { return title }
        if let (words, about) = source.title {
            let title = terminal.say(words, about)
            return Self.shortened(title, to: Self.taskTitleLimit)
        }
        guard let typed = Prompt(terminal).line(TaskSay.noTitle.message) else {
            throw ErrorReport.cannotAsk(option: "--title", helpCommand: name + " --help")
        }
        return try text("--title", typed, limit: Self.taskTitleLimit)
    }

    /// As many whole characters as fit.
    static func shortened(_ text: String, to limit: Int) -> String {
        var kept = Substring(text)
        while kept.utf8.count > limit { kept.removeLast() }
        return String(kept)
    }

    /// The items as given, else those that are usual for the kind.
    private func newItems(_ kind: TaskKind?) throws(ErrorReport) -> [String] {
        let given = parsed.options("item").prefix(Self.itemLimit)
        if !given.isEmpty {
            return try given.map { item throws(ErrorReport) in
                try text("--item", item, limit: Self.taskTitleLimit)
            }
        }
        if parsed.flag("no-items") { return [] }
        return (kind?.usualItems ?? []).map { terminal.word($0) }
    }

    /// The fields that a new task and an edit have in common.
    private func setTaskFields(_ draft: inout ChangeSetDraft) throws(ErrorReport) {
        if let due = parsed.option("due") {
            draft.perform(.set(Slot(field: TaskField.due)), CBORValue(try day("--due", due)))
        }
        if let starts = parsed.option("starts") {
            draft.perform(.set(Slot(field: TaskField.starts)), CBORValue(try moment("--starts", starts)))
        }
        if let priority = parsed.integer("priority") {
            draft.perform(.set(Slot(field: TaskField.priority)), CBORValue(priority))
        }
        if let address = try text(option: "address", limit: Self.taskTitleLimit) {
            draft.perform(.set(Slot(field: TaskField.address)), .text(address))
        }
    }

    private func taskPrivates() throws(ErrorReport) -> [(slot: Slot, value: String)] {
        var privates: [(slot: Slot, value: String)] = []
        if let household = try text(option: "household", limit: Self.householdLimit) {
            privates.append((Slot(field: TaskField.household), household))
        }
        if let contact = try text(option: "contact", limit: Self.householdLimit) {
            privates.append((Slot(field: TaskField.contact), contact))
        }
        return privates
    }

    /// A day with a time of day, in either order; without one the day's beginning.
    func moment(_ option: String, _ given: String) throws(ErrorReport) -> Int64 {
        var date: CivilDate?
        var minutes: Int64?
        for part in given.split(separator: " ") {
            if let day = CivilDate.parse(String(part)), date == nil {
                date = day
            } else if let time = Self.minutes(part), minutes == nil {
                minutes = time
            } else {
                throw bad(option, given, TaskSay.expectMoment.message)
            }
        }
        guard let date else { throw bad(option, given, TaskSay.expectMoment.message) }
        return date.startSeconds() + (minutes ?? 0) * 60
    }

    /// `HH:mm` as minutes of the day.
    private static func minutes(_ text: Substring) -> Int64? {
        let parts = text.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard parts.count == 2, (1...2).contains(parts[0].count), parts[1].count == 2,
            parts.joined().allSatisfy({ (0x30...0x39).contains($0) }),
            let hour = Int64(String(decoding: parts[0], as: UTF8.self)),
            let minute = Int64(String(decoding: parts[1], as: UTF8.self)), hour < 24, minute < 60
        else { return nil }
        return hour * 60 + minute
    }

    // MARK: Correcting

    /// `ward task edit ID`
    func taskEdit() throws(ErrorReport) -> ExitCode {
        let privates = try taskPrivates()
        let replica = try replica()
        let work = try taskWork(replica)
        try check(.edit, work)
        var draft = work.draft
        if let title = try text(option: "title", limit: Self.taskTitleLimit) {
            draft.perform(.set(Slot(field: TaskField.title)), .text(title))
        }
        if let given = parsed.option("area") {
            let area = try area("--area", given, ward: replica.descriptor.area)
            draft.perform(.set(Slot(field: TaskField.area)), .text(area))
        }
        if let typed = parsed.option("kind") {
            let kind = try code("--kind", typed, TaskKind.self, .expectKind)
            draft.perform(.set(Slot(field: TaskField.kind)), .text(kind))
        }
        try setTaskFields(&draft)
        try editItems(work, &draft)
        if let typed = parsed.option("lookup") {
            let id = try attempt { () throws(ReplicaError) in try replica.resolve(typed, kind: .lookup) }
            draft.perform(.set(Slot(field: TaskField.lookup)), .bytes(id.bytes))
        }
        guard !draft.operations.isEmpty || !privates.isEmpty else { throw nothingToChange() }
        return try save(replica, draft, privates: privates)
    }

    private func editItems(_ work: TaskWork, _ draft: inout ChangeSetDraft) throws(ErrorReport) {
        let items = work.state.checklist
        for typed in parsed.options("drop-item").prefix(Self.itemLimit) {
            guard let key = UInt32(typed), items.contains(where: { $0.key == key }) else {
                throw bad("--drop-item", typed, Say.expectItem.message)
            }
            draft.perform(.set(Slot(field: TaskField.checklist, key: key)), .null)
        }
        // Numbers of items that were dropped are not given again: somebody may have ticked them meanwhile.
        let used = work.state.slots.filter { $0.slot.field == TaskField.checklist }.compactMap(\.slot.key)
        var key = used.max() ?? 0
        for item in parsed.options("item").prefix(Self.itemLimit) {
            guard key < UInt32.max else { break }
            key += 1
            draft.perform(
                .set(Slot(field: TaskField.checklist, key: key)),
                .text(try text("--item", item, limit: Self.taskTitleLimit)))
        }
    }
}

/// What a task takes over from the report or the look-up that it is about.
private struct TaskSource {
    var kind: TaskKind?
    var title: (TaskSay, String)?
    var area: String?
    var address: String?
    var links: [(field: UInt8, id: Digest)] = []

    mutating func take(_ view: DocumentView, _ kind: TaskKind) {
        let state = view.state
        if self.kind == nil { self.kind = kind }
        if area == nil { area = state.areas.first }
        if view.state.kind == .report {
            title = (.verifyTitle, state.text(ReportField.title) ?? ShortID.text(view.id))
            address = state.text(ReportField.address)
            links.append((TaskField.report, view.id))
        } else {
            if title == nil { title = (.lookupTitle, state.text(LookupField.code) ?? ShortID.text(view.id)) }
            links.append((TaskField.lookup, view.id))
        }
    }
}
