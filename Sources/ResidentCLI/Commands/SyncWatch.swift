// A sync that goes on by itself: at once while there is something to do, later and later without coverage.

import CommandLineKit
import Glibc
import SyncKit

extension CommandRun {
    /// The waits between two tries: the first, the longest, and that after a sync that did all, in seconds.
    private static let waits = (first: 5, longest: 300, idle: 60)

    /// Syncs again and again: at once while there is something to do, after longer and longer waits where there is no
    /// coverage. The store is free for other commands in between; what they save after a sync that did all goes within
    /// a few seconds. Ends with Ctrl-C.
    func watch(_ wishes: SyncWishes) throws(ErrorReport) -> ExitCode {
        Interrupt.watch()
        var course = Course(wishes: wishes)
        var failures = 0
        while !Interrupt.isRequested {
            let outcome = try watchOnceWithRoom(&course)
            let standing = StoreStanding(home)
            var wait = 0
            var isIdle = false
            switch outcome {
            case .done(let hasMore):
                failures = 0
                isIdle = !hasMore
                wait = hasMore ? 0 : Self.waits.idle
            case .failed(.interrupted, _): break
            case .failed(let error, let hasMoved):
                guard let (words, what) = passing(error) else { throw Faults.report(error, home: home) }
                // A weak link that carries something each time is no reason to wait longer and longer.
                failures = hasMoved ? 1 : failures + 1
                wait = Self.backoff(failures, error)
                tellOfWait(words, wait, what)
            case .lacksRoom:
                failures += 1
                wait = Self.backoff(failures)
                tellOfWait(.waitsForRoom, wait)
            case .waitsForOthers: wait = 1
            }
            letOthersWrite()
            for tenth in 0..<(wait * 10) where !Interrupt.isRequested {
                if isIdle, tenth % 10 == 9, StoreStanding(home) != standing { break }
                usleep(100_000)
            }
        }
        terminal.remark(SyncWord.stoppedLoss.message)
        return .ok
    }

    /// How the store's file was when nobody had it open: another command that saves something changes it.
    private struct StoreStanding: Equatable {
        private let bytes: Int64
        private let seconds: Int
        private let nanoseconds: Int

        init(_ home: String) {
            var info = stat()
            let isThere = stat(ReplicaHome.storePath(home), &info) == 0
            bytes = isThere ? Int64(info.st_size) : -1
            (seconds, nanoseconds) = (info.st_mtim.tv_sec, info.st_mtim.tv_nsec)
        }
    }

    /// What is known from one sync to the next.
    private struct Course {
        let wishes: SyncWishes
        /// The bytes of files that went so far.
        var spent = 0
        /// The plan that the last one was fitted to.
        var last: LinkPlan?
        /// How many older problems, and bundles left behind, were told already.
        private var told = (problems: 0, left: 0)

        init(wishes: SyncWishes) { self.wishes = wishes }

        /// Whether a sync brought anything that a person was not told yet.
        mutating func tells(_ ending: SyncEnding) -> Bool {
            var moved = ending
            moved.delivery.left = 0
            defer { told = (ending.problems.count, ending.delivery.left) }
            return ending.problems.count != told.problems || ending.delivery.left != told.left || moved.brings
        }
    }

    private enum WatchOutcome {
        case done(hasMore: Bool)
        /// - hasMoved: some of it came through before.
        case failed(SyncFailure, hasMoved: Bool)
        /// The disk is full.
        case lacksRoom
        /// Another command writes.
        case waitsForOthers
    }

    /// What is said of a failure that goes by itself, and where that says no more than that, the failure; `nil` of one
    /// that needs somebody.
    private func passing(_ error: SyncFailure) -> (words: SyncSay, failure: String)? {
        switch error {
        case .interrupted: return nil
        case .transport(let failure):
            switch failure.code {
            case .unreachable, .timedOut, .cut: return (.noCoverage, "")
            case .busy: return (.wardWaits, "")
            // Somebody is between here and the ward, as in a café: it goes when the device is elsewhere.
            case .notAWard, .wrongKey, .notSecured, .certificateOutOfDate, .certificateUntrusted:
                return (.triesAgain, terminal.language.text(Faults.report(failure).happened))
            case .libraryMissing, .badAddress: return nil
            }
        case .replica(let failure):
            switch failure.reason {
            case .store(let error) where error.code == .full: return (.waitsForRoom, "")
            case .refusedByWard(let refusal):
                let isPassing = [.overQuota, .tooMany, .unavailable, .storeFault, .lobbyFull].contains(refusal.code)
                return isPassing ? (.wardWaits, "") : nil
            default: return nil
            }
        }
    }

    private func watchOnceWithRoom(_ course: inout Course) throws(ErrorReport) -> WatchOutcome {
        do { return try watchOnce(&course) } catch {
            guard error.code == "disk.full" else { throw error }
            return .lacksRoom
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
        if let failure { return .failed(failure, hasMoved: client.report.hasMoved) }
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

    /// One line before a wait, at once: it may be a long one.
    private func tellOfWait(_ words: SyncSay, _ seconds: Int, _ failure: String = "") {
        terminal.remark(words.message, String(seconds), failure)
        terminal.out.flush()
    }

    /// Twice as long after each failure, up to five minutes, less a random part, so that devices that lost coverage
    /// together do not come back together. Where the ward names a time, that.
    static func backoff(_ failures: Int, _ failure: SyncFailure? = nil) -> Int {
        if case .transport(let failure) = failure, case .busy(let seconds) = failure.code {
            return Int(clamping: max(1, min(seconds, 3600)))
        }
        let longest = min(waits.longest, waits.first << min(max(0, failures - 1), 10))
        return max(1, Int.random(in: longest / 2...longest))
    }
}
