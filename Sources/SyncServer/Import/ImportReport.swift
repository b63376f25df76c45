// What an import did, row by row where rows were refused.
import SyncKit

/// What an import did, or in a trial would do.
struct ImportReport: Sendable {
    /// A row that was not taken over.
    struct Refusal: Equatable, Sendable {
        var line: Int
        /// What the file calls the column; empty where it is about the whole row.
        var column = ""
        /// The row's code or name, as far as it could be read.
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
    /// Whether it was stopped before the end.
    var isStopped = false
    /// What the file was read as; nil before anything was.
    var encoding: FoundEncoding?
    /// Columns of the file that were not read, each with the known one that may be meant.
    var unknownColumns: [(label: String, nearest: String?)] = []
    /// How much of the file was read, from 0 to 100; nil where its size is not known.
    var percent: Int?

    var rows: Int { new + changed + unchanged + refused }

    /// About how many rows the file has, going by those that were read; nil where its size is not known.
    var expectedRows: Int? {
        guard let percent, percent > 0 else { return nil }
        return percent == 100 ? rows : rows * 100 / percent
    }

    mutating func count(_ outcome: ImportOutcome) {
        switch outcome {
        case .new: new += 1
        case .changed: changed += 1
        case .unchanged: unchanged += 1
        case .refused: refused += 1
        }
    }

    mutating func refuse(_ refusal: Refusal) {
        refused += 1
        if refusals.count < Self.mostRefusals { refusals.append(refusal) }
    }
}
