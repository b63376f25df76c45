// Bounded zstd compression with dictionaries; the only file that knows libzstd.

import CZstd
import Synchronization

/// Why compressed bytes were refused.
package enum ZstdError: Error, Equatable, Sendable {
    /// The declared length is below zero or above the limit; nothing was allocated.
    case lengthOverLimit
    /// The bytes decompress to another length than declared.
    case lengthMismatch
    /// Not exactly one sound zstd frame, or one that needs another dictionary.
    case corrupt
    /// The dictionary itself cannot be used.
    case unusableDictionary
    case outOfMemory
}

/// Compresses and decompresses single zstd frames.
package enum ZstdCodec {
    /// One standard zstd frame. Where libzstd fails (no memory, a broken dictionary) the frame holds the bytes as they
    /// are, so that there always is a frame that `decompress` accepts.
    package static func compress(_ bytes: Bytes, level: Int32 = 9, dictionary: CompressionDictionary?) -> Bytes {
        guard let context = ZstdContext.take() else { return storedFrame(bytes) }
        defer { ZstdContext.give(back: context, after: bytes.count) }
        let compressor = context.compressor
        ZSTD_CCtx_reset(compressor, ZSTD_reset_session_and_parameters)
        ZSTD_CCtx_setParameter(compressor, ZSTD_c_compressionLevel, level)
        // Whoever names the frame's codec names its dictionary.
        ZSTD_CCtx_setParameter(compressor, ZSTD_c_dictIDFlag, 0)
        if let dictionary {
            guard let prepared = dictionary.compressing(level: level),
                ZSTD_isError(ZSTD_CCtx_refCDict(compressor, prepared)) == 0
            else { return storedFrame(bytes) }
        }
        var failed = false
        let output = Bytes(unsafeUninitializedCapacity: ZSTD_compressBound(bytes.count)) { buffer, count in
            let written = bytes.withUnsafeBytes {
                ZSTD_compress2(compressor, buffer.baseAddress, buffer.count, $0.baseAddress, $0.count)
            }
            failed = ZSTD_isError(written) != 0
            count = failed ? 0 : written
        }
        return failed ? storedFrame(bytes) : output
    }

    /// Decompresses exactly one frame into exactly `expectedLength` bytes.
    /// - Parameters:
    ///   - expectedLength: the length that the sender declared.
    ///   - limit: the longest that the caller accepts; compared before anything is allocated.
    ///   - dictionary: the one that the sender named.
    package static func decompress(
        _ bytes: Bytes, expectedLength: Int, limit: Int, dictionary: CompressionDictionary?
    ) throws(ZstdError) -> Bytes {
        guard expectedLength >= 0, expectedLength <= limit else { throw .lengthOverLimit }
        try checkFrame(bytes, expectedLength: expectedLength)
        var prepared: OpaquePointer?
        if let dictionary {
            prepared = dictionary.decompressing()
            guard prepared != nil else { throw .unusableDictionary }
        }
        guard let context = ZstdContext.take() else { throw .outOfMemory }
        defer { ZstdContext.give(back: context, after: 0) }
        var written = 0
        let output = Bytes(unsafeUninitializedCapacity: expectedLength) { buffer, count in
            written = bytes.withUnsafeBytes {
                ZSTD_decompress_usingDDict(
                    context.decompressor, buffer.baseAddress, expectedLength, $0.baseAddress, $0.count, prepared)
            }
            count = ZSTD_isError(written) == 0 ? written : 0
        }
        guard ZSTD_isError(written) == 0 else {
            throw ZSTD_getErrorCode(written) == ZSTD_error_dstSize_tooSmall ? .lengthMismatch : .corrupt
        }
        guard written == expectedLength else { throw .lengthMismatch }
        return output
    }

    /// Refuses several frames, frames to skip, and a frame that itself declares another length.
    private static func checkFrame(_ bytes: Bytes, expectedLength: Int) throws(ZstdError) {
        let magic: Bytes = [0x28, 0xB5, 0x2F, 0xFD]
        guard bytes.starts(with: magic) else { throw .corrupt }
        let (frameLength, declared) = bytes.withUnsafeBytes {
            (
                ZSTD_findFrameCompressedSize($0.baseAddress, $0.count),
                ZSTD_getFrameContentSize($0.baseAddress, $0.count)
            )
        }
        guard ZSTD_isError(frameLength) == 0, frameLength == bytes.count else { throw .corrupt }
        // Two values at the very top stand for "not declared" and "no frame".
        if declared <= UInt64(Int64.max), declared != UInt64(expectedLength) { throw .lengthMismatch }
    }

    /// A frame of uncompressed blocks (RFC 8878 §3.1.1), made without libzstd.
    static func storedFrame(_ bytes: Bytes) -> Bytes {
        let blockLimit = 128 * 1024
        // Single segment, eight bytes of content size.
        var frame: Bytes = [0x28, 0xB5, 0x2F, 0xFD, 0b1110_0000]
        for shift in stride(from: 0, to: 64, by: 8) { frame.append(UInt8(truncatingIfNeeded: bytes.count >> shift)) }
        var start = 0
        repeat {
            let end = min(bytes.count, start + blockLimit)
            let head = (end - start) << 3 | (end == bytes.count ? 1 : 0)
            for shift in [0, 8, 16] { frame.append(UInt8(truncatingIfNeeded: head >> shift)) }
            frame.append(contentsOf: bytes[start..<end])
            start = end
        } while start < bytes.count
        return frame
    }
}

