// One import of a file from its first row to its totals, in batches that are each durable by themselves.
import SyncKit

/// How an import is to be done.
struct ImportOptions: Sendable {
    /// The operator's word on the encoding; nil to find it out.
    var encoding: TextEncoding?
    /// Only say what would come of it.
    var isTrial = false
    /// Asked between rows; where it says so, the import ends after the batch that is at work.
    var shouldStop: @Sendable () -> Bool = { false }
}

/// Imports a file. It can be cut off at any moment and run again: what is there already is not changed.
struct ImportRun {
    /// A batch ends with so many rows or so many bytes; each is one transaction of the ward.
    static let batchRows = 500
    private static let batchBytes = 512 * 1024
    /// A row that is larger fits no request, in bytes.
    private static let longestRow = 2 * 1024 * 1024
    /// So many rows wait for a row that may stand below them.
    private static let mostWaiting = 20_000

    typealias Perform = (ControlRequest) throws(ControlFailure) -> CBORValue

    let kind: ImportKind
    let options: ImportOptions
    private(set) var report = ImportReport()
    private let perform: Perform
    private let refused: (ImportReport.Refusal) -> Void
    private let progress: (ImportReport) -> Void

    private var batch: [Queued] = []
    private var weight = 0
    /// Refused rows that are told with the batch, in the order of the file.
    private var untold: [ImportReport.Refusal] = []
    /// Each code of the file: where it stands first, and what it says there.
    private var seen: [String: (line: Int, content: Int)] = [:]
    /// Areas whose parent may stand further below; places until all names are known.
    private var waiting: [Queued] = []
    private var areas = AreaDirectory([])

    /// A row that was read.
    private struct Queued {
        var line: Int
        var code: String
        var row: Row
    }

    private enum Row {
        case item(ImportItem)
        case dossier(Dossier)
    }

    /// - Parameters:
    ///   - perform: asks the ward.
    ///   - refused: called for each refused row, batch by batch in the order of the file.
    ///   - progress: called after each batch with what was done so far.
    init(
        _ kind: ImportKind, options: ImportOptions = ImportOptions(), perform: @escaping Perform,
        refused: @escaping (ImportReport.Refusal) -> Void = { _ in },
        progress: @escaping (ImportReport) -> Void = { _ in }
    ) {
        self.kind = kind
        self.options = options
        self.perform = perform
        self.refused = refused
        self.progress = progress
    }

    /// Reads the file and hands batch after batch to the ward.
    mutating func run(path: String) throws(ImportFailure) {
        let stream: TextStream
        do {
            stream = try TextStream(path: path, encoding: options.encoding, shouldStop: options.shouldStop)
        } catch {
            guard error == .interrupted else { throw error }
            report.isStopped = true
            return
        }
        defer { stream.close() }
        report.encoding = stream.found
        if kind == .areas || kind == .places { areas = AreaDirectory(decoding: try ask(.areas)) }
        if let first = stream.firstSolid, JSONRows.begins(first) {
            var rows = JSONRows(stream, kind.columns)
            try read(&rows, size: stream.size)
        } else {
            let longest = kind == .procedures ? ImportItem.longestParted : 16 * 1024
            var rows = try CSVRows(stream, kind.columns, longestCell: longest)
            report.unknownColumns = rows.unknownColumns
            try read(&rows, size: stream.size)
        }
    }

    private func ask(_ request: ControlRequest) throws(ImportFailure) -> CBORValue {
        do { return try perform(request) } catch { throw .control(error) }
    }

    // MARK: Rows

    private mutating func read(_ rows: inout some RowSource, size: Int?) throws(ImportFailure) {
        do {
            while let row = try rows.next() {
                take(row, rows)
                if batch.count >= Self.batchRows || weight >= Self.batchBytes {
                    if let size, size > 0 { report.percent = min(100, rows.consumed * 100 / size) }
                    try handOver()
                }
                if options.shouldStop() { return stop() }
            }
            try settleWaiting(rows)
            report.percent = 100
            try handOver()
        } catch {
            guard error == .interrupted else { throw error }
            stop()
        }
    }

    private mutating func stop() {
        tellRefusals()
        report.isStopped = true
    }

    private mutating func take(_ row: SourceRow, _ rows: some RowSource) {
        var code = ""
        do throws(RowProblem) {
            let fields = RowFields(try row.content.get())
            code = (try? fields.text(kind == .places ? "name" : "code", most: 400)) ?? ""
            switch kind {
            case .dossiers: try queue(Queued(line: row.line, code: code, row: .dossier(try Dossier.read(fields))))
            case .procedures: try queue(Queued(line: row.line, code: code, row: .item(try .procedure(fields))))
            case .areas: try queueArea(Queued(line: row.line, code: code, row: .item(try .area(fields))))
            case .places: try wait(Queued(line: row.line, code: code, row: .item(try .place(fields))))
            }
        } catch { refuse(row.line, code, error, rows) }
    }

