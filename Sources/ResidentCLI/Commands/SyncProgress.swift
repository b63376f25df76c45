// A sync that a person can watch and stop: documents as they arrive, Ctrl-C between two frames.

import CommandLineKit
import Glibc
import SyncKit

extension CommandRun {
    /// Runs a sync with a line that says how many bytes went both ways, how fast, and about how long the rest takes.
    func run(
        _ client: inout SyncClient, _ transport: inout WardTransport, _ display: SyncDisplay
    ) throws(ErrorReport) {
        client.onRound = { display.course.begin($0) }
        transport.onBytes = { sent, received in
            let (done, total) = display.course.moved(sent, received)
            display.progress.advance(to: done, of: total)
        }
        client.isStopped = { Interrupt.isRequested }
        do { try runPatiently(&client, &transport) } catch {
            display.progress.finish()
            if case .interrupted = error { throw Self.interrupted(received: client.report.documents.count) }
            throw Faults.report(error, home: home)
        }
    }

    /// The longest that a busy ward is waited for, and how often.
    private static let longestWaitSeconds: Int64 = 30
    private static let waits = 2

    /// Runs a sync; where the ward is busy and says for how long, waits so long and goes on.
    private func runPatiently(_ client: inout SyncClient, _ transport: inout WardTransport) throws(SyncFailure) {
        for _ in 0..<Self.waits {
            do {
                return try client.run(&transport)
            } catch {
                guard case .transport(let failure) = error, case .busy(let seconds) = failure.code,
                    (1...Self.longestWaitSeconds).contains(seconds)
                else { throw error }
                terminal.warn(SyncWord.waiting.message, String(seconds))
                // In short steps, so that Ctrl-C need not wait.
                for _ in 0..<(seconds * 10) {
                    if Interrupt.isRequested { throw .interrupted }
                    usleep(100_000)
                }
            }
        }
        try client.run(&transport)
    }

    /// A sync that was stopped from the keyboard.
    static func interrupted(received documents: Int = 0) -> ErrorReport {
        ErrorReport(
            .interrupted, happened: SyncWord.stopped.message.with(String(documents)),
            loss: .nothingBut(Phrase(SyncWord.stoppedLoss.message)), next: Phrase(SyncWord.stoppedNext.message))
    }
}

/// The line of a sync, through all of its legs.
struct SyncDisplay {
    let progress: Progress
    let course: SyncCourse

    init(_ terminal: Terminal, planned: Int) {
        progress = Progress(terminal, label: SyncWord.syncing.message, unit: .bytes)
        course = SyncCourse(planned: planned)
    }
}

/// Where a sync stands between two legs.
struct SyncLeg {
    var report = SyncReport()
    var plan: LinkPlan
    let link: LinkSettings?
    var transport: WardTransport
    let beginning: SyncBeginning
    /// The document whose history was asked for.
    let history: Digest?
    let display: SyncDisplay
}

/// How far a sync is: what its earlier rounds moved, and what it set out to move.
final class SyncCourse {
    /// About how many bytes of files are to go and come.
    private let planned: Int
    private var before = 0

    init(planned: Int) { self.planned = planned }

    /// A round begins, after what the report says.
    func begin(_ report: SyncReport) { before = report.bytesUp + report.bytesDown }

    /// - Parameters: bytes of this round's bodies so far.
    /// - Returns: bytes so far; and of how many, as long as that is known: of text nobody knows it.
    func moved(_ sent: Int, _ received: Int) -> (done: Int, total: Int?) {
        let done = before + sent + received
        return (done, planned > done ? planned : nil)
    }
}

/// What is said while long work goes on, and when it is stopped.
enum SyncWord: MessageTable {
    case waiting, syncing, rebuilding, stopped, stoppedLoss, stoppedNext

    var message: Message {
        switch self {
        case .waiting:
            m(
                "Máy chủ đang bận; chờ {0} giây rồi thử lại. Không mất gì.",
                "The server is busy; trying again in {0} seconds. Nothing is lost.")
        case .syncing: m("Đang đồng bộ", "Syncing")
        case .rebuilding: m("Đang dựng lại", "Rebuilding")
        case .stopped:
            m("Đã dừng đồng bộ theo ý bạn. Số mục đã nhận: {0}.", "The sync was stopped. Documents received: {0}.")
        case .stoppedLoss:
            m(
                "Không mất gì: những gì đã nhận vẫn được giữ, những gì chưa gửi vẫn chờ gửi.",
                "Nothing was lost: what arrived is kept, and what was not sent yet still waits.")
        case .stoppedNext:
            m(
                "Chạy lại «ward sync» lúc nào cũng được: đi tiếp từ đây.",
                "Run “ward sync” any time: it goes on from here.")
        }
    }
}
