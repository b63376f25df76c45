// What completion offers from this device's store: documents by id and title, areas, agencies, and the coded words.

import CommandLineKit
import SyncKit

/// The lists of `ward`. They read the store without a lock that anybody waits for, and say nothing when they cannot.
enum CompletionLists {
    /// The list of the documents that a command works on.
    static let document = "document"
    private static let mostDocuments = 50

    static let lists = ValueLists(folding: SearchFold.fold) { query in
        switch query.list {
        case "category": query.path.first == "place" ? coded(PlaceCategory.self, query) : categories(query)
        case "urgency": coded(Urgency.self, query)
        case "source": coded(Source.self, query)
        case "kind": kinds(query)
        case "state": states(query)
        case "area": reading(query, areas) ?? []
        case "agency": reading(query, agencies) ?? []
        case "link": reading(query, links) ?? []
        case document: reading(query, documents) ?? []
        default:
            // An option that is called like a kind takes one, as the report that a task verifies.
            DocumentKind(named: query.list).flatMap { kind in
                reading(query) { reader, query throws(ReplicaError) in try rows(reader, kind, query) }
            } ?? []
        }
    }

    // MARK: Words

    private static func kinds(_ query: ValueQuery) -> [Candidate] {
        switch query.path.first {
        case "task": coded(TaskKind.self, query)
        case "alert": coded(AlertKind.self, query)
        case "search":
            DocumentKind.searched.filter { $0.name.hasPrefix(query.typed) }
                .map { Candidate($0.name, about: query.language.text(KindWord.message($0))) }
        default: []
        }
    }

    private static func states(_ query: ValueQuery) -> [Candidate] {
        switch query.path.first {
        case "report": coded(ReportState.self, query)
        case "task": coded(TaskState.self, query)
        case "lookup": coded(LookupState.self, query)
        default: []
        }
    }

    private static func coded<Table: CodedTable>(_: Table.Type, _ query: ValueQuery) -> [Candidate] {
        Table.allCases.compactMap { coded($0.rawValue, $0.message, query) }
    }

    /// A code, where it begins as typed, or any word of its name does.
    private static func coded(_ code: String, _ name: Message, _ query: ValueQuery) -> Candidate? {
        let typed = SearchFold.fold(query.typed)
        let names = [SearchFold.fold(name.vi), SearchFold.fold(name.en)]
        guard code.hasPrefix(typed) || names.contains(where: { fits($0, typed) }) else { return nil }
        let spoken = ([name.vi] + names).first { $0.utf8.starts(with: query.typed.utf8) }
        return Candidate(code, about: query.language.text(name), spoken: spoken)
    }

    /// Whether a folded name has a word that begins so, or begins so itself.
    private static func fits(_ name: String, _ typed: String) -> Bool {
        name.hasPrefix(typed) || name.split(separator: " ").contains { $0.hasPrefix(typed) }
    }

    // MARK: The store

    /// Asks the store; nil where it is missing, busy, damaged or newer.
    private static func reading(
        _ query: ValueQuery, _ body: (ReplicaReader, ValueQuery) throws(ReplicaError) -> [Candidate]
    ) -> [Candidate]? {
        let path = query.home ?? CommandRun.defaultHome()
        guard let home = try? ReplicaHome.open(at: path, for: .reading, vault: KeySession.read(path)?.vault) else {
            return nil
        }
        defer { home.release() }
        guard let reader = try? ReplicaReader(opening: home.database) else { return nil }
        return try? body(reader, query)
    }

    private static func documents(_ reader: ReplicaReader, _ query: ValueQuery) throws(ReplicaError) -> [Candidate] {
        if query.path.first == "conflict" {
            let typed = SearchFold.fold(query.typed)
            return try reader.conflicted().map { candidate(SuggestedDocument($0), nil, query) }.filter { candidate in
                candidate.value.hasPrefix(typed) || fits(SearchFold.fold(candidate.about), typed)
            }
        }
        guard let kind = query.path.first.flatMap(DocumentKind.init(named:)) else { return [] }
        return try rows(reader, kind, query)
    }

