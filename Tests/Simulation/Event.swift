// What the simulator is meant to produce, counted, so that a run in which something never happened is seen.

/// A kind of event of a schedule.
public enum Event: String, CaseIterable, Sendable {
    // What people do.
    case report, task, lookup, notice, wardDocument, registerEdit, cleared, areaMove, comment, tagAdded, tagRemoved
    case checklist, claim, claimReleased, claimReassigned, transition, link, unlink, resolution, privateValue, reissue
    case forbidden, earlyRefusal, follow, rating
    // What the ward decides.
    case accepted, refused, heldExpired, heldRevoked, heldMissingDocument, heldMissingReference, released, declined
    case claimLost, crossing, valuesInConflict, lookupAnswered, clockClamped
    case followed, followUnknown, followerMoved, published, withdrawn, ratedByCode, ratingRefused
    // What the network does.
    case requestDropped, requestDelayed, delayedDelivered, requestDuplicated, requestReplayed, requestCut
    case answerCut, answerDropped, answerCorrupted, staleRequest, severalFrames, interleaved
    // What happens to processes and stores.
    case deviceCrashInCommit, deviceCrashInSync, deviceRestart, deviceStoreFault
    case serverCrashInCommit, serverCrashBetweenFrames, serverRestart, serverStoreFault, serverFlush
    case serverFlushFailed
    // What a disk that died takes with it, and what comes back.
    case serverBackup, serverBackupNoted, serverRestore, serverRestoreAgain, serverRestoreOtherEpoch, readmitted
    case readmittedOverOther, grantsReviewed
    // What an admin does, and who comes and goes.
    case roleChange, areaChange, grantExpiry, grantExtension, revocation, regrant, invitation, lateJoiner
    case longOffline, clockForward, clockBack, serverClock, documentEntered, documentLeft
    // What admins order on their own devices, and what comes of it.
    case orderRevoke, orderGrant, orderExtend, orderRelease, orderDecline, orderErase, mutualRevocation
    case orderDone, orderRefused, erased, heldSeen
    // What the root key says, and who still answers with an old key.
    case keyRotation, keyCompromised, retiredKeyNoticed
    // What devices hold in place of histories.
    case statesTaken, unbackedStatesTaken, historyCompacted, historyAsked, historyBack
    // What devices notice of a ward that went back.
    case rollbackNoticed, forkNoticed
    // What devices make of somebody who answers in the ward's name.
    case otherFaceShown, otherFaceNoticed, otherFaceProven, twoFacesTaken, twoFacesProven, hostileAsking
    // What people do with copies of stores, and what comes of it.
    case storeCopied, serverRestoreAmongCopies, storeSetBack, storeUsedTwice, ownWorkTakenBack, keysRenewed,
        successionConfirmed, branchLeftOver
    // Of whole schedules.
    case realSignatures, storesInFiles, bulky

    /// Whether it is a fault: what a sound world would not do.
    var isFault: Bool {
        switch self {
        case .requestDropped, .requestDelayed, .requestDuplicated, .requestReplayed, .requestCut, .answerCut,
            .answerDropped, .answerCorrupted, .interleaved, .deviceCrashInCommit, .deviceCrashInSync, .deviceRestart,
            .deviceStoreFault, .serverCrashInCommit, .serverCrashBetweenFrames, .serverRestart, .serverStoreFault,
            .serverFlushFailed, .serverRestore, .otherFaceShown, .clockForward, .clockBack, .serverClock:
            true
        default: false
        }
    }
}

/// How often each event happened.
public struct EventCounts: Sendable, Equatable {
    private var counts: [Event: Int] = [:]

    /// Nothing happened yet.
    public init() {}

    /// How often an event happened.
    public subscript(_ event: Event) -> Int { counts[event] ?? 0 }

    mutating func add(_ event: Event, _ count: Int = 1) { counts[event, default: 0] += count }

    mutating func add(_ other: EventCounts) {
        for (event, count) in other.counts { add(event, count) }
    }

    /// The events that never happened.
    public var missing: [Event] { Event.allCases.filter { self[$0] == 0 } }

    /// How many faults happened.
    public var faults: Int { counts.reduce(0) { $0 + ($1.key.isFault ? $1.value : 0) } }
}

/// What a schedule found wrong.
public struct SimulationFailure: Error, Sendable {
    /// The schedule's seed: with it the same happens again.
    public let seed: UInt64
    /// The step at which it was seen; the last for what is checked after healing.
    public let step: Int
    /// What is wrong.
    public let text: String
}
