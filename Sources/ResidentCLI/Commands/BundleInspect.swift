// What a file of a bundle is, and what this device carries: numbers, and nothing of what is in it.

import CommandLineKit
import SyncKit

extension CommandRun {
    /// `ward bundle inspect [FILE…]`
    func bundleInspect() throws(ErrorReport) -> ExitCode {
        let reader = try reader()
        return parsed.arguments.isEmpty ? try inspectShelf(reader) : try inspectFiles(reader)
    }

    private func inspectFiles(_ reader: ReplicaReader) throws(ErrorReport) -> ExitCode {
        var found: [(path: String, bytes: Int, part: Result<BundleHead, BundleError>)] = []
        for path in parsed.arguments {
            guard let bytes = PartFile.read(path) else {
                throw ErrorReport(
                    .inputOutput, code: "file.unreadable", happened: FaultWord.fileUnreadable.with(path),
                    loss: .nothingChanged, next: FaultWord.fileUnreadableNext.with())
            }
            do throws(BundleError) {
                found.append((path, bytes.count, .success(try BundlePart(decoding: bytes).head)))
            } catch {
                found.append((path, bytes.count, .failure(error)))
            }
        }
        let own = try attempt { () throws(ReplicaError) in try reader.ownExports() }
        let isSound = found.allSatisfy { if case .success = $0.part { true } else { false } }
        if terminal.isJSON {
            terminal.printJSON { json in
                json.object { json in
                    json.array("files") { json in
                        for item in found { json.object { json in write(item, own, to: &json) } }
                    }
                }
            }
            return isSound ? .ok : .refused
        }
        for item in found {
            switch item.part {
            case .success(let head):
                let say: BundleSay = head.direction == .toWard ? .partToWard : .partReturn
                terminal.print(
                    say.message, item.path, String(head.id.hex.prefix(8)), String(head.part), String(head.count),
                    String(item.bytes))
                if own.contains(head.answers) { terminal.print(BundleSay.partMine.message) }
            case .failure(let error):
                let say: BundleSay =
                    switch error.code {
                    case .notABundle: .notABundle
                    case .newerVersion: .newerVersion
                    case .damaged where error.head != nil: .damaged
                    default: .headDamaged
                    }
                terminal.print(
                    say.message, item.path, String(error.head?.part ?? 0), String(error.head?.count ?? 0))
            }
        }
        return isSound ? .ok : .refused
    }

    private func write(
        _ item: (path: String, bytes: Int, part: Result<BundleHead, BundleError>), _ own: Set<Digest>,
        to json: inout JSONWriter
    ) {
        json.member("file", item.path)
        json.member("bytes", item.bytes)
        let head: BundleHead?
        switch item.part {
        case .success(let read):
            json.member("sound", true)
            head = read
        case .failure(let error):
            json.member("sound", false)
            head = error.head
        }
        json.member("direction", head.map { $0.direction == .toWard ? "ward" : "device" })
        json.member("bundle", head?.id.hex)
        json.member("part", head.map { Int64($0.part) })
        json.member("count", head.map { Int64($0.count) })
        json.member("mine", head.map { own.contains($0.answers) })
    }

    private func inspectShelf(_ reader: ReplicaReader) throws(ErrorReport) -> ExitCode {
        let (coming, going, exports) = try attempt { () throws(ReplicaError) in
            (try reader.carried(.toWard), try reader.carried(.toDevice), try reader.exports())
        }
        let series = try attempt { () throws(ReplicaError) in try reader.carried(.texts) }.filter { $0.state == .kept }
        let own = Set(exports.map(\.bundle))
        // An answer that is carried back says that the ward has the bundle. It is said only: nobody but the ward and the
        // device can tell a true answer, so the bundle stays until the ward itself takes it.
        let answered = Set(going.map(\.answers))
        let toWard = coming.filter { $0.state == .kept && !answered.contains($0.id) }
        let returns = going.filter { $0.state == .kept && !own.contains($0.answers) }
        let delivered = coming.filter { $0.state == .done || $0.state == .handed || answered.contains($0.id) }
        let waiting = exports.filter { $0.state == .waiting }
        let partial = (toWard + going.filter { $0.state == .kept }).filter { !$0.missing.isEmpty }
        if terminal.isJSON {
            terminal.printJSON { json in
                json.object { json in
                    write("to_ward", toWard, &json)
                    write("returns", returns, &json)
                    json.member("people_at_most", toWard.count)
                    json.member("delivered", delivered.count)
                    json.array("missing") { json in
                        for row in partial {
                            json.object { json in
                                json.member("bundle", row.id.hex)
                                json.member("count", row.count)
                                json.array("parts") { json in
                                    for number in row.missing.prefix(200) { json.element(number) }
                                }
                            }
                        }
                    }
                    json.array("series") { json in
                        for row in series {
                            json.object { json in
                                json.member("series", String(row.id.hex.prefix(16)))
                                json.member("count", row.count)
                                json.array("missing") { json in
                                    for number in row.missing { json.element(number) }
                                }
                            }
                        }
                    }
                    json.member("own_unanswered", waiting.count)
                }
            }
            return .ok
        }
        if toWard.isEmpty, returns.isEmpty, delivered.isEmpty, series.isEmpty {
            terminal.print(BundleSay.carriesNothing.message)
        }
        func whole(_ rows: [BundleShelf.Row]) -> String { String(rows.count { $0.missing.isEmpty }) }
        if !toWard.isEmpty { terminal.print(BundleSay.carriesToWard.message, String(toWard.count), whole(toWard)) }
        if !returns.isEmpty { terminal.print(BundleSay.carriesReturns.message, String(returns.count), whole(returns)) }
        for row in partial {
            terminal.print(
                BundleSay.missingLine.message, String(row.id.hex.prefix(8)), row.missing.asRanges, String(row.count))
        }
        for row in series {
            terminal.print(
                BundleSay.seriesLine.message, String(row.id.hex.prefix(8)), row.missing.asRanges, String(row.count))
        }
        if !delivered.isEmpty { terminal.print(BundleSay.deliveredCount.message, String(delivered.count)) }
        if !waiting.isEmpty {
            terminal.print(BundleSay.exportsWaiting.message, String(waiting.count))
            for export in waiting.prefix(10) {
                terminal.print(
                    BundleSay.exportLine.message, String(export.bundle.hex.prefix(8)),
                    LocalTime(seconds: export.made).text, String(export.changeCount))
            }
        }
        return .ok
    }

    private func write(_ name: String, _ rows: [BundleShelf.Row], _ json: inout JSONWriter) {
        json.member(name, rows.count)
        json.member(name + "_whole", rows.count { $0.missing.isEmpty })
    }
}
