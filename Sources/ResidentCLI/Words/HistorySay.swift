// What is said of histories that a device does not hold.

import CommandLineKit

/// Words on histories in place of which there is a state.
enum HistorySay: MessageTable {
    case compacted, fetched, notFetched, freed, nothingToFree

    var message: Message {
        switch self {
        case .compacted:
            m(
                "Lịch sử cũ ở phường. Muốn xem: ward sync --history {0}",
                "The older history is at the ward. To see it: ward sync --history {0}")
        case .fetched: m("Đã có đủ lịch sử của mục {0}.", "The whole history of {0} is here.")
        case .notFetched:
            m(
                "Chưa lấy được lịch sử của mục {0}; lần đồng bộ sau lấy tiếp.",
                "The history of {0} did not come; the next sync asks again.")
        case .freed:
            m(
                "Đã gọn lại {0} mục, bớt {1} thay đổi cũ; phường vẫn giữ đủ.",
                "Compacted {0} documents, {1} old change sets less; the ward keeps them all.")
        case .nothingToFree: m("Chưa có mục nào để gọn lại.", "There is nothing to compact yet.")
        }
    }
}
