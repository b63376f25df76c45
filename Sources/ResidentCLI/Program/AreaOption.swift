// Areas as people type them: a neighborhood's number, a code, a name with or without accents, an old name.

import CommandLineKit
import SyncKit

extension CommandRun {
    /// The areas of the home that is open; nil before one is.
    func areaBook() -> AreaBook? {
        if let knownAreas { return knownAreas }
        guard let opened else { return nil }
        knownAreas = AreaBook(StoreView(opened.database), now: time.nowSeconds())
        return knownAreas
    }

    /// The code of an area that was typed, of the unit that stands today where an old one was named.
    func area(_ option: String, _ given: String, ward: String) throws(ErrorReport) -> String {
        let typed = Self.trimmed(TextNormalization.nfc(given))
        if typed.utf8.count <= 2, let number = UInt8(typed), number > 0 { return Self.neighborhood(number, of: ward) }
        let book = areaBook()
        let isCode = AreaCode.isValid(typed) && (typed.utf8.contains { 0x30...0x39 ~= $0 } || typed == ward)
        if isCode { return book?.present(typed) ?? typed }
        let units = try book.map { (book) throws(ErrorReport) in try namedUnits(typed, book, ward: ward) } ?? []
        guard let book, let first = units.first else {
            // A device that never synced knows no names yet, not even its ward's.
            if book?.name(ward) == nil, let number = Self.neighborhoodNumber(typed) {
                return Self.neighborhood(number, of: ward)
            }
            throw bad(option, given, Say.expectArea.message)
        }
        guard units.count == 1 else { throw ambiguousArea(typed, units) }
        return book.present(first.code)
    }

    private static func neighborhood(_ number: UInt8, of ward: String) -> String {
        ward + "." + (number < 10 ? "0" : "") + String(number)
    }

    /// The number in «khu phố 4», «tổ dân phố 12» and the like; nil for anything else.
    private static func neighborhoodNumber(_ typed: String) -> UInt8? {
        let words = FoldedWords.of(typed, most: 5).map { String(decoding: $0, as: UTF8.self) }
        guard let last = words.last, last.utf8.count <= 2, let number = UInt8(last), number > 0 else { return nil }
        let kinds = ["khu pho", "khu", "kp", "to dan pho", "to", "tdp", "neighborhood"]
        return kinds.contains(words.dropLast().joined(separator: " ")) ? number : nil
    }

    /// The units that a name means, those of the ward before others, and each place of today once.
    private func namedUnits(_ typed: String, _ book: AreaBook, ward: String) throws(ErrorReport) -> [AreaUnit] {
        let found = try attempt { () throws(ReplicaError) in try book.find(typed) }
        let inside = found.filter { AreaCode.covers(ward, book.present($0.code)) }
        var seen: Set<String> = []
        return (inside.isEmpty ? found : inside).filter { seen.insert(book.present($0.code)).inserted }
    }

    func ambiguousArea(_ typed: String, _ units: [AreaUnit]) -> ErrorReport {
        let named = units.prefix(9).map { $0.name + " (" + $0.code + ")" }.joined(separator: "; ")
        return ErrorReport(
            .ambiguous, code: "area.ambiguous", happened: Phrase(ReferenceWord.areaCandidates.message, [typed, named]),
            loss: .nothingChanged, next: Phrase(ReferenceWord.areaCandidatesNext.message))
    }

    /// The filter of `--area` for lists: with what was merged into it.
    func narrow(_ filter: inout ListFilter, to given: String, ward: String) throws(ErrorReport) {
        let code = try area("--area", given, ward: ward)
        filter.area = code
        filter.mergedAreas = areaBook()?.merged(into: code) ?? []
    }
}

extension AreaBook {
    /// How a list names an area: the name of the unit that stands there today, or the code where no name is known.
    func shortName(_ code: String) -> String {
        if code.isEmpty { return "" }
        let present = present(code)
        return name(present) ?? present
    }

    /// How a page names an area: name and code, and where an old one belongs now.
    func fullName(_ code: String, _ terminal: Terminal) -> String {
        if code.isEmpty { return "" }
        let own = name(code).map { $0 + " (" + code + ")" } ?? code
        let present = present(code)
        if present == code { return own }
        return own + ", " + terminal.tell(.nowPartOf, name(present) ?? present, present)
    }
}
