// Small files of the home: read within bounds, written whole or not at all.
import Glibc
import SyncKit

/// Why a file of the home could not be read or written.
struct FileError: Error, Equatable {
    enum Reason: Equatable {
        case missing
        case exists
        case tooLarge
        /// Others may read a secret.
        case tooOpen
        case system(Int32)
    }

    var reason: Reason
    var path: String

    init(_ reason: Reason, _ path: String) {
        self.reason = reason
        self.path = path
    }

    /// The failure that `errno` names.
    static func last(_ path: String) -> FileError {
        switch errno {
        case ENOENT: FileError(.missing, path)
        case EEXIST, ENOTEMPTY: FileError(.exists, path)
        case let code: FileError(.system(code), path)
        }
    }
}

/// Whole-file reads and writes.
enum HomeFiles {
    /// Reads a whole file.
    /// - Parameters:
    ///   - max: more bytes than this are refused.
    ///   - isSecret: refuses a file that others than its owner may read.
    static func read(_ path: String, max: Int, isSecret: Bool = false) throws(FileError) -> Bytes {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .last(path) }
        defer { close(descriptor) }
        if isSecret {
            var status = stat()
            guard fstat(descriptor, &status) == 0 else { throw .last(path) }
            guard status.st_mode & 0o077 == 0 else { throw FileError(.tooOpen, path) }
        }
        var bytes = Bytes()
        var buffer = Bytes(repeating: 0, count: 16 * 1024)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0 {
                if errno == EINTR { continue }
                throw .last(path)
            }
            if count == 0 { return bytes }
            guard bytes.count + count <= max else { throw FileError(.tooLarge, path) }
            bytes += buffer[..<count]
        }
    }

    /// Writes a new file that only its owner may read, durable when this returns; an existing one is an error.
    static func create(_ path: String, _ bytes: Bytes, mode: mode_t = 0o600) throws(FileError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw .last(path) }
        defer { close(descriptor) }
        try write(bytes, to: descriptor, path)
        guard fsync(descriptor) == 0 else { throw .last(path) }
    }

    /// Writes all of it to an open file.
    static func write(_ bytes: Bytes, to descriptor: Int32, _ path: String) throws(FileError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                throw .last(path)
            }
            rest = rest.dropFirst(count)
        }
    }

    /// Reads so many bytes from an open file; fewer only at its end.
    static func read(from descriptor: Int32, count: Int, _ path: String) throws(FileError) -> Bytes {
        var bytes = Bytes(repeating: 0, count: count)
        var filled = 0
        while filled < count {
            let got = bytes.withUnsafeMutableBytes {
                Glibc.read(descriptor, $0.baseAddress.map { $0 + filled }, count - filled)
            }
            if got < 0 {
                if errno == EINTR { continue }
                throw .last(path)
            }
            if got == 0 { break }
            filled += got
        }
        bytes.removeLast(count - filled)
        return bytes
    }

    /// Puts a file in the place of another, durable when this returns: a reader sees the old one or the new one.
    static func replace(_ path: String, _ bytes: Bytes, mode: mode_t = 0o644) throws(FileError) {
        let fresh = "\(path).\(getpid()).new"
        unlink(fresh)
        try create(fresh, bytes, mode: mode)
        guard rename(fresh, path) == 0 else { throw .last(path) }
        sync(directoryOf: path)
    }

    static func makeDirectory(_ path: String) throws(FileError) {
        guard mkdir(path, 0o700) == 0 else { throw .last(path) }
    }

    /// Makes the directories that a path needs above it, where they are missing.
    static func makeDirectories(above path: String) throws(FileError) {
        let bytes = Array(path.utf8)
        for (index, byte) in bytes.enumerated() where byte == UInt8(ascii: "/") && index > 0 {
            let parent = String(decoding: bytes[..<index], as: UTF8.self)
            if mkdir(parent, 0o700) != 0, errno != EEXIST, errno != EISDIR { throw .last(parent) }
        }
    }

    /// Makes what was created or renamed in a directory durable.
    static func sync(directoryOf path: String) {
        let parent = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[..<$0]) } ?? "."
        let descriptor = open(parent.isEmpty ? "/" : parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }
}
