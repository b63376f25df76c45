// Look-ups beyond asking: an officer answers what the registry does not know; old answers are purged.

import CommandLineKit
import SyncKit

extension CommandRun {
    func needsConsent() -> ErrorReport {
        ErrorReport(
            .usage, code: "lookup.needs-consent", happened: Phrase(LookupSay.needsConsent.message),
            loss: .nothingChanged, next: Phrase(LookupSay.needsConsentNext.message))
    }

    /// `ward lookup answer ID (--status N […] | --not-found | --refuse)`
    func lookupAnswer() throws(ErrorReport) -> ExitCode {
        let replica = try replica()
        let view = try document(replica, .lookup)
        let ways = [parsed.option("status") != nil, parsed.flag("not-found"), parsed.flag("refuse")]
        guard ways.filter({ $0 }).count == 1 else {
            throw bad("--status", parsed.option("status") ?? "", LookupSay.expectFinding.message)
        }
        var finding = parsed.flag("refuse") ? Finding.refused : .notFound
        var parts: [CBORValue.Pair] = []
        if let status = parsed.integer("status") {
            guard (1...10).contains(status) else {
                throw bad("--status", String(status), LookupSay.expectStatus.message)
            }
            finding = .found
            parts.append(CBORValue.Pair(.unsigned(AnswerPart.status), CBORValue(status)))
            for (option, part) in [
                ("step", AnswerPart.step), ("agency", AnswerPart.agency), ("received", AnswerPart.received),
                ("due", AnswerPart.due), ("missing", AnswerPart.missing),
            ] {
                guard let text = try text(option: option, limit: 400) else { continue }
                parts.append(CBORValue.Pair(.unsigned(part), .text(text)))
            }
        }
        do {
            return say(try replica.answer(view, finding, parts), .lookup)
        } catch {
            if case .refused(.missingReference) = error.reason {
                throw ErrorReport(
                    .refused, code: "lookup.no-reply-key", happened: Phrase(LookupSay.notAsked.message),
                    loss: .nothingChanged, next: Phrase(LookupSay.notAskedNext.message))
            }
            throw Faults.report(error, home: home)
        }
    }

    /// `ward lookup purge [--older-than DAYS]`
    func lookupPurge() throws(ErrorReport) -> ExitCode {
        let replica = try replica()
        var days = try retentionDays(replica)
        if let given = parsed.integer("older-than") { days = given }
        let purged = try purge(replica, days: days)
        if terminal.isJSON {
            terminal.printJSON { json in json.object { json in json.member("purged", purged) } }
        } else if purged > 0 {
            terminal.print(LookupSay.purgedCount.message, String(purged))
        } else {
            terminal.remark(LookupSay.nothingToPurge.message)
        }
        return .ok
    }

    /// How long answers stay readable on a device, in days, as the ward configured it.
    func retentionDays(_ replica: Replica) throws(ErrorReport) -> Int64 {
        let settings = try attempt { () throws(ReplicaError) in try replica.settings() }
        return Int64(settings.lookupRetentionDays)
    }

    /// Purges the answers that came longer ago than `days`.
    func purge(_ replica: Replica, days: Int64) throws(ErrorReport) -> Int {
        try attempt { () throws(ReplicaError) in
            let now = time.nowSeconds() - (try replica.clockSkewSeconds())
            return try replica.purgeAnswers(before: now - days * 86_400 + (days == 0 ? 1 : 0))
        }
    }
}
