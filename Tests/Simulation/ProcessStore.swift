// A process's store: in memory, or in files that survive when the process ends in the middle of a transaction.

import Glibc
import SyncKit
import Synchronization

/// Stands before every commit of a store: lets it pass, makes it fail once, or ends the process right there.
final class CommitGate: Sendable {
    enum Trip {
        /// The store reports a fault; the process lives on.
        case fault
        /// The process ends: the files stay as they are before the commit.
        case crash
    }

    private struct State {
        var path: String
        var copy: String
        var countdown = 0
        var trip: Trip?
        var isDead = false
        var faults = 0
    }

    private let state: Mutex<State>

    init(path: String, copy: String) { state = Mutex(State(path: path, copy: copy)) }

    /// Whether the process ended.
    var isDead: Bool { state.withLock { $0.isDead } }

    /// How many commits failed without ending the process.
    var faults: Int { state.withLock { $0.faults } }

    /// Arms the gate: the `after`-th commit from now on is the one.
    func arm(_ trip: Trip, after commits: Int) {
        state.withLock {
            $0.trip = trip
            $0.countdown = commits
        }
    }

    func disarm() { state.withLock { $0.trip = nil } }

    /// Ends the process between two commits.
    func kill() {
        state.withLock { state in
            guard !state.isDead else { return }
            state.isDead = true
            Files.copyStore(from: state.path, to: state.copy)
        }
    }

    func pass() throws(StoreError) {
        let failure: StoreError? = state.withLock { state in
            if state.isDead { return StoreError(.io, "the process ended") }
            guard let trip = state.trip else { return nil }
            state.countdown -= 1
            guard state.countdown < 0 else { return nil }
            state.trip = nil
            switch trip {
            case .fault:
                state.faults += 1
                return StoreError(.full, "simulated")
            case .crash:
                state.isDead = true
                Files.copyStore(from: state.path, to: state.copy)
                return StoreError(.io, "the process ended")
            }
        }
        if let failure { throw failure }
    }
}

/// A folder for the files of one schedule, removed with it. In memory where the system has such a place.
final class Files {
    let folder: String
    private var next = 0

    init(seed: UInt64, worker: Int) {
        let base = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"
        folder = "\(base)/wardsync-simulation-\(getpid())-\(worker)-\(String(seed, radix: 36))"
        mkdir(folder, 0o700)
    }

    deinit {
        if let directory = opendir(folder) {
            while let entry = readdir(directory) {
                let name = withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                unlink("\(folder)/\(name)")
            }
            closedir(directory)
        }
        rmdir(folder)
    }

    /// A path that no file has yet.
    func path() -> String {
        next += 1
        return "\(folder)/\(next)"
    }

    /// Copies a store's file and its journal as another process would find them after a crash.
    static func copyStore(from: String, to: String) {
        for suffix in ["", "-wal"] { copy(from + suffix, to + suffix) }
    }

    private static func copy(_ from: String, _ to: String) {
        let source = open(from, O_RDONLY)
        guard source >= 0 else { return }
        defer { close(source) }
        let target = open(to, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        guard target >= 0 else { return }
        defer { close(target) }
        var buffer = [UInt8](repeating: 0, count: 256 * 1024)
        while true {
            let count = read(source, &buffer, buffer.count)
            if count <= 0 { return }
            guard write(target, buffer, count) == count else { return }
        }
    }
}
