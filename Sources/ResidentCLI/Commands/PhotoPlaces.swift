// The place that a camera wrote into a photo: offered as the report's, and taken by nobody's mistake.

import CommandLineKit
import Photos
import SyncKit

extension CommandRun {
    /// The place of the first photo that has one, as a report's location, where the person lets it be taken: asked at a
    /// terminal, else taken and told. `nil` with `--no-place`, and where no photo has one.
    /// - Parameter other: how to give another place, to be told where nobody can be asked.
    func offeredPlace(of files: [PreparedFile], other: String) -> CBORValue? {
        // Commands that take no photos do not know the option.
        guard let file = files.first(where: { $0.latitude != nil }), let latitude = file.latitude,
            let longitude = file.longitude, !parsed.flag("no-place")
        else { return nil }
        let place = ValueWords.degrees(latitude) + ", " + ValueWords.degrees(longitude)
        let prompt = Prompt(terminal)
        if prompt.isPossible, !terminal.isJSON {
            // No answer is no consent.
            guard prompt.confirm(AttachWord.placeAsk.message, place, assumed: true) == true else { return nil }
        } else {
            terminal.warn(AttachWord.placeTaken.message, place, other)
        }
        // Cameras say nothing of how exact they are.
        let accuracy: Int64 = 50
        return .array([CBORValue(latitude), CBORValue(longitude), CBORValue(accuracy)])
    }

    /// Takes the place of the photos as the report's, where nobody gave another.
    func offerPlace(of files: [PreparedFile], to form: inout ReportForm) {
        guard form.values[ReportField.location] == nil else { return }
        if let place = offeredPlace(of: files, other: "--at") {
            form.values[ReportField.location] = place
        }
    }

    /// Adds the place of the photos to a report that never had one. What somebody took out stays out.
    func offerPlace(of files: [PreparedFile], to view: DocumentView, in draft: inout ChangeSetDraft) {
        guard view.state.kind == .report, view.state.entries(ReportField.location).isEmpty else { return }
        let other = "ward report edit \(ShortID.text(view.id)) --at"
        if let place = offeredPlace(of: files, other: other) {
            draft.perform(.set(Slot(field: ReportField.location)), place)
        }
    }
}
