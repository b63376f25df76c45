// The manual pages of a program, from its table.

/// One page for the program, for each command and each word that leads to several, in section 1, and one for each help
/// topic in section 7; in both languages, laid out as `man` looks for them.
package struct ManPages {
    /// A page and where it stands below the manual's folder.
    package struct Page: Sendable, Equatable {
        /// Such as `man1/ward-report.1` or `vi/man1/ward-report.1`.
        package let path: String
        /// Its source.
        package let text: String
    }

    /// Where pages are written when no folder is named.
    package static let folder = ".build/man"

    let program: ProgramSpec

    /// The pages of a program.
    package init(_ program: ProgramSpec) { self.program = program }

    /// Every page.
    package var pages: [Page] {
        Language.allCases.flatMap { language in
            let root = language == .vi ? "vi/" : ""
            return paths.map { Page(path: "\(root)man1/\(name($0)).1", text: page($0, language)) }
                + program.topics.map {
                    Page(path: "\(root)man7/\(program.name)-\($0.name).7", text: page($0, language))
                }
        }
    }

    /// The path of the program, of each topic and of each command, each once.
    private var paths: [[String]] {
        var paths: [[String]] = [[]]
        for command in program.groups.flatMap(\.commands) {
            for length in 1...max(1, command.path.count) {
                let path = Array(command.path.prefix(length))
                if !paths.contains(path) { paths.append(path) }
            }
        }
        return paths
    }

    private func name(_ path: [String]) -> String { ([program.name] + path).joined(separator: "-") }

    // MARK: Pages

    private func page(_ path: [String], _ language: Language) -> String {
        let line = ([program.name] + path).joined(separator: " ")
        let summary = path.isEmpty ? program.summary : program.summary(of: path) ?? program.summary
        var roff = head(name(path), "1", language.text(summary), language)
        roff.section(.synopsis, language)
        if let command = program.command(path) {
            roff.line(language.usage(of: command, line))
            describe(command, &roff, language)
        } else {
            let command = language.bracketed(Wording.commandPlaceholder.message)
            roff.line("\(line) \(command) [\(language.text(Wording.optionsPlaceholder.message))]")
        }
        let below = program.words(after: path)
        if !below.isEmpty {
            roff.section(.commands, language)
            for word in below {
                let summary = program.summary(of: path + [word]).map { language.text($0) } ?? ""
                roff.entry(Roff.bold(line + " " + word), summary)
            }
        }
        roff.section(.globalOptions, language)
        options(GlobalOptions.specs(homeVariable: program.homeVariable), &roff, language)
        if let command = program.command(path), !command.examples.isEmpty {
            roff.section(.examples, language)
            for example in command.examples {
                roff.entry(Roff.bold(example.command), language.text(example.explanation))
            }
        }
        if path.isEmpty { exitCodes(&roff, language) }
        seeAlso(path, &roff, language)
        return roff.text
    }

    private func page(_ topic: HelpTopic, _ language: Language) -> String {
        var roff = head("\(program.name)-\(topic.name)", "7", language.text(topic.title), language)
        roff.section(.description, language)
        let paragraphs = language.text(topic.text).split(separator: "\n", omittingEmptySubsequences: false)
        for (index, paragraph) in paragraphs.enumerated() {
            if paragraph.hasPrefix("  ") {
                roff.request("br")
                roff.line(String(paragraph.dropFirst(2)))
            } else {
                if index > 0 { roff.request("PP") }
                roff.line(String(paragraph))
            }
        }
        seeAlso(nil, &roff, language)
        return roff.text
    }

    private func head(_ name: String, _ section: String, _ summary: String, _ language: Language) -> Roff {
        var roff = Roff()
        roff.comment("-*- coding: utf-8 -*-")
        roff.comment("Made by \(program.name) man.")
        roff.request("TH", name.uppercased(), section, "", program.name + " " + program.version, "WardSync")
        // No hyphens that could be taken for a part of a command, and no stretched lines.
        roff.control(".nh")
        roff.control(".ad l")
        roff.section(.name, language)
        roff.line(name + " - " + summary)
        return roff
    }

    private func describe(_ command: CommandSpec, _ roff: inout Roff, _ language: Language) {
        if let details = command.details {
            roff.section(.description, language)
            roff.line(language.text(details))
        }
        if !command.arguments.isEmpty {
            roff.section(.arguments, language)
            for argument in command.arguments {
                roff.entry(
                    Roff.escaped(language.bracketed(argument.label)),
                    language.line(Phrase(argument.summary), argument.kind.choices))
            }
        }
        if !command.options.isEmpty {
            roff.section(.options, language)
            options(command.options, &roff, language)
        }
    }

    private func options(_ options: [OptionSpec], _ roff: inout Roff, _ language: Language) {
        for option in options {
            let short = option.short.map { Roff.bold("-\($0)") + ", " } ?? ""
            let value = option.value == nil ? "" : " " + Roff.escaped(language.placeholder(option))
            roff.entry(
                short + Roff.bold("--" + option.name) + value,
                language.line(Phrase(option.summary), language.notes(option)))
        }
    }

    private func exitCodes(_ roff: inout Roff, _ language: Language) {
        roff.section(.exitStatus, language)
        for code in ExitCode.allCases { roff.entry(Roff.bold(String(code.rawValue)), language.text(code.meaning)) }
    }

    private func seeAlso(_ path: [String]?, _ roff: inout Roff, _ language: Language) {
        var pages: [(name: String, section: String)] = []
        if path != [] { pages.append((program.name, "1")) }
        for word in path.map({ program.words(after: $0) }) ?? [] { pages.append((name((path ?? []) + [word]), "1")) }
        if path == [] { pages += program.topics.map { ("\(program.name)-\($0.name)", "7") } }
        roff.section(.seeAlso, language)
        for (index, page) in pages.enumerated() {
            roff.escapedLine(
                Roff.bold(page.name) + "(" + page.section + ")" + (index + 1 < pages.count ? "," : ""))
        }
    }
}

/// The headings of manual pages.
enum ManHeading: CaseIterable {
    case name, synopsis, description, commands, arguments, options, globalOptions, examples, exitStatus, seeAlso

    var message: Message {
        switch self {
        case .name: Message(vi: "TÊN", en: "NAME")
        case .synopsis: Message(vi: "CÁCH DÙNG", en: "SYNOPSIS")
        case .description: Message(vi: "MÔ TẢ", en: "DESCRIPTION")
        case .commands: Message(vi: "LỆNH", en: "COMMANDS")
        case .arguments: Message(vi: "THAM SỐ", en: "ARGUMENTS")
        case .options: Message(vi: "TUỲ CHỌN", en: "OPTIONS")
        case .globalOptions: Message(vi: "TUỲ CHỌN CHUNG", en: "GLOBAL OPTIONS")
        case .examples: Message(vi: "VÍ DỤ", en: "EXAMPLES")
        case .exitStatus: Message(vi: "MÃ THOÁT", en: "EXIT STATUS")
        case .seeAlso: Message(vi: "XEM THÊM", en: "SEE ALSO")
        }
    }
}

extension Roff {
    mutating func section(_ heading: ManHeading, _ language: Language) {
        request("SH", language.text(heading.message))
    }
}
