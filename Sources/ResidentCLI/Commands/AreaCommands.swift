// Areas: the ward's units by name, and what old ones became.

import CommandLineKit
import SyncKit

extension CommandRun {
    /// `ward area list`: the ward, what it belongs to and its parts; with `--all` every unit, also old ones.
    func areaList() throws(ErrorReport) -> ExitCode {
        let reader = try reader()
        let descriptor = try attempt { () throws(ReplicaError) in try reader.descriptor() }
        let now = time.nowSeconds()
        let units = try listedUnits(ward: descriptor.area)
        if terminal.isJSON {
            terminal.printJSON { json in
                json.object { json in
                    json.array("items") { json in
                        for unit in units { write(unit, to: &json) }
                        if units.isEmpty {
                            json.object { json in
                                json.member("code", descriptor.area)
                                json.member("name", descriptor.name)
                            }
                        }
                    }
                    json.member("ward", descriptor.area)
                }
            }
            return .ok
        }
        var table = Table([
            Table.Column(Say.code.message), Table.Column(Say.name.message, flexible: true),
            Table.Column(ReferenceWord.areaLevel.message), Table.Column(Say.marks.message, flexible: true),
        ])
        for unit in units {
            table.addRow([unit.code, unit.name, level(unit), history(unit, now)])
        }
        if units.isEmpty { table.addRow([descriptor.area, descriptor.name]) }
        terminal.print(table)
        return .ok
    }

    /// Units by level and name; a unit of an unknown level stands with its parent's depth.
    private func listedUnits(ward: String) throws(ErrorReport) -> [AreaUnit] {
        guard let book = areaBook() else { return [] }
        let isAll = parsed.flag("all")
        let now = time.nowSeconds()
        var around: Set<String> = []
        var next = book.unit(ward)
        while let unit = next, around.insert(unit.code).inserted { next = book.unit(unit.parent) }
        let codes = try attempt { () throws(ReplicaError) in try book.all() }.map(\.code)
            .filter { isAll || around.contains($0) || AreaCode.covers(ward, $0) }
        let units = codes.compactMap { book.unit($0) }
            .filter { isAll || (!$0.hasEnded(at: now) && book.successor($0.code) == nil) }
        func depth(_ unit: AreaUnit) -> Int {
            var depth = 0
            var parent = unit.parent
            while depth < 8, let outer = book.unit(parent) {
                depth += 1
                parent = outer.parent
            }
            return depth
        }
        let depths = Dictionary(units.map { ($0.code, depth($0)) }) { first, _ in first }
        let named = VietnameseOrder.sorted(units) { $0.name }
        return Dictionary(grouping: named) { depths[$0.code] ?? 0 }.sorted { $0.key < $1.key }.flatMap(\.value)
    }

    private func level(_ unit: AreaUnit) -> String {
        AreaLevelWord(rawValue: unit.level).map { terminal.word($0.message) } ?? unit.level
    }

    /// What became of a unit: where it belongs now, or since when it is no more.
    private func history(_ unit: AreaUnit, _ now: Int64) -> String {
        var parts: [String] = []
        if unit.hasEnded(at: now), let end = unit.validTo {
            parts.append(terminal.tell(.endedMark, LocalTime(seconds: end).dateText))
        }
        if let book = areaBook() {
            let present = book.present(unit.code)
            if present != unit.code {
                parts.append(terminal.tell(.nowPartOf, book.name(present) ?? present, present))
            }
        }
        return parts.joined(separator: ", ")
    }

    private func write(_ unit: AreaUnit, to json: inout JSONWriter) {
        let present = areaBook()?.present(unit.code) ?? unit.code
        json.object { json in
            json.member("id", unit.id.hex)
            json.member("code", unit.code)
            json.member("name", unit.name)
            json.member("level", unit.level)
            json.member("parent", unit.parent.isEmpty ? nil : unit.parent)
            json.member("valid_from", unit.validFrom.map { LocalTime(seconds: $0).iso8601 })
            json.member("valid_to", unit.validTo.map { LocalTime(seconds: $0).iso8601 })
            json.member("merged_from", unit.mergedFrom)
            json.member("present_code", present)
            json.member("present_name", areaBook()?.name(present))
        }
    }

    /// `ward area show NAME-OR-CODE`
    func areaShow() throws(ErrorReport) -> ExitCode {
        let typed = try text("NAME", parsed.arguments.joined(separator: " "), limit: 400)
        let reader = try reader()
        guard let book = areaBook() else { throw Faults.report(ReplicaError(.notFound(typed)), home: home) }
        var found = try attempt { () throws(ReplicaError) in try book.find(typed) }
        if found.isEmpty {
            let ward = try attempt { () throws(ReplicaError) in try reader.descriptor() }.area
            let code = typed.utf8.count <= 2 ? try area("NAME", typed, ward: ward) : typed
            // A code that only a merge remembers: its unit is shown under the new one.
            found = [book.unit(code) ?? book.unit(book.present(code))].compactMap { $0 }
        }
        guard let unit = found.first else { throw Faults.report(ReplicaError(.notFound(typed)), home: home) }
        guard found.count == 1 else { throw ambiguousArea(typed, found) }
        let parts = try attempt { () throws(ReplicaError) in try book.all() }
            .filter { AreaCode.covers(unit.code, $0.code) && $0.code != unit.code && book.present($0.code) == $0.code }
        let sorted = VietnameseOrder.sorted(parts) { $0.name }
        if terminal.isJSON {
            terminal.printJSON { json in
                json.object { json in
                    json.array("items") { json in write(unit, to: &json) }
                    json.array("merged") { json in
                        for code in book.merged(into: unit.code) {
                            json.object { json in
                                json.member("code", code)
                                json.member("name", book.name(code))
                            }
                        }
                    }
                    json.array("parts") { json in
                        for part in sorted {
                            json.object { json in
                                json.member("code", part.code)
                                json.member("name", part.name)
                            }
                        }
                    }
                }
            }
            return .ok
        }
        printPage(unit, book, sorted)
        return .ok
    }

    private func printPage(_ unit: AreaUnit, _ book: AreaBook, _ parts: [(code: String, name: String)]) {
        func line(_ label: Message, _ text: String) {
            if !text.isEmpty {
                terminal.print(terminal.styled(terminal.word(label) + ":", .dim) + " " + SafeText.line(text))
            }
        }
        terminal.print(terminal.styled(SafeText.line(unit.name) + " (" + SafeText.line(unit.code) + ")", .bold))
        let now = time.nowSeconds()
        let past = history(unit, now)
        if !past.isEmpty { terminal.print(terminal.styled(SafeText.line(past), .yellow)) }
        line(ReferenceWord.areaLevel.message, level(unit))
        if !unit.parent.isEmpty { line(FieldWord.parent.message, book.fullName(unit.parent, terminal)) }
        line(FieldWord.validFrom.message, unit.validFrom.map { LocalTime(seconds: $0).dateText } ?? "")
        line(FieldWord.validTo.message, unit.validTo.map { LocalTime(seconds: $0).dateText } ?? "")
        let old = unit.mergedFrom.map { code in book.name(code).map { $0 + " (" + code + ")" } ?? code }
        line(ReferenceWord.mergedFrom.message, old.joined(separator: ", "))
        line(ReferenceWord.contains.message, parts.map(\.name).joined(separator: ", "))
    }
}
