// What a process of the system holds: descriptors, threads, memory.
import Glibc
import Testing

@testable import SyncServer

/// Read from `/proc`.
struct ProcessFigures: CustomStringConvertible {
    let descriptors: Int
    let threads: Int
    /// Of memory that is resident, now and at most so far, in KiB.
    let residentKiB: Int
    let mostResidentKiB: Int

    init(of pid: pid_t) throws {
        let status = String(
            decoding: try HomeFiles.read("/proc/\(pid)/status", max: 64 * 1024), as: UTF8.self)
        func number(_ name: String) -> Int? {
            status.split(separator: "\n").first { $0.hasPrefix(name + ":") }
                .flatMap { Int($0.filter(\.isNumber)) }
        }
        threads = try #require(number("Threads"))
        residentKiB = try #require(number("VmRSS"))
        mostResidentKiB = try #require(number("VmHWM"))
        let folder = try #require(opendir("/proc/\(pid)/fd"))
        defer { closedir(folder) }
        var count = 0
        while readdir(folder) != nil { count += 1 }
        descriptors = count
    }

    var description: String {
        "\(descriptors) descriptors, \(threads) threads, \(residentKiB) KiB (at most \(mostResidentKiB) KiB)"
    }

    /// Waits until a process holds no more descriptors and threads than before; false where it does not come to that.
    static func settle(_ pid: pid_t, to before: ProcessFigures) throws -> Bool {
        // 20 seconds, as reads have.
        for _ in 0..<2000 {
            let now = try ProcessFigures(of: pid)
            if now.descriptors <= before.descriptors, now.threads <= before.threads { return true }
            usleep(10_000)
        }
        return false
    }

    /// What a server may grow by, however it is attacked. A sanitizer keeps what was freed, so that it says nothing there.
    static let mostGrowthKiB = getenv("WARDSYNC_SANITIZED") == nil ? 64 * 1024 : Int.max
}
