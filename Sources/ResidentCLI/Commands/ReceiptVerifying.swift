// Verifying what somebody hands over: a receipt, or a proof against a ward.

import CommandLineKit
import SyncKit

/// Whether the ward that signed a file is the one that somebody means.
enum WardMatch: String {
    case given, home, otherHome = "other-home", unknown

    var isConfirmed: Bool { self == .given || self == .home }

    var message: Message {
        switch self {
        case .given: ReceiptWord.confirmedGiven.message
        case .home: ReceiptWord.confirmedHome.message
        case .otherHome: ReceiptWord.otherHome.message
        case .unknown: ReceiptWord.notConfirmed.message
        }
    }
}

extension CommandRun {
    /// `ward receipt verify FILE`
    func receiptVerify() throws(ErrorReport) -> ExitCode {
        let path = parsed.argument(0) ?? "-"
        guard let text = BoundedFile.read(path, most: ProofFile.maxText) else {
            throw ErrorReport(
                .inputOutput, code: "file.unreadable", happened: FaultWord.fileUnreadable.with(path),
                loss: .nothingChanged, next: FaultWord.fileUnreadableNext.with())
        }
        guard let file = ProofFile(text) else {
            throw ErrorReport(
                .refused, code: "receipt.unreadable", happened: ReceiptWord.unreadable.with(path),
                loss: .nothingChanged, next: Phrase(ReceiptWord.unreadableNext.message))
        }
        let given = try givenWard()
        switch file {
        case .receipt(let receipt):
            let proven: WardReceipt.Proven
            do { proven = try receipt.proven(scheme: Ed25519Scheme(), known: known(receipt.descriptor, given)) } catch {
                throw Self.unsound(error)
            }
            return try report(proven, of: receipt, given)
        case .contradiction(let contradiction):
            guard let proven = contradiction.proven(scheme: Ed25519Scheme()) else {
                throw ErrorReport(
                    .refused, code: "proof.not-sound", happened: Phrase(ReceiptWord.proofUnsound.message),
                    loss: .nothingChanged, next: Phrase(ReceiptWord.unsoundNext.message))
            }
            return try report(proven, given)
        case .fork(let fork):
            guard let proven = fork.proven(scheme: Ed25519Scheme()) else {
                throw ErrorReport(
                    .refused, code: "fork.not-sound", happened: Phrase(ForkWord.unsound.message),
                    loss: .nothingChanged, next: Phrase(ReceiptWord.unsoundNext.message))
            }
            return try report(proven, given)
        }
    }

    private static func unsound(_ fault: WardReceipt.Fault) -> ErrorReport {
        let why = ReceiptWord.fault(fault)
        let base = ReceiptWord.unsound.message
        return ErrorReport(
            .refused, code: "receipt.\(fault.rawValue)",
            happened: Phrase(
                Message(vi: base.vi.replacingFirst("{0}", why.vi), en: base.en.replacingFirst("{0}", why.en))),
            loss: .nothingChanged, next: Phrase(ReceiptWord.unsoundNext.message))
    }

    /// The ward of `--ward`, as a descriptor's text or a file with one.
    private func givenWard() throws(ErrorReport) -> WardDescriptor? {
        guard let given = parsed.option("ward") else { return nil }
        for text in [given, BoundedFile.read(given) ?? ""] {
            if let found = WardDescriptor(verifying: text, scheme: Ed25519Scheme()) { return found }
        }
        throw bad("--ward", given, ReceiptWord.expectDescriptor.message)
    }

    /// The newest descriptor of a receipt's ward that is at hand: the one that was given, or this device's.
    private func known(_ bytes: Bytes, _ given: WardDescriptor?) -> WardDescriptor? {
        guard let ward = WardDescriptor(verifying: bytes, scheme: Ed25519Scheme())?.ward else { return nil }
        let all = [given, homeIfAny().flatMap { try? $0.descriptor() }].compactMap { $0 }.filter { $0.ward == ward }
        return all.max { $0.issued < $1.issued }
    }

