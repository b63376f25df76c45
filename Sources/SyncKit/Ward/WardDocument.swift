// What the server keeps in memory of a document.

/// A document as the server holds it: where it belongs, and its state while it is in use.
final class WardDocument {
    let number: Int64
    let id: Digest
    /// The kind's number; one that this version does not know is never accepted.
    let kind: DocumentKind
    let creation: Dot
    /// The position of its first acceptance.
    let created: UInt64
    /// The areas that it belongs to, from each position on.
    private(set) var areas: [(position: UInt64, areas: [String])]
    /// The number of the newest set of areas; -1 where it has none.
    private(set) var areaSet = -1
    /// For a follow: the numbers of the progress views that it names, from each position on.
    var named: [(position: UInt64, views: Set<Int64>)] = []
    /// For an order: the device that it is about.
    var concerns: DeviceID?
    /// `nil` while it stands only in the store.
    var state: DocumentState?
    /// What it adds to which state sum, as it was counted last; `nil` before the first time and while it is to be
    /// counted again.
    var summed: SummedState?
    /// Whether the state is newer than the store's derived tables.
    var isDirty = false
    /// Accepted change sets that the derived tables do not list yet.
    var unlisted: [(device: Int64, sequence: UInt64)] = []

    init(number: Int64, id: Digest, kind: DocumentKind, creation: Dot, created: UInt64) {
        self.number = number
        self.id = id
        self.kind = kind
        self.creation = creation
        self.created = created
        areas = []
    }

    /// From a position on, it belongs to other areas.
    func enter(_ areas: [String], at position: UInt64, _ sets: AreaSets) {
        self.areas.append((position, areas))
        areaSet = sets.number(of: areas)
    }

    /// What said where it belongs at first was erased: that is told by the log from then on.
    func forgetFirstAreas(_ sets: AreaSets) {
        guard !areas.isEmpty else { return }
        areas[0].areas = []
        areaSet = sets.number(of: areas.last?.areas ?? [])
    }

    /// The areas at a position of the log.
    func areas(at position: UInt64) -> [String] {
        if areas.count == 1 { return areas[0].areas }
        return areas.last { $0.position <= position }?.areas ?? areas.first?.areas ?? []
    }
}
