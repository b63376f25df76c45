// How a sync uses its link: what the person asked for, what went each way, and going on by itself.

import CommandLineKit
import Glibc
import SyncKit

/// What the options of a sync ask for; what they leave open, its link says.
struct SyncWishes {
    var files: LinkSettings.Files?
    var fetching: LinkPlan.Fetching?
    /// The most bytes of files; in place of the link's bounds.
    var budget: Int?

    /// The plan over a link.
    /// - Parameters:
    ///   - today: the bytes of files that went over the link today.
    ///   - before: those that went in this run already.
    func plan(over link: LinkSettings?, spentToday today: Int = 0, spentBefore before: Int = 0) -> LinkPlan {
        var plan = LinkPlan()
        plan.apply(files ?? link?.files ?? .usual)
        if let fetching { plan.fetching = fetching }
        let bounds = budget.map { LinkSettings(name: "", budget: $0) } ?? link
        plan.remaining = bounds?.remaining(spentToday: today, spentBefore: before)
        return plan
    }
}

extension CommandRun {
    /// What the options ask for.
    func syncWishes() throws(ErrorReport) -> SyncWishes {
        SyncWishes(
            files: try chosenFiles(), fetching: parsed.option("fetch").flatMap(LinkPlan.Fetching.init(rawValue:)),
            budget: try bytes(option: "budget"))
    }

    /// The plan of a sync that begins now, and the link that it goes by.
    func linkPlan(
        _ wishes: SyncWishes, _ replica: Replica, spentBefore before: Int = 0
    ) throws(ErrorReport) -> (plan: LinkPlan, link: LinkSettings?) {
        let link = try chosenLink(replica)
        let now = time.nowSeconds()
        let today = try attempt { () throws(ReplicaError) in
            try link.map { link throws(ReplicaError) in try replica.spent(over: link, at: now) }
        }
        return (wishes.plan(over: link, spentToday: today ?? 0, spentBefore: before), link)
    }

    /// Notes what went over a link; what a broken connection lost is not known and does not count.
    func note(_ report: SyncReport, over link: LinkSettings?, _ replica: Replica) throws(ErrorReport) {
        try note(report.contentUp + report.contentDown, over: link, replica)
    }

    /// Notes bytes of files and of bundles.
    func note(_ spent: Int, over link: LinkSettings?, _ replica: Replica) throws(ErrorReport) {
        guard let link, spent > 0 else { return }
        let now = time.nowSeconds()
        try attempt { () throws(ReplicaError) in try replica.note(spent: spent, over: link, at: now) }
    }

    /// A number of bytes, with K or M for thousands and millions; nil for anything else.
    static func bytes(_ text: String) -> Int? {
        var digits = text
        var scale = 1
        switch digits.last {
        case "K", "k": scale = 1000
        case "M", "m": scale = 1_000_000
        default: scale = 1
        }
        if scale > 1 { digits.removeLast() }
        guard let number = Int(digits), number >= 0, number <= 1_000_000_000 else { return nil }
        return number * scale
    }

    /// Milliseconds of a clock that only goes forward.
    static func milliseconds() -> Int64 {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        return Int64(now.tv_sec) * 1000 + Int64(now.tv_nsec) / 1_000_000
    }

    /// Files that moved, and those that the ward does not hold yet.
    func tell(files: (count: Int, bytes: Int), _ report: SyncReport) {
        if report.contentUp > 0 || report.contentDown > 0 {
            terminal.print(
                AttachWord.contentSent.message, ByteCount.text(report.contentUp, terminal.language),
                ByteCount.text(report.contentDown, terminal.language))
        }
        if files.count > 0 {
            terminal.warn(
                SyncSay.filesWait.message, String(files.count), ByteCount.text(files.bytes, terminal.language))
        }
    }

    /// What went each way, part by part.
    func printStats(_ report: SyncReport, _ delivery: Delivery) {
        terminal.print(SyncSay.stats.message)
        for (label, _, bytes) in Self.shares(report, delivery) where bytes > 0 {
            terminal.print("  " + terminal.word(label.message) + ": \(bytes) B")
        }
        terminal.print(
            SyncSay.total.message, String(report.bytesUp + delivery.bytesUp),
            String(report.bytesDown + delivery.bytesDown), String(report.rounds))
    }

    /// What the bytes of bodies were for: as people and as programs are told it.
    static func shares(_ report: SyncReport, _ delivery: Delivery) -> [(say: SyncSay, name: String, bytes: Int)] {
        let traffic = report.traffic
        return [
            (.requestBytes, "requests_up", traffic.request), (.changeBytes, "change_sets_up", traffic.changes),
            (.evidenceBytes, "evidence_up", traffic.evidence), (.contentUpBytes, "files_up", traffic.contentUp),
            (.wishBytes, "wishes_up", traffic.wishes), (.answerBytes, "answers_down", traffic.answers),
            (.contentDownBytes, "files_down", traffic.contentDown), (.bundleUpBytes, "bundles_up", delivery.bytesUp),
            (.bundleDownBytes, "bundles_down", delivery.bytesDown),
        ]
    }

