// Grants that end soon are renewed when their device syncs, where the ward's settings say so.

extension WardCore {
    private static let secondsADay: Int64 = 86_400

    /// Renews a device's grant that ends soon, and has not ended: what has ended is for an admin to extend. A renewal
    /// is an entry of the log like any grant.
    func renewGrant(of device: DeviceID) throws(StoreError) {
        guard let record = grants[device]?.last, record.revokedAfter == nil, record.grant.validUntil != 0,
            record.grant.role != .resident, record.grant.role != .ward
        else { return }
        let renewal = try settings().renewal
        let now = wardTime
        let until = record.grant.validUntil
        guard renewal.withinDays > 0, until >= now,
            until - now < Int64(renewal.withinDays) * Self.secondsADay
        else { return }
        var grant = record.grant
        grant.validUntil = max(until, now + Int64(renewal.days) * Self.secondsADay)
        // At least half of what a renewal gives is used up by then: else, where the settings renew earlier before the end
        // than they extend it, every sync would write an entry.
        guard grant.validUntil > until, (grant.validUntil - until) * 2 >= Int64(renewal.days) * Self.secondsADay else {
            return
        }
        grant.validFrom = max(now, record.since &+ 1)
        try admit(grant)
    }
}
