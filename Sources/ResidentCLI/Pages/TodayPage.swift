// One person's day on a small terminal.

import CommandLineKit
import SyncKit

/// Prints the day.
struct TodayPage {
    let facts: TodayFacts
    let people: People
    let terminal: Terminal
    /// The most lines of each part.
    let limit: Int

    private var values: ValueText { ValueText(terminal: terminal) }

    func print() {
        heading()
        let parts = [
            part(.alerts, facts.alerts.map(alert), more: "ward alert list"),
            part(.attention, facts.notices.map(notice), more: "ward status", .yellow),
            part(.mine, facts.mine.map(task), more: "ward task list --mine"),
            part(.free, facts.free.map(task), total: facts.freeSoon, more: "ward task list --state open"),
            part(.verify, facts.verify.map(task), total: facts.verifyCount, more: "ward task list --state done"),
            part(.coverage, coverage, more: "ward team"), part(.inbox, inbox, more: "ward report list"),
            part(.ownReports, facts.ownReports.map { document($0, .report) }, more: "ward report list"),
            part(.ownLookups, facts.ownLookups.map { document($0, .lookup) }, more: "ward lookup list"),
        ]
        if !parts.contains(true) { terminal.print(DaySay.nothing.message) }
        if facts.lastSync != nil, facts.skewSeconds.magnitude > UInt64(CommandRun.skewLimit) {
            terminal.warn(Say.skewWarning.message, String(facts.skewSeconds))
        }
    }

    private func heading() {
        let date = LocalTime(seconds: facts.now).date
        let who = [
            facts.name, terminal.word(RoleWord.message(facts.role)), facts.areas.joined(separator: ", "),
        ].filter { !$0.isEmpty }.joined(separator: ", ")
        terminal.print(
            terminal.styled(fit(terminal.say(.heading, terminal.word(Weekday(date).message), date.text, who)), .bold))
        let waiting = facts.waiting.map { "\($0.count) " + terminal.word(KindWord.message($0.kind)) }
        let synced =
            facts.lastSync.map { terminal.say(.synced, values.ago($0, now: facts.now)) } ?? terminal.say(.syncNever)
        let waits =
            waiting.isEmpty ? terminal.say(.waitsNothing) : terminal.say(.waits, waiting.joined(separator: ", "))
        terminal.print(fit(synced + "; " + waits))
    }

    /// - Returns: whether there was anything to print.
    private func part(_ title: DaySay, _ lines: [String], total: Int? = nil, more: String, _ style: Style? = nil)
        -> Bool
    {
        guard !lines.isEmpty else { return false }
        let count = max(total ?? 0, lines.count)
        terminal.print("")
        terminal.print(terminal.styled(terminal.say(title) + " (\(count))", .bold))
        for line in lines.prefix(limit) {
            let text = fit("  " + SafeText.line(line))
            terminal.print(style.map { terminal.styled(text, $0) } ?? text)
        }
        if count > limit { terminal.print(terminal.say(.moreLines, String(count - min(limit, lines.count)), more)) }
        return true
    }

    private func fit(_ text: String) -> String {
        terminal.outIsTerminal ? DisplayWidth.truncating(text, to: terminal.columns) : text
    }

    // MARK: Lines

    private func alert(_ alert: Announcement) -> String { terminal.alertLine(alert, now: facts.now) }

    func due(_ row: DocumentRow) -> String {
        guard let due = TaskOrder.due(row.listing.sort) else { return terminal.say(.noDue) }
        let today = LocalTime(seconds: facts.now).date.daysSince1970
        let day = LocalTime(seconds: due).date.daysSince1970
        if due < facts.now {
            return today > day ? terminal.say(.overdueBy, String(today - day)) : terminal.say(.overdueToday)
        }
        if day == today { return terminal.say(.dueToday) }
        if day == today + 1 { return terminal.say(.dueTomorrow) }
        return terminal.say(.dueOn, LocalTime(seconds: due).dateText)
    }

