// What the tests of the lower layers share: hexadecimal bytes and seeded chance.

import Glibc

@testable import SyncKit

/// The bytes that these hexadecimal digits write; spaces are ignored, anything else gives no bytes.
func hex(_ text: String) -> Bytes {
    let digits = text.utf8.filter { $0 != 0x20 }.map { Int(String(UnicodeScalar($0)), radix: 16) ?? 0 }
    return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
}

/// The lower-case hexadecimal digits of these bytes.
func hexText(_ bytes: Bytes) -> String {
    bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
}

/// SplitMix64, seeded from WARDSYNC_SEED where that is set, so that a failed run can be played again.
struct SeededChance: RandomNumberGenerator {
    private var state: UInt64

    /// Prints the seed that it starts from.
    init(_ name: String) {
        let given = getenv("WARDSYNC_SEED").flatMap { UInt64(String(cString: $0)) }
        let seed = given ?? UInt64.random(in: .min ... .max)
        print("\(name): WARDSYNC_SEED=\(seed)")
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }

    /// A number in 0..<bound, quickly and almost evenly.
    mutating func below(_ bound: Int) -> Int { Int(next() >> 33) % bound }

    mutating func bytes(_ count: Int) -> Bytes {
        var output = Bytes()
        output.reserveCapacity(count)
        var word: UInt64 = 0
        for index in 0..<count {
            if index % 8 == 0 { word = next() }
            output.append(UInt8(truncatingIfNeeded: word))
            word >>= 8
        }
        return output
    }
}
