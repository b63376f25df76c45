// What one document adds to the sums that state hashes are made of.

/// What a stored state adds to the sum of its scope.
struct SummedState: Hashable {
    let item: StateSum.Item
    /// The document's areas, one a line; empty for what every device holds.
    let scope: String

    init(_ stored: Bytes) throws(StoreError) {
        guard let state = try? DocumentState(stored: stored, fields: Self.areaFields) else {
            throw StoreError(.damaged, "document state")
        }
        try self.init(state, stored)
    }

    init(_ state: DocumentState) {
        item = StateSum.Item(id: state.id, hash: state.hash)
        scope = Self.scope(state)
    }

    /// The same, where both forms of the state are at hand; of the first one only what says its areas.
    init(_ state: DocumentState, _ stored: Bytes) throws(StoreError) {
        guard let hash = DocumentState.storedHash(stored) else { throw StoreError(.damaged, "document state") }
        item = StateSum.Item(id: state.id, hash: hash)
        scope = Self.scope(state)
    }

    /// Whether documents of a kind are part of a state hash.
    static func covers(_ kind: DocumentKind) -> Bool { kind.isWardWide || Schema.areaField(of: kind) != nil }

    /// Whether what has this scope belongs to an area.
    static func isScope(_ scope: String, within area: String) -> Bool {
        !scope.isEmpty && AreaCode.anyCovers([area], scope.split(separator: "\n").map(String.init))
    }

    private static func scope(_ state: DocumentState) -> String {
        if state.kind.isWardWide { return "" }
        // No area has this code.
        return state.areas.isEmpty ? "?" : state.areas.joined(separator: "\n")
    }

    private static let areaFields = [DocumentKind.report, .task, .lookup].compactMap { Schema.areaField(of: $0) }
}
