// What the person asked for, with typed access to it.

/// A command line that was understood.
package struct ParsedCommand: Sendable {
    /// What is to be done.
    package enum Request: Sendable {
        /// Run a command.
        case run(CommandSpec)
        /// Print the help of a command, of a topic, or the overview (empty path).
        case help([String])
        /// Print the version.
        case version
    }

    /// What is to be done.
    package let request: Request
    /// The global options.
    package let globals: GlobalOptions
    /// The arguments without option names, in order.
    package let arguments: [String]
    let values: [OptionValue]

    /// The value of an option that was given or found in the environment.
    package func option(_ name: String) -> String? {
        checkDeclared(name)
        return values.first { $0.name == name }?.text
    }

    /// All values of a repeatable option, in the order given.
    package func options(_ name: String) -> [String] {
        checkDeclared(name)
        return values.filter { $0.name == name }.map(\.text)
    }

    /// The value of an option declared as an integer.
    package func integer(_ name: String) -> Int64? { option(name).flatMap { Int64($0) } }

    /// Whether a flag was given.
    package func flag(_ name: String) -> Bool {
        checkDeclared(name)
        return values.contains { $0.name == name }
    }

    /// The argument at a place, nil when it was left out.
    package func argument(_ index: Int) -> String? {
        arguments.indices.contains(index) ? arguments[index] : nil
    }

    /// Catches a mistyped name while developing; no input can make it fail.
    private func checkDeclared(_ name: String) {
        assert(
            {
                guard case .run(let command) = request else { return true }
                return command.options.contains { $0.name == name }
            }(), "\(name) is no option of this command")
    }
}

/// One value of one option; empty for a flag.
struct OptionValue: Sendable {
    let name: String
    let text: String
}
