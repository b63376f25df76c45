// Printing a code where a person sees it, and what is said when that cannot be.

import CommandLineKit

extension Terminal {
    /// Prints a text as a QR code, for a camera that is held in front of the screen: a look-up code, an invitation,
    /// a code for a rating.
    ///
    /// On a terminal that is too narrow nothing is printed, as a code with broken lines cannot be read; the error says
    /// how wide it must be. With `--json` nothing is printed either: the text itself stands in the result.
    package func qr(_ text: String) throws(ErrorReport) {
        guard !isJSON else { return }
        let matrix: QRMatrix
        do { matrix = try QRMatrix(encoding: text, correction: .low) } catch { throw error.report }
        let plain = !outUsesColor
        let needed = matrix.columns(plain: plain)
        guard !outIsTerminal || columns >= needed else { throw QRError.report(columns: needed) }
        out.write(plain ? matrix.plain : matrix.halfBlocks)
    }
}

extension QRError {
    /// The error as a person reads it.
    package var report: ErrorReport {
        switch self {
        case .libraryMissing(let package):
            ErrorReport(
                .failure, code: "qr.no-library", happened: QRWording.noLibrary.message.with(package),
                next: QRWording.noLibraryNext.message.with(package))
        case .unsuitable:
            ErrorReport(
                .refused, code: "qr.unsuitable", happened: Phrase(QRWording.unsuitable.message),
                next: Phrase(QRWording.unsuitableNext.message))
        }
    }

    static func report(columns: Int) -> ErrorReport {
        ErrorReport(
            .failure, code: "qr.too-narrow", happened: QRWording.narrow.message.with(String(columns)),
            next: Phrase(QRWording.narrowNext.message))
    }
}

/// What is said about QR codes.
enum QRWording: CaseIterable {
    case noLibrary, noLibraryNext, unsuitable, unsuitableNext, narrow, narrowNext

    var message: Message {
        switch self {
        case .noLibrary:
            Message(vi: "Chưa vẽ được mã QR: máy thiếu thư viện {0}.", en: "No QR code: the library {0} is missing.")
        case .noLibraryNext:
            Message(
                vi: "Cài bằng: apt install {0}, rồi chạy lại. Các lệnh khác vẫn dùng bình thường.",
                en: "Install it with: apt install {0}, then run this again. Everything else works without it.")
        case .unsuitable:
            Message(vi: "Nội dung này quá dài cho một mã QR.", en: "This text is too long for a QR code.")
        case .unsuitableNext:
            Message(vi: "Chép nội dung dưới dạng chữ.", en: "Hand it over as text instead.")
        case .narrow:
            Message(
                vi: "Cửa sổ hẹp quá: mã QR này cần {0} cột.",
                en: "The window is too narrow: this code takes {0} columns.")
        case .narrowNext:
            Message(
                vi: "Mở rộng cửa sổ hoặc thu nhỏ chữ rồi chạy lại, hoặc ghi ra tệp nếu lệnh có --png hay --svg.",
                en: "Widen the window or make its letters smaller and run this again, "
                    + "or write a file where the command has --png or --svg.")
        }
    }
}
