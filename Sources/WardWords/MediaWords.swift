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
