// Tells what happens and what was checked, in Vietnamese or English.

import Foundation

/// A sentence in both languages.
struct Sentence {
    let vi: String
    let en: String
}

func s(_ vi: String, _ en: String) -> Sentence { Sentence(vi: vi, en: en) }

/// A check that did not hold.
struct CheckFailed: Error {
    let what: String
    let detail: String
}

/// Prints the steps of the day and counts what was checked.
final class Narrator {
    let isVietnamese: Bool
    private(set) var checks = 0

    init(environment: [String: String]) {
        let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
        isVietnamese = locale.lowercased().hasPrefix("vi")
    }

    func text(_ sentence: Sentence) -> String { isVietnamese ? sentence.vi : sentence.en }

    func part(_ title: Sentence) { say("\n== \(text(title)) ==") }

    func step(_ sentence: Sentence) { say("  · \(text(sentence))") }

    /// Fails loudly where the condition does not hold.
    func check(_ condition: Bool, _ sentence: Sentence, _ detail: @autoclosure () -> String = "") throws {
        guard condition else { throw CheckFailed(what: text(sentence), detail: detail()) }
        checks += 1
        say("  ✓ \(text(sentence))")
    }

    func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }
}
