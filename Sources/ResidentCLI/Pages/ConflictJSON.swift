// The conflict inbox for programs: the same keys in every language.

import CommandLineKit
import SyncKit

extension ConflictPage {
    func writeJSON(_ page: InboxPage, _ state: (InboxItem) -> DocumentState?) {
        terminal.printJSON { json in
            json.object { json in
                json.array("items") { json in
                    for item in page.items { json.object { write(item, state(item), to: &$0) } }
                }
                json.member("shown", page.items.count)
                json.member("total", page.total)
                json.object("counts") { json in
                    for kind in InboxKind.allCases {
                        if let count = page.counts[kind] { json.member(kind.name, count) }
                    }
                }
            }
        }
    }

    private func write(_ item: InboxItem, _ state: DocumentState?, to json: inout JSONWriter) {
        json.member("key", item.key)
        json.member("kind", item.kind.name)
        json.member("severity", item.severity.name)
        json.member("raised_because", item.raise?.rawValue)
        json.object("owner") { json in
            json.member("role", item.owner.role.name)
            json.member("area", item.owner.area)
            json.member("who", item.owner.device.map(people.programName))
            json.member("mine", item.owner.isMine(actor))
        }
        json.member("since", LocalTime(seconds: item.since).iso8601)
        json.member("id", item.document?.hex)
        json.member("short_id", item.document.map { ShortID.text($0) })
        json.member("document_kind", item.documentKind?.name)
        json.member("title", item.title)
        json.member("area", item.area)
        json.member("field", item.slot == nil || item.kind == .merged ? nil : CommandRun.fieldName(item))
        if [.values, .crossing].contains(item.kind) { writeBase(item, to: &json) }
        if !item.sides.isEmpty {
            json.array("values") { json in
                for side in item.sides { json.object { write(side, item, to: &$0) } }
            }
        }
        writeDetails(item, to: &json)
        json.member("asked", item.asked.map { LocalTime(seconds: $0).iso8601 })
        json.array("history") { json in
            for decision in item.history {
                json.object { write(decision, item.documentKind ?? .report, item.slot, to: &$0) }
            }
        }
        json.member("why", terminal.language.text(item.kind.explanation.phrase))
        json.member("advice", terminal.language.text(item.kind.advice.phrase))
        json.member("actions", ConflictWays(self, item, state).actions.map(\.rawValue))
    }

    private func writeBase(_ item: InboxItem, to json: inout JSONWriter) {
        let value = item.base.flatMap { try? CBORValue(decoding: $0) }
        if item.kind == .crossing, let kind = item.documentKind, let number = value?.integer {
            json.member("base", WorkflowRules.name(kind, UInt8(truncatingIfNeeded: number)))
        } else {
            DocumentJSON.writeValue("base", value, to: &json)
        }
    }

    private func write(_ side: InboxSide, _ item: InboxItem, to json: inout JSONWriter) {
        switch side.deed {
        case .value(let value): DocumentJSON.writeValue("value", try? CBORValue(decoding: value), to: &json)
        case .claim: json.member("value", nil as String?)
        case .step(let state): json.member("value", WorkflowRules.name(item.documentKind ?? .report, state))
        case .edit(let slots):
            json.member("fields", slots.compactMap { Schema.field(item.documentKind ?? .report, $0.field)?.name })
        }
        json.member("who", people.programName(side.dot.device))
        json.member("role", people.role(side.dot.device).name)
        json.member("device", side.dot.device.digest.hex)
        json.member("sequence", Int64(clamping: side.dot.sequence))
        json.member("device_time", side.deviceTime.map { LocalTime($0).iso8601 })
        json.member("effective_time", LocalTime(side.effective).iso8601)
        json.member("server_time", side.serverTime.map { LocalTime(seconds: $0).iso8601 })
        json.member("epoch", Int64(clamping: side.position.epoch))
        json.member("position", Int64(clamping: side.position.index))
        json.member("seen", side.seen.map { Int64(clamping: $0.index) })
        json.member("seen_changes", side.seenDots.map { "\($0.device):\($0.sequence)" })
        json.member(item.kind == .claims ? "holder" : "stands", side.stands)
        if item.kind == .claims { json.member("work", side.work) }
    }

    private func writeDetails(_ item: InboxItem, to json: inout JSONWriter) {
        if let likeness = item.likeness {
            json.object("other") { json in
                json.member("id", likeness.document.hex)
                json.member("short_id", ShortID.text(likeness.document))
                json.member("title", likeness.title)
                json.member("category", likeness.category)
                json.member("metres", likeness.metres)
                json.member("filed", LocalTime(seconds: likeness.otherFiled).iso8601)
            }
        }
        if let merger = item.merger {
            json.member("old_area", merger.old)
            json.member("present_area", merger.present)
        }
        if let device = item.device {
            json.member("device", device.digest.hex)
            json.member("who", people.programName(device))
        }
        if let pending = item.pending {
            json.object("change") { json in
                json.member("sequence", Int64(clamping: pending.dot.sequence))
                json.member("id", pending.id.hex)
                json.member("held", pending.isHeld)
                json.member("code", "\(pending.code)")
                json.member("device_time", LocalTime(pending.deviceTime).iso8601)
                json.member("seen", Int64(clamping: pending.seen.index))
                json.member("document_missing", pending.isDocumentMissing)
                json.member("missing", pending.missing.map { "\($0.device):\($0.sequence)" })
            }
        }
        if let contact = item.contact {
            json.object("contact") { json in
                json.member("seen", contact.seen == 0 ? nil : LocalTime(seconds: contact.seen).iso8601)
                json.member("skew_seconds", contact.skew)
                json.member("unsent", Int64(clamping: contact.unsent))
                json.member("held_tasks", contact.heldTasks)
            }
        }
    }

    func write(_ decision: InboxDecision, _ kind: DocumentKind, _ slot: Slot?, to json: inout JSONWriter) {
        json.member("at", LocalTime(decision.effective).iso8601)
        json.member("who", people.programName(decision.dot.device))
        json.member("device", decision.dot.device.digest.hex)
        if let chosen = decision.chosen {
            DocumentJSON.writeValue("chosen", try? CBORValue(decoding: chosen), to: &json)
        }
        if let remark = decision.remark { json.member("remark", remark.name) }
        json.member("reason", decision.reason)
    }
}

extension InboxRemark {
    /// The stable name.
    var name: String {
        switch self {
        case .looked: "looked"
        case .notTheSame: "not-the-same"
        case .sameAs: "same-as"
        case .asked: "asked"
        case .areaStays: "area-stays"
        }
    }
}
