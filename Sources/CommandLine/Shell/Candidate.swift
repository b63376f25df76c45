// What a shell can offer for the word that is being typed, and where a program's own lists come from.

/// One word that completion offers.
package struct Candidate: Sendable, Equatable {
    /// What stands on the command line when it is chosen.
    package let value: String
    /// A few words about it; empty for none.
    package let about: String
    /// Another spelling that the command takes too, and that begins as the person typed, such as the name without
    /// accents: for shells that offer nothing but continuations of what stands there.
    package let spoken: String?

    /// A candidate from its parts.
    package init(_ value: String, about: String = "", spoken: String? = nil) {
        self.value = value
        self.about = about
        self.spoken = spoken
    }
}

/// What a program is asked for while a value is typed.
package struct ValueQuery: Sendable {
    /// Which list: the name in the argument's spec, else the option's name.
    package let list: String
    /// The command's path.
    package let path: [String]
    /// What stands there so far, possibly empty.
    package let typed: String
    /// `--home`, or the program's variable for it.
    package let home: String?
    /// The language of what is said about a value.
    package let language: Language
}

/// The lists that only the program itself knows: documents, areas, categories.
///
/// They are asked while a person types, so they answer in milliseconds, and with nothing where anything fails.
package struct ValueLists: Sendable {
    /// The most values that are offered at once.
    package static let most = 100

    /// What fits a query, best first; empty where the list is not known.
    package let candidates: @Sendable (ValueQuery) -> [Candidate]
    /// A text as it is compared: without accents, in lower case.
    package let folding: @Sendable (String) -> String

    /// Lists from their two functions.
    package init(
        folding: @escaping @Sendable (String) -> String, candidates: @escaping @Sendable (ValueQuery) -> [Candidate]
    ) {
        self.folding = folding
        self.candidates = candidates
    }

    /// No lists.
    package static let none = ValueLists(folding: { $0.lowercased() }, candidates: { _ in [] })
}
