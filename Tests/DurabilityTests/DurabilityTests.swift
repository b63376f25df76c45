// Nothing that was said to be saved or received is lost or doubled, whenever a process is killed.
import Glibc
import Testing

@Suite(.serialized) struct DurabilityTests {
    @Test(.timeLimit(.minutes(10)))
    func whatWasSaidToBeSavedIsThereOnceAfterKillsOfClientsAndServer() throws {
        let begun = Timing.now
        let run = try KilledRun()
        let base = try logSize(run) - changes(run)
        var steps = 0
        while run.actions < 500 || run.clientKills < 30 || run.serverKills < 30 {
            steps += 1
            try #require(steps < 3000, "too few kills met a running process")
            let device = run.devices[run.chance.below(run.devices.count)]
            switch run.chance.below(100) {
            case 0..<8: try run.sync(device, treatment(&run.chance, kills: 40))
            case 8..<18: try run.killServer(under: device)
            default: try run.act(device, run.randomAction(device), treatment(&run.chance, kills: 15))
            }
        }
        if Program.tracer == nil {
            print("durability: no strace on this machine, kills inside of commits are left out")
        } else {
            try killInCommits(run)
        }
        try settle(run, base: base)
        print(
            "durability: \(run.actions) actions, \(run.saved) said to be saved, "
                + "\(run.unknown.all) killed before they said so (\(run.unknown.there) of them were there); killed: "
                + "\(run.clientKills) clients, \(run.serverKills) servers; inside of commits "
                + "\(run.tracedClientKills) clients, \(run.tracedServerKills) servers; "
                + "\((Timing.now - begun) / 1_000_000) s")
    }

    private func treatment(_ chance: inout Chance, kills percent: Int) -> Treatment {
        guard chance.happens(percent: percent) else { return .leave }
        return chance.happens(percent: 25) ? .atOutput : .after(chance.below(110))
    }

    private func place(_ chance: inout Chance) -> (call: String, number: Int) {
        chance.happens(percent: 40) ? ("fdatasync", 1 + chance.below(5)) : ("pwrite64", 1 + chance.below(40))
    }

    /// Kills at the system calls that make a commit.
    private func killInCommits(_ run: KilledRun) throws {
        for number in 0..<24 {
            let device = run.devices[number % run.devices.count]
            let (call, count) = place(&run.chance)
            if number % 4 == 3 {
                try run.act(device, run.randomAction(device), .leave)
                try run.sync(device, .at(call: call, number: count))
            } else {
                try run.act(device, run.randomAction(device), .at(call: call, number: count))
            }
        }
        // The tracer counts the calls of each thread by itself.
        for _ in 0..<10 {
            let (call, count) = place(&run.chance)
            try run.killServerInCommit(call: call, number: 1 + count / 3)
        }
        #expect(run.tracedClientKills > 0 && run.tracedServerKills > 0)
    }

    /// Everybody syncs until nothing moves; then the ward and every device hold the same, and the ledger is kept.
    private func settle(_ run: KilledRun, base: Int) throws {
        var isQuiet = false
        for _ in 0..<10 where !isQuiet {
            isQuiet = true
            for device in run.devices {
                let outcome = try run.sync(device, .leave)
                if outcome.number("sent") != 0 || outcome.number("documents") != 0 { isQuiet = false }
            }
        }
        #expect(isQuiet)
        let officer = run.devices[0]
        for device in run.devices {
            let status = try run.ward(device, "status")
            #expect(status.number("waiting_total") == 0 && status.count(of: "\"problems\":[]") == 1, "\(status.text)")
            let doctor = try run.ward(device, "doctor")
            #expect(doctor.code == 0 && doctor.value("sound") == "true", "\(doctor.text)\(doctor.err)")
            for (document, isTask) in Set(device.promises.map(\.document)).map({ document in
                (document, device.promises.contains { $0.document == document && $0.isTask })
            }) {
                try run.check(device, document, isTask: isTask)
                let page = try run.ward(officer, isTask ? "task" : "report", "show", document)
                #expect(page.code == 0, "\(document): \(page.err)")
                for fault in device.faults(of: document, in: page) { Issue.record("at the officer's: \(fault)") }
            }
        }
        #expect(try logSize(run) - base == changes(run))
        for (device, area) in zip(run.devices, ["06685", "06685.03", "06685.03"]) {
            let ward = try run.server.command("status", "--area", area)
            for name in ["held", "refused", "forks"] { #expect(ward.number(name) == 0, "\(ward.text)") }
            let status = try run.ward(device, "status")
            let replica = status.text.firstRange(of: "\"state_hashes\":").map { String(status.text[$0.upperBound...]) }
            let areaState = ward.text.firstRange(of: "\"area_state\":").map { String(ward.text[$0.upperBound...]) }
            let wide = ward.text.firstRange(of: "\"ward_wide_state\":").map { String(ward.text[$0.upperBound...]) }
            #expect(Outcome.value(area, in: replica ?? "") == Outcome.value("hash", in: areaState ?? "-"))
            #expect(Outcome.value("ward", in: replica ?? "") == Outcome.value("hash", in: wide ?? "-"))
        }
        #expect(run.server.stop() == 0)
        let doctor = try run.server.command("doctor")
        #expect(doctor.code == 0 && doctor.value("sound") == "true", "\(doctor.text)\(doctor.err)")
    }

    private func logSize(_ run: KilledRun) throws -> Int {
        let status = try run.server.command("status")
        return try #require(status.number("log_size"), "\(status.err)")
    }

    /// How many changes the officer's replica holds; every device's chain has to be there once and without a gap.
    private func changes(_ run: KilledRun) throws -> Int {
        var chains: [String: [Int]] = [:]
        let officer = run.devices[0]
        for (kind, ids) in [("report", officer.reports), ("task", officer.tasks)] {
            for id in ids {
                let page = try run.ward(officer, kind, "show", id)
                let history = String(decoding: Outcome.after("\"history\":[", in: page.out[...]), as: UTF8.self)
                for part in history.split(separator: "\"device\":\"") {
                    guard let sequence = Outcome.value("sequence", in: String(part)).flatMap({ Int($0) }) else {
                        continue
                    }
                    chains[String(part.prefix { $0 != "\"" }), default: []].append(sequence)
                }
            }
        }
        for device in run.devices {
            let chain = (chains[device.id] ?? []).sorted()
            #expect(chain == Array(1..<(chain.count + 1)), "\(device.name)'s chain: \(chain)")
            #expect(chain.count >= device.sequences.max() ?? 0)
        }
        return chains.values.reduce(0) { $0 + $1.count }
    }
}
