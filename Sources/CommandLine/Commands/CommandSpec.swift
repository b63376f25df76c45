// What a command is called, takes and does, as plain data.

/// One command. Parsing, help, completion and manual pages are all derived from it.
package struct CommandSpec: Sendable {
    /// An example of use, shown in the help.
    package struct Example: Sendable {
        /// The whole command line.
        package let command: String
        /// What it does.
        package let explanation: Message

        /// An example from its two parts.
        package init(_ command: String, _ explanation: Message) {
            self.command = command
            self.explanation = explanation
        }
    }

    /// The words that name it, such as `["report", "new"]`.
    package let path: [String]
    /// One line for lists, without a full stop.
    package let summary: Message
    /// Paragraphs for the command's own help.
    package let details: Message?
    /// What it takes without an option name, in order.
    package let arguments: [ArgumentSpec]
    /// Its own options; the global ones come on top.
    package let options: [OptionSpec]
    /// Examples of use.
    package let examples: [Example]
    /// What to run: the raw value of the program's own `enum Command: Int`, so that a `switch` over it is complete.
    package let run: Int

    /// A command from its parts.
    package init(
        _ path: [String], summary: Message, details: Message? = nil, arguments: [ArgumentSpec] = [],
        options: [OptionSpec] = [], examples: [Example] = [], run: Int
    ) {
        self.path = path
        self.summary = summary
        self.details = details
        self.arguments = arguments
        self.options = options
        self.examples = examples
        self.run = run
    }
}

/// What a value may be; checked by the parser before the command sees it.
package enum ValueKind: Sendable, Equatable {
    /// The most bytes that a text may have unless a spec says otherwise; the limit of a string in a change set.
    package static let textLimit = 16 * 1024

    /// Text, possibly empty, of at most so many bytes of UTF-8.
    case text(maximumBytes: Int = textLimit)
    /// A decimal whole number in a range.
    case integer(ClosedRange<Int64>)
    /// The path of a file, or `-` for standard input or output; not opened by the parser.
    case file
    /// One of a few words, compared exactly.
    case choice([String])
}

/// A value that a command takes by its place.
package struct ArgumentSpec: Sendable {
    /// What it is called in the help, without brackets.
    package let label: Message
    /// One line about it.
    package let summary: Message
    /// What it may be.
    package let kind: ValueKind
    /// Whether it must be given; only the last ones may be left out.
    package let isRequired: Bool
    /// Whether any number of them may follow; only for the last one.
    package let repeats: Bool
    /// The program's list that completion takes values from (``ValueQuery/list``).
    package let completion: String?

    /// An argument from its parts.
    package init(
        _ label: Message, summary: Message, kind: ValueKind = .text(), required: Bool = true, repeats: Bool = false,
        completion: String? = nil
    ) {
        self.label = label
        self.summary = summary
        self.kind = kind
        self.isRequired = required
        self.repeats = repeats
        self.completion = completion
    }
}

/// An option: a flag, or a name with a value.
package struct OptionSpec: Sendable {
    /// The long name without dashes, in ASCII.
    package let name: String
    /// The one-letter name.
    package let short: Character?
    /// What its value may be; nil for a flag.
    package let value: ValueKind?
    /// What the value is called in the help; nil for a word that suits its kind.
    package let label: Message?
    /// One line about it.
    package let summary: Message
    /// Whether it must be given (or found in the environment).
    package let isRequired: Bool
    /// Whether it may be given several times.
    package let repeats: Bool
    /// The environment variable to take the value from when the option is not given and the variable is not empty.
    package let environment: String?
    /// The program's list that completion takes values from; nil for the one with the option's name.
    package let completion: String?

    /// An option with a value.
    package init(
        _ name: String, _ short: Character? = nil, value: ValueKind, label: Message? = nil, summary: Message,
        required: Bool = false, repeats: Bool = false, environment: String? = nil, completion: String? = nil
    ) {
        self.name = name
        self.short = short
        self.value = value
        self.label = label
        self.summary = summary
        self.isRequired = required
        self.repeats = repeats
        self.environment = environment
        self.completion = completion
    }

    /// A flag.
    package init(flag name: String, _ short: Character? = nil, summary: Message) {
        self.name = name
        self.short = short
        value = nil
        label = nil
        self.summary = summary
        isRequired = false
        repeats = true
        environment = nil
        completion = nil
    }
}
