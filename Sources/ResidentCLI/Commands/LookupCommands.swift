// Look-ups: ask for a dossier offline, read the ward's sealed answer with its age.

import CommandLineKit
import SyncKit

/// The ward's answer to a look-up, opened.
struct LookupAnswer {
    let finding: Finding
    let asOf: Int64
    let staleAfter: Int64
    /// The parts by `AnswerPart`; nil where the box is not for this device.
    let parts: [UInt64: CBORValue]?

    /// The newest answer of a look-up.
    init?(_ state: DocumentState, ward: Digest, keys: [SealingKey]) {
        let slot = Slot(field: LookupField.answer)
        guard let entry = state.entries(slot).last, case .array(let items)? = try? CBORValue(decoding: entry.value),
            items.count == 4, let raw = items[0].integer, let finding = UInt64(exactly: raw).flatMap(Finding.init),
            let asOf = items[1].integer, let stale = items[2].integer, case .bytes(let box) = items[3]
        else { return nil }
        self.finding = finding
        self.asOf = asOf
        staleAfter = stale
        var opened: CBORValue?
        for key in keys where opened == nil {
            opened = PrivateValue.open(box, ward: ward, dot: entry.dot, slot: slot, with: key)
        }
        if case .map(let pairs)? = opened {
            var parts: [UInt64: CBORValue] = [:]
            for pair in pairs {
                if case .unsigned(let number) = pair.key { parts[number] = pair.value }
            }
            self.parts = parts
        } else {
            parts = nil
        }
    }

    var status: DossierStatus? {
        parts?[AnswerPart.status]?.integer.flatMap { Int(exactly: $0) }.flatMap(DossierStatus.init)
    }

    func text(_ part: UInt64) -> String? {
        guard let text = parts?[part]?.string, !text.isEmpty else { return nil }
        return text
    }
}

extension CommandRun {
    private static let codeLimit = 60
    private static let secretLimit = 200

    /// `ward lookup ask CODE`
    func lookupAsk() throws(ErrorReport) -> ExitCode {
        let code = try text("CODE", parsed.argument(0) ?? "", limit: Self.codeLimit)
        if !DossierCode(code).isRecognised, !terminal.isJSON, !terminal.isQuiet {
            terminal.warn(DossierCodeSay.unusual.message, code)
        }
        let secret: String
        if let given = try text(option: "secret", limit: Self.secretLimit) {
            secret = given
        } else {
            guard let typed = Prompt(terminal).secret(Say.askSecret.message) else {
                throw ErrorReport.cannotAsk(option: "--secret", helpCommand: name + " --help")
            }
            secret = try text("--secret", typed, limit: Self.secretLimit)
        }
        var draft = ChangeSetDraft(kind: .lookup)
        draft.perform(.set(Slot(field: LookupField.code)), .text(code))
        if let consent = try text(option: "consent", limit: 400) {
            draft.perform(.set(Slot(field: LookupField.consent)), .text(consent))
        }
        let replica = try replica()
        let role = try attempt { () throws(ReplicaError) in try replica.grant() }?.role ?? .resident
        if role == .volunteer || role == .lead, parsed.option("consent") == nil { throw needsConsent() }
        // A resident's look-up belongs to the ward as a whole: its officers see that something was asked, teams do not.
        draft.perform(.set(Slot(field: LookupField.area)), .text(try newArea(replica)))
        let reply = replica.makeReplyKey()
        draft.perform(.set(Slot(field: LookupField.replyKey)), .bytes(reply.publicKey.bytes))
        return try save(
            replica, draft, privates: [(Slot(field: LookupField.secret), secret)], reply: reply, title: code)
    }

    /// `ward lookup show ID`
    func lookupShow() throws(ErrorReport) -> ExitCode {
        let reader = try reader()
        let view = try document(reader, .lookup)
        let descriptor = try attempt { () throws(ReplicaError) in try reader.descriptor() }
        let own = try attempt { () throws(ReplicaError) in try reader.sealingKey() }
        let reply = try attempt { () throws(ReplicaError) in try reader.replyKey(of: view.id) }
        let former = try attempt { () throws(ReplicaError) in try reader.formerSealingKeys() }
        let isOwn = try attempt { () throws(ReplicaError) in try reader.isOwn(view.state.creation.device) }
        let answer = LookupAnswer(view.state, ward: descriptor.ward, keys: [reply, own].compactMap { $0 } + former)
        let isPurged = reply == nil && isOwn && answer?.parts == nil
        let people = try People(reader, self)
        if terminal.isJSON {
            terminal.printJSON { json in
                DocumentJSON(view: view, people: people, terminal: terminal).write(to: &json) { json in
                    write(answer, to: &json)
                    json.member("purged", isPurged && answer != nil)
                }
            }
            return .ok
        }
        let page = DocumentPage(view: view, people: people, terminal: terminal)
        page.print()
        terminal.print("")
        print(answer, isPurged: isPurged)
        return .ok
    }

    private func write(_ answer: LookupAnswer?, to json: inout JSONWriter) {
        guard let answer else { return json.member("answer", nil as String?) }
        json.object("answer") { json in
            json.member("finding", "\(answer.finding)")
            json.member("as_of", LocalTime(seconds: answer.asOf).iso8601)
            json.member("stale_after", LocalTime(seconds: answer.staleAfter).iso8601)
            json.member("stale", time.nowSeconds() > answer.staleAfter)
            json.member("opened", answer.parts != nil)
            json.member("status", answer.parts?[AnswerPart.status]?.integer)
            json.member("status_name", answer.status.map { terminal.word($0.message) })
            json.member("step", answer.text(AnswerPart.step))
            json.member("agency", answer.text(AnswerPart.agency))
            json.member("received", answer.text(AnswerPart.received))
            json.member("due", answer.text(AnswerPart.due))
            json.member("missing", answer.text(AnswerPart.missing))
        }
    }

    private func print(_ answer: LookupAnswer?, isPurged: Bool) {
        guard let answer else { return terminal.print(Say.noAnswer.message) }
        let now = time.nowSeconds()
        switch answer.finding {
        case .found: terminal.print(Say.findingFound.message)
        case .notFound: terminal.print(Say.findingNotFound.message)
        case .refused: terminal.print(Say.findingRefused.message)
        }
        let age = ValueText(terminal: terminal).asOf(answer.asOf, now: now)
        terminal.print(now > answer.staleAfter ? age + " («" + terminal.say(.stale) + "»)" : age)
        guard answer.finding == .found else { return }
        guard answer.parts != nil else {
            return terminal.print(isPurged ? LookupSay.purged.message : Say.answerSealed.message)
        }
        if let number = answer.parts?[AnswerPart.status]?.integer {
            line(.dossierStatus, "\(number) " + (answer.status.map { terminal.word($0.message) } ?? ""))
        }
        for (label, part) in [
            (Say.step, AnswerPart.step), (.received, AnswerPart.received), (.due, AnswerPart.due),
            (.missing, AnswerPart.missing),
        ] {
            if let text = answer.text(part) { line(label, text) }
        }
        if let agency = answer.text(AnswerPart.agency) {
            terminal.print(
                terminal.styled(terminal.word(FieldWord.agency.message) + ":", .dim) + " " + SafeText.line(agency))
        }
    }
}
