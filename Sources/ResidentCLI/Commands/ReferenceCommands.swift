// What the ward publishes: procedures and areas.

import CommandLineKit
import SyncKit

extension CommandRun {
    /// `ward procedure search WORDS…`
    func procedureSearch() throws(ErrorReport) -> ExitCode {
        let words = try text("WORDS", parsed.arguments.joined(separator: " "), limit: 400)
        let reader = try reader()
        let limit = Int(parsed.integer("limit") ?? 20)
        let rows = try attempt { () throws(ReplicaError) in try reader.search(.procedure, words, limit: limit) }
        if terminal.isJSON {
            terminal.printJSON { json in
                json.object { json in
                    json.array("items") { json in
                        for row in rows {
                            json.object { json in
                                json.member("id", row.id.hex)
                                json.member("short_id", ShortID.text(row.id))
                                json.member("code", row.listing.detail)
                                json.member("name", row.listing.title)
                            }
                        }
                    }
                    json.member("shown", rows.count)
                }
            }
            return rows.isEmpty ? .notFound : .ok
        }
        guard !rows.isEmpty else {
            terminal.remark(Say.noItems.message)
            return .notFound
        }
        var table = Table([
            Table.Column(Say.id.message), Table.Column(Say.code.message),
            Table.Column(Say.procedure.message, minimum: 16, flexible: true),
        ])
        for row in rows { table.addRow([ShortID.text(row.id), row.listing.detail, row.listing.title]) }
        terminal.print(table)
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

    /// `ward area list`
    func areaList() throws(ErrorReport) -> ExitCode {
        let reader = try reader()
        let descriptor = try attempt { () throws(ReplicaError) in try reader.descriptor() }
        var areas: [(code: String, name: String)] = []
        try attempt { () throws(ReplicaError) in
            try reader.eachRow(.area, ListFilter(), limit: nil) { areas.append(($0.detail, $0.title)) }
        }
        if areas.isEmpty { areas = [(descriptor.area, descriptor.name)] }
        areas.sort { Array($0.code.utf8).lexicographicallyPrecedes(Array($1.code.utf8)) }
        if terminal.isJSON {
            terminal.printJSON { json in
                json.object { json in
                    json.array("items") { json in
                        for area in areas {
                            json.object { json in
                                json.member("code", area.code)
                                json.member("name", area.name)
                            }
                        }
                    }
                    json.member("ward", descriptor.area)
                }
            }
            return .ok
        }
        var table = Table([Table.Column(Say.code.message), Table.Column(Say.name.message, flexible: true)])
        for area in areas { table.addRow([area.code, area.name]) }
        terminal.print(table)
        return .ok
    }
}
