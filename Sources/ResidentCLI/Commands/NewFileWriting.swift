// Writing files that people asked for.

import CommandLineKit
import Glibc

extension CommandRun {
    /// Writes a file that was not there before, whole or not at all.
    func writeNew(_ path: String, _ bytes: [UInt8]) throws(ErrorReport) {
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            guard errno == EEXIST else { throw Self.unwritten(path) }
            throw ErrorReport(
                .refused, code: "file.exists", happened: ReceiptWord.fileExists.with(path), loss: .nothingChanged,
                next: Phrase(ReceiptWord.fileExistsNext.message))
        }
        let isWhole = WholeFile.write(bytes, to: file)
        close(file)
        guard isWhole else {
            unlink(path)
            throw Self.unwritten(path)
        }
    }

    private static func unwritten(_ path: String) -> ErrorReport {
        ErrorReport(
            .inputOutput, code: "file.unwritable", happened: ReceiptWord.fileFailed.with(path), loss: .nothingChanged,
            next: Phrase(ReceiptWord.fileFailedNext.message))
    }
}

/// Bytes on their way to a file.
enum WholeFile {
    /// Writes all of the bytes; durable when this returns true. Where it returns false, `errno` says why.
    static func write(_ bytes: [UInt8], to file: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            if count <= 0 { return false }
            rest = rest.dropFirst(count)
        }
        return fsync(file) == 0
    }
}
