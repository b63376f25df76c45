// Writing bundles: for a stick, for a message, or as QR codes on the screen.

import CommandLineKit
import QRCode
import SyncKit

extension CommandRun {
    /// What a part's file has at most unless a size is given.
    private static let usualSize = 1024 * 1024
    /// The most bytes of photos and papers in one bundle; what is left goes with the next.
    private static let mostContent = 16 * 1024 * 1024

    /// `ward bundle export`
    func bundleExport() throws(ErrorReport) -> ExitCode {
        var size = Self.usualSize
        if let given = parsed.option("size") {
            guard let read = PartFile.size(given) else { throw bad("--size", given, BundleSay.badSize.message) }
            size = read
        }
        let showsCodes = parsed.flag("qr")
        let replica = try replica()
        let isTextOnly = showsCodes || parsed.flag("text-only")
        let carries = parsed.flag("carried") && !showsCodes
        var made: MadeBundle?
        // Who goes for others writes nothing of their own unless there is something.
        var writesOwn = true
        if carries { writesOwn = try attempt { () throws(ReplicaError) in try replica.bringsAnything() } }
        if writesOwn {
            made = try attempt { () throws(ReplicaError) in
                try replica.exportBundle(
                    fileSize: showsCodes ? BundleLimits.file : size, content: isTextOnly ? 0 : Self.mostContent)
            }
        }
        if showsCodes, let made { return try show(made) }
        let directory = parsed.option("to") ?? "."
        func path(_ part: BundlePart) -> String { directory + "/" + part.head.fileName }
        let parts = made?.parts ?? []
        let own = parts.map { (path: path($0), bytes: $0.encoded) }
        try PartFile.write(own)
        var carried = 0
        if carries {
            try eachCarried(replica) { part throws(ErrorReport) in
                try PartFile.write(path(part), part.encoded)
                carried += 1
            }
        }
        if terminal.isJSON {
            writeJSON(made, carried: carried) { json in
                json.array("files") { json in
                    for file in own {
                        json.object { json in
                            json.member("file", file.path)
                            json.member("bytes", file.bytes.count)
                        }
                    }
                }
            }
            return .ok
        }
        for (part, file) in zip(parts, own) {
            terminal.print(
                BundleSay.written.message, file.path, String(file.bytes.count), String(part.head.part),
                String(part.head.count))
        }
        if carried > 0 { terminal.print(BundleSay.carriedWritten.message, String(carried)) }
        guard let made else {
            if carried == 0 { terminal.print(BundleSay.carriesNothing.message) }
            terminal.print(BundleSay.noOwn.message)
            return .ok
        }
        tell(made)
        terminal.remark(BundleSay.notSent.message)
        return .ok
    }

    private func tell(_ made: MadeBundle) {
        if made.changeCount > 0 {
            terminal.print(BundleSay.waits.message, String(made.changeCount))
        } else {
            terminal.print(BundleSay.nothingWaits.message)
        }
        if made.left > 0 { terminal.print(BundleSay.more.message, String(made.left)) }
        let content = made.leftContent
        guard content.bytes > 0 else { return }
        let say: BundleSay =
            parsed.flag("qr") ? .filesNotInCodes : parsed.flag("text-only") ? .filesNotInText : .filesLeft
        terminal.warn(say.message, String(content.files), ByteCount.text(content.bytes, terminal.language))
    }

    private func writeJSON(_ made: MadeBundle?, carried: Int, _ members: (inout JSONWriter) -> Void) {
        terminal.printJSON { json in
            json.object { json in
                json.member("bundle", made?.id.hex)
                json.member("parts", made?.parts.count ?? 0)
                json.member("changes", made?.changeCount ?? 0)
                json.member("left", made?.left ?? 0)
                json.member("left_files", made?.leftContent.files ?? 0)
                json.member("left_bytes", made?.leftContent.bytes ?? 0)
                json.member("carried", carried)
                members(&json)
            }
        }
    }

    /// Shows a series of codes, one after the other.
    private func show(_ made: MadeBundle) throws(ErrorReport) -> ExitCode {
        let file = made.parts.first.map(\.encoded) ?? []
        guard made.parts.count == 1, let texts = BundleText.series(of: file) else {
            let bytes = made.parts.reduce(0) { $0 + $1.encoded.count }
            throw ErrorReport(
                .refused, code: "bundle.too-long", happened: Phrase(BundleSay.tooLongForCodes.message, [String(bytes)]),
                loss: .nothing, next: Phrase(BundleSay.tooLongForCodesNext.message))
        }
        if terminal.isJSON {
            writeJSON(made, carried: 0) { json in json.member("texts", texts) }
            return .ok
        }
        for (index, text) in texts.enumerated() {
            terminal.print(BundleSay.codeNumber.message, String(index + 1), String(texts.count))
            try terminal.qr(text)
        }
        tell(made)
        terminal.remark(BundleSay.codesNext.message)
        terminal.remark(BundleSay.notSent.message)
        return .ok
    }

    /// Goes through every part that is carried for others.
    func eachCarried(
        _ replica: Replica, _ body: (BundlePart) throws(ErrorReport) -> Void
    ) throws(ErrorReport) {
        for kind in [BundleShelf.Kind.toWard, .toDevice] {
            for row in try attempt({ () throws(ReplicaError) in try replica.carried(kind) }) where row.state == .kept {
                for number in row.parts {
                    let bytes = try attempt { () throws(ReplicaError) in try replica.carriedPart(row.id, number) }
                    guard let bytes, let part = try? BundlePart(decoding: bytes) else { continue }
                    try body(part)
                }
            }
        }
    }
}
