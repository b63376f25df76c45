// Orders: the ward carries out what somebody with the right to it decided, as soon as it accepted the order.

/// Orders that were accepted and not carried out yet, and which device each order is about.
struct OpenOrders {
    /// In the order in which the log has them.
    var open: [Digest] = []
    /// Something came since the last time that they were tried.
    var hasNews = false
    /// The size of the log when they were tried last.
    var triedAt: UInt64 = 0
    /// While one is carried out, no other is.
    var isBusy = false
    var byDevice: [DeviceID: [Digest]] = [:]
    /// The change sets that orders declined: nobody has to look at them any more.
    var declined: Set<Digest> = []
}

/// Why the ward does not carry an order out. The raw value stands in its `why`.
package enum OrderProblem: String, CaseIterable, Sendable, Hashable {
    /// The change set counts already, or was refused for good.
    case notHeld = "not_held"
    /// Under this number the ward has another change set.
    case otherChange = "other_change"
    /// The other branch of a device that numbered two change sets alike.
    case fork
    /// It is an order itself: whoever may give it gives it anew.
    case order
    case outsideArea = "outside_area"
    /// The ward's own device is not for others to decide about.
    case wardDevice = "ward_device"
    /// Whoever gave it might not give it any more by the time that it could be carried out.
    case giverRevoked = "giver_revoked"
    /// The device is revoked.
    case revoked
    /// A later order about the same device stands.
    case overtaken
    /// The change set has no values that could be erased.
    case nothing
    /// The new device goes on as another one.
    case otherDevice = "other_device"
    /// Nobody confirms a device of their own.
    case ownDevice = "own_device"
    /// This ward does not know how.
    case unsupported

    /// What is written for a rule that the change set breaks: its refusal code.
    static func rule(_ code: RefusalCode) -> String { "rule_\(code.rawValue)" }
}

/// What became of an order.
enum OrderOutcome {
    /// It is so; the entry of the log that made it so, if one was needed.
    case done(UInt64?)
    case refused(String)
    /// What it names has not arrived.
    case waits

    static func refused(_ problem: OrderProblem) -> OrderOutcome { .refused(problem.rawValue) }
}

extension WardCore {
    /// Remembers an order that was accepted, and whether it is still to be carried out.
    func noteOrder(_ document: WardDocument) {
        guard let state = document.state else { return }
        if document.concerns == nil, let device = state.digest(OrderField.device).map({ DeviceID($0) }) {
            document.concerns = device
            orders.byDevice[device, default: []].append(document.id)
        }
        if state.text(OrderField.status) == OrderStatus.done.rawValue, let order = Order(state),
            order.action == .decline,
            let id = order.id
        {
            orders.declined.insert(id)
        }
        let isOpen = state.shown(OrderField.status) == nil || planted(.orderCarriedOutTwice)
        if !isOpen {
            orders.open.removeAll { $0 == document.id }
        } else if !orders.open.contains(document.id) {
            orders.open.append(document.id)
            orders.hasNews = true
        }
    }

    /// Orders that were written behind: read again after the ward was opened.
    func loadOrders() throws(StoreError) {
        for document in documents.values.filter({ $0.kind == .order }).sorted(by: { $0.created < $1.created }) {
            try load(document)
            noteOrder(document)
        }
    }

    /// Carries out what waited for something that is there now. A ward that was stopped finds here what it had not done.
    func carryOutWaiting() throws(StoreError) {
        guard !orders.open.isEmpty, orders.hasNews || orders.triedAt != tree.size else { return }
        try guarded { () throws(StoreError) in try self.carryOutOrders() }
    }

