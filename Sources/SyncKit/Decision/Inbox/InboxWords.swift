// The inbox in words: kinds, severities, actions, and why something is there, in both languages.

/// A text in both languages with what stands in its placeholders `{0}` ….
package struct InboxText: Sendable, Equatable {
    package let vi: String
    package let en: String
    package let arguments: [String]

    package init(_ vi: String, _ en: String, _ arguments: [String] = []) {
        self.vi = vi
        self.en = en
        self.arguments = arguments
    }
}

extension InboxKind {
    /// What it is called.
    package var word: InboxText {
        switch self {
        case .claims: InboxText("hai người cùng nhận", "two claims")
        case .crossing: InboxText("hai bước ngược nhau", "crossing steps")
        case .duplicates: InboxText("có thể trùng", "possible duplicate")
        case .parallel: InboxText("sửa song song", "parallel edits")
        case .values: InboxText("hai giá trị", "two values")
        case .missing: InboxText("thiếu phần trước", "something is missing")
        case .clock: InboxText("đồng hồ sai", "wrong clock")
        case .fork: InboxText("thiết bị bị sao chép", "copied device")
        case .lostDevice: InboxText("thiết bị mất hoặc thu hồi", "lost or revoked device")
        case .role: InboxText("vai trò hoặc địa bàn", "role or area")
        case .merged: InboxText("địa bàn đã sáp nhập", "merged unit")
        case .attachment: InboxText("thiếu tệp đính kèm", "missing attachment")
        case .processing: InboxText("lỗi xử lý", "processing error")
        }
    }

    /// Why this is in the inbox at all: the answer to "why is this a conflict?".
    package var explanation: InboxText {
        switch self {
        case .claims:
            InboxText(
                "Nhiều người đã nhận cùng một nhiệm vụ khi chưa biết nhau. Người đứng trước trong sổ phường đang giữ; việc người khác đã làm vẫn được giữ lại.",
                "Several people claimed one task without knowing of each other. The first in the ward log holds it; what the others did is kept."
            )
        case .crossing:
            InboxText(
                "Hai bước cùng đi tiếp từ một trạng thái mà người thực hiện không biết bước kia. Mở lại thắng việc đóng chưa biết đến nó; ngoài ra bước đến trước đứng.",
                "Two steps follow the same state, and whoever took them did not know of the other one. A reopening beats a closing that had not seen it; otherwise the first step stands."
            )
        case .duplicates:
            InboxText(
                "Hai phản ánh còn mở cùng loại, gần nhau và được gửi trong vòng 30 ngày. Không có gì tự gộp: cần người xem.",
                "Two open reports of one category, near each other and filed within 30 days. Nothing is merged by itself: a person has to look."
            )
        case .parallel:
            InboxText(
                "Các lần sửa nằm ở những trường khác nhau và đã tự ghép, nhưng người sửa không biết nhau: kết quả có thể không khớp.",
                "The edits are of different fields and were merged quietly, but their authors did not know of each other: the whole may not fit."
            )
        case .values:
            InboxText(
                "Cùng một trường có nhiều giá trị, và không người ghi nào đã thấy giá trị của người kia. Đồng hồ không quyết định: cần người chọn.",
                "One field has several values, and nobody who wrote one had seen the other. Clocks decide nothing here: a person has to choose."
            )
        case .missing:
            InboxText(
                "Gói thay đổi dựa vào điều phường chưa nhận được hoặc chưa tính. Nó được giữ và tự được tính khi phần thiếu tới.",
                "The change set builds on what the ward did not receive or does not count. It is kept, and counts by itself once that is there."
            )
        case .clock:
            InboxText(
                "Đồng hồ của thiết bị lệch với phường. Không mất gì và không ai thắng nhờ đồng hồ, nhưng giờ hiện trên thiết bị là sai.",
                "The device's clock differs from the ward's. Nothing is lost and nobody wins by a clock, but the times that the device shows are wrong."
            )
        case .fork:
            InboxText(
                "Thiết bị đã dùng một số thứ tự cho hai gói khác nhau: kho dữ liệu của nó bị sao chép hoặc khôi phục từ bản cũ. Nhánh đến sau được giữ, chưa tính.",
                "The device put two change sets under one number: its store was copied, or restored from an older one. The branch that came later is kept and does not count."
            )
        case .lostDevice:
            InboxText(
                "Thiết bị đã bị thu hồi hoặc lâu không liên lạc. Những gì đến sau mốc thu hồi được giữ để xem từng gói.",
                "The device was revoked or was not heard of for long. What arrives beyond the cut is kept, to be looked at one by one."
            )
        case .role:
            InboxText(
                "Quyền của người gửi đã hết hạn hoặc không bao gồm địa bàn hay việc này khi phường nhận.",
                "When the ward received it, the author's grant had ended or did not cover this area or this action.")
        case .merged:
            InboxText(
                "Mục này ghi mã của một đơn vị đã sáp nhập. Nó được hiện dưới đơn vị mới; cần xác nhận mã mới.",
                "The document names a unit that was merged. It is shown under the new one; the new code needs a confirmation."
            )
        case .attachment:
            InboxText(
                "Mục này nêu một tệp mà phường chưa nhận đủ sau một ngày. Tệp vẫn nằm trên thiết bị của người thêm và tự gửi tiếp khi có mạng.",
                "The document names a file of which the ward still lacks a part after a day. It is on the device of whoever added it, which goes on sending it by itself."
            )
        case .processing:
            InboxText(
                "Phường không xử lý được: dữ liệu không hợp quy tắc hoặc kho dữ liệu gặp lỗi.",
                "The ward could not process it: it breaks a rule, or the store failed.")
        }
    }

