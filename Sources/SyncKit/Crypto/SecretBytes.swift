// Memory for keys that is not swapped out, and is wiped when it is no longer needed.

import CSodium

/// A secret in `sodium_malloc` memory: between guard pages, locked where the system allows it, zeroed on release.
///
/// It never prints its contents. `@unchecked Sendable`: the memory is written only during `init`.
package final class SecretBytes: @unchecked Sendable, CustomStringConvertible {
    private let memory: UnsafeMutableRawBufferPointer

    package var count: Int { memory.count }

    /// Copies `bytes`, which the caller should wipe or drop.
    package convenience init(copying bytes: Bytes) {
        self.init(count: bytes.count) { $0.copyBytes(from: bytes) }
    }

    /// - Parameter fill: writes the secret into zeroed memory.
    init(count: Int, fill: (UnsafeMutableRawBufferPointer) -> Void) {
        Sodium.start()
        guard let base = sodium_malloc(count) else { preconditionFailure("no memory for a secret") }
        memory = UnsafeMutableRawBufferPointer(start: base, count: count)
        sodium_memzero(base, count)
        fill(memory)
        sodium_mprotect_readonly(base)
    }

    deinit { sodium_free(memory.baseAddress) }

    /// Calls `body` with the secret; the buffer is valid only during the call.
    package func withUnsafeBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
        // The memory must outlive the call even where this is the last use of the object.
        try withExtendedLifetime(self) { try body(UnsafeRawBufferPointer(memory)) }
    }

    package var description: String { "SecretBytes" }
}
