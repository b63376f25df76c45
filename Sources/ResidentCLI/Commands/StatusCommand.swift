// Where this device stands: who it is, what waits, what did not count, and hashes to compare replicas by.

import CommandLineKit
import SyncKit

/// What `ward status` says.
struct StatusFacts {
    let descriptor: WardDescriptor
    let grant: Grant?
    let position: Position
    let lastSync: Int64?
    let skewSeconds: Int64
    let isRevoked: Bool
    let waiting: [(kind: DocumentKind, count: Int)]
    /// The documents of which something waits to be sent, and how many there are, also where not all are listed.
    let waitingDocuments: (rows: [WaitingDocument], total: Int)
    let problems: [OwnProblem]
    let conflicts: Int
    /// What others decided in the last week about what this person wrote.
    let decisions: [OwnDecision]
    let overdue: Int
    let hashes: [(name: String, hash: Digest, count: Int)]
    let evidence: LogEvidence?
    let renewal: KeyRenewal?
    let waitsForSuccession: Bool
    /// Own files that the ward does not say to hold, document by document.
    let files: [(view: DocumentView, files: [(number: Int, file: FileState)])]
    /// How many such files there are, also where not all are listed.
    let fileCounts: (files: Int, ofLeft: Int)
    /// The link in use, and what of files went over it today.
    let link: (profile: LinkSettings, spent: Int)?
    /// How many change sets of others the ward holds, for those who decide on them.
    let held: Int

    init(_ reader: ReplicaReader, area: String?) throws(ReplicaError) {
        descriptor = try reader.descriptor()
        grant = try reader.grant()
        position = try reader.position()
        lastSync = try reader.lastSync()
        skewSeconds = try reader.clockSkewSeconds()
        isRevoked = try reader.isRevoked()
        evidence = try reader.logEvidence()
        renewal = try reader.lastRenewal()
        waitsForSuccession = try reader.waitsForSuccession()
        held = try reader.quarantineCount()
        let now = SystemTimeSource().nowSeconds()
        link = try reader.usedLink().map { link throws(ReplicaError) in (link, try reader.spent(over: link, at: now)) }
        var files: [(view: DocumentView, files: [(number: Int, file: FileState)])] = []
        for id in try reader.documentsWithUnreceivedFiles() {
            guard let view = try reader.document(id) else { continue }
            files.append((view, try reader.numberedFiles(of: view).filter { $0.file.standing != .received }))
        }
        self.files = files
        fileCounts = try reader.unreceivedCounts()
        waiting = try reader.waitingCounts(of: reader.device)
        waitingDocuments = try reader.waitingDocuments()
        problems = try reader.problems(of: reader.device)
        conflicts = try reader.conflicted().count
        decisions = try reader.decisionsOnOwnWork(
            of: reader.device, since: SystemTimeSource().nowSeconds() - TodayFacts.newsSeconds)
        overdue = try reader.overdueCount(areas: area.map { [$0] } ?? [], now: SystemTimeSource().nowSeconds())
        var hashes: [(name: String, hash: Digest, count: Int)] = []
        let ward = try reader.stateHash(.ward)
        hashes.append(("ward", ward.hash, ward.count))
        let role = grant?.role ?? .resident
        var areas = role == .admin || role == .auditor ? [descriptor.area] : grant?.areas ?? []
        if let area { areas = [area] }
        for area in areas {
            let found = try reader.stateHash(.area(area))
            hashes.append((area, found.hash, found.count))
        }
        if role == .resident, area == nil {
            let own = try reader.stateHash(.own(reader.device))
            hashes.append(("own", own.hash, own.count))
        }
        self.hashes = hashes
    }
}

extension CommandRun {
    /// `ward status`
    func status() throws(ErrorReport) -> ExitCode {
        let reader = try reader()
        let ward = try attempt { () throws(ReplicaError) in try reader.descriptor() }.area
        var area: String?
        if let given = parsed.option("area") { area = try self.area("--area", given, ward: ward) }
        let asked = area
        let facts = try attempt { () throws(ReplicaError) in try StatusFacts(reader, area: asked) }
        let alerts = try activeAlerts(reader)
        if terminal.isJSON {
            let people = try People(reader, self)
            terminal.printJSON { json in write(facts, alerts, people, to: &json) }
            return .ok
        }
        printIdentity(reader.device, facts.descriptor, facts.grant)
        printReminders(alerts)
        if facts.isRevoked { terminal.warn(Say.revoked.message) }
        if !facts.isRevoked, let end = GrantEnd(facts.grant, now: time.nowSeconds()) { end.warn(terminal) }
        if let evidence = facts.evidence {
            terminal.warn(TrustWord.status.message, LocalTime(seconds: evidence.seen).text)
            if evidence.isSettled { terminal.print(TrustWord.statusSince.message) }
        }
        tell(facts.renewal, waits: facts.waitsForSuccession)
        let values = ValueText(terminal: terminal)
        line(
            .lastSync,
            facts.lastSync.map { LocalTime(seconds: $0).text + " (" + values.ago($0, now: time.nowSeconds()) + ")" }
                ?? terminal.say(.neverSynced))
        if let link = facts.link {
            let label = terminal.word(LinkSay.label.message) + ": "
            terminal.print(
                terminal.styled(label, .dim) + link.profile.name + " – "
                    + LinkText.line(link.profile, spent: link.spent, terminal.language))
        }
        line(.position, "\(facts.position.epoch)/\(facts.position.index)")
        let waiting = facts.waiting.map { "\($0.count) " + terminal.word(KindWord.message($0.kind)) }
        line(.waitingCount, waiting.isEmpty ? terminal.say(.nothingWaits) : waiting.joined(separator: ", "))
        printWaiting(facts)
        printFiles(facts)
        line(.conflictCount, String(facts.conflicts))
        if facts.held > 0 {
            let label = terminal.word(OrderSay.quarantineCount.message) + ": "
            terminal.print(terminal.styled(label, .dim) + terminal.styled(String(facts.held), .yellow))
        }
        if facts.overdue > 0 {
            let label = terminal.word(DeadlineSay.overdueCount.message) + ": "
            terminal.print(terminal.styled(label, .dim) + terminal.styled(String(facts.overdue), .red))
        }
        if !facts.problems.isEmpty {
            line(.problems, String(facts.problems.count))
            for problem in facts.problems { print(problem) }
        }
        if !facts.decisions.isEmpty {
            terminal.print(
                terminal.styled(terminal.tell(ConflictSay.decisions) + ":", .dim) + " \(facts.decisions.count)")
            let people = try People(reader, self)
            for decision in facts.decisions { terminal.print("  " + DecisionText(decision, people).line) }
        }
        for item in facts.hashes {
            let label =
                switch item.name {
                case "ward": terminal.say(.hashWard)
                case "own": terminal.say(.hashOwn)
                default: terminal.say(.hashArea, item.name)
                }
            terminal.print(terminal.styled(label + ":", .dim) + " " + item.hash.hex + " (\(item.count))")
        }
        if facts.lastSync != nil { warnOfSkew(facts.skewSeconds) }
        return .ok
    }

