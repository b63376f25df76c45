// The console's sentences in both languages.
import Testing

@testable import CommandLineKit
@testable import SyncKit
@testable import SyncServer
@testable import WardWords

@Suite struct ConsoleWordingTests {
    @Test func everySentenceHasBothLanguagesInNFCWithTheSamePlaceholders() {
        let messages = ConsoleWord.allCases.map(\.message) + DeviceOrderWord.allCases.map(\.message)
        #expect(messages.count > 150)
        for message in messages {
            #expect(!message.vi.isEmpty && !message.en.isEmpty)
            #expect(Array(TextNormalization.nfc(message.vi).utf8) == Array(message.vi.utf8), "\(message.vi)")
            #expect(SafeText.line(message.vi) == message.vi && SafeText.line(message.en) == message.en)
            for digit in 0...9 {
                #expect(message.vi.contains("{\(digit)}") == message.en.contains("{\(digit)}"), "\(message.en)")
            }
        }
    }
}
