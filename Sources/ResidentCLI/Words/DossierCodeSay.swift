// What is said about a dossier's code.

import CommandLineKit

enum DossierCodeSay: MessageTable {
    case unusual

    var message: Message {
        switch self {
        case .unusual:
            m(
                "«{0}» không giống mã hồ sơ thường gặp, như 000.00.01.H49-261103-0001; câu hỏi vẫn được lưu đúng như đã nhập.",
                "“{0}” does not look like a dossier's code, such as 000.00.01.H49-261103-0001; it is asked for as typed."
            )
        }
    }
}
