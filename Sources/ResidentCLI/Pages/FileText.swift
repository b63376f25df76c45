// One file of a document as a line: what it is, and where it is.

import CommandLineKit
import SyncKit

/// Says where a file is.
struct FileText {
    let terminal: Terminal

    /// The number, the kind and the length, then the standing.
    func line(_ number: Int, _ file: FileState) -> String {
        let kind = MediaWord.text(file.attachment, terminal.language)
        let length = ByteCount.text(file.attachment.content.length, terminal.language)
        return "\(number). \(kind) \(ShortID.text(file.attachment.content.root)), \(length) – " + places(file)
    }

    private func places(_ file: FileState) -> String {
        var parts = [standing(file.standing)]
        if !file.opens { parts.append(terminal.word(AttachWord.privateClosed.message)) }
        if file.standing == .received || file.standing == .elsewhere {
            if file.isHere {
                parts.append(terminal.word(AttachWord.here.message))
            } else if file.percentHere > 0 {
                parts.append(filled(.partHere, String(file.percentHere)))
            } else if file.isWanted {
                parts.append(terminal.word(AttachWord.wanted.message))
            }
        }
        return parts.joined(separator: "; ")
    }

    func standing(_ standing: FileState.Standing) -> String {
        switch standing {
        case .received: terminal.word(AttachWord.received.message)
        case .waiting: terminal.word(AttachWord.waiting.message)
        case .sending(let percent): filled(.sending, String(percent))
        case .unconfirmed: terminal.word(AttachWord.unconfirmed.message)
        case .notAccepted(let code):
            filled(.notAccepted, code.map { terminal.word(RefusalWords($0).why) } ?? "?")
        case .elsewhere: terminal.word(AttachWord.elsewhere.message)
        }
    }

    private func filled(_ word: AttachWord, _ value: String) -> String {
        terminal.language.text(Phrase(word.message, [value]))
    }

    /// A stable word for programs.
    static func word(_ standing: FileState.Standing) -> String {
        switch standing {
        case .received: "received"
        case .waiting: "waiting"
        case .sending: "sending"
        case .unconfirmed: "unconfirmed"
        case .notAccepted: "not_accepted"
        case .elsewhere: "elsewhere"
        }
    }

    /// Writes the files of a document as objects.
    static func write(
        _ files: [(number: Int, file: FileState)], as name: String = "attachments", to json: inout JSONWriter
    ) {
        json.array(name) { json in
            for (number, file) in files {
                json.object { json in
                    json.member("number", number)
                    json.member("root", file.attachment.content.root.hex)
                    json.member("type", (file.attachment.mediaType ?? file.attachment.sealedType)?.mime)
                    json.member("private", file.attachment.isSealed)
                    json.member("opens", file.opens)
                    json.member("bytes", file.attachment.content.length)
                    json.member("state", word(file.standing))
                    if case .sending(let percent) = file.standing { json.member("percent_sent", percent) }
                    json.member("here", file.isHere)
                    json.member("percent_here", file.percentHere)
                    json.member("wanted", file.isWanted)
                }
            }
        }
    }
}
