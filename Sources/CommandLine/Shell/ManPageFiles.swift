// Writing manual pages into a folder.

import Glibc

extension ManPages {
    /// Writes every page below a folder, which is made where it is missing, and says how many there are.
    func write(to folder: String, _ terminal: Terminal) throws(ErrorReport) {
        let pages = pages
        for page in pages {
            let path = folder + "/" + page.path
            Self.makeFolders(of: path)
            var failure = errno
            let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
            if file >= 0 {
                var out = OutputWriter(fileDescriptor: file)
                out.write(page.text)
                out.flush()
                let closed = close(file)
                if out.failure == nil, closed == 0 { continue }
                if case .system(let number) = out.failure { failure = number } else { failure = errno }
            } else {
                failure = errno
            }
            throw ErrorReport(
                .inputOutput, code: "man.not-written",
                happened: ManWording.notWritten.with(path, String(cString: strerror(failure))), loss: .nothing,
                next: ManWording.notWrittenNext.with())
        }
        if terminal.isJSON {
            terminal.printJSON { json in
                json.object { json in
                    json.member("folder", folder)
                    json.member("pages", pages.count)
                }
            }
        } else {
            terminal.print(ManWording.written, String(pages.count), folder)
            terminal.remark(ManWording.read, folder, program.name)
        }
    }

    /// Makes the folders above a file; what fails shows when the file is opened.
    private static func makeFolders(of path: String) {
        var place = path.utf8.startIndex
        while let next = path.utf8[place...].dropFirst().firstIndex(of: UInt8(ascii: "/")) {
            mkdir(String(path[..<next]), 0o755)
            place = next
        }
    }
}

/// What is said about manual pages.
enum ManWording {
    static let written = Message(vi: "Đã ghi {0} trang vào {1}.", en: "{0} pages were written into {1}.")
    static let read = Message(vi: "Đọc bằng: man -M {0} {1}", en: "Read them with: man -M {0} {1}")
    static let notWritten = Message(vi: "Không ghi được {0} ({1}).", en: "{0} could not be written ({1}).")
    static let notWrittenNext = Message(
        vi: "Chọn một thư mục khác mà bạn ghi được, rồi chạy lại.",
        en: "Choose another folder that you may write to, then run it again.")
    static let all = [written, read, notWritten, notWrittenNext]
}
