// A link that breaks once at a chosen byte, going up or coming down.

import SyncKit

/// Where a body breaks.
package enum CutPlace: Sendable {
    /// After so many bytes; on the way up of all bodies from the first on.
    case byte(Int)
    /// Within the block of this number, from 0 on, after so many thousandths of it: 0 is right behind the block before,
    /// 1000 leaves out its last byte.
    case block(Int, permille: Int)
    /// So many bytes behind the first byte of the first part of a file.
    case part(Int)

    /// In bytes from the beginning; `nil` where the body has no such place.
    /// - Parameter passed: bytes that went before it.
    fileprivate func offset(in map: BodyMap, after passed: Int = 0) -> Int? {
        let end = map.ends.last ?? 0
        switch self {
        case .byte(let offset): return (0..<end).contains(offset - passed) ? offset - passed : nil
        case .block(let number, let permille):
            guard map.ends.indices.contains(number) else { return nil }
            let start = number > 0 ? map.ends[number - 1] : 0
            return start + (map.ends[number] - 1 - start) * permille / 1000
        case .part(let offset): return map.partsStart.flatMap { $0 + offset < end ? $0 + offset : nil }
        }
    }
}

/// Hands bodies to a ward in the same process, and breaks once. Parsers, sessions and stores are the real ones.
package struct CutTransport: SyncTransport {
    private let service: WardService
    private var cutUp: CutPlace?
    private var cutDown: CutPlace?
    package private(set) var exchanges = 0
    /// The bytes of bodies that went up whole before the first one with a part of a file.
    private var passed = 0
    /// Where the one break was, in bytes of its body, or of all bodies up to it; `nil` where there was no such place.
    package private(set) var brokeAt: Int?
    /// How many blocks the body that was to break had, where the first part of a file began, and how many bytes of parts
    /// were in it.
    package private(set) var blocks = 0
    package private(set) var partsStart: Int?
    package private(set) var partBytes = 0
    /// The bytes of blocks that hold parts of files, of those too that broke: what went up and what came down.
    package private(set) var partBytesUp = 0
    package private(set) var partBytesDown = 0
    package private(set) var bytesSent = 0

    /// - Parameters:
    ///   - cutUp: where the first body with a part of a file breaks on its way up, or one before it.
    ///   - cutDown: where the first answer with a part of a file breaks.
    package init(_ service: WardService, cutUp: CutPlace? = nil, cutDown: CutPlace? = nil) {
        self.service = service
        self.cutUp = cutUp
        self.cutDown = cutDown
    }

    package mutating func exchange(_ body: Bytes, onChunk: (UnsafeRawBufferPointer) -> Bool) throws(TransportError) {
        exchanges += 1
        let up = BodyMap(body)
        let cut = cutUp(in: up)
        let sent = cut.map { Bytes(body.prefix($0)) } ?? body
        bytesSent = sent.count
        partBytesUp += up.partBytes(before: sent.count)
        let answer = try answer(to: sent, isCut: cut != nil)
        let down = BodyMap(answer)
        let isMeant = cutDown != nil && down.partsStart != nil
        let cutAnswer = isMeant ? cutDown?.offset(in: down) : nil
        if isMeant {
            note(down, cutAnswer)
            cutDown = nil
        }
        var rest = answer.prefix(cutAnswer ?? answer.count)
        partBytesDown += down.partBytes(before: rest.count)
        while !rest.isEmpty {
            let piece = Bytes(rest.prefix(1400))
            rest = rest.dropFirst(1400)
            if !piece.withUnsafeBytes({ onChunk($0) }) { return }
        }
        if cutAnswer != nil { throw TransportError(.cut) }
    }

    /// Where a body breaks on its way up.
    private mutating func cutUp(in map: BodyMap) -> Int? {
        guard let place = cutUp else { return nil }
        if map.partsStart != nil {
            let cut = brokeAt == nil ? place.offset(in: map, after: passed) : nil
            note(map, cut.map { passed + $0 } ?? brokeAt)
            // Where it broke before, in a text, nobody knows where the first part would have begun.
            partsStart = cut == nil && brokeAt != nil ? .max : partsStart.map { passed + $0 }
            cutUp = nil
            return cut
        }
        // A text alone, which goes before any file.
        guard brokeAt == nil, case .byte = place else { return nil }
        if let cut = place.offset(in: map, after: passed) {
            brokeAt = passed + cut
            return cut
        }
        passed += map.ends.last ?? 0
        return nil
    }

    private mutating func note(_ map: BodyMap, _ cut: Int?) {
        brokeAt = cut
        blocks = map.ends.count
        partsStart = map.partsStart
        partBytes = map.partBytes(before: .max)
    }

    /// What the ward makes of the bytes that arrived.
    private func answer(to sent: Bytes, isCut: Bool) throws(TransportError) -> Bytes {
        var reader = BlockReader()
        var taken = WardBody(service, isCarried: false)
        var out = Bytes()
        do {
            // In pieces, as a network hands them over.
            for start in stride(from: 0, to: sent.count, by: 1500) {
                reader.append(Bytes(sent[start..<min(start + 1500, sent.count)]))
                while let block = try reader.next() { try taken.take(block) }
            }
            if isCut { throw TransportError(.cut) }
            while let block = try taken.session?.nextBlock() { out += block.encoded }
        } catch let refusal as SyncRefusal {
            out += Block(.refusal, refusal.encoded).encoded
        } catch { throw TransportError(.cut) }
        return out
    }
}

/// Where the blocks of a body end, and which of them hold parts of files.
private struct BodyMap {
    private(set) var ends: [Int] = []
    private var parts: [Range<Int>] = []

    init(_ body: Bytes) {
        var start = 0
        while start + 5 <= body.count {
            let end = start + 4 + body[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
            guard end <= body.count else { return }
            if body[start + 4] == BlockKind.part.rawValue { parts.append(start..<end) }
            ends.append(end)
            start = end
        }
    }

    /// Where the first part of a file begins.
    var partsStart: Int? { parts.first?.lowerBound }

    func partBytes(before end: Int) -> Int {
        parts.reduce(0) { $0 + max(0, min(end, $1.upperBound) - $1.lowerBound) }
    }
}