    /// Compares the ward that signed with the one that was given, else with this device's own.
    private func match(_ ward: WardDescriptor, _ given: WardDescriptor?, _ home: ReplicaReader?) throws(ErrorReport)
        -> WardMatch
    {
        if let given {
            guard given.ward == ward.ward else {
                throw ErrorReport(
                    .refused, code: "receipt.other-ward",
                    happened: ReceiptWord.otherWard.with(ward.name + ", " + ShortID.text(ward.ward)),
                    loss: .nothingChanged, next: Phrase(ReceiptWord.otherWardNext.message))
            }
            return .given
        }
        guard let home, let own = try? home.descriptor() else { return .unknown }
        return own.ward == ward.ward ? .home : .otherHome
    }

    /// This device's data, where there is any that can be read: a verification needs none.
    private func homeIfAny() -> ReplicaReader? { try? reader() }

    // MARK: Receipts

    /// How the log of a receipt stands beside the one that this device saw.
    private enum Comparison: String {
        case same, contradicts, unknown
    }

    private func report(_ proven: WardReceipt.Proven, of receipt: WardReceipt, _ given: WardDescriptor?)
        throws(ErrorReport) -> ExitCode
    {
        let home = homeIfAny()
        let match = try match(proven.descriptor, given, home)
        let isOwnWard = home.flatMap { try? $0.descriptor() }?.ward == proven.descriptor.ward
        var comparison: Comparison?
        var title = proven.change.flatMap(Self.title)
        let isOwn = isOwnWard && home?.device == proven.header.device
        if let home, isOwnWard {
            if title == nil { title = (try? home.title(of: proven.document)) ?? nil }
            comparison = try compare(proven.checkpoint, receipt.checkpoint, home)
        }
        doneReading()
        if terminal.isJSON {
            write(proven, match, comparison?.rawValue, isOwn: isOwn, title: title)
        } else {
            print(proven, match, isOwn: isOwn, title: title)
            switch comparison {
            case .same: terminal.print(ReceiptWord.sameLog.message)
            case .unknown: terminal.remark(ReceiptWord.cannotCompare.message)
            case .contradicts, nil: break
            }
        }
        if comparison == .contradicts {
            terminal.warn(ReceiptWord.twoLogs.message)
            terminal.warn(TrustWord.next.message)
            return .needsAttention
        }
        return match.isConfirmed ? .ok : .needsAttention
    }

    /// Compares a checkpoint with the newest that this device saw. A contradiction is kept as a proof.
    private func compare(_ checkpoint: Checkpoint, _ bytes: Bytes, _ home: ReplicaReader) throws(ErrorReport)
        -> Comparison
    {
        let scheme = Ed25519Scheme()
        guard let descriptor = try? home.descriptor(), let own = (try? home.keptCheckpoint()) ?? nil,
            let kept = Checkpoint(
                verifying: own, ward: descriptor.ward, keys: descriptor.signingKeys, scheme: scheme)
        else { return .unknown }
        guard kept.contradicts(checkpoint) else {
            return kept.position == checkpoint.position ? .same : .unknown
        }
        let text = try attempt { () throws(ReplicaError) in try home.descriptorBytes() }
        doneReading()
        let replica = try replica()
        try attempt { () throws(ReplicaError) in
            try replica.keep(LogContradiction(descriptor: text, first: own, second: bytes), .forked)
        }
        return .contradicts
    }

    /// The title that a change set sets.
    private static func title(_ change: ChangeSet) -> String? {
        guard change.header.kind == UInt64(DocumentKind.report.rawValue) else { return nil }
        var next = 0
        for operation in change.operations ?? [] where operation.takesValue {
            let value = change.values?.value(next) ?? []
            next += 1
            if operation.slot == Slot(field: ReportField.title), case .text(let text)? = try? CBORValue(decoding: value)
            {
                return text
            }
        }
        return nil
    }

