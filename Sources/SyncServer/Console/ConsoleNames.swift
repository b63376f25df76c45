// What the ward calls things, read now and then and kept for a moment: areas, categories, agencies, states.
import CommandLineKit
import SyncKit
import WardWords

/// The ward's settings and the names of its areas. Reading them for each page would read every area each time.
final class ConsoleNames: Sendable {
    private struct Known: Sendable {
        var settings: WardSettings
        var areas: [String: String]
        var read: Int64
    }

    private static let keptMilliseconds: Int64 = 20_000
    private let known = Monitor<Known?>(nil)
    private let now: @Sendable () -> Int64

    init(now: @escaping @Sendable () -> Int64) { self.now = now }

    func words(_ language: Language, _ service: WardService) -> ValueWords {
        let found = current(service)
        return ValueWords(language, settings: found.settings) { [areas = found.areas] code in
            areas[code].map { $0 + " (" + code + ")" } ?? code
        }
    }

    private func current(_ service: WardService) -> Known {
        let time = now()
        if let known = known.withLock({ $0 }), time - known.read < Self.keptMilliseconds { return known }
        let read: Known? = try? service.withCore { core throws(StoreError) in
            var areas: [String: String] = [:]
            for area in try core.knownAreas() { areas[area.code] = area.name }
            return Known(settings: try core.settings(), areas: areas, read: time)
        }
        // Where the store fails the page says so itself.
        let found = read ?? Known(settings: .standard, areas: [:], read: time)
        known.withLock { $0 = found }
        return found
    }
}

/// Statistics that were counted a moment ago: counting goes through every report of the ward.
final class ConsoleFigures: Sendable {
    private static let mostKept = 16
    private let kept = Monitor<[StatisticsQuery: (found: WardStatistics, counted: Int64)]>([:])
    private let now: @Sendable () -> Int64

    init(now: @escaping @Sendable () -> Int64) { self.now = now }

    /// - Parameter seconds: how old the figures may be.
    func statistics(_ query: StatisticsQuery, _ service: WardService, seconds: Int64) throws(StoreError)
        -> WardStatistics
    {
        let time = now()
        if let known = kept.withLock({ $0[query] }), time - known.counted < seconds * 1000 { return known.found }
        let found = try service.withCore { core throws(StoreError) in try core.statistics(query) }
        kept.withLock { kept in
            if kept.count >= Self.mostKept { kept = [:] }
            kept[query] = (found, time)
        }
        return found
    }
}