    /// What a person usually does about it.
    package var advice: InboxText {
        switch self {
        case .claims: InboxText("Xác nhận, cho cùng làm, hoặc giao lại.", "Confirm, let them share it, or reassign it.")
        case .crossing: InboxText("Xem ảnh và trao đổi, rồi ghi nhận.", "Look at photos and comments, then take note.")
        case .duplicates:
            InboxText(
                "So khoảng cách, loại, thời gian; gộp hoặc bỏ qua.",
                "Compare distance, category and time; link them or dismiss it.")
        case .parallel: InboxText("Xem kết quả chung; bỏ qua nếu khớp.", "Look at the whole; dismiss it if it fits.")
        case .values: InboxText("Chọn, sửa, hoặc hỏi người ghi.", "Choose, edit, or ask those who wrote it.")
        case .missing:
            InboxText(
                "Chờ hoặc hỏi người gửi đồng bộ; nếu không cần nữa thì từ chối.",
                "Wait, or ask the author to sync; decline it if it is not needed.")
        case .clock:
            InboxText(
                "Không phải quyết định gì: «ward sync» tự nhắc người đó bật «Tự động đặt ngày giờ» rồi đồng bộ lại.",
                "There is nothing to decide: “ward sync” itself tells the person to switch on automatic date and time, and to sync again."
            )
        case .fork:
            InboxText(
                "Xác nhận khoá mới của thiết bị, nhận lại việc chưa tính, hoặc thu hồi.",
                "Confirm the device's new key and take over its work, or revoke it.")
        case .lostDevice:
            InboxText(
                "Liên hệ người giữ máy; thu hồi nếu mất; xem từng gói đến sau.",
                "Call its person; revoke it if it is lost; look at later arrivals one by one.")
        case .role:
            InboxText(
                "Hết hạn thì gia hạn rồi cho tính; đã bị từ chối thì cấp quyền rộng hơn để người gửi gửi lại; không cần nữa thì từ chối, khép lại.",
                "Where the grant ended, extend it and release this; where it was refused, give a wider grant, and its author sends it again; decline or close what is not needed."
            )
        case .merged:
            InboxText("Xác nhận đơn vị mới, hoặc giữ mã cũ.", "Confirm the new unit, or let the old code stay.")
        case .attachment:
            InboxText(
                "Nhờ người thêm tệp đồng bộ ở nơi có sóng tốt; nếu tệp không còn nữa thì gỡ tệp khỏi mục.",
                "Ask whoever added it to sync where coverage is good; remove the file where it is lost.")
        case .processing:
            InboxText(
                "Báo người gửi sửa và gửi lại; lỗi kho dữ liệu thì xem ngay máy chủ.",
                "Tell the author to correct and send again; where the store failed, look at the server at once.")
        }
    }
}

extension InboxSeverity {
    package var word: InboxText {
        switch self {
        case .low: InboxText("thấp", "low")
        case .medium: InboxText("vừa", "medium")
        case .high: InboxText("cao", "high")
        case .critical: InboxText("khẩn cấp", "critical")
        }
    }
}

