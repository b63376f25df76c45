// How a sync uses its link: what the person asked for, and what went each way.

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

    /// Notes what went over a link, also what went before a connection broke.
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
}

/// What is said of a sync's link.
enum SyncSay: MessageTable {
    case expectBytes, filesWait, stats, requestBytes, changeBytes, evidenceBytes, contentUpBytes, wishBytes, answerBytes
    case contentDownBytes, bundleUpBytes, bundleDownBytes, total, watched, noCoverage, textDone, heldDone
    case refusedDone
    case olderProblems, waitsForRoom, wardWaits, triesAgain, waitsForWriter

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
        case .refusedDone:
            m(
                "Đã gửi hết: gửi {0}, phường nhận {1}, cập nhật {2} mục. Còn {4} mục hoặc tệp phường không nhận, chỉ có trên máy này: xem «ward status».",
                "All is sent: sent {0}, accepted {1}, updated {2} documents. Documents or files that the ward refused, on this device alone: {4}, see “ward status”."
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
        case .triesAgain:
            m("{1} Thử lại sau {0} giây. Không mất gì.", "{1} Trying again in {0} seconds. Nothing is lost.")
        case .noCoverage:
            m(
                "Chưa có sóng; thử lại sau {0} giây. Không mất gì.",
                "No coverage; trying again in {0} seconds. Nothing is lost.")
        }
    }
}
