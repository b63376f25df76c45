// What the ward hangs on a wall leads a device to the ward: the drawn descriptor is the descriptor.
import Glibc
import SyncKit
import Testing

@testable import QRCode
@testable import SyncServer

@Suite struct DrawnCodesTests {
    @Test func theDrawnDescriptorIsReadAndVerified() throws {
        let home = try TestHome()
        let text = try home.home.readDescriptor().text
        let ward = try #require(WardDescriptor(verifying: text, scheme: Ed25519Scheme()))
        let compact = WardDescriptor.compact(text)
        #expect(compact == compact.uppercased() && WardDescriptor(verifying: compact, scheme: Ed25519Scheme()) == ward)
        #expect(WardDescriptor(verifying: "wArDsYnC1-" + compact.dropFirst(10), scheme: Ed25519Scheme()) == nil)

        let (png, svg) = (home.directory.path + "/w.png", home.directory.path + "/w.svg")
        let drawn = try home.command("descriptor", "--qr", "--png", png, "--svg", svg)
        let matrix = try QRMatrix(encoding: compact, correction: .low)
        #expect(drawn.code == 0 && drawn.text.hasPrefix(matrix.plain))
        #expect(!drawn.text.contains("wardsync1-"))
        let poster = String(decoding: try HomeFiles.read(svg, max: 1 << 20), as: UTF8.self)
        #expect(poster.contains(">\(ward.name)</text>") && poster.contains("ward init"))
        #expect(try HomeFiles.read(png, max: 1 << 20).starts(with: [0x89, 0x50, 0x4E, 0x47]))
        #expect(try home.command("descriptor", "--png", "/proc/w.png").code == 10)

        // As JSON it stays JSON, whatever is drawn beside it.
        let json = try home.command("descriptor", "--qr", "--png", png, "--json")
        #expect(json.code == 0 && json.text.hasPrefix("{") && json.text.contains(text))
        try #require(access("/usr/bin/zbarimg", X_OK) == 0, "zbarimg: scripts/install-dependencies")
        let scan = try #require(popen("zbarimg -q --raw '\(png)' 2>/dev/null", "r"))
        var scanned = Bytes()
        while case let byte = fgetc(scan), byte != EOF { scanned.append(UInt8(truncatingIfNeeded: byte)) }
        pclose(scan)
        #expect(WardDescriptor(verifying: String(decoding: scanned, as: UTF8.self), scheme: Ed25519Scheme()) == ward)
    }

    @Test func anInvitationIsShownAsTextAndAsACode() throws {
        let home = try TestHome()
        let invited = try home.command("invite", "--role", "officer", "--name", "Bình", "--qr", "--lang", "en")
        let line = try #require(invited.text.split(separator: "\n").first { $0.hasPrefix("Invitation code: ") })
        let matrix = try QRMatrix(encoding: String(line.dropFirst("Invitation code: ".count)), correction: .low)
        #expect(invited.code == 0 && invited.text.contains(matrix.plain))
    }

    @Test func completionOffersCommandsRolesAndTheWardsOwnArea() throws {
        let home = try TestHome()
        let ward = try home.home.readDescriptor().descriptor
        #expect(ServerProgram.spec.flaws().isEmpty)
        let lists = ServerProgram.spec.lists
        func complete(_ words: String...) throws -> String {
            let process = try ServerProcess(["__complete", "--home", home.home.path] + words, in: home.directory)
            #expect(process.wait() == 0)
            return process.text
        }
        #expect(try complete("descr").hasPrefix("descriptor\t"))
        #expect(try complete("invite", "--role", "v") == "volunteer\n")
        #expect(try complete("invite", "--area", "") == "\(ward.area)\t\(ward.name)\n")
        #expect(try complete("import", "dossiers", "x") == ":file\n")
        #expect(lists.folding("Đ") == "d")
    }
}
