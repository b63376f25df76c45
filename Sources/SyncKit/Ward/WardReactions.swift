// What the ward itself does about what it accepted: views for followers and the public, ratings by code.

/// What the core remembers between reactions. All of it can be read again from the store.
struct Reactions {
    /// Up to where the log was reacted to; `nil` before the store was asked.
    var position: UInt64?
    /// The position that the store knows: what lies above is reacted to again after a stop, which changes nothing.
    var stored: UInt64 = 0
    /// Codes that were noted and not written yet.
    var codes: [CodeKey: Digest] = [:]
    /// The ward's documents about a report, by their kind.
    var views: [Digest: [DocumentKind: Digest]] = [:]
    /// Each device's follows, in the order of their creation.
    var follows: [DeviceID: [WardDocument]] = [:]
    /// Reports that a link names and that are not there yet, with those whose link it is: after a restore a link may
    /// come back before the report that it leads to.
    var awaited: [Digest: Set<Digest>] = [:]
    /// The numbers of the follows that name a progress view.
    var namedBy: [Int64: Set<Int64>] = [:]
}

extension WardCore {
    /// A reaction is an entry of the log that may be reacted to: a rating moves a report, which moves its views.
    private static let mostRounds = 8

    /// Answers the look-ups that wait and reacts to the rest, before anybody is answered.
    package func answerAndReact() throws(StoreError) {
        try carryOutWaiting()
        try answerLookups()
        try sayReceived()
        try react()
    }

    /// Reacts to everything that was accepted since the last time. What it does follows from the documents alone, so
    /// that doing it again does nothing.
    package func react() throws(StoreError) {
        for _ in 0..<Self.mostRounds {
            guard try reactOnce() else { return }
        }
    }

    /// - Returns: whether there was anything new in the log.
    private func reactOnce() throws(StoreError) -> Bool {
        let start = try reactedPosition()
        let head = tree.size
        guard start < head else { return false }
        guard let grant = grants[keys.deviceID]?.last, grant.revokedAfter == nil else { return false }
        let work = try touched(from: start, to: head)
        // What was readmitted stands at old positions.
        let since = epoch > 0 ? 0 : start
        if !work.isEmpty {
            try noteCodes(of: work, since: since)
            if try needsReaction(work, since: since) {
                do {
                    try guarded { () throws(StoreError) in
                        try self.react(to: work, since: since)
                        try self.writeReactions(upTo: head)
                    }
                    reactions.codes = [:]
                    reactions.stored = head
                } catch  where error.code == .misuse {
                    try reactOneByOne(work.map(\.id), since: since, head: head)
                }
            }
        }
        reactions.position = head
        return true
    }

    /// Where the rules keep the ward from one reaction, the others are done all the same.
    private func reactOneByOne(_ ids: [Digest], since start: UInt64, head: UInt64) throws(StoreError) {
        try noteCodes(of: ids.compactMap { documents[$0] }, since: start)
        try database.transaction { () throws(StoreError) in try writeReactions(upTo: head) }
        for id in ids {
            guard let document = documents[id] else { continue }
            do {
                try guarded { () throws(StoreError) in try self.react(to: [document], since: start) }
                if try hasProblem(source: "reaction", subject: id.hex) {
                    try settleProblem(source: "reaction", subject: id.hex)
                }
            } catch  where error.code == .misuse {
                try noteProblem(source: "reaction", subject: id.hex, count: 1, detail: error.detail)
            }
        }
    }

    func reactedPosition() throws(StoreError) -> UInt64 {
        if let known = reactions.position { return known }
        let position = try tables.number("reacted") ?? 0
        try loadViews()
        try noteAwaited()
        reactions.position = position
        reactions.stored = position
        return position
    }

