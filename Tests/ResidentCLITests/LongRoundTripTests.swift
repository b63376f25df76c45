// A link on which each word takes a second to the other side: the real programs with their real timeouts, over TLS.
import CommandLineKit
import Testing

@testable import SyncKit

@Suite struct LongRoundTripTests {
    @Test func aReportGoesUpAndItsReceiptComesDownWhereARoundTripTakesTwoSeconds() throws {
        let ward = try CutWard(isSecured: true)
        let home = TestHome()
        let address = "https" + ward.proxy.url.dropFirst(4)
        #expect(home.ward("init", input: ward.descriptor + "\n").code == 0)
        #expect(home.ward("report", "new", "-t", "Nắp cống vỡ", "--area", "3").code == 0)
        ward.proxy.expect(nil)
        ward.proxy.delay(by: 1_000_000)
        let sent = home.ward("sync", "--address", address, "--json")
        #expect(sent.code == 0 && sent.out.contains("\"accepted\":1"), "\(sent.out)\(sent.err)")
        #expect(ward.proxy.figures.connections == 1)
        #expect(home.ward("status", "--json").out.contains("\"waiting_total\":0"))
        let idle = home.ward("sync", "--address", address, "--json")
        #expect(idle.code == 0 && idle.out.contains("\"rounds\":1"), "\(idle.out)\(idle.err)")
    }
}
