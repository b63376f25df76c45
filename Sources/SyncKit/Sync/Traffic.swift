// What went over a link, and for what.

/// The bytes of bodies, by what they were for; block headers are counted with what they carry.
package struct Traffic: Sendable, Equatable {
    package var request = 0
    package var changes = 0
    package var evidence = 0
    package var contentUp = 0
    package var wishes = 0
    package var answers = 0
    package var contentDown = 0

    package init() {}

    /// Counts a body that was sent.
    mutating func count(up body: Bytes) {
        var reader = BlockReader()
        reader.append(body)
        while let block = try? reader.next() {
            let bytes = block.payload.count + 5
            switch block.kind {
            case .request: request += bytes
            case .frame: changes += bytes
            case .evidence, .succession: evidence += bytes
            case .part: contentUp += bytes
            case .wish: wishes += bytes
            case .answer, .refusal: break
            }
        }
    }

    /// Counts a block that came.
    mutating func count(down block: Block) {
        if block.kind == .part {
            contentDown += block.payload.count + 5
        } else {
            answers += block.payload.count + 5
        }
    }
}
