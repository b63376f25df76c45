// What an item says beside its sides: the other report, the merged unit, the change set, the device, earlier decisions.
import CommandLineKit
import SyncKit
import WardWords

struct ItemDetails {
    let context: ConsoleContext
    let found: ConsoleItem
    private var layout: ConsoleLayout { ConsoleLayout(context: context) }
    private var item: InboxItem { found.item }
    /// Earlier decisions that a page shows, the newest.
    private static let mostDecisions = 20

    func write(_ html: inout HTML) {
        if let likeness = item.likeness { write(likeness, &html) }
        if let merger = item.merger {
            html.tag("dl", .style("facts card")) { html in
                layout.fact(context.say(.oldUnit), &html) { $0.foreign(context.area(merger.old)) }
                layout.fact(context.say(.presentUnit), &html) { $0.foreign(context.area(merger.present)) }
            }
        }
        if let pending = item.pending { write(pending, &html) }
        if let contact = item.contact, item.pending == nil { write(contact, &html) }
        if let fork = item.fork { ForkTable(context: context, fork: fork, content: found.branches).write(&html) }
        if let file = item.file { write(file, &html) }
        if let fault = item.fault {
            html.tag("p", .style("notice bad")) { html in
                html.text(context.say(.faultIs) + " ")
                html.foreign(fault)
            }
        }
        pictures(found.files, context.say(.files), &html)
        pictures(found.otherFiles, context.say(.files) + " – " + context.say(.otherReport), &html)
        history(&html)
    }

    private func pictures(_ files: [(attachment: Attachment, isHeld: Bool)], _ title: String, _ html: inout HTML) {
        guard !files.isEmpty else { return }
        html.tag("h2", text: title)
        layout.pictures(files, isPublic: false, &html)
    }

    private func write(_ likeness: InboxLikeness, _ html: inout HTML) {
        html.tag("dl", .style("facts card")) { html in
            layout.fact(context.say(.thisReport), &html) { html in
                if let id = item.document { layout.link(item.title, .report, id, &html) }
                html.void("br")
                html.text(context.moment(likeness.filed))
            }
            layout.fact(context.say(.otherReport), &html) { html in
                layout.link(likeness.title, .report, likeness.document, &html)
                html.void("br")
                html.text(context.moment(likeness.otherFiled))
            }
            layout.fact(context.say(.category), &html) { html in
                let spec = Schema.field(.report, ReportField.category)
                html.foreign(spec.map { context.words.text(.text(likeness.category), $0, .report) } ?? "")
            }
            layout.fact(context.say(.distance), &html) { $0.text("\(likeness.metres) m") }
        }
    }

    private func write(_ pending: InboxPending, _ html: inout HTML) {
        html.tag("h2", text: context.say(.theChangeSet))
        if let change = found.pending {
            ChangeTable(context: context).write(
                context.say(.theChangeSet), [change], people: found.people, isTitled: true, &html)
        }
        guard pending.isDocumentMissing || !pending.missing.isEmpty else { return }
        html.tag("p", .style("notice warn")) { html in
            html.text(context.say(pending.isDocumentMissing ? .documentMissing : .changesMissing) + " ")
            let names = pending.missing.prefix(8).map { "\(ConsoleContext.short($0.device)):\($0.sequence)" }
            html.tag("span", .style("mono"), text: names.joined(separator: ", "))
        }
    }

    private func write(_ contact: DeviceContact, _ html: inout HTML) {
        html.tag("dl", .style("facts card")) { html in
            layout.fact(context.say(.lastSeen), &html) { html in
                html.text(contact.seen == 0 ? context.say(.neverSeen) : context.moment(contact.seen))
            }
            layout.fact(context.say(.clock), &html) { html in
                html.text(context.skew(contact.skew) ?? context.say(.clockRight))
            }
            layout.fact(context.say(.unsynced), &html) { $0.text(String(contact.unsent)) }
            layout.fact(context.say(.heldTasks), &html) { $0.text(String(contact.heldTasks)) }
        }
    }

    private func write(_ file: InboxFile, _ html: inout HTML) {
        html.tag("dl", .style("facts card")) { html in
            layout.fact(context.say(.fileLength), &html) { html in
                html.text(ByteCount.text(file.length, context.language))
            }
            layout.fact(context.say(.missingPieces), &html) { html in
                let runs = file.runs.prefix(12).map { run in
                    run.count == 1 ? "\(run.lowerBound + 1)" : "\(run.lowerBound + 1)–\(run.upperBound)"
                }
                let rest = file.runs.count > 12 ? ", …" : ""
                html.text(
                    "\(file.missing ?? 0)/\(ContentTree.leafCount(file.length)): " + runs.joined(separator: ", ") + rest
                )
            }
            if let device = item.device, let person = found.people[device] {
                layout.fact(context.say(.device), &html) { layout.link(person, device, &$0) }
            }
        }
    }

    // MARK: Earlier decisions

    private func history(_ html: inout HTML) {
        guard !item.history.isEmpty else { return }
        html.tag("h2", text: context.say(.earlierDecisions))
        layout.table(
            context.say(.earlierDecisions), [.time, .whoColumn, .decision, .reason].map { context.say($0) },
            isTitled: true,
            rows: { html in
                for decision in item.history.suffix(Self.mostDecisions).reversed() {
                    html.tag("tr") { html in
                        html.tag("td", .style("nowrap"), text: context.moment(decision.effective.seconds))
                        html.tag("td") { html in
                            if let person = found.people[decision.dot.device] {
                                layout.link(person, decision.dot.device, &html)
                            }
                        }
                        html.tag("td") { $0.foreign(text(decision)) }
                        html.tag("td") { $0.tag("span", .style("said")) { $0.foreign(decision.reason) } }
                    }
                }
            }, &html)
    }

    private func text(_ decision: InboxDecision) -> String {
        if let remark = decision.remark { return context.text(remark.word) }
        guard let chosen = decision.chosen, let value = try? CBORValue(decoding: chosen), value != .null else {
            return context.say(.settled)
        }
        return ItemWords.value(value, item, context)
    }
}
