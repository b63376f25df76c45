// What is said about the conflict inbox, beside the words of SyncKit that the ward's server says too.

import CommandLineKit
import SyncKit

/// Headings and lines of `ward conflict …`.
enum ConflictSay: MessageTable {
    case severity, kind, owner, age, document, where_, nothing, more, counts
    case why, whySevere, whatToDo, decides, decidesOne, since, base, baseNone, sideSeen, sideSeenOthers, serverTime
    case work, shown, moved, edited, likeness, merger, pendingHeld, pendingRefused, missingDocument, missingChange
    case contactSeen, contactNever, contactSkew, contactUnsent, contactTasks, fork, branch, actions, noActions, asked
    case history, historyNone, historyLine, way, wayReason, wayQuestion, wayValue, wayDay, wayFile, wayPrepared
    case wayRole, again, againOther, againOwn, againOwnOther
    case chooseAction, notForThisKind, notForThisKindNext, noSuchSide, gone, needReason, needQuestion
    case expectWhere, bulkNone, bulkAsk, bulkCancelled, bulkLimit, bulkLine, bulkRefused, bulkEnd, needTargets
    case twoTargets, decided, askedNow, dismissed, severalItems, expectKind, unknownItem, decisions, decisionLine

    var message: Message {
        switch self {
        case .severity: m("Mức", "Severity")
        case .kind: m("Việc", "What")
        case .owner: m("Người quyết định", "Who decides")
        case .age: m("Từ", "Since")
        case .document: m("Mục", "Document")
        case .where_: m("Địa bàn", "Area")
        case .nothing: m("Không có xung đột.", "There are no conflicts.")
        case .more: m("Còn {0} mục nữa. Xem tất cả: --all", "{0} more. See all: --all")
        case .counts: m("Tổng: {0}", "In all: {0}")
        case .why: m("Vì sao: {0}", "Why: {0}")
        case .whySevere: m("Mức {0} vì {1}.", "Its severity is {0} because {1}.")
        case .whatToDo: m("Nên làm: {0}", "What to do: {0}")
        case .decides: m("Người quyết định: {0}, địa bàn {1}", "Who decides: {0}, area {1}")
        case .decidesOne: m("Người quyết định: {0} ({1})", "Who decides: {0} ({1})")
        case .since: m("Chờ từ {0} ({1})", "Waiting since {0} ({1})")
        case .base: m("Trước đó: {0}", "Before: {0}")
        case .baseNone: m("Trước đó: chưa có giá trị", "Before: no value")
        case .sideSeen: m("đã thấy sổ phường tới {0}", "had seen the ward log up to {0}")
        case .sideSeenOthers: m("và {0} gói chưa được nhận", "and {0} change sets that were not accepted yet")
        case .serverTime: m("phường nhận {0}", "the ward received it {0}")
        case .work: m("đã làm: {0} bước, lượt thăm, ghi chú", "did {0} steps, visits and notes")
        case .shown: m("đang hiện", "shown")
        case .moved: m("đứng", "stands")
        case .edited: m("sửa {0}", "changed {0}")
        case .likeness: m("{0} — cách {1} m, gửi {2}; mục này gửi {3}", "{0} — {1} m away, filed {2}; this one {3}")
        case .merger: m("{0} → {1}", "{0} → {1}")
        case .pendingHeld: m("Gói {0}: tạm giữ, {1}", "Change set {0}: held, {1}")
        case .pendingRefused: m("Gói {0}: từ chối, {1}", "Change set {0}: refused, {1}")
        case .missingDocument: m("Thiếu: chính mục này", "Missing: the document itself")
        case .missingChange: m("Thiếu: gói {0} của {1}", "Missing: change set {0} of {1}")
        case .contactSeen: m("Thấy lần cuối: {0}", "Last seen: {0}")
        case .contactNever: m("Chưa đồng bộ lần nào", "Never synced")
        case .contactSkew: m("Đồng hồ lệch {0} giây so với phường", "Its clock is {0} s off the ward's")
        case .contactUnsent:
            m("Phường biết còn thiếu {0} gói của máy này", "The ward knows that it lacks {0} of its change sets")
        case .contactTasks: m("Đang giữ {0} nhiệm vụ", "Holds {0} tasks")
        case .fork:
            m(
                "Rẽ nhánh từ số {0}; nhánh phường đang theo tới số {1}",
                "Forked at {0}; the ward goes on with the branch up to {1}")
        case .branch: m("nhánh kia, số {0}: {1}, viết {2}", "the other branch, {0}: {1}, written {2}")
        case .actions: m("Bạn có thể:", "You can:")
        case .noActions: m("Bạn chỉ xem được mục này.", "You can only look at this.")
        case .asked: m("Đã hỏi {0}", "Asked {0}")
        case .history: m("Quyết định trước", "Earlier decisions")
        case .historyNone: m("Chưa có quyết định nào.", "Nothing was decided yet.")
        case .historyLine: m("{0} — {1}: {2}", "{0} — {1}: {2}")
        case .way: m("  {0}: {1}", "  {0}: {1}")
        case .wayReason: m("lý do", "why")
        case .wayQuestion: m("câu hỏi", "question")
        case .wayValue: m("giá trị", "value")
        case .wayDay: m("dd/MM/yyyy", "dd/MM/yyyy")
        case .wayFile: m("TỆP", "FILE")
        case .wayRole: m("VAI-TRÒ", "ROLE")
        case .again:
            m(
                "Sau đó người gửi đồng bộ, rồi gửi lại trên máy của mình: ward report correct {0} --again",
                "Its author then syncs, and sends it again on their own device: ward report correct {0} --again")
        case .againOther:
            m(
                "Sau đó người gửi đồng bộ, rồi làm lại việc này trên máy của mình.",
                "Its author then syncs, and does it again on their own device.")
        case .againOwn:
            m(
                "Khi phường đã cấp thêm quyền, hãy đồng bộ rồi gửi lại: ward report correct {0} --again",
                "Once the ward gave you a wider grant, sync and send it again: ward report correct {0} --again")
        case .againOwnOther:
            m(
                "Khi phường đã cấp thêm quyền, hãy đồng bộ rồi làm lại việc này.",
                "Once the ward gave you a wider grant, sync and do it again.")
        case .wayPrepared:
            m(
                "{0} (máy chủ soạn: ward-server forks confirm)",
                "{0} (the server prepares it: ward-server forks confirm)")
        case .chooseAction:
            m("Cần một trong: {0}.", "It takes one of: {0}.")
        case .notForThisKind: m("Không quyết định «{0}» như vậy được.", "“{0}” is not decided like that.")
        case .notForThisKindNext:
            m("Xem những gì có thể: ward conflict show {0}", "See what is possible: ward conflict show {0}")
        case .noSuchSide: m("Chỉ có {0} phía.", "There are only {0} sides.")
        case .gone: m("Mục đã thay đổi trong lúc đó.", "The document changed meanwhile.")
        case .needReason: m("Cần lý do: --reason", "It takes a reason: --reason")
        case .needQuestion: m("Cần câu hỏi: --question", "It takes the question: --question")
        case .expectWhere:
            m(
                "kind=, severity=, area=, type=report|task, older=SỐ-NGÀY",
                "kind=, severity=, area=, type=report|task, older=DAYS")
        case .bulkNone: m("Không có mục nào hợp điều kiện.", "Nothing fits the filter.")
        case .bulkAsk: m("{0}: {1} mục?", "{0}: {1} items?")
        case .bulkCancelled: m("Đã dừng, chưa lưu gì.", "Stopped; nothing was saved.")
        case .bulkLimit: m("Mỗi lần nhiều nhất {0} mục.", "At most {0} items at once.")
        case .bulkLine: m("{0}: {1} — {2}", "{0}: {1} — {2}")
        case .bulkRefused: m("{0}: không được — {1}", "{0}: not done — {1}")
        case .bulkEnd: m("Đã quyết định {0}, không được {1}.", "{0} decided, {1} not.")
        case .needTargets: m("Cần mã của mục, hoặc --where.", "It takes ids, or --where.")
        case .twoTargets: m("Chỉ một trong hai: mã, hoặc --where.", "Either ids or --where, not both.")
        case .decided: m("đã quyết định", "decided")
        case .askedNow: m("đã hỏi", "asked")
        case .dismissed: m("đã bỏ qua", "dismissed")
        case .severalItems:
            m(
                "Mục này có nhiều việc; thêm --field với một trong: {0}",
                "There are several here; give --field with one of: {0}")
        case .expectKind: m("một trong: {0}", "one of: {0}")
        case .unknownItem: m("«{0}» không có gì cần quyết định.", "Nothing about “{0}” waits for a decision.")
        case .decisions: m("Đã quyết định về việc của bạn", "Decided about what you wrote")
        case .decisionLine: m("{0} {1}: {2} — {3}: {4}", "{0} {1}: {2} — {3}: {4}")
        }
    }
}
