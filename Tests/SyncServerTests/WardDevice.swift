// The real `ward` as a person has it, at a ward that the real `ward-server` serves.
import Glibc
import Testing

@testable import SyncServer

/// A run of a program to its end.
struct ProgramRun {
    let code: Int32
    let text: String
    let errors: String

    /// The first value of a text member in JSON output.
    func json(_ key: String) -> String? {
        guard let start = text.firstRange(of: "\"\(key)\":\"") else { return nil }
        return text[start.upperBound...].firstIndex(of: "\"").map { String(text[start.upperBound..<$0]) }
    }
}

/// A home of `ward` on a phone of somebody's.
struct WardDevice {
    let directory: TemporaryDirectory
    let path: String
    /// Where the ward answers now.
    let address: String

    @discardableResult
    func ward(_ words: String...) throws -> ProgramRun { try ward(words) }

    @discardableResult
    func ward(_ words: [String]) throws -> ProgramRun {
        let process = try ServerProcess(words + ["--home", path], in: directory, program: "ward")
        return ProgramRun(code: process.wait(), text: process.text, errors: process.errors)
    }

    @discardableResult
    func sync() throws -> ProgramRun { try ward("sync", "--address", address) }

    /// The same phone where the ward answers at another address.
    func at(_ http: TestRequest) -> WardDevice {
        WardDevice(directory: directory, path: path, address: "http://127.0.0.1:\(http.port)")
    }

    /// The whole id of the device.
    func id() throws -> String { try #require(try ward("whoami", "--json").json("device")) }
}

extension TestHome {
    /// A home that is there already.
    init(directory: TemporaryDirectory, home: WardHome) {
        self.directory = directory
        self.home = home
    }

    /// Runs a command of this ward's server, with what it wrote to standard error.
    func server(_ words: String...) throws -> ProgramRun {
        let process = try ServerProcess(words + ["--home", home.path, "--lang", "en"], in: directory)
        return ProgramRun(code: process.wait(), text: process.text, errors: process.errors)
    }

    /// A phone with the ward's descriptor; invited where a role is given.
    func phone(_ name: String, _ http: TestRequest, role: String? = nil, area: String = "06685.03") throws -> WardDevice
    {
        let device = WardDevice(
            directory: directory, path: directory.path + "/" + name, address: "http://127.0.0.1:\(http.port)")
        #expect(try device.ward("init", "--descriptor", home.descriptor).code == 0)
        if let role {
            let invited = try server("invite", "--role", role, "--area", area, "--name", name, "--json")
            let code = try #require(invited.json("code"))
            let joined = try device.ward("join", code, "--address", device.address)
            #expect(joined.code == 0, "\(joined.errors)")
        }
        #expect(try device.sync().code == 0)
        return device
    }
}
