// What happens to processes, clocks and grants between the things that people do.

import SyncKit

extension Schedule {
    func disturb(_ device: SimulatedDevice) throws {
        let kind = chance.weighted([
            (10, 0), (8, 1), (8, 2), (6, 3), (10, 4), (14, 5), (8, 6), (20, 7), (4, 8), (3, 9), (4, 10),
            (3, 11), (2, 12), (8, 13), (5, 14), (12, 15), (22, 16),
        ])
        switch kind {
        case 0: try deliverDelayed()
        case 1: try replay()
        case 2: try troubleServer()
        case 3: try restart(device)
        case 4: try flush()
        case 5: turnClock(device)
        case 6: try changeGrant()
        case 7: try decideHeld()
        case 8: try lateJoiner()
        case 9: try authorAsWard()
        case 11: try mutualRevocation()
        case 12: try rotateKeys()
        case 13: try backUpServer()
        case 14: try restoreServer()
        case 15: try tendHistories(device)
        case 16: try showOtherFace(device)
        default: turnServerClock()
        }
    }

    // MARK: Processes

    private func troubleServer() throws {
        switch chance.below(3) {
        case 0:
            count(.serverCrashInCommit)
            trace("the server will end at a commit")
            server.gate.arm(.crash, after: chance.below(4))
        case 1:
            trace("the server's store will report a fault")
            server.gate.arm(.fault, after: chance.below(4))
        default:
            count(.serverRestart)
            trace("the server starts again")
            try server.reopen()
        }
    }

    private func restart(_ device: SimulatedDevice) throws {
        guard device.canCrash else { return }
        count(.deviceRestart)
        device.gate.kill()
        try revive(device)
    }

    private func flush() throws {
        if chance.oneIn(4) { server.gate.arm(.fault, after: 0) }
        let done: Void? = try asAdmin { (core: WardCore) throws(StoreError) in try core.flush() }
        count(done == nil ? .serverFlushFailed : .serverFlush)
        server.gate.disarm()
        trace(done == nil ? "flushing fails" : "flushed")
    }

    /// Does something in the core; `nil` where a planned fault of the store prevented it.
    func asAdmin<Result: Sendable>(_ body: (WardCore) throws(StoreError) -> Result) throws -> Result? {
        let before = server.gate.faults
        do {
            return try server.service.withCore { (core: WardCore) throws(StoreError) -> sending Result in
                try body(core)
            }
        } catch {
            if server.gate.isDead {
                try reviveServer()
                return nil
            }
            if server.gate.faults > before {
                count(.serverStoreFault)
                return nil
            }
            throw error
        }
    }

    /// The operator brings the root key, and the ward's keys give way to new ones.
    private func rotateKeys() throws {
        try reviveServer()
        server.gate.disarm()
        // What a key signed that somebody else may have proves nothing after a restore: that comes back as news.
        let isLost = chance.oneIn(2) && server.restores == 0
        count(isLost ? .keyCompromised : .keyRotation)
        try server.rotate(compromised: isLost)
        trace("the ward's keys are rotated")
    }

    // MARK: Clocks

    private func turnClock(_ device: SimulatedDevice) {
        let year: Int64 = 365 * 24 * 3600
        let years = Int64(chance.within(1...40))
        if chance.oneIn(2) {
            count(.clockForward)
            device.clock.advance(seconds: chance.oneIn(30) ? Int64.max / 2 : years * year)
        } else {
            count(.clockBack)
            device.clock.advance(seconds: -years * year)
        }
        if chance.oneIn(3) { device.clock.set(seconds: server.clock.nowSeconds()) }
        trace("\(device.name)'s clock shows \(device.clock.nowSeconds())")
    }

    private func turnServerClock() {
        count(.serverClock)
        server.clock.advance(seconds: Int64(chance.within(-90_000...5000)))
        trace("the server's clock shows \(server.clock.nowSeconds())")
    }

    // MARK: Grants

    @discardableResult
    func admit(_ device: SimulatedDevice, role: Role, areas: [String], validUntil: Int64 = 0) throws -> Bool {
        let grant = Grant(
            device: device.id, sealingKey: device.sealing, role: role, areas: areas,
            validFrom: server.clock.nowSeconds(), validUntil: validUntil, name: role == .resident ? "" : device.name)
        // What the ward did before this, the model has to do before it too.
        try noteOrders()
        let done: Void? = try asAdmin { (core: WardCore) throws(StoreError) in try core.admit(grant) }
        if done != nil { model.grant(device.id, role: role, areas: areas, validUntil: validUntil) }
        trace("\(device.name) is granted \(role) \(areas) until \(validUntil): \(done != nil)")
        return done != nil
    }

