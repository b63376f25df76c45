// The documents of an audited store, against a fold of what the log accepted.

extension WardAudit {
    /// Folds every document from the log and compares the derived tables with it.
    func checkDocuments() throws(StoreError) {
        acceptances.sort { ($0.document, $0.position) < ($1.document, $1.position) }
        var movesOf: [Int64: [(position: UInt64, id: Digest, areas: [String])]] = [:]
        for move in moves { movesOf[move.document, default: []].append((move.position, move.id, move.areas)) }
        var expected = (documents: 0, changes: 0, areas: 0, files: 0)
        var first = 0
        while first < acceptances.count {
            let number = acceptances[first].document
            var end = first
            while end < acceptances.count, acceptances[end].document == number { end += 1 }
            let parts = acceptances[first..<end]
            first = end
            guard let document = try fold(number, parts) else { continue }
            let moves = movesOf.removeValue(forKey: number) ?? []
            for move in moves where move.id != document.id {
                note(.entries, .differs, "entry \(move.position)")
            }
            guard document.created <= report.flushed else { continue }
            expected.documents += 1
            expected.changes += document.changes.count
            try compareRow(document)
            try compareChanges(document)
            let areas = areas(of: document, moves.map { ($0.position, $0.areas) })
            expected.areas += areas.count
            try compareAreas(document, areas)
            expected.files += try compareFiles(document)
            try compareParallels(document)
            if document.kind == .follow { followDocuments.append(document) }
        }
        for position in movesOf.values.joined().map(\.position).sorted() {
            note(.entries, .extra, "entry \(position)")
        }
        try compareCount(.documents, "documents", expected.documents)
        try compareCount(.documentChanges, "document_changes", expected.changes)
        try compareCount(.areas, "document_areas", expected.areas)
        try checkFollowViews()
        // Files are noted with the log, before the documents that name them are written.
        if report.flushed == report.size { try compareCount(.files, "attachments", expected.files) }
        try checkParallels()
    }

    /// A document as the log makes it, up to where the derived tables reach.
    struct Folded {
        let number: Int64
        let id: Digest
        let kind: DocumentKind
        let creation: Dot
        let created: UInt64
        /// What counts, in the order of the log.
        let changes: [(device: Int64, position: UInt64, accepted: AcceptedChange)]
        let state: DocumentState?
        /// Whether the derived tables reach its newest change set.
        let isWhole: Bool
    }

    /// - Returns: `nil` where nothing of it can be read; that was noted before.
    private func fold(_ number: Int64, _ parts: ArraySlice<Acceptance>) throws(StoreError) -> Folded? {
        var changes: [(device: Int64, position: UInt64, accepted: AcceptedChange)] = []
        var first: ChangeSet?
        var codes: Set<Bytes> = []
        var isWhole = true
        var isErased = false
        for part in parts {
            let stored: LogTables.Stored?
            do throws(StoreError) { stored = try tables.change(device: part.device, sequence: part.sequence) } catch {
                guard error.code == .damaged else { throw error }
                continue
            }
            guard let stored else { continue }
            if let first, first.document != stored.change.document {
                note(.decisions, .differs, "entry \(part.position)")
            }
            if stored.document != number { note(.documents, .differs, Self.place(stored.change.dot)) }
            first = first ?? stored.change
            if stored.change.isErased { isErased = true }
            if wanted.contains(stored.change.document) { codes.formUnion(Self.codes(in: stored.change)) }
            guard part.position <= report.flushed else {
                isWhole = false
                continue
            }
            if let accepted = stored.accepted, accepted.position == part.ordered {
                changes.append((part.device, part.position, accepted))
            }
        }
        guard let first, let created = parts.first?.position,
            let kind = UInt8(exactly: first.header.kind).flatMap(DocumentKind.init(rawValue:))
        else { return nil }
        let state = DocumentState.folding(changes.map(\.accepted), id: first.document, creation: first.dot)
        if wanted.contains(first.document) || kind == .progress || kind == .publication || kind == .follow {
            found[first.document] = AuditedDocument(
                number: number, kind: kind, creation: first.dot, created: created, state: isWhole ? state : nil,
                codes: codes, isErased: isErased)
        }
        if kind == .report, let state { noteCodes(state) }
        return Folded(
            number: number, id: first.document, kind: kind, creation: first.dot, created: created, changes: changes,
            state: state, isWhole: isWhole)
    }

    // MARK: Rows

