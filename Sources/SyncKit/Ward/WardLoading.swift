// Opening the server's store, writing its derived tables behind, and making them anew from the log.

extension WardCore {
    /// Reads what is held in memory, then folds what the derived tables do not have yet.
    func load() throws(StoreError) {
        isLoading = true
        defer { isLoading = false }
        let last = try database.prepare("SELECT max(position) FROM entries")
        let size = try last.step() ? UInt64(last.integer(0)) : 0
        last.reset()
        flushedSize = try tables.number("flushed") ?? 0
        if let serial = try tables.number("checkpoint.serial"), let bytes = try tables.meta("checkpoint") {
            checkpoint = (serial, bytes)
        }
        try loadEpochs()
        try loadBranches()
        try loadBackedUp()
        try loadNewer()
        try loadDocuments()
        try replay(size)
        durableSize = size
        if size > 0 {
            lastTime = try entryTime(at: size)
            roots[size] = tree.root.prefix8
        }
        try loadHeld()
        try loadUnanswered()
        try loadParallels()
        try loadContacts()
    }

    /// Look-ups that were written behind before they were answered.
    private func loadUnanswered() throws(StoreError) {
        let statement = try database.prepare("SELECT id FROM documents WHERE kind=?1 AND status=1 ORDER BY number")
            .bind(1, Int64(DocumentKind.lookup.rawValue))
        defer { statement.reset() }
        while try statement.step() {
            if let id = statement.digest(0), !unanswered.contains(id) { unanswered.append(id) }
        }
    }

    private func loadDocuments() throws(StoreError) {
        let statement = try database.prepare(
            """
            SELECT d.number,d.id,d.kind,v.key,d.sequence,d.position,d.status
            FROM documents d JOIN devices v ON v.number=d.creator
            """)
        defer { statement.reset() }
        while try statement.step() {
            guard let id = statement.digest(1), let device = statement.digest(3),
                let kind = DocumentKind(rawValue: UInt8(truncatingIfNeeded: statement.integer(2)))
            else { continue }
            register(
                WardDocument(
                    number: statement.integer(0), id: id, kind: kind,
                    creation: Dot(device: DeviceID(device), sequence: UInt64(statement.integer(4))),
                    created: UInt64(statement.integer(5))))
            // Accepted before a stop that came ahead of the answer.
            if kind == .lookup, statement.integer(6) == 1 { unanswered.append(id) }
        }
        let areas = try database.prepare(
            "SELECT document,position,areas FROM document_areas ORDER BY document,position")
        defer { areas.reset() }
        while try areas.step() {
            let position = UInt64(areas.integer(1))
            let list = areas.text(2).split(separator: "\n").map(String.init)
            guard let document = documentsByNumber[areas.integer(0)] else { continue }
            if !document.areas.isEmpty { moves.append((position, document.number)) }
            enter(document, list, at: position)
        }
        moves.sort { $0.position < $1.position }
        try loadNamed()
        try loadOrders()
    }

    /// From a position on, a document belongs to other areas.
    func enter(_ document: WardDocument, _ areas: [String], at position: UInt64) {
        document.enter(areas, at: position, areaSets)
        documentsByNumber.notePlace(of: document)
    }

    func register(_ document: WardDocument) {
        documents[document.id] = document
        documentsByNumber[document.number] = document
        creations[document.creation] = document.id
        kindCounts[document.kind, default: 0] += 1
        if document.kind.isWardWide { wardWide[document.kind, default: []].append(document) }
        if document.kind == .settings { settingsDocuments.append(document) }
        nextDocument = max(nextDocument, document.number + 1)
        if document.kind == .follow { reactions.follows[document.creation.device, default: []].append(document) }
    }

    /// Goes through the log: the tree and the grants from its beginning, documents from where the tables stop.
    private func replay(_ size: UInt64) throws(StoreError) {
        let statement = try database.prepare("SELECT position,document,bytes FROM entries ORDER BY position")
        var waiting: [(position: UInt64, document: Int64, entry: LogEntry)] = []
        while try statement.step() {
            let bytes = statement.bytes(2)
            let position = UInt64(statement.integer(0))
            tree.append(leaf: MerkleTree.leaf(bytes))
            guard tree.size == position, let record = try? LogRecord(decoding: bytes) else {
                throw StoreError(.damaged, "ward log at \(position)")
            }
            times[position] = record.time
            try index.append(record.entry, document: statement.integer(1), tables)
            try noteGrant(record.entry, at: position, time: record.time)
            if case .erase(_, let id, _) = record.entry { erased.insert(id) }
            noteKey(record.entry, at: position)
            if case .readmit(let acceptance, _) = record.entry { readmitted[acceptance.dot] = position }
            if position > flushedSize { waiting.append((position, statement.integer(1), record.entry)) }
        }
        if times.count > 100_000 { times.removeAll() }
        statement.reset()
        for item in waiting { try replay(item.position, item.document, item.entry) }
        for number in refolding {
            if let document = documentsByNumber[number] {
                try refoldWhole(document)
                try noteAttachments(of: document)
            }
        }
        refolding = []
    }

