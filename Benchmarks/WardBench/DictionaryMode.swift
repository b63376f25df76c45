// Mode "dictionary": trains the dictionary that frames are compressed with, on our own sample text.

import CZstd
import Foundation
import LinkSimulation
import SyncKit
import Synchronization

/// Plays reports, comments and steps made of the sample texts with a ward, and trains a dictionary on what both sides
/// compress meanwhile. The same texts give the same dictionary with the same libzstd.
/// - Parameters:
///   - folder: holds `titles.txt`, `descriptions.txt` and `comments.txt`, one entry a line.
///   - length: the longest dictionary, in bytes.
func trainDictionary(samples folder: String, length: Int) throws -> Bytes {
    var play = try SamplePlay(folder)
    let samples = try play.frames()
    var dictionary = Bytes(repeating: 0, count: length)
    let lengths = samples.map(\.count)
    let joined = Bytes(samples.joined())
    let trained = ZDICT_trainFromBuffer(&dictionary, dictionary.count, joined, lengths, UInt32(lengths.count))
    guard ZDICT_isError(trained) == 0 else {
        throw BenchError.failed("dictionary: \(String(cString: ZDICT_getErrorName(trained)))")
    }
    return Bytes(dictionary.prefix(trained))
}

/// A ward and three of its people, who write what the sample texts say.
private struct SamplePlay {
    private let ward: LinkWard
    private let people: [Replica]
    private let titles: [String]
    private let descriptions: [String]
    private let comments: [String]
    private let time: SampleTime
    private var bodies: [Bytes] = []

    init(_ folder: String) throws {
        func lines(_ name: String) throws -> [String] {
            try String(contentsOfFile: folder + "/" + name, encoding: .utf8).split(separator: "\n").map(String.init)
        }
        titles = try lines("titles.txt")
        descriptions = try lines("descriptions.txt")
        comments = try lines("comments.txt")
        time = SampleTime()
        let ward = try LinkWard(seed: 99, time: time)
        self.ward = ward
        people = try [Role.resident, .volunteer, .officer].map { role in try ward.device(role) }
    }

    /// The bodies of all frames, before compression.
    mutating func frames() throws -> [Bytes] {
        let categories = ["lighting", "road", "garbage", "flood", "tree", "pavement", "noise", "water", "power"]
        for round in 0..<3 {
            for (number, text) in descriptions.enumerated() {
                time.advance()
                let person = people[(number + round) % people.count]
                var draft = ChangeSetDraft(kind: .report)
                draft.perform(
                    .set(Slot(field: ReportField.title)), .text(titles[(number * 7 + round * 31) % titles.count]))
                draft.perform(
                    .set(Slot(field: ReportField.category)), .text(categories[(number / 9) % categories.count]))
                draft.perform(.set(Slot(field: ReportField.description)), .text(text))
                draft.perform(.set(Slot(field: ReportField.area)), .text("06685.03"))
                draft.perform(.set(Slot(field: ReportField.codeHash)), .bytes(ward.random.bytes(32)))
                let digits = "09\(ward.random.next() % 100_000_000)"
                let phone = (slot: Slot(field: ReportField.reporterPhone), value: digits)
                let name = (slot: Slot(field: ReportField.reporterName), value: "Nguyễn Thị Hoa")
                let saved = try person.commit(draft, privates: round == 0 ? [] : [name, phone])
                try sync(person)
                try remark(on: saved.document, number + round, by: people[2])
            }
        }
        return bodies
    }

    /// A comment, and every second time a step.
    private mutating func remark(on document: Digest, _ number: Int, by person: Replica) throws {
        try sync(person)
        var draft = ChangeSetDraft(kind: .report, document: document)
        draft.perform(.append(Slot(field: ReportField.comments)), .text(comments[number % comments.count]))
        if number % 2 == 0, let creation = try person.document(document)?.state.creation {
            draft.perform(.transition(Slot(field: Schema.stateField), to: 2, follows: creation))
        }
        _ = try person.commit(draft)
        try sync(person)
    }

    private mutating func sync(_ person: Replica) throws {
        var client = SyncClient(person)
        var transport = ListeningTransport(direct: DirectTransport(service: ward.service))
        try client.run(&transport)
        for body in transport.bodies { bodies += try Self.frames(in: body) }
    }

    /// What stands compressed in the blocks of a body.
    private static func frames(in body: Bytes) throws -> [Bytes] {
        var reader = BlockReader()
        reader.append(body)
        var found: [Bytes] = []
        while let block = try reader.next() {
            guard block.kind == .frame || block.kind == .answer,
                case .array(let parts) = try CBORValue(decoding: block.payload), parts.count >= 3,
                let codec = parts[0].integer.flatMap(UInt32.init(exactly:)),
                let length = parts[1].integer.flatMap(Int.init(exactly:)), case .bytes(let packed) = parts[2]
            else { continue }
            found.append(
                codec == 0
                    ? packed
                    : try ZstdCodec.decompress(
                        packed, expectedLength: length, limit: 1 << 20, dictionary: FrameDictionary.named(codec)))
        }
        return found
    }
}

/// Keeps what goes both ways.
private struct ListeningTransport: SyncTransport {
    var direct: DirectTransport
    var bodies: [Bytes] = []

    mutating func exchange(_ body: Bytes, onChunk: (UnsafeRawBufferPointer) -> Bool) throws(TransportError) {
        var answer = Bytes()
        try direct.exchange(body) { chunk in
            answer += chunk
            return onChunk(chunk)
        }
        bodies += [body, answer]
    }
}

/// A clock that the play moves on, a minute at a time.
private final class SampleTime: TimeSource {
    private let seconds = Mutex<Int64>(1_790_000_000)

    func nowSeconds() -> Int64 { seconds.withLock { $0 } }
    func advance() { seconds.withLock { $0 += 61 } }
}
