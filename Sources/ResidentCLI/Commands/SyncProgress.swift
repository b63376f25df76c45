// A sync that a person can watch and stop: documents as they arrive, Ctrl-C between two frames.

import CommandLineKit
import Glibc
import SyncKit

extension CommandRun {
    /// Runs a sync with a line that says how much arrived.
    func run(_ client: inout SyncClient, _ transport: inout WardTransport) throws(ErrorReport) {
        Interrupt.watch()
        let progress = Progress(terminal, label: SyncWord.receiving.message)
        client.onFrame = { progress.advance(to: $0.documents.count) }
        client.isStopped = { Interrupt.isRequested }
        defer { progress.finish() }
        do { try runPatiently(&client, &transport) } catch {
            progress.finish()
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

/// What is said while long work goes on, and when it is stopped.
enum SyncWord: MessageTable {
    case waiting, receiving, rebuilding, stopped, stoppedLoss, stoppedNext

    var message: Message {
        switch self {
        case .waiting:
            m(
                "Máy chủ đang bận; chờ {0} giây rồi thử lại. Không mất gì.",
                "The server is busy; trying again in {0} seconds. Nothing is lost.")
        case .receiving: m("Đang nhận", "Receiving")
        case .rebuilding: m("Đang dựng lại", "Rebuilding")
        case .stopped:
            m("Đã dừng đồng bộ theo ý bạn. Số mục đã nhận: {0}.", "The sync was stopped. Documents received: {0}.")
        case .stoppedLoss:
            m(
                "Không mất gì: những gì đã nhận vẫn được giữ, những gì đã lưu vẫn chờ gửi.",
                "Nothing was lost: what arrived is kept, and what was saved still waits to be sent.")
        case .stoppedNext:
            m(
                "Chạy lại «ward sync» lúc nào cũng được: đi tiếp từ đây.",
                "Run “ward sync” any time: it goes on from here.")
        }
    }
}
