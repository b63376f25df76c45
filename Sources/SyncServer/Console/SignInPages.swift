// The pages before somebody is signed in.
import CommandLineKit
import SyncKit

/// Signing in, and the end of a session.
struct SignInPages {
    let console: Console
    let context: ConsoleContext
    private var layout: ConsoleLayout { ConsoleLayout(context: context) }

    init(_ console: Console, _ context: ConsoleContext) {
        self.console = console
        self.context = context
    }

    /// With a link in the query: one button. Else: what to do to get a link, and the passphrase's form.
    func form(_ request: ConsoleRequest, problem: ConsoleWord? = nil, status: Int = 200) -> HTTPResponse {
        let link = problem == nil ? request.query["link"] : nil
        return layout.page(context.say(.signIn), status: status) { html in
            if let problem {
                html.tag("p", .style("notice bad"), .a("role", "alert"), text: context.say(problem))
            }
            if let link {
                html.tag("form", .style("card narrow"), .a("method", "post"), .action(PagePath("/console/enter"))) {
                    html in
                    html.tag("p", text: context.say(.linkText))
                    layout.hidden("link", String(link.prefix(128)), &html)
                    html.tag("button", .a("type", "submit"), text: context.say(.signIn))
                }
                return
            }
            html.tag("section", .style("card narrow"), .a("aria-labelledby", "by-link")) { html in
                html.tag("h2", .id("by-link"), text: context.say(.byLink))
                html.tag("p", text: context.say(.byLinkText))
                html.tag("pre") { $0.tag("code", text: "ward-server console-link") }
            }
            guard console.passphrases.isSet(.admin) || console.passphrases.isSet(.auditor) else { return }
            html.tag(
                "form", .style("card narrow"), .a("method", "post"), .action(PagePath("/console/sign-in")),
                .a("aria-labelledby", "by-passphrase")
            ) { passphraseForm(&$0) }
        }
    }

    private func passphraseForm(_ html: inout HTML) {
        html.tag("h2", .id("by-passphrase"), text: context.say(.byPassphrase))
        html.tag("p") { html in
            html.tag("label", .a("for", "name"), text: context.say(.yourName))
            html.void(
                "input", .a("type", "text"), .id("name"), .a("name", "name"), .flag("required"),
                .a("maxlength", 60), .a("autocomplete", "name"), .a("aria-describedby", "name-hint"))
            html.tag("span", .style("hint"), .id("name-hint"), text: context.say(.yourNameHint))
        }
        html.tag("fieldset") { html in
            html.tag("legend", text: context.say(.signInAs))
            for role in ConsoleRole.allCases where console.passphrases.isSet(role) {
                html.tag("div", .style("choice")) { html in
                    html.void(
                        "input", .a("type", "radio"), .id("role-" + role.rawValue), .a("name", "role"),
                        .a("value", role.rawValue), .flag("required"))
                    html.tag(
                        "label", .a("for", "role-" + role.rawValue),
                        text: context.say(role == .admin ? .roleAdmin : .roleAuditor))
                }
            }
        }
        html.tag("p") { html in
            html.tag("label", .a("for", "passphrase"), text: context.say(.passphrase))
            html.void(
                "input", .a("type", "password"), .id("passphrase"), .a("name", "passphrase"), .flag("required"),
                .a("autocomplete", "current-password"))
        }
        html.tag("button", .a("type", "submit"), text: context.say(.signIn))
    }

    func ended() -> HTTPResponse {
        layout.page(context.say(.sessionEnded), status: 403) { html in
            html.tag("p", .style("notice warn"), .a("role", "alert"), text: context.say(.sessionEndedText))
            html.tag("p") { $0.tag("a", .href(PagePath("/console/sign-in")), text: context.say(.signIn)) }
        }
    }
}
