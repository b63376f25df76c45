// When each device asked last, what its clock said, and how far it was: what an admin looks at when a phone is lost.

/// What a device said of itself when it asked last.
package struct DeviceContact: Sendable, Hashable {
    /// By the ward's clock, seconds since 1970.
    package var seen: Int64
    /// How many seconds the device's clock was ahead of the ward's; below zero: behind.
    package var skew: Int64
    /// Up to where it had applied the log.
    package var position: Position
    /// Its newest change set, whether the ward has it or not.
    package var chain: UInt64
}

extension WardCore {
    /// Remembers a request that was let in. Within memory alone, because it may be while another commit waits.
    func noteContact(_ request: SyncRequest) {
        let now = time.nowSeconds()
        let (skew, overflow) = request.time.subtractingReportingOverflow(now)
        contacts[request.device] = DeviceContact(
            seen: now, skew: overflow ? (request.time < now ? .min : .max) : skew, position: request.position,
            chain: min(request.chain, 0xFFFF_FFFF_FFFF))
        newContacts.insert(request.device)
    }

    /// Writes what is new. Losing it costs nothing but knowing less of a device.
    func writeContacts() throws(StoreError) {
        guard !newContacts.isEmpty else { return }
        let statement = try database.prepare(
            """
            INSERT INTO contacts(device,seen,skew,position,chain) VALUES(?1,?2,?3,?4,?5)
            ON CONFLICT(device) DO UPDATE SET seen=?2,skew=?3,position=?4,chain=?5
            """)
        for device in newContacts {
            guard let contact = contacts[device] else { continue }
            try statement.bind(1, device.digest).bind(2, contact.seen).bind(3, contact.skew)
                .bind(4, Int64(bitPattern: contact.position.rawValue)).bind(5, Int64(contact.chain)).run()
        }
        newContacts = []
    }

    func loadContacts() throws(StoreError) {
        guard contacts.isEmpty else { return }
        let statement = try database.prepare("SELECT device,seen,skew,position,chain FROM contacts")
        defer { statement.reset() }
        while try statement.step() {
            guard let device = statement.digest(0) else { continue }
            contacts[DeviceID(device)] = DeviceContact(
                seen: statement.integer(1), skew: statement.integer(2),
                position: Position(rawValue: UInt64(bitPattern: statement.integer(3))),
                chain: UInt64(clamping: statement.integer(4)))
        }
    }

    /// When a device asked last; nil where it never did since this was kept.
    package func contact(_ device: DeviceID) -> DeviceContact? { contacts[device] }
}
