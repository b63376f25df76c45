// Searching everything that the device holds.

import CommandLineKit
import SyncKit

extension CommandRun {
    /// The kinds that `--kind` names; all that are searched where it is not given.
    func searchedKinds() throws(ErrorReport) -> [DocumentKind] {
        var kinds: [DocumentKind] = []
        for given in parsed.options("kind") {
            let folded = SearchFold.fold(given)
            let kind = DocumentKind.searched.first { kind in
                let message = KindWord.message(kind)
                return !folded.isEmpty
                    && [kind.name, SearchFold.fold(message.vi), SearchFold.fold(message.en)]
                        .contains { $0.hasPrefix(folded) }
            }
            guard let kind else {
                let names = DocumentKind.searched.map(\.name).joined(separator: ", ")
                throw bad("--kind", given, Message(vi: "cần một loại: " + names, en: "it takes a kind: " + names))
            }
            if !kinds.contains(kind) { kinds.append(kind) }
        }
        return kinds.isEmpty ? DocumentKind.searched : kinds
    }

    /// `ward search WORDS…` and `ward KIND search WORDS…`
    func search(_ kinds: [DocumentKind], _ command: Command) throws(ErrorReport) -> ExitCode {
        let typed = try text("WORDS", parsed.arguments.joined(separator: " "), limit: 400)
        let limit = Int(parsed.integer("limit") ?? 20)
        let reader = try reader()
        let now = time.nowSeconds()
        var hits: [SearchHit] = []
        let terms = SearchTerms(typed)
        if let terms {
            hits = try attempt { () throws(ReplicaError) in
                try reader.search(terms, kinds: kinds, limit: limit + 1, now: now)
            }
        }
        let hasMore = hits.count > limit
        if hasMore { hits.removeLast() }
        let page = SearchPage(terms: terms, run: self, now: now, namesKinds: command == .search)
        if terminal.isJSON {
            terminal.printJSON { json in page.write(hits, hasMore: hasMore, to: &json) }
            return hits.isEmpty ? .notFound : .ok
        }
        guard !hits.isEmpty else {
            terminal.remark(ReferenceWord.nothingFound.message, typed)
            terminal.remark(ReferenceWord.nothingFoundNext.message)
            return .notFound
        }
        for hit in hits { page.print(hit) }
        if hasMore { terminal.remark(ReferenceWord.moreFound.message, String(limit)) }
        return .ok
    }
}
