// What the ward's server and its admin do: imports, lists, a promotion, a lost phone; and an auditor who may not write.

import SyncKit

extension Week {
    /// The neighborhoods and the registry of dossiers.
    func importReference() {
        var drafts: [ChangeSetDraft] = []
        for (place, code) in Self.neighborhoods.enumerated() {
            var draft = ChangeSetDraft(kind: .area)
            draft.set(AreaField.code, code)
            draft.set(AreaField.name, "Khu phố \(place + 1)")
            drafts.append(draft)
        }
        let all = drafts
        _ = try? service.withCore { core in try core.author(all) }
        for number in 1...40 {
            dossierCodes.append("000.17.22.H49-260401-\(String(10_000 + number).dropFirst())")
        }
        importDossiers()
        noteHead()
    }

    /// A new export of the one-stop system: the same dossiers, new words in every answer.
    func importDossiers() {
        for code in dossierCodes {
            let secret = expected.dossiers[code]?.secret ?? book.registered()
            let answer = book.registered()
            registryWords.insert(answer)
            expected.dossiers[code] = (secret, answer)
            let dossier = Dossier(
                code: code, secret: secret, status: Int64(chance.within(1...10)), step: "Thẩm định " + answer,
                agency: "UBND phường", received: "01/04/2026", due: "29/04/2026", missing: "", asOf: now)
            _ = try? service.withCore { core in try core.importDossier(dossier) }
        }
    }

    /// The admin's lists: low urgency takes four working days here instead of seven.
    func configure() throws {
        guard let admin = of(.admin).first else { return }
        var draft = ChangeSetDraft(kind: .settings)
        draft.set(SettingsField.topic, "deadlines")
        draft.set(SettingsField.lines, "low = 4")
        try commit(admin, draft)
        try sync(admin)
    }

    /// What happens between two days.
    func endDay(_ day: Int) throws {
        move(to: WeekCalendar.moment(day, 22))
        if day == 2 { importDossiers() }
        if day == 3, let person = of(.volunteer).first(where: { $0.areas.count == 1 }) { try promote(person) }
        if day == 4, let person = of(.volunteer).last(where: { $0.areas.count == 1 }) { try lose(person) }
    }

    /// A volunteer becomes a lead, and may read more than before.
    private func promote(_ person: Person) throws {
        let grant = Grant(
            device: person.replica.device, sealingKey: person.replica.sealingKey.publicKey, role: .lead,
            areas: person.areas, validFrom: now, validUntil: 0, name: person.name)
        try service.withCore { core in try core.admit(grant) }
        person.role = .lead
        person.looked = 0
        noteHead()
    }

    /// A phone is lost: what the ward did not receive of it so far is held.
    private func lose(_ person: Person) throws {
        let last = UInt64(person.arrived)
        try service.withCore { core in try core.revoke(person.replica.device, after: last) }
        person.revokedAfter = last
        noteHead()
    }

    /// An auditor reads everything; a changed program that writes is refused.
    func tryToWrite(_ person: Person) throws {
        let rows = try person.replica.list(.report, limit: 50)
        guard let row = chance.pick(rows), let view = try person.replica.document(row.id) else { return }
        var draft = ChangeSetDraft(kind: .report, document: row.id)
        draft.append(ReportField.comments, "Kiểm tra ghi " + book.word())
        try commit(person, draft, on: view, checksEarly: false)
    }
}
