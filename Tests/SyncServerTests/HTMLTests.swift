// The builder of pages: nothing that was written elsewhere can be more than text.
import SyncKit
import Testing

@testable import SyncServer

@Suite struct HTMLTests {
    private func text(_ body: (inout HTML) -> Void) -> String {
        var html = HTML()
        body(&html)
        return String(decoding: html.bytes, as: UTF8.self)
    }

    @Test func textIsEscapedAndWhatCannotBeSeenIsShown() {
        #expect(
            text { $0.text("<b>&\"'`</b>") } == "&lt;b&gt;&amp;&quot;&#39;&#96;&lt;/b&gt;")
        #expect(text { $0.text("a\u{202E}b\u{1B}[2J\u{0}\u{200B}") } == "a⟨202E⟩b⟨001B⟩[2J⟨0000⟩⟨200B⟩")
        #expect(text { $0.text("a\u{34F}b\u{E0141}\u{FE00}c\u{FE0F}") } == "a⟨034F⟩b⟨E0141⟩⟨FE00⟩c\u{FE0F}")
        #expect(text { $0.text("một\r\nhai\tba\u{2028}bốn") } == "một\nhai ba\nbốn")
        #expect(text { $0.text("Phường Hồng Gai — đường") } == "Phường Hồng Gai — đường")
    }

    @Test func aTextOfWhichNothingIsSeenIsBlank() {
        for blank in ["", " ", "\u{A0}\u{3000}\t\n", "\u{2800}", " \u{FE0F}"] { #expect(HTMLText.isBlank(blank)) }
        // What is shown by its number is seen.
        for seen in ["a", " .", "\u{200B}", "\u{3164}", "\u{E0141}", "❤\u{FE0F}"] { #expect(!HTMLText.isBlank(seen)) }
    }

    @Test func anAttributeEndsWhereItShould() {
        let made = text { $0.tag("p", .a("title", "\" onclick=\"alert(1)\n"), text: "") }
        #expect(made == "<p title=\"&quot; onclick=&quot;alert(1)\n\"></p>")
    }

    @Test func noTextBecomesSomethingThatABrowserFollowsOrRuns() {
        for address in [
            "javascript:alert(1)", "//evil.example", "http://evil.example", "", " /console", "data:text/html,x",
        ] {
            #expect(text { $0.tag("a", .a("href", address), text: "x") } == "<a>x</a>", "\(address)")
            #expect(text { $0.tag("form", .a("action", address), text: "x") } == "<form>x</form>", "\(address)")
        }
        #expect(text { $0.tag("a", .a("href", "#main"), text: "x") } == "<a href=\"#main\">x</a>")
        #expect(text { $0.tag("p", .a("onclick", "x"), .a("style", "x"), .a("src", "x"), text: "") } == "<p></p>")
        let page = PagePath("/console/document", ["id": "a&b=\"<c>//\u{202E}"])
        #expect(
            text { $0.tag("a", .href(page), text: "") }
                == "<a href=\"/console/document?id=a%26b%3D%22%3Cc%3E%2F%2F%E2%80%AE\"></a>")
    }

    @Test func randomTextNeverMakesATagOrEndsAnAttribute() {
        let seed = UInt64.random(in: 0 ... .max)
        let random = SeededRandomSource(seed: seed)
        let pieces = [
            "<", ">", "\"", "'", "&", "`", "=", "/", "\0", "\u{1B}", "\u{202E}", "\u{2028}", "script", "-->", "]]>",
            "đ", "\u{FFFD}",
            "\u{E0041}", "\r", "\n",
        ]
        for _ in 0..<2000 {
            let words = (0..<12).map { _ in pieces[Int(random.next() % UInt64(pieces.count))] }.joined()
            let made = text { html in
                html.tag("i", .a("title", words)) { $0.text(words) }
            }
            let inner = made.dropFirst("<i title=\"".count).dropLast("</i>".count)
            let parts = inner.split(separator: "\">", maxSplits: 1, omittingEmptySubsequences: false)
            #expect(parts.count == 2, "seed \(seed)")
            for part in parts {
                #expect(!part.contains("<") && !part.contains("\"") && !part.contains("\u{202E}"), "seed \(seed)")
                #expect(!part.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" }, "seed \(seed)")
            }
        }
    }

    @Test func formsAreReadWithinBounds() throws {
        let form = try #require(FormFields("a=1&b=%C4%91i+ch%E1%BB%A3&a=2&empty=&flag".utf8))
        #expect(form["a"] == "1" && form.all("a") == ["1", "2"] && form["b"] == "đi chợ")
        #expect(form["empty"] == "" && form["flag"] == "" && form["none"] == nil)
        #expect(
            form.text("b", max: 100) == "đi chợ" && form.text("b", max: 3) == nil && form.text("empty", max: 9) == nil)
        for bad in ["a=%", "a=%4", "a=%GG", "a=%FF", "%C3=1"] { #expect(FormFields(bad.utf8) == nil, "\(bad)") }
        #expect(FormFields(String(repeating: "a=1&", count: FormFields.maxFields + 1).utf8) == nil)
        #expect(FormFields(Array(repeating: UInt8(ascii: "a"), count: FormFields.maxBytes + 1)) == nil)
        let seed = UInt64.random(in: 0 ... .max)
        let random = SeededRandomSource(seed: seed)
        for _ in 0..<500 {
            let words = String(decoding: random.bytes(Int(random.next() % 40)), as: UTF8.self)
            let read = FormFields(("v=" + PercentCoding.encode(words)).utf8)
            #expect(read?["v"].map { Array($0.utf8) } == Array(words.utf8), "seed \(seed)")
        }
    }
}
