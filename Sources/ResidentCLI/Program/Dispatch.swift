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
        case .reportShow: return try run.show(.report)
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
        case .procedureSearch: return try run.procedureSearch()
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
        case .reportFollow: return try run.reportFollow()
        case .reportTrack: return try run.reportTrack()
        case .reportRate: return try run.reportRate()
        case .reportPublish: return try run.reportPublish()
        case .reportUnpublish: return try run.reportUnpublish()
        case .publicList: return try run.publicList()
        case .publicShow: return try run.publicShow()
        case .publicSearch: return try run.publicSearch()
        }
    }
}
