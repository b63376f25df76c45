// The wire: real bodies to the real sessions of the ward, noted for every device, and broken off where coverage is.

import SyncKit

/// Carries a device's bodies to the ward of the week.
struct Wire: SyncTransport {
    let week: Week
    let person: Person
    /// Where the next transfer breaks off.
    var ends: Break

    mutating func exchange(_ body: Bytes, onChunk: (UnsafeRawBufferPointer) -> Bool) throws(TransportError) {
        var sent = body
        var answerPermille: Int?
        switch ends {
        case .none: break
        case .request(let permille): sent = Bytes(body.prefix(body.count * permille / 1000))
        case .answer(let permille): answerPermille = permille
        }
        ends = .none
        let hash = Self.hash(of: body)
        person.bodies.append(.init(isRequest: true, bytes: sent, hash: hash))
        let answer: Bytes?
        do { answer = try week.carry(sent, isWhole: sent.count == body.count, from: person) } catch {
            week.failure = week.failure ?? error as? WeekFailure ?? week.fail("\(person.name): \(error)")
            throw TransportError(.unreachable)
        }
        guard let answer else {
            week.wireCounts["requests cut", default: 0] += 1
            throw TransportError(.timedOut)
        }
        person.bodies.append(.init(isRequest: false, bytes: answer, hash: hash))
        let end = answerPermille.map { answer.count * $0 / 1000 } ?? answer.count
        var start = 0
        while start < end {
            let next = min(end, start + 4096)
            let goesOn = answer[start..<next].withUnsafeBytes { onChunk($0) }
            if !goesOn { return }
            start = next
        }
        if answerPermille != nil {
            week.wireCounts["answers cut", default: 0] += 1
            throw TransportError(.cut)
        }
    }

    /// What the answer's signature covers: the hash of the signed request.
    private static func hash(of body: Bytes) -> Digest? {
        var reader = BlockReader()
        reader.append(body)
        return (try? reader.next()).flatMap { $0 }.map { Blake2b.hash($0.payload) }
    }
}

extension Week {
    /// Hands a body to the ward block by block, as its HTTP handler does.
    /// - Returns: the answer; `nil` where the request did not come through whole, and nobody waits for one.
    func carry(_ body: Bytes, isWhole: Bool, from person: Person) throws -> Bytes? {
        var reader = BlockReader()
        reader.append(body)
        var session: WardSession?
        var frames = 0
        var answer = Bytes()
        defer { noteHead() }
        do {
            while let block = try reader.next() {
                switch block.kind {
                case .request: session = try service.begin(block.payload)
                case .frame:
                    frames += 1
                    // The ledger takes a frame for everything that waited.
                    try require(frames == 1, "\(person.name) sends more than one frame at once")
                    try session?.receive(block.payload)
                    expected.arrive(person)
                case .answer, .refusal, .evidence, .succession, .part, .wish:
                    throw fail("\(person.name) sends what nobody asked for")
                }
            }
            guard isWhole, let session else { return nil }
            expected.react()
            expected.show(person)
            while let frame = try session.nextFrame() { answer += Block(.answer, frame).encoded }
        } catch let refusal as SyncRefusal {
            guard isWhole else { return nil }
            wireCounts["refusals", default: 0] += 1
            answer += Block(.refusal, refusal.encoded).encoded
        }
        wireCounts["exchanges", default: 0] += 1
        return answer
    }

    /// One try to sync, as patchy as the person's coverage.
    @discardableResult
    func trySync(_ person: Person) throws -> Bool {
        guard person.coverage.reaches(day: today, &chance) else {
            wireCounts["no network", default: 0] += 1
            return false
        }
        return try sync(person, ends: Break.drawn(person.coverage, &chance))
    }

    /// A sync that may break off.
    @discardableResult
    func sync(_ person: Person, ends: Break = .none) throws -> Bool {
        setClock(person)
        move(to: now + 1)
        var client = SyncClient(person.replica)
        var wire = Wire(week: self, person: person, ends: ends)
        var isDone = true
        do { try client.run(&wire) } catch {
            isDone = false
            guard case .transport = error else { throw fail("\(person.name) cannot sync: \(error)") }
        }
        if let failure { throw failure }
        if case .none = ends { try require(isDone, "\(person.name) does not get through") }
        return isDone
    }
}
