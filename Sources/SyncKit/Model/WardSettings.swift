// What a ward may want otherwise: categories, agencies, deadlines, holidays, how long answers are kept, names of states.

/// A ward's configuration: the standard one, with what its settings documents say instead.
package struct WardSettings: Sendable, Equatable {
    /// What a report can be about.
    package struct Category: Sendable, Equatable {
        package var code: String
        package var vi: String
        package var en: String
        /// Within this distance two reports may be about the same thing.
        package var radiusMetres: Int

        package init(_ code: String, _ vi: String, _ en: String, radiusMetres: Int) {
            self.code = code
            self.vi = vi
            self.en = en
            self.radiusMetres = radiusMetres
        }
    }

    /// Who mends what is reported.
    package struct Agency: Sendable, Equatable {
        package var code: String
        package var name: String

        package init(_ code: String, _ name: String) {
            self.code = code
            self.name = name
        }
    }

    /// How many working days a report may take.
    package struct Deadlines: Sendable, Equatable {
        package var high: Int
        package var normal: Int
        package var low: Int
        /// No deadline that follows from an urgency is longer.
        package var maxDays: Int

        package init(high: Int = 1, normal: Int = 3, low: Int = 7, maxDays: Int = 15) {
            self.high = high
            self.normal = normal
            self.low = low
            self.maxDays = maxDays
        }

        /// The working days for an urgency; one that is not given or not known counts as normal.
        package func days(urgency: String?) -> Int {
            let days =
                switch urgency {
                case "high": high
                case "low": low
                default: normal
                }
            return min(days, maxDays)
        }
    }

    /// A name in both languages.
    package struct Name: Sendable, Equatable {
        package var vi: String
        package var en: String

        package init(vi: String, en: String) {
            self.vi = vi
            self.en = en
        }
    }

    package var categories: [Category]
    package var agencies: [Agency]
    package var deadlines: Deadlines
    /// Days off beside Saturdays and Sundays, with their names.
    package var holidayNames: [CivilDate: String]
    /// Saturdays, Sundays and holidays that are worked, with the reason.
    package var extraWorkingDayNames: [CivilDate: String]
    /// For how long a device keeps the answer to a look-up.
    package var lookupRetentionDays: Int
    /// Whether grants are renewed by themselves.
    package var renewal = Renewal()
    /// Names that the ward gives to states, by kind and state: `report.in_progress`.
    package var nameOfStates: [String: Name]

    /// Grants that end soon are renewed when their device syncs.
    package struct Renewal: Sendable, Equatable {
        /// How many days before its end; 0: never by itself.
        package var withinDays = 0
        /// For how many days from then.
        package var days = 180
    }

    package var holidays: Set<CivilDate> { Set(holidayNames.keys) }

    package var calendar: WorkingCalendar {
        WorkingCalendar(holidays: holidays, extraWorkingDays: Set(extraWorkingDayNames.keys))
    }

    package func category(_ code: String) -> Category? { categories.first { $0.code == code } }

    package func agency(_ code: String) -> Agency? { agencies.first { $0.code == code } }

    /// What the ward calls a state, where it calls it otherwise than everybody.
    package func stateName(_ kind: DocumentKind, _ state: UInt8) -> Name? {
        nameOfStates.isEmpty ? nil : nameOfStates[kind.name + "." + WorkflowRules.name(kind, state)]
    }

    /// What holds where a ward says nothing.
    package static let standard = WardSettings(
        categories: [
            Category("lighting", "chiếu sáng", "street lighting", radiusMetres: 50),
            Category("road", "đường sá", "road", radiusMetres: 30),
            Category("garbage", "rác thải", "garbage", radiusMetres: 50),
            Category("flood", "ngập nước, thoát nước", "flood, drainage", radiusMetres: 200),
            Category("tree", "cây xanh", "trees", radiusMetres: 30),
            Category("pavement", "vỉa hè, trật tự đô thị", "pavement, public order", radiusMetres: 50),
            Category("noise", "tiếng ồn", "noise", radiusMetres: 100),
            Category("water", "cấp nước", "water supply", radiusMetres: 100),
            Category("power", "điện", "electricity", radiusMetres: 100),
            Category("telecom", "viễn thông, mất sóng", "telecom, no signal", radiusMetres: 300),
            Category("equipment", "thiết bị công", "public equipment", radiusMetres: 30),
            Category("procedure", "thủ tục, thái độ phục vụ", "procedure, service", radiusMetres: 100),
            Category("other", "khác", "other", radiusMetres: 50),
        ],
        agencies: [
            Agency("van_phong", "Văn phòng HĐND và UBND phường"),
            Agency("kinh_te_ha_tang", "Phòng Kinh tế, Hạ tầng và Đô thị"),
            Agency("van_hoa_xa_hoi", "Phòng Văn hoá - Xã hội"),
            Agency("hanh_chinh_cong", "Trung tâm Phục vụ hành chính công"),
            Agency("cong_an", "Công an phường"),
            Agency("moi_truong", "Đơn vị môi trường đô thị"),
            Agency("dien_luc", "Điện lực"),
            Agency("cap_nuoc", "Cấp nước"),
        ],
        deadlines: Deadlines(), holidayNames: PublicHolidays.standard, extraWorkingDayNames: [:],
        lookupRetentionDays: 30, nameOfStates: [:])

    init(
        categories: [Category], agencies: [Agency], deadlines: Deadlines, holidayNames: [CivilDate: String],
        extraWorkingDayNames: [CivilDate: String], lookupRetentionDays: Int, nameOfStates: [String: Name]
    ) {
        self.categories = categories
        self.agencies = agencies
        self.deadlines = deadlines
        self.holidayNames = holidayNames
        self.extraWorkingDayNames = extraWorkingDayNames
        self.lookupRetentionDays = lookupRetentionDays
        self.nameOfStates = nameOfStates
    }
}