    private static func rows(
        _ reader: ReplicaReader, _ kind: DocumentKind, _ query: ValueQuery
    ) throws(ReplicaError) -> [Candidate] {
        try reader.suggested(kind, query.typed, limit: mostDocuments).map { candidate($0, kind, query) }
    }

    /// A document: as many characters of its id as a list shows, or as many as were typed; its title and state.
    private static func candidate(
        _ document: SuggestedDocument, _ kind: DocumentKind?, _ query: ValueQuery
    ) -> Candidate {
        let whole = ShortID.text(document.id, length: 52)
        let typed = ShortID.normalized(query.typed)
        let length = whole.hasPrefix(typed) ? max(ShortID.length, typed.utf8.count) : ShortID.length
        let waits = document.isWaiting ? Say.waiting.message : nil
        let state = (waits ?? kind.map { StateWord.message($0, document.status) }).map { query.language.text($0) } ?? ""
        let title = DisplayWidth.truncating(SafeText.line(document.title), to: 40)
        return Candidate(String(whole.prefix(length)), about: title + (state.isEmpty ? "" : " · " + state))
    }

    /// Areas by code, by the number of a neighborhood, and by name.
    private static func areas(_ reader: ReplicaReader, _ query: ValueQuery) throws(ReplicaError) -> [Candidate] {
        let descriptor = try reader.descriptor()
        var areas: [(code: String, name: String)] = []
        try reader.eachRow(.area, ListFilter(), limit: 5000) { areas.append(($0.detail, $0.title)) }
        if areas.isEmpty { areas = [(descriptor.area, descriptor.name)] }
        areas.sort { Array($0.code.utf8).lexicographicallyPrecedes(Array($1.code.utf8)) }
        let typed = SearchFold.fold(query.typed)
        let number = UInt8(typed).map { descriptor.area + "." + ($0 < 10 ? "0" : "") + String($0) }
        return areas.compactMap { area in
            guard area.code.hasPrefix(typed) || area.code == number || fits(SearchFold.fold(area.name), typed) else {
                return nil
            }
            let names = [area.name, SearchFold.fold(area.name)]
            let spoken = names.first { !query.typed.isEmpty && $0.utf8.starts(with: query.typed.utf8) }
            return Candidate(area.code, about: area.name, spoken: spoken)
        }
    }

    /// What a report can be about, as this ward says it, or as wards do where there is no store yet.
    private static func categories(_ query: ValueQuery) -> [Candidate] {
        func offered(_ settings: WardSettings) -> [Candidate] {
            settings.categories.compactMap { coded($0.code, m($0.vi, $0.en), query) }
        }
        return reading(query) { reader, _ throws(ReplicaError) in offered(try reader.settings()) }
            ?? offered(.standard)
    }

    /// The links of this device, with what goes over them.
    private static func links(_ reader: ReplicaReader, _ query: ValueQuery) throws(ReplicaError) -> [Candidate] {
        try reader.links().filter { $0.name.hasPrefix(query.typed) }
            .map { Candidate($0.name, about: LinkText.bounds($0, query.language)) }
    }

    /// Agencies as the ward's settings name them, and those that reports were given to.
    private static func agencies(_ reader: ReplicaReader, _ query: ValueQuery) throws(ReplicaError) -> [Candidate] {
        var agencies = try reader.settings().agencies
        for code in try reader.usedAgencies() where !agencies.contains(where: { $0.code == code }) {
            agencies.append(WardSettings.Agency(code, ""))
        }
        let typed = SearchFold.fold(query.typed)
        return agencies.filter { $0.code.hasPrefix(typed) || fits(SearchFold.fold($0.name), typed) }
            .map { Candidate($0.code, about: $0.name) }
    }
}

extension DocumentKind {
    /// The kind with this name.
    fileprivate init?(named name: String) {
        guard let kind = DocumentKind.allCases.first(where: { $0.name == name }) else { return nil }
        self = kind
    }
}
