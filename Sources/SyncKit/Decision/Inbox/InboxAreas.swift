// Where a change set that was refused belongs, and which areas a grant would have to name beside its own.

extension ChangeSet {
    /// The areas that its values name, as they are written: nobody has checked them.
    package var namedAreas: [String] {
        guard let kind = UInt8(exactly: header.kind).flatMap(DocumentKind.init(rawValue:)) else { return [] }
        var next = 0
        var found: [String] = []
        for operation in operations ?? [] where operation.takesValue {
            let bytes = values?.value(next)
            next += 1
            guard let bytes, Schema.field(kind, operation.slot.field)?.type == .area,
                let area = (try? CBORValue(decoding: bytes))?.string
            else { continue }
            found.append(area)
        }
        return found
    }
}

extension AreaCode {
    /// Those of some areas that lie within the ward and that none of a grant's areas reaches: what a wider grant would
    /// have to name.
    package static func beyond(_ own: [String], _ areas: [String], ward: String) -> [String] {
        areas.filter { isValid($0) && covers(ward, $0) && !anyCovers(own, [$0]) }
    }
}
