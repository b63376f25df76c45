// Answers to look-ups: the ward's own change sets, sealed to the one who asked.

/// A dossier of the registry as it was imported.
package struct Dossier: Sendable, Hashable {
    package var code: String
    package var secret: String
    /// 1–10 (`docs/data-model.md`, "Dossier statuses").
    package var status: Int64
    package var step: String
    package var agency: String
    package var received: String
    package var due: String
    package var missing: String
    /// When the one-stop system exported it; seconds since 1970.
    package var asOf: Int64

    package init(
        code: String, secret: String, status: Int64, step: String, agency: String, received: String, due: String,
        missing: String, asOf: Int64
    ) {
        self.code = code
        self.secret = secret
        self.status = status
        self.step = step
        self.agency = agency
        self.received = received
        self.due = due
        self.missing = missing
        self.asOf = asOf
    }

    /// What the registry finds the dossier by.
    package var key: String { DossierCode(code).key }

    /// A second secret as people type it: letters and digits only.
    package static func normalizedSecret(_ secret: String) -> String {
        SearchFold.fold(secret).filter { $0.isLetter || $0.isNumber }
    }
}

extension WardCore {
    /// Takes over one dossier of an export.
    /// - Parameter isTrial: only says what would come of it.
    @discardableResult
    package func importDossier(_ dossier: Dossier, isTrial: Bool = false) throws(StoreError) -> ImportOutcome {
        let code = dossier.key
        let secret = registryHash(code, dossier.secret)
        func bound(_ sql: StaticString) throws(StoreError) -> Statement {
            try database.prepared(sql).bind(1, code).bind(2, secret).bind(3, dossier.status).bind(4, dossier.step)
                .bind(5, dossier.agency).bind(6, dossier.received).bind(7, dossier.due).bind(8, dossier.missing)
                .bind(9, dossier.asOf)
        }
        let known = try bound(
            """
            SELECT (secret,status,step,agency,received,due,missing,as_of)=(?2,?3,?4,?5,?6,?7,?8,?9)
            FROM dossiers WHERE code=?1
            """)
        var outcome = ImportOutcome.new
        if try known.step() { outcome = known.integer(0) == 1 ? .unchanged : .changed }
        known.reset()
        if isTrial || outcome == .unchanged { return outcome }
        try bound(
            """
            INSERT INTO dossiers(code,secret,status,step,agency,received,due,missing,as_of)
            VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9) ON CONFLICT(code) DO UPDATE SET
            secret=?2,status=?3,step=?4,agency=?5,received=?6,due=?7,missing=?8,as_of=?9
            """
        ).run()
        return outcome
    }

    /// The registry keeps second secrets only as a keyed hash.
    private func registryHash(_ code: String, _ secret: String) -> Bytes {
        let key = keys.registryKey.seed.withUnsafeBytes { Bytes($0) }
        let text = Bytes("\(code):\(Dossier.normalizedSecret(secret))".utf8)
        return Blake2b.hash(Bytes("wardsync/v1/dossier\0".utf8) + key + text).bytes
    }

    /// Answers every look-up that waits. Each answer is a change set of the ward's own device.
    package func answerLookups() throws(StoreError) {
        let waiting = unanswered
        unanswered = []
        for id in waiting {
            guard let document = documents[id], let state = try state(of: document), state.present.state == 1 else {
                continue
            }
            try answer(document, state)
        }
    }

