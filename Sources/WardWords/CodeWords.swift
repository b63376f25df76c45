// The codes of registers in words: places, alerts, levels of areas, visits, visibility, how a report ended.

import CommandLineKit

/// What a place is.
package enum PlaceCategory: String, CodedTable {
    case health, hospital, pharmacy, office, police, school, community, wifi, market, shelter, water, post, bank, other

    package var message: Message {
        switch self {
        case .health: m("trạm y tế", "health station")
        case .hospital: m("bệnh viện", "hospital")
        case .pharmacy: m("nhà thuốc", "pharmacy")
        case .office: m("trụ sở, bộ phận một cửa", "public office")
        case .police: m("công an", "police")
        case .school: m("trường học", "school")
        case .community: m("nhà văn hoá", "community house")
        case .wifi: m("điểm wifi", "wifi spot")
        case .market: m("chợ", "market")
        case .shelter: m("điểm sơ tán", "evacuation shelter")
        case .water: m("điểm cấp nước", "water point")
        case .post: m("bưu điện", "post office")
        case .bank: m("ngân hàng, ATM", "bank, cash machine")
        case .other: m("khác", "other")
        }
    }
}

/// What an alert is about.
package enum AlertKind: String, CodedTable {
    case flood, storm, outage, other

    package var message: Message {
        switch self {
        case .flood: m("lũ, mực nước", "flood level")
        case .storm: m("bão, giông lốc", "storm")
        case .outage: m("mất điện, mất nước", "outage")
        case .other: m("khác", "other")
        }
    }
}

/// The levels of administrative units, as the ward's import names them.
package enum AreaLevelWord: String, CodedTable {
    case province, ward, commune, zone, neighborhood

    package var message: Message {
        switch self {
        case .province: m("tỉnh, thành phố", "province")
        case .ward: m("phường", "ward")
        case .commune: m("xã", "commune")
        case .zone: m("đặc khu", "special zone")
        case .neighborhood: m("khu phố", "neighborhood")
        }
    }
}

/// What came of a visit.
package enum VisitResult: String, CodedTable {
    case met, absent, refused, moved

    package var message: Message {
        switch self {
        case .met: m("đã gặp", "met")
        case .absent: m("vắng nhà", "absent")
        case .refused: m("từ chối", "refused")
        case .moved: m("đã chuyển đi", "moved away")
        }
    }
}

/// Who may see a report beside the ward's staff.
package enum Visibility: String, CodedTable {
    case normal, limited

    package var message: Message {
        switch self {
        case .normal: m("bình thường", "normal")
        case .limited: m("hạn chế", "limited")
        }
    }
}

/// How a resolved report ended.
package enum Resolution: String, CodedTable {
    case fixed, notFixed = "not_fixed", noFault = "no_fault"

    package var message: Message {
        switch self {
        case .fixed: m("đã khắc phục", "fixed")
        case .notFixed: m("đóng, chưa khắc phục", "closed, not fixed")
        case .noFault: m("không có lỗi", "no fault found")
        }
    }
}
