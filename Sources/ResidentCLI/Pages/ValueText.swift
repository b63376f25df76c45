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

    /// Reads `LAT,LON[,ACC]`; nil for anything else. Accuracy in metres, 0 where it is not given.
    static func location(_ typed: String) -> CBORValue? {
        let parts = typed.utf8.filter { $0 != 0x20 }.split(
            separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        guard parts.count == 2 || parts.count == 3, let latitude = tenMillionths(Array(parts[0])),
            let longitude = tenMillionths(Array(parts[1])), abs(latitude) <= 900_000_000,
            abs(longitude) <= 1_800_000_000
        else { return nil }
        var accuracy: Int64 = 0
        if parts.count == 3 {
            guard let metres = Int64(String(decoding: parts[2], as: UTF8.self)), (0...1_000_000).contains(metres) else {
                return nil
            }
            accuracy = metres
        }
        return .array([CBORValue(latitude), CBORValue(longitude), CBORValue(accuracy)])
    }

    /// A decimal number of degrees in ten-millionths; digits beyond the seventh are dropped.
    private static func tenMillionths(_ typed: [UInt8]) -> Int64? {
        var digits = typed[...]
        let isNegative = digits.first == UInt8(ascii: "-")
        if isNegative { digits = digits.dropFirst() }
        let parts = digits.split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = parts.first, (1...3).contains(whole.count), parts.count <= 2 else { return nil }
        let fraction = parts.count == 2 ? Array(parts[1]) : []
        guard fraction.count <= 15, parts.count == 1 || !fraction.isEmpty else { return nil }
        let kept = Array(fraction.prefix(7)) + Array(repeating: UInt8(ascii: "0"), count: max(0, 7 - fraction.count))
        var value: Int64 = 0
        for digit in Array(whole) + kept {
            guard (0x30...0x39).contains(digit) else { return nil }
            value = value * 10 + Int64(digit - 0x30)
        }
        guard fraction.dropFirst(7).allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return isNegative ? -value : value
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
