// The frame of every page: head, navigation, main part, footer, and the headers that keep a browser from doing more.
import CommandLineKit
import SyncKit
import WardWords

/// The pages that the navigation leads to.
enum ConsoleSection: CaseIterable {
    case inbox, documents, completeness, devices, quarantine, log, statistics, activity, published

    var word: ConsoleWord {
        switch self {
        case .inbox: .inbox
        case .documents: .documents
        case .completeness: .completeness
        case .devices: .devices
        case .quarantine: .quarantine
        case .log: .wardLog
        case .statistics: .statistics
        case .activity: .activity
        case .published: .publicSection
        }
    }

    var page: PagePath {
        switch self {
        case .inbox: PagePath("/console")
        case .documents: PagePath("/console/documents")
        case .completeness: PagePath("/console/completeness")
        case .devices: PagePath("/console/devices")
        case .quarantine: PagePath("/console/quarantine")
        case .log: PagePath("/console/log")
        case .statistics: PagePath("/console/statistics")
        case .activity: PagePath("/console/activity")
        case .published: PagePath("/public")
        }
    }
}

/// Puts pages into their frame.
struct ConsoleLayout {
    let context: ConsoleContext

    /// What a browser may do with a page: show it, load one stylesheet and photos from here, send forms here. Nothing else.
    static let contentPolicy =
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

    static let headers: [(String, String)] = [
        ("Content-Type", "text/html; charset=utf-8"), ("Content-Security-Policy", contentPolicy),
        ("X-Content-Type-Options", "nosniff"), ("X-Frame-Options", "DENY"), ("Referrer-Policy", "no-referrer"),
        ("Cross-Origin-Opener-Policy", "same-origin"), ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"), ("Cache-Control", "no-store"),
    ]

    func page(
        _ title: String, section: ConsoleSection? = nil, status: Int = 200, _ body: (inout HTML) -> Void
    ) -> HTTPResponse {
        var html = HTML()
        html.doctype()
        html.tag("html", .a("lang", context.language.rawValue)) { html in
            html.tag("head") { head(title, &$0) }
            html.tag("body") { html in
                html.tag("a", .style("skip"), .a("href", "#main"), text: context.say(.skip))
                html.tag("header", .style("top")) { top(section, &$0) }
                html.tag("main", .id("main"), .a("tabindex", "-1")) { html in
                    html.tag("h1", text: title)
                    if let done = context.done {
                        html.tag("p", .style("notice good"), .a("role", "status"), text: context.say(done.word))
                    }
                    body(&html)
                }
                html.tag("footer", .style("foot")) { html in
                    html.tag("p", text: context.say(.footer, context.wardName, context.moment(context.now)))
                }
            }
        }
        return HTTPResponse(status: status, headers: Self.headers, body: .bytes(html.bytes))
    }

    private func head(_ title: String, _ html: inout HTML) {
        html.void("meta", .a("charset", "utf-8"))
        html.void("meta", .a("name", "viewport"), .a("content", "width=device-width, initial-scale=1"))
        html.void("meta", .a("name", "robots"), .a("content", "noindex"))
        html.tag("title", text: title + " – " + context.wardName)
        html.void(
            "link", .a("rel", "stylesheet"), .href(PagePath("/public/style.css", ["v": Stylesheet.version])))
    }

    private func top(_ section: ConsoleSection?, _ html: inout HTML) {
        html.tag("div", .style("brand")) { html in
            html.tag("strong") { $0.foreign(context.wardName) }
            html.tag("span", text: context.say(context.session == nil ? .publicPages : .console))
        }
        if context.session != nil {
            html.tag("nav", .a("aria-label", context.say(.navigation))) { html in
                html.tag("ul") { html in
                    for item in ConsoleSection.allCases {
                        html.tag("li") { html in
                            let label = context.say(item.word)
                            if item == section {
                                html.tag("a", .href(item.page), .a("aria-current", "page"), text: label)
                            } else {
                                html.tag("a", .href(item.page), text: label)
                            }
                        }
                    }
                }
            }
        }
        html.tag("div", .style("who")) { html in
            let other: Language = context.language == .vi ? .en : .vi
            var page = context.page
            page.query.removeAll { "\($0.name)" == "lang" }
            page.query.append(("lang", other.rawValue))
            html.tag(
                "a", .href(page), .a("lang", other.rawValue), .a("hreflang", other.rawValue),
                text: other == .vi ? "Tiếng Việt" : "English")
            guard let session = context.session else { return }
            html.tag("span") { html in
                html.foreign(session.name)
                html.text(" · " + context.say(session.role == .admin ? .roleAdmin : .roleAuditor))
            }
            html.tag("form", .a("method", "post"), .action(PagePath("/console/sign-out"))) { html in
                formToken(&html)
                html.tag("button", .style("quiet"), .a("type", "submit"), text: context.say(.signOut))
            }
        }
    }

