// What a device may see: a function of its grant and of where documents belong, at a position of the log.

extension WardCore {
    /// A device's view of the ward at a position.
    struct Scope {
        let device: DeviceID
        let position: UInt64
        let role: Role
        let areas: [String]
        /// A device without a grant, or a revoked one, sees nothing but the answers to what it sent.
        let isEmpty: Bool
        /// The numbers of the progress views that the device's follows name.
        var views: Set<Int64> = []
        /// The same person's other devices: what they filed is this one's too.
        var others: Set<DeviceID> = []
        /// What is under the code of a merged unit belongs to the one that stands there.
        var units = MergedUnits()
        /// The time of the entry at the position.
        var time: Int64 = 0

        func contains(_ document: WardDocument) -> Bool {
            if isEmpty { return false }
            if document.kind == .progress { return views.contains(document.number) }
            if document.kind == .order {
                let isAbout = document.concerns.map { $0 == device || others.contains($0) } ?? false
                return document.creation.device == device || isAbout || role == .admin || role == .auditor
            }
            if document.kind.isWardWide || document.creation.device == device { return true }
            if !others.isEmpty, others.contains(document.creation.device) { return true }
            guard role.readsItsAreas else { return false }
            return AreaCode.anyCovers(areas, units.standing(document.areas(at: position), at: position, time))
        }
    }

    /// A scope that is asked of many documents: what it says of a set of areas is found out once.
    struct ScopeView {
        let scope: Scope
        /// By the number of the set: 0 unknown, 1 outside, 2 inside.
        private var covered: [UInt8] = []
        private let author: UInt64
        private let others: Set<UInt64>

        init(_ scope: Scope) {
            self.scope = scope
            author = scope.device.digest.prefix8
            others = Set(scope.others.map(\.digest.prefix8))
        }

        mutating func contains(_ number: Int32, of documents: NumberedDocuments) -> Bool {
            let place = documents.place(Int(number))
            guard place.areaSet >= 0, place.author != author, others.isEmpty || !others.contains(place.author) else {
                return documents[Int64(number)].map(scope.contains) ?? false
            }
            let set = Int(place.areaSet)
            while covered.count <= set { covered.append(0) }
            if covered[set] == 0 { covered[set] = documents[Int64(number)].map(scope.contains) ?? false ? 2 : 1 }
            return covered[set] == 2
        }
    }

    func scope(of device: DeviceID, at position: UInt64) -> Scope {
        guard let record = grantRecord(device, at: position), record.revokedAfter == nil else {
            return Scope(device: device, position: position, role: .resident, areas: [], isEmpty: true)
        }
        return Scope(
            device: device, position: position, role: record.grant.role, areas: readAreas(of: record.grant),
            isEmpty: false, views: namedViews(of: device, at: position), others: persons.others(than: device),
            units: knownUnits, time: (try? entryTime(at: position)) ?? 0)
    }

    /// What a device held as of a position: before it went on as another one, what that one had.
    private func formerScope(of device: DeviceID, at position: UInt64) -> Scope {
        if grantRecord(device, at: position) == nil, let old = persons.predecessor(of: device) {
            return formerScope(of: old, at: position)
        }
        return scope(of: device, at: position)
    }

    /// The areas whose documents a grant lets its device read.
    func readAreas(of grant: Grant) -> [String] {
        grant.role == .admin || grant.role == .auditor || grant.role == .ward ? [areaCode] : grant.areas
    }

    /// The person's other devices that became known as such between two positions: after a restore what one of them filed
    /// may be back before that is, and a device may have been granted something before it goes on as another one.
    private func joinedDevices(of device: DeviceID, from old: UInt64, to new: UInt64) -> Set<DeviceID> {
        if persons.isEmpty { return [] }
        let all = Set(persons.devices(of: device))
        let hasNews = successions.reversed().prefix { $0.position > old }
            .contains { $0.position <= new && all.contains($0.new) }
        guard hasNews else { return [] }
        var before = Persons()
        for succession in successions.prefix(while: { $0.position <= old }) where all.contains(succession.new) {
            if let former = persons.predecessor(of: succession.new) { before.note(former, succeededBy: succession.new) }
        }
        return all.subtracting(before.devices(of: device))
    }

    /// The documents that entered and left a device's scope between two positions.
    func scopeChange(of device: DeviceID, from old: UInt64, to new: UInt64) -> (
        entered: [WardDocument], left: [WardDocument]
    ) {
        var before = scope(of: device, at: old)
        let joined = joinedDevices(of: device, from: old, to: new)
        before.others.subtract(joined)
        let former = formerScope(of: device, at: old)
        let after = scope(of: device, at: new)
        let grantChanged = grants[device]?.contains { $0.position > old && $0.position <= new } ?? false
        let candidates: [WardDocument]
        let isMerged = after.units.changes(from: (old, before.time), to: (new, after.time))
        if grantChanged || isMerged {
            candidates = documents.values.filter { $0.created <= new }.sorted { $0.number < $1.number }
        } else {
            var numbers = before.views.symmetricDifference(after.views)
            for move in moves.reversed() {
                if move.position <= old { break }
                if move.position <= new { numbers.insert(move.document) }
            }
            if !joined.isEmpty {
                numbers.formUnion(documents.values.filter { joined.contains($0.creation.device) }.map(\.number))
            }
            candidates = numbers.sorted().compactMap { documentsByNumber[$0] }
        }
        // A new role may read private values of documents that the device has already: they are delivered once more.
        let gains = DocumentKind.allCases.filter { kind in
            Schema.fields(of: kind).contains { field in
                guard let readers = field.disclosedTo else { return false }
                return readers.contains(after.role) && !readers.contains(before.role)
            }
        }
        var entered: [WardDocument] = []
        var left: [WardDocument] = []
        for document in candidates {
            let was = document.created <= old && before.contains(document)
            let isNow = after.contains(document)
            if isNow && (!was || gains.contains(document.kind)) { entered.append(document) }
            // All of it comes again for a device that goes on as another one; what that one may see no more leaves.
            let had = was || (former.device != device && document.created <= old && former.contains(document))
            if had && !isNow { left.append(document) }
        }
        return (entered, left)
    }
}