    private func task(_ row: DocumentRow) -> String {
        let listing = row.listing
        var stage = terminal.word(StateWord.message(.task, listing.status))
        if listing.status == 1, listing.holder != nil {
            let word: TaskStageWord = listing.flags.contains(.provisionalClaim) ? .provisional : .claimed
            stage = terminal.word(word.message)
        } else if listing.flags.contains(.released) {
            stage = terminal.word(TaskStageWord.released.message)
        }
        if let holder = listing.holder, holder != facts.device { stage += " (" + people.name(holder) + ")" }
        return [ShortID.text(row.id), due(row), listing.area, stage, listing.title].joined(separator: "  ")
    }

    private func document(_ row: DocumentRow, _ kind: DocumentKind) -> String {
        [
            ShortID.text(row.id), terminal.word(StateWord.message(kind, row.listing.status)),
            LocalTime(seconds: row.listing.updated).dateText, row.listing.title,
        ].joined(separator: "  ")
    }

    func notice(_ notice: TodayFacts.Notice) -> String {
        switch notice {
        case .conflict(let row):
            let kind = kind(of: row.id)
            return terminal.say(.ownConflict, kind, ShortID.text(row.id), row.listing.title)
        case .claimLost(let row, let holder):
            return terminal.say(.lostNews, ShortID.text(row.id), row.listing.title, people.name(holder))
        case .sentBack(let row, let reason):
            return terminal.say(.sentBackWhy, ShortID.text(row.id), row.listing.title, reason)
        case .notAccepted(let problem):
            let words = problem.stored.code.map { RefusalWords($0) }
            let mark = terminal.say(problem.stored.verdict == .held ? .held : .refusedMark)
            let kind = problem.kind.map { terminal.word(KindWord.message($0)) } ?? ""
            return [kind, ShortID.text(problem.document), problem.title].joined(separator: " ") + " («" + mark + "»): "
                + (words.map { terminal.word($0.why) + ". " + terminal.word($0.next) } ?? "")
        case .question(let row, let text):
            return terminal.say(.question, ShortID.text(row.id), row.listing.title, text)
        case .answered(let row):
            return terminal.say(
                .answered, ShortID.text(row.id), row.listing.title,
                terminal.word(StateWord.message(.lookup, row.listing.status)),
                values.ago(row.listing.updated, now: facts.now))
        case .decided(let decision): return DecisionText(decision, people).line
        case .grantEnds(let end):
            let date = LocalTime(seconds: end).dateText
            return end < facts.now ? terminal.say(.grantEnded, date) : terminal.say(.grantEnds, date)
        case .revoked: return terminal.say(DaySay.revoked)
        }
    }

    private func kind(of id: Digest) -> String {
        let state = ((try? people.store.document(id)) ?? nil)?.state
        return state.map { terminal.word(KindWord.message($0.kind)) } ?? ""
    }

    private var coverage: [String] {
        guard let team = facts.team else { return [] }
        var lines: [String] = []
        let without = team.withoutTeam.map(\.name)
        if !without.isEmpty { lines.append(terminal.say(.withoutTeam, without.joined(separator: ", "))) }
        let members = team.people.filter { $0.member.role == .volunteer || $0.member.role == .lead }
        let idle = members.filter { !$0.isActive }.count
        if idle > 0 { lines.append(terminal.say(.inactive, String(idle), String(members.count))) }
        let work = team.units.map(\.work)
        lines.append(
            terminal.say(
                .unclaimed, String(work.reduce(0) { $0 + $1.open }),
                String(work.reduce(0) { $0 + $1.claimed + $1.doing }), String(work.reduce(0) { $0 + $1.overdue })))
        return lines
    }

    private var inbox: [String] {
        guard facts.role == .officer || facts.role == .admin || facts.role == .auditor else { return [] }
        let counts = facts.reportCounts
        func count(_ states: UInt8...) -> String { String(states.reduce(0) { $0 + (counts[$1] ?? 0) }) }
        return [
            [
                terminal.say(.inboxNew, count(1)), terminal.say(.inboxReopened, count(9)),
                terminal.say(.inboxInfo, count(5)), terminal.say(.inboxWorking, count(2, 3, 4)),
                terminal.say(.inboxLookups, String(facts.openLookups)),
            ].joined(separator: " · ")
        ]
    }
}
