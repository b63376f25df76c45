// What every page knows: who looks at it, in which language, what the ward calls things, what time it is.
import CommandLineKit
import SyncKit
import WardWords

/// One request for a page.
struct ConsoleContext {
    let wardName: String
    /// The code of the ward's area.
    let wardArea: String
    let words: ValueWords
    /// Nil on public pages and before signing in.
    let session: ConsoleSession?
    /// The page that was asked for, to lead back to.
    let page: PagePath
    /// Seconds since 1970 by the ward's clock.
    let now: Int64
    /// What was done just before.
    var done: ConsoleDone?

    var language: Language { words.language }
    var mayAct: Bool { session?.role == .admin }

    func say(_ word: ConsoleWord, _ arguments: String...) -> String {
        language.text(Phrase(word.message, arguments))
    }

    func text(_ message: Message) -> String { language.text(message) }

    // MARK: Moments

    func moment(_ seconds: Int64) -> String { seconds <= 0 ? say(.unknownTime) : LocalTime(seconds: seconds).text }

    /// How long ago something was, in words.
    func ago(_ seconds: Int64) -> String { say(.agoFormat, duration(now - min(seconds, now))) }

    /// A length of time in its largest unit.
    func duration(_ seconds: Int64) -> String {
        let size = Int64(clamping: seconds.magnitude)
        if size >= 2 * 86_400 { return say(.days, String(size / 86_400)) }
        if size >= 2 * 3600 { return say(.hours, String(size / 3600)) }
        if size >= 120 { return say(.minutes, String(size / 60)) }
        return say(.seconds, String(size))
    }

    /// How far a clock is off; nil where it is within two minutes, which a network makes of a right one.
    func skew(_ seconds: Int64) -> String? {
        guard seconds.magnitude >= 120 else { return nil }
        return say(seconds > 0 ? .clockAhead : .clockBehind, duration(seconds))
    }

    // MARK: People and documents

    func role(_ role: Role) -> String { text(RoleWord.message(role)) }

    func person(_ person: BrowsedPerson, _ device: DeviceID) -> String {
        if person.isConsole { return say(.consoleDevice) }
        return HTMLText.isBlank(person.name) ? role(person.role) + " " + Self.short(device) : person.name
    }

    static func short(_ device: DeviceID) -> String { ShortID.text(device.digest) }

    func kind(_ kind: DocumentKind) -> String { text(KindWord.message(kind)) }

    /// A title, or what stands for it where there is nothing to see.
    func title(_ title: String, _ kind: DocumentKind, _ id: Digest) -> String {
        HTMLText.isBlank(title) ? self.kind(kind) + " " + ShortID.text(id) : title
    }

    func field(_ kind: DocumentKind, _ slot: Slot) -> String {
        let label = Schema.field(kind, slot.field).map { text(FieldWord.message($0)) } ?? "\(slot.field)"
        return slot.key.map { label + " \($0)" } ?? label
    }

    func area(_ code: String) -> String { code.isEmpty ? "" : words.areaName(code) }

    /// A position as people quote it: the entry's number, with the epoch where there was a restore.
    static func place(_ position: Position) -> String {
        position.epoch == 0 ? String(position.index) : "\(position.epoch)/\(position.index)"
    }
}

/// What a page confirms after a form was sent.
enum ConsoleDone: String, CaseIterable {
    case resolved, verifying
    case resolvedInPart = "in-part"

    var word: ConsoleWord {
        switch self {
        case .resolved: .doneResolved
        case .resolvedInPart: .doneInPart
        case .verifying: .doneVerifying
        }
    }
}
