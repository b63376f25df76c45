// Starts libsodium once.

import CSodium

/// libsodium as a whole.
package enum Sodium {
    private static let started = sodium_init() >= 0

    /// Prepares libsodium; every entry point of this layer calls it, and only the first call does anything.
    ///
    /// A machine without a source of random numbers cannot go on: no key that it makes would be worth anything.
    package static func start() {
        precondition(started, "libsodium could not start: the system gives no random numbers")
    }
}

/// A misuse of keys that the caller can meet with data from outside.
package enum CryptoError: Error, Equatable, Sendable {
    /// A seed or key has another length than its algorithm needs; both in bytes.
    case wrongLength(expected: Int, actual: Int)
}

/// Comparison of secrets.
package enum ConstantTime {
    /// Whether both are the same bytes, in a time that depends only on the length.
    package static func equal(_ left: Bytes, _ right: Bytes) -> Bool {
        guard left.count == right.count else { return false }
        Sodium.start()
        return sodium_memcmp(left, right, left.count) == 0
    }
}
