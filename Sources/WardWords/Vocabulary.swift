// The words of the domain in both languages: states, roles, categories, kinds of task, fields.

import CommandLineKit
import SyncKit

/// A table of messages, all of which a test walks through.
package protocol MessageTable: CaseIterable {
    var message: Message { get }
}

package func m(_ vi: String, _ en: String) -> Message { Message(vi: vi, en: en) }

/// Codes of a register that people may give by number of ways: the code, the name without accents, a beginning of it.
package protocol CodedTable: MessageTable, RawRepresentable where RawValue == String {}

package enum CodeMatch<Table> {
    case one(Table)
    case several([Table])
    case none
}

extension CodedTable {
    /// The entry that was typed.
    package static func match(_ typed: String) -> CodeMatch<Self> {
        let folded = SearchFold.fold(typed)
        guard !folded.isEmpty else { return .none }
        let all = Array(allCases)
        func names(_ entry: Self) -> [String] {
            [entry.rawValue, SearchFold.fold(entry.message.vi), SearchFold.fold(entry.message.en)]
        }
        if let exact = all.first(where: { names($0).contains(folded) }) { return .one(exact) }
        let found = all.filter { names($0).contains { $0.hasPrefix(folded) } }
        if let only = found.first, found.count == 1 { return .one(only) }
        return found.isEmpty ? .none : .several(found)
    }
}

/// What a report is about.
package enum Category: String, CodedTable {
    case lighting, road, garbage, flood, tree, pavement, noise, water, power, telecom, equipment, procedure, other

    package var message: Message {
        switch self {
        case .lighting: m("chiếu sáng", "street lighting")
        case .road: m("đường sá", "road")
        case .garbage: m("rác thải", "garbage")
        case .flood: m("ngập nước, thoát nước", "flood, drainage")
        case .tree: m("cây xanh", "trees")
        case .pavement: m("vỉa hè, trật tự đô thị", "pavement, public order")
        case .noise: m("tiếng ồn", "noise")
        case .water: m("cấp nước", "water supply")
        case .power: m("điện", "electricity")
        case .telecom: m("viễn thông, mất sóng", "telecom, no signal")
        case .equipment: m("thiết bị công", "public equipment")
        case .procedure: m("thủ tục, thái độ phục vụ", "procedure, service")
        case .other: m("khác", "other")
        }
    }
}

package enum Urgency: String, CodedTable {
    case low, normal, high

    package var message: Message {
        switch self {
        case .low: m("thấp", "low")
        case .normal: m("bình thường", "normal")
        case .high: m("cao", "high")
        }
    }
}

/// What a task is for.
package enum TaskKind: String, CodedTable {
    case visit, service, digitalID = "digital_id", payment, lookup, digitise, training, verify, alert

    package var message: Message {
        switch self {
        case .visit: m("thăm hộ", "house visit")
        case .service: m("hỗ trợ dịch vụ công", "online public service")
        case .digitalID: m("hỗ trợ VNeID, định danh", "digital identity")
        case .payment: m("thanh toán không tiền mặt", "cashless payment")
        case .lookup: m("tra cứu hồ sơ", "record look-up")
        case .digitise: m("số hoá giấy tờ", "digitise papers")
        case .training: m("tập huấn", "training")
        case .verify: m("xác minh phản ánh", "verify a report")
        case .alert: m("kiểm tra cảnh báo", "check on an alert")
        }
    }
}

/// Where a report came from.
package enum Source: String, CodedTable {
    case resident, volunteer, ward, paper, social, open311

    package var message: Message {
        switch self {
        case .resident: m("người dân", "resident")
        case .volunteer: m("tình nguyện viên ghi hộ", "volunteer on behalf")
        case .ward: m("cán bộ phường", "ward officer")
        case .paper: m("đơn giấy", "paper")
        case .social: m("mạng xã hội", "social media")
        case .open311: m("Open311", "Open311")
        }
    }
}

