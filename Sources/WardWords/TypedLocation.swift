// Places on the map as people type them.

import SyncKit

extension ValueWords {
    /// Reads `LAT,LON[,ACC]`; nil for anything else. Accuracy in metres, 0 where it is not given.
    package static func location(_ typed: String) -> CBORValue? {
        let parts = typed.utf8.filter { $0 != 0x20 }.split(
            separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        guard parts.count == 2 || parts.count == 3, let latitude = tenMillionths(Array(parts[0])),
            let longitude = tenMillionths(Array(parts[1])), abs(latitude) <= 900_000_000,
            abs(longitude) <= 1_800_000_000
        else { return nil }
        var accuracy: Int64 = 0
        if parts.count == 3 {
            guard let metres = Int64(String(decoding: parts[2], as: UTF8.self)), (0...1_000_000).contains(metres) else {
                return nil
            }
            accuracy = metres
        }
        return .array([CBORValue(latitude), CBORValue(longitude), CBORValue(accuracy)])
    }

    /// A decimal number of degrees in ten-millionths; digits beyond the seventh are dropped.
    private static func tenMillionths(_ typed: [UInt8]) -> Int64? {
        var digits = typed[...]
        let isNegative = digits.first == UInt8(ascii: "-")
        if isNegative { digits = digits.dropFirst() }
        let parts = digits.split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = parts.first, (1...3).contains(whole.count), parts.count <= 2 else { return nil }
        let fraction = parts.count == 2 ? Array(parts[1]) : []
        guard fraction.count <= 15, parts.count == 1 || !fraction.isEmpty else { return nil }
        let kept = Array(fraction.prefix(7)) + Array(repeating: UInt8(ascii: "0"), count: max(0, 7 - fraction.count))
        var value: Int64 = 0
        for digit in Array(whole) + kept {
            guard (0x30...0x39).contains(digit) else { return nil }
            value = value * 10 + Int64(digit - 0x30)
        }
        guard fraction.dropFirst(7).allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return isNegative ? -value : value
    }
}