    private func replay(_ position: UInt64, _ number: Int64, _ entry: LogEntry) throws(StoreError) {
        switch entry {
        case .accept(let acceptance), .release(let acceptance, _), .readmit(let acceptance, _):
            var ordered: Position?
            if case .readmit(_, let place) = entry { ordered = place }
            let device = try tables.deviceNumber(acceptance.dot.device)
            guard let stored = try tables.change(device: device, sequence: acceptance.dot.sequence),
                stored.change.id == acceptance.id
            else { throw StoreError(.damaged, "change set at \(position)") }
            if documentsByNumber[number] == nil,
                let kind = DocumentKind(rawValue: UInt8(truncatingIfNeeded: stored.change.header.kind))
            {
                register(
                    WardDocument(
                        number: number, id: stored.change.document, kind: kind, creation: stored.change.dot,
                        created: position))
            }
            guard let document = documentsByNumber[number] else {
                throw StoreError(.damaged, "document at \(position)")
            }
            try merge(
                stored.change, at: position, ordered: ordered, effective: acceptance.effective,
                outcomes: acceptance.outcomes, into: document, device: device)
        case .erase:
            // What was written behind may still hold what was erased.
            if let document = documentsByNumber[number] {
                refolding.insert(number)
                markDirty(document)
            }
        case .move(let id, let areas):
            guard let document = documents[id] else { return }
            if !document.areas.isEmpty { moves.append((position, document.number)) }
            enter(document, areas, at: position)
            markDirty(document)
        default: return
        }
    }

    private func loadHeld() throws(StoreError) {
        try forEachChange("verdict=2") { heldChanges.insert($0, $1) }
        if epoch == 0 { return }
        try forEachChange("verdict=3 AND document=0 AND code=\(RefusalCode.declined.rawValue)") { change, _ in
            declinedByDocument[change.document, default: []].append(change.dot)
        }
    }

    private func forEachChange(_ condition: String, _ body: (ChangeSet, RefusalCode) -> Void) throws(StoreError) {
        let statement = try database.prepare("SELECT body,code FROM changes WHERE \(condition)")
        defer { statement.reset() }
        while try statement.step() {
            guard let change = try? ChangeSet(decoding: statement.bytes(0)),
                let code = RefusalCode(rawValue: UInt8(truncatingIfNeeded: statement.integer(1)))
            else { continue }
            body(change, code)
        }
    }

    func markDirty(_ document: WardDocument) {
        sums.noteChange(of: document)
        if document.isDirty { return }
        document.isDirty = true
        dirty.append(document)
    }

    /// Writes the documents that changed into the derived tables. They are not the truth: a crash before costs
    /// nothing but folding anew.
    package func flush() throws(StoreError) {
        guard !dirty.isEmpty || flushedSize < tree.size || !changedContacts.isEmpty || !inbox.parallelChanged.isEmpty
        else { return }
        let size = tree.size
        let heardOf = changedContacts
        let reacted = reactions.position.flatMap { $0 > reactions.stored ? $0 : nil }
        try database.transaction { () throws(StoreError) in
            for document in dirty { try write(document) }
            try writeParallels()
            try writeContacts(of: heardOf)
            try tables.setNumber("flushed", size)
            if let reacted { try writeReactions(upTo: reacted) }
        }
        if let reacted {
            reactions.codes = [:]
            reactions.stored = reacted
        }
        for document in dirty {
            document.isDirty = false
            document.unlisted = []
        }
        dirty = []
        inbox.parallelChanged = []
        changedContacts.subtract(heardOf)
        flushedSize = size
        if documents.count > 60_000 {
            for document in documents.values where !document.isDirty { document.state = nil }
        }
    }

    private func write(_ document: WardDocument) throws(StoreError) {
        guard let state = document.state else { return }
        let listing = Listing(state)
        let creator = try tables.deviceNumber(document.creation.device)
        let statement = try database.prepare(
            """
            INSERT INTO documents(number,id,kind,creator,sequence,state,position,flags,status,area,sort,updated,title,detail)
            VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14)
            ON CONFLICT(number) DO UPDATE SET state=?6,flags=?8,status=?9,area=?10,sort=?11,updated=?12,title=?13,detail=?14
            """
        ).bind(1, document.number).bind(2, document.id).bind(3, Int64(document.kind.rawValue)).bind(4, creator)
        statement.bind(5, Int64(clamping: document.creation.sequence)).bind(6, state.stored)
            .bind(7, Int64(document.created)).bind(8, listing.flags.rawValue).bind(9, Int64(listing.status))
            .bind(10, listing.area)
        statement.bind(11, listing.sort).bind(12, listing.updated).bind(13, listing.title).bind(14, listing.detail)
        try statement.run()
        for item in document.unlisted {
            try tables.noteChange(document: document.number, device: item.device, sequence: item.sequence)
        }
        for item in document.areas where item.position > flushedSize {
            try database.prepare("INSERT OR REPLACE INTO document_areas(document,position,areas) VALUES(?1,?2,?3)")
                .bind(1, document.number).bind(2, Int64(item.position)).bind(3, item.areas.joined(separator: "\n"))
                .run()
        }
        try writeNamed(document)
    }

    /// Drops every derived table and makes it anew from the log.
    package static func rebuild(_ database: Database) throws(StoreError) {
        try database.transaction { () throws(StoreError) in
            for table in StoreSchema.derivedTables { try database.run("DROP TABLE IF EXISTS \(table)") }
            try database.run(StoreSchema.derived)
            try database.run("DROP TABLE IF EXISTS follow_views")
            try database.run("DROP TABLE IF EXISTS parallels")
            try LogTables(database).setNumber("flushed", 0)
        }
    }
}
