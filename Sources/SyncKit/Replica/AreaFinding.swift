// Finding an area by what a person types: a name without accents, a beginning of it, an old name.

/// A store that is only looked things up in.
package struct StoreView: LocalDocuments {
    package let database: Database
    package let tables: LogTables

    package init(_ database: Database) {
        self.database = database
        tables = LogTables(database)
    }
}

extension AreaBook {
    /// Words that say what kind of unit a name belongs to, folded.
    private static let levels: [[String]] = [
        ["phuong"], ["xa"], ["dac", "khu"], ["thi", "tran"], ["tinh"], ["thanh", "pho"], ["khu", "pho"],
        ["to", "dan", "pho"], ["quan"], ["huyen"], ["thi", "xa"],
    ]

    /// The units that are meant by a code or a name; several where it fits them equally well.
    package func find(_ typed: String) throws(ReplicaError) -> [AreaUnit] {
        if let unit = unit(typed) { return [unit] }
        let words = FoldedWords.of(typed, most: 20)
        guard !words.isEmpty else { return [] }
        let accented = TextNormalization.nfc(typed).lowercased()
        var best = 4
        var found: [(code: String, name: String)] = []
        for area in try all() {
            guard let rank = Self.rank(FoldedWords.of(area.name, most: 40), words), rank <= best else { continue }
            if rank < best { found.removeAll() }
            best = rank
            found.append(area)
        }
        if found.count > 1, accented.utf8.contains(where: { $0 >= 0x80 }) {
            let same = found.filter { $0.name.lowercased().contains(accented) }
            if !same.isEmpty { found = same }
        }
        return found.prefix(100).compactMap { unit($0.code) }
    }

    /// 0 for the whole name, 1 for the name without its level, 2 for its beginning, 3 for words of it.
    private static func rank(_ name: [Bytes], _ typed: [Bytes]) -> Int? {
        if name == typed { return 0 }
        let bareName = bare(name)
        let bareTyped = bare(typed)
        // «Phường Hồng Gai» and «xã Hồng Gai» are two places; «Hồng Gai» may be either.
        let isSameLevel =
            bareTyped.count == typed.count || name.starts(with: typed.prefix(typed.count - bareTyped.count))
        guard isSameLevel else { return nil }
        if bareName == bareTyped { return 1 }
        func begins(_ words: [Bytes], _ start: [Bytes]) -> Bool {
            guard words.count >= start.count, let last = start.last else { return false }
            return words.starts(with: start.dropLast()) && words[start.count - 1].starts(with: last)
        }
        if begins(bareName, bareTyped) || begins(name, typed) { return 2 }
        return typed.allSatisfy { word in name.contains { $0.starts(with: word) } } ? 3 : nil
    }

    private static func bare(_ words: [Bytes]) -> [Bytes] {
        for level in levels where words.count > level.count {
            if zip(words, level).allSatisfy({ $0.elementsEqual($1.utf8) }) {
                return Array(words.dropFirst(level.count))
            }
        }
        return words
    }
}
