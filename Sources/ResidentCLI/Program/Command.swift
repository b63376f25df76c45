// The commands of the program, each with a number that its line in the table names.

/// What the program can run.
enum Command: Int, CaseIterable {
    case initialise, join, sync, status, whoami, doctor
    case reportNew, reportList, reportShow, reportEdit, reportComment
    case taskNew, taskList, taskShow, taskClaim, taskStart, taskNote, taskCheck, taskDone, taskRelease
    case procedureSearch, procedureShow, lookupAsk, lookupList, lookupShow, lookupAnswer, lookupPurge
    case conflictList, conflictShow, conflictResolve, areaList, conflictExplain, conflictHistory, conflictDismiss,
        conflictAsk
    case settingsList, settingsShow, settingsSet, settingsReset
    case search, reportSearch, taskSearch, procedureList, placeList, placeShow, placeNear, placeAdd, placeEdit
    case placeSearch, noticeList, noticeShow, noticePost, noticeWithdraw, noticeSearch, alertList, alertShow, alertPost
    case alertEnd, alertSearch, areaShow, areaSearch
    case today, team, taskCoverage, taskEdit, taskVisit, taskAssign, taskUnassign, taskVerify, taskReturn, taskCancel
    case taskReopen, taskReassign, taskAttend, taskAttendance
    case stats
    case inbox, reportClassify, reportAssign, reportStart, reportAsk, reportAnswer, reportResolve, reportReject
    case reportRefer, reportReopen, reportPropose, reportFlag, reportDuplicate, reportUnlink, reportCorrect
    case draftList, draftShow, draftEdit, draftSend, draftDelete
    case reportFollow, reportTrack, reportRate, reportPublish, reportUnpublish, publicList, publicShow, publicSearch
    case passphraseSet, passphraseChange, passphraseRemove, lock, unlock, wipe
    case receiptExport, receiptVerify, receiptEvidence
    case deviceList, deviceRevoke, deviceExtend, deviceGrant
    case bundleExport, bundleImport, bundleInspect
    case quarantineList, quarantineShow, quarantineRelease, quarantineDecline, orderList, orderErase, orderSign
    case attach, attachmentList, attachmentFetch, attachmentSave, attachmentRemove, attachmentRelease,
        attachmentWithhold
    case linkSet, linkList, linkUse, linkRemove
}
