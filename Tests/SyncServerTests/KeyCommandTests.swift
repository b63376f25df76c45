// The ward's keys from the command line: the root key goes offline and comes back, new keys take the old ones' place,
// and what is wrong or done twice is said.
import CommandLineKit
import Glibc
import SyncKit
import Testing

@testable import SyncServer

@Suite(.serialized) struct KeyCommandTests {
    let ward: TestHome

    init() throws { ward = try TestHome() }

    private var medium: String { ward.directory.path + "/medium.key" }

    private func shown() throws -> JSONValue {
        let run = try ward.server("keys", "show", "--json")
        #expect(run.code == 0, "\(run.errors)")
        return try #require(JSONValue(Bytes(run.text.utf8)))
    }

    private func refused(_ run: ProgramRun, _ code: String, _ exit: ExitCode = .refused) {
        #expect(run.code == exit.rawValue && run.errors.contains(code), "\(run.code) \(run.text)\(run.errors)")
    }

    private func mode(_ path: String) -> mode_t {
        var found = stat()
        return stat(path, &found) == 0 ? found.st_mode & 0o777 : 0
    }

    @Test func theRootKeyGoesOfflineAndComesBackAndTwiceIsSaid() throws {
        let seed = try HomeFiles.read(ward.home.rootKey, max: 32)
        #expect(try shown()["root_here"] == .bool(true))
        #expect(try ward.server("keys", "show").text.contains("export-root"))
        let exported = try ward.server("keys", "export-root", medium)
        #expect(exported.code == 0 && exported.text.contains("second copy"), "\(exported.errors)")
        #expect(try HomeFiles.read(medium, max: 32) == seed && mode(medium) == 0o600)
        #expect(access(ward.home.rootKey, F_OK) != 0)
        #expect(try shown()["root_here"] == .bool(false))
        refused(try ward.server("keys", "export-root", ward.directory.path + "/again.key"), "The root key is not at")
        #expect(access(ward.directory.path + "/again.key", F_OK) != 0)
        // What needs the key says where it was looked for.
        refused(try ward.server("keys", "rotate"), ward.home.rootKey)
        refused(try ward.server("keys", "rotate", "--root-key", medium + ".none"), medium + ".none")

        #expect(try ward.server("keys", "import-root", medium).code == 0)
        #expect(try HomeFiles.read(ward.home.rootKey, max: 32) == seed && mode(ward.home.rootKey) == 0o600)
        refused(try ward.server("keys", "import-root", medium), "exists already")
        #expect(try HomeFiles.read(ward.home.rootKey, max: 32) == seed)
        // A file that is there is not written over, and the key stays where it is.
        refused(try ward.server("keys", "export-root", medium), "exists already")
        #expect(try HomeFiles.read(ward.home.rootKey, max: 32) == seed)
        refused(try ward.server("keys", "import-root", medium + ".none"), "The root key is not at")
    }

    @Test func aWrongRootKeyIsRefusedEverywhereAndChangesNothing() throws {
        let other = try TestHome()
        let before = try shown()
        let text = try ward.home.readDescriptor().text
        refused(try ward.server("keys", "rotate", "--root-key", other.home.rootKey), "not this ward's root key")
        // In the place of the ward's own.
        let own = try HomeFiles.read(ward.home.rootKey, max: 32)
        try HomeFiles.replace(ward.home.rootKey, try HomeFiles.read(other.home.rootKey, max: 32), mode: 0o600)
        refused(try ward.server("descriptor", "--address", "http://127.0.0.1:9"), "not this ward's root key")
        refused(try ward.server("keys", "export-root", medium), "not this ward's root key")
        #expect(access(medium, F_OK) != 0)
        try HomeFiles.replace(ward.home.rootKey, own, mode: 0o600)
        // On the medium.
        #expect(try ward.server("keys", "export-root", medium).code == 0)
        refused(try ward.server("keys", "import-root", other.home.rootKey), "not this ward's root key")
        let junk = try ward.directory.write("junk.key", Array(repeating: 7, count: 31))
        refused(try ward.server("keys", "rotate", "--root-key", junk), "not this ward's root key")
        let long = try ward.directory.write("long.key", Array(repeating: 7, count: 33))
        refused(try ward.server("keys", "import-root", long), "not this ward's root key")
        // One that others may read is said to be so, and not to be missing.
        chmod(medium, 0o644)
        refused(try ward.server("keys", "rotate", "--root-key", medium), "chmod 600")
        refused(try ward.server("keys", "import-root", medium), "chmod 600")
        #expect(access(ward.home.rootKey, F_OK) != 0)
        let after = try shown()
        for key in ["root", "signing", "sealing", "earlier_signing", "earlier_sealing"] {
            #expect(after[key] == before[key], "\(key)")
        }
        #expect(try ward.home.readDescriptor().text == text)
    }

