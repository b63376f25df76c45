// The ward's areas by code and by name, with what became of those that were merged.

/// An administrative unit as the ward describes it.
package struct AreaUnit: Sendable, Hashable {
    package let id: Digest
    package let code: String
    package let name: String
    /// `province`, `ward`, `neighborhood` …; empty where it is not said.
    package let level: String
    package let parent: String
    /// Seconds since 1970; nil where it is not said.
    package let validFrom: Int64?
    package let validTo: Int64?
    /// The codes of the units that it was made of.
    package let mergedFrom: [String]

    init?(_ state: DocumentState) {
        guard let code = state.text(AreaField.code) else { return nil }
        id = state.id
        self.code = code
        name = state.text(AreaField.name) ?? code
        level = state.text(AreaField.level) ?? ""
        parent = state.text(AreaField.parent) ?? ""
        validFrom = state.value(AreaField.validFrom)?.integer
        validTo = state.value(AreaField.validTo)?.integer
        mergedFrom = state.entries(AreaField.mergedFrom)
            .compactMap { (try? CBORValue(decoding: $0.value))?.string }.filter { $0 != code }.sorted()
    }

    /// Whether it does not exist any more.
    package func hasEnded(at now: Int64) -> Bool { validTo.map { $0 <= now } ?? false }
}

/// Looks areas up, each once. Not for several threads.
package final class AreaBook {
    /// The most codes that a grant's areas stand for.
    private static let mostCodes = 500

    private let store: any LocalDocuments
    private let now: Int64
    private var units: [String: AreaUnit?] = [:]
    private var successors: [String: AreaUnit?] = [:]

    package init(_ store: some LocalDocuments, now: Int64) {
        self.store = store
        self.now = now
    }

    /// The unit with a code.
    package func unit(_ code: String) -> AreaUnit? {
        if let known = units[code] { return known }
        let found = (try? inStore { () throws(StoreError) in try read(code) }) ?? nil
        units[code] = .some(found)
        return found
    }

    private func read(_ code: String) throws(StoreError) -> AreaUnit? {
        let statement = try store.database.prepare(
            "SELECT number FROM documents WHERE kind=8 AND hidden=0 AND sort=?1 AND detail=?2 ORDER BY number LIMIT 1"
        ).bind(1, Listing.order(areaCode: code)).bind(2, code)
        defer { statement.reset() }
        guard try statement.step() else { return nil }
        return try store.tables.state(document: statement.integer(0)).flatMap { AreaUnit($0) }
    }

    /// The unit that a unit was merged into; nil where it was not, or where that is still to come.
    package func successor(_ code: String) -> AreaUnit? {
        if let known = successors[code] { return known }
        let found = (try? inStore { () throws(StoreError) in try readSuccessor(code) }) ?? nil
        successors[code] = .some(found)
        return found
    }

    private func readSuccessor(_ code: String) throws(StoreError) -> AreaUnit? {
        guard let terms = SearchTerms(code) else { return nil }
        let phrase = terms.words.map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
        let statement = try store.database.prepare(
            "SELECT rowid FROM search WHERE search MATCH ?1 ORDER BY rowid LIMIT 100"
        ).bind(1, "kind : \"area\" AND body : \"\(phrase)\"")
        var numbers: [Int64] = []
        while try statement.step() { numbers.append(statement.integer(0)) }
        for number in numbers {
            guard let unit = try store.tables.state(document: number).flatMap({ AreaUnit($0) }),
                unit.mergedFrom.contains(code), unit.validFrom.map({ $0 <= now }) ?? true
            else { continue }
            return unit
        }
        return nil
    }

    /// The code of the unit that stands today where an older document names another one: what it was merged into, or
    /// for a part of a merged ward that ward's successor.
    package func present(_ code: String) -> String {
        AreaCode.successors(of: code) { successor($0)?.code }.last ?? code
    }

    /// The name of a unit, if the ward has told it.
    package func name(_ code: String) -> String? { unit(code)?.name }

    /// The codes of everything that was merged into a unit, and into those.
    package func merged(into code: String) -> [String] {
        var found: [String] = []
        var waiting = [code]
        while let next = waiting.popLast(), found.count < 200 {
            for old in unit(next)?.mergedFrom ?? [] where old != code && !found.contains(old) {
                found.append(old)
                waiting.append(old)
            }
        }
        return found.sorted()
    }

    /// The areas of a grant, with the codes of all that was merged into them or into a part of one: what is under those
    /// codes is theirs too.
    package func withMerged(_ areas: [String]) -> [String] {
        var codes = areas
        var waiting = areas
        while let next = waiting.popLast(), codes.count < Self.mostCodes {
            let within = (try? inStore { () throws(StoreError) in try readWithin(next) }) ?? []
            for unit in within where unit.validFrom.map({ $0 <= now }) ?? true {
                for old in unit.mergedFrom where !AreaCode.anyCovers(codes, [old]) {
                    codes.append(old)
                    waiting.append(old)
                }
            }
        }
        return codes
    }

    /// A unit and its parts.
    private func readWithin(_ code: String) throws(StoreError) -> [AreaUnit] {
        let statement = try store.database.prepare(
            "SELECT number FROM documents WHERE kind=8 AND hidden=0 AND (detail=?1 OR detail>?2 AND detail<?3)"
        ).bind(1, code).bind(2, code + ".").bind(3, code + "/")
        var numbers: [Int64] = []
        while try statement.step() { numbers.append(statement.integer(0)) }
        statement.reset()
        var units: [AreaUnit] = []
        for number in numbers {
            if let unit = try store.tables.state(document: number).flatMap({ AreaUnit($0) }) { units.append(unit) }
        }
        return units
    }

    /// Every unit's code and name, in the order of codes.
    package func all() throws(ReplicaError) -> [(code: String, name: String)] {
        var all: [(code: String, name: String)] = []
        try store.eachRow(.area, ListFilter(), limit: nil) { all.append(($0.detail, $0.title)) }
        return all
    }
}
