// The language of the screen, and how it is chosen.

/// A language that the programs speak.
package enum Language: String, Sendable, CaseIterable {
    /// Vietnamese.
    case vi
    /// English.
    case en

    /// Chooses by the `--lang` option, else by the first of `LC_ALL`, `LC_MESSAGES`, `LANG` that is set.
    ///
    /// A Vietnamese locale gives Vietnamese; any other one, `C`, and none at all give English: a machine that says
    /// nothing about its reader, such as a script's, should get the texts that most manuals quote.
    package static func choose(option: Language?, environment: EnvironmentLookup = Environment.value) -> Language {
        if let option { return option }
        for name in ["LC_ALL", "LC_MESSAGES", "LANG"] {
            if let locale = environment(name), !locale.isEmpty { return Language(locale: locale) }
        }
        return .en
    }

    /// Reads a locale name such as `vi_VN.UTF-8`: only the language before `_`, `-`, `.` or `@` counts.
    private init(locale: String) {
        let tag = locale.utf8.prefix { byte in (byte | 0x20) >= UInt8(ascii: "a") && (byte | 0x20) <= UInt8(ascii: "z")
        }
        self = tag.count == 2 && tag.elementsEqual("vi".utf8) { $0 | 0x20 == $1 } ? .vi : .en
    }
}
