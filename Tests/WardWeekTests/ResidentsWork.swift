// What residents do: file, answer, rate, take up again, follow by code, look dossiers up.

import SyncKit

extension Week {
    /// Files a report, as `ward report new` does.
    func file(_ person: Person, area: String, source: String) throws {
        var draft = ChangeSetDraft(kind: .report)
        let subject = chance.below(Words.categories.count)
        let spot = chance.below(3)
        draft.set(ReportField.category, chance.percent(85) ? Words.categories[subject] : "other")
        draft.set(ReportField.title, Words.subjects[subject] + " " + book.word())
        draft.set(ReportField.description, "Nhờ phường xem giúp " + book.word())
        draft.set(ReportField.area, area)
        draft.set(ReportField.address, "Ngõ \(spot + 1) " + book.word())
        draft.perform(.set(Slot(field: ReportField.location)), Words.spot(area, spot))
        if chance.percent(60) { draft.set(ReportField.urgency, chance.pick(Words.urgencies) ?? "normal") }
        draft.set(ReportField.source, source)
        if chance.percent(5) { draft.set(ReportField.visibility, "limited") }
        var privates: [(slot: Slot, value: String)] = []
        for (field, share) in [(ReportField.reporterName, 80), (ReportField.reporterPhone, 60)]
        where chance.percent(share) {
            privates.append((Slot(field: field), "Nguyễn " + sealedWord(.report, field)))
        }
        // A program of somebody else may file without a code.
        var code: LookupCode?
        if chance.percent(88) {
            let made = LookupCode(random: book.codeBytes)
            draft.perform(.set(Slot(field: ReportField.codeHash)), .bytes(made.hash.bytes))
            book.note(code: made.canonical)
            book.canary(made.canonical)?.writers.insert(person.number)
            code = made
        }
        person.filed.append(try commit(person, draft, privates: privates, keeping: code))
        if let code, chance.percent(20) { neighbor(of: area)?.codesToFollow.append(code) }
    }

    /// A word for a private field, with its readers by the table.
    func sealedWord(_ kind: DocumentKind, _ field: UInt8) -> String {
        let readers = rules.field(kind.name, field)?.disclosedTo
        return book.word(readers.map { $0.isEmpty ? .secret : .sealed(disclosedTo: $0) } ?? .open)
    }

    func neighbor(of area: String) -> Person? { chance.pick(of(.resident).filter { $0.home == area }) }

    /// What a resident does with the phone in the hand.
    func residentsRound(_ person: Person) throws {
        for id in person.filed where !person.spoiled.contains(id) && !person.waits(on: id) {
            if let view = try person.replica.document(id), view.accepted != nil { try followUp(person, view) }
        }
        while let code = person.codesToFollow.popLast() {
            book.canary(code.canonical)?.writers.insert(person.number)
            let id = try commit(person, Follow.draft(code), keeping: code)
            person.follows.append((id, code.canonical))
        }
        while let code = person.codesToRate.popLast() { try rate(person, code) }
    }

    private func followUp(_ person: Person, _ view: DocumentView) throws {
        let state = view.state.present.state
        let isFixed = view.state.text(ReportField.resolution) == "fixed"
        switch state {
        case 5 where !person.commented.contains(view.id):
            person.commented.insert(view.id)
            try comment(person, view, "Số nhà 12 " + book.word())
        case 6, 7:
            let isRated = view.state.hasTaken(8, since: 6)
            if !isRated, chance.percent(isFixed ? 45 : 20) {
                var draft = ChangeSetDraft(kind: .report, document: view.id)
                draft.set(ReportField.rating, Int64(isFixed ? chance.within(2...5) : chance.within(1...3)))
                if chance.percent(50) { draft.set(ReportField.ratingComment, "Cảm ơn " + book.word()) }
                draft.step(to: 8, from: view)
                try commit(person, draft, on: view)
            } else if chance.percent(isFixed ? 8 : 30) {
                try reopen(person, view)
            }
        case 8, 10, 11: if chance.percent(12) { try reopen(person, view) }
        case 1...4:
            if chance.percent(12) {
                try comment(person, view, "Vẫn chưa thấy ai tới " + book.word())
            } else if chance.percent(4) {
                try misuse(person, view)
            }
        default: break
        }
    }

    func comment(_ person: Person, _ view: DocumentView, _ text: String) throws {
        var draft = ChangeSetDraft(kind: .report, document: view.id)
        draft.append(ReportField.comments, text)
        try commit(person, draft, on: view)
    }

    func reopen(_ person: Person, _ view: DocumentView) throws {
        var draft = ChangeSetDraft(kind: .report, document: view.id)
        draft.append(ReportField.comments, "Vẫn hỏng " + book.word())
        draft.step(to: 9, from: view)
        try commit(person, draft, on: view)
    }

    /// A changed program takes an officer's step; the ward refuses it.
    func misuse(_ person: Person, _ view: DocumentView) throws {
        var draft = ChangeSetDraft(kind: .report, document: view.id)
        draft.set(ReportField.result, "Xong rồi " + book.word())
        draft.set(ReportField.resolution, "fixed")
        draft.step(to: 6, from: view)
        try commit(person, draft, on: view, checksEarly: false)
        person.spoiled.insert(view.id)
    }

    /// Rates with the code on the paper.
    private func rate(_ person: Person, _ code: RatingCode) throws {
        var draft = ChangeSetDraft(kind: .rating)
        draft.set(RatingField.value, Int64(chance.percent(95) ? chance.within(1...5) : 9))
        if chance.percent(60) { draft.set(RatingField.comment, "Nhanh " + book.word()) }
        book.canary(code.canonical)?.writers.insert(person.number)
        let slot = Slot(field: RatingField.code)
        let id = try commit(person, draft, privates: [(slot, code.canonical)])
        expected.typedCodes[id] = code.hash
    }

    /// Asks for a dossier; somebody of a team notes that the person agreed.
    @discardableResult
    func ask(_ person: Person, consent: Bool, area: String) throws -> Digest {
        let number = chance.below(dossierCodes.count + dossierCodes.count / 6)
        let isKnown = number < dossierCodes.count
        let code = isKnown ? dossierCodes[number] : "H49-" + book.word()
        var secret = isKnown ? expected.dossiers[code]?.secret ?? "" : ""
        if secret.isEmpty || chance.percent(12) { secret = sealedWord(.lookup, LookupField.secret) }
        book.canary(secret)?.writers.insert(person.number)
        var draft = ChangeSetDraft(kind: .lookup)
        draft.set(LookupField.code, code)
        draft.set(LookupField.area, area)
        if consent { draft.set(LookupField.consent, "Bà Hoa đồng ý " + book.word()) }
        let reply = person.replica.makeReplyKey()
        draft.perform(.set(Slot(field: LookupField.replyKey)), .bytes(reply.publicKey.bytes))
        let slot = Slot(field: LookupField.secret)
        let id = try commit(person, draft, privates: [(slot, secret)], reply: reply)
        expected.typedSecrets[id] = secret
        person.asked.append(id)
        return id
    }
}
