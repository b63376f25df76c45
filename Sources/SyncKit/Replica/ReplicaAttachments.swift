// The device's side of files: what it keeps, what it sends, what it fetches.

/// A file that somebody attaches: its bytes, and those of its thumbnail.
package struct NewFile: Sendable {
    package let attachment: Attachment
    /// The bytes of the file.
    package let content: Bytes
    /// The bytes of its thumbnail; empty where it needs none.
    package let thumbnailContent: Bytes

    /// - Returns: `nil` for what is empty or longer than the limits.
    package init?(_ bytes: Bytes, media: MediaType, thumbnail: Bytes = []) {
        guard (1...Attachment.maxLength).contains(bytes.count), thumbnail.count <= Attachment.maxThumbnailLength else {
            return nil
        }
        // A file that is no longer than a thumbnail needs none.
        let needsNone = thumbnail.isEmpty || thumbnail.count >= bytes.count
        content = bytes
        thumbnailContent = needsNone ? [] : thumbnail
        attachment = Attachment(
            content: ContentTree.name(bytes), media: media.rawValue,
            thumbnail: needsNone ? nil : ContentTree.name(thumbnail))
    }

    /// A private file: its ciphertext, and what is in it.
    /// - Returns: `nil` for what is empty or longer than the limits.
    init?(sealed: Bytes, type: MediaType) {
        guard (1...Attachment.maxLength).contains(sealed.count) else { return nil }
        content = sealed
        thumbnailContent = []
        attachment = Attachment(
            content: ContentTree.name(sealed), media: Attachment.sealedMark | type.rawValue, thumbnail: nil)
    }
}

/// What of files goes with a request.
struct OfferedContent {
    var body: Bytes = []
    var parts = 0
    var bytes = 0
    /// Which leaves of each content are in it, and how many bytes.
    var leaves: [Digest: LeafSet] = [:]
    var bytesOfRoots: [Digest: Int] = [:]
    var wishes = 0
}

/// Own files, or the rest of them, that wait to be sent.
package struct LeftContent: Sendable, Equatable {
    package var files = 0
    package var bytes = 0
}

extension Replica {
    var contents: ContentTables { ContentTables(database) }

    /// Keeps the contents of files, within the transaction that attaches them.
    func keep(_ files: [NewFile]) throws(StoreError) {
        for file in files {
            try keep(file.content, as: file.attachment.content)
            if let small = file.attachment.thumbnail { try keep(file.thumbnailContent, as: small) }
        }
    }

    /// Other documents may name it as well: it is not asked for any more.
    private func keep(_ bytes: Bytes, as content: ContentName) throws(StoreError) {
        try contents.keep(bytes, as: content)
        try tables.noteHeld(content.root)
    }

    // MARK: Sending

    /// The own files that the ward does not say to hold, and may take: in the order of the wire. All of them: those at the
    /// front may be such that the ward has and did not say so yet.
    private func unsent() throws(StoreError) -> [AttachmentRow] {
        var rows: [AttachmentRow] = []
        for device in try ownDevices() {
            guard let number = try tables.knownDeviceNumber(device) else { continue }
            rows += try tables.attachments(
                where: """
                    device=?1 AND received=0 AND held=1 AND EXISTS (SELECT 1 FROM changes c
                    WHERE c.device=attachments.device AND c.sequence=attachments.sequence AND c.verdict<2)
                    """, limit: .max
            ) { $0.bind(1, number) }
        }
        rows += try filesBesideOthers()
        return rows.sorted { ($0.part.rawValue, $0.since) < ($1.part.rawValue, $1.since) }
    }

    /// Parts of own files, as many as the link has room for.
    /// - Parameter unasked: also of files that the ward did not name yet: where no answer comes before they go.
    func offers(_ plan: LinkPlan, unasked: Bool) throws(StoreError) -> OfferedContent {
        var offered = OfferedContent()
        var seen: Set<Digest> = []
        for row in try unsent() where plan.sends(row.content.length) && seen.insert(row.content.root).inserted {
            let room = plan.room - offered.bytes
            guard room >= ContentTree.leafLength else { break }
            guard let runs = try runsToSend(row.content, unasked: unasked),
                let held = try contents.held(row.content.root)
            else { continue }
            let content = try contents.bytes(held)
            let leaves = ContentTree.leaves(of: content)
            let level = plan.level(for: content.count, room: room)
            for place in ContentTables.parts(filling: runs, level: level, count: leaves.count) {
                guard let range = ContentTree.leaves(level: place.level, index: place.index, length: content.count),
                    let part = OutgoingContent.part(place, of: row.content.root, content, leaves),
                    offered.bytes + part.bytes.count <= plan.room
                else { break }
                offered.body += Block(.part, part.encoded).encoded
                offered.parts += 1
                offered.bytes += part.bytes.count
                offered.bytesOfRoots[row.content.root, default: 0] += part.bytes.count
                offered.leaves[row.content.root, default: LeafSet(count: leaves.count)].insert(range)
            }
        }
        return offered
    }