    /// Each document of which something waits to be sent.
    private func printWaiting(_ facts: StatusFacts) {
        let (rows, total) = facts.waitingDocuments
        for row in rows {
            terminal.print(
                "  " + ShortID.text(row.id) + "  " + SafeText.line(row.title) + " – "
                    + terminal.styled(terminal.say(.waiting), .yellow))
        }
        if total > rows.count { terminal.print(Say.waitingMore.message, String(total - rows.count)) }
    }

    /// Each file that the ward does not hold yet, under its document.
    private func printFiles(_ facts: StatusFacts) {
        let (count, left) = facts.fileCounts
        if count == 0 { return }
        let label = terminal.word(AttachWord.unreceived.message) + ": "
        terminal.print(terminal.styled(label, .dim) + terminal.styled(String(count), .yellow))
        let text = FileText(terminal: terminal)
        for item in facts.files {
            terminal.print("  " + ShortID.text(item.view.id) + "  " + SafeText.line(Listing(item.view.state).title))
            for (number, file) in item.files { terminal.print("    " + text.line(number, file)) }
        }
        if left > 0 { terminal.print(AttachWord.unreceivedOfLeft.message, String(left)) }
        let more = count - left - facts.files.reduce(0) { $0 + $1.files.count }
        if more > 0 { terminal.print(AttachWord.unreceivedMore.message, String(more)) }
    }

    private func write(
        _ facts: StatusFacts, _ alerts: [Announcement], _ people: People, to json: inout JSONWriter
    ) {
        json.object { json in
            Self.writeIdentity(people.own, facts.descriptor, facts.grant, to: &json)
            json.member("revoked", facts.isRevoked)
            json.member("grant_days_left", GrantEnd.days(facts.grant, now: time.nowSeconds()))
            json.member("held", facts.held)
            json.member("epoch", Int64(clamping: facts.position.epoch))
            json.member("position", Int64(clamping: facts.position.index))
            json.member("last_sync", facts.lastSync.map { LocalTime(seconds: $0).iso8601 })
            json.member("link", facts.link?.profile.name)
            json.member("link_spent_today", facts.link.map { Int64($0.spent) })
            json.member("skew_seconds", facts.lastSync == nil ? nil : facts.skewSeconds)
            json.object("waiting") { json in
                for item in facts.waiting { json.member(item.kind.name, item.count) }
            }
            json.array("waiting_documents") { json in
                for row in facts.waitingDocuments.rows {
                    json.object { json in
                        json.member("id", row.id.hex)
                        json.member("kind", row.kind.name)
                        json.member("title", row.title)
                        json.member("changes", row.changes)
                        json.member("state", "waiting")
                    }
                }
            }
            json.member("waiting_total", facts.waiting.reduce(0) { $0 + $1.count })
            json.member("conflicts", facts.conflicts)
            json.member("files_waiting_total", facts.fileCounts.files)
            json.array("files_waiting") { json in
                for item in facts.files {
                    json.object { json in
                        json.member("id", item.view.id.hex)
                        FileText.write(item.files, to: &json)
                    }
                }
            }
            json.array("decisions") { json in
                for decision in facts.decisions { json.object { DecisionText(decision, people).write(to: &$0) } }
            }
            json.member("overdue", facts.overdue)
            write(alerts, as: "alerts", to: &json)
            json.array("problems") { json in
                for problem in facts.problems { write(problem, to: &json) }
            }
            json.member("log_fault", facts.evidence?.fault.word)
            json.member("log_fault_seen", facts.evidence.map { LocalTime(seconds: $0.seen).iso8601 })
            write(facts.renewal, to: &json)
            json.member("waits_for_confirmation", facts.waitsForSuccession)
            json.object("state_hashes") { json in
                for item in facts.hashes { json.member(item.name, item.hash.hex) }
            }
        }
    }
}