    private func decision(_ entry: LogEntry) -> (word: String, code: RefusalCode?, text: Message) {
        func filled(_ word: ReceiptWord, _ code: RefusalCode) -> Message {
            let why = RefusalWords(code).why
            return Message(
                vi: word.message.vi.replacingFirst("{0}", why.vi), en: word.message.en.replacingFirst("{0}", why.en))
        }
        switch entry {
        case .accept, .readmit: return ("accepted", nil, ReceiptWord.accepted.message)
        case .release: return ("released", nil, ReceiptWord.released.message)
        case .hold(_, _, let code): return ("held", code, filled(.heldFor, code))
        case .refuse(_, _, let code): return ("refused", code, filled(.refusedFor, code))
        case .grant, .revoke, .erase, .move, .succession, .key: return ("none", nil, ReceiptWord.accepted.message)
        }
    }

    private func print(_ proven: WardReceipt.Proven, _ match: WardMatch, isOwn: Bool, title: String?) {
        terminal.print(ReceiptWord.holds.message, proven.descriptor.name)
        line(
            .ward,
            proven.descriptor.name + " (" + proven.descriptor.area + "), " + ShortID.text(proven.descriptor.ward)
                + ": " + terminal.word(match.message))
        let kind = UInt8(exactly: proven.header.kind).flatMap(DocumentKind.init(rawValue:))
        let name = kind.map { terminal.word(KindWord.message($0)) + " " } ?? ""
        labelled(.document, name + ShortID.text(proven.document))
        if let title { labelled(.title, title) }
        labelled(.decision, terminal.word(decision(proven.record.entry).text))
        labelled(.decided, LocalTime(seconds: proven.record.time).text)
        labelled(.wroteAt, LocalTime(proven.header.authorTime).text)
        let device = ShortID.text(proven.header.device.digest)
        labelled(.author, isOwn ? terminal.text(ReceiptWord.authorHere.message, device) : device)
        labelled(
            .place,
            terminal.text(
                ReceiptWord.log.message, "\(proven.position.epoch)/\(proven.position.index)",
                String(proven.checkpoint.position.index)))
    }

    private func labelled(_ label: ReceiptWord, _ text: String) {
        terminal.print(terminal.styled(terminal.word(label.message) + ":", .dim) + " " + SafeText.line(text))
    }

    private func write(
        _ proven: WardReceipt.Proven, _ match: WardMatch, _ comparison: String?, isOwn: Bool, title: String?
    ) {
        let decision = decision(proven.record.entry)
        let kind = UInt8(exactly: proven.header.kind).flatMap(DocumentKind.init(rawValue:))
        terminal.printJSON { json in
            json.object { json in
                json.member("file", "receipt")
                json.member("holds", true)
                write(proven.descriptor, match, to: &json)
                json.member("document", proven.document.hex)
                json.member("short_id", ShortID.text(proven.document))
                json.member("kind", kind?.name)
                json.member("title", title)
                json.member("change_set", proven.id.hex)
                json.member("device", proven.header.device.digest.hex)
                json.member("own", isOwn)
                json.member("sequence", Int64(clamping: proven.header.sequence))
                json.member("written", LocalTime(proven.header.authorTime).iso8601)
                json.member("decision", decision.word)
                json.member("code", decision.code.map { "\($0)" })
                json.member("decided", LocalTime(seconds: proven.record.time).iso8601)
                json.member("epoch", Int64(clamping: proven.position.epoch))
                json.member("position", Int64(clamping: proven.position.index))
                write(proven.checkpoint, to: &json)
                json.member("own_log", comparison)
            }
        }
    }

    private func write(_ ward: WardDescriptor, _ match: WardMatch, to json: inout JSONWriter) {
        json.member("ward", ward.ward.hex)
        json.member("ward_name", ward.name)
        json.member("ward_area", ward.area)
        json.member("ward_compared", match.rawValue)
        json.member("ward_confirmed", match.isConfirmed)
    }

