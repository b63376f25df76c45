// The guide for whoever looks after a ward: every command of it, run in its order.
import Glibc
import SyncKit
import Testing

@testable import SyncServer

@Suite struct OperationsDocumentTests {
    private static let root = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")

    /// The commands in the blocks of a document, each as its words.
    static func commands(in document: String) throws -> [[String]] {
        let text = String(decoding: try HomeFiles.read("\(root)/docs/\(document)", max: 1 << 20), as: UTF8.self)
        return text.split(separator: "\n").filter { $0.hasPrefix("ward-server ") || $0.hasPrefix("ward ") }.map(words)
    }

    /// The words of a command line; what stands in quotes is one of them.
    private static func words(_ line: Substring) -> [String] {
        line.split(separator: "\"", omittingEmptySubsequences: false).enumerated().flatMap { place, part in
            place % 2 == 1 ? [String(part)] : part.split(separator: " ").map(String.init)
        }
    }

    @Test func theCommandsOfTheOperationsGuideWork() throws {
        let directory = try TemporaryDirectory()
        let home = WardHome(directory.path + "/home")
        let material = try TLSTests.made()
        for (name, text) in [
            ("ward.pem", material.certificatePEM), ("ward-key.pem", material.privateKeyPEM),
            ("passphrase.txt", "một cụm mật khẩu dài\n"),
        ] { _ = try directory.write(name, text.utf8) }
        var device = ""
        func real(_ word: String) -> String {
            switch word {
            case "DIR": return home.path
            case "NEW": return directory.path + "/restored"
            case "DRILL": return directory.path + "/drill"
            case "HOME": return directory.path + "/device"
            case "DEVICE": return device
            case _ where word.hasPrefix("Samples/"): return "\(Self.root)/\(word)"
            case _ where [".key", ".backup", ".pem", ".svg", ".txt"].contains { word.hasSuffix($0) }:
                return directory.path + "/" + word
            default: return word
            }
        }
        let commands = try Self.commands(in: "operations.md")
        #expect(commands.count >= 25)
        var serving: (process: ServerProcess, port: UInt16)?
        for command in commands {
            let name = command.joined(separator: " ")
            var words = command.dropFirst().map(real)
            if words.first == "serve" {
                // One after the other, on any free port.
                serving?.process.signal(SIGTERM)
                #expect(serving.map { $0.process.wait() == 0 } ?? true)
                let file = directory.path + "/port"
                unlink(file)
                if let place = words.firstIndex(of: "--listen") { words[place + 1] = "127.0.0.1:0" }
                let server = try ServerProcess(words + ["--port-file", file], in: directory)
                while server.isRunning, access(file, F_OK) != 0 { usleep(2000) }
                try #require(server.isRunning, "\(name)")
                let port = String(decoding: try HomeFiles.read(file, max: 16), as: UTF8.self).filter(\.isNumber)
                serving = (server, try #require(UInt16(port)))
                continue
            }
            if words.first == "revoke" {
                device = try Self.member(of: home, port: try #require(serving?.port))
                words = command.dropFirst().map(real)
            }
            if command[0] == "ward", access(real("HOME"), F_OK) != 0 {
                let made = try ServerProcess(
                    ["init", "--home", real("HOME"), "--descriptor", home.descriptor], in: directory, program: "ward")
                #expect(made.wait() == 0)
            }
            let run = try ServerProcess(words, in: directory, program: command[0])
            #expect(run.wait() == 0, "\(name): \(run.text)")
            if words.first == "init" {
                for (file, source) in [("recovery.key", home.recoveryKey), ("root.key", home.rootKey)] {
                    _ = try directory.write(file, try HomeFiles.read(source, max: 200))
                }
            }
        }
        serving?.process.signal(SIGTERM)
        #expect(serving?.process.wait() == 0)
        #expect(access(directory.path + "/restored/ward.db", F_OK) == 0 && access(real("HOME"), F_OK) != 0)
    }

    /// A volunteer's device that joined the ward that is served, as `ward-server` names it.
    private static func member(of home: WardHome, port: UInt16) throws -> String {
        let link = try ControlLink.open(home)
        let reply = try link.perform(
            .invite(role: .volunteer, areas: ["06685.03"], name: "Lan", expiresDays: 7, validDays: 30))
        link.close()
        let code = try #require(reply["code"].string.flatMap { JoinRequest.parse($0) })
        let (key, sealing) = (
            SigningKey.generate(random: SystemRandomSource()), SealingKey.generate(random: SystemRandomSource())
        )
        let device = DeviceID(key.publicKey)
        let body = JoinRequest(
            invitation: code.id, secret: code.secret, device: device, sealingKey: sealing.publicKey
        ).signed(by: key, ward: try home.readDescriptor().descriptor.ward, scheme: Ed25519Scheme())
        let client = try #require(TLSClient(port: port))
        client.send("POST /v1/join HTTP/1.1\r\nHost: x\r\nContent-Length: \(body.count)\r\nConnection: close\r\n\r\n")
        client.send(body)
        #expect(client.readToEnd().status == 200)
        return device.description
    }
}
