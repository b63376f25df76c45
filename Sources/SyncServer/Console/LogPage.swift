// The ward log: its signed head, the button that verifies everything, and its entries.
import CommandLineKit
import SyncKit
import WardWords

struct LogPage {
    let console: Console
    let context: ConsoleContext
    private var layout: ConsoleLayout { ConsoleLayout(context: context) }
    private static let pageLength = 50
    /// Findings of an audit that a page shows.
    private static let mostFindings = 20

    init(_ console: Console, _ context: ConsoleContext) {
        self.console = console
        self.context = context
    }

    func page(_ query: FormFields) throws(StoreError) -> HTTPResponse {
        let before = query["after"].flatMap { UInt64($0) }
        let found = try console.service.withCore { core throws(StoreError) in
            let entries = try core.browseLog(before: before, limit: Self.pageLength)
            var people: [DeviceID: BrowsedPerson] = [:]
            for item in entries {
                for device in LogSentence.devices(item.record.entry) { people[device] = core.browsedPerson(device) }
            }
            return (entries, people, core.size, core.logEpoch, core.root, core.newestCheckpoint)
        }
        let (entries, people, size, epoch, root, checkpoint) = found
        return layout.page(context.say(.wardLog), section: .log) { html in
            html.tag("p", .style("lead"), text: context.say(.logLead))
            let signed = checkpoint.flatMap { bytes in
                Checkpoint(
                    verifying: bytes, ward: console.service.ward, keys: console.ward.signingKeys,
                    scheme: Ed25519Scheme())
            }
            html.tag("dl", .style("facts card")) { html in
                layout.fact(context.say(.entries), &html) { $0.text(String(size)) }
                layout.fact(context.say(.epoch), &html) { $0.text(String(epoch)) }
                layout.fact(context.say(.checkpoint), &html) { html in
                    guard let signed else {
                        return layout.badge(context.say(.checkpointBad), "badge bad", &html)
                    }
                    html.text("№ \(signed.serial), " + context.moment(signed.time))
                    let holds = signed.position.index == size && signed.root == root
                    layout.badge(
                        context.say(holds ? .checkpointHolds : .checkpointBad), holds ? "badge good" : "badge bad",
                        &html)
                }
                layout.fact(context.say(.root), &html) { $0.tag("span", .style("mono"), text: root.hex) }
            }
            verify(&html)
            layout.table(
                context.say(.newestEntries), [.entry, .wardTime, .decision].map { context.say($0) }, right: [0],
                rows: { html in
                    for item in entries {
                        html.tag("tr") { html in
                            html.tag("td", .style("num"), text: String(item.position))
                            html.tag("td", .style("nowrap"), text: context.moment(item.record.time))
                            html.tag("td") {
                                LogSentence(context: context, people: people).write(item.record.entry, &$0)
                            }
                        }
                    }
                }, &html)
            let oldest = entries.last?.position ?? 0
            layout.pager(
                previous: before == nil ? nil : PagePath("/console/log"),
                next: oldest > 1 ? PagePath("/console/log", ["after": String(oldest)]) : nil,
                position: context.say(.entriesFromTo, String(oldest), String(entries.first?.position ?? 0)), &html)
        }
    }

    // MARK: Verifying

    private func verify(_ html: inout HTML) {
        html.tag("section", .style("card"), .a("aria-labelledby", "verify")) { html in
            html.tag("h2", .id("verify"), text: context.say(.verify))
            html.tag("p", text: context.say(.verifyText))
            switch console.audit.standing {
            case .never: html.tag("p", .style("quiet-text"), text: context.say(.neverVerified))
            case .running(let since):
                html.tag("p", .style("notice warn"), .a("role", "status")) { html in
                    html.text(context.say(.verifyRunning, context.ago(since)) + " ")
                    html.tag("a", .href(PagePath("/console/log")), text: context.say(.lookAgain))
                }
                return
            case .failed(let at):
                html.tag("p", .style("notice bad"), text: context.say(.verifyFailed, context.moment(at)))
            case .finished(let report, let at): result(report, at, &html)
            }
            html.tag("form", .style("screen"), .a("method", "post"), .action(PagePath("/console/verify"))) { html in
                layout.formToken(&html)
                html.tag("button", .a("type", "submit"), text: context.say(.verifyButton))
            }
        }
    }

