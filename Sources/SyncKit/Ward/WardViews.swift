// The ward's views of a report: its progress for those who hold the code, its publication for everybody.

extension WardCore {
    /// Brings a report's progress view to where the report is; makes it where there is none. Nothing of the
    /// reporter, of the place and of what anybody wrote stands in it.
    /// - Returns: the view.
    func bringProgress(of report: WardDocument) throws(StoreError) -> Digest {
        guard let state = try state(of: report) else { throw StoreError(.damaged, "report without a state") }
        let id = reactions.views[report.id]?[.progress]
        var view: DocumentState?
        if let id, let document = documents[id] { view = try self.state(of: document) }
        var duplicateOf = CBORValue.null
        if let original = try original(of: report) {
            // Whoever follows this one follows the other one too.
            let known = reactions.views[original.id]?[.progress]
            let target: Digest
            if let known { target = known } else { target = try bringProgress(of: original) }
            duplicateOf = .bytes(target.bytes)
        }
        let steps = state.countedSteps
        let changed = steps.last?.effective ?? state.creationTime
        let wanted: [(field: UInt8, value: CBORValue)] = [
            (ProgressField.status, .text(WorkflowRules.name(.report, state.present.state))),
            (ProgressField.changed, CBORValue(changed.seconds)),
            (ProgressField.filed, CBORValue(state.creationTime.seconds)),
            (ProgressField.due, state.value(ReportField.due) ?? .null),
            (ProgressField.agency, state.value(ReportField.agency) ?? .null),
            (ProgressField.resolution, state.value(ReportField.resolution) ?? .null),
            (ProgressField.duplicateOf, duplicateOf),
            (ProgressField.publication, try publishedView(of: report, state)),
        ]
        let known = view?.entries(ProgressField.steps).count ?? 0
        let items = steps.dropFirst(known).map { step in
            (
                field: ProgressField.steps,
                value: CBORValue.array([
                    .text(WorkflowRules.name(.report, step.state)), .text(String(step.effective.seconds)),
                ])
            )
        }
        let before = view?.value(ProgressField.duplicateOf) ?? .null
        guard let made = try bring(.progress, id, to: wanted, appending: items) else {
            throw StoreError(.misuse, "empty view")
        }
        try noteView(made, .progress, of: report.id)
        if view != nil, before != duplicateOf { try moveFollowers(of: made) }
        return made
    }

    /// A report was linked to another one, or is not any more: its followers follow along.
    private func moveFollowers(of view: Digest) throws(StoreError) {
        guard let document = documents[view], let follows = reactions.namedBy[document.number] else { return }
        for number in follows.sorted() {
            if let follow = documentsByNumber[number] { try settle(follow: follow) }
        }
    }

    private func publishedView(of report: WardDocument, _ state: DocumentState) throws(StoreError) -> CBORValue {
        guard state.publicText != nil, let view = reactions.views[report.id]?[.publication] else { return .null }
        return .bytes(view.bytes)
    }

    /// Brings a report's publication to what the officer lets everybody read; takes it back where that is over.
    func bringPublication(of report: WardDocument) throws(StoreError) {
        guard let state = try state(of: report) else { return }
        let id = reactions.views[report.id]?[.publication]
        guard let text = state.publicText else {
            guard id != nil else { return }
            try bringPhotos(of: nil, to: id)
            let rest = Schema.fields(of: .publication).map(\.code).filter {
                $0 != PublicationField.status && $0 != PublicationField.photos
            }
            _ = try bring(
                .publication, id,
                to: [(PublicationField.status, .text("withdrawn"))] + rest.map { (field: $0, value: CBORValue.null) })
            return
        }
        let closed = state.countedSteps.last { $0.state == 6 }?.effective.seconds
        let isRated = state.hasTaken(8, since: 6)
        let rating = isRated ? state.value(ReportField.rating)?.integer.flatMap(Rating.init)?.value : nil
        let made = try bring(
            .publication, id,
            to: [
                (PublicationField.status, .text("published")),
                (PublicationField.title, .text(text.title)),
                (PublicationField.text, text.text.map { .text($0) } ?? .null),
                (PublicationField.category, state.value(ReportField.category) ?? .null),
                (PublicationField.area, state.value(ReportField.area) ?? .null),
                (PublicationField.filed, CBORValue(state.creationTime.seconds)),
                (PublicationField.closed, closed.map { CBORValue($0) } ?? .null),
                (PublicationField.agency, state.value(ReportField.agency) ?? .null),
                (PublicationField.resolution, state.value(ReportField.resolution) ?? .null),
                (PublicationField.rating, rating.map { CBORValue($0) } ?? .null),
            ])
        guard let made else { return }
        try noteView(made, .publication, of: report.id)
        try bringPhotos(of: state, to: made)
    }

