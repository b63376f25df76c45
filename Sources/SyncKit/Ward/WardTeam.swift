// Who works where: cards of a team for the devices that read its areas.

extension WardCore {
    /// Notes that the log says something of a device that works for the ward, or did.
    func noteTeam(_ device: DeviceID, at position: UInt64) {
        guard device != keys.deviceID, let records = grants[device],
            records.contains(where: { $0.grant.role != .resident })
        else { return }
        teamNews.append((position, device))
    }

    /// Who a device is, at present.
    func card(_ device: DeviceID) -> SyncAnswer.Card {
        guard let record = grants[device]?.last else {
            return SyncAnswer.Card(device: device, role: .resident, name: "")
        }
        let grant = record.grant
        var areas = record.revokedAfter == nil ? grant.areas : []
        if grant.role == .resident || grant.role == .ward { areas = [] }
        if record.revokedAfter == nil, grant.role == .admin || grant.role == .auditor { areas = [areaCode] }
        return SyncAnswer.Card(device: device, role: grant.role, name: grant.name, areas: areas)
    }

    /// Whose cards a device lacks: those who work, or worked, in the areas that it reads, where the log says something
    /// of them above the scope that it holds; all of them, where its own grant is new.
    func team(for request: SyncRequest, at head: UInt64) -> [DeviceID] {
        let scope = scope(of: request.device, at: head)
        guard !scope.isEmpty, scope.role.readsItsAreas else { return [] }
        var known = request.scope.index
        if grants[request.device]?.contains(where: { $0.position > known && $0.position <= head }) ?? false {
            known = 0
        }
        var found: Set<DeviceID> = []
        for news in teamNews.reversed() {
            if news.position <= known { break }
            guard news.position <= head, !found.contains(news.device) else { continue }
            if worksIn(scope.areas, news.device) { found.insert(news.device) }
        }
        return found.sorted()
    }

    private func worksIn(_ areas: [String], _ device: DeviceID) -> Bool {
        grants[device]?.contains { record in
            let role = record.grant.role
            if role == .admin || role == .auditor { return true }
            guard role != .resident else { return false }
            return AreaCode.anyCovers(areas, record.grant.areas) || AreaCode.anyCovers(record.grant.areas, areas)
        } ?? false
    }

    /// A frame of nothing but cards: the device's place in the log stays where it is.
    func introduce(_ answer: inout WardAnswer, _ frame: inout SyncAnswer) throws(StoreError) {
        let request = answer.request
        frame.cards = answer.team.prefix(Self.frameCards).map(card)
        answer.team.removeFirst(min(Self.frameCards, answer.team.count))
        try repeatPlace(of: request, in: &frame)
    }
}
