// The ward's documents by their numbers, which follow each other.

/// Documents in an array, because every entry of the log that is walked through asks for one.
struct NumberedDocuments {
    private var list: [WardDocument?] = []
    private var places: [Place] = []

    /// What nearly every question about a document's scope needs, side by side in memory.
    struct Place {
        /// The set of areas that the document has always belonged to; -1 where that does not decide who may see it.
        var areaSet: Int32 = -1
        /// The first eight bytes of its author's key.
        var author: UInt64 = 0
    }
    /// How far a number may be beyond the present ones: a damaged store must not ask for all the memory.
    private static let mostAhead = 1 << 24

    /// One more than the highest number that may be taken.
    var count: Int { list.count }

    subscript(number: Int64) -> WardDocument? {
        get { number >= 0 && number < list.count ? list[Int(number)] : nil }
        set {
            guard number >= 0, number < list.count + Self.mostAhead else { return }
            while list.count <= Int(number) {
                list.append(nil)
                places.append(Place())
            }
            list[Int(number)] = newValue
            if let newValue { notePlace(of: newValue) }
        }
    }

    func place(_ number: Int) -> Place { number >= 0 && number < places.count ? places[number] : Place() }

    /// A document came to belong to other areas.
    mutating func notePlace(of document: WardDocument) {
        guard document.number >= 0, document.number < places.count else { return }
        let isPlain = document.areas.count == 1 && !document.kind.isWardWide && document.kind != .progress
        places[Int(document.number)] = Place(
            areaSet: isPlain ? Int32(truncatingIfNeeded: document.areaSet) : -1,
            author: document.creation.device.digest.prefix8)
    }
}

/// Numbers for the sets of areas that documents belong to, of which a ward has few.
final class AreaSets {
    private var numbers: [[String]: Int] = [:]

    /// The number of a set; the same for equal ones.
    func number(of areas: [String]) -> Int {
        if let known = numbers[areas] { return known }
        let number = numbers.count
        numbers[areas] = number
        return number
    }
}
