// Seeded chance: every choice of the week comes from one number, so that a week that went wrong can be lived again.
import Glibc

/// SplitMix64, seeded from WARDSYNC_SEED where that is set.
struct Chance {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// A new seed, or the one that is to be played again.
    static func seed() -> UInt64 {
        getenv("WARDSYNC_SEED").flatMap { UInt64(String(cString: $0)) } ?? UInt64.random(in: 0 ... .max)
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }

    /// A number in 0..<bound; 0 where there is none.
    mutating func below(_ bound: Int) -> Int { bound > 1 ? Int(next() >> 33) % bound : 0 }

    mutating func within(_ range: ClosedRange<Int>) -> Int { range.lowerBound + below(range.count) }

    /// True that many times of a hundred.
    mutating func percent(_ percent: Int) -> Bool { below(100) < percent }

    mutating func pick<Element>(_ choices: [Element]) -> Element? {
        choices.isEmpty ? nil : choices[below(choices.count)]
    }

    /// Some of the choices, in an order of their own.
    mutating func some<Element>(_ count: Int, of choices: [Element]) -> [Element] {
        var rest = choices
        var chosen: [Element] = []
        while chosen.count < count, !rest.isEmpty { chosen.append(rest.remove(at: below(rest.count))) }
        return chosen
    }

    /// One of the choices, each as often as its weight says.
    mutating func weighted<Element>(_ choices: [(weight: Int, value: Element)]) -> Element? {
        var rest = below(choices.reduce(0) { $0 + $1.weight })
        for choice in choices {
            if rest < choice.weight { return choice.value }
            rest -= choice.weight
        }
        return choices.last?.value
    }
}
