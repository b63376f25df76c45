// The files of parts: read within bounds, written whole or not at all.

import CommandLineKit
import Glibc
import SyncKit

/// Files on sticks and in folders of messages.
enum PartFile {
    /// A file's bytes; `nil` where it cannot be read. Of one that is longer than any part one byte more than that.
    static func read(_ path: String) -> Bytes? {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes = Bytes()
        var buffer = Bytes(repeating: 0, count: 64 * 1024)
        while bytes.count <= BundleLimits.file {
            let count = Glibc.read(file, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { return nil }
            if count == 0 { return bytes }
            bytes += buffer[..<min(count, BundleLimits.file + 1 - bytes.count)]
        }
        return bytes
    }

    /// Puts a file in its place, durable when this returns; a reader sees all of it or nothing.
    static func write(_ path: String, _ bytes: Bytes) throws(ErrorReport) {
        let fresh = "\(path).\(getpid()).new"
        let file = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw failure(path) }
        let isWhole = WholeFile.write(bytes, to: file)
        let reason = errno
        close(file)
        errno = reason
        guard isWhole, rename(fresh, path) == 0 else {
            let report = failure(path)
            unlink(fresh)
            throw report
        }
    }

    private static func failure(_ path: String) -> ErrorReport {
        let isFull = errno == ENOSPC || errno == EDQUOT
        return ErrorReport(
            .inputOutput, code: isFull ? "disk.full" : "file.unwritable",
            happened: Phrase((isFull ? BundleSay.diskFull : .unwritable).message, [path]), loss: .nothing,
            next: Phrase((isFull ? BundleSay.diskFullNext : .unwritableNext).message))
    }

    /// Writes all or takes back what was written.
    static func write(_ files: [(path: String, bytes: Bytes)]) throws(ErrorReport) {
        var written: [String] = []
        do throws(ErrorReport) {
            for file in files {
                try write(file.path, file.bytes)
                written.append(file.path)
            }
        } catch {
            for path in written { unlink(path) }
            throw error
        }
    }

    /// A size as people write it: 65536, 64K, 2M; `nil` for anything else and beyond what a part may be.
    static func size(_ text: String) -> Int? {
        var digits = text.uppercased()
        if digits.hasSuffix("B") { digits.removeLast() }
        var unit = 1
        if digits.hasSuffix("K") || digits.hasSuffix("M") { unit = digits.removeLast() == "K" ? 1024 : 1024 * 1024 }
        guard digits.utf8.count <= 8, let number = Int(digits), number > 0 else { return nil }
        let size = number * unit
        return (BundleLimits.smallestFile...(2 * 1024 * 1024)).contains(size) ? size : nil
    }
}
