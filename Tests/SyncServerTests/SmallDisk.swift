// A disk that is as small as a test wants it, and as full.
import Glibc
import SyncKit
import Testing

@testable import SyncServer

/// A file system in memory; only root can have one.
struct SmallDisk {
    let path: String
    private var ballast: String { path + "/ballast" }

    /// - Parameter size: as `mount` reads it.
    /// - Returns: `nil` where this machine lets nobody mount one.
    init?(in directory: TemporaryDirectory, size: String) {
        path = directory.path + "/small"
        guard mkdir(path, 0o700) == 0, mount("tmpfs", path, "tmpfs", 0, "size=\(size)") == 0 else { return nil }
    }

    /// Whether this machine lets the tests mount one. Where it does not, tests that need one say that they are skipped.
    static let isPossible: Bool = {
        guard let directory = try? TemporaryDirectory(), let disk = SmallDisk(in: directory, size: "1m") else {
            return false
        }
        disk.remove()
        return true
    }()

    /// Takes the disk away with all that is on it.
    func remove() { _ = umount2(path, Int32(MNT_DETACH)) }

    /// Writes until there is no room, then gives so many bytes free again.
    func fill(leaving room: Int = 0) throws {
        // A program that another test starts meanwhile must not hold the file, and with it the room, beyond its end.
        let file = open(ballast, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        try #require(file >= 0)
        defer { close(file) }
        let piece = Bytes(repeating: 1, count: 4096)
        while write(file, piece, piece.count) == piece.count {}
        while write(file, piece, 1) == 1 {}
        if room > 0 { try #require(ftruncate(file, max(0, lseek(file, 0, SEEK_END) - off_t(room))) == 0) }
    }

    /// Makes room.
    func free() { unlink(ballast) }
}
