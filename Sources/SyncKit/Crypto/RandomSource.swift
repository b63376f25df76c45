// Where randomness comes from: the system, or a seed in tests.

import CSodium
import Synchronization

/// Gives random bytes. Injected everywhere, so that the same run can be played again.
package protocol RandomSource: Sendable {
    /// Exactly `count` bytes; none for a count below zero.
    func bytes(_ count: Int) -> Bytes
}

/// The system's unpredictable bytes.
package struct SystemRandomSource: RandomSource {
    package init() {}

    package func bytes(_ count: Int) -> Bytes {
        Sodium.start()
        guard count > 0 else { return [] }
        return Bytes(unsafeUninitializedCapacity: count) { buffer, written in
            randombytes_buf(buffer.bytePointer, count)
            written = count
        }
    }
}

/// The same bytes for the same seed and the same order of calls. For tests and the simulator only.
package final class SeededRandomSource: RandomSource {
    private let seed: UInt64
    private let calls = Mutex<UInt64>(0)

    package init(seed: UInt64) { self.seed = seed }

    package func bytes(_ count: Int) -> Bytes {
        Sodium.start()
        let call = calls.withLock { calls in
            calls &+= 1
            return calls
        }
        guard count > 0 else { return [] }
        return withUnsafeBytes(of: (seed.littleEndian, call.littleEndian, UInt64(0), UInt64(0))) { key in
            Bytes(unsafeUninitializedCapacity: count) { buffer, written in
                randombytes_buf_deterministic(
                    buffer.bytePointer, count, key.bytePointer)
                written = count
            }
        }
    }

    /// Eight bytes as a number, for choices in tests.
    package func next() -> UInt64 {
        bytes(8).reduce(0) { $0 << 8 | UInt64($1) }
    }
}
