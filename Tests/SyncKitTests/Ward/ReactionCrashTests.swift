// The ward stops between accepting and reacting: the next opening does what is missing, once.

import Glibc
import Testing

@testable import SyncKit

@Suite struct ReactionCrashTests {
    private func withWard(_ body: (TestWard) throws -> Void) throws {
        let path = "/tmp/wardsync-reactions-\(getpid())-\(UInt64.random(in: .min ... .max)).db"
        defer { for end in ["", "-wal", "-shm"] { unlink(path + end) } }
        try body(try TestWard(seed: 91, scheme: SimulatedScheme(), path: path))
    }

    /// Makes the n-th commit from now on fail, and all after it.
    private func stop(_ ward: TestWard, after commits: Int) {
        ward.service.withCore { core in
            var left = commits
            core.database.willCommit = { () throws(StoreError) in
                left -= 1
                if left < 0 { throw StoreError(.full, "planned") }
            }
        }
    }

    @Test(arguments: [false, true]) func aKillBetweenAcceptingAndReactingCostsNothing(isFlushed: Bool) throws {
        try withWard { ward in
            let filer = try ward.device(911)
            let follower = try ward.device(912)
            for replica in [filer, follower] { try ward.sync(replica) }
            let code = LookupCode(random: ward.random.bytes)
            var draft = FieldScenarioTests.report("06685.03")
            draft.perform(.set(Slot(field: ReportField.codeHash)), .bytes(code.hash.bytes))
            _ = try filer.commit(draft, keeping: code)
            try ward.sync(filer)
            let follow = try follower.commit(Follow.draft(code), keeping: code).document
            // The follow is accepted; the commit of the reaction never comes.
            stop(ward, after: 1)
            #expect(throws: (any Error).self) { try ward.sync(follower) }
            ward.service.withCore { core in core.database.willCommit = nil }
            let accepted = try ward.service.withCore { core in try core.documentState(follow) }
            #expect(accepted != nil && accepted?.text(FollowField.status) == nil)
            if isFlushed { try ward.service.withCore { core in try core.flush() } }
            try ward.reopen()
            try ward.sync(filer)
            try ward.sync(follower)
            let state = try #require(try follower.document(follow)?.state)
            #expect(state.text(FollowField.status) == "following" && Follow.views(state).count == 1)
            #expect(try follower.count(.progress, ListFilter()) == 1)
        }
    }

    @Test func openingAgainAndRebuildingReactToNothingTwice() throws {
        try withWard { ward in
            let officer = try ward.device(921, role: .officer, areas: ["06685"], name: "Bình")
            let filer = try ward.device(922)
            let follower = try ward.device(923)
            for replica in [officer, filer, follower] { try ward.sync(replica) }
            let codes = [LookupCode(random: ward.random.bytes), LookupCode(random: ward.random.bytes)]
            var reports: [Digest] = []
            for code in codes {
                var draft = FieldScenarioTests.report("06685.03")
                draft.perform(.set(Slot(field: ReportField.codeHash)), .bytes(code.hash.bytes))
                reports.append(try filer.commit(draft, keeping: code).document)
            }
            for replica in [filer, officer] { try ward.sync(replica) }
            let follow = try follower.commit(Follow.draft(codes[0]), keeping: codes[0]).document
            try ward.sync(follower)
            var link = ChangeSetDraft(kind: .report, document: reports[0])
            link.perform(.link(Slot(field: ReportField.duplicateOf), target: reports[1]))
            _ = try officer.commit(link)
            try ward.sync(officer)
            for isRebuilding in [false, true, false] {
                let size = ward.service.withCore { core in core.size }
                try ward.service.withCore { core in try core.flush() }
                try ward.reopen(rebuilding: isRebuilding)
                try ward.sync(filer)
                #expect(ward.service.withCore { core in core.size } == size)
            }
            // The follower was away all the while: what it may see is known from the log alone.
            try ward.sync(follower)
            #expect(try follower.count(.progress, ListFilter()) == 2)
            let view = try #require(try officer.document(reports[0])?.state.link(ReportField.duplicateOf))
            var unlink = ChangeSetDraft(kind: .report, document: reports[0])
            unlink.perform(.unlink(Slot(field: ReportField.duplicateOf), link: view.dot))
            _ = try officer.commit(unlink)
            try ward.sync(officer)
            try ward.reopen(rebuilding: true)
            try ward.sync(follower)
            let state = try #require(try follower.document(follow)?.state)
            #expect(try Follow.views(state).count == 1 && follower.count(.progress, ListFilter()) == 1)
        }
    }
}
