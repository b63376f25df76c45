// A decision in several parts of which not all could be made: what stands, what does not, and why.
import CommandLineKit
import SyncKit
import WardWords

/// What came of the parts of a decision.
struct ConsoleParts: Sendable {
    /// How many were asked for.
    let total: Int
    /// How many are decided, and stay so.
    private(set) var done = 0
    /// Those that could not be decided, each with what it is called and why.
    private(set) var left: [(name: String, why: ConsoleResult)] = []

    init(total: Int) { self.total = total }

    /// Takes note of what came of the next part.
    mutating func note(_ result: ConsoleResult, _ name: String) {
        if case .done = result {
            done += 1
        } else {
            left.append((name, result))
        }
    }

    /// How many were not tried after one that could not be decided.
    var untried: Int { max(0, total - done - left.count) }

    /// What came of all of them; of a single one what came of it.
    var result: ConsoleResult {
        if left.isEmpty { return .done }
        if total == 1, let only = left.first { return only.why }
        return .inPart(self)
    }
}

extension ConsoleActions {
    /// Why something was not decided, as a part of a sentence.
    func why(_ result: ConsoleResult) -> String {
        switch result {
        case .refused(let code): context.text(RefusalWords(code).why)
        case .orderRefused(let why): context.text(OrderProblemWord.message(why))
        case .outdated: context.say(.newEpoch)
        case .tooLarge: context.say(.tooLong)
        case .gone, .done, .doneInPart, .inPart: context.say(.changedMeanwhile)
        }
    }

    /// The page that says how many of how many were decided, and of each other one what it is and why it was not.
    func inPart(_ parts: ConsoleParts) -> HTTPResponse {
        let title = context.say(parts.done == 0 ? .notDone : .partlyDone)
        return ConsoleLayout(context: context).page(title, status: 409) { html in
            html.tag("div", .style("notice warn"), .a("role", "alert")) { html in
                html.tag("p", text: context.say(.partsDone, String(parts.done), String(parts.total)))
                html.tag("ul", .style("plain")) { html in
                    for part in parts.left {
                        html.tag("li") { html in
                            html.tag("strong") { $0.foreign(part.name) }
                            html.text(": " + why(part.why))
                        }
                    }
                }
                if parts.untried > 0 { html.tag("p", text: context.say(.partsUntried, String(parts.untried))) }
            }
            html.tag("p") { $0.tag("a", .href(PagePath("/console")), text: context.say(.toInbox)) }
        }
    }
}