    private mutating func refuse(_ line: Int, _ code: String, _ problem: RowProblem, _ rows: some RowSource) {
        let column = problem.field.map { $0.isEmpty ? "" : rows.label($0) } ?? ""
        untold.append(ImportReport.Refusal(line: line, column: column, code: code, problem: problem))
    }

    private mutating func wait(_ queued: Queued) throws(RowProblem) {
        guard waiting.count < Self.mostWaiting else { throw .refusedByWard }
        waiting.append(queued)
    }

    private mutating func queueArea(_ queued: Queued) throws(RowProblem) {
        guard case .item(let item) = queued.row else { return }
        guard isAreaKnown(item) else { return try wait(queued) }
        try queue(queued)
        areas.add(item.code, item.areaName)
    }

    private func isAreaKnown(_ item: ImportItem) -> Bool { item.namedArea.map { areas.has($0.code) } ?? true }

    /// What the file says twice in the same words counts once; what it says twice in other words is refused, because
    /// nobody could tell which of them holds.
    private mutating func queue(_ queued: Queued) throws(RowProblem) {
        let (key, content) = Self.identity(queued.row)
        if let first = seen[key] {
            guard first.content == content else { throw .repeated(line: first.line) }
            report.count(.unchanged)
            return
        }
        if case .item(let item) = queued.row {
            guard item.weight <= Self.longestRow else { throw .tooLong(field: "", most: Self.longestRow) }
            weight += item.weight
        } else {
            weight += 600
        }
        seen[key] = (queued.line, content)
        batch.append(queued)
    }

    private static func identity(_ row: Row) -> (key: String, content: Int) {
        var hasher = Hasher()
        switch row {
        case .dossier(var dossier):
            let key = dossier.key
            dossier.code = key
            hasher.combine(dossier)
            return (key, hasher.finalize())
        case .item(let item):
            for (slot, value) in item.values {
                hasher.combine(slot)
                hasher.combine(value)
            }
            for set in item.sets {
                hasher.combine(set.field)
                hasher.combine(set.elements)
            }
            return (item.code, hasher.finalize())
        }
    }

    // MARK: What had to wait

    /// Queues what waited for the rest of the file.
    private mutating func settleWaiting(_ rows: some RowSource) throws(ImportFailure) {
        if kind == .places { keepNamesApart() }
        var isMoving = true
        while isMoving, !waiting.isEmpty {
            isMoving = false
            let round = waiting
            waiting = []
            for queued in round {
                guard case .item(let item) = queued.row, isAreaKnown(item) else {
                    waiting.append(queued)
                    continue
                }
                isMoving = true
                do throws(RowProblem) {
                    try queue(queued)
                    if kind == .areas { areas.add(item.code, item.areaName) }
                } catch { refuse(queued.line, queued.code, error, rows) }
                if batch.count >= Self.batchRows || weight >= Self.batchBytes {
                    try handOver()
                    if options.shouldStop() { throw .interrupted }
                }
            }
        }
        for queued in waiting {
            guard case .item(let item) = queued.row, let (column, code) = item.namedArea else { continue }
            let problem = RowProblem.unknownArea(field: column, value: code, nearest: areas.nearest(to: code))
            refuse(queued.line, queued.code, problem, rows)
        }
        waiting = []
    }

    /// Places with a name that others of the file have are told apart by their addresses.
    private mutating func keepNamesApart() {
        var counts: [String: Int] = [:]
        for case .item(let item) in waiting.map(\.row) { counts[item.code, default: 0] += 1 }
        for place in waiting.indices {
            guard case .item(var item) = waiting[place].row, counts[item.code, default: 0] > 1 else { continue }
            item.code = ImportItem.placeKey(name: waiting[place].code, address: item.placeAddress)
            waiting[place].row = .item(item)
        }
    }

    // MARK: Batches

    private mutating func handOver() throws(ImportFailure) {
        defer { tellRefusals() }
        guard !batch.isEmpty else { return }
        var items: [ImportItem] = []
        var dossiers: [Dossier] = []
        for queued in batch {
            switch queued.row {
            case .item(let item): items.append(item)
            case .dossier(let dossier): dossiers.append(dossier)
            }
        }
        let request =
            dossiers.isEmpty
            ? ControlRequest.importItems(items, isTrial: options.isTrial)
            : .importDossiers(dossiers, isTrial: options.isTrial)
        guard case .bytes(let outcomes) = try ask(request), outcomes.count == batch.count else {
            throw .control(ControlFailure(.unavailable))
        }
        for (outcome, queued) in zip(outcomes, batch) {
            let outcome = ImportOutcome(rawValue: outcome) ?? .refused
            guard outcome == .refused else {
                report.count(outcome)
                continue
            }
            untold.append(ImportReport.Refusal(line: queued.line, code: queued.code, problem: .refusedByWard))
        }
        batch = []
        weight = 0
        tellRefusals()
        progress(report)
    }

    private mutating func tellRefusals() {
        for refusal in untold.sorted(by: { $0.line < $1.line }) {
            report.refuse(refusal)
            refused(refusal)
        }
        untold = []
    }
}
