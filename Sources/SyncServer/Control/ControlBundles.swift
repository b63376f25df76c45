// Bundles that somebody carried to the office, and the returns that go back the same way.
import SyncKit

extension ControlTable {
    /// The most missing parts that one reply names.
    private static let mostMissing = 200

    func bundlePart(_ bytes: Bytes) throws(ControlFailure) -> CBORValue {
        guard let part = try? BundlePart(decoding: bytes) else { throw ControlFailure(.badRequest) }
        do throws(BundleError) { return Self.value(part.head, try service.take(part)) } catch {
            return Self.value(part.head, state: error.code == .otherWard ? "other-ward" : "damaged")
        }
    }

    /// Takes a scanned text; where it completes a part, what became of that.
    func bundleText(_ text: String) throws(ControlFailure) -> CBORValue {
        guard let read = BundleText(text) else { return .object(["state": .text("unreadable")]) }
        let (placement, id) = try inCore { core throws(StoreError) in
            let put = try core.shelve(read)
            return (put.placement, put.series)
        }
        let series = CBORValue.text(String(id.hex.prefix(16)))
        if placement == .full { return .object(["state": .text("full"), "series": series]) }
        if placement == .done { return .object(["state": .text("known"), "series": series]) }
        let (missing, found) = try inCore { core throws(StoreError) in
            (try core.shelf.row(id)?.missing ?? [], try core.shelf.assembled(id))
        }
        guard let found else {
            return .object([
                "state": .text("gathering"), "series": series, "number": .count(read.number),
                "count": .count(read.count), "missing": Self.numbers(missing),
            ])
        }
        let part: BundlePart
        do { part = try found.get() } catch {
            try inCore { core throws(StoreError) in try core.removeBundle(id) }
            return .object(["state": .text("unreadable"), "series": series])
        }
        let value = try bundlePart(part.encoded)
        switch value["state"].string {
        // Another time: the texts wait for it.
        case "later", "full", "no-room": break
        case "waiting", "taken", "known":
            try inCore { core throws(StoreError) in try core.shelf.finish(series: id, now: time.nowSeconds()) }
        default: try inCore { core throws(StoreError) in try core.removeBundle(id) }
        }
        return value
    }

    /// Bundles that wait or were taken, and the returns that are kept.
    func bundles() throws(ControlFailure) -> CBORValue {
        let (coming, going, texts) = try inCore { core throws(StoreError) in
            (try core.shelf.rows(.toWard), try core.shelf.rows(.toDevice), try core.shelf.rows(.texts))
        }
        return .object([
            "bundles": .array(coming.map(Self.value)), "returns": .array(going.map(Self.value)),
            "texts": .array(texts.map(Self.value)),
        ])
    }

    /// One part of a return as its file, or null where it is gone.
    func returnPart(_ id: Digest, _ number: Int) throws(ControlFailure) -> CBORValue {
        let bytes = try inCore { core throws(StoreError) in try core.shelf.part(id, number) }
        return bytes.map { .bytes($0) } ?? .null
    }

    private static func value(_ row: BundleShelf.Row) -> CBORValue {
        .object([
            "bundle": .text(row.id.hex), "state": .text("\(row.state)"), "parts": .count(row.count),
            "here": .count(row.parts.count), "missing": numbers(row.missing),
            "changed": .text(LocalTime(seconds: row.changed).iso8601),
            "answers": row.answers == .zero ? .null : .text(row.answers.hex),
        ])
    }

    private static func numbers(_ parts: [Int]) -> CBORValue { .array(parts.prefix(mostMissing).map { .count($0) }) }

    private static func value(_ head: BundleHead, state: String) -> CBORValue {
        .object([
            "bundle": .text(head.id.hex), "part": .count(head.part), "count": .count(head.count), "state": .text(state),
        ])
    }

    private static func value(_ head: BundleHead, _ intake: BundleIntake) -> CBORValue {
        guard case .map(var pairs) = value(head, state: intake.word) else { return .null }
        func add(_ key: String, _ value: CBORValue) { pairs.append(.init(.text(key), value)) }
        switch intake {
        case .waiting(let missing): add("missing", numbers(missing))
        case .taken(let result):
            add("accepted", .count(result.accepted))
            add("held", .count(result.held))
            add("refused", .count(result.refused))
            add("duplicates", .count(result.duplicates))
            add("need", .unsigned(result.need))
            add("returned", .optional(result.returned?.hex))
            add("return_parts", .count(result.parts))
            add("refusal", .optional(result.refusal.map { "\($0.code)" }))
        case .known(let returned, let parts):
            add("returned", .optional(returned?.hex))
            add("return_parts", .count(parts))
        case .refused(let code): add("refusal", .optional(code.map { "\($0)" }))
        case .later(let refusal): add("refusal", .text("\(refusal.code)"))
        case .full, .noRoom: break
        }
        return .map(pairs)
    }
}

extension BundleIntake {
    /// What it is called in `--json` and in the log.
    var word: String {
        switch self {
        case .waiting: "waiting"
        case .taken: "taken"
        case .known: "known"
        case .refused: "refused"
        case .later: "later"
        case .full: "full"
        case .noRoom: "no-room"
        }
    }
}