    private func compareRow(_ document: Folded) throws(StoreError) {
        count(.documents)
        let statement = try database.prepared(
            """
            SELECT id,kind,creator,sequence,position,state,flags,status,area,sort,updated,title,detail,
            hidden,pending,holder FROM documents WHERE number=?1
            """
        ).bind(1, document.number)
        defer { statement.reset() }
        guard try statement.step() else { return note(.documents, .missing, Self.place(document.id)) }
        guard let state = document.state else { return note(.documents, .differs, Self.place(document.id)) }
        let listing = Listing(state)
        let isSame =
            statement.digest(0) == document.id && statement.integer(1) == Int64(document.kind.rawValue)
            && statement.integer(2) == numbers[document.creation.device]
            && statement.integer(3) == Int64(clamping: document.creation.sequence)
            && statement.integer(4) == Int64(clamping: document.created) && statement.bytes(5) == state.stored
            && statement.integer(6) == listing.flags.rawValue && statement.integer(7) == Int64(listing.status)
            && Self.same(statement.text(8), listing.area) && statement.integer(9) == listing.sort
            && statement.integer(10) == listing.updated && Self.same(statement.text(11), listing.title)
            && Self.same(statement.text(12), listing.detail)
            && (13...15).allSatisfy { statement.integer($0) == 0 }
        if !isSame { note(.documents, .differs, Self.place(document.id)) }
    }

    /// Compares bytes: Swift's own equality takes different ways to write a letter for the same.
    private static func same(_ a: String, _ b: String) -> Bool { a.utf8.elementsEqual(b.utf8) }

    private func compareChanges(_ document: Folded) throws(StoreError) {
        count(.documentChanges, document.changes.count)
        let statement = try database.prepared("SELECT device,sequence FROM document_changes WHERE document=?1")
            .bind(1, document.number)
        defer { statement.reset() }
        var listed: Set<UInt64> = []
        while try statement.step() {
            listed.insert(Self.name(statement.integer(0), UInt64(clamping: statement.integer(1))))
        }
        let wanted = Set(document.changes.map { Self.name($0.device, $0.accepted.dot.sequence) })
        if !wanted.isSubset(of: listed) { note(.documentChanges, .missing, Self.place(document.id)) }
        if !listed.isSubset(of: wanted) { note(.documentChanges, .extra, Self.place(document.id)) }
    }

    /// The areas that a document belongs to: those that its first change set gave it, then those of its moves.
    private func areas(of document: Folded, _ moves: [(position: UInt64, areas: [String])]) -> [(
        position: UInt64, areas: String
    )] {
        let creation = document.changes.first { $0.accepted.dot == document.creation }
        guard Schema.areaField(of: document.kind) != nil, let first = creation?.accepted,
            let created = DocumentState.folding([first], id: document.id, creation: document.creation)
        else { return [] }
        var areas = [(document.created, created.areas.joined(separator: "\n"))]
        for move in moves where move.position <= report.flushed {
            areas.append((move.position, move.areas.joined(separator: "\n")))
        }
        return areas
    }

    private func compareAreas(_ document: Folded, _ expected: [(position: UInt64, areas: String)]) throws(StoreError) {
        guard Schema.areaField(of: document.kind) != nil else { return }
        count(.areas, expected.count)
        let present = document.state?.areas.joined(separator: "\n") ?? ""
        if let last = expected.last, !Self.same(last.areas, present) {
            note(.entries, .differs, "entry \(last.position)")
        }
        try compare(
            .areas, "SELECT position,areas FROM document_areas WHERE document=?1 ORDER BY position", document, expected)
    }

    private func compare(
        _ subject: AuditSubject, _ sql: String, _ document: Folded, _ expected: [(position: UInt64, areas: String)]
    ) throws(StoreError) {
        let statement = try database.prepare(sql).bind(1, document.number)
        defer { statement.reset() }
        var rest = expected[...]
        while try statement.step() {
            guard let next = rest.popFirst() else { return note(subject, .extra, Self.place(document.id)) }
            guard UInt64(clamping: statement.integer(0)) == next.position, Self.same(statement.text(1), next.areas)
            else { return note(subject, .differs, Self.place(document.id)) }
        }
        if !rest.isEmpty { note(subject, .missing, Self.place(document.id)) }
    }

    /// Rows of documents that the log does not have.
    func compareCount(_ subject: AuditSubject, _ table: String, _ expected: Int) throws(StoreError) {
        let rows = Int(try database.integer("SELECT count(*) FROM \(table)") ?? 0)
        if rows > expected, !report.findings.contains(where: { $0.subject == subject && $0.problem == .extra }) {
            note(subject, .extra, "table \(table)")
        }
    }

    // MARK: Which views follows name

    private func checkFollowViews() throws(StoreError) {
        var expected = 0
        for document in followDocuments {
            var rows: [(position: UInt64, areas: String)] = []
            var last: Set<Int64> = []
            for end in document.changes.indices {
                let part = document.changes[...end].map(\.accepted)
                let state = DocumentState.folding(part, id: document.id, creation: document.creation)
                var named: Set<Int64> = []
                for entry in state?.entries(FollowField.progress) ?? [] {
                    if let view = WardCore.hash(entry).flatMap({ found[$0] }) { named.insert(view.number) }
                }
                guard named != last else { continue }
                last = named
                rows.append(
                    (
                        document.changes[end].position,
                        named.sorted().map(String.init).joined(separator: "\n")
                    ))
            }
            expected += rows.count
            count(.followViews, rows.count)
            try compare(
                .followViews, "SELECT position,views FROM follow_views WHERE document=?1 ORDER BY position", document,
                rows)
        }
        try compareCount(.followViews, "follow_views", expected)
    }
}
