// Open reports by place, and which of them may be about the same thing: kept in memory as reports come and go.

/// Pairs of open reports of one category that are near each other and were filed within 30 days.
struct ReportPlaces {
    /// A report where it is.
    struct Report: Hashable {
        let number: Int64
        let id: Digest
        let category: String
        let point: GeoPoint
        let filed: Int64
        /// Reports that somebody said are something else.
        let others: Set<Digest>
    }

    /// Two reports; the newer one first.
    struct Pair: Hashable {
        let newer: Int64
        let older: Int64
    }

    /// Within so many seconds two reports may be about the same thing (`docs/data-model.md`, "Report").
    static let within: Int64 = 30 * 86_400
    /// A report is paired with so many others, the nearest.
    static let mostPairs = 5
    /// The side of a cell in 1e-7 degrees: some 550 metres to the north.
    private static let cell: Int64 = 50_000
    /// A search that would look at more cells looks at the reports of the category, wherever they are.
    private static let mostCells: Int64 = 100
    /// A report is compared with so many of a cell, the newest, and with so many in all: whoever files thousands at one
    /// place makes none of them dearer than the first hundred.
    static let mostOfCell = 100
    private static let mostCompared = 1_000

    private struct Cell: Hashable {
        let category: String
        let north: Int64
        let east: Int64
    }

    private var reports: [Int64: Report] = [:]
    /// The numbers of reports, ascending.
    private var cells: [Cell: [Int64]] = [:]
    private var categories: [String: [Int64]] = [:]
    private(set) var pairs: [Pair: Int] = [:]
    private var pairsOf: [Int64: Set<Pair>] = [:]

    private static func cell(_ category: String, _ point: GeoPoint) -> Cell {
        Cell(category: category, north: point.latitude / cell, east: point.longitude / cell)
    }

    /// Takes a report out, with its pairs.
    mutating func remove(_ number: Int64) {
        guard let report = reports.removeValue(forKey: number) else { return }
        Self.remove(number, from: &cells[Self.cell(report.category, report.point), default: []])
        Self.remove(number, from: &categories[report.category, default: []])
        for pair in pairsOf.removeValue(forKey: number) ?? [] {
            pairs[pair] = nil
            pairsOf[pair.newer == number ? pair.older : pair.newer]?.remove(pair)
        }
    }

    /// Takes a report in and pairs it with those near it.
    mutating func insert(_ report: Report, radiusMetres: Int) {
        remove(report.number)
        let near = candidates(report, radiusMetres).compactMap { number -> (Report, Int)? in
            guard let other = reports[number], abs(other.filed - report.filed) <= Self.within,
                !other.others.contains(report.id), !report.others.contains(other.id)
            else { return nil }
            let metres = report.point.metres(to: other.point)
            return metres <= radiusMetres ? (other, metres) : nil
        }.sorted { ($0.1, $0.0.number) < ($1.1, $1.0.number) }
        reports[report.number] = report
        Self.insert(report.number, into: &cells[Self.cell(report.category, report.point), default: []])
        Self.insert(report.number, into: &categories[report.category, default: []])
        for (other, metres) in near.prefix(Self.mostPairs) {
            let isNewer = (report.filed, report.number) > (other.filed, other.number)
            let pair = Pair(
                newer: isNewer ? report.number : other.number, older: isNewer ? other.number : report.number)
            pairs[pair] = metres
            pairsOf[report.number, default: []].insert(pair)
            pairsOf[other.number, default: []].insert(pair)
        }
    }

    private static func place(of number: Int64, in numbers: [Int64]) -> Int {
        var (low, high) = (0, numbers.count)
        while low < high {
            let middle = (low + high) / 2
            if numbers[middle] < number { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private static func insert(_ number: Int64, into numbers: inout [Int64]) {
        numbers.insert(number, at: place(of: number, in: numbers))
    }

    private static func remove(_ number: Int64, from numbers: inout [Int64]) {
        let place = place(of: number, in: numbers)
        if place < numbers.count, numbers[place] == number { numbers.remove(at: place) }
    }

    private func candidates(_ report: Report, _ radiusMetres: Int) -> [Int64] {
        let box = report.point.box(radiusMetres: radiusMetres)
        let (south, north) = (box.latitudes.lowerBound / Self.cell, box.latitudes.upperBound / Self.cell)
        let (west, east) = (box.longitudes.lowerBound / Self.cell, box.longitudes.upperBound / Self.cell)
        guard (north - south + 1) * (east - west + 1) <= Self.mostCells else {
            return Array((categories[report.category] ?? []).suffix(Self.mostCompared))
        }
        var found: [Int64] = []
        for row in south...north {
            for column in west...east {
                found += (cells[Cell(category: report.category, north: row, east: column)] ?? [])
                    .suffix(Self.mostOfCell)
            }
        }
        return found.count > Self.mostCompared ? found.sorted().suffix(Self.mostCompared) : found
    }

    func report(_ number: Int64) -> Report? { reports[number] }
}
