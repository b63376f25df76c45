// What a device carries for others: parts that it cannot open, and texts that it scanned.

/// What a scanned text came to.
package enum TextOutcome: Sendable {
    /// Others of its series are missing.
    case gathering(missing: [Int])
    /// The series made up a part.
    case whole(BundlePart)
    /// The series was whole and made up nothing; it was dropped.
    case damaged
    /// What the series makes up was taken before.
    case done
    case full
}

extension LocalDocuments {
    /// What is carried, and what was; the newest first.
    package func carried(_ kind: BundleShelf.Kind) throws(ReplicaError) -> [BundleShelf.Row] {
        try inStore { () throws(StoreError) in try BundleShelf(database).rows(kind) }
    }

    /// The file of a carried part.
    package func carriedPart(_ id: Digest, _ number: Int) throws(ReplicaError) -> Bytes? {
        try inStore { () throws(StoreError) in try BundleShelf(database).part(id, number) }
    }

    /// What this device exported, the newest first.
    package func exports() throws(ReplicaError) -> [ExportedBundle] {
        try inStore { () throws(StoreError) in
            let statement = try database.prepare(
                "SELECT bundle,made,changes,state FROM bundle_requests ORDER BY made DESC, bundle")
            var found: [ExportedBundle] = []
            while try statement.step() {
                guard let bundle = Digest(statement.bytes(0)) else { continue }
                found.append(
                    ExportedBundle(
                        bundle: bundle, made: statement.integer(1), changeCount: Int(clamping: statement.integer(2)),
                        state: ExportedBundle.State(rawValue: statement.integer(3)) ?? .waiting))
            }
            return found
        }
    }

    package func ownExports() throws(ReplicaError) -> Set<Digest> { Set(try exports().map(\.bundle)) }
}

extension Replica {
    /// Takes a scanned text.
    package func take(_ text: BundleText, limits: BundleShelf.Limits = .device) throws(ReplicaError) -> TextOutcome {
        let now = time.nowSeconds()
        return try inStore { () throws(StoreError) in
            try database.transaction { () throws(StoreError) in
                try shelf.prune(.texts, now: now, limits: limits)
                let (placement, id) = try shelf.put(text, now: now, limits: limits)
                if placement == .full { return .full }
                if placement == .done { return .done }
                guard let found = try shelf.assembled(id) else {
                    return .gathering(missing: try shelf.row(id)?.missing ?? [])
                }
                guard case .success(let part) = found else {
                    try shelf.remove(id)
                    return .damaged
                }
                return .whole(part)
            }
        }
    }

    /// Drops the texts of a series that made up a part.
    /// - Parameter isTaken: whether the part was of use: then it is remembered that the series was taken.
    package func finish(_ text: BundleText, isTaken: Bool) throws(ReplicaError) {
        try inStore { () throws(StoreError) in
            guard !isTaken else { return try shelf.finish(series: text.row, now: time.nowSeconds()) }
            try database.transaction { () throws(StoreError) in try shelf.remove(text.row) }
        }
    }

    /// Notes what the ward said of a bundle that was handed over; its parts go.
    package func settleCarried(_ id: Digest, _ receipt: PartReceipt) throws(ReplicaError) {
        let (now, shelf) = (time.nowSeconds(), shelf)
        try inStore { () throws(StoreError) in
            try database.transaction { () throws(StoreError) in
                switch receipt.state {
                case .taken:
                    try shelf.settle(
                        id, .done, code: receipt.returnParts == 0 ? BundleShelf.noReturnDue : 0, now: now)
                // Where parts are missing, nothing was made yet.
                case .waiting:
                    try shelf.settle(id, .handed, now: now)
                    try shelf.noteAsked(id, now: now)
                case .refused: try shelf.settle(id, .refused, now: now)
                case .anew: break
                }
            }
        }
    }

    /// What is here of the return that answers a bundle.
    package func carriedReturn(of bundle: Digest) throws(ReplicaError) -> BundleShelf.Row? {
        try inStore { () throws(StoreError) in try shelf.answer(to: bundle) }
    }

    /// Notes that handing a bundle over begins: if it breaks off, the ward is asked first how far it came.
    package func noteHanding(_ id: Digest) throws(ReplicaError) {
        try inStore { () throws(StoreError) in
            try database.transaction { () throws(StoreError) in try shelf.noteBegun(id) }
        }
    }

    /// Whether the ward has a bundle and its return is to be asked for now.
    package func wantsReturn(of bundle: Digest) throws(ReplicaError) -> Bool {
        try inStore { () throws(StoreError) in try shelf.wantsReturn(of: bundle, now: time.nowSeconds()) }
    }

    /// Notes that the return of a bundle was fetched, or that the ward has none now.
    package func noteReturn(of bundle: Digest, isHere: Bool) throws(ReplicaError) {
        let (now, shelf) = (time.nowSeconds(), shelf)
        try inStore { () throws(StoreError) in
            try database.transaction { () throws(StoreError) in
                if isHere {
                    try shelf.settle(bundle, .done, code: BundleShelf.noReturnDue, now: now)
                } else {
                    try shelf.noteAsked(bundle, now: now)
                }
            }
        }
    }

    // MARK: Returns that break off

    /// What came of a part of the return that answers a bundle; empty where nothing is kept.
    package func beginning(of place: PartPlace) throws(ReplicaError) -> Bytes {
        try inStore { () throws(StoreError) in
            let beginnings = PartBeginnings(database)
            guard let begun = try beginnings.beginning(of: place) else { return [] }
            return try beginnings.bytes(of: begun)
        }
    }

    /// Keeps what came of such a part.
    /// - Returns: whether it is kept.
    package func keep(
        _ bytes: Bytes, at start: Int, of place: PartPlace, length: Int
    ) throws(ReplicaError) -> Bool {
        let now = time.nowSeconds()
        return try inStore { () throws(StoreError) in
            try database.transaction { () throws(StoreError) in
                try PartBeginnings(database).keep(
                    bytes, of: place, at: start, count: 0, length: length, origin: nil, now: now, limits: .device)
            }
        }
    }

    /// Forgets what came of such a part.
    package func dropBeginning(of place: PartPlace) throws(ReplicaError) {
        try inStore { () throws(StoreError) in
            try database.transaction { () throws(StoreError) in try PartBeginnings(database).drop(place) }
        }
    }
}
