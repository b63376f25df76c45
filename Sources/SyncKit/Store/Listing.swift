// The columns that lists are made from, derived from a document's state.

/// What a list shows of a document without reading its state.
package struct Listing: Hashable, Sendable {
    package var status: UInt8
    package var area: String
    /// Lists are ordered by it, the smallest first.
    package var sort: Int64
    package var updated: Int64
    package var title: String
    package var detail: String
    package var holder: DeviceID?
    package var flags: Flags

    package struct Flags: OptionSet, Hashable, Sendable {
        package let rawValue: Int64
        package init(rawValue: Int64) { self.rawValue = rawValue }
        /// An open conflict.
        package static let conflict = Flags(rawValue: 1)
        /// A field in dispute.
        package static let disputed = Flags(rawValue: 2)
        /// The claim waits for the ward's word.
        package static let provisionalClaim = Flags(rawValue: 4)
        /// A task that the device's person holds, or that was assigned to that person.
        package static let own = Flags(rawValue: 8)
        /// A task that the device claimed after somebody else.
        package static let lostClaim = Flags(rawValue: 16)
        /// An open task that its holder gave back.
        package static let released = Flags(rawValue: 32)
        /// An open task that was done and is to be done again.
        package static let sentBack = Flags(rawValue: 64)
        /// Edits side by side that nobody looked at; only a device's list says so.
        package static let parallel = Flags(rawValue: 128)
    }

    package init(
        status: UInt8, area: String, sort: Int64, updated: Int64, title: String, detail: String, holder: DeviceID?,
        flags: Flags
    ) {
        self.status = status
        self.area = area
        self.sort = sort
        self.updated = updated
        self.title = title
        self.detail = detail
        self.holder = holder
        self.flags = flags
    }

    /// - Parameter own: the devices of the person whose list it is; the server has none.
    package init(_ state: DocumentState, for own: Set<DeviceID> = []) {
        status = state.present.state
        area = state.areas.first ?? ""
        updated = state.lastEffective.seconds
        sort = -updated
        title = ""
        detail = ""
        flags = []
        switch state.kind {
        case .report:
            title = state.text(ReportField.title) ?? ""
            detail = state.text(ReportField.category) ?? ""
        case .task:
            title = state.text(TaskField.title) ?? ""
            detail = state.text(TaskField.kind) ?? ""
            let due = state.value(TaskField.due)?.integer ?? state.value(TaskField.starts)?.integer
            sort = TaskOrder.sort(due: due, priority: state.value(TaskField.priority)?.integer)
            if let claim = state.holder(TaskField.claimant) {
                holder = claim.dot.device
                if claim.outcome == .provisional { flags.insert(.provisionalClaim) }
            }
            if let holder, own.contains(holder) { flags.insert(.own) }
            for device in own {
                if state.assignees.contains(device) { flags.insert(.own) }
                // What somebody else of the same person holds was not lost.
                if holder.map(own.contains) != true, state.lostClaim(of: device) != nil { flags.insert(.lostClaim) }
            }
            if status == 1, state.wasReleased { flags.insert(.released) }
            if state.wasSentBack { flags.insert(.sentBack) }
        case .lookup:
            title = state.text(LookupField.code) ?? ""
            detail = Self.answerTimes(state)
        case .procedure:
            title = state.text(ProcedureField.name) ?? ""
            detail = state.text(ProcedureField.code) ?? ""
            sort = 0
        case .area:
            title = state.text(AreaField.name) ?? ""
            detail = state.text(AreaField.code) ?? ""
            area = detail
            sort = Self.order(areaCode: detail)
        case .place:
            title = state.text(PlaceField.name) ?? ""
            detail = state.text(PlaceField.category) ?? ""
            area = state.text(PlaceField.area) ?? ""
        case .notice:
            title = state.text(NoticeField.title) ?? ""
            area = state.text(NoticeField.area) ?? ""
            sort = Self.order(validUntil: state.value(NoticeField.validUntil)?.integer)
        case .alert:
            title = state.text(AlertField.title) ?? ""
            detail = state.text(AlertField.category) ?? ""
            area = state.text(AlertField.area) ?? ""
            sort = Self.order(validUntil: state.value(AlertField.validUntil)?.integer)
        case .publication:
            title = state.text(PublicationField.title) ?? ""
            detail = state.text(PublicationField.category) ?? ""
            area = state.text(PublicationField.area) ?? ""
        case .progress: detail = state.text(ProgressField.status) ?? ""
        case .follow: detail = state.text(FollowField.status) ?? ""
        case .rating: detail = state.text(RatingField.status) ?? ""
        case .settings: title = state.text(SettingsField.topic) ?? ""
        case .order:
            title = state.text(OrderField.action) ?? ""
            detail = state.text(OrderField.status) ?? ""
        }
        let conflicts = state.conflicts
        if !conflicts.isEmpty { flags.insert(.conflict) }
        if conflicts.contains(where: \.isDisputed) { flags.insert(.disputed) }
    }

    /// The place of an area in the order of codes, from the code's first nine bytes, so that an index finds it.
    package static func order(areaCode: String) -> Int64 {
        var order: Int64 = 0
        var rest = areaCode.utf8.prefix(9)[...]
        for _ in 0..<9 { order = order << 7 | Int64((rest.popFirst() ?? 0) & 0x7F) }
        return order
    }

    /// What is valid for longest comes first; what has no end comes before all others.
    package static func order(validUntil: Int64?) -> Int64 {
        guard let validUntil else { return .min }
        return -max(validUntil, -Int64.max)
    }
}