    /// Brings a publication's photos to those that an officer released: without anything but the picture, and only
    /// what the ward holds wholly.
    /// - Parameter report: `nil` takes all of them back.
    private func bringPhotos(of report: DocumentState?, to publication: Digest?) throws(StoreError) {
        guard let publication, let document = documents[publication], let state = try state(of: document) else {
            return
        }
        let present = Set(state.attachments.map(\.attachment))
        let wanted = try report.map { report throws(StoreError) in try releasedPhotos(of: report) } ?? []
        var draft = ChangeSetDraft(kind: .publication, document: publication)
        let slot = Slot(field: PublicationField.photos)
        for photo in wanted where !present.contains(photo) { draft.perform(.add(slot), photo.value) }
        for entry in state.attachments where !wanted.contains(entry.attachment) {
            draft.perform(.remove(slot), entry.attachment.value)
        }
        if !draft.operations.isEmpty { _ = try authorOne(draft) }
    }

    /// The photos that an officer released, as they may be shown; never a private file, whoever released it.
    private func releasedPhotos(of report: DocumentState) throws(StoreError) -> [Attachment] {
        let released = Set(
            report.entries(ReportField.publicPhotos).compactMap { entry in
                guard case .bytes(let bytes)? = try? CBORValue(decoding: entry.value) else { return Digest?.none }
                return Digest(bytes)
            })
        var photos: [Attachment] = []
        for (attachment, _) in report.attachments
        where released.contains(attachment.content.root) && !attachment.isSealed {
            guard let content = try shown(attachment.content, attachment.mediaType) else { continue }
            let thumbnail = try attachment.thumbnail.flatMap { small throws(StoreError) in try shown(small, .jpeg) }
            photos.append(Attachment(content: content, media: attachment.media, thumbnail: thumbnail))
        }
        return photos
    }

    /// A picture without what cameras write beside it, kept beside the one that was sent; `nil` where the ward does
    /// not hold it, or it is none that can be shown.
    private func shown(_ content: ContentName, _ media: MediaType?) throws(StoreError) -> ContentName? {
        guard let media, let held = try contents.held(content.root), held.isWhole else { return nil }
        let bytes = try contents.bytes(held)
        guard MediaType(beginning: bytes) == media, let stripped = ImageMetadata.strip(bytes, media) else { return nil }
        let name = ContentTree.name(stripped)
        if name != content { try contents.keep(stripped, as: name) }
        return name
    }
}

extension DocumentState {
    /// What of a report everybody may read: an officer took the step to published after the last step away from it,
    /// there is a title for the public, and the report is not kept to few. `nil` where one of these does not hold.
    package var publicText: (title: String, text: String?)? {
        guard kind == .report, let title = text(ReportField.publicTitle), !title.isEmpty,
            text(ReportField.visibility) != "limited"
        else { return nil }
        return isPublishedStep ? (title, text(ReportField.publicText)) : nil
    }

    /// Whether the last step but a rating was the one to published.
    package var isPublishedStep: Bool { countedSteps.last { $0.state != 8 }?.state == 7 }
}
