// Receipts and proofs as files: exported without a network, verified by anybody.

import CommandLineKit
import SyncKit

extension CommandRun {
    /// `ward receipt export ID`
    func receiptExport() throws(ErrorReport) -> ExitCode {
        let reader = try reader()
        let view = try document(reader, .report)
        let withContent = parsed.flag("content")
        let kept = try attempt { () throws(ReplicaError) in
            try reader.receipt(of: view.id, withContent: withContent)
        }
        guard let receipt = kept else {
            let isOwn = try attempt { () throws(ReplicaError) in try reader.isOwn(view.state.creation.device) }
            throw ErrorReport(
                .notFound, code: isOwn ? "receipt.missing" : "receipt.not-own",
                happened: Phrase((isOwn ? ReceiptWord.missing : .notOwn).message), loss: .nothingChanged,
                next: Phrase((isOwn ? ReceiptWord.missingNext : .notOwnNext).message))
        }
        doneReading()
        try hand(ProofFile.receipt(receipt)) { json in
            json.member("document", view.id.hex)
            json.member("short_id", ShortID.text(view.id))
            json.member("content", withContent)
        }
        return .ok
    }

    /// `ward receipt evidence`
    func receiptEvidence() throws(ErrorReport) -> ExitCode {
        let reader = try reader()
        guard let evidence = try attempt({ () throws(ReplicaError) in try reader.logEvidence() }) else {
            throw ErrorReport(
                .notFound, code: "evidence.none", happened: Phrase(ReceiptWord.noEvidence.message),
                loss: .nothingChanged, next: Phrase(ReceiptWord.noEvidenceNext.message))
        }
        doneReading()
        try hand(ProofFile.contradiction(evidence.contradiction)) { json in
            json.member("fault", evidence.fault.word)
            json.member("seen", LocalTime(seconds: evidence.seen).iso8601)
            json.member("proof", evidence.isProof)
        }
        if !evidence.isProof { terminal.warn(ReceiptWord.evidenceWeak.message) }
        return .ok
    }

    /// Writes a proof to the file of `--out`, or prints it.
    private func hand(_ file: ProofFile, _ members: (inout JSONWriter) -> Void) throws(ErrorReport) {
        let text = file.text
        let path = parsed.option("out")
        if let path { try writeNew(path, Array(text.utf8)) }
        if terminal.isJSON {
            terminal.printJSON { json in
                json.object { json in
                    members(&json)
                    json.member("bytes", text.utf8.count)
                    json.member("file", path)
                    json.member("text", path == nil ? text : nil)
                }
            }
        } else if let path {
            terminal.print(ReceiptWord.written.message, path, String(text.utf8.count))
        } else {
            terminal.out.write(text)
        }
    }
}
