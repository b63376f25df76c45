// A ward's configuration as its settings documents make it.

/// The configuration in force, where it comes from, and what of it could not be read.
package struct ConfiguredSettings: Sendable {
    /// Where a list stands.
    package struct Source: Sendable, Hashable {
        package let document: Digest
        /// The list's text; `nil` where it was reset.
        package let text: String?
        /// When it was last written.
        package let changed: HybridTime
    }

    package private(set) var settings = WardSettings.standard
    /// The document of each list that was ever configured.
    package private(set) var sources: [SettingsTopic: Source] = [:]
    package private(set) var problems: [SettingsProblem] = []

    /// Reads settings documents. Where several say something of one list, the one written last counts, the same on
    /// every replica.
    package init(_ states: some Sequence<DocumentState>) {
        var newest: [SettingsTopic: (entry: Entry, document: Digest)] = [:]
        for state in states where state.kind == .settings {
            guard let topic = state.text(SettingsField.topic).flatMap(SettingsTopic.init(rawValue:)),
                let entry = state.shown(SettingsField.lines)
            else { continue }
            if let known = newest[topic], !Self.precedes(known, (entry, state.id)) { continue }
            newest[topic] = (entry, state.id)
        }
        for topic in SettingsTopic.allCases {
            guard let (entry, document) = newest[topic] else { continue }
            let text = (try? CBORValue(decoding: entry.value))?.string
            sources[topic] = Source(document: document, text: text, changed: entry.effective)
            if let text { problems += settings.apply(topic, text) }
        }
    }

    private static func precedes(_ a: (entry: Entry, document: Digest), _ b: (entry: Entry, document: Digest)) -> Bool {
        if Entry.precedes(a.entry, b.entry) { return true }
        return !Entry.precedes(b.entry, a.entry) && a.document < b.document
    }

    /// What writes a list, or takes the standard one back; `nil` where nothing would change.
    package func draft(_ topic: SettingsTopic, text: String?) -> ChangeSetDraft? {
        let source = sources[topic]
        if source == nil ? text == nil : source?.text.map({ Array($0.utf8) }) == text.map({ Array($0.utf8) }) {
            return nil
        }
        var draft = ChangeSetDraft(kind: .settings, document: source?.document)
        if source == nil { draft.perform(.set(Slot(field: SettingsField.topic)), .text(topic.rawValue)) }
        draft.perform(.set(Slot(field: SettingsField.lines)), text.map { .text($0) } ?? .null)
        return draft
    }
}

extension WardSettings {
    /// What is wrong with a list that somebody wants to set; empty where it can be taken over as it is.
    package static func problems(of text: String, _ topic: SettingsTopic) -> [SettingsProblem] {
        var settings = WardSettings.standard
        return settings.apply(topic, text)
    }
}