    // MARK: Going on by itself

    /// The waits between two tries: the first, the longest, and that after a sync that did all, in seconds.
    private static let waits = (first: 5, longest: 300, idle: 60)

    /// Syncs again and again: at once while there is something to do, after longer and longer waits where there is no
    /// coverage. The store is free for other commands in between. Ends with Ctrl-C.
    func watch(_ wishes: SyncWishes) throws(ErrorReport) -> ExitCode {
        Interrupt.watch()
        var course = Course(wishes: wishes)
        var failures = 0
        while !Interrupt.isRequested {
            let wait: Int
            switch try watchOnce(&course) {
            case .done(let hasMore):
                failures = 0
                wait = hasMore ? 0 : Self.waits.idle
            case .failed(.interrupted): wait = 0
            case .failed(.transport(let failure)):
                failures += 1
                wait = Self.backoff(failures, failure)
                terminal.remark(SyncSay.noCoverage.message, String(wait))
            case .failed(let error):
                guard let words = Self.passing(error) else { throw Faults.report(error, home: home) }
                failures += 1
                wait = Self.backoff(failures, TransportError(.unreachable))
                terminal.remark(words.message, String(wait))
            case .waitsForOthers: wait = 1
            }
            // Long enough for somebody who waits for the store to take it.
            usleep(60_000)
            for _ in 0..<(wait * 10) where !Interrupt.isRequested { usleep(100_000) }
        }
        terminal.print(SyncWord.stoppedLoss.message)
        return .ok
    }

    /// What is known from one sync to the next.
    private struct Course {
        let wishes: SyncWishes
        /// The bytes of files that went so far.
        var spent = 0
        /// The plan that the last one was fitted to.
        var last: LinkPlan?
        /// How many older problems were told already.
        private var told = 0

        init(wishes: SyncWishes) { self.wishes = wishes }

        /// Whether a sync brought anything that a person was not told yet.
        mutating func tells(_ ending: SyncEnding) -> Bool {
            defer { told = ending.problems.count }
            return ending.problems.count != told || ending.brings
        }
    }

    private enum WatchOutcome {
        case done(hasMore: Bool)
        case failed(SyncFailure)
        /// Another command writes.
        case waitsForOthers
    }

    /// What is said of a failure that goes by itself; `nil` of one that needs somebody.
    private static func passing(_ error: SyncFailure) -> SyncSay? {
        guard case .replica(let failure) = error else { return nil }
        switch failure.reason {
        case .store(let error) where error.code == .full: return .waitsForRoom
        case .refusedByWard(let refusal):
            let isPassing = [.overQuota, .tooMany, .unavailable, .storeFault, .lobbyFull].contains(refusal.code)
            return isPassing ? .wardWaits : nil
        default: return nil
        }
    }

    /// One sync, up to a round that moved parts of files; the home is closed again afterwards.
    private func watchOnce(_ course: inout Course) throws(ErrorReport) -> WatchOutcome {
        defer { closeHome() }
        let replica: Replica
        do { replica = try self.replica() } catch {
            guard error.code == "store.busy" else { throw error }
            return .waitsForOthers
        }
        let beginning = try attempt { () throws(ReplicaError) in try SyncBeginning(replica) }
        let history = try wantedHistory(replica)
        var client = SyncClient(replica)
        var (plan, link) = try linkPlan(course.wishes, replica, spentBefore: course.spent)
        if let last = course.last { (plan.level, plan.mostAtOnce) = (last.level, last.mostAtOnce) }
        // Whoever writes meanwhile waits for one request at most.
        plan.patience = 8
        client.plan = plan
        client.clock = Self.milliseconds
        client.pausesBetweenParts = true
        client.isStopped = { Interrupt.isRequested }
        var transport = transport(replica)
        let failure: SyncFailure?
        do throws(SyncFailure) {
            try client.run(&transport)
            failure = nil
        } catch { failure = error }
        course.last = client.plan
        course.spent += client.report.contentUp + client.report.contentDown
        try note(client.report, over: link, replica)
        if let failure { return .failed(failure) }
        if client.report.hasMore {
            try tellOfWatch(replica, client.report)
            return .done(hasMore: true)
        }
        let ending = try end(client, &transport, over: link, after: beginning)
        course.spent += ending.delivery.bytesUp + ending.delivery.bytesDown
        let people = People(replica, terminal)
        if terminal.isJSON {
            writeJSON(client.report, ending, link, people)
        } else {
            try tellOfWatch(replica, client.report)
            if course.tells(ending) { tell(ending, client.report, people) }
            try tell(history: history, replica)
            if parsed.flag("stats") { printStats(client.report, ending.delivery) }
        }
        terminal.out.flush()
        return .done(hasMore: false)
    }

