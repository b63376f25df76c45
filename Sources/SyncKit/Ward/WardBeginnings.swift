// Parts of bundles that break off on their way to the ward: what came is kept, and the courier is told where to go on.

extension WardService {
    /// The ward's word on a bundle that somebody carries: what is missing, and how much of it is there.
    /// - Returns: `nil` where nothing of it ever came.
    package func standing(of bundle: Digest) throws(StoreError) -> PartReceipt? {
        try withCore { core throws(StoreError) in try core.standing(of: bundle) }
    }

    /// What is there of a part from which its courier wants to go on.
    /// - Returns: just the bytes before the offset; `nil` where the ward has fewer.
    package func beginning(of place: PartPlace, upTo offset: Int) throws(StoreError) -> Bytes? {
        let bytes = try withCore { core throws(StoreError) in try core.beginning(of: place) }
        guard let bytes, offset >= 0, bytes.count >= offset else { return nil }
        return Bytes(bytes[..<offset])
    }

    /// Keeps what came of a part that is not whole yet; durable once this returns true.
    /// - Parameter origin: what counts as the sender's address; `nil` behind a proxy.
    package func keep(
        _ bytes: Bytes, at start: Int, of arrival: PartArrival, origin: UInt64?
    ) throws(StoreError) -> Bool {
        guard let head = arrival.head, accepts(head), storeFault == nil, newerCheckpoint == nil else { return false }
        return try withCore { core throws(StoreError) in
            try core.keep(bytes, at: start, of: head, length: arrival.fileLength, origin: origin)
        }
    }

    /// Throws away what was kept of a part: it was damaged.
    package func dropBeginning(of place: PartPlace) throws(StoreError) {
        try withCore { core throws(StoreError) in
            try core.database.transaction { () throws(StoreError) in try core.beginnings.drop(place) }
        }
    }

    /// Whether a part is one for this ward.
    package func accepts(_ head: BundleHead) -> Bool { head.ward == ward.prefix8 && head.direction == .toWard }
}

extension WardCore {
    var beginnings: PartBeginnings { PartBeginnings(database) }

    fileprivate func standing(of bundle: Digest) throws(StoreError) -> PartReceipt? {
        let begun = try beginnings.beginnings(of: bundle, most: PartReceipt.mostMissing)
        guard let row = try shelf.row(bundle), row.kind == .toWard else {
            guard let count = begun.first?.count else { return nil }
            return PartReceipt(
                state: .waiting, missing: Array(1...max(1, count)),
                begun: begun.map { PartReceipt.Begun(part: $0.part, held: $0.held) })
        }
        switch row.state {
        case .done, .handed:
            return PartReceipt(state: .taken, returnParts: try shelf.answer(to: bundle)?.count ?? 0, begun: [])
        case .refused: return PartReceipt(state: .refused, begun: [])
        case .kept: break
        }
        // All is there and was not taken then: with nothing more of any of its parts it is tried again.
        if row.missing.isEmpty {
            let parts = try shelf.lengths(bundle, most: PartReceipt.mostMissing)
            return PartReceipt(
                state: .waiting, missing: parts.map(\.part),
                begun: parts.map { PartReceipt.Begun(part: $0.part, held: $0.bytes) })
        }
        return PartReceipt(
            state: .waiting, missing: row.missing, begun: begun.map { PartReceipt.Begun(part: $0.part, held: $0.held) })
    }

    fileprivate func beginning(of place: PartPlace) throws(StoreError) -> Bytes? {
        if let whole = try shelf.part(place.bundle, place.part) { return whole }
        guard let begun = try beginnings.beginning(of: place) else { return nil }
        let bytes = try beginnings.bytes(of: begun)
        return bytes.count == begun.held ? bytes : nil
    }

    fileprivate func keep(
        _ bytes: Bytes, at start: Int, of head: BundleHead, length: Int, origin: UInt64?
    ) throws(StoreError) -> Bool {
        if let row = try shelf.row(head.id), row.state == .done || row.parts.contains(head.part) { return false }
        let now = time.nowSeconds()
        return try database.transaction { () throws(StoreError) in
            try beginnings.keep(
                bytes, of: PartPlace(bundle: head.id, part: head.part), at: start, count: head.count, length: length,
                origin: origin, now: now, limits: .ward)
        }
    }
}
