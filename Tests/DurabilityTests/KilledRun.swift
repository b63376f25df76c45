// A run of many actions on several devices, with processes killed at random points and a ledger of what was said.
import Glibc
import Testing

/// How a client's process is treated.
enum Treatment {
    case leave
    /// Killed after this many percent of the usual time of such a command.
    case after(Int)
    /// Killed as soon as it has printed something.
    case atOutput
    /// Killed by the tracer at a system call.
    case at(call: String, number: Int)
}

/// The ward, four devices, and what happens to them.
final class KilledRun {
    let root: String
    let server: KilledServer
    let devices: [LedgerDevice]
    var chance: Chance
    var actions = 0
    var saved = 0
    /// Commands that were killed before they said anything: all of them, and those whose change was there all the same.
    var unknown = (all: 0, there: 0)
    var clientKills = 0
    var tracedClientKills = 0
    var serverKills = 0
    var tracedServerKills = 0
    private var texts = 0
    /// The usual time of a local command and of a sync, in microseconds.
    private var usual = (command: 30_000, sync: 60_000)

    init() throws {
        chance = Chance()
        print("durability: WARDSYNC_SEED=\(chance.seed)")
        root = "/tmp/wardsync-durability-\(getpid())-\(UInt64.random(in: 0 ... .max))"
        mkdir(root, 0o700)
        server = try KilledServer(root: root)
        let team = ["officer", "lan", "minh"].map { [root] in
            LedgerDevice(name: $0, home: "\(root)/\($0)", isTeam: true)
        }
        devices = team + [LedgerDevice(name: "hoa", home: root + "/hoa", isTeam: false)]
        for device in devices { try enroll(device) }
        for _ in 0..<3 {
            try act(devices[0], newTask(), .leave)
            for device in devices { try act(device, newReport(), .leave) }
        }
        for _ in 0..<2 { for device in devices { try sync(device, .leave) } }
    }

    deinit {
        server.kill()
        if let remover = try? Program("/bin/rm", ["-rf", root], output: "/tmp") { _ = remover.wait() }
    }

    private func enroll(_ device: LedgerDevice) throws {
        let made = try ward(device, "init", "--descriptor", server.descriptor)
        device.id = made.value("device") ?? ""
        guard device.isTeam else { return }
        let isOfficer = device.name == "officer"
        let invited = try server.command(
            "invite", "--role", isOfficer ? "officer" : "volunteer", "--area", isOfficer ? "06685" : "06685.03",
            "--name", device.name)
        let joined = try ward(device, "join", invited.value("code") ?? "")
        guard joined.code == 0, !device.id.isEmpty else { throw DurabilityFailure(description: joined.err) }
    }

    // MARK: Running programs

    private func launch(_ device: LedgerDevice, _ words: [String], _ treatment: Treatment) throws -> Program {
        var place: (call: String, number: Int)?
        if case .at(let call, let number) = treatment { place = (call, number) }
        return try Program.killedAt(
            place, Program.folder + "/ward", words + ["--home", device.home, "--lang", "en", "--json"], output: root)
    }

    /// Runs a command of `ward` to its end.
    func ward(_ device: LedgerDevice, _ words: String...) throws -> Outcome {
        try launch(device, words, .leave).wait()
    }

    /// Waits for a process in the way that the treatment says.
    private func finish(_ process: Program, _ treatment: Treatment, usual: Int) -> Outcome {
        switch treatment {
        case .leave: break
        case .at:
            let outcome = process.wait()
            if outcome.wasKilled { tracedClientKills += 1 }
            return outcome
        case .after(let percent):
            usleep(UInt32(usual * percent / 100))
            process.kill()
        case .atOutput:
            while process.isRunning, !process.hasPrinted { usleep(20) }
            process.kill()
        }
        let outcome = process.wait()
        if outcome.wasKilled { clientKills += 1 }
        return outcome
    }

    // MARK: Actions

    /// What a command does and what the ledger is to remember of it.
    struct Action {
        var words: [String]
        var promise: Promise
    }

    /// A text that occurs once in the whole run.
    private func uniqueText() -> String {
        texts += 1
        return "mục-k\(texts)."
    }

