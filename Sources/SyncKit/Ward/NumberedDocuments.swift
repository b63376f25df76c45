// The ward's documents by their numbers, which follow each other.

/// Documents in an array, because every entry of the log that is walked through asks for one.
struct NumberedDocuments {
    private var list: [WardDocument?] = []
    /// How far a number may be beyond the present ones: a damaged store must not ask for all the memory.
    private static let mostAhead = 1 << 24

    /// One more than the highest number that may be taken.
    var count: Int { list.count }

    subscript(number: Int64) -> WardDocument? {
        get { number >= 0 && number < list.count ? list[Int(number)] : nil }
        set {
            guard number >= 0, number < list.count + Self.mostAhead else { return }
            while list.count <= Int(number) { list.append(nil) }
            list[Int(number)] = newValue
        }
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
