// Text: heads of requests, import files, what people type, what a terminal shows.
@testable import CommandLineKit
@testable import SyncKit
@testable import SyncServer

/// A head as libmicrohttpd hands it on: lines, each with a name up to the first colon.
func fuzzHTTP(_ bytes: Bytes) {
    if let target = RequestTarget(bytes) {
        promise(target.path.hasPrefix("/") && !target.path.contains(".."), "no path climbs")
        promise(target.path.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }, "no path has control characters")
    }
    let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
    let words = (lines.first ?? []).split(separator: 0x20, omittingEmptySubsequences: false).map(Bytes.init)
    guard words.count >= 3 else { return }
    let raw = RawRequestHead(
        method: words[0], version: words[2], target: words[1], targetIsWhole: true, linesAreWhole: true,
        headers: lines.dropFirst().map { line in
            let colon = line.firstIndex(of: 0x3A) ?? line.endIndex
            return (name: Bytes(line[..<colon]), value: Bytes(line[colon...].dropFirst()))
        }, size: bytes.count)
    guard let head = try? RequestFence(limits: HTTPLimits()).check(raw, remoteAddress: "::1") else { return }
    promise(["GET", "HEAD", "POST"].contains(head.method), "no other methods")
    promise(head.headers.values.allSatisfy { !$0.utf8.contains(0x0A) && !$0.utf8.contains(0) }, "values are one line")
    promise(head.headers["content-length"] == nil || head.headers["transfer-encoding"] == nil, "one end of the body")
    promise((head.contentLength ?? 0) <= HTTPLimits().maxBodyBytes, "no body beyond the limit")
}

func fuzzCSV(_ bytes: Bytes) {
    for kind in ImportKind.allCases {
        guard let stream = try? TextStream(bytes: bytes),
            var rows = try? CSVRows(stream, kind.columns, longestCell: 1024)
        else { continue }
        read(&rows, kind)
    }
}

func fuzzJSON(_ bytes: Bytes) {
    if let value = JSONValue(bytes) { promise(JSONValue(bytes) == value, "a value is read again alike") }
    for kind in ImportKind.allCases {
        guard let stream = try? TextStream(bytes: bytes) else { continue }
        var rows = JSONRows(stream, kind.columns)
        read(&rows, kind)
    }
}

private func read(_ rows: inout some RowSource, _ kind: ImportKind) {
    while let row = try? rows.next() {
        guard case .success(let values) = row.content else { continue }
        let fields = RowFields(values)
        switch kind {
        case .areas: _ = try? ImportItem.area(fields)
        case .procedures: _ = try? ImportItem.procedure(fields)
        case .dossiers: _ = try? Dossier.read(fields)
        case .places: _ = try? ImportItem.place(fields)
        }
    }
}

func fuzzCodes(_ bytes: Bytes) {
    let text = String(decoding: bytes, as: UTF8.self)
    if let decoded = Base32.decode(text) {
        promise(Base32.decode(Base32.encode(decoded)) == decoded, "base 32 goes both ways")
    }
    if let code = LookupCode(parsing: text) {
        promise(LookupCode(parsing: code.canonical) == code, "a look-up code is read again alike")
    }
    let code = DossierCode(text)
    promise(DossierCode(code.key).key == code.key, "a dossier's code keeps its normal form")
    if let parsed = JoinRequest.parse(text) {
        let again = JoinRequest.parse(JoinRequest.format(id: parsed.id, secret: parsed.secret))
        promise(again?.id == parsed.id && again?.secret == parsed.secret, "an invitation is read again alike")
    }
    if let day = CivilDate.parse(text) { promise(CivilDate.parse(day.iso8601) == day, "a day is read again alike") }
    _ = MomentText.parse(text, now: 1_790_000_000)
    _ = SearchTerms(text)
    _ = ShortID.range(ShortID.normalized(text))
    _ = Moment(text)
    _ = Decimal7.parse(text)
    let folded = SearchFold.fold(text)
    promise(SearchFold.fold(folded) == folded, "folding twice changes nothing")
}

func fuzzText(_ bytes: Bytes) {
    let text = String(decoding: bytes, as: UTF8.self)
    let line = SafeText.line(text)
    promise(line.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F..<0xA0).contains($0.value) }, "no controls")
    promise(SafeText.line(line).utf8.elementsEqual(line.utf8), "safe text stays as it is")
    let cut = DisplayWidth.truncating(line, to: 10)
    promise(DisplayWidth.of(cut) <= 10, "cut text fits")
    let cell = WardStatistics.cell(text)
    promise(!["=", "+", "-", "@", "\t", "\r"].contains(String(cell.first ?? " ")), "no cell is a formula")
    let shown = DisplayText.safe(text)
    promise(DisplayText.safe(shown).utf8.elementsEqual(shown.utf8), "shown text stays as it is")
    _ = TextWrap.lines(line, columns: 12)
    let normal = TextNormalization.nfc(text)
    promise(TextNormalization.nfc(normal).utf8.elementsEqual(normal.utf8), "NFC twice changes nothing")
}
