// Places: what there is, how far it is and where, and an officer's additions.

import CommandLineKit
import SyncKit

extension Terminal {
    /// The name of a category of place; a code that this version does not know stays as it is.
    func placeCategory(_ code: String) -> String { PlaceCategory(rawValue: code).map { word($0.message) } ?? code }

    /// «350 m», «1,2 km»: as exact as somebody on the way needs it.
    func distance(_ metres: Int) -> String {
        if metres < 100 { return "\(metres) m" }
        if metres < 995 { return "\((metres + 5) / 10 * 10) m" }
        if metres < 9950 {
            let tenths = (metres + 50) / 100
            return "\(tenths / 10)" + (language == .vi ? "," : ".") + "\(tenths % 10) km"
        }
        return "\((metres + 500) / 1000) km"
    }
}

extension CommandRun {
    private struct Place {
        let id: Digest
        let listing: Listing
        let pending: Int
        let state: DocumentState
        var point: GeoPoint? { GeoPoint(state.value(PlaceField.location)) }
    }

    private func places(_ reader: ReplicaReader, _ filter: ListFilter = ListFilter()) throws(ErrorReport) -> [Place] {
        var category: String?
        if let given = parsed.option("category") { category = try placeCategory(given) }
        var rows: [Digest] = []
        try attempt { () throws(ReplicaError) in
            try reader.eachRow(.place, filter, limit: nil) { row in
                if category == nil || row.detail == category { rows.append(row.id) }
            }
        }
        var places: [Place] = []
        for id in rows {
            guard let view = try attempt({ () throws(ReplicaError) in try reader.document(id) }) else { continue }
            places.append(
                Place(id: id, listing: Listing(view.state), pending: view.pending.count, state: view.state))
        }
        return places
    }

    /// A category as typed: one of the known ones, or a code of the ward's own.
    private func placeCategory(_ given: String) throws(ErrorReport) -> String {
        if case .one(let category) = PlaceCategory.match(given) { return category.rawValue }
        if case .none = PlaceCategory.match(given) { return try freeCode("--category", given) }
        let names = PlaceCategory.allCases.map(\.rawValue).joined(separator: ", ")
        throw bad("--category", given, Self.filled(ReferenceWord.expectPlaceCategory.message, names))
    }

    /// `ward place list`
    func placeList() throws(ErrorReport) -> ExitCode {
        let reader = try reader()
        var filter = ListFilter()
        if let given = parsed.option("area") {
            let ward = try attempt { () throws(ReplicaError) in try reader.descriptor() }.area
            try narrow(&filter, to: given, ward: ward)
        }
        let all = VietnameseOrder.sorted(try places(reader, filter)) { $0.listing.title }
        let limit = parsed.flag("all") ? all.count : Int(parsed.integer("limit") ?? Int64(ListPage.defaultLimit))
        return printPlaces(all.prefix(limit).map { ($0, nil, nil) }, total: all.count)
    }

    /// `ward place near`
    func placeNear() throws(ErrorReport) -> ExitCode {
        let reader = try reader()
        let point = try startingPoint(reader)
        let near = try places(reader).compactMap { place in place.point.map { (place, $0) } }
            .map { (place: $0, metres: point.metres(to: $1), direction: point.direction(to: $1)) }
            .sorted { ($0.metres, $0.place.id) < ($1.metres, $1.place.id) }
        if near.isEmpty, !terminal.isJSON {
            terminal.remark(ReferenceWord.noPlaces.message)
            return .notFound
        }
        let limit = Int(parsed.integer("limit") ?? 10)
        return printPlaces(near.prefix(limit).map { ($0.place, $0.metres, $0.direction) }, total: near.count)
    }

    private func startingPoint(_ reader: ReplicaReader) throws(ErrorReport) -> GeoPoint {
        if let given = parsed.option("at") {
            guard let point = GeoPoint(ValueWords.location(given)) else {
                throw bad("--at", given, Say.expectPlace.message)
            }
            return point
        }
        guard let from = parsed.option("from") else {
            throw ErrorReport(
                .usage, code: "usage.missing-option", happened: Phrase(ReferenceWord.needPoint.message),
                loss: .nothingChanged, next: FaultWord.badValueNext.with(name))
        }
        let state = try document(reader, nil, from).state
        let field = state.kind == .place ? PlaceField.location : ReportField.location
        guard state.kind == .place || state.kind == .report, let point = GeoPoint(state.value(field)) else {
            throw bad("--from", from, ReferenceWord.noLocation.message)
        }
        return point
    }