    /// Carries out every order that can be, in the order of the log; within a transaction. What is so already is not
    /// done again, so that this may be repeated.
    func carryOutOrders() throws(StoreError) {
        guard !orders.isBusy, !orders.open.isEmpty, let own = grants[keys.deviceID]?.last, own.revokedAfter == nil
        else { return }
        orders.isBusy = true
        defer { orders.isBusy = false }
        repeat {
            orders.hasNews = false
            for id in orders.open {
                guard let document = documents[id], let state = try state(of: document) else { continue }
                switch try outcome(of: document, state) {
                case .waits: continue
                case .done(let entry): try note(.done, entry: entry, of: id)
                case .refused(let why): try note(.refused, why: why, of: id)
                }
                // One order may be what another one waited for.
                orders.hasNews = !planted(.orderCarriedOutTwice)
            }
        } while orders.hasNews && !orders.open.isEmpty
        orders.triedAt = tree.size
    }

    private func note(_ status: OrderStatus, why: String? = nil, entry: UInt64? = nil, of id: Digest)
        throws(StoreError)
    {
        var draft = ChangeSetDraft(kind: .order, document: id)
        draft.perform(.set(Slot(field: OrderField.status)), .text(status.rawValue))
        if let why { draft.perform(.set(Slot(field: OrderField.why)), .text(why)) }
        if let entry {
            draft.perform(.set(Slot(field: OrderField.entry)), .unsigned(place(entry).rawValue))
        }
        _ = try authorOne(draft)
    }

    /// An order counts as it comes, also below the cut of somebody who was revoked. Of what had to wait nobody is given
    /// anything any more by somebody who may not give it by then; what was taken or erased by such an order is, once it
    /// comes. In a restored ward what was given in the lost part of the log is so again.
    private func outcome(of document: WardDocument, _ state: DocumentState) throws(StoreError) -> OrderOutcome {
        guard let order = Order(state) else { return .refused(.unsupported) }
        let giver = document.creation.device
        let record = presentGrant(of: giver)
        guard order.action.givesAnything, !mayGive(order.action, record) else {
            return try carryOut(order, document, state, by: giver)
        }
        let isNew = document.created > durableSize
        guard isNew || state.shown(OrderField.action).map({ isLost($0.position) }) ?? false else {
            return .refused(.giverRevoked)
        }
        let outcome = try carryOut(order, document, state, by: giver)
        if case .waits = outcome, record?.revokedAfter != nil { return .refused(.giverRevoked) }
        return outcome
    }

    /// What somebody may do now, under whatever keys they go on.
    private func presentGrant(of giver: DeviceID) -> GrantRecord? {
        guard let record = grants[giver]?.last, record.isSucceeded else { return grants[giver]?.last }
        let present = persons.devices(of: giver).last { grants[$0]?.last?.isSucceeded == false }
        return present.flatMap { grants[$0]?.last } ?? record
    }

    private func mayGive(_ action: OrderAction, _ record: GrantRecord?) -> Bool {
        guard let record, record.revokedAfter == nil, action.givers.contains(record.grant.role) else { return false }
        return record.grant.validUntil == 0 || record.grant.validUntil >= wardTime
    }

    private func carryOut(
        _ order: Order, _ document: WardDocument, _ state: DocumentState, by giver: DeviceID
    ) throws(StoreError) -> OrderOutcome {
        switch order.action {
        case .release, .decline: return try decideHeld(order, by: giver, at: document.created)
        case .revoke, .grant, .extend:
            if try isOvertaken(document, state, order) { return .refused(.overtaken) }
            if try isRevokedSince(state, order) { return .refused(.overtaken) }
            return try setGrant(order, by: giver)
        case .erase: return try erase(order, by: giver)
        case .succeed: return try succeed(order, by: giver, at: document.created)
        }
    }

    // MARK: What was held