    private func answer(_ document: WardDocument, _ state: DocumentState) throws(StoreError) {
        guard let entry = state.shown(LookupField.secret), PrivateValue.isSealed(entry.value),
            let asker = grants[state.creation.device]?.last?.grant
        else { return }
        let slot = Slot(field: LookupField.secret)
        let secret = openPrivate(entry.value, dot: entry.dot, slot: slot)?.string
        let code = DossierCode(state.text(LookupField.code) ?? "").key
        var finding = Finding.notFound
        var asOf = wardTime
        var parts: [CBORValue.Pair] = []
        let statement = try database.prepare(
            "SELECT secret,status,step,agency,received,due,missing,as_of FROM dossiers WHERE code=?1"
        ).bind(1, code)
        if try statement.step() {
            asOf = statement.integer(7)
            let isOpen = try mayTry(code, document)
            if isOpen, let secret, ConstantTime.equal(statement.bytes(0), registryHash(code, secret)) {
                finding = .found
                parts = [
                    CBORValue.Pair(.unsigned(AnswerPart.status), .unsigned(UInt64(max(0, statement.integer(1))))),
                    CBORValue.Pair(.unsigned(AnswerPart.step), .text(statement.text(2))),
                    CBORValue.Pair(.unsigned(AnswerPart.agency), .text(statement.text(3))),
                    CBORValue.Pair(.unsigned(AnswerPart.received), .text(statement.text(4))),
                    CBORValue.Pair(.unsigned(AnswerPart.due), .text(statement.text(5))),
                    CBORValue.Pair(.unsigned(AnswerPart.missing), .text(statement.text(6))),
                ]
            } else {
                finding = .refused
                if isOpen { try noteWrongSecret(code, document) }
            }
        }
        statement.reset()
        let answerSlot = Slot(field: LookupField.answer)
        let dot = Dot(device: keys.deviceID, sequence: try chain(keys.deviceID).head.sequence + 1)
        let sealed = PrivateValue.seal(
            .map(parts), ward: ward, dot: dot, slot: answerSlot, to: Self.replyKey(state) ?? asker.sealingKey,
            random: random)
        var draft = ChangeSetDraft(kind: .lookup, document: document.id)
        draft.perform(
            .append(answerSlot),
            .array([
                .unsigned(finding.rawValue), CBORValue(asOf), CBORValue(asOf + Finding.freshSeconds), .bytes(sealed),
            ]))
        draft.perform(
            .transition(Slot(field: Schema.stateField), to: finding.state, follows: state.present.dot))
        try author([draft])
    }

    /// The key that the asker made for this answer alone, if it is one to which something can be sealed.
    private static func replyKey(_ state: DocumentState) -> Digest? {
        guard case .bytes(let bytes)? = state.value(LookupField.replyKey), let key = Digest(bytes) else { return nil }
        return SealedBox.accepts(key) ? key : nil
    }

    /// Lets the ward's own device do something: signed, decided and logged like everything else.
    /// - Returns: the documents.
    @discardableResult
    package func author(_ drafts: [ChangeSetDraft]) throws(StoreError) -> [Digest] {
        var ids: [Digest] = []
        try guarded { () throws(StoreError) in
            for draft in drafts { ids.append(try authorOne(draft)) }
        }
        return ids
    }

    /// - Parameter isDecided: what the ward says again after an erasure is not decided by the rules for authors.
    func authorOne(_ draft: ChangeSetDraft, isDecided: Bool = false) throws(StoreError) -> Digest {
        var chain = try chain(keys.deviceID)
        var clock = HybridClock(last: HybridTime(rawValue: try tables.number("clock") ?? 0))
        let stamp = clock.next(now: wardTime)
        try tables.setNumber("clock", stamp.rawValue)
        let mark = SeenMark(position: place(tree.size), root: tree.root.prefix8)
        let change: ChangeSet
        do {
            change = try draft.signed(
                by: keys.device, ward: ward, after: chain.head, time: stamp, seen: mark,
                salt: random.bytes(ChangeSetLimits.saltLength), scheme: scheme)
        } catch { throw StoreError(.misuse, "own change set: \(error.code) \(error.part)") }
        var received = Received()
        try isDecided ? acceptOwn(change, &chain, &received) : receive(change, &chain, &received)
        chains[keys.deviceID] = chain
        guard received.accepted == 1 else { throw StoreError(.misuse, "own change set was not accepted") }
        if draft.kind == .order { try carryOutOrders() }
        return change.document
    }
}

extension CBORValue {
    /// A whole number with a sign.
    package init(_ number: Int64) {
        self = number >= 0 ? .unsigned(UInt64(number)) : .negative(number)
    }
}
