// Codes of invitations, as people type them.

import SyncKit
import Testing

@Suite struct JoinRequestTests {
    @Test func aCodeIsReadAsItWasFormatted() throws {
        let code = JoinRequest.format(id: "4k2m8p", secret: "3qx7yz01ab4k2m8p3qx7yz01")
        let parsed = try #require(JoinRequest.parse(code.uppercased()))
        #expect(parsed.id == "4k2m8p" && parsed.secret == "3qx7yz01ab4k2m8p3qx7yz01")
    }

    /// Marks that join the letter before them would move the border between the id and the secret.
    @Test(arguments: [
        "", "4k2m8p-3qx7yz", String(repeating: "é", count: 15), "4k2m8p-3qx7y\u{301}-01ab4k-2m8p3q-x7yz",
        "4k2m8p-uuuuuu-uuuuuu-uuuuuu-uuuuuu", "4k2m8p-3qx7yz-01ab4k-2m8p3q-x7yz0'",
    ])
    func whatIsNoCodeIsNotReadAsOne(text: String) { #expect(JoinRequest.parse(text) == nil) }
}
