// How the rows of a list are found: by going through the list, or by an index of what was asked for.

/// How many documents of a kind have a status and an area.
struct DocumentCount: Hashable {
    let status: UInt8
    let isQueued: Bool
    let area: String
    let count: Int
}

/// The documents that a filter lets through, found in the way that touches the fewest rows.
///
/// What most documents are is soon found by going through the list; what few are is found by its index and sorted. The
/// counts tell which is which, so that neither way ever goes through a whole store.
struct ListQuery {
    /// `FROM documents d …` with the condition; parameters 1 and 2 are the kind and the areas, 4 and 5 those of tasks.
    let sql: String
    /// How many documents have the kind, states and areas of the filter.
    let fitting: Int
    private let kind: DocumentKind
    private let filter: ListFilter
    private let areas: String?

    init(_ kind: DocumentKind, _ filter: ListFilter, limit: Int?, _ counts: [DocumentCount]) {
        self.kind = kind
        self.filter = filter
        let meant = filter.area.map { [$0] + filter.mergedAreas }
        var states = filter.states
        if states.isEmpty, filter.tasks.isUnfinished { states = [1, 2] }
        var total = 0
        var fitting = 0
        var inside: Set<String> = []
        var isNarrowed = false
        for item in counts {
            total += item.count
            let isInside = meant.map { AreaCode.anyCovers($0, [item.area]) } ?? true
            if isInside { inside.insert(item.area) } else { isNarrowed = true }
            guard isInside, states.isEmpty || states.contains(item.status) else { continue }
            if filter.isQueued ? !item.isQueued : !filter.states.isEmpty && item.isQueued { continue }
            fitting += item.count
        }
        self.fitting = fitting
        areas = isNarrowed ? Self.array(inside) : nil
        // The list's order has a row at hand for each step, the index only itself, which is some eight times as quick.
        let rows = min(limit ?? total, total)
        let isFew = fitting < total && Double(fitting) * Double(fitting) < 8 * Double(total) * Double(max(1, rows))
        var from = ""
        var condition = "d.kind=?1 AND d.hidden=0"
        if filter.isQueued {
            from = " INDEXED BY documents_queued"
            condition += " AND d.position=0"
        } else if filter.tasks.isOwn {
            from = " INDEXED BY documents_own"
        } else if kind.rawValue < 4, isFew {
            from = " INDEXED BY documents_states"
            condition += " AND d.kind<4"
            if states.isEmpty { states = Set(counts.map(\.status)).sorted() }
        }
        if !states.isEmpty { condition += " AND d.status IN (\(states.map(String.init).joined(separator: ",")))" }
        if !filter.states.isEmpty { condition += " AND d.position<>0" }
        if areas != nil { condition += " AND d.area IN (SELECT value FROM json_each(?2))" }
        sql = " FROM documents d\(from) WHERE " + condition + filter.tasks.sql
    }

    func bind(_ statement: Statement) {
        statement.bind(1, Int64(kind.rawValue))
        if let areas { statement.bind(2, areas) }
        if let detail = filter.tasks.kind { statement.bind(4, detail) }
        if let claimant = filter.tasks.claimant { statement.bind(5, claimant.digest) }
    }

    /// The codes as a JSON array; those that are none are in no document that was accepted, and are passed over.
    private static func array(_ codes: Set<String>) -> String {
        "[" + codes.filter(AreaCode.isValid).sorted().map { "\"\($0)\"" }.joined(separator: ",") + "]"
    }
}
