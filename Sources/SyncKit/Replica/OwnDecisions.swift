// What others decided about what this person wrote: noted as it arrives, told for a week.

/// A decision of somebody else that settles or remarks on something of this device's person.
package struct OwnDecision: Sendable {
    package let document: Digest
    package let documentKind: DocumentKind
    package let title: String
    /// The field that was decided; `nil` for an order.
    package let slot: Slot?
    package let decision: InboxDecision
    /// The order, where it is one about a change set or a device of this person; its status says what became of it.
    package let order: GivenOrder?

    package var by: DeviceID { decision.dot.device }
    /// Seconds since 1970; of an order when the ward made something of it.
    package var at: Int64 { order?.settled ?? decision.effective.seconds }
}

extension Replica {
    /// Notes which change sets of a document decide about something that this person wrote, in place of what was noted.
    /// What was written under keys that the device had before is the person's too.
    func noteDecisions(_ number: Int64, _ changes: [LogTables.Stored]) throws(StoreError) {
        let devices = try ownDevices()
        let own = changes.filter { devices.contains($0.change.header.device) }
        guard !own.isEmpty, own.count < changes.count else { return }
        try database.prepared("DELETE FROM decisions WHERE document=?1").bind(1, number).run()
        for stored in changes where !devices.contains(stored.change.header.device) {
            guard let change = stored.accepted, change.concerns(own) else { continue }
            try database.prepared(
                "INSERT OR IGNORE INTO decisions(document,device,sequence,time) VALUES(?1,?2,?3,?4)"
            ).bind(1, number).bind(2, try tables.deviceNumber(change.dot.device))
                .bind(3, Int64(clamping: change.dot.sequence)).bind(4, change.effective.seconds).run()
        }
    }
}

extension AcceptedChange {
    /// Whether it settles one of these change sets, or remarks on a document knowing one of them.
    fileprivate func concerns(_ own: [LogTables.Stored]) -> Bool {
        resolutions.contains { resolution in
            own.contains { item in
                let dot = item.change.dot
                if resolution.settled.contains(dot) { return true }
                return resolution.slot.field == Schema.stateField && InboxRemark(resolution.value.chosen) != nil
                    && replaces(dot, at: item.position)
            }
        }
    }
}

extension LocalDocuments {
    /// What others decided about what this device's person wrote, or about the person's devices, since a moment; the
    /// newest first. An order that still waits decided nothing yet.
    package func decisionsOnOwnWork(of device: DeviceID, since: Int64, limit: Int = 50) throws(ReplicaError)
        -> [OwnDecision]
    {
        var found = try decisionsOnDocuments(since: since, limit: limit)
        let own = try inStore { () throws(StoreError) in try ownDevices(device) }
        for order in try orders(limit: limit) where own.contains(order.order.device) && !own.contains(order.giver) {
            guard order.status != nil, let settled = order.settled, settled >= since else { continue }
            let decision = InboxDecision(
                dot: Dot(device: order.giver, sequence: 0), effective: HybridTime(seconds: order.at, counter: 0),
                chosen: nil, remark: nil, reason: order.order.reason)
            found.append(
                OwnDecision(
                    document: order.id, documentKind: .order, title: "", slot: nil, decision: decision, order: order))
        }
        return Array(found.sorted { $0.at > $1.at }.prefix(limit))
    }

    private func decisionsOnDocuments(since: Int64, limit: Int) throws(ReplicaError) -> [OwnDecision] {
        try inStore { () throws(StoreError) in
            let statement = try database.prepare(
                """
                SELECT x.device,x.sequence,d.id,d.title,d.kind FROM decisions x JOIN documents d ON d.number=x.document
                WHERE x.time>=?1 AND d.hidden=0 ORDER BY x.time DESC LIMIT ?2
                """
            ).bind(1, since).bind(2, Int64(limit))
            var rows: [(device: Int64, sequence: UInt64, id: Digest, title: String, kind: DocumentKind)] = []
            while try statement.step() {
                guard let id = statement.digest(2),
                    let kind = DocumentKind(rawValue: UInt8(truncatingIfNeeded: statement.integer(4)))
                else { continue }
                rows.append(
                    (statement.integer(0), UInt64(clamping: statement.integer(1)), id, statement.text(3), kind))
            }
            statement.reset()
            var found: [OwnDecision] = []
            for row in rows {
                guard let change = try tables.change(device: row.device, sequence: row.sequence)?.accepted else {
                    continue
                }
                for (slot, decision) in change.decisions {
                    found.append(
                        OwnDecision(
                            document: row.id, documentKind: row.kind, title: row.title, slot: slot,
                            decision: decision, order: nil))
                }
            }
            return found
        }
    }
}