package enum ReportState: String, CodedTable {
    case received, classified, assigned, inProgress = "in_progress", awaitingInfo = "awaiting_info", resolved, published
    case rated, reopened, rejected, duplicate, referred

    package var message: Message {
        switch self {
        case .received: m("đã tiếp nhận", "received")
        case .classified: m("đã phân loại", "classified")
        case .assigned: m("đã giao xử lý", "assigned")
        case .inProgress: m("đang xử lý", "in progress")
        case .awaitingInfo: m("chờ bổ sung", "awaiting information")
        case .resolved: m("đã xử lý", "resolved")
        case .published: m("đã công khai", "published")
        case .rated: m("đã đánh giá", "rated")
        case .reopened: m("mở lại", "reopened")
        case .rejected: m("từ chối", "rejected")
        case .duplicate: m("trùng", "duplicate")
        case .referred: m("chuyển cấp trên", "referred upwards")
        }
    }
}

package enum TaskState: String, CodedTable {
    case open, doing, done, verified, cancelled

    package var message: Message {
        switch self {
        case .open: m("mở", "open")
        case .doing: m("đang làm", "doing")
        case .done: m("hoàn thành", "done")
        case .verified: m("xác nhận", "verified")
        case .cancelled: m("huỷ", "cancelled")
        }
    }
}

package enum LookupState: String, CodedTable {
    case sent, answered, notFound = "not_found", refused, expired

    package var message: Message {
        switch self {
        case .sent: m("đã gửi", "sent")
        case .answered: m("có trả lời", "answered")
        case .notFound: m("không tìm thấy", "not found")
        case .refused: m("bị từ chối", "refused")
        case .expired: m("quá hạn", "expired")
        }
    }
}

/// How far a dossier is, as the one-stop system numbers it from 1.
package enum DossierStatus: Int, MessageTable {
    case new = 1, received, notReceived, processing, papersNeeded, paymentNeeded, withdrawn, stopped, finished, returned

    package var message: Message {
        switch self {
        case .new: m("Mới đăng ký", "Newly filed")
        case .received: m("Được tiếp nhận", "Received")
        case .notReceived: m("Không được tiếp nhận", "Not accepted")
        case .processing: m("Đang xử lý", "Being processed")
        case .papersNeeded: m("Yêu cầu bổ sung giấy tờ", "Further papers needed")
        case .paymentNeeded: m("Yêu cầu thực hiện nghĩa vụ tài chính", "Payment due")
        case .withdrawn: m("Công dân yêu cầu rút hồ sơ", "Withdrawn by the citizen")
        case .stopped: m("Dừng xử lý", "Stopped")
        case .finished: m("Đã xử lý xong", "Finished")
        case .returned: m("Đã trả kết quả", "Result handed over")
        }
    }
}

/// What a person is to the ward.
package enum RoleWord: UInt8, MessageTable {
    case resident = 1, volunteer, lead, officer, admin, auditor, ward

    package var message: Message {
        switch self {
        case .resident: m("người dân", "resident")
        case .volunteer: m("tình nguyện viên", "volunteer")
        case .lead: m("tổ trưởng", "team lead")
        case .officer: m("cán bộ phường", "ward officer")
        case .admin: m("quản trị", "administrator")
        case .auditor: m("kiểm tra", "auditor")
        case .ward: m("máy chủ phường", "ward server")
        }
    }

    package static func message(_ role: Role) -> Message { (RoleWord(rawValue: role.rawValue) ?? .resident).message }
}

package enum KindWord: UInt8, MessageTable {
    case report = 1, task, lookup, procedure, place, notice, alert, area, publication, progress, follow, rating,
        settings, order

    package var message: Message {
        switch self {
        case .report: m("phản ánh", "report")
        case .task: m("nhiệm vụ", "task")
        case .lookup: m("tra cứu", "look-up")
        case .procedure: m("thủ tục", "procedure")
        case .place: m("địa điểm", "place")
        case .notice: m("thông báo", "notice")
        case .alert: m("cảnh báo", "alert")
        case .area: m("địa bàn", "area")
        case .publication: m("bản công khai", "public view")
        case .progress: m("tiến độ", "progress")
        case .follow: m("theo dõi", "follow")
        case .rating: m("đánh giá", "rating")
        case .settings: m("cấu hình", "settings")
        case .order: m("quyết định", "order")
        }
    }

    package static func message(_ kind: DocumentKind) -> Message {
        (KindWord(rawValue: kind.rawValue) ?? .report).message
    }
}

