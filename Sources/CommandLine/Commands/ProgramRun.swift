// One run of a program, from its arguments to its exit code.

extension ProgramSpec {
    /// Understands the arguments, answers `--help` and `--version` itself, runs the command, prints its error, writes
    /// all output. Returns the code to `exit` with.
    ///
    /// Help goes to standard output with code 0, also when a program or topic is named alone.
    package func run(
        _ arguments: some Collection<String>, environment: @escaping EnvironmentLookup = Environment.value,
        command: (CommandSpec, ParsedCommand, Terminal) throws(ErrorReport) -> ExitCode
    ) -> ExitCode {
        if arguments.first == Completion.command {
            let terminal = Terminal(GlobalOptions(), environment: environment)
            let lines = Completion(self, environment: environment).lines(for: Array(arguments.dropFirst()))
            for line in lines { terminal.print(line) }
            return terminal.finish(.ok)
        }
        do throws(UsageError) {
            let parsed = try CommandParser(self, environment: environment).parse(Array(arguments))
            let terminal = Terminal(parsed.globals, environment: environment)
            return terminal.finish(answer(parsed, terminal, command))
        } catch {
            let terminal = Terminal(error.globals, environment: environment)
            return terminal.finish(terminal.report(error.report(in: terminal.language)))
        }
    }

    private func answer(
        _ parsed: ParsedCommand, _ terminal: Terminal,
        _ command: (CommandSpec, ParsedCommand, Terminal) throws(ErrorReport) -> ExitCode
    ) -> ExitCode {
        switch parsed.request {
        case .run(let spec):
            do throws(ErrorReport) {
                if let shell = ShellCommand(rawValue: spec.run) {
                    return try ShellCommand.run(shell, self, parsed, terminal)
                }
                return try command(spec, parsed, terminal)
            } catch {
                return terminal.report(error)
            }
        case .help(let path):
            let page = HelpPage(
                self, language: terminal.language, columns: terminal.columns, usesColor: terminal.outUsesColor)
            terminal.out.write(page.text(for: path))
        case .version where terminal.isJSON:
            terminal.printJSON { json in
                json.object { json in
                    json.member("name", name)
                    json.member("version", version)
                }
            }
        case .version:
            terminal.print(name + " " + version)
        }
        return .ok
    }
}
