// Private files by themselves: what is sealed opens whole and unchanged with its own key, or not at all.

import Testing

@testable import SyncKit

@Suite struct SealedFileTests {
    private static let random = SeededRandomSource(seed: 61)

    /// The beginning of a JPEG, a mark that can be looked for, and chance.
    static func photo(_ length: Int, mark: String = "") -> Bytes {
        let head: Bytes = [0xFF, 0xD8, 0xFF, 0xE0] + Bytes(mark.utf8)
        return Bytes(head.prefix(length)) + random.bytes(max(0, length - head.count))
    }

    private func seal(_ plain: Bytes, _ type: MediaType = .jpeg) throws -> SealedFile {
        try #require(SealedFile(plain, type: type, random: Self.random))
    }

    private func fault(_ content: Bytes, _ sealed: SealedFile, key: FileKey? = nil) -> SealedFileFault? {
        do throws(SealedFileFault) {
            _ = try SealedFile.open(content, of: sealed.file.attachment, with: key ?? sealed.key)
            return nil
        } catch { return error }
    }

    @Test(arguments: [3, 4, 65_535, 65_536, 65_537, 200_000])
    func whatIsSealedOpensByteForByte(length: Int) throws {
        let plain = Self.photo(length)
        let sealed = try seal(plain)
        let content = sealed.file.content
        let pieces = (length + 65_535) / 65_536
        #expect(content.count == 24 + length + 17 * pieces)
        #expect(sealed.file.thumbnailContent.isEmpty && sealed.file.attachment.thumbnail == nil)
        #expect(sealed.file.attachment.content == ContentTree.name(content))
        let opened = try SealedFile.open(content, of: sealed.file.attachment, with: sealed.key)
        let isTheSame = opened == plain
        #expect(isTheSame)
    }

    @Test func theSamePhotoTwiceIsTwoContentsAndNeitherHoldsItsWords() throws {
        let mark = "Căn cước của bà Hoa"
        let plain = Self.photo(100_000, mark: mark)
        #expect(plain.firstRange(of: Bytes(mark.utf8)) != nil)
        let (first, second) = (try seal(plain), try seal(plain))
        #expect(first.file.attachment.content.root != second.file.attachment.content.root)
        #expect(first.key.key != second.key.key)
        for sealed in [first, second] {
            #expect(sealed.file.content.firstRange(of: Bytes(mark.utf8)) == nil)
            #expect(MediaType(beginning: sealed.file.content) == nil)
        }
        #expect(fault(first.file.content, first, key: second.key) == .damaged)
    }

    @Test func theLongestFileFitsAndTheNextByteDoesNot() throws {
        let most = SealedFile.maxPlainLength
        let sealed = try seal(Self.photo(most))
        #expect(sealed.file.content.count == Attachment.maxLength)
        #expect(fault(sealed.file.content, sealed) == nil)
        #expect(SealedFile(Self.photo(most + 1), type: .jpeg, random: Self.random) == nil)
        #expect(SealedFile([], type: .jpeg, random: Self.random) == nil)
        // What is longer than a file may be is refused before anything is opened.
        #expect(fault(sealed.file.content + [0], sealed) == .damaged)
    }

    @Test func whatWasChangedCutMovedOrSealedWithAnotherKeyDoesNotOpen() throws {
        let sealed = try seal(Self.photo(150_000))
        let content = sealed.file.content
        let pieces = [24, 24 + 65_553, 24 + 2 * 65_553]
        for place in [0, 10, 23, 24, 25, 41, 65_000, 65_570, 65_576, 100_000, 131_130, content.count - 1] {
            var changed = content
            changed[place] ^= 1
            #expect(fault(changed, sealed) == .damaged, "byte \(place)")
        }
        let lengths: [Int] = [0, 1, 23] + pieces + [pieces[1] + 1, content.count - 17, content.count - 1]
        for length in lengths {
            #expect(fault(Bytes(content.prefix(length)), sealed) == .damaged, "\(length) bytes")
        }
        let tails: [Bytes] = [[0], Bytes(repeating: 0, count: 17), Bytes(content.dropFirst(pieces[2]))]
        for tail in tails {
            #expect(fault(content + tail, sealed) == .damaged)
        }
        let (first, second) = (Bytes(content[pieces[0]..<pieces[1]]), Bytes(content[pieces[1]..<pieces[2]]))
        for order in [[second, first], [first, first], [second], [first, second, second]] {
            var moved = Bytes(content.prefix(24))
            for piece in order { moved += piece }
            moved += content.dropFirst(pieces[2])
            #expect(fault(moved, sealed) == .damaged)
        }
        let root = sealed.key.root
        for bit in [0, 100, 255] {
            var key = sealed.key.key
            key[bit / 8] ^= UInt8(1 << (bit % 8))
            let wrong = try #require(FileKey(root: root, key: key))
            #expect(fault(content, sealed, key: wrong) == .damaged)
        }
        // The right key under another file's name.
        let other = try #require(FileKey(root: Blake2b.hash([1]), key: sealed.key.key))
        #expect(fault(content, sealed, key: other) == .damaged)
        #expect(fault(content, sealed) == nil)
    }

