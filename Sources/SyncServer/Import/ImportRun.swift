// One import from its first row to its totals, in batches that are each durable by themselves.
import SyncKit

/// What an import did.
struct ImportReport: Sendable {
    /// A row that was not taken over.
    struct Refusal: Sendable {
        var line: Int
        var code: String
        var problem: RowProblem
    }

    var new = 0
    var changed = 0
    var unchanged = 0
    var refused = 0
    /// The first of the refused rows.
    var refusals: [Refusal] = []
    /// How many of them are kept.
    static let mostRefusals = 1000

    var rows: Int { new + changed + unchanged + refused }

    mutating func refuse(line: Int, code: String, _ problem: RowProblem) {
        refused += 1
        if refusals.count < Self.mostRefusals { refusals.append(Refusal(line: line, code: code, problem: problem)) }
    }
}

/// What can be imported.
enum ImportKind: String, Sendable {
    case areas
    case procedures
    case dossiers
}

/// Imports a file. It can be cut off at any moment and run again: what is there already is not changed.
struct ImportRun {
    /// A batch ends with so many rows or so many bytes; each is one transaction of the ward.
    private static let batchRows = 50
    private static let batchBytes = 512 * 1024

    let kind: ImportKind
    private(set) var report = ImportReport()
    private var items: [(line: Int, item: ImportItem)] = []
    private var dossiers: [(line: Int, dossier: Dossier)] = []
    private var weight = 0

    init(_ kind: ImportKind) { self.kind = kind }

    /// Reads the file and hands batch after batch to `perform`.
    /// - Parameter progress: called after each batch with what was done so far.
    mutating func run(
        path: String, perform: (ControlRequest) throws(ControlFailure) -> CBORValue, progress: (ImportReport) -> Void
    ) throws(ImportFailure) {
        var stream = try ByteStream(path: path)
        defer { stream.close() }
        guard let first = try stream.peek() else { throw .empty }
        if kind == .dossiers, first != UInt8(ascii: "{") {
            var rows = try CSVRows(stream, required: Dossier.columns)
            try read(&rows, perform, progress)
        } else {
            var rows = JSONRows(stream)
            try read(&rows, perform, progress)
        }
    }

    private mutating func read(
        _ rows: inout some RowSource, _ perform: (ControlRequest) throws(ControlFailure) -> CBORValue,
        _ progress: (ImportReport) -> Void
    ) throws(ImportFailure) {
        while let row = try rows.next() {
            take(row)
            if items.count + dossiers.count >= Self.batchRows || weight >= Self.batchBytes {
                try hand(over: perform)
                progress(report)
            }
        }
        try hand(over: perform)
    }

    private mutating func take(_ row: SourceRow) {
        var code = ""
        do throws(RowProblem) {
            let fields = RowFields(try row.content.get())
            code = (try? fields.text("code", max: 64)) ?? ""
            switch kind {
            case .areas: add(row.line, try .area(fields))
            case .procedures: add(row.line, try .procedure(fields))
            case .dossiers:
                dossiers.append((row.line, try Dossier.read(fields)))
                weight += 1000
            }
        } catch { report.refuse(line: row.line, code: code, error) }
    }

    private mutating func add(_ line: Int, _ item: ImportItem) {
        items.append((line, item))
        weight += item.weight
    }

    private mutating func hand(over perform: (ControlRequest) throws(ControlFailure) -> CBORValue)
        throws(ImportFailure)
    {
        let names =
            items.map { (line: $0.line, code: $0.item.code) } + dossiers.map { (line: $0.line, code: $0.dossier.code) }
        guard !names.isEmpty else { return }
        let request =
            dossiers.isEmpty
            ? ControlRequest.importItems(items.map(\.item)) : .importDossiers(dossiers.map(\.dossier))
        let reply: CBORValue
        do { reply = try perform(request) } catch { throw .control(error) }
        guard case .bytes(let outcomes) = reply, outcomes.count == names.count else {
            throw .control(ControlFailure(.unavailable))
        }
        for (outcome, name) in zip(outcomes, names) {
            switch ImportOutcome(rawValue: outcome) {
            case .new: report.new += 1
            case .changed: report.changed += 1
            case .unchanged: report.unchanged += 1
            case .refused, nil: report.refuse(line: name.line, code: name.code, .refusedByWard)
            }
        }
        items = []
        dossiers = []
        weight = 0
    }
}
