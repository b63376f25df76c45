// Faults that are planted on purpose: each check has to find its own, or its silence says nothing.

@testable import SyncKit

extension Week {
    /// The places of leaks that the search finds on a device.
    private func placesOfLeaks(_ person: Person) throws -> Set<String> {
        Set(leaks(try DeviceFindings.of(person, self), person).map(\.place))
    }

    /// A word that a person may not read.
    private func foreignWord(_ person: Person, _ isRight: (Canary) -> Bool) -> String? {
        book.canaries.first { canary in
            !canary.documents.isEmpty && isRight(canary) && !expected.mayHaveRead(canary, person)
        }?.token
    }

    /// A private value in a stranger's store: found in the store, and in the file.
    func plantInStore() throws -> Set<String> {
        guard let person = of(.resident).last,
            let token = foreignWord(person, { if case .sealed = $0.place { true } else { false } })
        else { return [] }
        try person.replica.database.prepare("INSERT INTO meta(key,value) VALUES('planted',?1)")
            .bind(1, "Nguyễn " + token).run()
        return try placesOfLeaks(person)
    }

    /// A private value that the ward opened for somebody who may not have it.
    func plantDisclosure() throws -> Set<String> {
        guard let person = of(.volunteer).first(where: { $0.revokedAfter == nil }),
            let canary = book.canaries.first(where: { canary in
                guard case .sealed(let roles) = canary.place, !roles.contains("volunteer") else { return false }
                return !canary.documents.isDisjoint(with: person.holds) && !canary.writers.contains(person.number)
            })
        else { return [] }
        try person.replica.database.prepare(
            "INSERT INTO disclosures(device,sequence,slot,value) VALUES(1,1000000,1,?1)"
        ).bind(1, canary.token).run()
        return try placesOfLeaks(person)
    }

    /// A second secret that went open over the wire.
    func plantInBody() throws -> Set<String> {
        guard let person = of(.resident).first(where: { !$0.asked.isEmpty }),
            let token = book.canaries.first(where: {
                if case .secret = $0.place { $0.writers.contains(person.number) } else { false }
            })?.token
        else { return [] }
        person.bodies.append(.init(isRequest: true, bytes: Bytes("secret=\(token)".utf8), hash: nil))
        return try placesOfLeaks(person)
    }

    /// A device whose grant is wider than it should be: what it was sent is found in store, files and packed bodies.
    func plantWideGrant() throws -> Set<String> {
        let area = Self.neighborhoods[0]
        let person = try join(
            "Quyền quá rộng", .volunteer, [area], home: area, Coverage(reach: 100, breaks: 0, offlineDays: []))
        let grant = Grant(
            device: person.replica.device, sealingKey: person.replica.sealingKey.publicKey, role: .lead,
            areas: [area, Self.neighborhoods[1]], validFrom: now, validUntil: 0, name: person.name)
        try service.withCore { core in try core.admit(grant) }
        try sync(person)
        expected.settle([person])
        return try placesOfLeaks(person)
    }

    /// A device that lost one document, and holds another as an older one.
    func plantDisagreement(_ states: [Digest: DocumentState]) throws -> Int {
        guard let person = of(.officer).first else { return 0 }
        let database = person.replica.database
        let before = try disagreements(states).count
        let two = "SELECT number FROM documents WHERE kind=1 AND hidden=0 AND state IS NOT NULL ORDER BY number LIMIT 2"
        try database.run("UPDATE documents SET hidden=2 WHERE number=(SELECT min(number) FROM (\(two)))")
        try database.run(
            """
            UPDATE documents SET state=(SELECT state FROM documents WHERE kind=1 AND hidden=2 LIMIT 1)
            WHERE number=(SELECT max(number) FROM (\(two)))
            """)
        return try disagreements(states).count - before
    }

    /// A report that nobody counted.
    func plantInFigures() throws -> [String] {
        let reports = expected.documents.filter { $0.kind == .report }.map(CountedReport.init)
        let got = try service.withCore { core in try core.statistics(StatisticsQuery()) }
        return compare(got, Array(reports.dropLast()), StatisticsQuery(), "the ward")
    }
}
