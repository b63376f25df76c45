// Procedures: the list by name and field, and one of them by id or code.

import CommandLineKit
import SyncKit

extension CommandRun {
    /// `ward procedure list`
    func procedureList() throws(ErrorReport) -> ExitCode {
        let reader = try reader()
        var rows: [(number: Int64, id: Digest, code: String, name: String)] = []
        try attempt { () throws(ReplicaError) in
            for row in try reader.list(.procedure, limit: Int(Int32.max)) {
                rows.append((row.number, row.id, row.listing.detail, row.listing.title))
            }
        }
        let limit = parsed.flag("all") ? Int.max : Int(parsed.integer("limit") ?? Int64(ListPage.defaultLimit))
        let wanted = try text(option: "field", limit: 200)
        let words = wanted.map { FoldedWords.of($0, most: 20) } ?? []
        var shown: [(id: Digest, code: String, name: String, field: String)] = []
        var total = 0
        for row in VietnameseOrder.sorted(rows, by: \.name) {
            if wanted == nil, total >= limit {
                total += 1
                continue
            }
            let field = try attempt { () throws(ReplicaError) in try reader.text(row.number, ProcedureField.field) }
            let own = FoldedWords.of(field, most: 40)
            guard words.allSatisfy({ word in own.contains { $0.starts(with: word) } }) else { continue }
            total += 1
            if total <= limit { shown.append((row.id, row.code, row.name, field)) }
        }
        if terminal.isJSON {
            terminal.printJSON { json in
                json.object { json in
                    json.array("items") { json in
                        for row in shown {
                            json.object { json in
                                json.member("id", row.id.hex)
                                json.member("short_id", ShortID.text(row.id))
                                json.member("code", row.code)
                                json.member("name", row.name)
                                json.member("field", row.field)
                            }
                        }
                    }
                    json.member("shown", shown.count)
                    json.member("total", total)
                }
            }
            return .ok
        }
        guard !shown.isEmpty else {
            if let wanted {
                terminal.remark(ReferenceWord.noField.message, wanted)
                return .notFound
            }
            terminal.remark(Say.noItems.message)
            return .ok
        }
        var table = Table([
            Table.Column(Say.id.message), Table.Column(Say.code.message, maximum: 28),
            Table.Column(FieldWord.field.message, maximum: 28),
            Table.Column(Say.procedure.message, minimum: 16, flexible: true),
        ])
        for row in shown { table.addRow([ShortID.text(row.id), row.code, row.field, row.name]) }
        terminal.print(table)
        if total > shown.count { terminal.remark(Say.moreItems.message, String(total - shown.count)) }
        return .ok
    }

    /// `ward procedure show ID-OR-CODE`
    func procedureShow() throws(ErrorReport) -> ExitCode {
        let typed = parsed.argument(0) ?? ""
        // A procedure's own code has a dot, which no short id has.
        guard typed.utf8.contains(UInt8(ascii: ".")) else { return try show(.procedure) }
        let reader = try reader()
        var found: Digest?
        try attempt { () throws(ReplicaError) in
            try reader.eachRow(.procedure, ListFilter(), limit: nil) { row in
                if row.detail == typed { found = row.id }
            }
        }
        guard let found else { throw Faults.report(ReplicaError(.notFound(typed)), home: home) }
        return try show(.procedure, id: ShortID.text(found, length: 52))
    }
}