/// The states of a kind in words.
package enum StateWord {
    package static func message(_ kind: DocumentKind, _ state: UInt8) -> Message {
        let name = WorkflowRules.name(kind, state)
        switch kind {
        case .report: return ReportState(rawValue: name)?.message ?? .verbatim(name)
        case .task: return TaskState(rawValue: name)?.message ?? .verbatim(name)
        case .lookup: return LookupState(rawValue: name)?.message ?? .verbatim(name)
        default: return .verbatim("")
        }
    }

    /// The number of a typed state.
    package static func match(_ kind: DocumentKind, _ typed: String) -> UInt8? {
        let name: String?
        switch kind {
        case .report: name = if case .one(let state) = ReportState.match(typed) { state.rawValue } else { nil }
        case .task: name = if case .one(let state) = TaskState.match(typed) { state.rawValue } else { nil }
        case .lookup: name = if case .one(let state) = LookupState.match(typed) { state.rawValue } else { nil }
        default: name = nil
        }
        return name.flatMap { name in WorkflowRules.stateNames(kind).firstIndex(of: name) }.map { UInt8($0 + 1) }
    }

    /// The states of a kind, for a person who gave another.
    package static func names(_ kind: DocumentKind) -> String { WorkflowRules.stateNames(kind).joined(separator: ", ") }
}

