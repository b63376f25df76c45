// The file of a backup: what a ward's home holds, sealed to the recovery key.
import Glibc
import SyncKit

/// What a backup says of itself.
struct BackupFacts: Equatable {
    var ward: Digest
    /// The log's end in the copy.
    var end: Position
    var root: Digest
    var time: Int64
    /// The files in their order, and their lengths in bytes.
    var files: [File]

    struct File: Equatable {
        var name: String
        var length: UInt64
    }

    /// What a home consists of: nothing else is written, and nothing else is taken from a backup.
    static let names = [
        "descriptor.txt", "keys/signing.key", "keys/sealing.key", "keys/device.key", "recovery.pub", "ward.db",
    ]
    /// What is there beside it in a ward that rotated its keys, and in one that signed its own certificate: devices pin
    /// the key, and would take no other.
    static let optionalNames = ["keys/past.keys", "keys/tls.key", "tls.pem"]

    var encoded: Bytes {
        CBORValue.array([
            .unsigned(1), .bytes(ward.bytes), .unsigned(end.epoch), .unsigned(end.index), .bytes(root.bytes),
            CBORValue(time), .array(files.map { .array([.text($0.name), .unsigned($0.length)]) }),
        ]).encoded
    }

    init(ward: Digest, end: Position, root: Digest, time: Int64, files: [File]) {
        self.ward = ward
        self.end = end
        self.root = root
        self.time = time
        self.files = files
    }

    init?(decoding bytes: Bytes) {
        guard let parts = try? CBORValue(decoding: bytes).elements, parts.count == 7, parts[0] == .unsigned(1),
            case .bytes(let ward) = parts[1], let id = Digest(ward), case .unsigned(let epoch) = parts[2],
            case .unsigned(let index) = parts[3], case .bytes(let root) = parts[4], let head = Digest(root),
            let time = parts[5].integer
        else { return nil }
        var files: [File] = []
        for item in parts[6].elements {
            guard item.elements.count == 2, let name = item.elements[0].string,
                (Self.names + Self.optionalNames).contains(name), !files.contains(where: { $0.name == name }),
                case .unsigned(let length) = item.elements[1],
                length < 1 << 44
            else { return nil }
            files.append(File(name: name, length: length))
        }
        guard Self.names.allSatisfy({ name in files.contains { $0.name == name } }) else { return nil }
        self.init(ward: id, end: Position(epoch: epoch, index: index), root: head, time: time, files: files)
    }
}

/// Why a backup cannot be written or read.
enum BackupError: Error, Equatable {
    case file(FileError)
    /// Not a backup of ours.
    case notABackup
    /// Sealed to another recovery key.
    case otherKey
    /// It was changed or cut.
    case damaged
    /// A key that has another form.
    case badKey(String)
    /// What stands in it does not fit together.
    case unsound(String)
    case home(HomeError)
    case control(String)
}

enum BackupFile {
    static let magic = Bytes("wardsync-backup-1\n".utf8)

    /// Writes a backup; the file is whole and durable when this returns, or it is not there.
    static func write(
        _ facts: BackupFacts, from sources: [String: String], to path: String, key: Digest, random: any RandomSource,
        progress: (UInt64) -> Void
    ) throws(BackupError) {
        guard var stream = SealedStreamWriter(to: key, random: random) else { throw .badKey("recovery.pub") }
        let fresh = "\(path).\(getpid()).new"
        let target = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard target >= 0 else { throw .file(.last(fresh)) }
        var isDone = false
        defer {
            close(target)
            if !isDone { unlink(fresh) }
        }
        func put(_ piece: Bytes, isLast: Bool = false) throws(BackupError) {
            let sealed = stream.seal(piece, isLast: isLast)
            do throws(FileError) {
                try HomeFiles.write(Bytes(bigEndian32: sealed.count) + sealed, to: target, fresh)
            } catch {
                throw .file(error)
            }
        }
        do throws(FileError) { try HomeFiles.write(magic + stream.preamble, to: target, fresh) } catch {
            throw .file(error)
        }
        try put(facts.encoded)
        var written: UInt64 = 0
        for file in facts.files {
            guard let source = sources[file.name] else { throw .unsound(file.name) }
            let input = open(source, O_RDONLY | O_CLOEXEC)
            guard input >= 0 else { throw .file(.last(source)) }
            defer { close(input) }
            var left = file.length
            while left > 0 {
                let piece: Bytes
                do throws(FileError) {
                    piece = try HomeFiles.read(
                        from: input, count: Int(min(left, UInt64(SealedStreamWriter.maxPiece))), source)
                } catch { throw .file(error) }
                guard !piece.isEmpty else { throw .unsound(file.name) }
                try put(piece)
                left -= UInt64(piece.count)
                written += UInt64(piece.count)
                progress(written)
            }
        }
        try put([], isLast: true)
        guard fsync(target) == 0, rename(fresh, path) == 0 else { throw .file(.last(path)) }
        isDone = true
        HomeFiles.sync(directoryOf: path)
    }

    /// Reads a backup to its end. Each file's pieces go where `sink` says, in order; nothing is to be trusted before
    /// this returned.
    static func read(
        _ path: String, key: SealingKey, sink: (_ file: String, _ piece: Bytes) throws(BackupError) -> Void
    ) throws(BackupError) -> BackupFacts {
        let input = open(path, O_RDONLY | O_CLOEXEC)
        guard input >= 0 else { throw .file(.last(path)) }
        defer { close(input) }
        func take(_ count: Int) throws(BackupError) -> Bytes {
            do throws(FileError) { return try HomeFiles.read(from: input, count: count, path) } catch {
                throw .file(error)
            }
        }
        guard try take(magic.count) == magic else { throw .notABackup }
        guard var stream = SealedStreamReader(try take(SealedStreamReader.preambleLength), with: key) else {
            throw .otherKey
        }
        func piece() throws(BackupError) -> Bytes {
            let head = try take(4)
            guard head.count == 4 else { throw .damaged }
            let length = head.reduce(0) { $0 << 8 | Int($1) }
            guard length <= SealedStreamWriter.maxPiece + SealedStreamReader.overhead else { throw .damaged }
            let sealed = try take(length)
            guard sealed.count == length, let plain = stream.open(sealed) else { throw .damaged }
            return plain
        }
        guard let facts = BackupFacts(decoding: try piece()) else { throw .notABackup }
        for file in facts.files {
            var left = file.length
            while left > 0 {
                let plain = try piece()
                guard !plain.isEmpty, UInt64(plain.count) <= left else { throw .damaged }
                try sink(file.name, plain)
                left -= UInt64(plain.count)
            }
        }
        guard try piece().isEmpty, stream.isAtEnd, try take(1).isEmpty else { throw .damaged }
        return facts
    }
}

extension Bytes {
    fileprivate init(bigEndian32 count: Int) {
        let value = UInt32(truncatingIfNeeded: count)
        self = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }
}
