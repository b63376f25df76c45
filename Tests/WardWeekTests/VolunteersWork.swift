// What volunteers and leads do: reports on behalf, proposals, tasks at the door, look-ups with consent, verification.

import SyncKit

extension Week {
    /// A round through the neighborhood.
    func volunteersRound(_ person: Person) throws {
        let area = chance.pick(person.areas) ?? person.home
        if chance.percent(20) { try file(person, area: area, source: "volunteer") }
        if chance.percent(12) { try ask(person, consent: true, area: area) }
        let rows = try person.replica.list(.report, states: [1, 2, 3, 4, 5, 6], limit: 60)
        for row in chance.some(2, of: rows) where !person.spoiled.contains(row.id) {
            if let view = try person.replica.document(row.id) { try lookAt(view, person) }
        }
        let tasks = try person.replica.list(.task, states: [1, 2], limit: 60)
        let own = tasks.filter { $0.listing.holder == person.replica.device }
        for row in chance.some(2, of: own) + chance.some(2, of: tasks) {
            try work(on: row.id, person)
        }
    }

    /// A report on the way: a comment, a proposal, a better category.
    private func lookAt(_ view: DocumentView, _ person: Person) throws {
        var draft = ChangeSetDraft(kind: .report, document: view.id)
        switch chance.below(10) {
        case 0...3: draft.append(ReportField.comments, "Đã đi xem " + book.word())
        case 4...6:
            let state = chance.pick(["in_progress", "resolved", "rejected", "flag"]) ?? "flag"
            let value = CBORValue.array([.text(state), .text("Đề nghị " + book.word())])
            draft.perform(.append(Slot(field: ReportField.proposals)), value)
        case 7...8:
            draft.set(ReportField.category, chance.pick(Words.categories) ?? "other")
            if chance.percent(40) { draft.set(ReportField.urgency, chance.pick(Words.urgencies) ?? "normal") }
        default:
            // Also what only an officer may do; the ward refuses it.
            if chance.percent(40), view.accepted != nil, !person.waits(on: view.id) {
                return try misuse(person, view)
            }
            draft.append(ReportField.comments, "Bà con nhắc lại " + book.word())
        }
        try commit(person, draft, on: view)
    }

    /// What a task allows this person, one thing after the other.
    private func work(on id: Digest, _ person: Person) throws {
        for _ in 0..<chance.within(1...4) {
            guard let view = try person.replica.document(id) else { return }
            let situation = TaskSituation(view.state, try person.replica.actor())
            let wanted: [(weight: Int, value: TaskAction)] = [
                (8, .claim), (6, .start), (5, .check), (4, .visit), (3, .note), (5, .done), (4, .attend), (1, .release),
            ].filter { situation.refusal(of: $0.value) == nil }
            guard let action = chance.weighted(wanted) else { return }
            try take(action, view, situation, person)
        }
    }

    private func take(_ action: TaskAction, _ view: DocumentView, _ situation: TaskSituation, _ person: Person) throws {
        var draft = ChangeSetDraft(kind: .task, document: view.id)
        var privates: [(slot: Slot, value: String)] = []
        let claimant = Slot(field: TaskField.claimant)
        switch action {
        case .claim: draft.perform(.claim(claimant))
        case .release:
            guard let holder = situation.holder, situation.holdsIt else { return }
            draft.append(TaskField.notes, "Không kịp " + book.word())
            draft.perform(.release(claimant, claim: holder.dot, successor: nil))
        case .start: draft.step(to: 2, from: view)
        case .done:
            if view.state.text(TaskField.kind) == "lookup", view.state.value(TaskField.lookup) == nil {
                let area = view.state.areas.first ?? person.home
                let question = try ask(person, consent: true, area: area)
                draft.perform(.set(Slot(field: TaskField.lookup)), .bytes(question.bytes))
            }
            draft.set(TaskField.result, "Đã làm xong " + book.word())
            draft.step(to: 3, from: view)
        case .check:
            guard let item = chance.pick(view.state.checklist.filter { !$0.isChecked }) else { return }
            draft.perform(.set(Slot(field: TaskField.checked, key: item.key)), .bool(true))
        case .visit:
            let result = chance.pick(Words.visitResults) ?? "met"
            draft.perform(
                .append(Slot(field: TaskField.visits)), .array([.text(result), .text("Lần này " + book.word())]))
        case .note: draft.append(TaskField.notes, "Ghi chú " + book.word())
        case .attend:
            for _ in 0..<chance.within(1...3) {
                let slot = Slot(field: TaskField.attendance, key: UInt32(1 + chance.below(1_000_000_000)))
                privates.append((slot, "Trần " + sealedWord(.task, TaskField.attendance)))
            }
        default: return
        }
        try commit(person, draft, on: view, privates: privates)
    }