    func newReport() -> Action {
        let text = uniqueText()
        let promise = Promise(document: "", isTask: false, text: text, isLogEntry: false, isSaved: true)
        return Action(words: ["report", "new", "--title", text, "--area", "3"], promise: promise)
    }

    func newTask() -> Action {
        let text = uniqueText()
        let items = (1...9).flatMap { ["--item", "việc \($0)"] }
        let promise = Promise(document: "", isTask: true, text: text, isLogEntry: false, isSaved: true)
        return Action(words: ["task", "new", "--title", text, "--area", "3"] + items, promise: promise)
    }

    /// A random action that the device may do.
    func randomAction(_ device: LedgerDevice) -> Action {
        let roll = chance.below(100)
        let documents = roll < 55 || device.tasks.isEmpty ? device.reports : device.tasks
        if roll < 8 || documents.isEmpty { return newReport() }
        let document = documents[chance.below(documents.count)]
        var promise = Promise(
            document: document, isTask: documents == device.tasks, text: nil, isLogEntry: false, isSaved: true)
        if !promise.isTask {
            let text = uniqueText()
            promise.text = text
            if chance.happens(percent: 35) {
                return Action(words: ["report", "edit", document, "--description", text], promise: promise)
            }
            promise.isLogEntry = true
            return Action(words: ["report", "comment", document, text], promise: promise)
        }
        // A claim of what another holds is refused, and is not what is tried here: each task has one who may claim it.
        let mayClaim = device.name == ["lan", "minh"][Int(document.utf8.last ?? 0) % 2]
        if mayClaim, chance.happens(percent: 20) {
            return Action(words: ["task", "claim", document], promise: promise)
        }
        // Ticking is for the team; an officer adds notes.
        if device.name != "officer", chance.happens(percent: 40) {
            let undo = chance.happens(percent: 30) ? ["--undo"] : []
            return Action(words: ["task", "check", document, String(1 + chance.below(9))] + undo, promise: promise)
        }
        let text = uniqueText()
        promise.text = text
        promise.isLogEntry = true
        return Action(words: ["task", "note", document, text], promise: promise)
    }

    /// Does one action and writes down what its command said; looks after a kill.
    func act(_ device: LedgerDevice, _ action: Action, _ treatment: Treatment) throws {
        let begun = Timing.now
        let outcome = finish(try launch(device, action.words, treatment), treatment, usual: usual.command)
        if case .leave = treatment { usual.command = (usual.command * 7 + Timing.now - begun) / 8 }
        actions += 1
        // The device holds the task from a claim that was saved before.
        if outcome.code == 5, action.words[1] == "claim", outcome.text.contains("task.already-held") { return }
        guard outcome.code == 0 || outcome.wasKilled else {
            throw DurabilityFailure(description: "\(device.name) \(action.words): \(outcome.code) \(outcome.err)")
        }
        var promise = action.promise
        if outcome.code == 0 || outcome.saysSaved {
            saved += 1
            let sequence = try #require(outcome.number("sequence"))
            #expect(device.sequences.insert(sequence).inserted, "\(device.name) said \(sequence) twice")
            promise.sequence = sequence
            promise.document = try #require(outcome.value("short_id"))
        } else {
            unknown.all += 1
            try look(device, &promise)
            if promise.text != nil, promise.isSaved, !promise.document.isEmpty { unknown.there += 1 }
        }
        if action.promise.document.isEmpty, !promise.document.isEmpty {
            if promise.isTask { device.tasks.append(promise.document) } else { device.reports.append(promise.document) }
        }
        if !promise.document.isEmpty { device.promises.append(promise) }
        if outcome.wasKilled, !promise.document.isEmpty {
            try check(device, promise.document, isTask: promise.isTask)
        }
    }

