// Attaching files, and asking where they are.

import CommandLineKit
import Glibc
import Photos
import SyncKit

extension CommandRun {
    /// `ward attach ID FILE…`
    func attach() throws(ErrorReport) -> ExitCode {
        let paths = Array(parsed.arguments.dropFirst())
        let files = try preparedFiles(paths, keepsPixels: parsed.flag("original"))
        let replica = try replica()
        let view = try attachable(replica)
        guard let field = Schema.attachmentsField(of: view.state.kind) else { throw noFiles(view) }
        try checkRoom(for: files.count, beside: view.state.attachments.count)
        var added = AddedFiles()
        var draft = ChangeSetDraft(kind: view.state.kind, document: view.id)
        if parsed.flag("private") {
            try seal(files, paths, view.state.kind, taken: view.state.fileKeyPlaces, into: &added)
        } else {
            for item in files { added.add(item.file) }
            offerPlace(of: files, to: view, in: &draft)
        }
        added.fill(&draft, field)
        let code = try save(replica, draft, privates: added.privates, files: added.files)
        remarkPrivate(added.privates.count)
        return code
    }

    /// Refuses more files than a document takes.
    func checkRoom(for files: Int, beside others: Int = 0) throws(ErrorReport) {
        guard others + files > Attachment.maxCount else { return }
        throw ErrorReport(
            .refused, code: "file.too-many", happened: AttachWord.tooMany.message.with(String(Attachment.maxCount)),
            loss: .nothingChanged, next: Phrase(AttachWord.tooManyNext.message))
    }

    /// Reads and prepares files, all of them before anything is saved.
    func preparedFiles(_ paths: [String], keepsPixels: Bool = false) throws(ErrorReport) -> [PreparedFile] {
        var files: [PreparedFile] = []
        try checkRoom(for: paths.count)
        for path in paths {
            guard let bytes = BoundedFile.bytes(path, most: PreparedFile.maxInput) else {
                let isLong = BoundedFile.length(path).map { $0 > PreparedFile.maxInput } ?? false
                if isLong {
                    throw AttachWord.report(.tooLarge(most: PreparedFile.maxInput), path, terminal.language)
                }
                throw ErrorReport(
                    .inputOutput, code: "file.unreadable", happened: AttachWord.unreadable.message.with(path),
                    loss: .nothingChanged, next: Phrase(AttachWord.unreadableNext.message))
            }
            let file: PreparedFile
            do { file = try PreparedFile(bytes, keepsPixels: keepsPixels) } catch {
                throw AttachWord.report(error, path, terminal.language)
            }
            files.append(file)
            if file.file.content.count < file.originalLength {
                terminal.remark(
                    AttachWord.smaller.message, path, ByteCount.text(file.originalLength, terminal.language),
                    ByteCount.text(file.file.content.count, terminal.language))
            }
        }
        return files
    }

    /// `ward attachment list ID`
    func attachmentList() throws(ErrorReport) -> ExitCode {
        let reader = try reader()
        let view = try attachable(reader)
        let files = try attempt { () throws(ReplicaError) in try reader.numberedFiles(of: view) }
        if terminal.isJSON {
            terminal.printJSON { json in
                json.object { json in
                    json.member("id", view.id.hex)
                    json.member("complete", Self.isComplete(files.map(\.file)))
                    FileText.write(files, to: &json)
                }
            }
            return .ok
        }
        if files.isEmpty { terminal.print(AttachWord.none.message) }
        for (number, file) in files { terminal.print(FileText(terminal: terminal).line(number, file)) }
        return .ok
    }

    /// Whether the ward holds every file of a document.
    static func isComplete(_ files: [FileState]) -> Bool { files.allSatisfy { $0.standing == .received } }

    /// `ward attachment fetch ID [N]`
    func attachmentFetch() throws(ErrorReport) -> ExitCode {
        let replica = try replica()
        let view = try attachable(replica)
        let files = try attempt { () throws(ReplicaError) in try replica.files(of: view) }
        let one = try parsed.argument(1).map { typed throws(ErrorReport) in try file(typed, of: files) }
        if let one, !one.opens { throw Self.noKey(parsed.argument(1) ?? "") }
        let missing = (one.map { [$0] } ?? files).filter { !$0.isHere }
        // What could not be opened here is worth no data.
        let wanted = missing.filter(\.opens)
        let closed = missing.count - wanted.count
        for file in wanted {
            try attempt { () throws(ReplicaError) in try replica.want(file.attachment.content) }
        }
        let bytes = wanted.reduce(0) { $0 + $1.attachment.content.length }
        if terminal.isJSON {
            terminal.printJSON { json in
                json.object { json in
                    json.member("id", view.id.hex)
                    json.member("wanted", wanted.count)
                    json.member("bytes", bytes)
                    json.member("private_passed_over", closed)
                }
            }
            return .ok
        }
        if closed > 0 { terminal.remark(AttachWord.privatePassedOver.message, String(closed)) }
        if files.isEmpty {
            terminal.print(AttachWord.none.message)
        } else if wanted.isEmpty, closed > 0 {
            return .ok
        } else if wanted.isEmpty {
            terminal.print(AttachWord.alreadyHere.message)
        } else {
            terminal.print(
                AttachWord.willFetch.message, String(wanted.count), ByteCount.text(bytes, terminal.language))
        }
        return .ok
    }

