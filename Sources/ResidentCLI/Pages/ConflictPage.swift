// The conflict inbox as a table and as pages for people.

import CommandLineKit
import SyncKit

/// Prints items of the conflict inbox.
struct ConflictPage {
    let people: People
    let actor: Actor
    let run: CommandRun
    /// What the device oversees, which commands on held change sets and on devices take.
    let overseen: OverseenNames

    var terminal: Terminal { run.terminal }
    private var now: Int64 { run.time.nowSeconds() }

    // MARK: The list

    func printList(_ page: InboxPage) {
        guard !page.items.isEmpty else { return terminal.remark(ConflictSay.nothing.message) }
        var table = Table([
            Table.Column(ConflictSay.severity.message), Table.Column(ConflictSay.kind.message, maximum: 28),
            Table.Column(Say.id.message), Table.Column(Say.field.message, maximum: 20),
            Table.Column(ConflictSay.owner.message, maximum: 24), Table.Column(ConflictSay.age.message),
            Table.Column(Say.area.message), Table.Column(Say.title.message, minimum: 16, flexible: true),
        ])
        let values = people.values
        for item in page.items {
            table.add(terminal.word(item.severity.word.message), item.severity >= .high ? .red : nil)
            table.add(terminal.word(item.kind.word.message))
            table.add(target(item))
            table.add(item.slot == nil || item.kind == .merged ? "" : CommandRun.fieldName(item))
            table.add(owner(item.owner))
            table.add(values.ago(item.since, now: now))
            table.add(run.areaBook()?.shortName(item.area) ?? item.area)
            table.add(title(item))
        }
        terminal.print(table)
        if page.total > page.items.count {
            terminal.remark(ConflictSay.more.message, String(page.total - page.items.count))
        }
    }

    /// How the item is named in a command.
    func target(_ item: InboxItem) -> String {
        if let pending = item.pending { return "\(people.short(pending.dot.device)):\(pending.dot.sequence)" }
        if let document = item.document { return ShortID.text(document) }
        return item.device.map(people.short) ?? ""
    }

    private func title(_ item: InboxItem) -> String {
        if !item.title.isEmpty { return item.title }
        if let device = item.device { return people.name(device) }
        return item.fault ?? ""
    }

    private func owner(_ owner: InboxOwner) -> String {
        if let device = owner.device { return people.name(device) }
        return terminal.word(RoleWord.message(owner.role))
    }

    // MARK: One item

    func print(_ item: InboxItem, _ state: DocumentState?) {
        heading(item)
        explain(item)
        let from = LocalTime(seconds: item.since).text
        terminal.print(ConflictSay.since.message, from, people.values.ago(item.since, now: now))
        if item.owner.device == nil {
            terminal.print(
                ConflictSay.decides.message, terminal.word(RoleWord.message(item.owner.role)), item.owner.area)
        } else {
            terminal.print(
                ConflictSay.decidesOne.message, owner(item.owner), terminal.word(RoleWord.message(item.owner.role)))
        }
        printBase(item)
        for (place, side) in item.sides.enumerated() { print(side, place + 1, item) }
        printDetails(item)
        if let asked = item.asked {
            terminal.print(ConflictSay.asked.message, LocalTime(seconds: asked).text)
        }
        if !item.history.isEmpty, let kind = item.documentKind {
            terminal.print(terminal.styled(terminal.tell(ConflictSay.history), .bold))
            for decision in item.history { print(decision, kind, item.slot, indent: "  ") }
        }
        printActions(item, state)
    }

    private func heading(_ item: InboxItem) {
        var text = terminal.word(item.kind.word.message)
        if let slot = item.slot, let kind = item.documentKind, let spec = Schema.field(kind, slot.field) {
            text += " — " + terminal.word(FieldWord.message(spec))
        }
        let name = title(item)
        let shown = [target(item), SafeText.line(name)].filter { !$0.isEmpty }.joined(separator: " ")
        terminal.print(terminal.styled(text, .yellow) + "  " + shown)
    }