    private func result(_ report: AuditReport, _ at: Int64, _ html: inout HTML) {
        let word: ConsoleWord = report.isSound ? .verifySound : .verifyFound
        html.tag(
            "p", .style(report.isSound ? "notice good" : "notice bad"), .a("role", "status"),
            text: context.say(word, context.moment(at), String(report.size), String(report.findingCount)))
        html.tag("details") { html in
            html.tag("summary", text: context.say(.whatWasChecked))
            layout.table(
                context.say(.whatWasChecked), [.about, .count].map { context.say($0) }, right: [1],
                rows: { html in
                    for subject in AuditSubject.allCases {
                        guard let number = report.checked[subject], number > 0 else { continue }
                        html.tag("tr") { html in
                            html.tag("td", text: context.text(subject.message))
                            html.tag("td", .style("num"), text: String(number))
                        }
                    }
                }, &html)
        }
        guard !report.findings.isEmpty else { return }
        html.tag("ul") { html in
            for finding in report.findings.prefix(Self.mostFindings) {
                html.tag("li") { html in
                    html.text(context.text(finding.subject.message) + ", ")
                    html.foreign(finding.place)
                    html.text(": " + context.text(finding.problem.message))
                }
            }
        }
    }
}

/// An entry of the log as a sentence.
struct LogSentence {
    let context: ConsoleContext
    let people: [DeviceID: BrowsedPerson]

    /// The devices that an entry names.
    static func devices(_ entry: LogEntry) -> [DeviceID] {
        var devices = entry.decided.map { [$0.dot.device] } ?? []
        switch entry {
        case .release(_, let by), .erase(_, _, let by): devices.append(by)
        case .revoke(let device, _): devices.append(device)
        case .succession(let succession): devices += [succession.old, succession.new, succession.by]
        default: break
        }
        return devices
    }

    func write(_ entry: LogEntry, _ html: inout HTML) {
        let layout = ConsoleLayout(context: context)
        let word: ConsoleWord
        switch entry {
        case .accept: word = .logAccept
        case .hold: word = .logHold
        case .refuse: word = .logRefuse
        case .release: word = .logRelease
        case .readmit: word = .logReadmit
        case .grant: word = .logGrant
        case .revoke: word = .logRevoke
        case .move: word = .logMove
        case .erase: word = .logErase
        case .succession: word = .logSuccession
        case .key: word = .logKey
        }
        html.tag("strong", text: context.say(word))
        html.text(" ")
        if let decided = entry.decided {
            if let person = people[decided.dot.device] { layout.link(person, decided.dot.device, &html) }
            html.text(" ")
            html.tag(
                "span", .style("mono"), text: ConsoleContext.short(decided.dot.device) + ":\(decided.dot.sequence)")
        }
        switch entry {
        case .hold(_, _, let code), .refuse(_, _, let code):
            html.text(" — " + context.text(RefusalWords(code).why))
        case .release(_, let by):
            html.text(" — " + context.say(.byWhom) + " ")
            if let person = people[by] { layout.link(person, by, &html) }
        case .readmit(_, let place): html.text(" — " + context.say(.atEntry, ConsoleContext.place(place)))
        case .grant(let bytes): grant(bytes, layout, &html)
        case .revoke(let device, let last):
            if let person = people[device] { layout.link(person, device, &html) }
            html.text(" — " + context.say(.revokedAfter, String(last)))
        case .move(let document, let areas):
            html.tag("span", .style("mono"), text: ShortID.text(document))
            html.text(" → ")
            html.foreign(areas.map { context.area($0) }.joined(separator: ", "))
        case .erase(let dot, _, let by):
            html.tag("span", .style("mono"), text: ConsoleContext.short(dot.device) + ":\(dot.sequence)")
            html.text(" — " + context.say(.byWhom) + " ")
            if let person = people[by] { layout.link(person, by, &html) }
        case .succession(let succession):
            if let person = people[succession.old] { layout.link(person, succession.old, &html) }
            html.text(" → ")
            if let person = people[succession.new] { layout.link(person, succession.new, &html) }
            html.text(" — " + context.say(.revokedAfter, String(succession.lastSequence)))
        case .accept, .key: break
        }
    }

    private func grant(_ bytes: Bytes, _ layout: ConsoleLayout, _ html: inout HTML) {
        guard let grant = Grant(trusting: bytes) else { return }
        let person = BrowsedPerson(grant, isRevoked: false)
        layout.link(person, grant.device, &html)
        html.text(" — " + context.role(grant.role))
        if !grant.areas.isEmpty {
            html.text(", ")
            html.foreign(grant.areas.map { context.area($0) }.joined(separator: ", "))
        }
    }
}
