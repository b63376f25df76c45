// What is said of an item of the inbox, in lists and on its page.
import CommandLineKit
import SyncKit
import WardWords

enum ItemWords {
    /// What it is, with the field where it is about one.
    static func heading(_ item: InboxItem, _ context: ConsoleContext) -> String {
        let word = context.text(item.kind.word)
        guard item.kind != .merged, let slot = item.slot, let kind = item.documentKind else {
            return word.prefix(1).uppercased() + word.dropFirst()
        }
        return context.field(kind, slot) + ": " + word
    }

    static func badge(_ severity: InboxSeverity, _ context: ConsoleContext, _ html: inout HTML) {
        let style: StaticString =
            switch severity {
            case .low: "badge plain"
            case .medium: "badge plain"
            case .high: "badge warn"
            case .critical: "badge bad"
            }
        html.tag("span", .style(style), text: context.text(severity.word))
    }

    static func owner(
        _ owner: InboxOwner, _ people: [DeviceID: BrowsedPerson], _ context: ConsoleContext
    ) -> String {
        owner.device.map { context.person($0, among: people) } ?? context.role(owner.role)
    }

    /// What a side is called: A to Z, then AA, AB and so on.
    static func letter(_ index: Int) -> String {
        let last = String(UnicodeScalar(UInt8(truncatingIfNeeded: 0x41 + max(index, 0) % 26)))
        return index < 26 ? last : letter(index / 26 - 1) + last
    }

    /// What a side did.
    static func deed(_ side: InboxSide, _ item: InboxItem, _ context: ConsoleContext) -> String {
        guard let kind = item.documentKind else { return "" }
        switch side.deed {
        case .value(let bytes): return value(try? CBORValue(decoding: bytes), item, context)
        case .claim: return context.say(.claimed)
        case .step(let state): return context.words.state(kind, state)
        case .edit(let slots): return slots.map { context.field(kind, $0) }.joined(separator: ", ")
        }
    }

    /// A value of the item's field; of a crossing the state that its number is.
    static func value(_ value: CBORValue?, _ item: InboxItem, _ context: ConsoleContext) -> String {
        guard let value, let kind = item.documentKind else { return context.say(.nothingBefore) }
        if item.kind == .crossing {
            return context.words.state(kind, UInt8(truncatingIfNeeded: value.integer ?? 0))
        }
        guard let slot = item.slot, let spec = Schema.field(kind, slot.field) else { return "" }
        let text = context.words.text(value, spec, kind)
        return text.isEmpty ? context.text(ValueWord.empty.message) : text
    }

    /// What stood before the sides.
    static func base(_ item: InboxItem, _ context: ConsoleContext) -> String {
        switch item.kind {
        case .claims: context.say(.nobodyHeld)
        case .parallel: ""
        default: value(item.base.flatMap { try? CBORValue(decoding: $0) }, item, context)
        }
    }
}
