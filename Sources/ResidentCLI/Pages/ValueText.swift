// Values and moments as people read them.

import CommandLineKit
import SyncKit

/// Turns field values into text for a page or JSON.
struct ValueText {
    let terminal: Terminal
    var settings = WardSettings.standard
    /// Names areas where it is there; else their codes stand for them.
    var areas: AreaBook?

    /// The words for values in this run's language.
    var words: ValueWords {
        ValueWords(terminal.language, settings: settings) { [areas, terminal] code in
            areas?.fullName(code, terminal) ?? code
        }
    }

    /// The text of a value of a field; nothing for one that is cleared.
    func text(_ value: CBORValue?, _ spec: FieldSpec, _ kind: DocumentKind) -> String {
        words.text(value, spec, kind)
    }

    /// How long ago something was, in words.
    func ago(_ seconds: Int64, now: Int64) -> String {
        let (elapsed, overflow) = now.subtractingReportingOverflow(seconds)
        let age = overflow ? 0 : max(0, elapsed)
        if age >= 86_400 { return terminal.say(.ageDays, String(age / 86_400)) }
        if age >= 3600 { return terminal.say(.ageHours, String(age / 3600)) }
        if age >= 60 { return terminal.say(.ageMinutes, String(age / 60)) }
        return terminal.say(.ageToday)
    }

    /// «theo dữ liệu 08:30 12/03/2026, 3 ngày trước».
    func asOf(_ seconds: Int64, now: Int64) -> String {
        terminal.say(Say.age, LocalTime(seconds: seconds).text, ago(seconds, now: now))
    }
}

/// Who stands behind a device.
struct People {
    let store: any LocalDocuments
    let own: DeviceID
    /// The same person's other devices.
    let others: Set<DeviceID>
    /// What the ward calls this device's person; empty for a resident.
    let ownName: String
    let ownRole: Role
    /// What the ward calls its categories, agencies and states.
    let settings: WardSettings
    let terminal: Terminal
    let areas: AreaBook?
    /// Seconds since 1970.
    let now: Int64

    init(
        store: any LocalDocuments, own: DeviceID, ownName: String, ownRole: Role, terminal: Terminal,
        settings: WardSettings = .standard, areas: AreaBook? = nil, now: Int64 = 0
    ) {
        self.store = store
        self.settings = settings
        self.areas = areas
        self.now = now
        self.own = own
        others = (try? store.otherDevices()) ?? []
        self.ownName = ownName
        self.ownRole = ownRole
        self.terminal = terminal
    }

    init(_ reader: ReplicaReader, _ run: CommandRun) throws(ErrorReport) {
        store = reader
        own = reader.device
        others = try run.attempt { () throws(ReplicaError) in try reader.otherDevices() }
        terminal = run.terminal
        areas = run.areaBook()
        now = run.time.nowSeconds()
        let grant = try run.attempt { () throws(ReplicaError) in try reader.grant() }
        settings = try run.attempt { () throws(ReplicaError) in try reader.settings() }
        ownName = grant?.name ?? ""
        ownRole = grant?.role ?? .resident
    }

    /// How values are worded on this device.
    var values: ValueText { ValueText(terminal: terminal, settings: settings, areas: areas) }

    /// The name that the ward gave, or the role and the device's short id.
    func name(_ device: DeviceID) -> String {
        if device == own || others.contains(device) { return terminal.say(.me) }
        let person = (try? store.person(device)) ?? ("", .resident)
        if !person.name.isEmpty { return person.name }
        return terminal.word(RoleWord.message(person.role)) + " " + short(device)
    }

    /// The name that the ward gave, else the device's short id: the same for every reader and in every language.
    func programName(_ device: DeviceID) -> String {
        let name = device == own ? ownName : ((try? store.person(device)) ?? ("", .resident)).name
        return name.isEmpty ? short(device) : name
    }

    func role(_ device: DeviceID) -> Role {
        device == own ? ownRole : ((try? store.person(device)) ?? ("", .resident)).role
    }

    func short(_ device: DeviceID) -> String { ShortID.text(device.digest) }
}