    /// One line where something moved.
    private func tellOfWatch(_ replica: Replica, _ report: SyncReport) throws(ErrorReport) {
        guard !terminal.isJSON, report.sent + report.documents.count + report.contentUp + report.contentDown > 0 else {
            return
        }
        let waiting = try attempt { () throws(ReplicaError) in try replica.pendingCount() }
        let files = try attempt { () throws(ReplicaError) in try replica.unreceivedFiles() }
        terminal.print(
            SyncSay.watched.message, LocalTime(seconds: time.nowSeconds()).text, String(report.accepted),
            String(report.documents.count), String(waiting + files.count))
        tell(files: files, report)
        terminal.out.flush()
    }

    /// Twice as long after each failure, up to five minutes, less a random part, so that devices that lost coverage
    /// together do not come back together. Where the ward names a time, that.
    static func backoff(_ failures: Int, _ failure: TransportError) -> Int {
        if case .busy(let seconds) = failure.code { return Int(clamping: max(1, min(seconds, 3600))) }
        let longest = min(waits.longest, waits.first << min(max(0, failures - 1), 10))
        return max(1, Int.random(in: longest / 2...longest))
    }
}

/// What is said of a sync's link.
enum SyncSay: MessageTable {
    case expectBytes, filesWait, stats, requestBytes, changeBytes, evidenceBytes, contentUpBytes, wishBytes, answerBytes
    case contentDownBytes, bundleUpBytes, bundleDownBytes, total, watched, noCoverage, textDone, heldDone
    case olderProblems, waitsForRoom, wardWaits, waitsForWriter

    var message: Message {
        switch self {
        case .expectBytes: m("một số byte như 200K hoặc 2M", "a number of bytes such as 200K or 2M")
        case .filesWait:
            m(
                "Còn {0} tệp ({1}) phường chưa nhận đủ; lần đồng bộ sau gửi tiếp.",
                "{0} files ({1}) are not wholly at the ward; the next sync goes on with them.")
        case .waitsForWriter:
            m(
                "Một lệnh khác đang ghi (đồng bộ trên mạng yếu chẳng hạn); chờ đến lượt…",
                "Another command is writing (a sync on a weak network, say); waiting for its turn…")
        case .stats: m("Từng phần:", "Part by part:")
        case .requestBytes: m("yêu cầu đã ký (gửi)", "signed requests (up)")
        case .changeBytes: m("thay đổi (gửi)", "change sets (up)")
        case .evidenceBytes: m("chứng cứ và kế tiếp (gửi)", "evidence and succession (up)")
        case .contentUpBytes: m("ảnh và tệp (gửi)", "files (up)")
        case .wishBytes: m("xin tệp (gửi)", "wishes for files (up)")
        case .answerBytes: m("trả lời, biên nhận, mục mới (nhận)", "answers, receipts, documents (down)")
        case .contentDownBytes: m("ảnh và tệp (nhận)", "files (down)")
        case .bundleUpBytes: m("gói mang hộ (gửi)", "bundles for others (up)")
        case .bundleDownBytes: m("gói trả về mang hộ (nhận)", "returns for others (down)")
        case .total:
            m("Tổng: gửi {0} B, nhận {1} B, {2} lượt.", "In all: {0} B up, {1} B down, {2} round trips.")
        case .watched:
            m(
                "{0}: {1} thay đổi được nhận, {2} mục mới, còn chờ {3}.",
                "{0}: {1} changes accepted, {2} documents, {3} waiting.")
        case .textDone:
            m(
                "Đã gửi hết chữ: gửi {0}, phường nhận {1}, cập nhật {2} mục. Ảnh, tệp chưa gửi xong.",
                "All text is synced: sent {0}, accepted {1}, updated {2} documents. Files are not done yet.")
        case .heldDone:
            m(
                "Đã gửi hết: gửi {0}, phường nhận {1}, cập nhật {2} mục. Phường còn tạm giữ {3} thay đổi của bạn, xem «ward status».",
                "All is sent: sent {0}, accepted {1}, updated {2} documents. The ward still holds {3} changes of yours, see “ward status”."
            )
        case .olderProblems:
            m(
                "Từ trước, phường chưa nhận {0} thay đổi của bạn: xem «ward status».",
                "From before, {0} changes of yours do not count: see “ward status”.")
        case .waitsForRoom:
            m(
                "Hết chỗ trống trên máy; thử lại sau {0} giây. Không mất gì.",
                "No room is left on this device; trying again in {0} seconds. Nothing is lost.")
        case .wardWaits:
            m(
                "Phường chưa nhận thêm lúc này; thử lại sau {0} giây. Không mất gì.",
                "The ward takes no more at the moment; trying again in {0} seconds. Nothing is lost.")
        case .noCoverage:
            m(
                "Chưa có sóng; thử lại sau {0} giây. Không mất gì.",
                "No coverage; trying again in {0} seconds. Nothing is lost.")
        }
    }
}
