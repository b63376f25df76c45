// The guide for whoever looks after a ward: every command of it, run in its order.
import Glibc
import SyncKit
import Testing

@testable import SyncServer

@Suite struct OperationsDocumentTests {
    private static let root = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")

    /// The commands in the blocks of a document, each as its words. None may hide behind an indentation or a comment.
    static func commands(in document: String) throws -> [[String]] {
        let text = String(decoding: try HomeFiles.read("\(root)/docs/\(document)", max: 1 << 20), as: UTF8.self)
        var block: Substring?
        var found: [[String]] = []
        for line in text.split(separator: "\n") {
            if line.hasPrefix("```") {
                block = block == nil ? line : nil
                continue
            }
            let words = words(line)
            if block == "```", ["ward-server", "ward", "systemctl"].contains(words.first) { found.append(words) }
        }
        return found
    }

    /// The words of a command line; what stands in quotes is one of them.
    private static func words(_ line: Substring) -> [String] {
        line.split(separator: "\"", omittingEmptySubsequences: false).enumerated().flatMap { place, part in
            place % 2 == 1 ? [String(part)] : part.split(separator: " ").map(String.init)
        }
    }

    @Test func theCommandsOfTheOperationsGuideWork() throws {
        let guide = try Guide(root: Self.root)
        let commands = try Self.commands(in: "operations.md")
        #expect(commands.count >= 45)
        for command in commands { try guide.run(command) }
        try guide.stop()
        let path = guide.directory.path
        #expect(access(path + "/restored/ward.db", F_OK) == 0 && access(path + "/device", F_OK) != 0)
        // The medium has the root key, the server no more; and what the guide did left a sound ward.
        #expect(access(path + "/usb-root-2.key", F_OK) == 0 && access(guide.home.rootKey, F_OK) != 0)
        let audit = try ServerProcess(["audit", "--home", guide.home.path], in: guide.directory)
        #expect(audit.wait() == 0, "\(audit.text)")
    }
}

/// Somebody who does what the guide says, with places, devices and a server of their own.
private final class Guide {
    let directory: TemporaryDirectory
    let home: WardHome
    private let root: String
    private var device = ""
    private var serving: (process: ServerProcess, port: UInt16)?
    private var lastServed: [String] = []
    /// Those who work for the ward, with `ward`: from the first command that names no home.
    private var admin: WardDevice?
    private var lan: WardDevice?

    init(root: String) throws {
        self.root = root
        directory = try TemporaryDirectory()
        home = WardHome(directory.path + "/home")
        let material = try TLSTests.made()
        for (name, text) in [
            ("ward.pem", material.certificatePEM), ("ward-key.pem", material.privateKeyPEM),
            ("passphrase.txt", "một cụm mật khẩu dài\n"),
        ] { _ = try directory.write(name, text.utf8) }
    }

    /// What stands for a word of the guide here.
    private func real(_ word: String) -> String {
        switch word {
        case "DIR": return home.path
        case "NEW": return directory.path + "/restored"
        case "DRILL": return directory.path + "/drill"
        case "HOME": return directory.path + "/device"
        case "DEVICE": return device
        // Not over, whenever this runs.
        case "31/12/2027": return "31/12/2090"
        case _ where word.hasPrefix("Samples/"): return "\(root)/\(word)"
        case _ where word.hasPrefix("/media/USB/"): return directory.path + "/usb-" + word.dropFirst(11)
        case _ where [".key", ".backup", ".pem", ".svg", ".txt"].contains { word.hasSuffix($0) }:
            return directory.path + "/" + word
        default: return word
        }
    }

    func run(_ command: [String]) throws {
        let name = command.joined(separator: " ")
        var words = command.dropFirst().map(real)
        if command[0] == "systemctl" {
            #expect(command.last == "ward-server", "\(name)")
            return try command[1] == "stop" ? stop() : serve(lastServed)
        }
        if words.first == "serve" { return try serve(words) }
        if words.first == "revoke", device.isEmpty {
            device = try Self.member(of: home, port: try #require(serving?.port))
            words = command.dropFirst().map(real)
        }
        if command[0] == "ward" {
            if command.contains("HOME"), access(real("HOME"), F_OK) != 0 {
                let made = try ServerProcess(
                    ["init", "--home", real("HOME"), "--descriptor", home.descriptor], in: directory, program: "ward")
                #expect(made.wait() == 0)
            }
            if !command.contains("HOME") { words = try onAdminsDevice(words) }
        }
        let run = try ServerProcess(words, in: directory, program: command[0])
        #expect(run.wait() == 0, "\(name): \(run.text)\(run.errors)")
        if words.first == "init" {
            for (file, source) in [("recovery.key", home.recoveryKey), ("root.key", home.rootKey)] {
                _ = try directory.write(file, try HomeFiles.read(source, max: 200))
            }
        }
    }

    /// Serves on any free port, after whatever was served before.
    private func serve(_ words: [String]) throws {
        try stop()
        lastServed = words
        var words = words
        let file = directory.path + "/port"
        unlink(file)
        if let place = words.firstIndex(of: "--listen") { words[place + 1] = "127.0.0.1:0" }
        let server = try ServerProcess(words + ["--port-file", file], in: directory)
        while server.isRunning, access(file, F_OK) != 0 { usleep(2000) }
        try #require(server.isRunning, "\(words): \(server.errors)")
        let port = String(decoding: try HomeFiles.read(file, max: 16), as: UTF8.self).filter(\.isNumber)
        serving = (server, try #require(UInt16(port)))
    }

    func stop() throws {
        serving?.process.signal(SIGTERM)
        #expect(serving.map { $0.process.wait() == 0 } ?? true)
        serving = nil
    }

    /// The words with an admin's home behind them, and with the name of something that is held.
    private func onAdminsDevice(_ words: [String]) throws -> [String] {
        if admin == nil {
            // In plaintext on loopback: the certificates of the guide are for other names.
            try serve(["serve", "--home", home.path, "--listen", "127.0.0.1:0"])
            let http = TestRequest(port: try #require(serving?.port))
            let ward = TestHome(directory: directory, home: home)
            lan = try ward.phone("Lan", http, role: "volunteer")
            _ = try ward.phone("Minh", http, role: "volunteer")
            admin = try ward.phone("Mai", http, role: "admin", area: "06685")
        }
        let (admin, lan) = (try #require(admin), try #require(lan))
        if words.prefix(2) == ["quarantine", "list"] {
            // What was ordered so far is carried out, and what Lan sends after it is held.
            #expect(try admin.sync().code == 0)
            #expect(try lan.ward("report", "new", "-t", "Đèn hỏng", "--area", "3").code == 0)
            #expect(try lan.sync().code == 6)
            #expect(try admin.sync().code == 0)
        }
        var words = words
        if let place = words.firstIndex(of: "3k7q") {
            words[place] = try #require(try admin.ward("quarantine", "list", "--json").json("short_id"))
        }
        return words + ["--home", admin.path]
    }

    /// A volunteer's device that joined the ward that is served, as `ward-server` names it.
    private static func member(of home: WardHome, port: UInt16) throws -> String {
        let link = try ControlLink.open(home)
        let reply = try link.perform(
            .invite(role: .volunteer, areas: ["06685.03"], name: "Hoà", expiresDays: 7, validDays: 30))
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
