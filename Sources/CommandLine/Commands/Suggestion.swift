// Finding what a mistyped word was meant to be.

/// Nearest words by Damerau-Levenshtein distance.
package enum Suggestion {
    /// Longer words are not compared; no command or option comes near.
    private static let longestWord = 40

    /// The candidate that the word most likely stands for: one that it begins, else the nearest within one slip per
    /// three letters. Ties go to the earlier candidate.
    package static func nearest(to word: String, among candidates: [String]) -> String? {
        let given = Array(word.lowercased().utf8.prefix(longestWord + 1))
        guard !given.isEmpty, given.count <= longestWord else { return nil }
        if given.count >= 2, let completed = candidates.first(where: { $0.utf8.starts(with: given) }) {
            return completed
        }
        var best: String?
        var bestDistance = max(1, given.count / 3) + 1
        for candidate in candidates {
            let distance = distance(given, Array(candidate.utf8))
            if distance < bestDistance, distance < max(given.count, candidate.utf8.count) {
                best = candidate
                bestDistance = distance
            }
        }
        return best
    }

    /// Insertions, deletions, replacements and swaps of neighbours that lead from one word to the other.
    static func distance(_ first: [UInt8], _ second: [UInt8]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...second.count)
        for (row, left) in first.enumerated() {
            var current = [row + 1]
            current.reserveCapacity(second.count + 1)
            for (column, right) in second.enumerated() {
                var cost = min(last[column + 1] + 1, current[column] + 1, last[column] + (left == right ? 0 : 1))
                if row > 0, column > 0, left == second[column - 1], first[row - 1] == right {
                    cost = min(cost, beforeLast[column - 1] + 1)
                }
                current.append(cost)
            }
            beforeLast = last
            last = current
        }
        return last[second.count]
    }
}
