// Why a whole file cannot be imported; a single bad row is no reason.
import SyncKit

/// Why an import of a file cannot begin or go on. What was taken over before stays.
enum ImportFailure: Error, Equatable {
    case file(FileError)
    /// Not a file of text; the kind says what it is.
    case notText(FileKind)
    /// No encoding that is known gives readable text.
    case unknownEncoding
    /// The system's converter for this encoding is not installed.
    case noConverter(TextEncoding)
    /// The head of a CSV file lacks columns; each with the column of the file that may be meant.
    case missingColumns([MissingColumn])
    /// The head of a CSV file names a column twice, or two of its columns mean the same.
    case repeatedColumn(String, String)
    /// The head of a CSV file cannot be read.
    case badHeader
    /// The file is empty.
    case empty
    /// Stopped from the keyboard while waiting for more of the file.
    case interrupted
    case control(ControlFailure)
}

/// A column that a file needs and does not have.
struct MissingColumn: Equatable {
    /// The column's name in documents.
    var name: String
    /// A column of the file that may be meant.
    var nearest: String?
}
