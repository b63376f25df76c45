// The control operation that lets somebody in at the console.
import SyncKit

extension ControlTable {
    /// A link for the process that serves: links and sessions are in its memory.
    func consoleLink(_ role: ConsoleRole, _ name: String) throws(ControlFailure) -> CBORValue {
        guard let console else { throw ControlFailure(.notServing) }
        guard console.isPrivate else { throw ControlFailure(.needsTLS) }
        let token = console.sessions.makeLink(role, name: TextNormalization.nfc(name))
        let page = PagePath("/console/enter", ["link": token])
        return .object([
            "url": .text(console.address.withLock { $0 } + page.text), "role": .text(role.rawValue),
            "minutes": .count(Int(ConsoleSessions.linkMilliseconds / 60_000)),
        ])
    }
}