    private func write(_ checkpoint: Checkpoint, to json: inout JSONWriter) {
        json.object("checkpoint") { json in
            json.member("epoch", Int64(clamping: checkpoint.position.epoch))
            json.member("size", Int64(clamping: checkpoint.position.index))
            json.member("root", checkpoint.root.hex)
            json.member("serial", Int64(clamping: checkpoint.serial))
            json.member("time", LocalTime(seconds: checkpoint.time).iso8601)
        }
    }

    // MARK: Forks of a device

    private func report(_ proven: ForkProof.Proven, _ given: WardDescriptor?) throws(ErrorReport) -> ExitCode {
        let match = try match(proven.descriptor, given, homeIfAny())
        doneReading()
        let headers = [(proven.first, proven.ids.first), (proven.second, proven.ids.second)]
        if terminal.isJSON {
            terminal.printJSON { json in
                json.object { json in
                    json.member("file", "fork")
                    json.member("holds", true)
                    write(proven.descriptor, match, to: &json)
                    json.member("device", proven.device.digest.hex)
                    json.array("change_sets") { json in
                        for (header, id) in headers {
                            json.object { json in
                                json.member("change_set", id.hex)
                                json.member("sequence", Int64(clamping: header.sequence))
                                json.member("written", LocalTime(header.authorTime).iso8601)
                            }
                        }
                    }
                }
            }
            return .needsAttention
        }
        terminal.print(ForkWord.proofHolds.message)
        line(
            .ward,
            proven.descriptor.name + " (" + proven.descriptor.area + "), " + ShortID.text(proven.descriptor.ward)
                + ": " + terminal.word(match.message))
        func dim(_ word: ForkWord) -> String {
            terminal.styled(terminal.word(word.message) + ":", .dim) + " "
        }
        terminal.print(dim(.proofDevice) + proven.device.digest.hex)
        for (header, id) in headers {
            terminal.print(
                dim(.proofSequence) + "\(header.sequence), " + ShortID.text(id, length: 12) + ", "
                    + LocalTime(header.authorTime).text)
        }
        terminal.print(ForkWord.proofNext.message)
        return .needsAttention
    }

    // MARK: Contradictions

    private func report(_ proven: LogContradiction.Proven, _ given: WardDescriptor?) throws(ErrorReport) -> ExitCode {
        let match = try match(proven.descriptor, given, homeIfAny())
        doneReading()
        if terminal.isJSON {
            terminal.printJSON { json in
                json.object { json in
                    json.member("file", "contradiction")
                    json.member("holds", true)
                    write(proven.descriptor, match, to: &json)
                    json.member("fault", proven.kind == .forked ? "forked" : "rolled-back")
                    json.array("checkpoints") { json in
                        for item in [proven.first, proven.second].compactMap({ $0 }) {
                            json.object { json in write(item, to: &json) }
                        }
                    }
                }
            }
            return .needsAttention
        }
        terminal.print(ReceiptWord.proofHolds.message, proven.descriptor.name)
        terminal.print((proven.kind == .forked ? ReceiptWord.proofForked : .proofRolledBack).message)
        line(
            .ward,
            proven.descriptor.name + " (" + proven.descriptor.area + "), " + ShortID.text(proven.descriptor.ward)
                + ": " + terminal.word(match.message))
        labelled(.signedFirst, text(proven.first))
        labelled(.signedLater, proven.second.map(text) ?? terminal.word(ReceiptWord.headOnly.message))
        terminal.print(ReceiptWord.proofNext.message)
        return .needsAttention
    }

    private func text(_ checkpoint: Checkpoint) -> String {
        let place = "\(checkpoint.position.epoch)/\(checkpoint.position.index)"
        return "\(place), \(String(checkpoint.root.hex.prefix(16))), " + LocalTime(seconds: checkpoint.time).text
    }
}