    // MARK: Leads

    /// A lead's hour: make tasks, assign, verify, settle who holds what.
    func leadsRound(_ person: Person) throws {
        for _ in 0..<chance.within(1...3) { try makeTask(person) }
        let rows = try person.replica.list(.task, states: [1, 2, 3], limit: 60)
        for row in rows {
            guard let view = try person.replica.document(row.id) else { continue }
            if view.state.present.state == 3 {
                if chance.percent(70) { try close(view, person) }
            } else if view.state.conflicts.contains(where: { $0.kind == .claims }) {
                if chance.percent(70) { try settleClaims(view, person) }
            } else if chance.percent(8) {
                try lead(view, person)
            }
        }
        if chance.percent(50) { try volunteersRound(person) }
    }

    private func makeTask(_ person: Person) throws {
        let kind = chance.pick(Words.taskKinds) ?? "visit"
        var draft = ChangeSetDraft(kind: .task)
        draft.set(TaskField.title, "Việc " + kind + " " + book.word())
        draft.set(TaskField.kind, kind)
        draft.set(TaskField.area, person.home)
        draft.set(TaskField.address, "Số 7 " + book.word())
        draft.set(TaskField.due, now + Int64(chance.within(1...6)) * 86_400)
        draft.set(TaskField.priority, Int64(chance.within(1...3)))
        for key in 1...UInt32(chance.within(1...3)) {
            draft.perform(.set(Slot(field: TaskField.checklist, key: key)), .text("Bước \(key) " + book.word()))
        }
        if kind == "training" { draft.set(TaskField.starts, now + 86_400) }
        if kind == "verify", let row = chance.pick(try person.replica.list(.report, limit: 40)) {
            draft.perform(.set(Slot(field: TaskField.report)), .bytes(row.id.bytes))
        }
        let household = (Slot(field: TaskField.household), "Hộ " + sealedWord(.task, TaskField.household))
        let contact = (Slot(field: TaskField.contact), "09 " + sealedWord(.task, TaskField.contact))
        try commit(person, draft, privates: [household, contact])
    }

    private func close(_ view: DocumentView, _ person: Person) throws {
        var draft = ChangeSetDraft(kind: .task, document: view.id)
        let isGood = chance.percent(80)
        draft.append(TaskField.notes, (isGood ? "Tốt " : "Làm lại ") + book.word())
        draft.step(to: isGood ? 4 : 1, from: view)
        try commit(person, draft, on: view)
    }

    /// Two claimed the same task offline: one of them keeps it.
    private func settleClaims(_ view: DocumentView, _ person: Person) throws {
        let slot = Slot(field: TaskField.claimant)
        guard let conflict = view.state.conflicts.first(where: { $0.kind == .claims }) else { return }
        var draft = ChangeSetDraft(kind: .task, document: view.id)
        draft.perform(
            .resolve(slot, settled: Set(conflict.entries.map(\.dot)).sorted()),
            .array([.null, .text("Thống nhất " + book.word())]))
        let others = conflict.entries.filter { $0.dot != view.state.holder(TaskField.claimant)?.dot }
        if let holder = view.state.holder(TaskField.claimant), let other = chance.pick(others), chance.percent(50),
            other.action == .claim
        {
            draft.perform(.release(slot, claim: holder.dot, successor: other.dot))
        }
        try commit(person, draft, on: view)
    }

    private func lead(_ view: DocumentView, _ person: Person) throws {
        var draft = ChangeSetDraft(kind: .task, document: view.id)
        switch chance.below(3) {
        case 0:
            let team = of(.volunteer).filter { $0.areas.contains(person.home) }
            guard let member = chance.pick(team) else { return }
            draft.perform(.add(Slot(field: TaskField.assignees)), .bytes(member.replica.device.digest.bytes))
        case 1:
            draft.append(TaskField.notes, "Không cần nữa " + book.word())
            draft.step(to: 5, from: view)
        default:
            guard let holder = view.state.holder(TaskField.claimant) else { return }
            draft.perform(.release(Slot(field: TaskField.claimant), claim: holder.dot, successor: nil))
        }
        try commit(person, draft, on: view)
    }
}