extension Listing {
    /// As of when the newest answer to a look-up is and until when it is fresh: two numbers, or nothing.
    private static func answerTimes(_ state: DocumentState) -> String {
        guard let entry = state.entries(Slot(field: LookupField.answer)).last,
            case .array(let parts)? = try? CBORValue(decoding: entry.value), parts.count == 4,
            let asOf = parts[1].integer, let stale = parts[2].integer
        else { return "" }
        return "\(asOf) \(stale)"
    }
}

/// The order of tasks in one number: by due time, then by priority.
package enum TaskOrder {
    private static let latest: Int64 = Int64.max >> 3
    /// The priority of a task that names none; 1 is the highest, 5 the lowest.
    package static let usualPriority: Int64 = 3

    /// The number to sort by. Tasks without a due time come last; times beyond ±2⁵⁹ are taken as that.
    package static func sort(due: Int64?, priority: Int64?) -> Int64 {
        let time = due.map { min(max($0, -(1 << 59)), 1 << 59) } ?? latest
        return time << 3 | min(max(priority ?? usualPriority, 0), 7)
    }

    /// The due time that a number was made of.
    package static func due(_ sort: Int64) -> Int64? {
        let time = sort >> 3
        return time == latest ? nil : time
    }

    package static func priority(_ sort: Int64) -> Int64 { sort & 7 }
}

extension DocumentState {
    /// What a search finds a document by: a title that weighs more, and the rest of its text.
    /// - Parameter title: the title in lists.
    package func searchText(titled title: String) -> (title: String, body: String) {
        (SearchFold.fold(title), SearchFold.fold(searchedTexts.joined(separator: " ")))
    }

    /// The texts of everything that is not private, in the order of the fields.
    private var searchedTexts: [String] {
        var texts: [String] = []
        eachSearchedText { _, text in
            texts.append(text)
            return true
        }
        return texts
    }

    /// Goes through the texts of everything that is not private, in the order of the fields, until `body` says false.
    package func eachSearchedText(_ body: (_ field: UInt8, _ text: String) -> Bool) {
        for slot in slots {
            guard let spec = Schema.field(kind, slot.slot.field), spec.disclosedTo == nil else { continue }
            switch spec.type {
            case .text, .code, .coded: break
            // An area is also found by the codes of those that it was made of.
            case .area where kind == .area: break
            default: continue
            }
            for entry in slot.entries where entry.action == .value || entry.action == .resolution {
                switch try? CBORValue(decoding: entry.value) {
                case .text(let text)?: if !body(spec.code, text) { return }
                case .array(let parts)?:
                    if let text = parts.last?.string, !body(spec.code, text) { return }
                default: continue
                }
            }
        }
    }
}

extension CBORValue {
    /// The number, where the value is one that fits 64 bits with a sign.
    package var integer: Int64? {
        switch self {
        case .unsigned(let value): Int64(exactly: value)
        case .negative(let value): value
        default: nil
        }
    }

    /// The text, where the value is one.
    package var string: String? {
        if case .text(let text) = self { return text }
        return nil
    }
}