    private func decideHeld(_ order: Order, by giver: DeviceID, at position: UInt64) throws(StoreError) -> OrderOutcome
    {
        guard let dot = order.dot, let id = order.id else { return .refused(.unsupported) }
        guard let number = try tables.knownDeviceNumber(dot.device) else { return .waits }
        if let branch = try fork(id), branch.dot == dot {
            return try decideFork(branch, order, by: giver, at: position)
        }
        guard let stored = try tables.change(device: number, sequence: dot.sequence) else { return .waits }
        guard stored.change.id == id else { return .refused(.otherChange) }
        if order.action == .release, stored.verdict == .accepted { return .done(nil) }
        if order.action == .decline, stored.verdict == .refused, stored.code == .declined { return .done(nil) }
        // A refusal is final and stays what it is; whoever declines it says that nobody has to look at it any more.
        let isClosed =
            order.action == .decline && stored.verdict == .refused && stored.code.flatMap({ InboxKind($0) }) != nil
        guard stored.verdict == .held || isClosed else { return .refused(.notHeld) }
        guard try mayDecide(stored.change, giver, at: position) else { return .refused(.outsideArea) }
        if isClosed { return .done(nil) }
        if order.action == .decline {
            try decideAgain(stored.change, number, .declined)
            return .done(tree.size)
        }
        if stored.change.header.kind == UInt64(DocumentKind.order.rawValue) { return .refused(.order) }
        if let code = try releaseOne(dot, by: giver) { return .refused(OrderProblem.rule(code)) }
        let entry = try tables.change(device: number, sequence: dot.sequence)?.position.index
        try releaseWaiting(by: giver)
        return .done(entry)
    }

    /// Nothing of another branch can count as it is; its person's device sends it again, unless somebody declines it.
    private func decideFork(_ branch: ChangeSet, _ order: Order, by giver: DeviceID, at position: UInt64)
        throws(StoreError) -> OrderOutcome
    {
        guard order.action == .decline else { return .refused(.fork) }
        if try tables.meta(Self.declinedKey(branch.id)) != nil { return .done(nil) }
        guard try mayDecide(branch, giver, at: position) else { return .refused(.outsideArea) }
        return try declineFork(branch) ? .done(tree.size) : .refused(.notHeld)
    }

    /// Whether a change set is in the areas of whoever decides on it. What belongs to no area is for those who work in
    /// the whole ward.
    private func mayDecide(_ change: ChangeSet, _ giver: DeviceID, at position: UInt64) throws(StoreError) -> Bool {
        guard let grant = grantRecord(giver, at: position)?.grant else { return false }
        let own = readAreas(of: grant)
        if AreaCode.anyCovers(own, [areaCode]) { return true }
        var areas = documents[change.document]?.areas.last?.areas ?? []
        if areas.isEmpty { areas = Decider(change, actor: Actor(grant), state: nil)?.facts.areas ?? [] }
        return AreaCode.anyCovers(own, try mergedUnits().standing(areas, wardTime))
    }

    // MARK: What devices may

    /// Whether a later order about the same device was carried out before: after a restore they come in any order.
    private func isOvertaken(_ document: WardDocument, _ state: DocumentState, _ order: Order) throws(StoreError)
        -> Bool
    {
        guard epoch > 0, let place = state.shown(OrderField.action)?.position else { return false }
        for id in orders.byDevice[order.device] ?? [] where id != document.id {
            guard let other = documents[id], let found = try self.state(of: other), let said = Order(found),
                said.action.setsGrant, found.text(OrderField.status) == OrderStatus.done.rawValue,
                let later = found.shown(OrderField.action)?.position
            else { continue }
            if later > place { return true }
        }
        return false
    }

    /// Whether the log that was lost revoked a device after it was given what comes back now: the grant that the order
    /// made, if it was newer, comes from the device itself.
    private func isRevokedSince(_ state: DocumentState, _ order: Order) throws(StoreError) -> Bool {
        guard epoch > 0, order.action != .revoke, grants[order.device]?.last?.revokedAfter != nil,
            let time = try lostRevocation(of: order.device)?.time
        else { return false }
        return time >= state.creationTime.seconds
    }

