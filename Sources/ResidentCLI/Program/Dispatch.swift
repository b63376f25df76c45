// From the table's number to the function that does it.

import CommandLineKit

extension Command {
    /// Runs a command.
    static func run(_ spec: CommandSpec, _ parsed: ParsedCommand, _ terminal: Terminal) throws(ErrorReport) -> ExitCode
    {
        guard let command = Command(rawValue: spec.run) else { return .failure }
        let run = CommandRun(spec, parsed, terminal)
        switch command {
        case .initialise: return try run.initialise()
        case .join: return try run.join()
        case .sync: return try run.sync()
        case .status: return try run.status()
        case .whoami: return try run.whoami()
        case .doctor: return try run.doctor()
        case .reportNew: return try run.reportNew()
        case .reportList: return try run.list(.report)
        case .reportShow: return try parsed.flag("qr") ? run.showCode() : run.show(.report)
        case .reportEdit: return try run.reportEdit()
        case .reportComment: return try run.reportComment()
        case .taskNew: return try run.taskNew()
        case .taskList: return try run.list(.task)
        case .taskShow: return try run.show(.task)
        case .taskClaim: return try run.taskClaim()
        case .taskStart: return try run.taskStart()
        case .taskNote: return try run.taskNote()
        case .taskCheck: return try run.taskCheck()
        case .taskDone: return try run.taskDone()
        case .taskRelease: return try run.taskRelease()
        case .procedureShow: return try run.procedureShow()
        case .lookupAsk: return try run.lookupAsk()
        case .lookupList: return try run.list(.lookup)
        case .lookupShow: return try run.lookupShow()
        case .lookupAnswer: return try run.lookupAnswer()
        case .lookupPurge: return try run.lookupPurge()
        case .conflictList: return try run.conflictList()
        case .conflictShow: return try run.conflictShow()
        case .conflictResolve: return try run.conflictResolve()
        case .areaList: return try run.areaList()
        case .settingsList: return try run.settingsList()
        case .settingsShow: return try run.settingsShow()
        case .settingsSet: return try run.settingsSet()
        case .settingsReset: return try run.settingsReset()
        case .search, .reportSearch, .taskSearch, .procedureSearch, .procedureList, .placeList, .placeShow, .placeNear,
            .placeAdd, .placeEdit, .placeSearch, .noticeList, .noticeShow, .noticePost, .noticeWithdraw, .noticeSearch,
            .alertList, .alertShow, .alertPost, .alertEnd, .alertSearch, .areaShow, .areaSearch:
            return try run.reference(command)
        case .today: return try run.today()
        case .team, .taskCoverage: return try run.team()
        case .taskEdit: return try run.taskEdit()
        case .taskVisit: return try run.taskVisit()
        case .taskAssign: return try run.taskAssign()
        case .taskUnassign: return try run.taskUnassign()
        case .taskVerify: return try run.taskVerify()
        case .taskReturn: return try run.taskReturn()
        case .taskCancel: return try run.taskCancel()
        case .taskReopen: return try run.taskReopen()
        case .taskReassign: return try run.taskReassign()
        case .taskAttend: return try run.taskAttend()
        case .taskAttendance: return try run.taskAttendance()
        case .stats: return try run.stats()
        }
    }
}
