// The commands of the program, each with a number that its line in the table names.

/// What the program can run.
enum Command: Int, CaseIterable {
    case initialise, join, sync, status, whoami, doctor
    case reportNew, reportList, reportShow, reportEdit, reportComment
    case taskNew, taskList, taskShow, taskClaim, taskStart, taskNote, taskCheck, taskDone, taskRelease
    case procedureSearch, procedureShow, lookupAsk, lookupList, lookupShow, lookupAnswer, lookupPurge
    case conflictList, conflictShow, conflictResolve, areaList
    case settingsList, settingsShow, settingsSet, settingsReset
    case reportFollow, reportTrack, reportRate, reportPublish, reportUnpublish, publicList, publicShow, publicSearch
}
