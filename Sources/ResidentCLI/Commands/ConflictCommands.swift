// The conflict inbox on the terminal: what waits, both sides, why, and what was decided before.

import CommandLineKit
import SyncKit

extension CommandRun {
    /// `ward conflict list`
    func conflictList() throws(ErrorReport) -> ExitCode {
        let reader = try reader()
        let actor = try actor(reader)
        let ward = try attempt { () throws(ReplicaError) in try reader.descriptor() }.area
        let filter = try listedConflicts(actor, ward: ward)
        var inbox = try conflictInbox(reader, device: reader.device)
        let limit = parsed.flag("all") ? Int.max : Int(parsed.integer("limit") ?? Int64(ListPage.defaultLimit))
        let page = try attempt { () throws(ReplicaError) in try inbox.page(filter, limit: limit) }
        let shown = try conflictPage(reader)
        if terminal.isJSON {
            shown.writeJSON(page) { item in state(of: item, reader) }
        } else {
            shown.printList(page)
        }
        return .ok
    }

    /// `ward conflict show ID`
    func conflictShow() throws(ErrorReport) -> ExitCode {
        let reader = try reader()
        let inbox = try conflictInbox(reader, device: reader.device)
        var items = try conflictItems(reader, inbox, parsed.argument(0) ?? "")
        if parsed.option("field") != nil { items = [try oneItem(items)] }
        let shown = try conflictPage(reader)
        if terminal.isJSON {
            shown.writeJSON(InboxPage(items)) { item in state(of: item, reader) }
            return .ok
        }
        for (place, item) in items.enumerated() {
            if place > 0 { terminal.print("") }
            shown.print(item, state(of: item, reader))
        }
        return .ok
    }

    /// `ward conflict explain ID|KIND`
    func conflictExplain() throws(ErrorReport) -> ExitCode {
        let typed = parsed.argument(0) ?? ""
        if let kind = InboxKind(name: typed) {
            ConflictPage.explain(kind, terminal)
            return .ok
        }
        let reader = try reader()
        let inbox = try conflictInbox(reader, device: reader.device)
        let items = try conflictItems(reader, inbox, typed)
        let shown = try conflictPage(reader)
        if terminal.isJSON {
            shown.writeJSON(InboxPage(items)) { item in state(of: item, reader) }
            return .ok
        }
        for (place, item) in items.enumerated() {
            if place > 0 { terminal.print("") }
            shown.explain(item)
        }
        return .ok
    }

    /// `ward conflict history ID`
    func conflictHistory() throws(ErrorReport) -> ExitCode {
        let reader = try reader()
        let view = try document(reader, nil)
        let shown = try conflictPage(reader)
        let decisions = view.state.everyDecision(view.inboxChanges)
        if terminal.isJSON {
            terminal.printJSON { json in
                json.object { json in
                    json.member("id", view.id.hex)
                    json.member("short_id", ShortID.text(view.id))
                    json.array("decisions") { json in
                        for item in decisions {
                            json.object { json in
                                json.member("field", Schema.field(view.state.kind, item.slot.field)?.name)
                                shown.write(item.decision, view.state.kind, item.slot, to: &json)
                            }
                        }
                    }
                    json.member("shown", decisions.count)
                }
            }
            return .ok
        }
        guard !decisions.isEmpty else {
            terminal.remark(ConflictSay.historyNone.message)
            return .ok
        }
        for item in decisions { shown.print(item.decision, view.state.kind, item.slot, indent: "") }
        return .ok
    }

    private func conflictPage(_ reader: ReplicaReader) throws(ErrorReport) -> ConflictPage {
        ConflictPage(
            people: try People(reader, self), actor: try actor(reader), run: self,
            overseen: try attempt { () throws(ReplicaError) in
                try OverseenNames(reader, ward: try reader.descriptor().area)
            })
    }

    /// The document that an item is about, as it is shown.
    func state(of item: InboxItem, _ store: some LocalDocuments) -> DocumentState? {
        guard let id = item.document else { return nil }
        return ((try? store.document(id)) ?? nil)?.state
    }
}
