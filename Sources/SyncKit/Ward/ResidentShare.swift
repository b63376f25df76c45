// How much of the ward's inbox residents take, whom nobody vouches for: each of them something, all together not all.

/// The share of a list that devices of residents have: else a stranger who has many phones could fill the inbox, and the
/// time that each of its pages takes.
enum ResidentShare {
    /// The most that is listed of one device, and of all of them together.
    static let mostOfOne = 20
    static let mostOfAll = 500

    /// What of a list is shown: everything that is nobody's of the residents, and of theirs one of each device, then a
    /// second one of each, and so on, so that whoever brings much hides nobody else.
    /// - Parameter resident: the resident's device whose it is; `nil` where it is nobody's of them.
    /// - Returns: what is shown, in the order in which it came, and how much is left out.
    static func of<Item>(_ items: [Item], _ resident: (Item) -> DeviceID?) -> (shown: [Item], leftOut: Int) {
        var counts: [DeviceID: Int] = [:]
        // How many there are of each turn.
        var turns = [Int](repeating: 0, count: mostOfOne)
        var ranks: [Int?] = []
        ranks.reserveCapacity(items.count)
        for item in items {
            guard let device = resident(item) else {
                ranks.append(nil)
                continue
            }
            let rank = counts[device, default: 0]
            counts[device] = rank + 1
            if rank < mostOfOne { turns[rank] += 1 }
            ranks.append(rank)
        }
        var (room, places) = (mostOfAll, [Int]())
        for turn in turns {
            places.append(min(turn, room))
            room -= min(turn, room)
        }
        var shown: [Item] = []
        for (item, rank) in zip(items, ranks) {
            if let rank {
                guard rank < mostOfOne, places[rank] > 0 else { continue }
                places[rank] -= 1
            }
            shown.append(item)
        }
        return (shown, items.count - shown.count)
    }
}
