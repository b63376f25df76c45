// Which reports a filter means, and what the ward calls things, for commands on many reports.

import CommandLineKit
import SyncKit

extension CommandRun {
    /// The ward's configuration, read once in a run.
    func knownSettings(_ store: some LocalDocuments) throws(ErrorReport) -> WardSettings {
        if let kept = keptSettings { return kept }
        let settings = try attempt { () throws(ReplicaError) in try store.settings() }
        keptSettings = settings
        return settings
    }

    /// The configuration that this run read, else the standard one.
    var ownSettings: WardSettings { keptSettings ?? .standard }

    /// `--where KEY=VALUE`, each of which narrows what is meant.
    func reportFilter(_ reader: ReplicaReader) throws(ErrorReport) -> ReportFilter {
        var filter = ReportFilter()
        let rules = try attempt { () throws(ReplicaError) in try WardRules(reader) }
        for given in parsed.options("where") {
            guard let mark = given.utf8.firstIndex(of: UInt8(ascii: "=")) else {
                throw bad("--where", given, OfficerSay.expectWhere.message)
            }
            let key = String(given[..<mark])
            let value = String(given[given.utf8.index(after: mark)...])
            switch key {
            case "state": filter.states.append(try state("--where", value, .report))
            case "category": filter.category = try rules.category(self, "--where", value)
            case "urgency": filter.urgency = try code("--where", value, Urgency.self, .expectKind)
            case "agency": filter.agency = try rules.agency(self, "--where", value)
            case "area":
                let ward = try attempt { () throws(ReplicaError) in try reader.descriptor() }.area
                filter.area = try area("--where", value, ward: ward)
                filter.mergedAreas = filter.area.flatMap { areaBook()?.merged(into: $0) } ?? []
            case "older":
                guard let days = Int64(value), (0...36_500).contains(days) else {
                    throw bad("--where", given, OfficerSay.expectWhere.message)
                }
                // What was filed in this very second is zero days old.
                filter.filedBefore = time.nowSeconds() - days * 86_400 + 1
            default: throw bad("--where", given, OfficerSay.expectWhere.message)
            }
        }
        return filter
    }
}