    /// Why it is in the inbox, and why it is as severe as it is.
    func explain(_ item: InboxItem) {
        terminal.print(ConflictSay.why.message, terminal.language.text(item.kind.explanation.phrase))
        if let raise = item.raise {
            terminal.print(
                ConflictSay.whySevere.message, terminal.word(item.severity.word.message),
                terminal.word(raise.word.message))
        }
        terminal.print(ConflictSay.whatToDo.message, terminal.language.text(item.kind.advice.phrase))
    }

    /// What a kind means.
    static func explain(_ kind: InboxKind, _ terminal: Terminal) {
        if terminal.isJSON {
            terminal.printJSON { json in
                json.object { json in
                    json.member("kind", kind.name)
                    json.member("name", terminal.word(kind.word.message))
                    json.member("why", terminal.language.text(kind.explanation.phrase))
                    json.member("advice", terminal.language.text(kind.advice.phrase))
                    json.member("severity", InboxRule.of(kind).severity.name)
                    json.member("actions", kind.actions.map(\.rawValue))
                }
            }
            return
        }
        terminal.print(terminal.styled(terminal.word(kind.word.message), .yellow))
        terminal.print(ConflictSay.why.message, terminal.language.text(kind.explanation.phrase))
        terminal.print(ConflictSay.whatToDo.message, terminal.language.text(kind.advice.phrase))
    }

    private func printBase(_ item: InboxItem) {
        guard [.values, .crossing].contains(item.kind), let kind = item.documentKind else { return }
        guard let base = item.base, let value = try? CBORValue(decoding: base) else {
            return terminal.print(ConflictSay.baseNone.message)
        }
        terminal.print(ConflictSay.base.message, text(value, item, kind))
    }

    private func text(_ value: CBORValue, _ item: InboxItem, _ kind: DocumentKind) -> String {
        if item.kind == .crossing, let number = value.integer {
            return terminal.word(StateWord.message(kind, UInt8(truncatingIfNeeded: number)))
        }
        guard let slot = item.slot, let spec = Schema.field(kind, slot.field) else { return "" }
        let text = SafeText.line(people.values.text(value, spec, kind))
        return text.isEmpty ? terminal.say(.nothingShown) : text
    }

    private func print(_ side: InboxSide, _ number: Int, _ item: InboxItem) {
        let kind = item.documentKind ?? .report
        let what: String
        switch side.deed {
        case .value(let value): what = text((try? CBORValue(decoding: value)) ?? .null, item, kind)
        case .claim: what = ""
        case .step(let state): what = terminal.word(StateWord.message(kind, state))
        case .edit(let slots):
            let names = slots.compactMap { Schema.field(kind, $0.field) }.map { terminal.word(FieldWord.message($0)) }
            what = terminal.tell(ConflictSay.edited, names.joined(separator: ", "))
        }
        var mark = ""
        if side.stands, item.kind != .parallel {
            let word: Message =
                switch item.kind {
                case .claims: Say.holderMark.message
                case .crossing: ConflictSay.moved.message
                default: ConflictSay.shown.message
                }
            mark = " («" + terminal.word(word) + "»)"
        }
        let who = SafeText.line(people.name(side.dot.device))
        terminal.print("  \(number). " + (what.isEmpty ? "" : what + " — ") + who + mark)
        terminal.print(
            "     "
                + terminal.say(
                    .sideDetails, terminal.word(RoleWord.message(people.role(side.dot.device))),
                    people.short(side.dot.device), side.deviceTime.map { LocalTime($0).text } ?? "?",
                    LocalTime(side.effective).text))
        var more: [String] = []
        if let seen = side.seen { more.append(terminal.tell(ConflictSay.sideSeen, Self.position(seen))) }
        if !side.seenDots.isEmpty {
            more.append(terminal.tell(ConflictSay.sideSeenOthers, String(side.seenDots.count)))
        }
        if let time = side.serverTime {
            more.append(terminal.tell(ConflictSay.serverTime, LocalTime(seconds: time).text))
        }
        if side.work > 0 { more.append(terminal.tell(ConflictSay.work, String(side.work))) }
        if !more.isEmpty { terminal.print("     " + more.joined(separator: "; ")) }
    }

