// The ward's configuration at its server, and how its own device changes it.

extension WardCore {
    /// The configuration in force.
    package func settings() throws(StoreError) -> WardSettings { try configuredSettings().settings }

    /// The same with where it comes from and what could not be read. Kept until a settings document changes.
    package func configuredSettings() throws(StoreError) -> ConfiguredSettings {
        var states: [DocumentState] = []
        var newest: UInt64 = 0
        for document in settingsDocuments {
            guard let state = try state(of: document) else { continue }
            newest = max(newest, state.lastPosition.rawValue)
            states.append(state)
        }
        if let known = configured, known.position == newest { return known.settings }
        let settings = ConfiguredSettings(states)
        configured = (newest, settings)
        return settings
    }

    /// Sets a list, or takes the standard one back, as a change of the ward's own device.
    /// - Parameter text: `nil` for the standard list.
    /// - Returns: whether anything changed, or the lines for which nothing was taken over.
    package func configure(_ topic: SettingsTopic, text: String?) throws(StoreError) -> Result<Bool, SettingsRefusal> {
        let problems = text.map { WardSettings.problems(of: $0, topic) } ?? []
        guard problems.isEmpty else { return .failure(SettingsRefusal(problems: problems)) }
        guard let draft = try configuredSettings().draft(topic, text: text) else { return .success(false) }
        try author([draft])
        return .success(true)
    }
}

/// The lines of a list for which nothing of it was taken over.
package struct SettingsRefusal: Error, Sendable, Equatable {
    package let problems: [SettingsProblem]
}
