// Private files: sealed before they are saved, opened where the device has the key, and never shown to everybody.

import CommandLineKit
import Photos
import SyncKit

/// What is attached in one change set: files as they are sent, and the keys of those that are sealed.
struct AddedFiles {
    private(set) var files: [NewFile] = []
    private(set) var privates: [(slot: Slot, value: String)] = []

    mutating func add(_ file: NewFile) { files.append(file) }

    mutating func add(_ sealed: SealedFile, at slot: Slot) {
        files.append(sealed.file)
        privates.append((slot, sealed.key.text))
    }

    /// Adds the files to a document's field; their keys go with `privates`.
    func fill(_ draft: inout ChangeSetDraft, _ field: UInt8) {
        for file in files { draft.perform(.add(Slot(field: field)), file.attachment.value) }
    }
}

extension CommandRun {
    /// Seals prepared files to the ward, each under a key of its own.
    /// - Parameters:
    ///   - paths: the names of the files, in the same order, to speak of them.
    ///   - taken: the places in the document where a key stands or stood.
    func seal(
        _ prepared: [PreparedFile], _ paths: [String], _ kind: DocumentKind, taken: Set<UInt32> = [],
        into added: inout AddedFiles
    ) throws(ErrorReport) {
        var taken = taken
        for (item, path) in zip(prepared, paths) {
            let (plain, type) = (item.file.content, item.file.attachment.mediaType)
            let sealed = type.flatMap {
                SealedFile(plain, type: $0, random: SystemRandomSource(), isFree: { !taken.contains($0) })
            }
            guard let sealed, let slot = FileKey.slot(of: sealed.key.root, in: kind) else {
                throw AttachWord.report(.stillTooLarge(most: SealedFile.maxPlainLength), path, terminal.language)
            }
            taken.insert(sealed.key.place)
            added.add(sealed, at: slot)
        }
    }

    /// Says of private files who can open them.
    func remarkPrivate(_ count: Int) {
        if count > 0 { terminal.remark(AttachWord.sealedNow.message, String(count)) }
    }

    /// What was sealed in a private file, checked to its end.
    func opened(
        _ content: Bytes, _ file: FileState, number: String, _ view: DocumentView, _ store: some LocalDocuments
    ) throws(ErrorReport) -> Bytes {
        let found = try attempt { () throws(ReplicaError) in try store.fileKey(of: file.attachment, in: view.state) }
        guard let key = found else { throw Self.noKey(number) }
        do throws(SealedFileFault) {
            return try SealedFile.open(content, of: file.attachment, with: key)
        } catch {
            let happened: AttachWord =
                switch error {
                case .damaged: .privateDamaged
                case .otherType: .privateOtherType
                }
            throw ErrorReport(
                .refused, code: "file.private-damaged", happened: happened.message.with(number), loss: .nothingChanged,
                next: Phrase(AttachWord.privateDamagedNext.message))
        }
    }

    /// When a file is private and this device has no key to it.
    static func noKey(_ number: String) -> ErrorReport {
        ErrorReport(
            .refused, code: "file.private", happened: AttachWord.privateNoKey.message.with(number),
            loss: .nothingChanged, next: Phrase(AttachWord.privateNoKeyNext.message))
    }
}