extension InboxRaise {
    /// Why the item is more severe than usual.
    package var word: InboxText {
        switch self {
        case .workUnderLostClaim:
            InboxText("người không giữ nhiệm vụ đã làm việc", "somebody whose claim does not hold worked on it")
        case .disputed:
            InboxText(
                "trường đang tranh chấp cho tới khi có quyết định", "the field is in dispute until someone decides")
        case .old: InboxText("đã chờ từ ba ngày trở lên", "it has waited for three days or more")
        case .dayWrong: InboxText("lệch từ một ngày trở lên", "the clock is a day off or more")
        case .unsentWork:
            InboxText(
                "còn việc phường chưa nhận hoặc nhiệm vụ đang giữ", "it has work that the ward lacks, or holds tasks")
        case .storeFault: InboxText("kho dữ liệu của phường gặp lỗi", "the ward's store failed")
        }
    }
}

extension InboxItem {
    /// What an action on this item is called: what was refused already is not refused again, but closed.
    package func word(for action: InboxAction) -> InboxText {
        guard action == .decline, pending?.isHeld == false else { return action.word }
        return InboxText("khép lại, vẫn không nhận", "close it; it stays refused")
    }
}

extension InboxAction {
    package var word: InboxText {
        switch self {
        case .choose: InboxText("chọn", "choose")
        case .edit: InboxText("ghi giá trị khác", "write another value")
        case .confirm: InboxText("xác nhận người đang giữ", "confirm who holds it")
        case .share: InboxText("cho cùng làm", "share it")
        case .reassign: InboxText("giao cho người khác", "reassign it")
        case .note: InboxText("ghi nhận", "take note")
        case .ask: InboxText("hỏi", "ask")
        case .dismiss: InboxText("bỏ qua", "dismiss")
        case .link: InboxText("gộp vào phản ánh kia", "link to the other report")
        case .move: InboxText("chuyển sang đơn vị mới", "take over the new unit")
        case .release: InboxText("cho tính", "release")
        case .decline: InboxText("từ chối", "decline")
        case .extend: InboxText("gia hạn quyền", "extend the grant")
        case .grant: InboxText("cấp quyền rộng hơn", "give a wider grant")
        case .revoke: InboxText("thu hồi thiết bị", "revoke the device")
        case .succeed: InboxText("xác nhận khoá mới", "confirm the successor")
        }
    }
}

extension InboxRemark {
    /// What a remark says, in front of its reason.
    package var word: InboxText {
        switch self {
        case .looked: InboxText("đã xem các lần sửa song song", "looked at the parallel edits")
        case .notTheSame: InboxText("không phải trùng", "not a duplicate")
        case .sameAs: InboxText("trùng với phản ánh khác", "a duplicate of another report")
        case .asked: InboxText("hỏi", "asked")
        case .areaStays(let area): InboxText("giữ mã địa bàn {0}", "the area code {0} stays", [area])
        }
    }
}

extension RefusalCode {
    /// Why the ward held or refused something, in a few words.
    package var inboxWord: InboxText {
        switch self {
        case .notPermitted: InboxText("vai trò này không được làm việc này", "the role may not do this")
        case .outsideArea: InboxText("ngoài địa bàn được giao", "outside of the author's areas")
        case .grantExpired: InboxText("quyền đã hết hạn", "the grant ran out")
        case .revoked: InboxText("thiết bị đã bị thu hồi", "the device was revoked")
        case .missingDocument: InboxText("chưa nhận được mục này", "the document was never received")
        case .missingReference:
            InboxText("nhắc tới gói chưa nhận được", "it names a change set that was never received")
        case .newerSchema: InboxText("phiên bản này chưa biết", "this version does not know it")
        case .wrongOperation: InboxText("thao tác không hợp với trường", "the operation does not fit the field")
        case .wrongValue: InboxText("giá trị không hợp với trường", "the value does not fit the field")
        case .alreadyClaimed: InboxText("đã có người nhận và người gửi đã biết", "it was claimed, and the author knew")
        case .stepNotAllowed: InboxText("quy trình không cho bước này", "the workflow does not allow the step")
        case .buildsOnHeld: InboxText("dựa vào gói chưa được tính", "it builds on what does not count")
        case .fork: InboxText("một số thứ tự cho hai gói", "two change sets under one number")
        case .unknownPosition:
            InboxText("nhắc tới vị trí sổ phường không có", "it names a position that the log does not have")
        case .notReissuable: InboxText("gửi lại một gói không gửi lại được", "it replaces what cannot be replaced")
        case .cycle: InboxText("liên kết thành vòng", "the link would be a circle")
        case .declined: InboxText("đã quyết định không nhận", "somebody decided not to accept it")
        case .replaced: InboxText("đã gửi lại dưới khoá mới", "it was sent again under new keys")
        case .branchDeclined:
            InboxText("đã quyết định không nhận nhánh này", "somebody decided not to accept this branch")
        }
    }
}
