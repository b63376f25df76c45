// The key of an unlocked home between two commands: in a file of the session that is never on a disk.

import CommandLineKit
import Glibc
import SyncKit

/// A file under `XDG_RUNTIME_DIR` with the vault's key and the moment when it ends. The directory lives in memory, is
/// its user's alone, and is gone when the person logs out or the machine goes down.
struct KeySession {
    let vault: Vault

    /// Deadline (seconds since the machine started, asleep or not), minutes without use, key.
    private static let length = 8 + 8 + 32

    private static func path(_ home: String) -> String? {
        guard let base = Environment.value("XDG_RUNTIME_DIR"), base.hasPrefix("/") else { return nil }
        var info = stat()
        guard stat(base, &info) == 0, info.st_mode & S_IFMT == S_IFDIR, info.st_mode & 0o077 == 0,
            info.st_uid == getuid(), let whole = realpath(home, nil)
        else { return nil }
        defer { free(whole) }
        return base + "/wardsync-" + Blake2b.hash(Bytes(String(cString: whole).utf8)).hex.prefix(32) + ".key"
    }

    /// Seconds since the machine started; no clock that somebody sets.
    private static func now() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_BOOTTIME, &time)
        return UInt64(clamping: time.tv_sec)
    }

    /// Keeps a key.
    /// - Parameter idleMinutes: 0: until the session ends.
    /// - Returns: false where there is no place for it; then every command asks.
    static func keep(_ vault: Vault, _ home: String, idleMinutes: UInt64) -> Bool {
        guard let path = path(home) else { return false }
        var bytes = Bytes(bigEndian: deadline(idleMinutes)) + Bytes(bigEndian: idleMinutes)
        vault.key.withUnsafeBytes { bytes += $0 }
        defer { bytes.withUnsafeMutableBytes { if let base = $0.baseAddress { explicit_bzero(base, $0.count) } } }
        end(home)
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { return false }
        defer { close(file) }
        if bytes.withUnsafeBytes({ write(file, $0.baseAddress, $0.count) }) == bytes.count { return true }
        unlink(path)
        return false
    }

    private static func deadline(_ idleMinutes: UInt64) -> UInt64 {
        idleMinutes == 0 ? .max : now() &+ min(idleMinutes, 1 << 20) * 60
    }

    /// The key, where one is kept and its time is not over; this use puts its end off.
    static func read(_ home: String) -> KeySession? {
        guard let path = path(home) else { return nil }
        let file = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var info = stat()
        var bytes = Bytes(repeating: 0, count: length)
        defer { bytes.withUnsafeMutableBytes { if let base = $0.baseAddress { explicit_bzero(base, $0.count) } } }
        guard fstat(file, &info) == 0, info.st_uid == getuid(), info.st_mode & 0o077 == 0,
            info.st_size == off_t(length), Glibc.read(file, &bytes, length) == length,
            let ends = UInt64(bigEndianBytes: Bytes(bytes[..<8])),
            let idle = UInt64(bigEndianBytes: Bytes(bytes[8..<16]))
        else { return nil }
        guard now() < ends else {
            end(home)
            return nil
        }
        let later = Bytes(bigEndian: deadline(idle))
        if idle > 0 { _ = later.withUnsafeBytes { pwrite(file, $0.baseAddress, $0.count, 0) } }
        guard let vault = try? Vault(key: SecretBytes(copying: Bytes(bytes[16...])), random: SystemRandomSource())
        else { return nil }
        return KeySession(vault: vault)
    }

    /// Overwrites the key and removes the file.
    /// - Returns: whether there was one.
    @discardableResult
    static func end(_ home: String) -> Bool {
        guard let path = path(home) else { return false }
        let file = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW)
        guard file >= 0 else { return false }
        let zeros = Bytes(repeating: 0, count: length)
        _ = zeros.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
        close(file)
        return unlink(path) == 0
    }
}
