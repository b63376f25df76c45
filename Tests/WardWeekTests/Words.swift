// Short hands for what people write, and the words that they choose from.

import SyncKit

extension ChangeSetDraft {
    mutating func set(_ field: UInt8, _ text: String) { perform(.set(Slot(field: field)), .text(text)) }
    mutating func set(_ field: UInt8, _ number: Int64) { perform(.set(Slot(field: field)), CBORValue(number)) }
    mutating func append(_ field: UInt8, _ text: String) { perform(.append(Slot(field: field)), .text(text)) }

    /// A step of the workflow from where the document stands on the screen.
    mutating func step(to state: UInt8, from view: DocumentView) {
        perform(.transition(Slot(field: Schema.stateField), to: state, follows: view.state.present.dot))
    }
}

/// What reports are about and who mends it.
enum Words {
    static let categories = ["lighting", "road", "garbage", "flood", "tree", "noise", "water", "power"]
    static let agencies = ["kinh_te_ha_tang", "moi_truong", "dien_luc", "cap_nuoc"]
    static let urgencies = ["high", "normal", "low"]
    static let subjects = [
        "Đèn đường không sáng", "Ổ gà trước nhà", "Rác không ai gom", "Ngập sau mưa", "Cành cây gãy", "Ồn ban đêm",
        "Vỡ ống nước", "Mất điện",
    ]
    static let taskKinds = [
        "visit", "service", "digital_id", "payment", "lookup", "digitise", "training", "verify", "alert",
    ]
    static let visitResults = ["met", "absent", "refused", "moved"]

    /// Spots of a neighborhood that are far enough from each other.
    static func spot(_ area: String, _ number: Int) -> CBORValue {
        let place = Int64(Week.neighborhoods.firstIndex(of: area) ?? 0)
        return .array([
            .unsigned(UInt64(209_500_000 + place * 100_000)), .unsigned(UInt64(1_070_800_000 + Int64(number) * 60_000)),
            .unsigned(12),
        ])
    }
}
