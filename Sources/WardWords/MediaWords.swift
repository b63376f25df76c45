// What kinds of files are called, and how long they are.

import CommandLineKit
import SyncKit

/// The types of files for people.
package enum MediaWord {
    package static func message(_ media: MediaType) -> Message {
        switch media {
        case .jpeg, .png, .webp: m("ảnh", "photo")
        case .pdf: Message(vi: "tệp PDF", en: "PDF")
        }
    }

    /// What a file is called: its type, and of a private one that it is private.
    package static func text(_ attachment: Attachment, _ language: Language) -> String {
        guard attachment.isSealed else {
            return language.text(attachment.mediaType.map(message) ?? ValueWord.file.message)
        }
        guard let type = attachment.sealedType else { return language.text(ValueWord.privateFile.message) }
        return language.text(ValueWord.privateFile.message) + " (" + language.text(message(type)) + ")"
    }
}

/// A number of bytes for people: with the decimal sign of their language, in units of 1,000.
package enum ByteCount {
    package static func text(_ bytes: Int, _ language: Language) -> String {
        if bytes < 1000 { return "\(bytes) B" }
        let (unit, scale) = bytes < 1_000_000 ? ("kB", 1000) : ("MB", 1_000_000)
        let tenths = (bytes + scale / 20) / (scale / 10)
        if tenths >= 100 { return "\((bytes + scale / 2) / scale) \(unit)" }
        return "\(tenths / 10)\(language == .vi ? "," : ".")\(tenths % 10) \(unit)"
    }
}
