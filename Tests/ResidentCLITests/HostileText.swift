// Text that was written to harm whoever shows it, and documents with it in every field.
import Testing

@testable import SyncKit

/// Makes hostile texts from one seed.
struct HostileText {
    private var random: SeededRandomSource
    /// How many texts were made.
    private(set) var count = 0
    /// The texts that were made, and those that were put together of them.
    private(set) var given: Set<String> = []
    /// The family of the first piece of each text; by chance without it.
    var leading: Int?

    init(seed: UInt64) { random = SeededRandomSource(seed: seed) }

    mutating func below(_ limit: Int) -> Int {
        let bytes = random.bytes(4)
        return Int(bytes.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } % UInt32(max(1, limit)))
    }

    static let controls: [String] = (Array(0x01...0x1F) + Array(0x7F...0x9F)).compactMap { (value: UInt32) in
        Unicode.Scalar(value).map { String(Character($0)) }
    }

    static let escapes = [
        "\u{1B}[2J", "\u{1B}[H", "\u{1B}[31m", "\u{1B}[1;5;41mĐỎ", "\u{1B}[9999C", "\u{1B}[3A", "\u{1B}[6n", "\u{1B}[c",
        "\u{1B}]0;tiêu đề\u{7}", "\u{1B}]2;x\u{1B}\\", "\u{1B}]8;;http://evil.example\u{7}bấm\u{1B}]8;;\u{7}",
        "\u{1B}]52;c;cm0gLXJmIH4=\u{7}", "\u{1B}P$q\"p\u{1B}\\", "\u{1B}_x\u{1B}\\", "\u{1B}^x\u{1B}\\", "\u{1B}X",
        "\u{1B}c", "\u{1B}7", "\u{1B}8", "\u{1B}#8", "\u{1B}(0", "\u{1B}[?1049h", "\u{1B}[?25l", "\u{1B}[?1000h",
        "\u{1B}[r", "\u{1B}[2;5r", "\u{1B}M", "\u{1B}D", "\u{1B}E", "\u{1B}[20h", "\u{1B}[4h", "\u{9B}31m", "\u{9B}2J",
        "\u{9D}0;x\u{9C}", "\u{90}x\u{9C}", "\u{84}", "\u{85}", "\u{8D}", "\u{E}lqqk\u{F}", "\u{7}\u{7}",
        "\u{8}\u{8}\u{8}",
        "\u{B}", "\u{C}", "x\rĐÃ DUYỆT", "a\r\nb", "\t\t", "\u{1B}", "\u{1B}[", "\u{1B}]", "\u{1B}[38;2;255;0;0m",
    ]

    static let hidden = [
        "\u{202E}gnp.exe", "\u{202A}", "\u{202B}", "\u{202C}", "\u{202D}", "\u{2066}x\u{2069}", "\u{2067}", "\u{2068}",
        "\u{200E}", "\u{200F}", "\u{61C}", "\u{200B}", "\u{200C}", "\u{200D}", "\u{2060}", "\u{FEFF}", "\u{AD}",
        "\u{180E}", "\u{3164}", "\u{115F}", "\u{FFF9}x\u{FFFA}y\u{FFFB}", "\u{E0041}\u{E007F}", "\u{2028}", "\u{2029}",
        "\u{206A}", "\u{1D173}", "\u{FFFE}", "\u{FFFF}", "\u{E000}", "\u{10FFFF}", "עברית", "العربية",
    ]

    static let markup = [
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "\"><svg/onload=alert(1)>", "' onmouseover='x",
        "</td></tr></table>", "<!--", "-->", "]]>", "&lt;b&gt;", "&#0;", "&#x202E;", "javascript:alert(1)", "{{7*7}}",
        "${7*7}", "<a href=\"//evil.example\">", "</textarea>", "<style>*{display:none}</style>", "%3Cscript%3E",
    ]

    static let formulas = [
        "=1+1", "=cmd|' /C calc'!A0", "+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "＝1+1", "＋1", "－1", "＠x",
        "=HYPERLINK(\"http://evil.example\",\"x\")", "\"=1\"", "a\",=1,\"b", ";=1", "'=1", "\u{200B}=1", "\u{1B}=1",
    ]

    static let statements = [
        "'; DROP TABLE documents; --", "\" OR 1=1 --", "x') UNION SELECT value FROM meta --", "%", "_", "\\", "NULL",
        "title:*", "NEAR(a b)", "a\" OR \"b", "*", "^x", "-- ", "/* */", "?1", ":a", "$1", "`id`", "$(id)", "%s%n%x",
        "{0}{1}", "../../etc/passwd", "\\u001b[2J", "\\x1b", "../", "CON", "~", "|", "; rm -rf", "&&",
    ]

    static let plain = [
        "Đèn đường hỏng", "Ngõ 12 đường Lê Thánh Tông", "a", "日本語", "한글", "🙂", "ｆｕｌｌ", "e\u{301}\u{323}\u{302}",
        "o\u{31B}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}", "\u{301}", " ", "  ", "Tổ 3", "…", "«»", "0", "-",
        "12345678901",
    ]

    static let families = [controls, escapes, hidden, markup, formulas, statements, plain]

    /// A text of one shape or several, of at most so many bytes of UTF-8.
    mutating func text(max: Int = 160) -> String {
        count += 1
        let limit = min(max, 160)
        var text = ""
        for piece in 0...below(4) {
            let family = Self.families[(piece == 0 ? leading : nil) ?? below(Self.families.count)]
            let more = text + family[below(family.count)]
            if more.utf8.count > limit { break }
            text = more
        }
        if text.isEmpty { text = "=" }
        given.insert(text)
        return text
    }

    /// A text that several were put together to.
    mutating func whole(_ text: String) -> String {
        given.insert(text)
        return text
    }
}

/// A document's creation with hostile text in every field that its author may write.
struct HostileDraft {
    var draft: ChangeSetDraft
    var privates: [(slot: Slot, value: String)] = []

    /// - Parameter may: whether the author may write a field.
    init(_ kind: DocumentKind, _ text: inout HostileText, document: Digest? = nil, may: (FieldSpec) -> Bool) {
        draft = ChangeSetDraft(kind: kind, document: document)
        for spec in Schema.fields(of: kind) where may(spec) { add(spec, &text) }
    }

    private mutating func add(_ spec: FieldSpec, _ text: inout HostileText) {
        let keys: [UInt32] = spec.isKeyed ? [1, 2, 3] : [0]
        for key in keys {
            let slot = key == 0 ? Slot(field: spec.code) : Slot(field: spec.code, key: key)
            let most: Int
            switch spec.type {
            case .text(let max): most = max
            case .code: most = ValueType.maxCodeLength
            case .coded(let max): most = max
            case .area:
                if spec.merge == .register { draft.perform(.set(slot), .text("06685.03")) }
                continue
            case .sealed:
                privates.append((slot, text.text()))
                continue
            case .integer, .boolean, .time, .location, .bytes, .answer, .attachment: continue
            }
            switch (spec.merge, spec.type) {
            case (.register, _): draft.perform(.set(slot), .text(text.text(max: most)))
            case (.set, _): for _ in 0..<6 { draft.perform(.add(slot), .text(text.text(max: most))) }
            case (.log, .coded):
                for _ in 0..<12 {
                    let code = text.text(max: ValueType.maxCodeLength)
                    draft.perform(.append(slot), .array([.text(code), .text(text.text(max: most))]))
                }
            case (.log, _): for _ in 0..<16 { draft.perform(.append(slot), .text(text.text(max: most))) }
            case (.claim, _), (.workflow, _), (.link, _): continue
            }
        }
    }
}
