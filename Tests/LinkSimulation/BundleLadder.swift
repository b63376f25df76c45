// One part of a bundle whose way breaks after every byte of it, to the ward and back, and goes on each time.

import SyncKit

/// A part of 256 KiB that is handed to the ward, or fetched from it, over a connection that breaks after one byte more
/// each time. The parser, the beginnings that are kept, and both stores are the real ones (SQLite in memory).
package struct BundleLadder {
    /// The most bytes of the file of a part.
    private static let fileSize = FileCuts.length

    private let ward: LinkWard
    private let author: Replica
    private let courier: Replica
    private let reports: Int

    /// - Parameter reports: how many the author files, and as many others that the author does not know of: enough for a
    ///   full part each way.
    package init(seed: UInt64 = 7, reports: Int = 60) throws {
        ward = try LinkWard(seed: seed)
        self.reports = reports
        (author, courier) = (try ward.device(.volunteer), try ward.device(.volunteer))
        let other = try ward.device(.volunteer)
        for device in [author, other] {
            for _ in 0..<reports {
                var draft = FieldReport.draft(ward.random)
                // What does not compress.
                draft.perform(
                    .set(Slot(field: ReportField.description)), .text(Base32.encode(ward.random.bytes(6000))))
                _ = try device.commit(draft)
            }
        }
        var transport = CutTransport(ward.service)
        guard FileCuts.sync(other, &transport, LinkPlan()).isDone else { throw StoreError(.missing, "sync") }
    }

    /// Hands the bundle over and fetches its return.
    /// - Parameter stride: a break after every byte (1), or after every so many.
    package func climb(stride: Int = 1) throws -> LadderOutcome {
        var outcome = LadderOutcome()
        let made = try author.exportBundle(fileSize: Self.fileSize)
        guard let first = made.parts.first else { throw StoreError(.missing, "part") }
        // The long part comes last: the return is cut as that one is.
        for part in made.parts.dropFirst() { _ = try ward.service.take(part) }
        let handed = try climb(first, AtWard(service: ward.service), stride, &outcome)
        let accepted: Int
        switch try ward.service.take(handed) {
        case .taken(let result): accepted = result.accepted
        default: accepted = -1
        }
        if accepted != reports { outcome.problems.append("the ward took \(accepted) change sets") }
        if case .known = try ward.service.take(first) {} else { outcome.problems.append("taken twice") }

        var number = 1
        while let bytes = try returnPart(made.id, number) {
            let part = try BundlePart(decoding: bytes)
            let fetched = try climb(part, AtCourier(replica: courier), number == 1 ? stride : bytes.count, &outcome)
            _ = try courier.take(fetched)
            _ = try author.take(fetched)
            number += 1
        }
        let waiting = try author.pendingCount()
        let known = try author.count(.report)
        if waiting != 0 { outcome.problems.append("\(waiting) change sets have no receipt") }
        if known != 2 * reports { outcome.problems.append("the author knows \(known) reports") }
        return outcome
    }

    private func returnPart(_ bundle: Digest, _ number: Int) throws(StoreError) -> Bytes? {
        try ward.service.withCore { core throws(StoreError) in
            try core.shelf.answer(to: bundle).flatMap { row throws(StoreError) in
                try core.shelf.part(row.id, number)
            }
        }
    }

    /// Moves one part: each connection goes on from what is kept there, and breaks one byte further on.
    private func climb(
        _ part: BundlePart, _ there: some Beginnings, _ stride: Int, _ outcome: inout LadderOutcome
    ) throws -> BundlePart {
        let file = part.encoded
        let place = PartPlace(
            bundle: part.head.direction == .toWard ? part.head.id : part.head.answers, part: part.head.part)
        var kept = 0
        for end in Swift.stride(from: 1, to: file.count, by: stride) {
            // Nothing is a part that is not whole, whoever is asked.
            if (try? BundlePart(decoding: Bytes(file[..<end]))) != nil { outcome.problems.append("whole at \(end)") }
            let beginning = try there.beginning(of: place)
            if beginning.count != kept { outcome.problems.append("\(beginning.count) of \(kept) bytes are kept") }
            var arrival = try PartArrival(after: beginning)
            try arrival.append(Bytes(file[beginning.count..<end]))
            if let piece = arrival.unkept(atLeast: 1) {
                if try there.keep(piece.bytes, at: piece.start, of: place, arrival) { kept = end }
            }
            outcome.breaks += 1
            outcome.mostLost = max(outcome.mostLost, end - kept)
            if !outcome.problems.isEmpty { break }
        }
        var arrival = try PartArrival(after: try there.beginning(of: place))
        try arrival.append(Bytes(file[arrival.file.count...]))
        outcome.wholeParts += 1
        outcome.partBytes += file.count
        return try BundlePart(decoding: arrival.file)
    }
}

extension PartArrival {
    fileprivate mutating func append(_ bytes: Bytes) throws {
        // With a closure of its own error the compiler fails.
        let result: Result<Void, BundleError> = bytes.withUnsafeBytes { chunk in
            do throws(BundleError) { return .success(try append(chunk)) } catch { return .failure(error) }
        }
        try result.get()
    }
}

/// Who keeps what came of a part that broke off.
private protocol Beginnings {
    func beginning(of place: PartPlace) throws -> Bytes
    func keep(_ bytes: Bytes, at start: Int, of place: PartPlace, _ arrival: PartArrival) throws -> Bool
}

/// The ward, which says how much it has, and is given the rest.
private struct AtWard: Beginnings {
    let service: WardService

    func beginning(of place: PartPlace) throws -> Bytes {
        let begun = try service.standing(of: place.bundle)?.begun?.first { $0.part == place.part }
        guard let held = begun?.held else { return [] }
        return try service.beginning(of: place, upTo: held) ?? []
    }

    func keep(_ bytes: Bytes, at start: Int, of place: PartPlace, _ arrival: PartArrival) throws -> Bool {
        try service.keep(bytes, at: start, of: arrival, origin: nil)
    }
}

/// Who carries the return.
private struct AtCourier: Beginnings {
    let replica: Replica

    func beginning(of place: PartPlace) throws -> Bytes { try replica.beginning(of: place) }

    func keep(_ bytes: Bytes, at start: Int, of place: PartPlace, _ arrival: PartArrival) throws -> Bool {
        try replica.keep(bytes, at: start, of: place, length: arrival.fileLength)
    }
}
