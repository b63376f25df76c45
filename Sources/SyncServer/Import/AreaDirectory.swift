// The areas that an import may name: those that the ward knows, and those of the file itself.
import CommandLineKit
import SyncKit

/// Areas by their codes.
struct AreaDirectory {
    private var names: [String: String] = [:]

    init(_ areas: [(code: String, name: String)]) {
        for area in areas { names[area.code] = area.name }
    }

    /// Reads what the ward answers.
    init(decoding value: CBORValue) {
        for pair in value.elements {
            guard pair.elements.count == 2, let code = pair.elements[0].string else { continue }
            names[code] = pair.elements[1].string ?? ""
        }
    }

    func has(_ code: String) -> Bool { names[code] != nil }

    mutating func add(_ code: String, _ name: String) { names[code] = name }

    /// The area that a code, or a name in place of it, may be meant for: `06685 (Phường Hồng Gai)`.
    func nearest(to given: String) -> String? {
        let codes = names.keys.sorted()
        let folded = SearchFold.fold(given)
        let byName = codes.first { SearchFold.fold(names[$0] ?? "") == folded }
        guard let code = byName ?? Suggestion.nearest(to: given, among: codes) else { return nil }
        let name = names[code] ?? ""
        return name.isEmpty ? code : "\(code) (\(name))"
    }
}