    /// How many leaves of the own files that a plan sends the ward asked for.
    /// - Parameter unasked: with those of files that it was not asked about yet.
    package func unsentLeaves(_ plan: LinkPlan, unasked: Bool = false) throws(ReplicaError) -> Int {
        try inStore { () throws(StoreError) in
            var count = 0
            for row in try unsent() where plan.sends(row.content.length) {
                count += try leavesToSend(row.content, unasked: unasked)
            }
            return count
        }
    }

    /// What of the own files could go now and was not offered.
    /// - Parameter offered: how many bytes of each content were.
    func unsentContent(beside offered: [Digest: Int]) throws(ReplicaError) -> LeftContent {
        try inStore { () throws(StoreError) in
            var left = LeftContent()
            var counted: Set<Digest> = []
            for row in try unsent() where counted.insert(row.content.root).inserted {
                let bytes = try runsToSend(row.content, unasked: true)?.reduce(0) {
                    $0 + ContentTree.bytes($1, length: row.content.length).count
                }
                let rest = (bytes ?? 0) - (offered[row.content.root] ?? 0)
                guard rest > 0 else { continue }
                left.bytes += rest
                if row.part == .file { left.files += 1 }
            }
            return left
        }
    }

    /// The leaves that the ward lacks, as far as this device knows; `nil` where there is nothing to send now.
    /// - Parameter unasked: all of them, where the ward was not asked yet. Otherwise nothing: it may have the file from
    ///   somebody else, and text is not to wait for files that go with it.
    private func runsToSend(_ content: ContentName, unasked: Bool) throws(StoreError) -> [Range<Int>]? {
        let statement = try database.prepare("SELECT need FROM contents WHERE root=?1").bind(1, content.root)
        defer { statement.reset() }
        guard try statement.step() else { return nil }
        let whole = [0..<ContentTree.leafCount(content.length)]
        if statement.isNull(0) { return unasked ? whole : nil }
        var reader = CBORReader(statement.bytes(0))
        guard let need = try? ContentNeed(reading: &reader) else { return whole }
        guard let runs = need.runs else { return whole }
        return runs.isEmpty ? nil : runs
    }

    private func leavesToSend(_ content: ContentName, unasked: Bool) throws(StoreError) -> Int {
        try runsToSend(content, unasked: unasked)?.reduce(0) { $0 + $1.count } ?? 0
    }

    /// Remembers what the ward lacks, with the last frame of an answer. What it named before and does not name now it has,
    /// or takes later: an answer that said so may have been lost.
    func note(needs: [ContentNeed]) throws(StoreError) {
        for need in needs { try note(need) }
        if ContentNeed.mayHideMore(needs) { return }
        let named = Set(needs.map(\.root))
        for row in try unsent() where !named.contains(row.content.root) {
            guard try runsToSend(row.content, unasked: false) != nil else { continue }
            try note(ContentNeed(root: row.content.root, runs: []))
        }
    }

    /// How many leaves of some contents the ward lacks, as far as this device knows.
    func lackingLeaves(of roots: some Sequence<Digest>) throws(ReplicaError) -> Int {
        try inStore { () throws(StoreError) in
            var count = 0
            for root in roots {
                guard let held = try contents.held(root) else { continue }
                count += try leavesToSend(held.content, unasked: true)
            }
            return count
        }
    }

    /// Remembers that parts of files were sent: until the ward names what it lacks, nothing of them is sent again.
    /// - Parameter named: all that the answer names. Where there was no place for more, what was not sent is still to go.
    func noteOffered(_ offered: [Digest: LeafSet], except named: [ContentNeed]) throws(ReplicaError) {
        let known = Set(named.map(\.root))
        let isFull = ContentNeed.mayHideMore(named)
        try inStore { () throws(StoreError) in
            try database.transaction { () throws(StoreError) in
                for (root, leaves) in offered where !known.contains(root) {
                    var left: [Range<Int>] = []
                    if isFull, let held = try contents.held(root) {
                        var sent = leaves
                        // What the ward did not lack before counts as sent.
                        var lacking = LeafSet(count: leaves.count)
                        for run in try runsToSend(held.content, unasked: true) ?? [] { lacking.insert(run) }
                        for run in lacking.missing() { sent.insert(run) }
                        left = sent.missing(most: ContentNeed.maxRuns)
                    }
                    try note(ContentNeed(root: root, runs: left))
                }
            }
        }
    }

