// Searching in large stores: whole words for beginnings, and the newest documents before the older ones.

import Testing

@testable import SyncKit

@Suite struct SearchWordsTests {
    private func file(_ replica: Replica, _ title: String, _ description: String? = nil) throws -> Digest {
        var draft = FieldScenarioTests.report("06685.03")
        draft.perform(.set(Slot(field: ReportField.address)), .text(title))
        if let description { draft.perform(.set(Slot(field: ReportField.description)), .text(description)) }
        return try replica.commit(draft).document
    }

    @Test func beginningsStandForTheWordsThatDocumentsHave() throws {
        let ward = try TestWard()
        let replica = try ward.device(1)
        _ = try file(replica, "Nghiêng ngả trước cổng trường", "Cây nghiêng sau bão")
        let terms = try #require(SearchTerms("truo nghie den khongco"))
        let known = try replica.continuations(of: terms)
        #expect(known[Bytes("truo".utf8)] == [Bytes("truoc".utf8), Bytes("truong".utf8)])
        #expect(known[Bytes("nghie".utf8)] == [Bytes("nghieng".utf8)])
        // Short ones have lists of their own; of what nothing is known the index is asked.
        #expect(known[Bytes("den".utf8)] == nil && known[Bytes("khongco".utf8)] == nil)
        var ranking = SearchRanking(terms: terms, now: 0)
        ranking.continuations = known
        #expect(
            ranking.query(.body)
                == "{title body} : ((\"truoc\" OR \"truong\") AND (\"nghieng\") AND \"den\"* AND \"khongco\"*)")
        for words in ["truo nghie", "nghieng truoc", "cong truo", "cay nghie", "hong nghieng"] {
            #expect(try replica.search(.report, words).count == 1, "\(words)")
        }
        try replica.rebuild()
        #expect(try replica.continuations(of: terms) == known)
    }

    @Test func olderDocumentsAreFoundWhereNewerOnesAreFew() throws {
        let ward = try TestWard()
        let officer = try ward.device(1, role: .officer, areas: ["06685"])
        try ward.sync(officer)
        let old = try file(officer, "Mái tôn nhà văn hoá", "Bay mất ba tấm, nước dột vào hội trường")
        // As if 30,000 documents lay between.
        try officer.database.run(
            "INSERT INTO documents(number,id,kind,creator,sequence,hidden) VALUES(30000,x'00',1,0,0,1)")
        let new = try file(officer, "Mái hiên trạm y tế")
        #expect(try officer.search(.report, "mai").map(\.id) == [new, old])
        #expect(try officer.search(.report, "dot vao hoi truong").map(\.id) == [old])
        #expect(try officer.search(.report, "mai hie").map(\.id) == [new])
        let terms = try #require(SearchTerms("ba tam nuoc"))
        #expect(try officer.search(terms, kinds: DocumentKind.searched, limit: 20, now: 0).map(\.id) == [old])
    }
}
