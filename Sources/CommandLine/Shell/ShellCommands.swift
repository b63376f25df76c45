// The commands that every program has: help, completion and manual pages, made from its own table.

/// What the framework itself runs; the numbers are below those of any program.
enum ShellCommand: Int, CaseIterable {
    case help = -1
    case completion = -2
    case man = -3

    /// The group that stands last in the overview of a program.
    static func group(of program: String) -> CommandGroup {
        CommandGroup(
            Message(vi: "Trợ giúp", en: "Help"),
            commands: [
                CommandSpec(
                    ["help"],
                    summary: Message(vi: "Giải thích một lệnh hoặc một chủ đề", en: "Explain a command or a topic"),
                    arguments: [
                        ArgumentSpec(
                            Message(vi: "chủ đề", en: "topic"),
                            summary: Message(vi: "Tên lệnh hoặc chủ đề", en: "A command's name, or a topic"),
                            kind: .text(maximumBytes: 400), required: false, repeats: true, completion: HelpTopic.list)
                    ],
                    examples: [
                        .init(
                            "\(program) help exit-codes",
                            Message(vi: "Ý nghĩa của các mã thoát.", en: "What the exit codes mean."))
                    ], run: help.rawValue),
                CommandSpec(
                    ["completion"],
                    summary: Message(vi: "In phần gợi ý lệnh cho trình vỏ", en: "Print the shell's completion"),
                    details: Message(
                        vi: "Gợi ý lệnh, tuỳ chọn, và lấy mã, địa bàn, phân loại từ dữ liệu trên máy, không cần mạng.",
                        en:
                            "Completes commands, options, and from this device's data ids, areas and categories; offline."
                    ),
                    arguments: [
                        ArgumentSpec(
                            Message(vi: "trình vỏ", en: "shell"),
                            summary: Message(vi: "Trình vỏ đang dùng", en: "The shell that is used"),
                            kind: .choice(CompletionScript.allCases.map(\.rawValue)))
                    ],
                    examples: [
                        .init(
                            "source <(\(program) completion bash)",
                            Message(vi: "Bật trong bash, ghi vào ~/.bashrc.", en: "In bash; put it into ~/.bashrc.")),
                        .init(
                            "source <(\(program) completion zsh)",
                            Message(
                                vi: "Bật trong zsh, ghi vào ~/.zshrc sau compinit.",
                                en: "In zsh; put it into ~/.zshrc behind compinit.")),
                        .init(
                            "\(program) completion fish > ~/.config/fish/completions/\(program).fish",
                            Message(vi: "Bật trong fish.", en: "In fish.")),
                    ], run: completion.rawValue),
                CommandSpec(
                    ["man"], summary: Message(vi: "Ghi các trang hướng dẫn man", en: "Write the manual pages"),
                    details: Message(
                        vi: "Ghi trang tiếng Anh vào man1 và man7, trang tiếng Việt vào vi/man1 và vi/man7.",
                        en: "Writes English pages into man1 and man7, Vietnamese ones into vi/man1 and vi/man7."),
                    arguments: [
                        ArgumentSpec(
                            Message(vi: "thư mục", en: "folder"),
                            summary: Message(
                                vi: "Nơi ghi; nếu không có thì là \(ManPages.folder)",
                                en: "Where to write; \(ManPages.folder) if it is left out"),
                            kind: .file, required: false)
                    ],
                    examples: [
                        .init(
                            "\(program) man ~/.local/share/man",
                            Message(
                                vi: "Sau đó đọc bằng: man \(program)", en: "Read them afterwards with: man \(program)"))
                    ], run: man.rawValue),
            ])
    }

    /// Does it; `help` has become a request of its own before.
    static func run(
        _ command: ShellCommand, _ program: ProgramSpec, _ parsed: ParsedCommand, _ terminal: Terminal
    ) throws(ErrorReport) -> ExitCode {
        switch command {
        case .help: break
        case .completion:
            guard let shell = parsed.argument(0).flatMap(CompletionScript.init) else { return .usage }
            terminal.out.write(shell.text(for: program.name))
        case .man: try ManPages(program).write(to: parsed.argument(0) ?? ManPages.folder, terminal)
        }
        return .ok
    }
}