    /// A person types an invitation's code.
    func invite(_ device: SimulatedDevice, role: Role, areas: [String]) throws {
        let invitation = Invitation(
            role: role, areas: areas, name: device.name, expires: Int64.max / 4, validSeconds: 0)
        let code = try asAdmin { (core: WardCore) throws(StoreError) in try core.invite(invitation) }
        guard let code, let parts = JoinRequest.parse(code) else { return }
        let request = JoinRequest(
            invitation: parts.id, secret: parts.secret, device: device.id, sealingKey: device.sealing
        ).signed(by: device.replica.signingKey, ward: device.replica.ward, scheme: device.scheme)
        for _ in 0..<(chance.oneIn(4) ? 2 : 1) {
            try noteOrders()
            do {
                _ = try server.service.join(request)
                model.grant(device.id, role: role, areas: areas)
                count(.invitation)
                trace("\(device.name) redeems an invitation as \(role) \(areas)")
            } catch {
                guard error.code == .storeFault else { throw fail("invitation: \(error)") }
                try reviveServer()
            }
        }
    }

    private func lateJoiner() throws {
        guard devices.count < 20 else { return }
        count(.lateJoiner)
        try join()
    }

    /// A grant is given, changed, ended or taken back. The first officer stays what it is.
    func changeGrant() throws {
        guard let device = chance.pick(Array(devices.dropFirst())) else { return }
        guard let present = model.grants[device.id] else { return }
        let now = server.clock.nowSeconds()
        if present.revokedAfter != nil, chance.oneIn(2) {
            count(.regrant)
            try admit(device, role: present.role, areas: present.areas)
            return
        }
        switch chance.below(6) {
        case 0:
            let role = chance.pick([Role.resident, .volunteer, .lead, .officer, .auditor]) ?? .volunteer
            count(.roleChange)
            try admit(device, role: role, areas: role == .resident ? [] : someAreas(role))
        case 1, 2:
            count(.areaChange)
            try admit(device, role: present.role, areas: someAreas(present.role))
        case 3:
            count(.grantExpiry)
            try admit(
                device, role: present.role, areas: present.areas, validUntil: now + Int64(chance.below(50_000)))
        case 4:
            count(.grantExtension)
            try admit(device, role: present.role, areas: present.areas, validUntil: now + 1 << 40)
        default: try revoke(device)
        }
    }

    private func revoke(_ device: SimulatedDevice) throws {
        // After a restore the ward may not know yet whom it admitted.
        guard model.grants[device.id]?.revokedAfter == nil, server.service.role(of: device.id) != nil else { return }
        count(.revocation)
        let last = UInt64(chance.below(Int(try device.replica.chain().sequence) + 1))
        let id = device.id
        try noteOrders()
        let done: Void? = try asAdmin { (core: WardCore) throws(StoreError) in try core.revoke(id, after: last) }
        if done != nil { model.revoke(id, after: last) }
        trace("\(device.name) is revoked after \(last): \(done != nil)")
    }

    /// An admin looks at something that is held, and releases or declines it.
    func decideHeld() throws {
        let dots = try asAdmin { (core: WardCore) throws(StoreError) in try core.held().map(\.change.dot) }
        guard let dots, let dot = chance.pick(dots), let by = devices.first?.id else { return }
        if chance.below(4) > 0 {
            let code = try asAdmin { (core: WardCore) throws(StoreError) in try core.release(dot, by: by) }
            trace("\(name(dot)) is released: \(String(describing: code))")
        } else {
            let done = try asAdmin { (core: WardCore) throws(StoreError) in try core.decline(dot) }
            trace("\(name(dot)) is declined: \(String(describing: done))")
        }
    }

    /// The ward itself publishes something.
    private func authorAsWard() throws {
        var draft = ChangeSetDraft(kind: .procedure)
        // After a restore some may be lost.
        let present = Set(server.service.withCore { core in core.documentIDs })
        let known = wardDocuments.keys.filter(present.contains).sorted()
        if chance.oneIn(2), let id = chance.pick(known) { draft.document = id }
        draft.perform(.set(Slot(field: ProcedureField.code)), .text("1.\(chance.below(1000))"))
        draft.perform(.set(Slot(field: ProcedureField.name)), .text("Thủ tục \(chance.below(1000))"))
        draft.perform(.set(Slot(field: ProcedureField.papers, key: UInt32(chance.below(4)))), .text("Đơn"))
        let ready = draft
        let ids = try asAdmin { (core: WardCore) throws(StoreError) in try core.author([ready]) }
        guard let id = ids?.first else { return }
        count(.wardDocument)
        wardDocuments[id] = .procedure
        trace("the ward publishes \(id.hex.prefix(8))")
    }

    /// A change set in a trace: the device's name and the sequence.
    func name(_ dot: Dot) -> String {
        "\(devices.first { $0.id == dot.device }?.name ?? "ward") \(dot.sequence)"
    }
}