    /// `ward attachment save ID N --out FILE`
    func attachmentSave() throws(ErrorReport) -> ExitCode {
        let reader = try reader()
        let view = try attachable(reader)
        let files = try attempt { () throws(ReplicaError) in try reader.files(of: view) }
        let number = parsed.argument(1) ?? ""
        let file = try file(number, of: files)
        guard file.opens else { throw Self.noKey(number) }
        let root =
            parsed.flag("thumbnail")
            ? file.attachment.thumbnail?.root ?? file.attachment.content.root
            : file.attachment.content.root
        guard let content = try attempt({ () throws(ReplicaError) in try reader.content(root) }) else {
            throw ErrorReport(
                .notFound, code: "file.not-here", happened: Phrase(AttachWord.notHere.message), loss: .nothingChanged,
                next: AttachWord.notHereNext.message.with("ward attachment fetch " + ShortID.text(view.id)))
        }
        let isSealed = file.attachment.isSealed
        let bytes = isSealed ? try opened(content, file, number: number, view, reader) : content
        doneReading()
        let path = parsed.option("out") ?? ""
        try writeNew(path, bytes)
        if terminal.isJSON {
            terminal.printJSON { json in
                json.object { json in
                    json.member("file", path)
                    json.member("bytes", bytes.count)
                    json.member("private", isSealed)
                }
            }
        } else {
            terminal.print(AttachWord.written.message, path, ByteCount.text(bytes.count, terminal.language))
            if isSealed { terminal.remark(AttachWord.privateWritten.message) }
        }
        return .ok
    }

    /// `ward attachment remove ID N`
    func attachmentRemove() throws(ErrorReport) -> ExitCode {
        let replica = try replica()
        let view = try attachable(replica)
        guard let field = Schema.attachmentsField(of: view.state.kind) else { throw noFiles(view) }
        let files = try attempt { () throws(ReplicaError) in try replica.files(of: view) }
        let file = try file(parsed.argument(1) ?? "", of: files)
        var draft = ChangeSetDraft(kind: view.state.kind, document: view.id)
        draft.perform(.remove(Slot(field: field)), file.attachment.value)
        let slot = file.attachment.isSealed ? FileKey.slot(of: file.attachment.content.root, in: view.state.kind) : nil
        if let slot, !view.state.entries(slot).isEmpty { draft.perform(.set(slot), .null) }
        return try save(replica, draft)
    }

    /// `ward attachment release|withhold ID N`
    func attachmentRelease(_ isReleased: Bool) throws(ErrorReport) -> ExitCode {
        let replica = try replica()
        let view = try document(replica, .report)
        let files = try attempt { () throws(ReplicaError) in try replica.files(of: view) }
        let number = parsed.argument(1) ?? ""
        let file = try file(number, of: files)
        let isSealed = file.attachment.isSealed
        guard !isSealed || !isReleased else {
            throw ErrorReport(
                .refused, code: "file.private", happened: AttachWord.privateNotPublic.message.with(number),
                loss: .nothingChanged, next: Phrase(AttachWord.privateNotPublicNext.message))
        }
        guard isSealed || file.attachment.mediaType?.isImage ?? false else {
            throw ErrorReport(
                .refused, code: "file.not-a-photo", happened: Phrase(AttachWord.notAPhoto.message),
                loss: .nothingChanged, next: Phrase(AttachWord.photosOnlyNext.message))
        }
        var draft = ChangeSetDraft(kind: .report, document: view.id)
        let root = CBORValue.bytes(file.attachment.content.root.bytes)
        let slot = Slot(field: ReportField.publicPhotos)
        draft.perform(isReleased ? .add(slot) : .remove(slot), root)
        return try save(replica, draft)
    }

    private func file(_ typed: String, of files: [FileState]) throws(ErrorReport) -> FileState {
        guard let number = Int(typed), files.indices.contains(number - 1) else {
            throw ErrorReport(
                .notFound, code: "file.no-number", happened: AttachWord.noNumber.message.with(typed),
                loss: .nothingChanged,
                next: Phrase(AttachWord.noNumberNext.message))
        }
        return files[number - 1]
    }

    private func attachable(_ store: some LocalDocuments) throws(ErrorReport) -> DocumentView {
        try document(store, nil)
    }

    private func noFiles(_ view: DocumentView) -> ErrorReport {
        ErrorReport(
            .refused, code: "file.none", happened: Phrase(AttachWord.none.message), loss: .nothingChanged,
            next: Phrase(AttachWord.noNumberNext.message))
    }
}
