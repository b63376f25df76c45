// The options that every command understands.

/// What the global options say.
package struct GlobalOptions: Sendable, Equatable {
    /// `--home`, or the program's variable for it; nil for the default place.
    package var home: String?
    /// `--lang`; nil to choose by the environment.
    package var language: Language?
    /// `--json`: one JSON value per result on standard output, for programs.
    package var json = false
    /// `--no-color`.
    package var noColor = false
    /// `--quiet`: only what was asked for, no remarks.
    package var quiet = false

    /// No global option given.
    package init() {}

    /// The table for help, completion and parsing.
    package static func specs(homeVariable: String) -> [OptionSpec] {
        [
            OptionSpec(
                "home", value: .text(maximumBytes: 4096), label: Message(vi: "thư mục", en: "dir"),
                summary: Message(vi: "Thư mục chứa dữ liệu", en: "Directory that holds the data"),
                environment: homeVariable),
            OptionSpec(
                "lang", value: .choice(["vi", "en"]),
                summary: Message(vi: "Ngôn ngữ hiển thị", en: "Language of the output")),
            OptionSpec(
                flag: "json",
                summary: Message(vi: "In kết quả dạng JSON cho chương trình khác", en: "Print results as JSON")),
            OptionSpec(flag: "no-color", summary: Message(vi: "Không dùng màu", en: "Use no colour")),
            OptionSpec(
                flag: "quiet", summary: Message(vi: "Chỉ in kết quả, bỏ lời nhắn", en: "Print results only, no remarks")
            ),
            OptionSpec(flag: "help", "h", summary: Message(vi: "Xem hướng dẫn này", en: "Show this help")),
            OptionSpec(flag: "version", summary: Message(vi: "In số phiên bản", en: "Print the version")),
        ]
    }
}
