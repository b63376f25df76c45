// Canaries: a word of its own in every text and every private field, and who may ever read it.

/// A word that stands in one place, and the rule on who may read it.
final class Canary {
    /// Where a word was written.
    enum Place {
        /// In a field that whoever has the document may read.
        case open
        /// In a private field that the ward opens for these roles, where they have the document.
        case sealed(disclosedTo: Set<String>)
        /// In something that the ward opens for nobody: codes, second secrets, sealed answers.
        case secret
    }

    let token: String
    let place: Place
    /// Those on whose devices the word was typed, or to whom it was handed on paper and who typed it in.
    var writers: Set<Int> = []
    /// The documents in which the ward accepted it, by their place in the ward that is expected.
    var documents: Set<Int> = []

    init(token: String, place: Place) {
        self.token = token
        self.place = place
    }

    /// Whether somebody who has the document in this role reads the word.
    func isRead(by role: String) -> Bool {
        switch place {
        case .open: true
        case .sealed(let roles): roles.contains(role)
        case .secret: false
        }
    }
}

/// Every canary of the week. A token has the form of a look-up code (16 characters, of which the first four are the
/// same in all), so that codes are canaries too, and one pass over bytes finds them all.
final class CanaryBook {
    static let prefix: [UInt8] = Array("qz7x".utf8)
    static let length = 16
    private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)
    /// Places of the alphabet that tails are made of: without q, so that no second word begins within one.
    private static let tail = alphabet.indices.filter { alphabet[$0] != prefix[0] }

    private(set) var canaries: [Canary] = []
    private var numbers: [String: Int] = [:]
    /// What was made since the last commit, which it goes with.
    private var fresh: [Int] = []
    private var random: Chance

    init(seed: UInt64) { random = Chance(seed: seed) }

    func canary(_ token: String) -> Canary? { numbers[token].map { canaries[$0] } }

    /// Makes a word that the next commit carries.
    func word(_ place: Canary.Place = .open) -> String {
        let tail = (0..<(Self.length - Self.prefix.count)).map { _ in Self.alphabet[Self.tail[random.below(31)]] }
        return add(String(decoding: Self.prefix + tail, as: UTF8.self), place)
    }

    @discardableResult
    private func add(_ token: String, _ place: Canary.Place) -> String {
        numbers[token] = canaries.count
        fresh.append(canaries.count)
        canaries.append(Canary(token: token, place: place))
        return token
    }

    /// Fifteen bytes from which a code is made that begins with the prefix.
    func codeBytes(_ count: Int) -> [UInt8] {
        let head = Self.prefix.compactMap { Self.alphabet.firstIndex(of: $0).map { UInt8($0) } }
        return Array((head + (0..<count).map { _ in UInt8(Self.tail[random.below(31)]) }).prefix(count))
    }

    /// Notes a code that was made from `codeBytes`.
    func note(code token: String) {
        add(token, .secret)
        fresh.removeLast()
    }

    /// A word that belongs to no commit: what the registry of dossiers holds.
    func registered() -> String {
        let token = word(.secret)
        fresh.removeLast()
        return token
    }

    /// What was made since the last call.
    func takeFresh() -> [Int] {
        defer { fresh = [] }
        return fresh
    }

    /// The canaries whose words stand in a text.
    func found(in text: String) -> [Canary] {
        TokenSearch.tokens(in: Array(text.utf8)).compactMap { canary($0) }
    }
}
