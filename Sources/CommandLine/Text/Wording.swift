// Everything that the framework itself says, in one table.

/// The framework's own words: headings, usage errors, labels of error reports, prompts.
package enum Wording: CaseIterable, Sendable {
    case usage, commands, arguments, options, globalOptions, examples
    case commandPlaceholder, optionsPlaceholder, valuePlaceholder, filePlaceholder, numberPlaceholder
    case optionRequired, optionRepeats, optionEnvironment, optionChoices, helpHint
    case unknownCommand, unknownOption, perhaps, missingValue, missingArgument, missingOption
    case unexpectedArgument, unexpectedValue, repeatedOption, badValue, environmentSource
    case expectedText, expectedInteger, expectedFile, expectedChoice, seeHelp
    case errorLabel, warningLabel, lossLabel, nextLabel, nothingLost, nothingChanged
    case diskFull, outputFailed, outputLoss, outputNext
    case unknownTopic, topics, topicHint, topicPlaceholder
    case confirmYes, confirmNo, confirmAgain, unreadableInput, needsOption

    /// The text in both languages.
    package var message: Message {
        switch self {
        case .usage: Message(vi: "Cách dùng", en: "Usage")
        case .commands: Message(vi: "Lệnh", en: "Commands")
        case .arguments: Message(vi: "Tham số", en: "Arguments")
        case .options: Message(vi: "Tuỳ chọn", en: "Options")
        case .globalOptions: Message(vi: "Tuỳ chọn chung", en: "Global options")
        case .examples: Message(vi: "Ví dụ", en: "Examples")
        case .commandPlaceholder: Message(vi: "lệnh", en: "command")
        case .optionsPlaceholder: Message(vi: "tuỳ chọn", en: "options")
        case .valuePlaceholder: Message(vi: "giá trị", en: "value")
        case .filePlaceholder: Message(vi: "tệp", en: "file")
        case .numberPlaceholder: Message(vi: "số", en: "number")
        case .optionRequired: Message(vi: "bắt buộc", en: "required")
        case .optionRepeats: Message(vi: "dùng được nhiều lần", en: "may be repeated")
        case .optionEnvironment: Message(vi: "nếu không ghi, lấy từ biến môi trường {0}", en: "default: ${0}")
        case .optionChoices: Message(vi: "một trong: {0}", en: "one of: {0}")
        case .helpHint: Message(vi: "Xem hướng dẫn của một lệnh: {0}", en: "For help on a command: {0}")
        case .unknownCommand: Message(vi: "Không có lệnh «{0}».", en: "There is no command “{0}”.")
        case .unknownOption: Message(vi: "Không có tuỳ chọn «{0}».", en: "There is no option “{0}”.")
        case .perhaps: Message(vi: "Có lẽ cần dùng «{0}».", en: "Perhaps “{0}” was meant.")
        case .missingValue: Message(vi: "Tuỳ chọn «{0}» cần có giá trị đi kèm.", en: "The option “{0}” needs a value.")
        case .missingArgument: Message(vi: "Còn thiếu tham số «{0}».", en: "The argument “{0}” is missing.")
        case .missingOption: Message(vi: "Còn thiếu tuỳ chọn «{0}».", en: "The option “{0}” is missing.")
        case .unexpectedArgument:
            Message(vi: "Thừa «{0}»: lệnh này không nhận thêm tham số.", en: "“{0}” is more than this command takes.")
        case .unexpectedValue: Message(vi: "Tuỳ chọn «{0}» không nhận giá trị.", en: "The option “{0}” takes no value.")
        case .repeatedOption:
            Message(vi: "Tuỳ chọn «{0}» chỉ được dùng một lần.", en: "The option “{0}” may be given only once.")
        case .badValue:
            Message(
                vi: "Giá trị «{1}» không hợp lệ cho «{0}»: cần {2}.", en: "“{1}” does not suit “{0}”: it takes {2}.")
        case .environmentSource: Message(vi: "{0} (biến môi trường {1})", en: "{0} (environment variable {1})")
        case .expectedText: Message(vi: "văn bản dài tối đa {0} byte", en: "a text of at most {0} bytes")
        case .expectedInteger: Message(vi: "số nguyên từ {0} đến {1}", en: "a whole number from {0} to {1}")
        case .expectedFile: Message(vi: "đường dẫn tới một tệp", en: "the path of a file")
        case .expectedChoice: Message(vi: "một trong các giá trị {0}", en: "one of {0}")
        case .seeHelp: Message(vi: "Xem hướng dẫn bằng lệnh: {0}", en: "See the help with: {0}")
        case .errorLabel: Message(vi: "Lỗi", en: "Error")
        case .warningLabel: Message(vi: "Lưu ý", en: "Note")
        case .lossLabel: Message(vi: "Dữ liệu", en: "Your data")
        case .nextLabel: Message(vi: "Việc cần làm", en: "What to do")
        case .nothingLost: Message(vi: "Không mất dữ liệu nào.", en: "No data was lost.")
        case .nothingChanged: Message(vi: "Chưa có gì được lưu hay thay đổi.", en: "Nothing was saved or changed.")
        case .diskFull:
            Message(
                vi: "Không ghi được kết quả: nơi ghi đã đầy.", en: "The output could not be written: no space is left.")
        case .outputFailed:
            Message(
                vi: "Không ghi được kết quả (mã hệ thống {0}).",
                en: "The output could not be written (system error {0}).")
        case .outputLoss:
            Message(
                vi: "Chỉ phần in ra bị thiếu; những gì đã lưu vẫn còn nguyên.",
                en: "Only the printed output is incomplete; what was saved is safe.")
        case .outputNext:
            Message(
                vi: "Giải phóng chỗ hoặc chọn nơi ghi khác, rồi xem lại kết quả.",
                en: "Free some space or choose another place to write to, then look at the result again.")
        case .unknownTopic: Message(vi: "Không có chủ đề «{0}».", en: "There is no topic “{0}”.")
        case .topics: Message(vi: "Chủ đề", en: "Topics")
        case .topicHint: Message(vi: "Đọc một chủ đề: {0}", en: "To read about a topic: {0}")
        case .topicPlaceholder: Message(vi: "chủ đề", en: "topic")
        case .confirmYes: Message(vi: "{0} [C/k] ", en: "{0} [Y/n] ")
        case .confirmNo: Message(vi: "{0} [c/K] ", en: "{0} [y/N] ")
        case .confirmAgain:
            Message(vi: "Xin trả lời «c» (có) hoặc «k» (không).", en: "Please answer “y” (yes) or “n” (no).")
        case .unreadableInput:
            Message(
                vi: "Không đọc được nội dung vừa nhập. Xin nhập lại.",
                en: "That could not be read. Please enter it again.")
        case .needsOption:
            Message(
                vi: "Không có màn hình để hỏi. Xin ghi thêm tuỳ chọn «{0}».",
                en: "There is no terminal to ask on. Please give the option “{0}”.")
        }
    }
}