    private func setGrant(_ order: Order, by giver: DeviceID) throws(StoreError) -> OrderOutcome {
        guard let record = grants[order.device]?.last else { return .waits }
        guard record.grant.role != .ward else { return .refused(.wardDevice) }
        if order.action == .revoke { return try revoke(order, record) }
        // Under another name it would not be told from a person's any more.
        guard !record.grant.isConsole else { return .refused(.wardDevice) }
        if order.action == .extend, record.revokedAfter != nil { return .refused(.revoked) }
        var grant = record.grant
        if order.action == .grant {
            grant.role = order.role ?? grant.role
            grant.areas = order.areas
            grant.name = order.role == .resident ? "" : order.name ?? grant.name
        }
        grant.validUntil = order.until ?? 0
        if grant == record.grant, record.revokedAfter == nil { return .done(nil) }
        // The newer of two grants is the one that is valid from later.
        grant.validFrom = max(lastTime, time.nowSeconds(), record.since &+ 1)
        let entry = try append(.grant(grant.signed(by: keys.signing, ward: ward, scheme: scheme)), document: 0)
        try releaseExpired(order.device, by: giver)
        return .done(entry)
    }

    private func revoke(_ order: Order, _ record: GrantRecord) throws(StoreError) -> OrderOutcome {
        // A key that was given up is revoked too: otherwise whoever has it goes on as its person once more.
        if record.revokedAfter != nil, !record.isSucceeded { return .done(nil) }
        // A cut beyond what was received would let in what nobody has seen.
        var head = try wholeChain(of: chain(order.device))
        if let cut = record.revokedAfter { head = min(head, cut) }
        return .done(try append(.revoke(order.device, lastSequence: min(order.cut ?? head, head)), document: 0))
    }

    /// Decides again, in the order of its chain, what was held because a device's grant had run out.
    private func releaseExpired(_ device: DeviceID, by giver: DeviceID) throws(StoreError) {
        let number = try tables.deviceNumber(device)
        let statement = try database.prepare(
            "SELECT sequence FROM changes WHERE device=?1 AND verdict=2 AND code=?2 ORDER BY sequence"
        ).bind(1, number).bind(2, Int64(RefusalCode.grantExpired.rawValue))
        var sequences: [UInt64] = []
        while try statement.step() { sequences.append(UInt64(clamping: statement.integer(0))) }
        statement.reset()
        for sequence in sequences {
            // What came back with another one counts already.
            guard let stored = try tables.change(device: number, sequence: sequence), stored.verdict == .held,
                stored.change.header.kind != UInt64(DocumentKind.order.rawValue)
            else { continue }
            guard let code = try releaseOne(stored.change.dot, by: giver, isDecided: false) else { continue }
            if code == .grantExpired { continue }
            try decideAgain(stored.change, number, code)
            try noteReplaced(by: stored.change)
        }
        if !sequences.isEmpty { try releaseWaiting(by: giver) }
    }
}

/// What became of an order of the ward's own.
package struct GivenByWard: Sendable {
    package let status: OrderStatus?
    /// Why it was not carried out: a rule's name, or an `OrderProblem`.
    package let why: String?
}

extension WardCore {
    /// Gives an order in the ward's own name, as its operator does from the server's machine.
    package func order(_ order: Order) throws(StoreError) -> GivenByWard {
        let ids = try author([order.draft])
        guard let id = ids.first, let document = documents[id], let state = try state(of: document) else {
            throw StoreError(.misuse, "order")
        }
        var why = state.text(OrderField.why)
        if let text = why, text.hasPrefix("rule_"),
            let code = UInt8(text.dropFirst(5)).flatMap(RefusalCode.init(rawValue:))
        {
            why = "\(code)"
        }
        return GivenByWard(status: state.text(OrderField.status).flatMap(OrderStatus.init(rawValue:)), why: why)
    }

    /// The last sequence that counts of a revoked device.
    package func cut(of device: DeviceID) -> UInt64? { grants[device]?.last?.revokedAfter }
}

extension Actor {
    fileprivate init(_ grant: Grant) { self.init(device: grant.device, role: grant.role, areas: grant.areas) }
}