/// A dictionary that both sides ship, trained or just sample text, and the number that frames name it by.
///
/// `@unchecked Sendable`: the prepared forms are made once each under the lock and never changed or freed before
/// `deinit`; libzstd allows any number of threads to use them at the same time.
package final class CompressionDictionary: @unchecked Sendable {
    package let id: UInt32
    package let bytes: Bytes

    private struct Prepared {
        var compressing: [Int32: OpaquePointer] = [:]
        var decompressing: OpaquePointer?
    }

    private let lock = Mutex<Void>(())
    private var prepared = Prepared()

    package init(id: UInt32, bytes: Bytes) {
        self.id = id
        self.bytes = bytes
    }

    deinit {
        for pointer in prepared.compressing.values { ZSTD_freeCDict(pointer) }
        ZSTD_freeDDict(prepared.decompressing)
    }

    /// Nil where the dictionary is damaged or memory is short.
    fileprivate func compressing(level: Int32) -> OpaquePointer? {
        lock.withLock { _ in
            if let ready = prepared.compressing[level] { return SendablePointer(ready) }
            let made = bytes.withUnsafeBytes { ZSTD_createCDict($0.baseAddress, $0.count, level) }
            prepared.compressing[level] = made
            return SendablePointer(made)
        }.pointer
    }

    fileprivate func decompressing() -> OpaquePointer? {
        lock.withLock { _ in
            if prepared.decompressing == nil {
                prepared.decompressing = bytes.withUnsafeBytes { ZSTD_createDDict($0.baseAddress, $0.count) }
            }
            return SendablePointer(prepared.decompressing)
        }.pointer
    }
}

/// Carries a pointer out of a lock. `@unchecked Sendable`: what it points to is never changed.
private struct SendablePointer: @unchecked Sendable {
    let pointer: OpaquePointer?

    init(_ pointer: OpaquePointer?) { self.pointer = pointer }
}

/// libzstd's working memory, kept between calls because making it costs more than a small frame.
///
/// `@unchecked Sendable`: a context is either idle in the pool or held by one call.
private final class ZstdContext: @unchecked Sendable {
    let compressor: OpaquePointer
    let decompressor: OpaquePointer

    private static let idle = Mutex<[ZstdContext]>([])
    private static let idleLimit = 8
    /// Above this many bytes the working memory has grown too large to keep.
    private static let keptLength = 1 << 20

    private init?() {
        guard let compressor = ZSTD_createCCtx() else { return nil }
        guard let decompressor = ZSTD_createDCtx() else {
            ZSTD_freeCCtx(compressor)
            return nil
        }
        self.compressor = compressor
        self.decompressor = decompressor
    }

    deinit {
        ZSTD_freeCCtx(compressor)
        ZSTD_freeDCtx(decompressor)
    }

    static func take() -> ZstdContext? {
        idle.withLock { $0.popLast() } ?? ZstdContext()
    }

    static func give(back context: ZstdContext, after length: Int) {
        guard length <= keptLength else { return }
        // The dictionary that it refers to may go before the next call.
        ZSTD_CCtx_reset(context.compressor, ZSTD_reset_session_and_parameters)
        idle.withLock { if $0.count < idleLimit { $0.append(context) } }
    }
}