    @Test func eachKeyIsReplacedAloneOrWithTheOtherAndNeverWhileTheWardIsServed() throws {
        let first = try shown()
        let sealing = try ward.server("keys", "rotate", "--sealing")
        #expect(sealing.code == 0 && sealing.text.contains("New sealing key") && !sealing.text.contains("signing key"))
        var now = try shown()
        #expect(now["signing"] == first["signing"] && now["sealing"] != first["sealing"])
        #expect(now["earlier_sealing"] == .number("1") && now["earlier_signing"] == .array([]))
        let signing = try ward.server("keys", "rotate", "--signing", "--compromised")
        #expect(signing.code == 0 && signing.text.contains("New signing key") && !signing.text.contains("sealing key"))
        #expect(signing.text.contains("backup"))
        now = try shown()
        let lost = try #require(first["signing"])
        #expect(now["earlier_signing"] == .array([lost]) && now["compromised"] == .array([lost]))
        // Once more is once more: other keys, and those before are kept.
        #expect(try ward.server("keys", "rotate").code == 0)
        let last = try shown()
        #expect(last["signing"] != now["signing"] && last["sealing"] != now["sealing"])
        #expect(last["earlier_signing"] == .array([try #require(now["signing"]), lost]))
        #expect(last["earlier_sealing"] == .number("2") && last["compromised"] == .array([lost]))
        #expect(try ward.server("keys", "show").text.contains("compromised"))

        let (process, _) = try ward.serveProcess()
        refused(try ward.server("keys", "rotate"), "Another program holds the home", .failure)
        process.signal(SIGTERM)
        #expect(process.wait() == 0)
        #expect(try shown() == last)
        #expect(try ward.server("audit").code == 0)
        let nowhere = try ServerProcess(
            ["keys", "rotate", "--home", ward.directory.path + "/none"], in: ward.directory)
        #expect(nowhere.wait() == ExitCode.notInitialised.rawValue)
    }

    /// The home and its store as somebody copied them.
    private func copied() throws -> WardHome {
        let copy = WardHome(ward.directory.path + "/copy")
        #expect(system("cp -r '\(ward.home.path)' '\(copy.path)' && rm -f '\(copy.path)'/control.sock") == 0)
        return copy
    }

    @Test(arguments: [false, true])
    func devicesTakeTheNewKeysWhatWasSignedHoldsAndTheOldServerIsRefused(isCompromised: Bool) throws {
        var (process, http) = try ward.serveProcess()
        let lan = try ward.phone("Lan", http, role: "volunteer")
        let report = try #require(
            try lan.ward("report", "new", "-t", "Đèn hỏng", "--area", "3", "--json").json("short_id"))
        #expect(try lan.sync().code == 0)
        let early = ward.directory.path + "/early.txt"
        #expect(try lan.ward("receipt", "export", report, "--out", early).code == 0)
        // A second phone that filed something, and does not sync before the old keys are gone.
        let minh = try ward.phone("Minh", http, role: "volunteer")
        let late = try #require(
            try minh.ward("report", "new", "-t", "Ổ gà", "--area", "3", "--name", "Bà Hoa", "--json").json("short_id"))
        let poster = try ward.directory.write("poster.txt", try HomeFiles.read(ward.home.descriptor, max: 16_384))
        process.signal(SIGTERM)
        #expect(process.wait() == 0)
        let old = try copied()

        #expect(try ward.server("keys", "export-root", medium).code == 0)
        var words = ["keys", "rotate", "--root-key", medium, "--home", ward.home.path]
        if isCompromised { words.append("--compromised") }
        #expect(try ServerProcess(words, in: ward.directory).wait() == 0)
        #expect(access(ward.home.rootKey, F_OK) != 0)
        let keys = try ward.home.readDescriptor().descriptor
        (process, http) = try ward.serveProcess()
        for phone in [lan, minh] {
            let synced = try phone.at(http).sync()
            #expect(synced.code == 0, "\(synced.text)\(synced.errors)")
            #expect(try phone.ward("doctor").code == 0)
        }
        // What was sealed to the old key before it was sent is read by its author all the same.
        #expect(try minh.ward("report", "show", late).text.contains("Bà Hoa"))
        let fresh = try ward.device()
        try http.sync(fresh)
        #expect(fresh.descriptor == keys)
        // A newcomer with the printed descriptor of before is given the new one.
        let newcomer = WardDevice(
            directory: ward.directory, path: ward.directory.path + "/newcomer", address: "")
        #expect(try newcomer.ward("init", "--descriptor", poster).code == 0)
        #expect(try newcomer.at(http).sync().code == 0)

        // The receipt file of before: to whoever knows of a lost key it proves nothing, for the finder can make one.
        let sound = isCompromised ? ExitCode.refused.rawValue : ExitCode.ok.rawValue
        for place in [lan, minh, newcomer] {
            let verified = try place.ward("receipt", "verify", early)
            #expect(verified.code == sound, "\(verified.text)\(verified.errors)")
        }
        let stranger = WardDevice(directory: ward.directory, path: ward.directory.path + "/stranger", address: "")
        #expect(try stranger.ward("receipt", "verify", early, "--ward", ward.home.descriptor).code == sound)
        // Exported again after a sync it holds, also for those who know the new keys alone.
        #expect(try lan.at(http).sync().code == 0)
        let again = ward.directory.path + "/again.txt"
        let exported = try lan.ward("receipt", "export", report, "--out", again)
        #expect(exported.code == 0, "\(exported.errors)")
        #expect(try stranger.ward("receipt", "verify", again, "--ward", ward.home.descriptor).code == 0)
        let audit = try ward.server("audit")
        #expect(audit.code == 0, "\(audit.text)")
        process.signal(SIGTERM)
        #expect(process.wait() == 0)

        // The copy with the old keys answers: nobody who knows of the new ones takes anything from it.
        let (thief, elsewhere) = try TestHome(directory: ward.directory, home: old).serveProcess()
        #expect(try lan.ward("report", "comment", report, "Vẫn hỏng").code == 0)
        let deceived = try lan.at(elsewhere).sync()
        #expect(deceived.code == ExitCode.serverRefused.rawValue, "\(deceived.code) \(deceived.text)\(deceived.errors)")
        #expect(try lan.ward("status", "--json").text.contains("\"waiting_total\":1"))
        #expect(throws: SyncFailure.self) { try elsewhere.sync(fresh) }
        thief.signal(SIGTERM)
        #expect(thief.wait() == 0)
    }
}