    private func note(_ need: ContentNeed) throws(StoreError) {
        var writer = CBORWriter()
        need.write(to: &writer)
        try database.prepare("UPDATE contents SET need=?2 WHERE root=?1").bind(1, need.root).bind(2, writer.bytes).run()
    }

    // MARK: Fetching

    /// Adds what the device asks for to a request's blocks.
    func asking(for plan: LinkPlan, beside offered: OfferedContent) throws(StoreError) -> OfferedContent {
        var asked = offered
        let room = min(plan.room, max(0, (plan.remaining ?? .max) - offered.bytes))
        guard room > 0 else { return asked }
        let needs = try wishes(plan.fetching)
        if needs.isEmpty { return asked }
        asked.body += Block(.wish, ContentWish(limit: room, level: plan.level, needs: needs).encoded).encoded
        asked.wishes = needs.count
        return asked
    }

    /// What this device lacks of what it wants, as much as one request names.
    private func wishes(_ fetching: LinkPlan.Fetching) throws(StoreError) -> [ContentNeed] {
        var needs: [ContentNeed] = []
        for row in try wanted(fetching) where needs.count < ContentNeed.maxCount {
            guard !needs.contains(where: { $0.root == row.content.root }), let need = try contents.need(row.content)
            else { continue }
            needs.append(need)
        }
        return needs
    }

    /// The files of others that this device wants and does not hold, of those that the ward holds. A private one that it
    /// could not open is worth no data, unless somebody asked for it.
    private func wanted(_ fetching: LinkPlan.Fetching) throws(StoreError) -> [AttachmentRow] {
        let asked = "root IN (SELECT root FROM contents WHERE wanted=1 AND missing>0)"
        let opens = """
            EXISTS (SELECT 1 FROM disclosures s WHERE s.device=attachments.device AND s.sequence=attachments.sequence
            AND s.slot>>40 IN (\(Schema.fileKeysFields.map(String.init).joined(separator: ","))))
            """
        // What is as short as a thumbnail and has none stands for itself.
        let small = """
            (media<\(Attachment.sealedMark) AND length<=\(Attachment.maxThumbnailLength) AND NOT EXISTS (SELECT 1
            FROM attachments t WHERE t.document=attachments.document AND t.file=attachments.file AND t.part=0))
            """
        let condition =
            switch fetching {
            case .nothing: asked
            case .thumbnails: "(part=0 OR \(asked) OR \(small))"
            case .everything: "(media<\(Attachment.sealedMark) OR \(asked) OR \(opens))"
            }
        return try tables.attachments(where: "held=0 AND received=1 AND \(condition)", limit: 100) { _ in }
    }

    /// About how many bytes of files a sync would move by this plan, both ways.
    package func plannedContent(_ plan: LinkPlan) throws(ReplicaError) -> Int {
        guard plan.room > 0 else { return 0 }
        let up = try unsentLeaves(plan, unasked: true) * ContentTree.leafLength
        let down = try inStore { () throws(StoreError) in
            // Several documents may name one file.
            Set(try wanted(plan.fetching).map(\.content)).reduce(0) { $0 + $1.length }
        }
        return min(up + down, plan.remaining ?? .max)
    }

    /// Whether there is anything to ask for.
    package func wantsContent(_ fetching: LinkPlan.Fetching) throws(ReplicaError) -> Bool {
        try inStore { () throws(StoreError) in try !wishes(fetching).isEmpty }
    }

    /// Asks for a file at the next syncs, until it is here.
    package func want(_ content: ContentName) throws(ReplicaError) {
        try inStore { () throws(StoreError) in
            try database.transaction { () throws(StoreError) in try contents.want(content) }
        }
    }

    /// Takes a part of a file that was asked for.
    /// - Returns: what became of it; `nil` where no document of this device names the file.
    func take(_ part: ContentPart) throws(ReplicaError) -> ContentTables.Taken? {
        try inStore { () throws(StoreError) in
            let rows = try tables.attachments(root: part.root)
            if rows.isEmpty { return nil }
            return try database.transaction { () throws(StoreError) in
                let taken = try contents.take(part, ofOneOf: rows.map(\.content))
                if taken == .completed { try tables.noteHeld(part.root) }
                return taken
            }
        }
    }
}

extension ContentTables {
    /// Marks a content as one that a person asked for.
    func want(_ content: ContentName) throws(StoreError) {
        if try held(content.root) == nil { try make(content) }
        try database.prepare("UPDATE contents SET wanted=1 WHERE root=?1").bind(1, content.root).run()
    }
}