    private func printPlaces(_ places: [(Place, Int?, CompassDirection?)], total: Int) -> ExitCode {
        let book = areaBook()
        if terminal.isJSON {
            terminal.printJSON { json in
                json.object { json in
                    json.array("items") { json in
                        for (place, metres, direction) in places {
                            Self.write(place, metres, direction, book, to: &json)
                        }
                    }
                    json.member("shown", places.count)
                    json.member("total", total)
                }
            }
            return .ok
        }
        guard !places.isEmpty else {
            terminal.remark(Say.noItems.message)
            return .ok
        }
        let isNear = places.contains { $0.1 != nil }
        var columns = [Table.Column(Say.id.message)]
        if isNear {
            columns += [
                Table.Column(ReferenceWord.distance.message, right: true),
                Table.Column(ReferenceWord.direction.message),
            ]
        }
        columns += [
            Table.Column(Say.kind.message, maximum: 24),
            Table.Column(ReferenceWord.place.message, minimum: 16, flexible: true),
            Table.Column(FieldWord.address.message, flexible: true), Table.Column(FieldWord.phone.message, maximum: 24),
        ]
        var table = Table(columns)
        for (place, metres, direction) in places {
            var cells = [ShortID.text(place.id)]
            if isNear {
                cells.append(metres.map { terminal.distance($0) } ?? "")
                cells.append(direction.map { terminal.word(CompassWord.message($0)) } ?? terminal.tell(.here))
            }
            cells += [terminal.placeCategory(place.listing.detail), place.listing.title]
            cells += [place.state.text(PlaceField.address) ?? "", place.state.text(PlaceField.phone) ?? ""]
            table.addRow(cells)
        }
        terminal.print(table)
        if total > places.count { terminal.remark(Say.moreItems.message, String(total - places.count)) }
        return .ok
    }

    private static func write(
        _ place: Place, _ metres: Int?, _ direction: CompassDirection?, _ book: AreaBook?, to json: inout JSONWriter
    ) {
        json.object { json in
            json.member("id", place.id.hex)
            json.member("short_id", ShortID.text(place.id))
            json.member("name", place.listing.title)
            json.member("category", place.listing.detail)
            json.member("address", place.state.text(PlaceField.address))
            json.member("phone", place.state.text(PlaceField.phone))
            json.member("hours", place.state.text(PlaceField.hours))
            let area = place.listing.area
            json.member("area", area.isEmpty ? nil : area)
            json.member("area_name", area.isEmpty ? nil : book?.shortName(area))
            if let point = place.point {
                json.array("location") { json in
                    json.element(point.latitude)
                    json.element(point.longitude)
                }
            }
            if let metres {
                json.member("distance_metres", metres)
                json.member("direction", direction?.name)
            }
            json.member("pending", place.pending)
        }
    }

    // MARK: Officers

    /// `ward place add`
    func placeAdd() throws(ErrorReport) -> ExitCode {
        let name = try text("--name", parsed.option("name") ?? "", limit: 400)
        let replica = try replica()
        var draft = ChangeSetDraft(kind: .place)
        draft.perform(.set(Slot(field: PlaceField.name)), .text(name))
        try setPlaceFields(&draft, ward: replica.descriptor.area)
        if parsed.option("category") == nil {
            draft.perform(.set(Slot(field: PlaceField.category)), .text(PlaceCategory.other.rawValue))
        }
        return try save(replica, draft, title: name)
    }

    /// `ward place edit ID`
    func placeEdit() throws(ErrorReport) -> ExitCode {
        let replica = try replica()
        var draft = ChangeSetDraft(kind: .place, document: try document(replica, .place).id)
        if let name = try text(option: "name", limit: 400) {
            draft.perform(.set(Slot(field: PlaceField.name)), .text(name))
        }
        try setPlaceFields(&draft, ward: replica.descriptor.area)
        guard !draft.operations.isEmpty else { throw nothingToChange() }
        return try save(replica, draft)
    }

    private func setPlaceFields(_ draft: inout ChangeSetDraft, ward: String) throws(ErrorReport) {
        if let given = parsed.option("category") {
            draft.perform(.set(Slot(field: PlaceField.category)), .text(try placeCategory(given)))
        }
        for (option, field, limit) in [
            ("address", PlaceField.address, 400), ("phone", PlaceField.phone, 64), ("hours", PlaceField.hours, 400),
        ] {
            if let value = try text(option: option, limit: limit) {
                draft.perform(.set(Slot(field: field)), .text(value))
            }
        }
        if let given = parsed.option("at") {
            guard let value = ValueWords.location(given) else { throw bad("--at", given, Say.expectPlace.message) }
            draft.perform(.set(Slot(field: PlaceField.location)), value)
        }
        if let given = parsed.option("area") {
            draft.perform(.set(Slot(field: PlaceField.area)), .text(try area("--area", given, ward: ward)))
        }
    }
}