    /// The field for the reason that every decision needs.
    func reasonField(_ html: inout HTML) {
        html.tag("p") { html in
            html.tag("label", .a("for", "reason"), text: context.say(.reason))
            html.tag(
                "textarea", .id("reason"), .a("name", "reason"), .flag("required"),
                .a("maxlength", ItemForm.maxReason / 3), .a("aria-describedby", "reason-hint"), text: "")
            html.tag("span", .style("hint"), .id("reason-hint"), text: context.say(.reasonHint))
        }
    }

    /// What tells a form of this session from another site's.
    func formToken(_ html: inout HTML) {
        guard let session = context.session else { return }
        hidden("token", session.formToken, &html)
    }

    func hidden(_ name: String, _ value: String, _ html: inout HTML) {
        html.void("input", .a("type", "hidden"), .a("name", name), .a("value", value))
    }

    // MARK: Parts that several pages have

    /// A table with a caption and heads of columns, which scrolls by itself where it is wider than the page.
    /// - Parameter isTitled: a heading before it says the same, so that the caption is for listeners only.
    func table(
        _ caption: String, _ heads: [String], right: Set<Int> = [], isTitled: Bool = false,
        rows: (inout HTML) -> Void, _ html: inout HTML
    ) {
        html.tag(
            "div", .style(isTitled ? "scroll titled" : "scroll"), .a("tabindex", "0"), .a("role", "region"),
            .a("aria-label", caption)
        ) { html in
            html.tag("table") { html in
                html.tag("caption", text: caption)
                html.tag("thead") { html in
                    html.tag("tr") { html in
                        for (index, head) in heads.enumerated() {
                            if right.contains(index) {
                                html.tag("th", .a("scope", "col"), .style("num"), text: head)
                            } else {
                                html.tag("th", .a("scope", "col"), text: head)
                            }
                        }
                    }
                }
                html.tag("tbody") { rows(&$0) }
            }
        }
    }

    /// A term and what is said of it, in a list of facts.
    func fact(_ term: String, _ html: inout HTML, _ value: (inout HTML) -> Void) {
        html.tag("div") { html in
            html.tag("dt", text: term)
            html.tag("dd") { value(&$0) }
        }
    }

    func badge(_ text: String, _ style: StaticString, _ html: inout HTML) {
        html.tag("span", .style(style), text: text)
    }

    /// Links to the pages before and after.
    func pager(previous: PagePath?, next: PagePath?, position: String, _ html: inout HTML) {
        html.tag("nav", .style("pager"), .a("aria-label", context.say(.pages))) { html in
            if let previous { html.tag("a", .a("rel", "prev"), .href(previous), text: context.say(.previous)) }
            html.tag("span", text: position)
            if let next { html.tag("a", .a("rel", "next"), .href(next), text: context.say(.next)) }
        }
    }

    /// A link to a document.
    func link(_ title: String, _ kind: DocumentKind, _ id: Digest, _ html: inout HTML) {
        html.tag("a", .href(PagePath("/console/document", ["id": id.hex]))) {
            $0.foreign(context.title(title, kind, id))
        }
    }

    /// A device's person, with a link to what is known of it.
    func link(_ person: BrowsedPerson, _ device: DeviceID, _ html: inout HTML) {
        html.tag("a", .href(PagePath("/console/device", ["id": device.description]))) {
            $0.foreign(context.person(person, device))
        }
        if person.isRevoked { badge(context.say(.revoked), "badge bad", &html) }
    }
}
