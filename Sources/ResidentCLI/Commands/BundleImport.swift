// Taking bundles: the ward's answers are applied, what is others' is kept to be carried.

import CommandLineKit
import SyncKit

/// What became of one file or one scanned text.
private struct TakenPart {
    var name: String
    /// The word in `--json`.
    var word: String
    var head: BundleHead?
    var missing: [Int] = []
    var say: BundleSay
    var arguments: [String] = []
    var answer: ReturnOutcome?
    /// Whether nothing has to be brought again.
    var isSound = true
    /// Whether bringing it again would change nothing.
    var isTaken: Bool { isSound && say != .own && say != .unknownExport }
}

extension CommandRun {
    /// `ward bundle import FILE…`
    func bundleImport() throws(ErrorReport) -> ExitCode {
        guard !parsed.arguments.isEmpty || parsed.option("texts") != nil else {
            throw ErrorReport.cannotAsk(option: "--texts", helpCommand: name + " --help")
        }
        let replica = try replica()
        var taken: [TakenPart] = []
        do throws(ErrorReport) {
            for path in parsed.arguments {
                let part = try takeFile(path, replica)
                if !terminal.isJSON { tell(part) }
                taken.append(part)
            }
            if let path = parsed.option("texts") {
                for (number, line) in try texts(path).enumerated() {
                    let part = try takeText("\(path):\(number + 1)", line, replica)
                    if !terminal.isJSON { tell(part) }
                    taken.append(part)
                }
            }
        } catch { throw taken.isEmpty ? error : Self.besideOthers(error) }
        let waiting = try attempt { () throws(ReplicaError) in try replica.pendingCount() }
        let problems = taken.compactMap(\.answer).flatMap { $0.report.held + $0.report.refused }
        let isRefused = taken.contains { if case .refused? = $0.answer?.result { true } else { false } }
        if terminal.isJSON {
            writeJSON(taken, waiting)
        } else if taken.contains(where: { $0.answer != nil }) {
            if waiting > 0 { terminal.print(BundleSay.stillWaiting.message, String(waiting)) }
            let own = try attempt { () throws(ReplicaError) in try replica.problems(of: replica.device) }
            for problem in own where problems.contains(where: { $0.dot == problem.stored.change.dot }) {
                print(problem)
            }
        }
        if taken.contains(where: { !$0.isSound }) { return .refused }
        return problems.isEmpty && !isRefused ? .ok : .needsAttention
    }

    /// What ended the command after parts had been taken in.
    private static func besideOthers(_ error: ErrorReport) -> ErrorReport {
        ErrorReport(
            error.exit, code: error.code, happened: error.happened,
            loss: .nothingBut(Phrase(BundleSay.othersKept.message)), next: error.next)
    }

    private func takeFile(_ path: String, _ replica: Replica) throws(ErrorReport) -> TakenPart {
        guard let bytes = PartFile.read(path) else {
            return TakenPart(name: path, word: "unreadable-file", say: .noFile, isSound: false)
        }
        let part: BundlePart
        do throws(BundleError) { part = try BundlePart(decoding: bytes) } catch { return Self.damaged(path, error) }
        return try take(path, part, replica)
    }

    private static func damaged(_ name: String, _ error: BundleError) -> TakenPart {
        var arguments: [String] = []
        if let head = error.head { arguments = [String(head.part), String(head.count)] }
        let (word, say): (String, BundleSay) =
            switch error.code {
            case .notABundle: ("not-a-bundle", .notABundle)
            case .newerVersion: ("newer-version", .newerVersion)
            case .headDamaged: ("head-damaged", .headDamaged)
            case .damaged: ("damaged", error.head == nil ? .headDamaged : .damaged)
            case .otherWard: ("other-ward", .otherWard)
            case .otherKey, .unreadable: ("unreadable", .unreadable)
            }
        return TakenPart(name: name, word: word, head: error.head, say: say, arguments: arguments, isSound: false)
    }

    private func take(_ name: String, _ part: BundlePart, _ replica: Replica) throws(ErrorReport) -> TakenPart {
        let head = part.head
        let outcome: PartOutcome
        do { outcome = try replica.take(part) } catch let error as BundleError {
            return Self.damaged(name, error)
        } catch let error as ReplicaError {
            throw Faults.report(error, home: home)
        } catch { throw Faults.report(StoreError(.misuse, "\(error)"), home: home) }
        switch outcome {
        case .carried(let missing):
            return TakenPart(
                name: name, word: "carried", head: head, missing: missing,
                say: missing.isEmpty ? .carriedWhole : .carried, arguments: [missing.asRanges])
        case .repeated(let missing):
            return TakenPart(name: name, word: "repeated", head: head, missing: missing, say: .repeated)
        case .done: return TakenPart(name: name, word: "done", head: head, say: .done)
        case .own: return TakenPart(name: name, word: "own", head: head, say: .own)
        case .full:
            throw ErrorReport(
                .refused, code: "bundle.full", happened: Phrase(BundleSay.full.message), loss: .nothing,
                next: Phrase(BundleSay.fullNext.message, [name]))
        case .waiting(let missing):
            return TakenPart(
                name: name, word: "waiting", head: head, missing: missing, say: .answerWaits,
                arguments: [missing.asRanges])
        case .unknownExport: return TakenPart(name: name, word: "unknown-export", head: head, say: .unknownExport)
        case .answered(let answer): return Self.answered(name, head, answer)
        }
    }

