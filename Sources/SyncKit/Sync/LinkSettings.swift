// What may go over one of the links that a device has: mobile data, the office's Wi-Fi.

/// A link by its name, with what its owner wants to go over it. Text always goes; all of this is about files.
package struct LinkSettings: Hashable, Sendable {
    /// What of files goes, both ways.
    package enum Files: UInt64, Sendable, CaseIterable {
        /// Own files whole, of others' the thumbnails: as without a link.
        case usual = 0
        /// Text alone.
        case text = 1
        case thumbnails = 2
        case all = 3
    }

    /// The most links of a device.
    package static let most = 16
    /// The longest name, in bytes.
    package static let longestName = 32

    package let name: String
    package var files: Files
    /// The most bytes of files in one sync; `nil` for as many as there are.
    package var budget: Int?
    /// The most bytes of files in one day of this device's clock, in Vietnam's time.
    package var daily: Int?

    package init(name: String, files: Files = .usual, budget: Int? = nil, daily: Int? = nil) {
        (self.name, self.files, self.budget, self.daily) = (name, files, budget, daily)
    }

    /// Whether a text can be a link's name: lower-case letters, digits and dashes.
    package static func isName(_ text: String) -> Bool {
        (1...longestName).contains(text.utf8.count)
            && text.utf8.allSatisfy {
                (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "-")
            }
    }

    /// What is kept under its name.
    var encoded: Bytes {
        var writer = CBORWriter()
        writer.arrayHeader(count: 3)
        writer.unsigned(files.rawValue)
        // One more than the bytes; 0 for no bound.
        for bound in [budget, daily] { writer.unsigned(bound.map { UInt64(clamping: $0) &+ 1 } ?? 0) }
        return writer.bytes
    }

    init?(name: String, decoding bytes: Bytes) {
        do throws(CBORError) {
            var reader = CBORReader(bytes)
            guard Self.isName(name), try reader.arrayHeader(max: 3) == 3,
                let files = Files(rawValue: try reader.unsigned())
            else { return nil }
            var bounds: [Int?] = []
            for _ in 0..<2 {
                let number = try reader.unsigned()
                bounds.append(number == 0 ? nil : Int(clamping: number - 1))
            }
            try reader.finish()
            self.init(name: name, files: files, budget: bounds[0], daily: bounds[1])
        } catch { return nil }
    }

    /// How many bytes may go now; `nil` for as many as there are.
    /// - Parameters:
    ///   - today: what went today.
    ///   - before: what went in this run already.
    package func remaining(spentToday today: Int, spentBefore before: Int = 0) -> Int? {
        let bounds = [budget.map { $0 - max(0, before) }, daily.map { $0 - max(0, today) }].compactMap { $0 }
        return bounds.min().map { max(0, $0) }
    }
}

extension LinkPlan {
    /// Lets go of files what somebody asked for.
    package mutating func apply(_ files: LinkSettings.Files) {
        isTextOnly = files == .text
        switch files {
        case .usual, .text: (sending, fetching) = (.everything, .thumbnails)
        case .thumbnails: (sending, fetching) = (.thumbnails, .thumbnails)
        case .all: (sending, fetching) = (.everything, .everything)
        }
    }
}
