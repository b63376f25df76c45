// A file of a bundle that was cut anywhere: what it was is said, nothing of it is kept, and the whole one counts once.
import SyncKit
import Testing

@testable import SyncServer

@Suite struct BundleCutTests {
    private let test: TestHome

    init() throws { test = try TestHome() }

    /// Where the parser decides something new: the fields of the head, the path, and the first and last bytes.
    private func places(_ file: Bytes, nodes: Int) -> [Int] {
        let piece = BundlePart.headLength + nodes * Digest.byteCount
        let edges = [0, 8, 9, 10, 18, 50, 54, 58, 66, 98, 106, 107, 111, BundlePart.headLength, piece, file.count]
        let near = edges.flatMap { [$0 - 1, $0, $0 + 1] }
        let sample = stride(from: 0, to: file.count, by: 4093)
        return Set(near + sample).filter { (0..<file.count).contains($0) }.sorted()
    }

    /// Whether a cut file is a part is the parser's word, which both programs ask before their stores see anything: it
    /// is asked about every byte, the stores about a sample and around every field.
    @Test func aFileOf256KiBThatIsCutAtAnyByteIsAskedForAgainAndTheWholeOneArrivesOnce() throws {
        let resident = try test.device()
        for number in 0..<60 {
            var draft = reportDraft("Đèn \(number)")
            draft.perform(
                .set(Slot(field: ReportField.description)), .text(Base32.encode(SystemRandomSource().bytes(6000))))
            _ = try resident.commit(draft)
        }
        let parts = try resident.exportBundle(fileSize: 256 * 1024).parts
        try #require(parts.count >= 2)
        let files = parts.map(\.encoded)
        let file = files[0]
        #expect(file.count > 255 * 1024 && file.count <= 256 * 1024)
        for length in 0..<file.count {
            do throws(BundleError) {
                _ = try BundlePart(decoding: Bytes(file[..<length]))
                Issue.record("\(length) bytes were taken for all")
            } catch {
                // From the head on it is known which part to bring again.
                let isNamed = length >= BundlePart.headLength
                #expect(error.code == (isNamed ? .damaged : .headDamaged), "\(length)")
                #expect(isNamed ? error.head == parts[0].head : error.head == nil, "\(length)")
            }
        }

        let courier = try test.device()
        let link = try ControlLink.open(test.home)
        defer { link.close() }
        func kept() throws -> [[Int64]] {
            try link.perform(.bundles)["bundles"].elements.map { row in
                row["missing"].elements.compactMap(\.integer)
            }
        }
        func isRefused(_ length: Int) throws -> Bool {
            do throws(ControlFailure) { _ = try link.perform(.bundlePart(Bytes(file[..<length]))) } catch {
                return error.code == .badRequest
            }
            return false
        }
        let places = places(file, nodes: parts[0].path.count)
        for length in places {
            #expect(try isRefused(length), "\(length)")
            #expect(try kept().isEmpty, "\(length)")
        }
        // The others arrive; what is missing stays the cut one, however often it comes cut.
        let others = Array(files.dropFirst())
        for other in others {
            #expect(try link.perform(.bundlePart(other))["state"].string == "waiting")
            _ = try courier.take(try BundlePart(decoding: other))
        }
        for length in places {
            #expect(try isRefused(length), "\(length)")
            #expect(try kept() == [[1]], "\(length)")
            #expect(try courier.carried(.toWard).map(\.missing) == [[1]], "\(length)")
        }
        // Whole it is there at once: with the courier, and at the ward, where everything counts once.
        guard case .carried(let missing) = try courier.take(try BundlePart(decoding: file)) else {
            Issue.record("not carried")
            return
        }
        #expect(missing.isEmpty)
        let row = try #require(try courier.carried(.toWard).first)
        for (number, sent) in zip(row.parts, files) {
            let carried = try courier.carriedPart(row.id, number)
            #expect(carried == sent)
        }
        let taken = try link.perform(.bundlePart(file))
        #expect(taken["state"].string == "taken" && taken["accepted"].integer == 60)
        for file in files { #expect(try link.perform(.bundlePart(file))["state"].string == "known") }
        #expect(try link.perform(.status(area: nil))["documents"]["report"].integer == 60)
    }
}