    private static func position(_ position: Position) -> String {
        position.epoch == 0 ? String(position.index) : "\(position.epoch):\(position.index)"
    }

    private func printDetails(_ item: InboxItem) {
        if let likeness = item.likeness {
            terminal.print(
                "  "
                    + terminal.tell(
                        ConflictSay.likeness, ShortID.text(likeness.document) + " " + SafeText.line(likeness.title),
                        String(likeness.metres), LocalTime(seconds: likeness.otherFiled).text,
                        LocalTime(seconds: likeness.filed).text))
        }
        if let merger = item.merger {
            let book = run.areaBook()
            terminal.print(
                "  "
                    + terminal.tell(
                        ConflictSay.merger, book?.fullName(merger.old, terminal) ?? merger.old,
                        book?.fullName(merger.present, terminal) ?? merger.present))
        }
        if let pending = item.pending {
            let say: ConflictSay = pending.isHeld ? .pendingHeld : .pendingRefused
            terminal.print("  " + terminal.tell(say, target(item), terminal.word(pending.code.inboxWord.message)))
            if pending.isDocumentMissing { terminal.print("  " + terminal.tell(ConflictSay.missingDocument)) }
            for dot in pending.missing {
                terminal.print(
                    "  " + terminal.tell(ConflictSay.missingChange, String(dot.sequence), people.name(dot.device)))
            }
        }
        if let contact = item.contact { printContact(contact) }
    }

    private func printContact(_ contact: DeviceContact) {
        terminal.print(
            "  "
                + (contact.seen == 0
                    ? terminal.tell(ConflictSay.contactNever)
                    : terminal.tell(ConflictSay.contactSeen, LocalTime(seconds: contact.seen).text)))
        if contact.skew.magnitude > UInt64(DeviceContact.skewLimit) {
            terminal.print("  " + terminal.tell(ConflictSay.contactSkew, String(contact.skew)))
        }
        if contact.unsent > 0 {
            terminal.print("  " + terminal.tell(ConflictSay.contactUnsent, String(contact.unsent)))
        }
        if contact.heldTasks > 0 {
            terminal.print("  " + terminal.tell(ConflictSay.contactTasks, String(contact.heldTasks)))
        }
    }

    /// One earlier decision: when, who, what, and why.
    func print(_ decision: InboxDecision, _ kind: DocumentKind, _ slot: Slot?, indent: String) {
        terminal.print(
            indent
                + terminal.tell(
                    ConflictSay.historyLine, LocalTime(decision.effective).text, people.name(decision.dot.device),
                    outcome(decision, kind, slot)))
    }

    /// What was decided, with the reason.
    func outcome(_ decision: InboxDecision, _ kind: DocumentKind, _ slot: Slot?) -> String {
        var parts: [String] = []
        if let remark = decision.remark { parts.append(terminal.language.text(remark.word.phrase)) }
        if let chosen = decision.chosen, let slot, let spec = Schema.field(kind, slot.field),
            let value = try? CBORValue(decoding: chosen)
        {
            parts.append(SafeText.line(people.values.text(value, spec, kind)))
        }
        if decision.remark == nil, decision.chosen == nil { parts.append(terminal.tell(ConflictSay.decided)) }
        parts.append(SafeText.line(decision.reason))
        return parts.filter { !$0.isEmpty }.joined(separator: " — ")
    }

    private func printActions(_ item: InboxItem, _ state: DocumentState?) {
        guard !item.kind.actions.isEmpty else { return }
        let ways = ConflictWays(self, item, state)
        let actions = ways.actions
        if !actions.isEmpty {
            terminal.remark(ConflictSay.actions.message)
        } else if ways.afterwards == nil {
            terminal.remark(ConflictSay.noActions.message)
        }
        for action in actions {
            terminal.remark(ConflictSay.way.message, ways.label(action), ways.command(action) ?? "")
        }
        if let afterwards = ways.afterwards { terminal.remark(.verbatim(afterwards)) }
    }
}

extension Terminal {
    func tell(_ word: ConflictSay, _ arguments: String...) -> String {
        language.text(Phrase(word.message, arguments))
    }
}
