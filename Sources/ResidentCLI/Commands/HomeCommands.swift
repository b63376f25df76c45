// Making a home, joining a ward's team, and saying who this device is.

import CommandLineKit
import Glibc
import SyncKit

extension CommandRun {
    /// `ward init`
    func initialise() throws(ErrorReport) -> ExitCode {
        let text = try descriptorText()
        guard let descriptor = WardDescriptor(verifying: text, scheme: Ed25519Scheme()) else {
            throw Faults.report(ReplicaError(.badDescriptor), home: home)
        }
        let made = try homeToMake()
        hold(made)
        if let known = try? ReplicaReader(opening: made.database) { return try renew(known, text, descriptor) }
        let replica = try attempt { () throws(ReplicaError) in
            try Replica.create(
                in: made.database, descriptor: text, time: time, random: SystemRandomSource(), scheme: Ed25519Scheme())
            return try Replica(
                opening: made.database, time: time, random: SystemRandomSource(), scheme: Ed25519Scheme())
        }
        if terminal.isJSON {
            terminal.printJSON { json in
                json.object { json in
                    json.member("home", home)
                    json.member("ward", descriptor.ward.hex)
                    json.member("ward_name", descriptor.name)
                    json.member("area", descriptor.area)
                    json.member("device", replica.device.digest.hex)
                }
            }
            return .ok
        }
        warnOfPlaintext(descriptor.addresses)
        terminal.print(Say.homeMade.message, home, descriptor.name)
        terminal.remark(Say.homeMadeNext.message)
        return .ok
    }

    /// An empty home, or the one that is there.
    private func homeToMake() throws(ErrorReport) -> ReplicaHome {
        if try homeHead() != nil { return try openToWrite() }
        return try inHome { () throws(StoreError) in try ReplicaHome.create(at: home) }
    }

    /// `ward init` in a home that is there already: takes a newer descriptor of the same ward.
    private func renew(_ known: ReplicaReader, _ text: String, _ descriptor: WardDescriptor) throws(ErrorReport)
        -> ExitCode
    {
        let old = try attempt { () throws(ReplicaError) in try known.descriptor() }
        guard old.ward == descriptor.ward else {
            throw ErrorReport(
                .refused, code: "home.exists", happened: TLSWord.otherWard.with(home), loss: .nothingChanged,
                next: TLSWord.otherWardNext.with())
        }
        guard descriptor.issued > old.issued else {
            throw ErrorReport(
                .refused, code: "home.exists", happened: TLSWord.notNewer.with(), loss: .nothingChanged,
                next: TLSWord.notNewerNext.with())
        }
        try attempt { () throws(ReplicaError) in try Replica.renew(descriptor: text, in: known.database) }
        if terminal.isJSON {
            terminal.printJSON { json in
                json.object { json in
                    json.member("home", home)
                    json.member("ward", descriptor.ward.hex)
                    json.member("ward_name", descriptor.name)
                    json.member("area", descriptor.area)
                    json.member("device", known.device.digest.hex)
                    json.member("renewed", true)
                }
            }
        } else {
            terminal.print(TLSWord.renewed.message, descriptor.name)
        }
        warnOfPlaintext(descriptor.addresses)
        return .ok
    }

    /// Says which addresses whoever stands in between can read along.
    func warnOfPlaintext(_ addresses: [String]) {
        for address in addresses.prefix(8) {
            guard address.lowercased().hasPrefix("http://"), ClientURL(address)?.isLoopback == false else { continue }
            terminal.warn(TLSWord.plaintext.message, SafeText.line(address))
        }
    }

    /// The way to the ward: `--address`, else the descriptor's addresses in order, with its TLS keys.
    func transport(_ replica: Replica) -> WardTransport {
        let addresses = addresses(replica.descriptor)
        warnOfPlaintext(addresses)
        return WardTransport(addresses: addresses, tls: replica.descriptor.tls)
    }

    private func descriptorText() throws(ErrorReport) -> String {
        if let file = parsed.option("descriptor") {
            guard let text = BoundedFile.read(file) else {
                throw ErrorReport(
                    .inputOutput, code: "file.unreadable", happened: FaultWord.fileUnreadable.with(file),
                    loss: .nothingChanged, next: FaultWord.fileUnreadableNext.with())
            }
            return text
        }
        if let text = parsed.argument(0), text != "-" {
            // Many write the file's name where the text may stand.
            if !text.hasPrefix("wardsync1-"), access(text, R_OK) == 0, let read = BoundedFile.read(text) { return read }
            return text
        }
        guard parsed.argument(0) == "-" || isatty(STDIN_FILENO) == 0, let text = BoundedFile.read("-") else {
            throw ErrorReport.cannotAsk(option: "--descriptor", helpCommand: name + " --help")
        }
        return text
    }

