// The words of the conflict inbox, which stand in SyncKit, as messages.

import CommandLineKit
import SyncKit

extension InboxText {
    package var message: Message { Message(vi: vi, en: en) }
    package var phrase: Phrase { Phrase(message, arguments) }
}
