// The verify button: an audit of the whole store beside the server, on a connection of its own that only reads.
import SyncKit

/// Runs one audit at a time on a thread of its own, and remembers what came of the last.
final class ConsoleAudit: Sendable {
    /// Where it stands.
    enum Standing: Sendable {
        case never
        case running(since: Int64)
        case finished(AuditReport, at: Int64)
        case failed(at: Int64)
    }

    private let home: WardHome
    private let state = Monitor(Standing.never)

    init(home: WardHome) { self.home = home }

    var standing: Standing { state.withLock { $0 } }

    /// - Parameter now: seconds since 1970.
    func start(now: Int64) {
        let mayStart = state.withLock { state in
            if case .running = state { return false }
            state = .running(since: now)
            return true
        }
        guard mayStart else { return }
        let isStarted = startThread { [self] in
            let outcome = run(now)
            state.withLock { $0 = outcome }
        }
        if !isStarted { state.withLock { $0 = .failed(at: now) } }
    }

    private func run(_ now: Int64) -> Standing {
        do {
            let (descriptor, _) = try home.readDescriptor()
            let database = try Database(path: home.store, mode: .read)
            guard try !StoreSchema.check(database) else { return .failed(at: now) }
            try database.run("BEGIN")
            let report = try WardAudit(database, descriptor: descriptor, scheme: Ed25519Scheme()).run()
            Log.event("console_audit", [.reason: .text(report.isSound ? "sound" : "findings")])
            return .finished(report, at: now)
        } catch { return .failed(at: now) }
    }
}