    /// `ward join CODE`
    func join() throws(ErrorReport) -> ExitCode {
        let replica = try replica()
        let typed = parsed.argument(0) ?? ""
        guard let request = replica.joinRequest(code: typed) else {
            throw bad("CODE", typed, Say.expectInvite.message)
        }
        var transport = transport(replica)
        let answer: Bytes
        do { answer = try transport.join(request) } catch { throw Faults.report(error, home: home) }
        let grant = try attempt { () throws(ReplicaError) in try replica.keepGrant(answer) }
        if terminal.isJSON {
            terminal.printJSON { json in
                json.object { json in
                    json.member("role", grant.role.name)
                    json.member("name", grant.name)
                    json.member("areas", grant.areas)
                    json.member(
                        "valid_until", grant.validUntil == 0 ? nil : LocalTime(seconds: grant.validUntil).iso8601)
                }
            }
            return .ok
        }
        let areas = grant.areas.isEmpty ? terminal.say(.allWard) : grant.areas.joined(separator: ", ")
        terminal.print(Say.joined.message, replica.descriptor.name, terminal.word(RoleWord.message(grant.role)), areas)
        terminal.remark(Say.joinedNext.message)
        return .ok
    }

    /// Where to ask: `--address`, else the descriptor's addresses in order.
    func addresses(_ descriptor: WardDescriptor) -> [String] {
        parsed.option("address").map { [$0] } ?? descriptor.addresses
    }

    /// `ward whoami`
    func whoami() throws(ErrorReport) -> ExitCode {
        let reader = try reader()
        let descriptor = try attempt { () throws(ReplicaError) in try reader.descriptor() }
        let grant = try attempt { () throws(ReplicaError) in try reader.grant() }
        if terminal.isJSON {
            terminal.printJSON { json in
                json.object { json in
                    Self.writeIdentity(reader.device, descriptor, grant, to: &json)
                    json.member("home", home)
                }
            }
            return .ok
        }
        printIdentity(reader.device, descriptor, grant)
        line(.homePath, home)
        return .ok
    }

    static func writeIdentity(
        _ device: DeviceID, _ descriptor: WardDescriptor, _ grant: Grant?, to json: inout JSONWriter
    ) {
        json.member("device", device.digest.hex)
        json.member("device_short", ShortID.text(device.digest))
        json.member("ward", descriptor.ward.hex)
        json.member("ward_name", descriptor.name)
        json.member("ward_area", descriptor.area)
        json.member("role", (grant?.role ?? .resident).name)
        json.member("name", grant?.name)
        json.member("areas", grant?.areas ?? [])
        json.member("granted", grant != nil)
        json.member(
            "valid_until", grant.flatMap { $0.validUntil == 0 ? nil : LocalTime(seconds: $0.validUntil).iso8601 })
    }

    func printIdentity(_ device: DeviceID, _ descriptor: WardDescriptor, _ grant: Grant?) {
        line(.ward, descriptor.name + " (" + descriptor.area + ")")
        line(.device, ShortID.text(device.digest))
        line(.role, terminal.word(RoleWord.message(grant?.role ?? .resident)))
        guard let grant else { return line(.grantUntil, terminal.say(.noGrant)) }
        if !grant.name.isEmpty { line(.personName, grant.name) }
        if !grant.areas.isEmpty {
            line(.areas, grant.areas.map { areaBook()?.fullName($0, terminal) ?? $0 }.joined(separator: ", "))
        }
        line(
            .grantUntil,
            grant.validUntil == 0 ? terminal.say(.years) : LocalTime(seconds: grant.validUntil).dateText)
    }

    /// A labelled line of a page.
    func line(_ label: Say, _ text: String) {
        terminal.print(terminal.styled(terminal.say(label) + ":", .dim) + " " + SafeText.line(text))
    }
}

/// Reads small files whole.
enum BoundedFile {
    private static let most = 32 * 1024

    /// The text of a file, or of standard input for `-`; nil where it cannot be read, is too long or is not UTF-8.
    static func read(_ path: String, most: Int = most) -> String? {
        bytes(path, most: most).flatMap { String(validating: $0, as: UTF8.self) }
    }

    /// The length of a file; nil where there is none.
    static func length(_ path: String) -> Int? {
        var facts = stat()
        return stat(path, &facts) == 0 ? Int(facts.st_size) : nil
    }

    /// The bytes of a file, or of standard input for `-`; nil where it cannot be read or is too long.
    static func bytes(_ path: String, most: Int) -> [UInt8]? {
        let file = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)
        guard file >= 0 else { return nil }
        defer { if file != STDIN_FILENO { close(file) } }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 * 1024)
        while true {
            let count = Glibc.read(file, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { return nil }
            if count == 0 { break }
            bytes += buffer[..<count]
            guard bytes.count <= most else { return nil }
        }
        return bytes
    }
}