    private static func answered(_ name: String, _ head: BundleHead, _ answer: ReturnOutcome) -> TakenPart {
        let report = answer.report
        switch answer.result {
        case .applied:
            let isNews = !report.documents.isEmpty || report.accepted + report.held.count + report.refused.count > 0
            return TakenPart(
                name: name, word: "answered", head: head, say: isNews ? .answered : .answeredNothing,
                arguments: [report.accepted, report.held.count, report.refused.count, report.documents.count]
                    .map { String($0) },
                answer: answer)
        case .passedOver:
            return TakenPart(name: name, word: "passed-over", head: head, say: .passedOver, answer: answer)
        case .refused(let refusal):
            return TakenPart(
                name: name, word: "refused", head: head, say: .refused, arguments: ["\(refusal.code)"], answer: answer)
        case .restored: return TakenPart(name: name, word: "restored", head: head, say: .restored, answer: answer)
        }
    }

    /// The lines of a file of scanned texts.
    private func texts(_ path: String) throws(ErrorReport) -> [String] {
        guard let text = BoundedFile.read(path, most: 1 << 20) else {
            throw ErrorReport(
                .inputOutput, code: "file.unreadable", happened: FaultWord.fileUnreadable.with(path),
                loss: .nothingChanged, next: FaultWord.fileUnreadableNext.with())
        }
        return text.split(whereSeparator: \.isNewline).map(String.init).filter { !$0.allSatisfy(\.isWhitespace) }
    }

    private func takeText(_ name: String, _ line: String, _ replica: Replica) throws(ErrorReport) -> TakenPart {
        guard let text = BundleText(line) else {
            return TakenPart(name: name, word: "unreadable", say: .textUnreadable, isSound: false)
        }
        let put = try attempt { () throws(ReplicaError) in try replica.take(text) }
        switch put {
        case .gathering(let missing):
            return TakenPart(
                name: name, word: "gathering", missing: missing, say: .textGathers,
                arguments: [String(text.number), String(text.count), missing.asRanges])
        case .done: return TakenPart(name: name, word: "done", say: .textDone)
        case .full:
            throw ErrorReport(
                .refused, code: "bundle.full", happened: Phrase(BundleSay.full.message), loss: .nothing,
                next: Phrase(BundleSay.fullNext.message, [name]))
        case .damaged: return TakenPart(name: name, word: "unreadable", say: .textUnreadable, isSound: false)
        case .whole(let part):
            let taken = try take(name, part, replica)
            try attempt { () throws(ReplicaError) in try replica.finish(text, isTaken: taken.isTaken) }
            return taken
        }
    }

    private func tell(_ part: TakenPart) {
        let isAnswer = [.answered, .answeredNothing, .refused, .restored].contains(part.say)
        var arguments = part.arguments
        if case .refused(let refusal)? = part.answer?.result {
            arguments = [terminal.word(SyncRefusalWords(refusal).why)]
        }
        terminal.print(
            terminal.language.text(Phrase(part.say.message, isAnswer ? arguments : [part.name] + arguments)))
        guard let answer = part.answer else { return }
        tell(answer.report)
        if answer.needsAnother { terminal.print(BundleSay.needsAnother.message) }
        if answer.hasMore { terminal.print(BundleSay.hasMore.message) }
    }

    private func writeJSON(_ taken: [TakenPart], _ waiting: Int) {
        terminal.printJSON { json in
            json.object { json in
                json.array("files") { json in
                    for part in taken {
                        json.object { json in
                            json.member("file", part.name)
                            json.member("state", part.word)
                            json.member("bundle", part.head?.id.hex)
                            json.member("part", part.head.map { Int64($0.part) })
                            json.member("count", part.head.map { Int64($0.count) })
                            json.array("missing") { json in
                                for number in part.missing.prefix(200) { json.element(number) }
                            }
                        }
                    }
                }
                let answers = taken.compactMap(\.answer)
                json.member("answers", answers.count)
                json.member("accepted", answers.reduce(0) { $0 + $1.report.accepted })
                json.member("held", answers.reduce(0) { $0 + $1.report.held.count })
                json.member("refused", answers.reduce(0) { $0 + $1.report.refused.count })
                json.member("documents", answers.reduce(0) { $0 + $1.report.documents.count })
                json.member("needs_another", answers.contains { $0.needsAnother || $0.hasMore })
                json.member("waiting", waiting)
            }
        }
    }
}
