// The commands on reference data, from their number to the function that does it.

import CommandLineKit

extension CommandRun {
    /// Runs a command of this part of the table.
    func reference(_ command: Command) throws(ErrorReport) -> ExitCode {
        switch command {
        case .search: return try search(try searchedKinds(), command)
        case .procedureSearch: return try search([.procedure], command)
        case .reportSearch: return try search([.report], command)
        case .taskSearch: return try search([.task], command)
        case .placeSearch: return try search([.place], command)
        case .noticeSearch: return try search([.notice], command)
        case .alertSearch: return try search([.alert], command)
        case .areaSearch: return try search([.area], command)
        case .procedureList: return try procedureList()
        case .placeList: return try placeList()
        case .placeShow: return try show(.place)
        case .placeNear: return try placeNear()
        case .placeAdd: return try placeAdd()
        case .placeEdit: return try placeEdit()
        case .noticeList: return try announcementList(.notice)
        case .noticeShow: return try show(.notice)
        case .noticePost: return try noticePost()
        case .noticeWithdraw: return try announcementEnd(.notice)
        case .alertList: return try announcementList(.alert)
        case .alertShow: return try show(.alert)
        case .alertPost: return try alertPost()
        case .alertEnd: return try announcementEnd(.alert)
        case .areaShow: return try areaShow()
        default: return .failure
        }
    }
}
