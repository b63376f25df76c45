// BLAKE2b-256, the one hash of the system.

import CSodium

/// BLAKE2b with 32 bytes of output and no key (RFC 7693).
package enum Blake2b {
    package static func hash(_ bytes: Bytes) -> Digest {
        bytes.withUnsafeBytes { hash($0) }
    }

    /// - Parameter range: must lie inside `bytes`.
    package static func hash(_ bytes: Bytes, _ range: Range<Int>) -> Digest {
        precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count, "the range lies inside the bytes")
        return bytes.withUnsafeBytes { hash(UnsafeRawBufferPointer(rebasing: $0[range])) }
    }

    /// The hash of one byte and then `bytes`: the byte keeps leaves and nodes of a tree apart.
    package static func hash(prefix: UInt8, _ bytes: Bytes) -> Digest {
        Sodium.start()
        return withUnsafeTemporaryAllocation(byteCount: crypto_generichash_statebytes(), alignment: 64) { memory in
            let state = OpaquePointer(memory.bytePointer)
            crypto_generichash_init(state, nil, 0, Digest.byteCount)
            withUnsafePointer(to: prefix) { _ = crypto_generichash_update(state, $0, 1) }
            _ = crypto_generichash_update(state, bytes, UInt64(bytes.count))
            return output { crypto_generichash_final(state, $0, Digest.byteCount) }
        }
    }

    /// The hash of one byte and two digests: an inner node of a tree. Nothing is allocated on the heap.
    package static func hash(prefix: UInt8, _ left: Digest, _ right: Digest) -> Digest {
        withUnsafeTemporaryAllocation(byteCount: 1 + 2 * Digest.byteCount, alignment: 1) { memory in
            memory[0] = prefix
            left.withUnsafeBytes { UnsafeMutableRawBufferPointer(rebasing: memory[1..<33]).copyMemory(from: $0) }
            right.withUnsafeBytes { UnsafeMutableRawBufferPointer(rebasing: memory[33..<65]).copyMemory(from: $0) }
            return hash(UnsafeRawBufferPointer(memory))
        }
    }

    package static func hash(_ bytes: UnsafeRawBufferPointer) -> Digest {
        Sodium.start()
        return output {
            crypto_generichash(
                $0, Digest.byteCount, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), UInt64(bytes.count), nil,
                0)
        }
    }

    /// Collects 32 bytes of output on the stack.
    private static func output(_ body: (UnsafeMutablePointer<UInt8>) -> Int32) -> Digest {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Digest.byteCount) { memory in
            let bytes = memory.bytePointer
            precondition(body(bytes) == 0, "BLAKE2b fails only for lengths that are not used here")
            return Digest(loading: bytes)
        }
    }
}
