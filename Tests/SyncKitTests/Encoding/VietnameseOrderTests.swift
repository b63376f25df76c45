// Names in the order of a Vietnamese dictionary.

import Testing

@testable import SyncKit

@Suite struct VietnameseOrderTests {
    /// Headwords in the order in which a Vietnamese dictionary prints them.
    static let dictionary = [
        "a", "à", "ả", "ã", "á", "ạ", "ai", "an", "ăn", "ăn ảnh", "ăn mày", "ắt", "âm", "ầm", "ấm", "ba", "ba ba",
        "ba hoa",
        "bà", "bà con", "bả", "bã", "bá", "bạ", "bác", "bạc", "bách", "bách khoa", "bạch", "bạch đàn", "ban", "bàn",
        "bàn bạc",
        "bản", "bán", "bạn", "băng", "bằng", "bâng", "bê", "bể", "ca", "ca cao", "cá", "chào", "cháo", "dành", "dạo",
        "đa",
        "đá",
        "đăng", "đăng ký", "đằng", "đắng", "đặng", "đâm", "e", "é", "ê", "ế", "gà", "hoa", "hoà", "hoả", "hoá", "hoạ",
        "hồ", "hổ",
        "ký", "lá", "lo", "lô", "lờ", "mẹ", "mê", "ngã", "ngang", "o", "ô", "ốm", "ơ", "ớt", "quá", "sắc", "tu", "tù",
        "tủ",
        "tư", "từ", "tử", "tự", "u", "ư", "vàng", "xa", "xã", "y", "ý",
    ]

    @Test func aShuffledDictionaryFindsItsOrderAgain() {
        var chance = SeededChance("vietnamese order")
        for _ in 0..<50 {
            let shuffled = Self.dictionary.shuffled(using: &chance)
            #expect(VietnameseOrder.sorted(shuffled) { $0 } == Self.dictionary)
        }
    }

    @Test(arguments: zip(Self.pairs.map(\.0), Self.pairs.map(\.1)))
    func oneWordComesBeforeTheOther(first: String, second: String) {
        #expect(VietnameseOrder.precedes(first, second))
        #expect(!VietnameseOrder.precedes(second, first))
    }

    static var pairs: [(String, String)] {
        Array(zip(dictionary, dictionary.dropFirst())) + [
            ("ca cao", "cá"), ("hòa bình", "hoà giải"), ("Bách Khoa", "Bạch Đằng"), ("Khu phố 2", "Khu phố 10"),
            ("Khu phố 3", "Khu phố 3A"), ("Khu phố 9", "Khu phố A"), ("an", "An"), ("An", "ăn"), ("dung", "Đông"),
            ("Phường Yên Hoà", "Xã An Biên"), ("", "a"), ("1", "a"), ("zz", "水"), ("Ô Chợ Dừa", "Ơ"),
        ]
    }

    @Test func toneMarksMayStandOnEitherLetterAndTextsMayBeDecomposed() {
        let composed = VietnameseOrder.key("hoà").prefix { $0 != 0 }
        #expect(VietnameseOrder.key("hòa").prefix { $0 != 0 } == composed)
        #expect(VietnameseOrder.key("hoa\u{300}").prefix { $0 != 0 } == composed)
        #expect(VietnameseOrder.key("HOÀ").prefix { $0 != 0 } == composed)
    }

    @Test func theOrderIsTotalForAnyText() {
        var chance = SeededChance("total order")
        let pieces = ["a", "à", "ạ", "Â", "đ", "Đ", "0", "7", "007", " ", "-", "水", "🙂", "\u{301}", "\u{0}", "z", "ơ"]
        for _ in 0..<2000 {
            let texts = (0..<3).map { _ in
                (0..<chance.below(7)).map { _ in pieces[chance.below(pieces.count)] }.joined()
            }
            let keys = texts.map { VietnameseOrder.key($0) }
            if keys[0] == keys[1] { #expect(Bytes(texts[0].utf8) == Bytes(texts[1].utf8)) }
            let sorted = VietnameseOrder.sorted(texts) { $0 }
            #expect(!VietnameseOrder.precedes(sorted[1], sorted[0]) && !VietnameseOrder.precedes(sorted[2], sorted[0]))
        }
        let long = String(repeating: "9", count: 100_000)
        #expect(VietnameseOrder.precedes("1", long) && !VietnameseOrder.precedes(long, "1"))
    }
}