/// The fields' names for people.
package enum FieldWord: String, MessageTable {
    case state, category, title, description, area, address, location, urgency, agency, due, comments, tags
    case duplicateOf = "duplicate_of", source, reporterName = "reporter_name", reporterPhone = "reporter_phone", result
    case codeHash = "code_hash", followers, household, kind, priority, claimant, assignees, checklist, checked, notes
    case visits, report, code, secret, answer, consent, name, level, field, applicants, channels, papers, steps
    case conditions, decision, phone, hours, body, validUntil = "valid_until", validFrom = "valid_from"
    case validTo = "valid_to", parent, mergedFrom = "merged_from"
    case visibility, proposals, resolution, publicTitle = "public_title", publicText = "public_text"
    case ratingCodeHash = "rating_code_hash", rating, ratingComment = "rating_comment", question, lookup, starts
    case attendance, contact, replyKey = "reply_key", station, status, text, filed, closed, changed, publication
    case progress, value, comment, topic, lines, formerNames = "former_names"
    case action, device, sequence, id, role, areas, cut, until, reason, successor, sealingKey = "sealing_key", why,
        entry
    case attachments, received, publicPhotos = "public_photos", photos, fileKeys = "file_keys"

    package var message: Message {
        switch self {
        case .state: m("Trạng thái", "State")
        case .category: m("Phân loại", "Category")
        case .title: m("Tiêu đề", "Title")
        case .description: m("Mô tả", "Description")
        case .area: m("Địa bàn", "Area")
        case .address: m("Địa chỉ", "Address")
        case .location: m("Toạ độ", "Location")
        case .urgency: m("Mức khẩn", "Urgency")
        case .agency: m("Đơn vị xử lý", "Agency")
        case .due: m("Hạn", "Due")
        case .comments: m("Trao đổi", "Comments")
        case .tags: m("Nhãn", "Tags")
        case .duplicateOf: m("Trùng với", "Duplicate of")
        case .source: m("Nguồn", "Source")
        case .reporterName: m("Họ tên người phản ánh", "Reporter's name")
        case .reporterPhone: m("Điện thoại người phản ánh", "Reporter's phone")
        case .result: m("Kết quả", "Result")
        case .codeHash: m("Dấu của mã tra cứu", "Look-up code's mark")
        case .followers: m("Người theo dõi", "Followers")
        case .household: m("Hộ, người", "Household")
        case .kind: m("Loại việc", "Kind")
        case .priority: m("Ưu tiên", "Priority")
        case .claimant: m("Người nhận", "Claimed by")
        case .assignees: m("Người được giao", "Assignees")
        case .checklist: m("Việc cần làm", "Checklist")
        case .checked: m("Đã đánh dấu", "Checked")
        case .notes: m("Ghi chú", "Notes")
        case .visits: m("Lượt thăm", "Visits")
        case .report: m("Phản ánh liên quan", "Report")
        case .code: m("Mã", "Code")
        case .secret: m("Mã bí mật", "Second secret")
        case .answer: m("Trả lời", "Answer")
        case .consent: m("Đồng ý của chủ hồ sơ", "Consent")
        case .name: m("Tên", "Name")
        case .level: m("Cấp", "Level")
        case .field: m("Lĩnh vực", "Field")
        case .applicants: m("Đối tượng", "Applicants")
        case .channels: m("Cách nộp, thời hạn, phí", "Channels, time, fee")
        case .papers: m("Giấy tờ", "Papers")
        case .steps: m("Trình tự", "Steps")
        case .conditions: m("Điều kiện", "Conditions")
        case .decision: m("Quyết định công bố", "Decision")
        case .phone: m("Điện thoại", "Phone")
        case .hours: m("Giờ làm việc", "Hours")
        case .body: m("Nội dung", "Text")
        case .validUntil: m("Hiệu lực đến", "Valid until")
        case .validFrom: m("Từ ngày", "Valid from")
        case .validTo: m("Đến ngày", "Valid to")
        case .parent: m("Thuộc", "Part of")
        case .mergedFrom: m("Gộp từ", "Merged from")
        case .visibility: m("Phạm vi xem", "Visibility")
        case .proposals: m("Đề xuất", "Proposals")
        case .resolution: m("Cách giải quyết", "Resolution")
        case .publicTitle: m("Tiêu đề công khai", "Public title")
        case .publicText: m("Nội dung công khai", "Public text")
        case .ratingCodeHash: m("Dấu của mã đánh giá", "Rating code's mark")
        case .rating: m("Điểm đánh giá", "Rating")
        case .ratingComment: m("Nhận xét", "Rating comment")
        case .question: m("Phường hỏi", "Question")
        case .lookup: m("Tra cứu liên quan", "Look-up")
        case .starts: m("Bắt đầu", "Starts")
        case .attendance: m("Người tham dự", "Attendance")
        case .contact: m("Liên hệ", "Contact")
        case .replyKey: m("Khoá nhận trả lời", "Reply key")
        case .station: m("Trạm", "Station")
        case .status: m("Tình trạng", "Status")
        case .text: m("Nội dung", "Text")
        case .filed: m("Ngày phản ánh", "Filed")
        case .closed: m("Ngày xong", "Closed")
        case .changed: m("Thay đổi lúc", "Changed")
        case .publication: m("Bản công khai", "Public view")
        case .progress: m("Tiến độ", "Progress")
        case .value: m("Điểm", "Value")
        case .comment: m("Nhận xét", "Comment")
        case .topic: m("Mục", "Topic")
        case .lines: m("Danh sách", "List")
        case .formerNames: m("Tên cũ", "Former names")
        case .action: m("Quyết định", "Action")
        case .device: m("Thiết bị", "Device")
        case .sequence: m("Số thứ tự", "Number")
        case .id: m("Gói thay đổi", "Change set")
        case .role: m("Vai trò", "Role")
        case .areas: m("Các địa bàn", "Areas")
        case .cut: m("Tính đến số", "Counts up to")
        case .until: m("Có hiệu lực đến", "Until")
        case .reason: m("Lý do", "Reason")
        case .successor: m("Thiết bị thay thế", "Successor")
        case .sealingKey: m("Khoá niêm phong", "Sealing key")
        case .why: m("Vì sao không làm được", "Why not")
        case .entry: m("Vị trí trong sổ", "Place in the log")
        case .attachments: m("Tệp đính kèm", "Attachments")
        case .received: m("Tệp phường đã nhận đủ", "Files the ward holds")
        case .publicPhotos: m("Ảnh được công khai", "Released photos")
        case .photos: m("Ảnh", "Photos")
        case .fileKeys: m("Khoá của tệp kín", "Private files' keys")
        }
    }

    package static func message(_ spec: FieldSpec) -> Message {
        FieldWord(rawValue: spec.name)?.message ?? .verbatim(spec.name)
    }
}
