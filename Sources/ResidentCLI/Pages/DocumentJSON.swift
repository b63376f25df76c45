// A document as JSON, with stable keys.

import CommandLineKit
import SyncKit

/// Writes a document for programs.
struct DocumentJSON {
    let view: DocumentView
    let people: People
    let terminal: Terminal
    var code: LookupCode?

    /// A decoded value as a member: text, number, truth value, array of numbers, or hexadecimal bytes.
    static func writeValue(_ name: String, _ value: CBORValue?, to json: inout JSONWriter) {
        switch value {
        case .text(let text)?: json.member(name, text)
        case .bool(let isTrue)?: json.member(name, isTrue)
        case .unsigned?, .negative?: json.member(name, value?.integer)
        case .bytes(let bytes)?: json.member(name, Digest(bytes)?.hex ?? "")
        case .array(let items)?:
            json.array(name) { json in
                for item in items { json.element(item.integer) }
            }
        case .map?, .null?, nil: json.member(name, nil as String?)
        }
    }

    func write(to json: inout JSONWriter, more: (inout JSONWriter) -> Void = { _ in }) {
        let state = view.state
        let listing = Listing(state)
        json.object { json in
            json.member("id", view.id.hex)
            json.member("short_id", ShortID.text(view.id))
            json.member("kind", state.kind.name)
            json.member("title", listing.title)
            let isQueued = view.accepted == nil
            json.member("state", isQueued ? ListPage.queued : WorkflowRules.name(state.kind, state.present.state))
            json.member("not_accepted", view.isNotAccepted)
            json.member("areas", state.areas)
            json.member("area_names", state.areas.map { people.areas?.shortName($0) ?? $0 })
            if state.kind == .notice || state.kind == .alert {
                let field = state.kind == .alert ? AlertField.validUntil : NoticeField.validUntil
                json.member("expired", state.value(field)?.integer.map { $0 <= people.now } ?? false)
            }
            json.member("state_hash", view.accepted?.hash.hex)
            if state.kind == .task { writeTask(to: &json) }
            if state.kind == .report { json.member("lookup_code", code?.text) }
            if view.accepted != nil { Deadline(state, people.settings, now: people.now)?.write(to: &json) }
            json.object("fields") { json in writeFields(to: &json) }
            json.array("conflicts") { json in
                let text = ConflictText(view: view, people: people, terminal: terminal)
                for conflict in state.conflicts { text.write(conflict, to: &json) }
            }
            json.array("remarks") { json in
                for (entry, remark, reason) in state.remarks {
                    json.object { json in
                        json.member("remark", remark.name)
                        json.member("reason", reason)
                        json.member("who", people.programName(entry.dot.device))
                        json.member("time", LocalTime(entry.effective).iso8601)
                    }
                }
            }
            json.array("pending") { json in
                for line in History(view: view, values: ValueText(terminal: terminal)).lines()
                where line.stored.verdict == .pending {
                    writeLine(line, to: &json)
                }
            }
            json.member("history_whole", !view.isHistoryCompacted)
            json.array("history") { json in
                for line in History(view: view, values: ValueText(terminal: terminal)).lines() {
                    writeLine(line, to: &json)
                }
            }
            more(&json)
        }
    }

    func writeHolder(to json: inout JSONWriter) {
        guard let holder = view.state.holder(TaskField.claimant) else {
            json.member("holder", nil as String?)
            return
        }
        json.object("holder") { json in
            json.member("who", people.programName(holder.dot.device))
            json.member("device", holder.dot.device.digest.hex)
            json.member("own", holder.dot.device == people.own)
            json.member("provisional", holder.outcome == .provisional)
        }
    }

    private func writeFields(to json: inout JSONWriter) {
        let state = view.state
        for spec in Schema.fields(of: state.kind) where spec.merge != .workflow && spec.merge != .claim {
            if case .answer = spec.type { continue }
            if Schema.isFileKeys(spec.code, of: state.kind) { continue }
            let slots = state.slots.filter { $0.slot.field == spec.code && !$0.entries.isEmpty }
            guard let first = slots.first else { continue }
            if spec.name == "attendance" {
                json.member(spec.name, Attendee.all(state, people.store).count)
                continue
            }
            if spec.isKeyed {
                json.object(spec.name) { json in
                    for slot in slots { Self.writeValue("\(slot.slot.key ?? 0)", shown(slot.slot), to: &json) }
                }
                continue
            }
            switch spec.merge {
            case .log, .set:
                json.array(spec.name) { json in
                    for entry in first.entries { writeItem(entry, spec, to: &json) }
                }
            case .link: json.member(spec.name, state.link(spec.code).flatMap { Digest($0.value) }?.hex)
            default:
                if spec.disclosedTo != nil {
                    json.member(spec.name, disclosed(spec))
                } else {
                    Self.writeValue(spec.name, shown(first.slot), to: &json)
                }
            }
        }
    }

    private func shown(_ slot: Slot) -> CBORValue? {
        view.state.shown(slot).flatMap { try? CBORValue(decoding: $0.value) }
    }

    private func disclosed(_ spec: FieldSpec) -> String? {
        let slot = Slot(field: spec.code)
        guard let entry = view.state.shown(slot) else { return nil }
        return (try? people.store.disclosed(entry, slot)) ?? nil
    }

    private func writeItem(_ entry: Entry, _ spec: FieldSpec, to json: inout JSONWriter) {
        let value = try? CBORValue(decoding: entry.value)
        guard spec.merge == .log else {
            json.element(ValueText(terminal: terminal).text(value, spec, view.state.kind))
            return
        }
        json.object { json in
            if case .array(let parts)? = value {
                json.member("code", parts.first?.string)
                json.member("text", parts.count > 1 ? parts[1].string ?? "" : "")
            } else {
                json.member("text", value?.string ?? "")
            }
            json.member("who", people.programName(entry.dot.device))
            json.member("time", LocalTime(entry.effective).iso8601)
        }
    }

    private func writeLine(_ line: HistoryLine, to json: inout JSONWriter) {
        let header = line.stored.change.header
        json.object { json in
            json.member("who", people.programName(header.device))
            json.member("role", people.role(header.device).name)
            json.member("device", header.device.digest.hex)
            json.member("sequence", Int64(clamping: header.sequence))
            json.member("time", LocalTime(line.time).iso8601)
            json.member("device_time", LocalTime(header.authorTime).iso8601)
            json.member("verdict", "\(line.stored.verdict)")
            json.member("code", line.stored.code.map { "\($0)" })
            json.member("parallel", line.isParallel)
            json.member("actions", line.actions)
        }
    }
}