    @Test func whatIsInsideHasToBeWhatItsDocumentSays() throws {
        let isNoPicture = try seal(Bytes("#!/bin/sh\nreboot\n".utf8))
        #expect(fault(isNoPicture.file.content, isNoPicture) == .otherType)
        let isNoPDF = try seal(Self.photo(500), .pdf)
        #expect(fault(isNoPDF.file.content, isNoPDF) == .otherType)
        let isOne = try seal(Bytes("%PDF-1.7\n".utf8), .pdf)
        #expect(fault(isOne.file.content, isOne) == nil)
    }

    @Test func aSealedElementIsCarriedAndNeverHasAThumbnail() throws {
        for (media, type) in [(UInt8(129), MediaType.jpeg), (130, .png), (131, .webp), (132, .pdf)] {
            let attachment = Attachment(content: ContentName(root: Blake2b.hash([media]), length: 9), media: media)
            let read = try #require(Attachment(decoding: attachment.value.encoded))
            #expect(read == attachment && read.isSealed && read.sealedType == type && read.mediaType == nil)
        }
        for media in [UInt8(128), 133, 255] {
            let attachment = Attachment(content: ContentName(root: Blake2b.hash([media]), length: 9), media: media)
            let read = try #require(Attachment(decoding: attachment.value.encoded))
            #expect(read.isSealed && read.sealedType == nil && read.mediaType == nil)
        }
        #expect(Attachment(content: ContentName(root: .zero, length: 9), media: 4).isSealed == false)
        // A thumbnail would tell what the file shows.
        let small = ContentName(root: Blake2b.hash([2]), length: 5)
        for media in [UInt8(1), 127, 128, 129, 255] {
            let value = Attachment(
                content: ContentName(root: Blake2b.hash([1]), length: 9), media: media, thumbnail: small
            ).value
            #expect((Attachment(decoding: value.encoded) == nil) == (media >= 128))
            #expect(ValueType.attachment.fits(value.encoded) == (media < 128))
        }
    }

    @Test func aKeyHasOneFormAndTheNumberOfItsPlaceIsTheRootsBeginning() throws {
        let root = try #require(Digest(hex: "01020304" + String(repeating: "ab", count: 28)))
        let key = try #require(FileKey(root: root, key: Bytes(0..<32)))
        #expect(key.place == 0x0102_0304)
        #expect(key.text.utf8.count == 129 && key.text.hasPrefix("01020304ab") && key.text.hasSuffix("1e1f"))
        #expect(FileKey(parsing: key.text) == key)
        #expect(FileKey.slot(of: root, in: .report) == Slot(field: 32, key: 0x0102_0304))
        #expect(FileKey.slot(of: root, in: .task) == Slot(field: 23, key: 0x0102_0304))
        #expect(FileKey.slot(of: root, in: .lookup) == Slot(field: 10, key: 0x0102_0304))
        #expect(FileKey.slot(of: root, in: .publication) == nil)
        for wrong in [
            "", ":", key.text.uppercased(), key.text + "0", String(key.text.dropLast()), " " + key.text.dropFirst(),
            key.text.replacing(":", with: "-"), String(repeating: ":", count: 129), "x" + key.text.dropFirst(),
        ] { #expect(FileKey(parsing: wrong) == nil, "\(wrong)") }
        #expect(FileKey(root: root, key: Bytes(0..<31)) == nil)
    }

    @Test func noOtherPrivateFieldHasTheNumberOfOneThatHoldsKeys() {
        #expect(Schema.fileKeysFields == [10, 23, 32])
        for kind in DocumentKind.allCases {
            for field in Schema.fields(of: kind) where field.disclosedTo != nil {
                #expect(Schema.fileKeysFields.contains(field.code) == Schema.isFileKeys(field.code, of: kind))
            }
        }
    }

    @Test func whereThePlaceIsTakenAnotherKeyIsDrawn() throws {
        var asked: [UInt32] = []
        let sealed = try #require(
            SealedFile(Self.photo(50), type: .jpeg, random: Self.random) { place in
                asked.append(place)
                return asked.count == 3
            })
        #expect(asked.count == 3 && asked.last == sealed.key.place && Set(asked).count == 3)
        #expect(SealedFile(Self.photo(50), type: .jpeg, random: Self.random, isFree: { _ in false }) == nil)
    }
}
