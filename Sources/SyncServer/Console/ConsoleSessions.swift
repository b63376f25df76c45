// Who is signed in: one-time links and sessions, in memory, bounded, and gone when the server stops.
import SyncKit

/// What a person at the console may do.
enum ConsoleRole: String, Sendable, CaseIterable {
    /// Reads and decides.
    case admin
    /// Only reads.
    case auditor
}

/// A person at the console.
struct ConsoleSession: Sendable, Equatable {
    var role: ConsoleRole
    /// What they call themselves; stands beside what they decide.
    var name: String
    /// What every form of this session carries, so that another site's form is told from it.
    var formToken: String
}

/// Links and sessions. Only hashes of their tokens are kept.
final class ConsoleSessions: Sendable {
    /// Beyond these the one that was used longest ago ends.
    static let mostSessions = 64
    static let mostLinks = 32
    static let linkMilliseconds: Int64 = 10 * 60 * 1000
    static let idleMilliseconds: Int64 = 30 * 60 * 1000
    static let longestMilliseconds: Int64 = 8 * 3600 * 1000

    private struct Link {
        var hash: Digest
        var role: ConsoleRole
        var name: String
        var ends: Int64
    }

    private struct Stored {
        var hash: Digest
        var session: ConsoleSession
        var began: Int64
        var used: Int64
    }

    private struct State {
        var links: [Link] = []
        var sessions: [Stored] = []
    }

    private let state = Monitor(State())
    private let random: any RandomSource
    private let now: @Sendable () -> Int64

    /// - Parameter now: milliseconds of a clock that nobody sets.
    init(random: any RandomSource, now: @escaping @Sendable () -> Int64 = { monotonicMilliseconds() }) {
        self.random = random
        self.now = now
    }

    /// 256 random bits as text.
    private func makeToken() -> String { String(Base32.encode(random.bytes(32))) }

    private static func hash(_ token: String) -> Digest {
        Blake2b.hash(Bytes("wardsync/v1/console\0".utf8) + Bytes(token.utf8.prefix(256)))
    }

    // MARK: Links

    /// A token that signs one person in, once.
    func makeLink(_ role: ConsoleRole, name: String) -> String {
        let token = makeToken()
        let link = Link(hash: Self.hash(token), role: role, name: name, ends: now() + Self.linkMilliseconds)
        state.withLock { state in
            state.links.removeAll { $0.ends <= now() }
            if state.links.count >= Self.mostLinks { state.links.removeFirst() }
            state.links.append(link)
        }
        return token
    }

    /// Signs in with a link, which is used up by that.
    func redeem(_ token: String) -> (token: String, session: ConsoleSession)? {
        let hash = Self.hash(token)
        let found: Link? = state.withLock { state in
            state.links.removeAll { $0.ends <= now() }
            var place: Int?
            for (index, link) in state.links.enumerated() where ConstantTime.equal(link.hash.bytes, hash.bytes) {
                place = index
            }
            return place.map { state.links.remove(at: $0) }
        }
        return found.map { begin($0.role, name: $0.name) }
    }

    // MARK: Sessions

    func begin(_ role: ConsoleRole, name: String) -> (token: String, session: ConsoleSession) {
        let token = makeToken()
        let session = ConsoleSession(role: role, name: name, formToken: makeToken())
        let time = now()
        let stored = Stored(hash: Self.hash(token), session: session, began: time, used: time)
        state.withLock { state in
            Self.drop(&state, time)
            if state.sessions.count >= Self.mostSessions,
                let oldest = state.sessions.indices.min(by: { state.sessions[$0].used < state.sessions[$1].used })
            {
                state.sessions.remove(at: oldest)
            }
            state.sessions.append(stored)
        }
        return (token, session)
    }

    /// The session that a cookie names; using it keeps it from ending for being idle.
    func session(_ token: String) -> ConsoleSession? {
        let hash = Self.hash(token)
        let time = now()
        return state.withLock { state in
            Self.drop(&state, time)
            var found: Int?
            for (index, stored) in state.sessions.enumerated()
            where ConstantTime.equal(stored.hash.bytes, hash.bytes) {
                found = index
            }
            guard let found else { return nil }
            state.sessions[found].used = time
            return state.sessions[found].session
        }
    }

    func end(_ token: String) {
        let hash = Self.hash(token)
        state.withLock { $0.sessions.removeAll { ConstantTime.equal($0.hash.bytes, hash.bytes) } }
    }

    private static func drop(_ state: inout State, _ time: Int64) {
        state.sessions.removeAll { $0.used + idleMilliseconds <= time || $0.began + longestMilliseconds <= time }
    }
}
