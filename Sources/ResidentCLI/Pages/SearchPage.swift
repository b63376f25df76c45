// What a search found, with the words that were looked for marked on a terminal.

import CommandLineKit
import SyncKit

/// Prints the hits of a search.
struct SearchPage {
    let terms: SearchTerms?
    let run: CommandRun
    let now: Int64
    /// Whether hits of several kinds stand together.
    let namesKinds: Bool

    private var terminal: Terminal { run.terminal }
    /// Where the second line begins.
    private static let indent = "         "

    func print(_ hit: SearchHit) {
        var facts: [String] = []
        if namesKinds { facts.append(terminal.word(KindWord.message(hit.kind))) }
        facts += self.facts(hit)
        let columns = terminal.outIsTerminal ? terminal.columns : Int.max
        let tail = facts.isEmpty ? "" : "  (" + SafeText.line(facts.joined(separator: ", ")) + ")"
        let title = fitting(hit.listing.title, max(20, columns - Self.indent.utf8.count - DisplayWidth.of(tail)))
        terminal.print(
            terminal.styled(ShortID.text(hit.id), .dim) + "  " + marked(title) + terminal.styled(tail, .dim))
        guard let (field, excerpt) = hit.excerpt, let spec = Schema.field(hit.kind, field) else { return }
        let label = terminal.word(FieldWord.message(spec)) + ": "
        let room = columns == .max ? columns : max(20, columns - Self.indent.utf8.count - DisplayWidth.of(label))
        terminal.print(Self.indent + terminal.styled(label, .dim) + marked(fitting(excerpt.text, room)))
    }

    /// What is told of a hit beside its title.
    private func facts(_ hit: SearchHit) -> [String] {
        var facts: [String] = []
        if WorkflowRules.initial(hit.kind) > 0 {
            if hit.isAccepted {
                facts.append(terminal.word(StateWord.message(hit.kind, hit.listing.status)))
            } else {
                facts.append(terminal.say(hit.pending > 0 ? .waiting : .notAccepted))
            }
        }
        switch hit.kind {
        case .procedure: facts.append(hit.listing.detail)
        case .place: facts.append(terminal.placeCategory(hit.listing.detail))
        case .area:
            facts.append(hit.listing.detail)
            if let book = run.areaBook() {
                let present = book.present(hit.listing.detail)
                if present != hit.listing.detail {
                    facts.append(terminal.tell(.nowPartOf, book.name(present) ?? present, present))
                }
            }
        case .report, .task, .notice, .alert, .publication:
            let area = run.areaBook()?.shortName(hit.listing.area) ?? hit.listing.area
            if !area.isEmpty { facts.append(area) }
        default: break
        }
        if hit.kind == .report || hit.kind == .publication || hit.kind == .notice {
            facts.append(LocalTime(seconds: hit.listing.updated).dateText)
        }
        if hit.isExpired(at: now) { facts.append("«" + terminal.tell(.expired) + "»") }
        return facts.filter { !$0.isEmpty }
    }

    private func fitting(_ text: String, _ columns: Int) -> String {
        let line = SafeText.line(text)
        return columns == .max ? line : DisplayWidth.truncating(line, to: columns)
    }

    /// The text with the words that were looked for in bold, where the terminal can show it.
    private func marked(_ text: String) -> String {
        guard terminal.outUsesColor, let terms else { return text }
        let bytes = Array(text.utf8)
        var output = ""
        var end = 0
        FoldedWords.each(in: text) { place, word in
            if terms.fits(word) {
                output += String(decoding: bytes[end..<place.lowerBound], as: UTF8.self)
                output += terminal.styled(String(decoding: bytes[place], as: UTF8.self), .bold)
                end = place.upperBound
            }
            return true
        }
        return output + String(decoding: bytes[end...], as: UTF8.self)
    }

    // MARK: For programs

    func write(_ hits: [SearchHit], hasMore: Bool, to json: inout JSONWriter) {
        json.object { json in
            json.array("items") { json in
                for hit in hits { write(hit, to: &json) }
            }
            json.member("shown", hits.count)
            json.member("more", hasMore)
        }
    }

    private func write(_ hit: SearchHit, to json: inout JSONWriter) {
        json.object { json in
            json.member("id", hit.id.hex)
            json.member("short_id", ShortID.text(hit.id))
            json.member("kind", hit.kind.name)
            json.member("title", hit.listing.title)
            switch hit.kind {
            case .procedure:
                json.member("code", hit.listing.detail)
                json.member("name", hit.listing.title)
            case .area:
                json.member("code", hit.listing.detail)
                json.member("name", hit.listing.title)
                let present = run.areaBook()?.present(hit.listing.detail) ?? hit.listing.detail
                json.member("present_code", present)
                json.member("present_name", run.areaBook()?.name(present))
            case .place, .alert, .report, .publication: json.member("category", hit.listing.detail)
            default: break
            }
            if WorkflowRules.initial(hit.kind) > 0 {
                json.member(
                    "state", hit.isAccepted ? WorkflowRules.name(hit.kind, hit.listing.status) : ListPage.queued)
            }
            if hit.kind != .area, !hit.listing.area.isEmpty {
                json.member("area", hit.listing.area)
                json.member("area_name", run.areaBook()?.shortName(hit.listing.area))
            }
            json.member("match", "\(hit.tier)")
            json.member("field", hit.excerpt.flatMap { Schema.field(hit.kind, $0.field)?.name })
            json.member("excerpt", hit.excerpt?.excerpt.text)
            if hit.kind == .notice || hit.kind == .alert {
                json.member("valid_until", hit.validUntil.map { LocalTime(seconds: $0).iso8601 })
                json.member("expired", hit.isExpired(at: now))
            }
            json.member("updated", LocalTime(seconds: hit.listing.updated).iso8601)
            json.member("pending", hit.pending)
        }
    }
}
