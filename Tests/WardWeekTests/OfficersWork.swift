// What officers do with reports: the steps of the commands, with everything that is written beside them.

import SyncKit

extension Week {
    /// An hour at the desk.
    func officersRound(_ person: Person) throws {
        let open = try person.replica.list(.report, states: [1, 2, 3, 4, 5, 9], limit: 400)
        for row in chance.some(chance.within(20...32), of: open) { try handle(row.id, person) }
        let closed = try person.replica.list(.report, states: [6, 7, 8, 10, 11, 12], limit: 400)
        for row in chance.some(10, of: closed) { try handle(row.id, person) }
        for row in chance.some(1, of: try person.replica.unansweredLookups()) { try answer(row.id, person) }
        if chance.percent(30) { try settleConflicts(person, most: 2) }
        if chance.percent(30) { try tellEverybody(person) }
    }

    private func handle(_ id: Digest, _ person: Person) throws {
        guard let view = try person.replica.document(id), view.accepted != nil else { return }
        let allowed = Permission.steps(try person.replica.actor(), view.state)
        let choices: [(weight: Int, value: UInt8)] = Self.wishes(view.state.present.state)
            .filter { $0.value == 0 || allowed.contains($0.value) }
        guard let step = chance.weighted(choices) else { return }
        if step == 0 { return try edit(view, person) }
        var draft = ChangeSetDraft(kind: .report, document: view.id)
        var privates: [(slot: Slot, value: String)] = []
        guard try fill(&draft, step, view, person) else { return }
        draft.step(to: step, from: view)
        if step == 2, chance.percent(5) {
            let slot = Slot(field: ReportField.reporterPhone)
            privates.append((slot, "09 " + sealedWord(.report, ReportField.reporterPhone)))
        }
        try commit(person, draft, on: view, privates: privates)
    }

    /// How often officers take which step from a state; 0 is to leave it there.
    private static func wishes(_ state: UInt8) -> [(weight: Int, value: UInt8)] {
        switch state {
        case 1: [(50, 2), (14, 3), (6, 5), (5, 6), (6, 10), (30, 11), (3, 12), (3, 0)]
        case 2: [(55, 3), (12, 4), (8, 5), (5, 10), (20, 11), (3, 12), (6, 0)]
        case 3: [(45, 4), (30, 6), (8, 5), (4, 12), (8, 0)]
        case 4: [(65, 6), (8, 5), (5, 12), (6, 3), (6, 0)]
        case 5: [(30, 4), (10, 2), (10, 6), (50, 0)]
        case 6: [(60, 7), (5, 9), (30, 0)]
        case 7: [(4, 9), (10, 0)]
        case 8: [(30, 7), (10, 0)]
        case 9: [(45, 4), (25, 6), (15, 3), (5, 10), (5, 5)]
        case 11: [(25, 1), (10, 0)]
        case 12: [(10, 3), (10, 6)]
        default: []
        }
    }

    /// What the commands write beside a step.
    /// - Returns: false where there is nothing to do after all.
    private func fill(_ draft: inout ChangeSetDraft, _ step: UInt8, _ view: DocumentView, _ person: Person) throws
        -> Bool
    {
        switch step {
        case 1:
            guard let link = view.state.link(ReportField.duplicateOf) else { return false }
            draft.perform(.unlink(Slot(field: ReportField.duplicateOf), link: link.dot))
        case 2:
            let typed = view.state.text(ReportField.category) ?? "other"
            let isRight = typed != "other" && chance.percent(80)
            draft.set(ReportField.category, isRight ? typed : chance.pick(Words.categories) ?? "other")
            if chance.percent(50) { draft.set(ReportField.urgency, chance.pick(Words.urgencies) ?? "normal") }
        case 3:
            draft.set(ReportField.agency, chance.pick(Words.agencies) ?? "")
            if chance.percent(50) {
                draft.set(ReportField.due, WeekCalendar.moment(today + chance.within(0...6), 17))
            }
        case 5: draft.append(ReportField.question, "Số nhà nào? " + book.word())
        case 6: resolve(&draft, view)
        case 7:
            guard view.state.text(ReportField.visibility) != "limited" else { return false }
            draft.set(ReportField.publicTitle, "Đã sửa " + book.word())
            if chance.percent(60) { draft.set(ReportField.publicText, "Xong trong ngày " + book.word()) }
        case 9: draft.append(ReportField.comments, "Làm lại " + book.word())
        case 10, 12: draft.set(ReportField.result, "Lý do " + book.word())
        case 11: return try link(&draft, view, person)
        default: break
        }
        return true
    }

    private func resolve(_ draft: inout ChangeSetDraft, _ view: DocumentView) {
        draft.set(ReportField.result, "Đã xử lý " + book.word())
        let found: [(weight: Int, value: String)] = [(75, "fixed"), (18, "not_fixed"), (7, "no_fault")]
        draft.set(ReportField.resolution, chance.weighted(found) ?? "fixed")
        guard chance.percent(80), let code = RatingCode(parsing: LookupCode(random: book.codeBytes).canonical) else {
            return
        }
        book.note(code: code.canonical)
        draft.perform(.set(Slot(field: ReportField.ratingCodeHash)), .bytes(code.hash.bytes))
        if chance.percent(60), let area = view.state.areas.first { neighbor(of: area)?.codesToRate.append(code) }
    }

