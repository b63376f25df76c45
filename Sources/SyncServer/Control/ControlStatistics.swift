// The control operation that counts: its question and its answer between programs.
import SyncKit

extension ControlTable {
    func statistics(_ query: StatisticsQuery) throws(ControlFailure) -> CBORValue {
        if let area = query.area, !AreaCode.isValid(area) { throw ControlFailure(.outsideWard, area) }
        let found = try inCore { core throws(StoreError) in try core.statistics(query) }
        return .object([
            "total": Self.figures(found.total),
            "groups": .array(
                found.groups.map { row in
                    .object(["group": .text(row.key), "name": .text(row.name), "figures": Self.figures(row)])
                }),
        ])
    }

    private static func figures(_ row: WardStatistics.Row) -> CBORValue {
        .map(
            Figure.allCases.map { figure in
                CBORValue.Pair(.text(figure.rawValue), row[figure].map { CBORValue($0) } ?? .null)
            })
    }
}

extension WardStatistics {
    /// Reads the answer; figures that are not there are `nil`.
    init(decoding value: CBORValue) {
        func row(_ key: String, _ name: String, _ figures: CBORValue) -> Row {
            Row(key: key, name: name, values: Figure.allCases.map { figures[$0.rawValue].integer })
        }
        self.init(
            total: row("", "", value["total"]),
            groups: value["groups"].elements.map {
                row($0["group"].string ?? "", $0["name"].string ?? "", $0["figures"])
            })
    }
}

extension StatisticsQuery {
    var value: CBORValue {
        .object([
            "from": .optional(from?.iso8601), "to": .optional(to?.iso8601), "area": .optional(area),
            "by": .optional(grouping?.rawValue),
        ])
    }

    init?(decoding value: CBORValue) {
        self.init(
            from: value["from"].string.flatMap(CivilDate.parse), to: value["to"].string.flatMap(CivilDate.parse),
            area: value["area"].string, grouping: value["by"].string.flatMap(Grouping.init(rawValue:)))
        // What is there and cannot be read must not widen the question.
        guard (from == nil) == (value["from"] == .null), (to == nil) == (value["to"] == .null),
            (grouping == nil) == (value["by"] == .null)
        else { return nil }
    }
}
