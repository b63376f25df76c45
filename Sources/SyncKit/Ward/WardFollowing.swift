// Following a report by its look-up code: which views a follow names, and through it which views a device holds.

extension WardCore {
    /// How many codes that nobody filed a device may ask for within a day.
    package static let followLimit: Int64 = 20
    private static let followWindowSeconds: Int64 = 86_400
    /// How long a chain of duplicates may be; longer ones are refused when they are linked.
    private static let longestChain = 64

    /// Makes a follow name the views of its report, and of the reports that this one is a duplicate of.
    func settle(follow document: WardDocument) throws(StoreError) {
        guard let state = try state(of: document) else { return }
        let noted = try noted(follow: document.id)
        let hash = noted?.hash ?? state.digest(FollowField.codeHash) ?? .zero
        var standing = noted?.standing ?? .unknown
        if noted == nil {
            let since = wardTime - Self.followWindowSeconds
            let unknown = try unknownFollows(of: document.creation.device, since: since)
            if unknown >= Self.followLimit { standing = .limited }
        }
        var views: [Digest] = []
        if standing != .limited, let report = try report(with: CodeKey(kind: .lookup, hash: hash)) {
            standing = .following
            views = try chainOfViews(from: report)
        }
        if standing != noted?.standing { try note(follow: document, hash: hash, standing) }
        try name(views, standing, in: document)
    }

    /// The views of a report and of what it is a duplicate of, one after the other.
    private func chainOfViews(from report: WardDocument) throws(StoreError) -> [Digest] {
        var views: [Digest] = []
        var next: WardDocument? = report
        while let report = next, views.count < Self.longestChain {
            views.append(try bringProgress(of: report))
            next = try original(of: report)
        }
        return views
    }

    /// The report that this one is a duplicate of; `nil` too where the links lead back to it, or go on for longer than
    /// any that were linked one after the other. Links close to a ring where a restore brings one back beside another
    /// that was made in the meantime.
    func original(of report: WardDocument) throws(StoreError) -> WardDocument? {
        guard let first = try linked(report) else { return nil }
        let (others, isEndless) = try reports(from: first)
        return isEndless || others.contains { $0.id == report.id } ? nil : first
    }

    /// A report and what it is linked to, one after the other, each once.
    private func reports(from first: WardDocument) throws(StoreError) -> (found: [WardDocument], isEndless: Bool) {
        var found: [WardDocument] = []
        var next: WardDocument? = first
        while let present = next, !found.contains(where: { $0.id == present.id }) {
            if found.count == Self.longestChain { return (found, true) }
            found.append(present)
            next = try linked(present)
        }
        return (found, false)
    }

    /// Brings the views of the reports that a link of this one closes to a ring with it, or did.
    func bringRing(of report: WardDocument) throws(StoreError) {
        for entry in try state(of: report)?.entries(ReportField.duplicateOf) ?? [] where entry.action == .link {
            guard let first = Digest(entry.value).flatMap({ documents[$0] }) else { continue }
            for other in try reports(from: first).found where reactions.views[other.id]?[.progress] != nil {
                if other.id != report.id { _ = try bringProgress(of: other) }
            }
        }
    }

    /// What the link that stands in a report names; `nil` too where that is not there, and is awaited from then on.
    private func linked(_ report: WardDocument) throws(StoreError) -> WardDocument? {
        guard let target = try state(of: report)?.link(ReportField.duplicateOf).flatMap({ Digest($0.value) }) else {
            return nil
        }
        if let document = documents[target] { return document }
        reactions.awaited[target, default: []].insert(report.id)
        return nil
    }

    /// Notes which reports are awaited, once the views were read. Only a restore lets a link come before its report.
    func noteAwaited() throws(StoreError) {
        guard epoch > 0 else { return }
        for (report, views) in reactions.views where views[.progress] != nil {
            if let document = documents[report] { _ = try linked(document) }
        }
    }

    /// Brings a follow to the views that it should name. Its state is read here: where a view moved its followers
    /// (`moveFollowers`), it names some of them by now.
    private func name(_ views: [Digest], _ standing: FollowStanding, in document: WardDocument) throws(StoreError) {
        guard let state = try state(of: document) else { return }
        let slot = Slot(field: FollowField.progress)
        let wanted = views.map { CBORValue.bytes($0.bytes) }
        let present = Set(state.entries(slot).map(\.value))
        var draft = ChangeSetDraft(kind: .follow, document: document.id)
        for value in wanted where !present.contains(value.encoded) { draft.perform(.add(slot), value) }
        let kept = Set(wanted.map(\.encoded))
        for value in present.subtracting(kept).sorted(by: { $0.lexicographicallyPrecedes($1) }) {
            if let value = try? CBORValue(decoding: value) { draft.perform(.remove(slot), value) }
        }
        if state.text(FollowField.status) != standing.code {
            draft.perform(.set(Slot(field: FollowField.status)), .text(standing.code))
        }
        if !draft.operations.isEmpty { _ = try authorOne(draft) }
    }

    // MARK: Which views a device holds

    /// Notes which views a follow names from a position of the log on.
    func noteNamed(in document: WardDocument, at position: UInt64) {
        var named: Set<Int64> = []
        for entry in document.state?.entries(FollowField.progress) ?? [] {
            if let view = Self.hash(entry).flatMap({ documents[$0] }) { named.insert(view.number) }
        }
        guard named != document.named.last?.views ?? [] else { return }
        setNamed(named, in: document, at: position)
    }

    func setNamed(_ named: Set<Int64>, in document: WardDocument, at position: UInt64) {
        for view in document.named.last?.views ?? [] { reactions.namedBy[view]?.remove(document.number) }
        for view in named { reactions.namedBy[view, default: []].insert(document.number) }
        document.named.append((position, named))
    }

    /// The numbers of the views that a device's follows name at a position.
    func namedViews(of device: DeviceID, at position: UInt64) -> Set<Int64> {
        let follows =
            persons.isEmpty
            ? reactions.follows[device] ?? [] : persons.devices(of: device).flatMap { reactions.follows[$0] ?? [] }
        if follows.isEmpty { return [] }
        var views: Set<Int64> = []
        for follow in follows {
            views.formUnion(follow.named.last { $0.position <= position }?.views ?? [])
        }
        return views
    }

    // MARK: The derived table

    func loadNamed() throws(StoreError) {
        let statement = try database.prepare("SELECT document,position,views FROM follow_views ORDER BY position")
        defer { statement.reset() }
        while try statement.step() {
            guard let document = documentsByNumber[statement.integer(0)] else { continue }
            let views = statement.text(2).split(separator: "\n").compactMap { Int64($0) }
            setNamed(Set(views), in: document, at: UInt64(statement.integer(1)))
        }
    }

    func writeNamed(_ document: WardDocument) throws(StoreError) {
        for item in document.named where item.position > flushedSize {
            let views = item.views.sorted().map(String.init).joined(separator: "\n")
            try database.prepare("INSERT OR REPLACE INTO follow_views(document,position,views) VALUES(?1,?2,?3)")
                .bind(1, document.number).bind(2, Int64(item.position)).bind(3, views).run()
        }
    }
}