    /// Finds out whether a change is there of which nobody knows; from then on it has to stay so.
    private func look(_ device: LedgerDevice, _ promise: inout Promise) throws {
        guard let text = promise.text else { return }
        let kind = promise.isTask ? "task" : "report"
        guard promise.document.isEmpty else {
            let page = try ward(device, kind, "show", promise.document)
            #expect(page.code == 0, "\(page.err)")
            promise.isSaved = Outcome.count(text, in: Outcome.after("\"history\":[", in: page.out[...])) > 0
            return
        }
        let list = try ward(device, kind, "list", "--all")
        #expect(list.code == 0 && list.count(of: text) <= 1, "\(text): \(list.err)")
        let item = list.text.split(separator: "{\"id\"").first { $0.contains(text) }
        promise.document = item.flatMap { Outcome.value("short_id", in: String($0)) } ?? ""
    }

    /// Compares a document with the ledger.
    func check(_ device: LedgerDevice, _ document: String, isTask: Bool) throws {
        let page = try ward(device, isTask ? "task" : "report", "show", document)
        #expect(page.code == 0, "\(device.name) \(document): \(page.err)")
        for fault in device.faults(of: document, in: page) { Issue.record("\(fault)") }
    }

    // MARK: Syncs

    /// Syncs a device; afterwards it knows what there is.
    @discardableResult
    func sync(_ device: LedgerDevice, _ treatment: Treatment, mayFail: Bool = false) throws -> Outcome {
        let begun = Timing.now
        let outcome = finish(try launch(device, ["sync"], treatment), treatment, usual: usual.sync)
        if case .leave = treatment, outcome.code == 0 { usual.sync = (usual.sync * 7 + Timing.now - begun) / 8 }
        actions += 1
        try learn(device, outcome, mayFail: mayFail)
        return outcome
    }

    private func learn(_ device: LedgerDevice, _ outcome: Outcome, mayFail: Bool) throws {
        guard outcome.code == 0 || outcome.wasKilled || (mayFail && outcome.code == 7) else {
            throw DurabilityFailure(description: "\(device.name) sync: \(outcome.code) \(outcome.text)\(outcome.err)")
        }
        let status = try ward(device, "status")
        let position = try #require(status.number("position"), "\(status.err)")
        #expect(position >= device.position, "\(device.name) went back from \(device.position) to \(position)")
        device.position = position
        guard outcome.code == 0 else { return }
        device.reports = Self.ids(try ward(device, "report", "list", "--all"))
        device.tasks = device.isTeam ? Self.ids(try ward(device, "task", "list", "--all")) : []
    }

    private static func ids(_ list: Outcome) -> [String] {
        list.text.split(separator: "{\"id\"").compactMap { Outcome.value("short_id", in: String($0)) }
    }

    /// Kills the server while one device or two sync, starts it again, and looks whether it still has what it said.
    func killServer(under device: LedgerDevice) throws {
        var syncing = [device]
        if chance.happens(percent: 50), let other = devices.first(where: { $0 !== device }) { syncing.append(other) }
        let processes = try syncing.map { try launch($0, ["sync"], .leave) }
        if chance.happens(percent: 15) {
            while let first = processes.first, first.isRunning, !first.hasPrinted { usleep(20) }
        } else {
            usleep(UInt32(usual.sync * chance.below(110) / 100))
        }
        let underWay = processes.contains { $0.isRunning }
        server.kill()
        if underWay { serverKills += 1 }
        let outcomes = processes.map { $0.wait() }
        try server.start(dying: chance.happens(percent: 20) ? chance.below(120) : nil)
        actions += syncing.count
        for (device, outcome) in zip(syncing, outcomes) { try learn(device, outcome, mayFail: true) }
        try checkServer()
    }

    /// Runs the server under the tracer, which kills it inside of a commit.
    func killServerInCommit(call: String, number: Int) throws {
        server.kill()
        try server.start(tracing: (call, number))
        for _ in 0..<6 where server.process?.isRunning == true {
            let device = devices[chance.below(devices.count)]
            try act(device, randomAction(device), .leave)
            try sync(device, .leave, mayFail: true)
        }
        if server.process?.isRunning == false { tracedServerKills += 1 }
        server.kill()
        try server.start()
        try checkServer()
    }

    /// The log is never shorter than what a device has seen of it.
    private func checkServer() throws {
        let status = try server.command("status")
        let size = try #require(status.number("log_size"), "\(status.err)")
        for device in devices {
            #expect(size >= device.position, "\(device.name) has seen \(device.position) of \(size)")
        }
    }
}