    /// Links a report to an older one of the same category nearby.
    private func link(_ draft: inout ChangeSetDraft, _ view: DocumentView, _ person: Person) throws -> Bool {
        guard view.state.link(ReportField.duplicateOf) == nil, let own = view.history.first?.position,
            let category = view.state.text(ReportField.category),
            let place = GeoPoint(view.state.value(ReportField.location))
        else { return false }
        for near in try person.replica.nearby(category: category, place, radiusMetres: 200, filedFrom: 0)
        where near.id != view.id {
            guard let first = try person.replica.document(near.id)?.history.first, first.position < own else {
                continue
            }
            draft.perform(.link(Slot(field: ReportField.duplicateOf), target: near.id))
            return true
        }
        return false
    }

    /// What is changed without a step.
    private func edit(_ view: DocumentView, _ person: Person) throws {
        var draft = ChangeSetDraft(kind: .report, document: view.id)
        switch (view.state.present.state, chance.below(6)) {
        case (7, 0...1):
            draft.perform(.set(Slot(field: ReportField.publicTitle)), .null)
            draft.perform(.set(Slot(field: ReportField.publicText)), .null)
        case (1...5, 0...1): draft.set(ReportField.area, chance.pick(Self.neighborhoods) ?? Self.area)
        case (1...5, 2): draft.set(ReportField.category, chance.pick(Words.categories) ?? "other")
        case (3...4, 3): draft.set(ReportField.due, WeekCalendar.moment(today + chance.within(1...5), 11))
        case (3...4, 4): draft.set(ReportField.agency, chance.pick(Words.agencies) ?? "")
        default: draft.append(ReportField.comments, "Đang liên hệ " + book.word())
        }
        try commit(person, draft, on: view)
    }

    /// Answers what the registry does not know.
    private func answer(_ id: Digest, _ person: Person) throws {
        guard let view = try person.replica.document(id), view.state.present.state == 3 else { return }
        setClock(person)
        let seen = try person.replica.seen().position.index
        let words = book.word(.secret)
        let saved = try person.replica.answer(
            view, .found,
            [
                CBORValue.Pair(.unsigned(AnswerPart.status), .unsigned(4)),
                CBORValue.Pair(.unsigned(AnswerPart.step), .text("Hồ sơ giấy " + words)),
            ])
        var draft = ChangeSetDraft(kind: .lookup, document: id)
        draft.step(to: 2, from: view)
        draft.perform(.append(Slot(field: LookupField.answer)), .null)
        note(person, saved, draft, [], on: view, seen: seen)
        answeredByHand[saved.dot] = (id, words)
    }

    /// Decides conflicts as `ward conflict resolve` does.
    func settleConflicts(_ person: Person, most: Int) throws {
        for row in chance.some(most, of: try person.replica.conflicted()) {
            guard let view = try person.replica.document(row.id), let conflict = view.state.conflicts.first else {
                continue
            }
            var draft = ChangeSetDraft(kind: view.state.kind, document: view.id)
            var chosen = CBORValue.null
            if conflict.kind == .values {
                guard let entry = chance.pick(conflict.entries) else { continue }
                chosen = (try? CBORValue(decoding: entry.value)) ?? .null
                if entry.action == .resolution, case .array(let parts) = chosen { chosen = parts.first ?? .null }
            }
            draft.perform(
                .resolve(conflict.slot, settled: Set(conflict.entries.map(\.dot)).sorted()),
                .array([chosen, .text("Đã hỏi " + book.word())]))
            try commit(person, draft, on: view)
        }
    }

    /// A notice, an alert with an end, a place.
    private func tellEverybody(_ person: Person) throws {
        switch chance.below(3) {
        case 0:
            var draft = ChangeSetDraft(kind: .notice)
            draft.set(NoticeField.title, "Lịch tiếp dân " + book.word())
            draft.set(NoticeField.body, "Nhà văn hoá " + book.word())
            try commit(person, draft)
        case 1:
            var draft = ChangeSetDraft(kind: .alert)
            draft.set(AlertField.title, "Báo động lũ " + book.word())
            draft.set(AlertField.category, "flood")
            draft.set(AlertField.level, Int64(chance.within(1...3)))
            draft.set(AlertField.validUntil, now + Int64(chance.within(2...30)) * 3600)
            draft.set(AlertField.area, chance.pick(Self.neighborhoods) ?? Self.area)
            try commit(person, draft)
        default:
            var draft = ChangeSetDraft(kind: .place)
            draft.set(PlaceField.name, "Điểm wifi " + book.word())
            draft.set(PlaceField.category, "wifi")
            try commit(person, draft)
        }
    }
}
