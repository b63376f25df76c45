// Faults that the simulator must find. They exist only in a build made for that.

/// A fault planted on purpose, to show that the simulator bites (`docs/architecture.md`, "Simulation").
package enum PlantedFault: String, CaseIterable, Sendable {
    /// The server takes the author's clock for the time that counts.
    case trustsAuthorClock
    /// A write replaces only what its own device wrote.
    case replacesNothingSeen
    /// A resolution drops values that its author had not seen.
    case resolutionDropsUnseen
    /// The server decides a claim by the authors' clocks.
    case claimByClock
    /// The device moves its position before the frame is committed.
    case positionBeforeCommit
    /// A decision is applied once more when it arrives again.
    case decisionAppliedTwice
    /// A frame moves the device to the end of the answer, and not to what was applied.
    case seenFromServer
    /// A refused change set still replaces others.
    case refusedStillCounts
    /// A scope entry delivers only the newest part of a document.
    case halfDocument
    /// The server forgets a received change set that it acknowledged before the commit.
    case acknowledgeBeforeCommit
    /// A duplicate of a change set is logged again.
    case duplicateLogged
    /// A released change set keeps the place of its arrival.
    case releaseKeepsArrival
    /// The device takes whatever log the ward shows, without comparing it with what the ward signed before.
    case trustsAnyLog
    /// The device takes a log that begins differently, as long as it does not look shorter.
    case trustsLongerLog
    /// A change set above the cut of a revocation is accepted.
    case acceptsAboveCut
    /// A device keeps the values that the ward erased.
    case erasedValueStays
    /// An order is carried out once more after it was done.
    case orderCarriedOutTwice
    /// A device takes answers of a key that the ward does not use any more.
    case trustsRetiredKey
    /// What an extended grant lets count takes the place of its arrival.
    case extensionKeepsArrival
    /// The other branch of a fork is not kept, and the device is told that it was received.
    case forkDropped
    /// What two copies of a store held alike is sent again by both, and counts twice.
    case reissuedTwice
    /// A device that goes on under new keys sends its work again as if it had seen everything since.
    case reissueSeesAll
    /// A change set that comes back after a restore stands where it came back, and not where it stood.
    case forgetsPlace
    /// A device forgets what the ward signed before a backup holds it.
    case dropsEvidenceEarly
    /// After a restore a device keeps documents that left its scope in the lost part of the log.
    case keepsUnconfirmed
    /// After a restore a device is not delivered its scope anew.
    case keepsLostScope
    /// A restored ward does not take over revocations that devices bring.
    case forgetsRevocations
    /// A restored ward decides again what it had decided, and keeps what it decided in ignorance.
    case keepsIgnorance
    /// An author is taken to have seen what came back only later, because it stands at an older place.
    case seesReadmitted
    /// A device reads by the grant that it had where it says to have been cut off.
    case resumesUnderOldGrant
}

#if PLANTED_FAULTS
    /// The fault that is active in this process.
    nonisolated(unsafe) package var plantedFault: PlantedFault?

    @inline(__always)
    package func planted(_ fault: PlantedFault) -> Bool { plantedFault == fault }
#else
    /// Always false: a product build has no planted faults.
    @inline(__always)
    package func planted(_ fault: PlantedFault) -> Bool { false }
#endif