    /// The documents that may be reacted to, each once, in the order in which the log names them.
    private func touched(from start: UInt64, to head: UInt64) throws(StoreError) -> [WardDocument] {
        var seen: Set<Int32> = []
        var found: [WardDocument] = []
        for place in Int(start)..<min(Int(head), index.count) {
            guard Self.accepts(index.numbers[place]) || index.numbers[place] == 7,
                let document = documentsByNumber[Int64(index.documents[place])],
                document.kind == .report || document.kind == .follow || document.kind == .rating,
                seen.insert(index.documents[place]).inserted
            else { continue }
            if document.kind == .report {
                guard try mayShowElsewhere(document) else { continue }
            }
            found.append(document)
        }
        return found
    }

    /// Whether a report has, or had, anything that somebody else's document depends on: a code, a link or a public title.
    /// Most have not. Looks at its slots alone, because every accepted change set asks.
    private func mayShowElsewhere(_ report: WardDocument) throws(StoreError) -> Bool {
        if reactions.views[report.id] != nil || reactions.awaited[report.id] != nil { return true }
        try load(report)
        guard let slots = report.state?.slots else { return false }
        return slots.contains { slot in
            switch slot.slot.field {
            case ReportField.publicTitle, ReportField.duplicateOf, CodeKey.Kind.lookup.field, CodeKey.Kind.rating.field:
                true
            default: false
            }
        }
    }

    /// Whether there may be something to write: most reports are neither followed nor published.
    private func needsReaction(_ work: [WardDocument], since start: UInt64) throws(StoreError) -> Bool {
        for document in work {
            guard document.kind == .report else { return true }
            if reactions.views[document.id] != nil || reactions.awaited[document.id] != nil { return true }
            guard let state = try state(of: document) else { continue }
            if state.publicText != nil || !state.entries(ReportField.duplicateOf).isEmpty { return true }
            for code in codes(in: state, since: start) where code.kind == .lookup {
                if try !waitingFollows(for: code.hash).isEmpty { return true }
            }
        }
        return false
    }

    private func react(to work: [WardDocument], since start: UInt64) throws(StoreError) {
        for document in work where document.kind == .report { try bringPublication(of: document) }
        for document in work where document.kind == .follow { try settle(follow: document) }
        for document in work where document.kind == .report {
            guard let state = try state(of: document) else { continue }
            for code in codes(in: state, since: start) where code.kind == .lookup {
                for follow in try waitingFollows(for: code.hash) { try settle(follow: follow) }
            }
            if reactions.views[document.id]?[.progress] != nil { _ = try bringProgress(of: document) }
            try bringRing(of: document)
            for id in (reactions.awaited[document.id] ?? []).sorted() where reactions.views[id]?[.progress] != nil {
                if let linked = documents[id] { _ = try bringProgress(of: linked) }
            }
        }
        for document in work where document.kind == .rating { try settle(rating: document) }
    }

    /// Brings a document of the ward's own to what it should say; nothing is written where it says so already.
    /// - Returns: the document; `nil` where there is none and nothing to say.
    func bring(
        _ kind: DocumentKind, _ id: Digest?, to wanted: [(field: UInt8, value: CBORValue)],
        appending items: [(field: UInt8, value: CBORValue)] = []
    ) throws(StoreError) -> Digest? {
        var state: DocumentState?
        if let id, let document = documents[id] { state = try self.state(of: document) }
        var draft = ChangeSetDraft(kind: kind, document: id)
        // The salt makes the id of a view one that nobody can compute from what the view says.
        draft.isSalted = true
        for (field, value) in wanted {
            let present = state?.shown(field)?.value
            if present == value.encoded || (present == nil && value == .null) { continue }
            draft.perform(.set(Slot(field: field)), value)
        }
        var id = id
        for (field, value) in items {
            if draft.operations.count >= ChangeSetLimits.maxOperations / 2 {
                id = try authorOne(draft)
                draft = ChangeSetDraft(kind: kind, document: id)
            }
            draft.perform(.append(Slot(field: field)), value)
        }
        return draft.operations.isEmpty ? id : try authorOne(draft)
    }
}
