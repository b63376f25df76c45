// What all exchanges about bundles share: the places for parts that arrive, and what is asked about bundles.
import SyncKit

/// The ward's desk for couriers.
final class BundleDesk: Sendable {
    let service: WardService
    let writeBehind: WriteBehind
    let traffic: TrafficControl
    let places: ArrivalPlaces

    init(service: WardService, writeBehind: WriteBehind, traffic: TrafficControl) {
        self.service = service
        self.writeBehind = writeBehind
        self.traffic = traffic
        places = ArrivalPlaces(traffic.limits)
    }

    /// `GET /v1/bundle/ID`, how much of a bundle is there; `GET /v1/bundle/ID/PART` and `…/PART/OFFSET`, a part of the
    /// return that answers it, from a byte on. Whoever carried the bundle knows its id.
    ///
    /// A bundle that is whole and was not taken then is tried again first.
    func answer(_ path: String, address: UInt64?) -> HTTPResponse {
        guard let asked = BundlePath(path) else { return .text(404, "not found") }
        if let intake = service.takeAgain(asked.bundle, gate: HTTPGate(desk: self, address: address)) {
            var accepted = 0
            if case .taken(let result) = intake { accepted = result.accepted }
            writeBehind.note(changes: accepted)
            Log.event("bundle_again", [.reason: .text(intake.word), .accepted: .int(accepted)])
        }
        do {
            guard let part = asked.part else {
                guard let standing = try service.standing(of: asked.bundle) else { return .text(404, "no bundle") }
                return .sync(.bytes(standing.encoded))
            }
            let bytes = try service.withCore { core throws(StoreError) in
                try core.shelf.answer(to: asked.bundle).flatMap { row throws(StoreError) in
                    try core.shelf.part(row.id, part)
                }
            }
            let offset = asked.offset ?? 0
            guard let bytes, offset <= bytes.count else { return .text(404, "no return") }
            return .sync(.bytes(Bytes(bytes[offset...])))
        } catch {
            service.note(error)
            return .refusal(SyncRefusal(.storeFault))
        }
    }
}

/// The path of a bundle: `/v1/bundle/ID`, with a part and a byte of its file behind it or without.
struct BundlePath: Equatable {
    let bundle: Digest
    let part: Int?
    /// At most the length of the longest file.
    let offset: Int?

    /// Nil for anything else, and for numbers that no bundle has.
    init?(_ path: String) {
        let words = path.split(separator: "/", omittingEmptySubsequences: false)
        guard (4...6).contains(words.count), words[0].isEmpty, words[1] == "v1", words[2] == "bundle",
            let bundle = Digest(hex: String(words[3]))
        else { return nil }
        self.bundle = bundle
        (part, offset) = (words.count > 4 ? Self.number(words[4]) : nil, words.count > 5 ? Self.number(words[5]) : nil)
        guard words.count < 5 || (part.map { (1...BundleLimits.parts).contains($0) } ?? false),
            words.count < 6 || (offset.map { $0 <= BundleLimits.file } ?? false)
        else { return nil }
    }

    private static func number(_ word: Substring) -> Int? {
        guard (1...8).contains(word.utf8.count), word.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return Int(word)
    }
}
