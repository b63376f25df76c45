// Following by code, publications and ratings by code: what people do, and what must follow from it.

import SyncKit

/// What the simulator knows of codes: which were made, and which are not filed yet.
struct CodeBook {
    var lookups: [LookupCode] = []
    /// Followed before anybody filed them.
    var unfiled: [LookupCode] = []
    var ratings: [RatingCode] = []
}

extension Schedule {
    private func newCode() -> LookupCode { LookupCode { count in (0..<count).map { _ in UInt8(chance.below(256)) } } }

    /// A code for a new report: sometimes one that somebody follows already.
    func codeToFile() -> LookupCode {
        let code = chance.oneIn(2) ? book.unfiled.popLast() ?? newCode() : newCode()
        book.lookups.append(code)
        return code
    }

    /// A code that an officer hands over with a result.
    func ratingCode() -> RatingCode? {
        guard let code = RatingCode(parsing: newCode().text) else { return nil }
        book.ratings.append(code)
        return code
    }

    /// Somebody follows a report, or rates one with a code.
    func codeIntent() -> Intent? {
        if chance.oneIn(3), let code = chance.pick(book.ratings) {
            var draft = ChangeSetDraft(kind: .rating)
            draft.perform(.set(Slot(field: RatingField.value)), CBORValue(Int64(chance.within(0...5))))
            if chance.oneIn(2) { draft.perform(.set(Slot(field: RatingField.comment)), .text(words())) }
            var intent = Intent(draft, .rating)
            let typed = chance.oneIn(6) ? newCode().canonical : code.canonical
            intent.privates = [(Slot(field: RatingField.code), typed)]
            return intent
        }
        var code = chance.pick(book.lookups)
        if code == nil || chance.oneIn(5) {
            let unknown = newCode()
            book.unfiled.append(unknown)
            code = unknown
        }
        guard let code else { return nil }
        return Intent(Follow.draft(code), .follow)
    }

    // MARK: What must hold

    /// The ward's own steps of reports, which the model does not make by itself: ratings by code.
    func wardSteps(_ log: LogFindings) throws -> [Dot: Act] {
        let own = log.accepted.filter { server.ownDevices.contains($0.device) }
        let changes = try server.service.withCore { (core: WardCore) throws(StoreError) in try core.changes(own) }
        var steps: [Dot: Act] = [:]
        for change in changes where change.header.kind == UInt64(DocumentKind.report.rawValue) {
            var deeds: [Deed] = []
            for operation in change.operations ?? [] {
                guard case .transition(_, let to, let follows) = operation else {
                    deeds.append(.other)
                    continue
                }
                try require(to == 8, "the ward takes a step to \(to)")
                deeds.append(.transition(to: to, follows: follows))
            }
            steps[change.dot] = Act(
                id: change.id, document: change.document, kind: .report, creates: false,
                authored: change.header.authorTime, seen: change.header.seen.position, deeds: deeds, privates: [])
        }
        return steps
    }

    /// Follows name exactly the views of their reports, and views say where the reports are.
    func checkViews(_ states: [Digest: DocumentState], _ documents: ModelDocuments, _ log: LogFindings) throws {
        let owners = filedCodes(documents, log)
        var views: [Digest: Digest] = [:]
        var named: Set<Digest> = []
        for (id, state) in states.sorted(by: { $0.key < $1.key }) where state.kind == .follow {
            let who = "follow \(id.hex.prefix(8))"
            guard let code = bytes(state.value(FollowField.codeHash)) else { throw fail("\(who) has no code") }
            let chain = owners[code].map { reportChain($0, documents) } ?? []
            let status = state.text(FollowField.status)
            try require(status == (chain.isEmpty ? "unknown" : "following"), "\(who) is \(status ?? "unanswered")")
            count(chain.isEmpty ? .followUnknown : .followed)
            if chain.count > 1 { count(.followerMoved) }
            let found = Follow.views(state)
            named.formUnion(found)
            try require(found.count == chain.count, "\(who) names \(found.count) views of \(chain.count) reports")
            let targets = Set(found.compactMap { bytes(states[$0]?.value(ProgressField.duplicateOf)) })
            var next = found.first { !targets.contains($0) }
            for report in chain {
                guard let id = next, let view = states[id], view.kind == .progress else {
                    throw fail("\(who) lacks a view")
                }
                try require(views[report, default: id] == id, "a report has two views")
                views[report] = id
                let step = documents.steps[report]?.state ?? 1
                try require(
                    view.text(ProgressField.status) == WorkflowRules.name(.report, step),
                    "a view is at \(view.text(ProgressField.status) ?? "") and its report at \(step)")
                next = bytes(view.value(ProgressField.duplicateOf))
            }
            try require(next == nil, "\(who): the last view is a duplicate of one that is not named")
        }
        let all = Set(states.values.filter { $0.kind == .progress }.map(\.id))
        try require(Set(views.values).count == views.count, "two reports share a view")
        try require(named.isSubset(of: all), "a follow names what is no view")
        try checkPublications(states)
        for state in states.values where state.kind == .rating {
            guard let finding = state.text(RatingField.status).flatMap(RatingFinding.init) else {
                throw fail("a rating was never judged")
            }
            count(finding == .counted ? .ratedByCode : .ratingRefused)
        }
    }

    private func checkPublications(_ states: [Digest: DocumentState]) throws {
        var titles: [String: Int] = [:]
        for state in states.values {
            if let text = state.publicText { titles[text.title, default: 0] += 1 }
        }
        for state in states.values where state.kind == .publication {
            guard state.text(PublicationField.status) == "published" else {
                count(.withdrawn)
                try require(state.text(PublicationField.title) == nil, "a withdrawn publication has a title")
                continue
            }
            count(.published)
            titles[state.text(PublicationField.title) ?? "", default: 0] -= 1
        }
        try require(titles.values.allSatisfy { $0 == 0 }, "publications are not what the officers published")
    }

    /// Whose codes are whose: the first accepted report has it.
    private func filedCodes(_ documents: ModelDocuments, _ log: LogFindings) -> [Digest: Digest] {
        var owners: [Digest: Digest] = [:]
        for dot in log.accepted {
            guard let act = model.acts[dot], act.kind == .report else { continue }
            for deed in act.deeds {
                guard case .write(let slot, let value, _) = deed, slot == Slot(field: ReportField.codeHash),
                    let hash = bytes(try? CBORValue(decoding: value)), owners[hash] == nil
                else { continue }
                owners[hash] = act.document
            }
        }
        return owners
    }

    /// A report and what it is a duplicate of, and so on. Links that a restore closed to a ring make none of its reports
    /// the duplicate of another.
    private func reportChain(_ report: Digest, _ documents: ModelDocuments) -> [Digest] {
        func links(from first: Digest?) -> [Digest] {
            var chain: [Digest] = []
            var next = first
            while let id = next, !chain.contains(id) {
                chain.append(id)
                next = documents.links[Place(document: id, slot: Slot(field: ReportField.duplicateOf))]?.target
            }
            return chain
        }
        let all = links(from: report)
        let ring = all.firstIndex { links(from: links(from: $0).dropFirst().first).contains($0) }
        return ring.map { Array(all[...$0]) } ?? all
    }

    private func bytes(_ value: CBORValue?) -> Digest? {
        guard case .bytes(let bytes)? = value else { return nil }
        return Digest(bytes)
    }
}
