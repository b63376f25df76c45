// Units that were merged: what belongs to an older one belongs to the one that stands today too.

/// Which units were merged into which, since which place in the log and from which day on.
struct MergedUnits: Sendable {
    private struct Merger {
        /// The area document that says so.
        var document: Int64
        var code: String
        /// Where the log says it.
        var position: UInt64
        /// `valid_from`, in seconds.
        var from: Int64

        func isInForce(at position: UInt64, _ now: Int64) -> Bool { self.position <= position && from <= now }
    }

    /// By the code of the older unit.
    private var mergers: [String: [Merger]] = [:]
    /// The older units that an area document names.
    private var named: [Int64: [String]] = [:]

    var isEmpty: Bool { mergers.isEmpty }

    /// Takes over what an area document says now.
    mutating func note(_ document: Int64, _ state: DocumentState) {
        for old in named.removeValue(forKey: document) ?? [] {
            mergers[old]?.removeAll { $0.document == document }
            if mergers[old]?.isEmpty ?? false { mergers[old] = nil }
        }
        guard let code = state.text(AreaField.code) else { return }
        let from = state.value(AreaField.validFrom)?.integer ?? .min
        for entry in state.entries(AreaField.mergedFrom) {
            guard let old = (try? CBORValue(decoding: entry.value))?.string, old != code else { continue }
            named[document, default: []].append(old)
            mergers[old, default: []].append(
                Merger(document: document, code: code, position: entry.position.index, from: from))
        }
    }

    /// The unit that stood at a place in the log and a time, as `AreaBook.present` finds it.
    func present(_ code: String, at position: UInt64 = .max, _ now: Int64) -> String {
        successors(of: code, at: position, now).last ?? code
    }

    /// What a unit was merged into, and that again; the one that stands is the last.
    private func successors(of code: String, at position: UInt64, _ now: Int64) -> [String] {
        AreaCode.successors(of: code) { code in
            mergers[code]?.filter { $0.isInForce(at: position, now) }.map(\.code).min()
        }
    }

    /// Areas, and beside them the units that took their place one after the other.
    func standing(_ areas: [String], at position: UInt64 = .max, _ now: Int64) -> [String] {
        if isEmpty { return areas }
        return areas + areas.flatMap { successors(of: $0, at: position, now) }.filter { !areas.contains($0) }
    }

    /// Whether a merger came into force between two places in the log.
    func changes(from old: (position: UInt64, time: Int64), to new: (position: UInt64, time: Int64)) -> Bool {
        mergers.values.joined().contains {
            $0.isInForce(at: new.position, new.time) && !$0.isInForce(at: old.position, old.time)
        }
    }
}

extension WardCore {
    /// Which units were merged into which.
    func mergedUnits() throws(StoreError) -> MergedUnits {
        if let units { return units }
        var made = MergedUnits()
        for document in wardWide[.area] ?? [] {
            if let state = try peek(document) { made.note(document.number, state) }
        }
        units = made
        return made
    }

    /// The same, where an area document that cannot be read is no reason to answer nobody.
    var knownUnits: MergedUnits { (try? mergedUnits()) ?? MergedUnits() }
}
